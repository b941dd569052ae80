"""A platform that connects accounts by OAuth, and a seller who says yes: for the tests of both."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import Page, SellerBrowser
from aboard.stripe_api.in_process import AsgiClient
from tests.sandbox.conftest import API, KEY, free

CONNECT = "https://connect.stripe.com"
BACK = "http://localhost:3000/connected"


def answer_of(page: Page) -> dict[str, str]:
    """Return what the seller's browser brings back to the platform."""
    assert page.location is not None
    return {name: texts[0] for name, texts in parse_qs(urlsplit(page.location).query).items()}


class ThreadedClient(AsgiClient):
    """The SDK speaks OAuth without async only: each request runs a loop of its own."""

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,  # noqa: ANN401 - as the SDK declares it
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        answering = self.request_async(method, url, headers or {}, post_data)
        body, status, found = asyncio.run(answering)
        return body.decode(), status, found


def filled_in(page: Page) -> dict[str, str]:
    """Return what the page's form holds as it comes."""
    found = {}
    for control in page.form("authorize").controls:
        if control.kind != "radio" or control.is_checked:
            found[control.name] = control.chosen[0] if control.chosen else control.value
    return found


@dataclass
class Platform:
    """A platform with the official SDK, configured as its documentation says."""

    sandbox: Sandbox
    key: str = KEY

    @property
    def client_id(self) -> str:
        return self.sandbox.world(self.key).application_id

    @property
    def sdk(self) -> stripe.StripeClient:
        return self.as_key(self.key)

    def as_key(self, key: str) -> stripe.StripeClient:
        apps = {API: self.sandbox.app, CONNECT: self.sandbox.app}
        return stripe.StripeClient(key, http_client=ThreadedClient(apps), client_id=self.client_id)

    def url(self, *, express: bool = False, **params: Any) -> str:  # noqa: ANN401 - any parameter of OAuth's
        asked = {"redirect_uri": BACK, "scope": "read_write", "state": "s 1&2", **params}
        given = {name: value for name, value in asked.items() if value is not None}
        return self.sdk.oauth.authorize_url(free(given), {"express": express})

    def browser(self) -> SellerBrowser:
        return SellerBrowser({CONNECT: self.sandbox.app})

    async def consent(self, *, button: str = "Skip this form", **params: Any) -> dict[str, str]:  # noqa: ANN401 - any parameter of OAuth's
        """Let a seller walk the page and return what comes back."""
        browser = self.browser()
        page = await browser.get(self.url(**params))
        return answer_of(await browser.submit(page.form("authorize"), button=button))

    async def connect(self, **params: Any) -> stripe.OAuth.OAuthToken:  # noqa: ANN401 - any parameter of OAuth's
        code = (await self.consent(**params))["code"]
        return await self.token(code)

    async def token(self, code: str) -> stripe.OAuth.OAuthToken:
        form = {"grant_type": "authorization_code", "code": code}
        return await asyncio.to_thread(self.sdk.oauth.token, free(form))

    async def refresh(self, refresh_token: str, **more: str) -> stripe.OAuth.OAuthToken:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **more}
        return await asyncio.to_thread(self.sdk.oauth.token, free(form))

    async def deauthorize(self, account: str, **more: str) -> stripe.OAuth.OAuthDeauthorization:
        form = {"stripe_user_id": account, **more}
        return await asyncio.to_thread(self.sdk.oauth.deauthorize, free(form))
