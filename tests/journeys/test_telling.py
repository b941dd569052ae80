"""Whatever receivers and workers do, every subscriber that can be told is told everything.

Workers are processes that are killed at any moment; receivers hang, reset, speak no HTTP, answer
500, 429 and 410, and are slow. What is still on its way when the killing is over is told to its end
on a clock that is moved. The short form runs in CI; `PROVE=1` kills fifty times.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aboard.app import open_platform
from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.caller import Caller
from aboard.core.clock import utc_now
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.subscribers import DisabledFor
from aboard.flows.deliver import Lanes
from aboard.flows.platform import Platform
from aboard.flows.subscribers import Told, add_subscriber, get_subscriber
from aboard.settings import load_settings
from aboard.store import DeliveryStatus
from tests.cli.commands import ABOARD, COMPLETE_SETTINGS, clean_environment
from tests.leaks import SecretsInPlay
from tests.webhooks.receiver import Receiver, receiving

pytestmark = [pytest.mark.load, pytest.mark.both, pytest.mark.timeout(900)]

IS_PROOF = os.environ.get("PROVE") == "1"
KILLS = 50 if IS_PROOF else 5
MOST = KILLS * 20
WORKERS = 2
OWNER = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
OPERATOR = Caller("command line")
SOME = AnnouncementType.GO_LIVE_CLOSED
KEYS = "k1:outgoing-words-outgoing-words-words"
# How each path takes in what it is told; `first_...` fails once for each announcement.
CAN_BE_TOLD = {
    "/fine": "204",
    "/some": "200",
    "/slow": "slow",
    "/first_500": "first_500",
    "/first_429": "first_429/1",
    "/first_reset": "first_reset",
    "/first_garbage": "first_garbage",
}
CANNOT = {"/gone": "410", "/broken": "500", "/stuck": "hang"}
PATIENCE_SECONDS = 60.0


@dataclass
class Street:
    """A platform with its receiver, and workers that come and go."""

    platform: Platform
    receiver: Receiver
    settings: dict[str, str]
    folder: Path
    told: dict[str, Told] = field(default_factory=dict)
    written: list[tuple[str, AnnouncementType]] = field(default_factory=list)

    async def add(self, path: str, mood: str, mode: Mode = Mode.TEST) -> None:
        self.receiver.moods[path] = [mood]
        types = (SOME.value,) if path == "/some" else ()
        url = self.receiver.url + path
        self.told[path] = await add_subscriber(self.platform, OPERATOR, mode, url, types=types)

    async def announce(self, type_: AnnouncementType) -> None:
        """Write one announcement, as often as somebody else changes the account meanwhile."""
        store = self.platform.store
        while True:
            account = await store.find_account(OWNER)
            assert account is not None
            news = Announcement(type_, {"reason": f"number {len(self.written)}"})
            if await store.mark_reminded(account, news, self.platform.clock()):
                break
        [newest] = await store.list_announcements(OWNER, limit=1)
        self.written.append((newest.id, type_))

    async def start_worker(self, number: int) -> asyncio.subprocess.Process:
        with self.log_of(number).open("ab") as log:
            return await asyncio.create_subprocess_exec(
                ABOARD,
                "work",
                env=clean_environment(self.settings),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )

    def log_of(self, number: int) -> Path:
        return self.folder / f"worker-{number}.log"

    def wanted(self, path: str) -> set[str]:
        return {id_ for id_, type_ in self.written if path != "/some" or type_ is SOME}


@pytest.fixture
async def street(
    database: str, tmp_path: Path, secrets_in_play: SecretsInPlay
) -> AsyncIterator[Street]:
    settings = {
        **COMPLETE_SETTINGS,
        "ABOARD_DATABASE": database,
        "ABOARD_OUTGOING_KEYS": KEYS,
    }
    secrets_in_play.add(KEYS.partition(":")[2])
    async with receiving() as receiver, open_platform(load_settings(settings)) as platform:
        built = Street(platform, receiver, settings, tmp_path)
        account = await platform.store.reserve_account(OWNER, utc_now())
        assert await platform.store.attach_stripe_account(account.id, "acct_words", utc_now())
        yield built
        for number in range(KILLS):
            secrets_in_play.look(built.log_of(number).read_text(), where=f"log of worker {number}")


async def keep_announcing(street: Street, over: asyncio.Event, chance: random.Random) -> None:
    while not over.is_set() and len(street.written) < MOST:
        await street.announce(chance.choice(list(AnnouncementType)))
        await asyncio.sleep(chance.uniform(0.01, 0.2))


async def hear_more(street: Street) -> None:
    """Wait until something more was heard than by now: somebody is telling."""
    seen = len(street.receiver.heard)
    await street.receiver.until(lambda: len(street.receiver.heard) > seen, seconds=PATIENCE_SECONDS)


async def kill_workers(street: Street, chance: random.Random) -> None:
    """Keep some workers at work, and kill one after the other at a random moment of its telling."""
    workers = [await street.start_worker(number) for number in range(WORKERS)]
    try:
        for number in range(KILLS):
            await hear_more(street)
            await asyncio.sleep(chance.uniform(0, 0.5))
            victim = workers[number % WORKERS]
            victim.kill()
            await victim.wait()
            workers[number % WORKERS] = await street.start_worker(number)
    finally:
        for worker in workers:
            worker.kill()
            await worker.wait()


async def tell_to_the_end(street: Street) -> None:
    """Tell what is open on a clock of one's own, until nothing is, or nothing can be."""
    now = utc_now()

    def clock() -> datetime:
        return now

    platform = replace(street.platform, clock=clock)
    # Who does not answer is known by now; nobody waits for it again and again.
    street.receiver.moods["/stuck"] = ["500"]
    for _ in range(40):
        lanes = Lanes(platform)
        await lanes.open_due()
        await lanes.settle()
        counts = [
            await platform.store.count_deliveries(told.subscriber.id)
            for told in street.told.values()
        ]
        if not any(count.pending for count in counts):
            return
        now += timedelta(hours=6)
    raise AssertionError("something is open for ever")


async def test_every_subscriber_that_can_be_told_is_told_everything(
    street: Street, record_property: Callable[[str, object], None]
) -> None:
    seed = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(2**31))
    chance = random.Random(seed)  # noqa: S311 - chooses moments, guards nothing
    for path, mood in {**CAN_BE_TOLD, **CANNOT}.items():
        await street.add(path, mood)
    await street.add("/live", "204", Mode.LIVE)
    over = asyncio.Event()
    announcing = asyncio.create_task(keep_announcing(street, over, chance))
    try:
        await kill_workers(street, chance)
    finally:
        over.set()
        await announcing
    while_killed = len(street.receiver.heard)
    await tell_to_the_end(street)

    repeated = 0
    for path in CAN_BE_TOLD:
        accepted = street.receiver.accepted(path)
        told = {each.event_id for each in accepted}
        assert told == street.wanted(path), path
        repeated += len(accepted) - len(told)
        rows = await street.platform.store.list_deliveries(
            street.told[path].subscriber.id, limit=1_000_000
        )
        assert {row.status for row in rows} <= {DeliveryStatus.DELIVERED}, path
    assert not street.receiver.at("/live")
    bodies: dict[str, bytes] = {}
    for each in street.receiver.heard:
        assert each.is_signed(street.told[each.path].secret)
        assert each.said["event_id"] == each.event_id
        assert bodies.setdefault(each.event_id, each.body) == each.body
    assert set(bodies) == {id_ for id_, _ in street.written}
    gone = await get_subscriber(street.platform, street.told["/gone"].subscriber.id)
    assert gone.disabled_for is DisabledFor.GONE

    counts = {
        "seed": seed,
        "kills": KILLS,
        "announcements": len(street.written),
        "attempts while killed": while_killed,
        "attempts in all": len(street.receiver.heard),
        "told more than once": repeated,
    }
    for name, count in counts.items():
        record_property(name, count)
    # Otherwise the workers did nothing that could be killed.
    assert while_killed > 5 * KILLS
