"""A gateway that listens, over a real store, before an upstream that records."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from aboard.cli import servers
from aboard.core.account import ConnectedAccount
from aboard.core.caller import Caller
from aboard.core.lending.callers import CallLimits
from aboard.core.lending.calls import OPEN, Call, CallFilter
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.callers import add_caller
from aboard.flows.lending.calls import list_calls, walk_calls
from aboard.flows.lending.tokens import add_token
from aboard.flows.limits import Limits
from aboard.flows.platform import Platform
from aboard.gateway import Bounds, Gateway, Patience
from aboard.gateway.listening import GatewayProtocol
from aboard.gateway.wire import AsgiApp
from tests.gateway.recording import Recorder, recording
from tests.gateway.speaking import Answered, request, say
from tests.scene import open_scene

MARKER = "sk_test_" + "planted" * 5
LIVE_MARKER = "sk_live_" + "planted" * 5
OPERATOR = Caller(user_id="operator", is_operator=True)
QUICK = Bounds(
    patience=Patience(
        connect=1.0, first_byte=1.0, between_bytes=1.0, caller=0.6, body=2.0, whole=6.0
    )
)
EVERYTHING = ("*:*",)
UNLIMITED = CallLimits(per_second=None)
ALL_TEST = CallerTerms(words={Mode.TEST: EVERYTHING}, limits=UNLIMITED)


async def caller_token(
    platform: Platform,
    name: str = "script",
    terms: CallerTerms = ALL_TEST,
    *,
    mode: Mode = Mode.TEST,
) -> str:
    """Add a caller and return a token of theirs; without terms they may do everything in test."""
    caller = await add_caller(platform, OPERATOR, name, terms)
    return (await add_token(platform, OPERATOR, caller.id, mode)).token.reveal()


class Hasty(GatewayProtocol):
    """Waits for a head as long as a test can."""

    head_seconds = 0.6


@dataclass
class Gate:
    """Everything that a test of the gateway asks."""

    platform: Platform
    gateway: AsgiApp
    recorder: Recorder
    port: int
    tokens: list[str] = field(default_factory=list)

    async def caller(
        self,
        name: str = "script",
        *,
        allow: Iterable[str] = EVERYTHING,
        live: Iterable[str] = (),
        owners: Iterable[str] | None = None,
        limits: CallLimits | None = None,
        mode: Mode = Mode.TEST,
    ) -> str:
        """Add a caller and return a token of theirs."""
        terms = CallerTerms(
            words={Mode.TEST: tuple(allow), Mode.LIVE: tuple(live)},
            owners=None if owners is None else tuple(owners),
            limits=limits or UNLIMITED,
        )
        self.tokens.append(await caller_token(self.platform, name, terms, mode=mode))
        return self.tokens[-1]

    async def connect(self, creator: str, stripe_account_id: str) -> ConnectedAccount:
        """Write down that a creator's account is this one."""
        owner = Owner(OwnerKind.CREATOR, creator, Mode.TEST)
        store, now = self.platform.store, self.platform.clock()
        reserved = await store.reserve_account(owner, now)
        assert await store.attach_stripe_account(reserved.id, stripe_account_id, now)
        account = await store.find_account(owner)
        assert account is not None
        return account

    async def rows(self) -> list[Call]:
        """Return every row, the oldest first, once none of them is open any more."""
        for _ in range(300):
            found = await list_calls(self.platform, CallFilter(), limit=1000)
            if all(call.outcome != OPEN for call in found):
                return list(reversed(found))
            await asyncio.sleep(0.01)
        raise AssertionError("a row stays open")

    async def every_row(self) -> list[Call]:
        """Return every row, however many, once none of them is open any more."""
        for _ in range(1000):
            found = [
                call async for page in walk_calls(self.platform, CallFilter()) for call in page
            ]
            if all(call.outcome != OPEN for call in found):
                return found
            await asyncio.sleep(0.05)
        raise AssertionError("a row stays open")

    async def row(self) -> Call:
        """Return the one row that there is."""
        (found,) = await self.rows()
        return found

    async def row_soon(self) -> Call:
        """Return the one row that there will be in a moment."""
        for _ in range(300):
            if found := await self.rows():
                return found[0]
            await asyncio.sleep(0.01)
        raise AssertionError("there is no row")

    @asynccontextmanager
    async def towards(self, base: str) -> AsyncIterator["Gate"]:
        """Open another listener over the same platform, with Stripe somewhere else."""
        bases = dict.fromkeys(Mode, base)
        lending = replace(self.platform.lending, upstreams=bases, files=bases)
        async with _listening(replace(self.platform, lending=lending), QUICK) as (gateway, port):
            yield Gate(self.platform, gateway, self.recorder, port)

    async def ask(self, line: str, token: str | None, *headers: str, body: bytes = b"") -> Answered:
        """Ask plainly."""
        return await say(self.port, request(line, token, *headers, body=body))


@asynccontextmanager
async def open_gate(
    database: str, bounds: Bounds = QUICK, limits: Limits | None = None
) -> AsyncIterator[Gate]:
    """Open a gateway before a recorder; close it again. `limits` count in the usual ones' place."""
    async with recording() as recorder, open_scene(database) as scene:
        bases = dict.fromkeys(Mode, recorder.url)
        lending = replace(
            scene.platform.lending,
            own_keys={Mode.TEST: Secret(MARKER), Mode.LIVE: Secret(LIVE_MARKER)},
            upstreams=bases,
            files=bases,
        )
        platform = scene.with_changes(lending=lending, limits=limits or scene.platform.limits)
        async with _listening(platform, bounds) as (gateway, port):
            yield Gate(platform, gateway, recorder, port)


@asynccontextmanager
async def _listening(platform: Platform, bounds: Bounds) -> AsyncIterator[tuple[Gateway, int]]:
    gateway = Gateway(platform, bounds=bounds)
    listener = servers.bind("127.0.0.1", 0)
    async with servers.listening(gateway, listener, protocol=Hasty):
        yield gateway, servers.port_of(listener)
    gateway.close()
