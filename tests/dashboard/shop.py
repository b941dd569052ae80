"""A seller's shop in the town: its account in any state, and its pages in a browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from aboard.core.caller import Role
from aboard.core.secret import Secret
from aboard.sandbox.browser import SellerBrowser
from aboard.sandbox.browser.page import Page
from aboard.sandbox.browser.transport import Reply, fetch_from_app
from tests.journeys.town import ABOARD, Town

PLACE = "/connect/organizations/org_1/test"
SCENARIOS = {
    "fresh": "incomplete",
    "half_done": "incomplete",
    "in_review": "pending",
    "past_due": "restricted",
    "restricted_soon": "restricted_soon",
    "complete": "complete",
    "rejected": "rejected",
    "disconnected": "disconnected",
}


@dataclass(slots=True)
class Shop:
    """An organization, org_1, in the town."""

    town: Town

    async def bring_into(self, scenario: str) -> str:
        """Give the organization an account in this state, known here; return its id."""
        token = self.town.token()
        if (await self.town.connection(token))["stripeAccountId"] is None:
            await self.town.onboarding_link(token)
            await self.town.settle()
        account_id: str = (await self.town.connection(token))["stripeAccountId"]
        if scenario != "fresh":  # that is what it is from the start
            await self.town.force(account_id, "scenario", scenario=scenario)
            await self.town.settle()
        connection = await self.town.connection(token, fresh=scenario != "disconnected")
        assert connection["readiness"] in {SCENARIOS[scenario], "enabled"}, connection
        return account_id

    def browser(self, role: Role | None = Role.OWNER, user_id: str = "user_1") -> SellerBrowser:
        """Return a browser that is signed in with this role, or not at all."""
        return self.town.browser(None if role is None else self.session(role, user_id))

    def session(self, role: Role, user_id: str = "user_1") -> Secret:
        """Return the token of a member of org_1."""
        return self.town.token(user_id, {"org_1": role})

    async def page(self, path: str = PLACE, *, role: Role | None = Role.OWNER) -> Page:
        """Open one page in a new browser."""
        return await self.browser(role).get(f"{ABOARD}{path}")

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> Reply:
        """Send exactly this, as an owner unless the headers bring another cookie."""
        cookie = f"aboard_session={self.session(Role.OWNER).reveal()}"
        given = {"host": "localhost:4242", "cookie": cookie, **(headers or {})}
        if body:
            given |= {
                "content-type": "application/x-www-form-urlencoded",
                "content-length": str(len(body)),
            }
        address = urlsplit(f"{ABOARD}{path}")
        return await fetch_from_app(
            self.town.app, method, address, list(given.items()), body.encode()
        )
