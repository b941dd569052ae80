"""Does the intake stay small and open when far more comes in than it can hold?"""

import asyncio
import sqlite3
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from aboard.flows.platform import Platform
from aboard.webhooks import build_webhooks
from aboard.webhooks.waiting import Bounds
from aboard.webhooks.wire import Message, Receive
from tests.scene import CONNECT_SECRET, Scene
from tests.webhooks.posting import CONNECT, Told, counted, event, pieces, scope_of, sign

MIB = 1 << 20
TIGHT = Bounds(requests=3, size=MIB, patience_seconds=60.0, body_seconds=60.0)


def hanging(*bodies: bytes) -> tuple[Receive, asyncio.Event]:
    """Return a sender that says so much and then nothing more, and whether it was listened to."""
    coming, listened = list(bodies), asyncio.Event()

    async def receive() -> Message:
        listened.set()
        if coming:
            return {"type": "http.request", "body": coming.pop(0), "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError("it never ends")

    return receive, listened


class Door:
    """One intake, with those who stand before it."""

    def __init__(self, platform: Platform, bounds: Bounds) -> None:
        """Open it."""
        self.app = build_webhooks(platform, bounds)
        self.tasks: list[asyncio.Future[None]] = []

    def come(self, receive: Receive, *headers: tuple[bytes, bytes]) -> Told:
        """Let somebody come in, and do not wait for what they are told."""
        told = Told()
        self.tasks.append(
            asyncio.ensure_future(self.app(scope_of(CONNECT, headers), receive, told.send))
        )
        return told

    def ring(self, scene: Scene, event_id: str) -> Told:
        """Let Stripe come in."""
        payload = event(event_id)
        header = sign(payload, CONNECT_SECRET, scene.clock()).encode()
        return self.come(pieces(payload), (b"stripe-signature", header))


@asynccontextmanager
async def door(platform: Platform, bounds: Bounds) -> AsyncIterator[Door]:
    opened = Door(platform, bounds)
    yield opened
    for task in opened.tasks:
        task.cancel()
    await asyncio.gather(*opened.tasks, return_exceptions=True)


async def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - nobody gives a sign but by what they are told
            await asyncio.sleep(0.005)


async def test_a_newcomer_is_turned_away_at_once_and_unread(scene: Scene) -> None:
    async with door(scene.platform, TIGHT) as opened:
        crowd = [opened.come(hanging(b"{")[0]) for _ in range(3)]
        receive, listened = hanging(b"{")
        told = opened.come(receive)
        await until(lambda: told.status != 0)
        assert (told.status, told.code) == (503, "crowded")
        assert told.headers[b"retry-after"] == b"5"
        assert told.headers[b"connection"] == b"close"
        assert not listened.is_set()
        assert [each.status for each in crowd] == [0, 0, 0]
        assert counted(scene, "events_refused") == {
            (("endpoint", "connect"), ("reason", "crowded")): 1
        }


async def test_what_needs_no_seat_is_answered_in_any_crowd(scene: Scene) -> None:
    async with door(scene.platform, TIGHT) as opened:
        for _ in range(3):
            opened.come(hanging(b"{")[0])
        await asyncio.sleep(0)
        told = opened.come(hanging()[0], (b"content-type", b"text/plain"))
        large = opened.come(hanging()[0], (b"content-length", b"9999999"))
        await until(lambda: bool(told.status and large.status))
        assert (told.status, large.status) == (415, 413)


async def test_who_hangs_gives_way_to_who_comes(scene: Scene) -> None:
    bounds = Bounds(requests=3, size=MIB, patience_seconds=0.05, body_seconds=60.0)
    async with door(scene.platform, bounds) as opened:
        crowd = [opened.come(hanging(b"{")[0]) for _ in range(3)]
        await asyncio.sleep(0.1)
        told = opened.ring(scene, "evt_1")
        await until(lambda: told.status != 0)
        assert told.status == 200
        # The one that began first went, and was told to come back.
        assert [each.status for each in crowd] == [503, 0, 0]
        assert crowd[0].code == "crowded"


async def test_too_many_bytes_are_refused_as_too_many_requests_are(scene: Scene) -> None:
    bounds = Bounds(requests=100, size=MIB, patience_seconds=0.5, body_seconds=60.0)
    async with door(scene.platform, bounds) as opened:
        first = [opened.come(hanging(bytes(MIB // 4))[0]) for _ in range(4)]
        await asyncio.sleep(0)
        fifth = opened.come(hanging(bytes(MIB // 4))[0])
        await until(lambda: fifth.status != 0)
        assert (fifth.status, fifth.code) == (503, "crowded")
        await asyncio.sleep(0.6)
        told = opened.ring(scene, "evt_1")
        await until(lambda: told.status != 0)
        assert told.status == 200
        assert [each.status for each in first] == [503, 0, 0, 0]


async def test_a_slow_body_is_cut_off_and_frees_its_seat(scene: Scene) -> None:
    bounds = Bounds(requests=1, size=MIB, patience_seconds=60.0, body_seconds=0.1)

    async def drip() -> Message:  # always another byte, so that no pause is ever long
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async with door(scene.platform, bounds) as opened:
        for receive in (drip, hanging()[0], hanging(b"{")[0]):
            told = opened.come(receive)
            await until(lambda: told.status != 0)  # noqa: B023 - asked at once
            assert (told.status, told.code) == (408, "body_too_slow")
            assert told.headers[b"connection"] == b"close"
        told = opened.ring(scene, "evt_1")
        await until(lambda: told.status != 0)
        assert told.status == 200


async def test_who_waits_for_the_commit_gives_way_to_nobody(scene: Scene, tmp_path: Path) -> None:
    bounds = Bounds(requests=3, size=MIB, patience_seconds=0.0, body_seconds=60.0)
    async with door(scene.platform, bounds) as opened:
        with closing(sqlite3.connect(tmp_path / "aboard.sqlite3")) as beside:
            beside.execute("BEGIN IMMEDIATE")  # the disk is slow today
            waiting = [opened.ring(scene, f"evt_{n}") for n in range(3)]
            told = opened.ring(scene, "evt_late")
            await until(lambda: told.status != 0)
            assert (told.status, told.code) == (503, "crowded")
            assert [each.status for each in waiting] == [0, 0, 0]
            beside.rollback()
        await until(lambda: all(each.status for each in waiting))
        assert [each.status for each in waiting] == [200, 200, 200]


async def test_a_seat_is_free_again_whatever_became_of_the_request(scene: Scene) -> None:
    async with door(scene.platform, TIGHT) as opened:
        for number in range(20):
            broken_off = opened.come(pieces_then_gone())
            refused = opened.come(pieces(b"unsigned"))
            told = opened.ring(scene, f"evt_{number}")
            await asyncio.gather(*opened.tasks)
            assert (broken_off.status, refused.status, told.status) == (0, 400, 200)


def pieces_then_gone() -> Receive:
    coming: list[Message] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return coming.pop(0)

    return receive


@pytest.mark.timeout(120)
async def test_thousands_who_hang_cost_little_and_keep_nobody_out(scene: Scene) -> None:
    bounds = Bounds(requests=500, size=4 * MIB, patience_seconds=0.05, body_seconds=60.0)
    senders, said = 5_000, 32 * 1024  # 156 MiB, if somebody kept all of it
    async with door(scene.platform, bounds) as opened:
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            crowd: list[Told] = []
            for number in range(senders):
                crowd.append(opened.come(hanging_after(said)))
                if number % 50 == 49:
                    await asyncio.sleep(0.002)
            # Who came last has not hung for long enough to give way; a moment later they have.
            await asyncio.sleep(2 * bounds.patience_seconds)
            rung = [opened.ring(scene, f"evt_{number}") for number in range(3)]
            await until(lambda: all(each.status for each in rung))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert [each.status for each in rung] == [200, 200, 200]
        assert {each.status for each in crowd} <= {0, 503}
        assert sum(each.status == 0 for each in crowd) <= bounds.requests
        # What is held, and what thousands of tasks cost that were made by this test.
        assert peak - before < bounds.size + senders * 6 * 1024


def hanging_after(size: int) -> Receive:
    """Return a sender whose bytes are made when they are asked for."""
    is_said = False

    async def receive() -> Message:
        nonlocal is_said
        if not is_said:
            is_said = True
            return {"type": "http.request", "body": bytes(size), "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError("it never ends")

    return receive
