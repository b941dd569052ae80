"""A whole platform over a real store and a sandbox in the same process, with a clock of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aboard.app import open_platform
from aboard.core.owner import Mode
from aboard.flows.own_account import require_own_key
from aboard.flows.platform import Platform
from aboard.sandbox import Sandbox
from aboard.settings import Settings, load_settings
from aboard.stripe_api.in_process import AsgiClient
from tests.databases import migrated_file

API = "https://api.stripe.test"
KEY = "sk_test_aboard_flows"
RETURN_URL = "http://localhost:3000/connect/done"
REFRESH_URL = "http://localhost:3000/connect/again"
PLATFORM_SECRET = "whsec_platform_words"
CONNECT_SECRET = "whsec_connect_words"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]


@dataclass
class StillClock:
    """A clock that moves only when told to, together with the sandbox's."""

    sandbox: Sandbox
    now: datetime = datetime(2026, 11, 21, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta) -> None:
        self.now += step
        self.sandbox.clock.advance(int(step.total_seconds()))


@dataclass
class Road:
    """The road to Stripe, which can be made to misbehave: one word for each of the next calls.

    `drop` lets Stripe do the work and loses the answer, `away` breaks before Stripe sees it,
    `slow` lets other tasks run first, `hang` never answers (`hanging` says how many calls still
    wait for that), a number answers with that status and no work done, and
    `replayed` is a stored 500 for the same idempotency key.
    """

    sandbox: Sandbox
    mood: list[str] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    called: asyncio.Event = field(default_factory=asyncio.Event)
    hanging: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls.append((scope["method"], scope["path"]))
        self.called.set()
        mood = self.mood.pop(0) if self.mood else "fine"
        if mood == "away":
            raise ConnectionResetError
        if mood == "hang":
            self.hanging += 1
            try:
                await asyncio.Event().wait()
            finally:
                self.hanging -= 1
        if mood == "garbage":
            await _answer(send, 200, b"<html>not json")
        elif mood == "replayed":
            await _answer(send, 500, b'{"error":{"type":"api_error"}}', replayed=True)
        elif mood.isdigit():
            await _answer(send, int(mood), b'{"error":{"type":"api_error","message":"no"}}')
        elif mood == "drop":
            await self.sandbox.app(scope, receive, _swallow)
            raise ConnectionResetError
        else:
            if mood == "slow":
                await asyncio.sleep(0.01)
            await self.sandbox.app(scope, receive, send)

    def made(self, path: str) -> int:
        """Count the POSTs to a path."""
        return sum(call == ("POST", path) for call in self.calls)


async def _swallow(_message: Scope) -> None:
    return


async def _answer(send: Send, status: int, body: bytes, *, replayed: bool = False) -> None:
    headers = [(b"content-type", b"application/json"), (b"stripe-should-retry", b"false")]
    if replayed:
        headers.append((b"idempotent-replayed", b"true"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@dataclass
class Scene:
    """Everything a story about flows needs."""

    platform: Platform
    sandbox: Sandbox
    clock: StillClock
    road: Road
    client: AsgiClient
    settings: Settings

    def accounts(self) -> list[str]:
        """Return the ids of all accounts at Stripe."""
        return [account.id for account in self.sandbox.world(KEY).accounts]

    def with_changes(self, **changes: Any) -> Platform:  # noqa: ANN401 -- any field of Platform
        return replace(self.platform, **changes)

    async def complete(self, account_id: str) -> None:
        """Let the account's owner give everything that Stripe will ever ask for."""
        await self.control(account_id, "complete", collect="eventually_due")

    async def control(self, account_id: str, verb: str, **params: str) -> None:
        """Let the sandbox's control do something to an account."""
        form = "&".join(f"{name}={value}" for name, value in params.items())
        _, status, _ = await self.client.request_async(
            "POST",
            f"{API}/_sandbox/accounts/{account_id}/{verb}",
            {"content-type": "application/x-www-form-urlencoded"},
            form,
        )
        assert status == 200, (verb, status)


def lay_database(database: str) -> None:
    """Put an empty, migrated SQLite file there; on a server the fixture has done as much."""
    if not database.startswith("postgresql://"):
        Path(database).write_bytes(migrated_file())


@asynccontextmanager
async def open_scene(
    database: str, changes: Mapping[str, str] | None = None
) -> AsyncIterator[Scene]:
    """Build everything over a fresh database, and take it down again; `changes` are settings.

    `database` is the path of a file to be made, or the address of the fixture `postgres`.
    """
    lay_database(database)
    settings = load_settings(
        {
            "ABOARD_DATABASE": database,
            "ABOARD_PUBLIC_URL": "http://localhost:4242",
            "ABOARD_TEST_SECRET_KEY": KEY,
            "ABOARD_TEST_API_BASE": API,
            "ABOARD_TEST_PLATFORM_WEBHOOK_SECRETS": PLATFORM_SECRET,
            "ABOARD_TEST_CONNECT_WEBHOOK_SECRETS": CONNECT_SECRET,
            "ABOARD_STATE_KEYS": "k1:state-words-state-words-state-words",
            "ABOARD_TOKEN_SECRETS": "token-words-token-words-token-words",
            "ABOARD_ADDRESSES": "http://localhost:3000/connect",
            "ABOARD_CREATOR_RETURN_URL": RETURN_URL,
            "ABOARD_CREATOR_REFRESH_URL": REFRESH_URL,
            "ABOARD_CREATOR_COUNTRY": "US",
            "ABOARD_ORGANIZATION_COUNTRY": "US",
            "ABOARD_STRIPE_RETRIES": "0",
            **(changes or {}),
        }
    )
    sandbox = Sandbox(seed=1, at=datetime(2026, 11, 21, 9, tzinfo=UTC))
    clock, road = StillClock(sandbox), Road(sandbox)
    client = AsgiClient({API: road})
    async with open_platform(settings, clock=clock, http_client=client) as platform:
        # As in any process but a mode's very first: the key has been asked whose it is.
        await require_own_key(platform, Mode.TEST)
        road.calls.clear()
        road.called.clear()
        yield Scene(platform, sandbox, clock, road, client, settings)
