"""A worker whose time is the scene's: it works its shift while the clock is moved along."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta

from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.flows.budget import Rest
from aboard.flows.endpoint import Endpoint
from aboard.flows.events import accept_event
from aboard.flows.platform import Platform
from aboard.flows.shift import Shift
from aboard.store import EventStatus
from aboard.stripe_api.signature import sign
from tests.scene import API, CONNECT_SECRET, KEY, Scene

IDLE_SECONDS = 0.5
LIVE_KEY = "sk_live_aboard_flows"


@dataclass
class Crew:
    """One worker in one mode, and how it goes."""

    scene: Scene
    platform: Platform
    mode: Mode = Mode.TEST
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.begin(self.rest)

    def begin(self, rest: Rest) -> None:
        """Begin a shift that rests in this way."""
        self.shift = Shift(self.platform, self.mode, self.stop, rest)

    async def rest(self, seconds: float) -> None:
        """Let the time pass in which it rests; reads under way have ended by then."""
        await self.shift.end(5)
        self.scene.clock.now += timedelta(seconds=seconds)

    async def work(self, seconds: float) -> None:
        """Work for so long on the clock."""
        until = self.scene.clock() + timedelta(seconds=seconds)
        while self.scene.clock() < until:
            rest = await self.shift.round()
            if rest == IDLE_SECONDS:
                rest = max(rest, await self._seconds_to_the_next())
            left = (until - self.scene.clock()).total_seconds()
            await self.rest(min(rest or 0.01, max(0.01, left)))
        await self.shift.end(5)

    async def _seconds_to_the_next(self) -> float:
        due_at = await self.platform.store.next_due_at()
        return 0.0 if due_at is None else (due_at - self.scene.clock()).total_seconds()

    @property
    def counts(self) -> dict[str, int]:
        """Return how often each thing happened."""
        return self.platform.journal.counts

    def reads(self) -> dict[str, int]:
        """Return how many reads ended how."""
        return {
            dict(labels)["outcome"]: number
            for tally, labels, number in self.platform.meter.counts()
            if tally == "stripe_reads" and dict(labels)["mode"] == self.mode
        }

    def is_breaker_open(self) -> bool:
        """Return what the gauge says."""
        return any(
            value == 1 and dict(labels)["mode"] == self.mode
            for gauge, labels, value in self.platform.meter.gauges()
            if gauge == "breaker_open"
        )


def path_of(account_id: str) -> str:
    """Return the path of a read of this account."""
    return f"/v1/accounts/{account_id}"


def owner_of(number: int, mode: Mode = Mode.TEST) -> Owner:
    """Return one of many owners."""
    return Owner(OwnerKind.ORGANIZATION, f"org_{number}", mode)


async def make_accounts(
    scene: Scene, count: int, *, mode: Mode = Mode.TEST, is_due: bool = True
) -> list[str]:
    """Make accounts at Stripe and link them, as many, without telling of it by events."""
    ids = []
    for number in range(count):
        account_id = await _make_at_stripe(scene, KEY if mode is Mode.TEST else LIVE_KEY)
        account = await scene.platform.store.reserve_account(owner_of(number, mode), scene.clock())
        at = scene.clock() if is_due else scene.clock() + timedelta(days=365)
        assert await scene.platform.store.attach_stripe_account(account.id, account_id, at)
        ids.append(account_id)
    return ids


async def _make_at_stripe(scene: Scene, key: str) -> str:
    body, status, _ = await scene.client.request_async(
        "POST",
        f"{API}/v1/accounts",
        {
            "authorization": f"Bearer {key}",
            "content-type": "application/x-www-form-urlencoded",
        },
        "type=express&country=US",
    )
    assert status == 200, body
    scene.road.calls.clear()
    scene.road.moments.clear()
    account_id: str = json.loads(body)["id"]
    return account_id


async def ring(
    scene: Scene, account_id: str, event_id: str, event_type: str = "account.updated"
) -> None:
    """Let Stripe tell that something happened to an account."""
    event = {
        "id": event_id,
        "object": "event",
        "type": event_type,
        "created": int(scene.clock().timestamp()),
        "livemode": False,
        "account": account_id,
    }
    payload = json.dumps(event).encode()
    header = sign(payload, Secret(CONNECT_SECRET), at=scene.clock())
    await accept_event(scene.platform, Endpoint.CONNECT, payload, header)


async def statuses(scene: Scene) -> dict[str, EventStatus]:
    """Return what became of each event."""
    return {event.id: event.status for event in await scene.platform.store.list_events()}
