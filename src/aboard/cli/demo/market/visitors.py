"""Who is looking at Harbour Market? Everybody who comes is signed in as a new seller at once.

Two cookies: the market's own, which says who the visitor is, and Aboard's page session, which a
platform on the same host hands to its sellers so that Aboard recognises them when Stripe sends
them back.

Source: docs/self-hosting.md, page session.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from aboard.core.secret import Secret

VISITOR_COOKIE = "harbour_visitor"
SESSION_COOKIE = "aboard_session"
SHOP_NAME = "Harbour Ceramics"
SHOP_TIME_ZONE = "America/New_York"
_REMEMBERED = 1000

MintToken = Callable[[str, str], Secret]
"""Make a bearer token for a user who owns an organization."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A seller: a user, the organization they own, and the token that says so."""

    key: str
    user_id: str
    organization_id: str
    token: Secret


class Visitors:
    """The visitors since the demo started; the oldest are forgotten first."""

    def __init__(self, mint_token: MintToken) -> None:
        """Start with nobody."""
        self._mint_token = mint_token
        self._by_key: dict[str, Visitor] = {}

    def sign_in(self) -> Visitor:
        """Invent a seller who has done nothing yet."""
        word = secrets.token_hex(4)
        user_id, organization_id = f"user_{word}", f"org_{word}"
        visitor = Visitor(
            secrets.token_urlsafe(24),
            user_id,
            organization_id,
            self._mint_token(user_id, organization_id),
        )
        if len(self._by_key) >= _REMEMBERED:
            del self._by_key[next(iter(self._by_key))]
        self._by_key[visitor.key] = visitor
        return visitor

    def find(self, key: str | None) -> Visitor | None:
        """Return the visitor that a cookie names."""
        return self._by_key.get(key or "")
