"""The office of the platform's operators: the town, and browsers that are signed in there."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from aboard.core.caller import Caller
from aboard.core.secret import Secret
from aboard.flows.operator_entry import issue_operator_link
from aboard.sandbox.browser import Page, SellerBrowser
from aboard.sandbox.browser.transport import Reply, fetch_from_app
from aboard.store.records import AuditEntry
from tests.journeys.town import ABOARD, Town, open_town

OFFICE = "/connect/gateway"
ANA = Caller("ana", is_operator=True)


@dataclass(slots=True)
class Office:
    """The operator's pages over a town."""

    town: Town

    async def link(self, operator: Caller = ANA) -> str:
        """Return a link that lets an operator in once."""
        return (await issue_operator_link(self.town.platform, operator)).reveal()

    async def browser(self, operator: Caller = ANA) -> SellerBrowser:
        """Return a browser in which an operator came in by a link."""
        browser = self.town.browser()
        page = await browser.get(await self.link(operator))
        assert (page.status, page.url) == (200, f"{ABOARD}{OFFICE}"), page.text
        return browser

    async def press(self, browser: SellerBrowser, action: str, **values: Any) -> Page:  # noqa: ANN401 - as a form takes them
        """Press the button of the form on the page whose action ends so."""
        assert browser.page is not None
        form = next(form for form in browser.page.forms if form.action.endswith(action))
        return await browser.submit(form, values)

    async def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        session: Secret | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send exactly this, with the cookie of a platform's session if one is given."""
        given = {"host": "localhost:4242", **(headers or {})}
        if session is not None:
            given["cookie"] = f"aboard_session={session.reveal()}"
        body = urlencode(form or {}).encode()
        if form is not None:
            given |= {
                "content-type": "application/x-www-form-urlencoded",
                "content-length": str(len(body)),
            }
        url = urlsplit(f"{ABOARD}{path}")
        return await fetch_from_app(self.town.app, method, url, list(given.items()), body)

    async def audit(self, action: str) -> list[AuditEntry]:
        """Return what the audit has of an action."""
        return list(await self.town.platform.store.list_audit(action=action))


@asynccontextmanager
async def open_office(
    folder: Path, *, live_key: str = "", **settings: str
) -> AsyncIterator[Office]:
    """Build the town with its office, and take it down when the block ends."""
    words = {"ABOARD_BRAND_NAME": "Harbour Market", **settings}
    async with open_town(folder, live_key=live_key, **words) as town:
        yield Office(town)
