"""Who walks the journey? A person who is signed in at the platform, with a browser of their own."""

from dataclasses import dataclass

from aboard.cli.demo.market.visitors import Visitor
from aboard.core.secret import Secret
from aboard.sandbox.browser import SellerBrowser


@dataclass(frozen=True, slots=True)
class Seller:
    """The person of a journey."""

    visitor: Visitor
    browser: SellerBrowser

    @property
    def token(self) -> Secret:
        """Return the bearer token that the platform gave them."""
        return self.visitor.token

    @property
    def organization_id(self) -> str:
        """Return the organization that they own."""
        return self.visitor.organization_id
