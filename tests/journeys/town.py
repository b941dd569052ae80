"""A whole town in one process: Stripe's place, Aboard, and people with browsers.

Everything runs on one clock that moves only when a test moves it. The sandbox and the service
are two sites to a browser (127.0.0.1 and localhost); the platform's own pages are out of its
reach, so a redirect to them is where a journey ends.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aboard.app import build_app, open_platform
from aboard.core.caller import Role
from aboard.core.secret import Secret
from aboard.flows.platform import Platform
from aboard.flows.sync import sync_due
from aboard.sandbox import Sandbox
from aboard.sandbox.browser import AsgiApp, SellerBrowser, fetch_from_app
from aboard.settings import load_settings
from aboard.stripe_api.in_process import AsgiClient
from aboard.web.auth import issue_token
from tests.scene import lay_database

STRIPE = "http://127.0.0.1:12111"
ABOARD = "http://localhost:4242"
MARKET = "http://localhost:4280"
KEY = "sk_test_aboard_words"
TOKEN_SECRET = Secret("token-words-and-more-token-words-and-more")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an API answered."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(slots=True)
class Town:
    """The town, and what a test does in it."""

    sandbox: Sandbox
    platform: Platform
    app: AsgiApp

    def token(
        self, user_id: str = "user_1", organizations: Mapping[str, Role] | None = None
    ) -> Secret:
        """Return a bearer token for a user, who owns org_1 unless said otherwise."""
        return issue_token(
            TOKEN_SECRET,
            user_id=user_id,
            organizations={"org_1": Role.OWNER} if organizations is None else organizations,
            now=self.sandbox.clock.now(),
            lifetime=timedelta(days=2),
        )

    def operator(self) -> Secret:
        """Return a bearer token of the platform's own staff."""
        return issue_token(
            TOKEN_SECRET,
            user_id="operator",
            now=self.sandbox.clock.now(),
            lifetime=timedelta(days=2),
            is_operator=True,
        )

    def browser(self, session: Secret | None = None) -> SellerBrowser:
        """Return a new browser, signed in at the platform if a session is given."""
        browser = SellerBrowser({STRIPE: self.sandbox.app, ABOARD: self.app})
        if session is not None:
            cookie = f"aboard_session={session.reveal()}; Path=/; HttpOnly; SameSite=Lax"
            browser.cookies.store(cookie, urlsplit(MARKET))
        return browser

    async def call(
        self, method: str, path: str, token: Secret, body: Mapping[str, Any] | None = None
    ) -> Answer:
        """Call the service as a platform's backend does."""
        headers = [("host", "localhost:4242"), ("authorization", f"Bearer {token.reveal()}")]
        content = b""
        if body is not None:
            content = json.dumps(body).encode()
            headers += [
                ("content-type", "application/json"),
                ("content-length", str(len(content))),
            ]
        reply = await fetch_from_app(self.app, method, urlsplit(ABOARD + path), headers, content)
        return Answer(reply.status, dict(reply.headers), json.loads(reply.body or b"{}"))

    async def ask_for_link(
        self, token: Secret, organization_id: str = "org_1", **wishes: object
    ) -> Answer:
        """Ask for an organization's link and return the answer, whatever it is."""
        return await self.call(
            "POST",
            "/v1/connect/accounts/onboarding-links",
            token,
            {
                "organizationId": organization_id,
                "mode": "test",
                "returnUrl": f"{MARKET}/back",
                "refreshUrl": f"{MARKET}/again",
                **wishes,
            },
        )

    async def onboarding_link(
        self, token: Secret, organization_id: str = "org_1", **wishes: object
    ) -> str:
        """Ask for an organization's link and return it."""
        answer = await self.ask_for_link(token, organization_id, **wishes)
        assert answer.status == 200, answer.body
        url: str = answer.body["onboardingUrl"]
        return url

    async def connection(
        self, token: Secret, organization_id: str = "org_1", *, fresh: bool = False
    ) -> dict[str, Any]:
        """Read an organization's connection, from memory unless fresh."""
        suffix = "&fresh=true" if fresh else ""
        path = f"/v1/connect/accounts/{organization_id}?mode=test{suffix}"
        answer = await self.call("GET", path, token)
        assert answer.status == 200, answer.body
        return answer.body

    async def creator(self, operation: str, token: Secret) -> Answer:
        """Call one of the creators' operations."""
        method = "GET" if operation == "status" else "POST"
        return await self.call(method, f"/api/v1/creators/stripe-connect/{operation}", token)

    async def force(self, account_id: str, what: str, **parameters: str) -> None:
        """Let something happen to an account at Stripe."""
        headers = [("content-type", "application/x-www-form-urlencoded")]
        url = urlsplit(f"{STRIPE}/_sandbox/accounts/{account_id}/{what}")
        form = urlencode(parameters).encode()
        reply = await fetch_from_app(self.sandbox.app, "POST", url, headers, form)
        assert reply.status == 200, reply.body

    async def at_stripe(self, account_id: str) -> dict[str, Any]:
        """Return an account as it is at Stripe at this moment, without a read of ours."""
        url = urlsplit(f"{STRIPE}/_sandbox/accounts/{account_id}")
        reply = await fetch_from_app(self.sandbox.app, "GET", url, [], b"")
        assert reply.status == 200, reply.body
        account: dict[str, Any] = json.loads(reply.body)
        return account

    async def settle(self) -> None:
        """Deliver every webhook that is due, and let the worker read every account that is due."""
        await self.sandbox.deliver_due()
        while await sync_due(self.platform, limit=100):
            pass


def words_of(address: str) -> dict[str, str]:
    """Return the words in an address's query."""
    return dict(parse_qsl(urlsplit(address).query))


@asynccontextmanager
async def open_town(folder: Path, *, live_key: str = "", **settings: str) -> AsyncIterator[Town]:
    """Build the town, and take it down when the block ends.

    With a live key it has live mode too, behind the https address that `settings` then name.
    """
    app: AsgiApp | None = None

    async def deliver(url: str, headers: dict[str, str], body: bytes) -> int:
        assert app is not None
        pairs = [*headers.items(), ("host", "localhost:4242"), ("content-length", str(len(body)))]
        return (await fetch_from_app(app, "POST", urlsplit(url), pairs, body)).status

    sandbox = Sandbox(deliver=deliver)
    sandbox.clock.freeze()
    database = str(folder / "aboard.sqlite3")
    lay_database(database)
    environ = {
        "ABOARD_DATABASE": database,
        "ABOARD_PUBLIC_URL": ABOARD,
        "ABOARD_STATE_KEYS": "k1:state-words-and-more-state-words-and-more",
        "ABOARD_TOKEN_SECRETS": TOKEN_SECRET.reveal(),
        "ABOARD_ADDRESSES": MARKET,
        "ABOARD_CREATOR_RETURN_URL": f"{MARKET}/creator/back",
        "ABOARD_CREATOR_REFRESH_URL": f"{MARKET}/creator/again",
        **settings,
    }
    for mode, key in (("TEST", KEY), ("LIVE", live_key)):
        if key:
            environ |= {f"ABOARD_{mode}_SECRET_KEY": key, f"ABOARD_{mode}_API_BASE": STRIPE}
            environ |= await _listen(sandbox, mode, key, environ["ABOARD_PUBLIC_URL"])
    loaded = load_settings(environ)
    road = AsgiClient({STRIPE: sandbox.app})
    async with open_platform(loaded, clock=sandbox.clock.now, http_client=road) as platform:
        app = build_app(platform, loaded)
        yield Town(sandbox, platform, app)
    await sandbox.close()


async def _listen(sandbox: Sandbox, mode: str, key: str, base: str) -> dict[str, str]:
    """Register both endpoints with the platform behind a key; return their secrets as settings."""
    found = {}
    for name, path in (("PLATFORM", "stripe"), ("CONNECT", "stripe/connect")):
        form = {"url": f"{base}/v1/webhooks/{path}", "enabled_events[]": "*"}
        form["connect"] = str(name == "CONNECT").lower()
        endpoint = await ask_stripe(sandbox, key, "/v1/webhook_endpoints", form)
        found[f"ABOARD_{mode}_{name}_WEBHOOK_SECRETS"] = endpoint["secret"]
    return found


async def ask_stripe(
    sandbox: Sandbox, key: str, path: str, form: Mapping[str, str]
) -> dict[str, Any]:
    """Do something at Stripe as the platform behind a key does it, without Aboard."""
    headers = [
        ("authorization", f"Bearer {key}"),
        ("content-type", "application/x-www-form-urlencoded"),
    ]
    body = urlencode(form).encode()
    reply = await fetch_from_app(sandbox.app, "POST", urlsplit(STRIPE + path), headers, body)
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = json.loads(reply.body)
    return answer
