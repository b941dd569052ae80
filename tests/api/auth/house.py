"""A house where people sign in: one application, and browsers that come from anywhere."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2

from aboard.app import build_app
from aboard.flows.platform import Platform
from tests.flows.mailroom import MailRoom
from tests.leaks import SecretsInPlay
from tests.scene import Scene, open_scene

ORIGIN = "http://localhost:4242"
AUTH = "/api/v1/auth"
ANA = "ana@shop.example"
WORDS = "four quiet words here"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Browser:
    """Somebody's browser: it keeps cookies, comes from one address, and holds a bearer token."""

    client: httpx2.AsyncClient
    secrets: SecretsInPlay
    token: str = ""
    cookies: list[str] = field(default_factory=list)

    @property
    def cookie(self) -> str:
        """Return the refresh token that it holds now."""
        return self.cookies[-1]

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        signed_in: bool = True,
        **rest: Any,  # noqa: ANN401 - the client's own words
    ) -> httpx2.Response:
        given = dict(headers or {})
        if self.token and signed_in:
            given.setdefault("authorization", f"Bearer {self.token}")
        answer = await self.client.request(method, path, headers=given, **rest)
        for header in answer.headers.get_list("set-cookie"):
            found = re.match(r"(?:__Host-)?aboard_refresh=([^;]+);", header)
            if found:
                self.secrets.add(found[1])
                self.cookies.append(found[1])
        return answer

    async def post(self, verb: str, body: object = None, **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
        """Ask one of the operations; a bearer token does not go along."""
        if body is not None:
            rest["json"] = body
        return await self.ask("POST", f"{AUTH}/{verb}", signed_in=False, **rest)

    async def register(self, email: str = ANA, password: str = WORDS) -> httpx2.Response:
        self.secrets.add(password)
        return await self.post("register", {"email": email, "password": password})

    async def login(self, email: str = ANA, password: str = WORDS) -> httpx2.Response:
        self.secrets.add(password)
        return self._kept(await self.post("login", {"email": email, "password": password}))

    async def refresh(self, **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
        return self._kept(await self.post("refresh", **rest))

    async def sessions(self) -> list[dict[str, Any]]:
        answer = await self.ask("GET", f"{AUTH}/sessions")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]["sessions"]
        return found

    async def is_in(self) -> bool:
        """Say whether the bearer token is taken, at another door than signing in."""
        answer = await self.ask("GET", "/v1/organizations")
        return answer.status_code == 200

    def steal(self, cookie: str) -> None:
        """Take over somebody's refresh token."""
        self.client.cookies.clear()
        self.client.cookies.set("aboard_refresh", cookie, domain="localhost.local")

    def _kept(self, answer: httpx2.Response) -> httpx2.Response:
        if answer.status_code == 200:
            self.token = answer.json()["data"]["accessToken"]
        return answer


@dataclass
class House:
    """The application, with the scene behind it."""

    scene: Scene
    secrets: SecretsInPlay
    stack: AsyncExitStack

    async def browser(
        self,
        address: str = "203.0.113.7",
        agent: str = FIREFOX,
        *,
        platform: Platform | None = None,
    ) -> Browser:
        """Return a browser in front of an application of its own, over the scene's platform."""
        app = cast("Any", build_app(platform or self.scene.platform, self.scene.settings))
        transport = httpx2.ASGITransport(app=app, client=(address, 1))
        client = httpx2.AsyncClient(
            transport=transport, base_url=ORIGIN, headers={"user-agent": agent}
        )
        return Browser(await self.stack.enter_async_context(client), self.secrets)

    async def audit(self, action: str) -> list[tuple[str, str, Mapping[str, Any]]]:
        """Return what was written down of an action, oldest first: actor, outcome, details."""
        rows = await self.scene.platform.store.list_audit(action=action)
        return [(row.actor, row.outcome, row.details) for row in reversed(rows)]


@asynccontextmanager
async def open_house(
    database: str, secrets: SecretsInPlay, room: MailRoom | None = None, **changes: str
) -> AsyncIterator[House]:
    settings = {f"ABOARD_{name}": value for name, value in changes.items()}
    if room is not None:
        settings |= {
            "ABOARD_MAIL_HOST": "127.0.0.1",
            "ABOARD_MAIL_PORT": str(room.port),
            "ABOARD_MAIL_TLS": "none",
            "ABOARD_MAIL_FROM": "Shop <no-reply@shop.example>",
        }
    async with open_scene(database, settings) as scene, AsyncExitStack() as stack:
        yield House(scene, secrets, stack)


def told(answer: httpx2.Response) -> tuple[int, str]:
    """Return how a refusal is told: status and key."""
    body = answer.json()
    assert body["success"] is False
    assert body["error"]["message"]
    assert body["error"]["correlationId"] == answer.headers["x-request-id"]
    return answer.status_code, body["error"]["i18nKey"]
