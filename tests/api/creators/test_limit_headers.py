"""Does every answer to a known creator say what is left of their window, whatever it is?"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import httpx2
import pytest

from aboard.flows.platform import Switches
from tests.api.asking import CONNECT, CREATORS, Desk
from tests.api.conftest import OpenDesk

OPERATIONS = {
    "upgrade": ("POST", f"{CREATORS}/upgrade"),
    "initiate": ("POST", f"{CONNECT}/initiate"),
    "refresh-link": ("POST", f"{CONNECT}/refresh-link"),
    "status": ("GET", f"{CONNECT}/status"),
    "dashboard-link": ("POST", f"{CONNECT}/dashboard-link"),
    "profile": ("GET", f"{CREATORS}/profile"),
    "payout-settings": ("GET", f"{CREATORS}/payout-settings"),
    "kyc-start": ("POST", f"{CREATORS}/kyc/start"),
    "kyc-status": ("GET", f"{CREATORS}/kyc/status"),
}
LIMITS = {"upgrade": 30, "profile": 120, "payout-settings": 120, "kyc-start": 5, "kyc-status": 120}
Prepare = Callable[[Desk, OpenDesk], Awaitable[Desk]]


def assert_told(answer: httpx2.Response, operation: str) -> None:
    limit = LIMITS.get(operation, 10)
    told = [name for name in answer.headers if name.startswith("ratelimit-")]
    assert sorted(told) == ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"]
    for name in told:
        assert len(answer.headers.get_list(name)) == 1
    assert answer.headers["ratelimit-limit"] == str(limit)
    assert 0 <= int(answer.headers["ratelimit-remaining"]) <= limit
    assert 0 < int(answer.headers["ratelimit-reset"]) <= 3600


async def a_stranger(desk: Desk, _: OpenDesk) -> Desk:
    return desk


async def a_creator(desk: Desk, _: OpenDesk) -> Desk:
    await desk.ask("POST", f"{CREATORS}/upgrade", user="ada")
    return desk


async def a_connected_creator(desk: Desk, opened: OpenDesk) -> Desk:
    await a_creator(desk, opened)
    answer = await desk.ask("POST", f"{CONNECT}/initiate")
    await desk.scene.complete(answer.json()["data"]["accountId"])
    await desk.ask("GET", f"{CONNECT}/status")
    return desk


async def stripe_is_away(desk: Desk, opened: OpenDesk) -> Desk:
    await a_connected_creator(desk, opened)
    desk.scene.road.mood = ["away"] * 99
    return desk


async def the_key_is_refused(desk: Desk, opened: OpenDesk) -> Desk:
    await a_connected_creator(desk, opened)
    desk.scene.road.mood = ["401"] * 99
    return desk


async def the_store_is_away(desk: Desk, _: OpenDesk) -> Desk:
    await desk.scene.platform.store.close()
    return desk


async def switched_off(desk: Desk, opened: OpenDesk) -> Desk:
    await a_creator(desk, opened)
    off = Switches(onboarding=False)
    return await opened(desk.scene.with_changes(switches=off))


async def without_stripe(desk: Desk, opened: OpenDesk) -> Desk:
    await a_creator(desk, opened)
    return await opened(desk.scene.with_changes(stripe={}))


async def a_fault_of_ours(desk: Desk, opened: OpenDesk) -> Desk:
    await a_connected_creator(desk, opened)

    def clock() -> datetime:
        raise RuntimeError("words")

    return await opened(desk.scene.with_changes(clock=clock))


SITUATIONS: dict[str, Prepare] = {
    prepare.__name__: prepare
    for prepare in (
        a_stranger,
        a_creator,
        a_connected_creator,
        stripe_is_away,
        the_key_is_refused,
        the_store_is_away,
        switched_off,
        without_stripe,
        a_fault_of_ours,
    )
}


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_every_operation_in_every_situation(
    desk: Desk, open_desk: OpenDesk, situation: str
) -> None:
    changed = await SITUATIONS[situation](desk, open_desk)
    statuses = set()
    for operation, (method, path) in OPERATIONS.items():
        answer = await changed.ask(method, path)
        statuses.add(answer.status_code)
        assert_told(answer, operation)
    if situation == "a_fault_of_ours":
        assert 500 in statuses
    if situation in {"stripe_is_away", "the_store_is_away", "switched_off"}:
        assert 503 in statuses


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_what_is_refused_after_the_door(desk: Desk, operation: str) -> None:
    method, path = OPERATIONS[operation]
    wishes: list[dict[str, Any]] = [
        {"content": b"[]"},
        {"content": b"x" * 70_000},
        {"params": [("a", "1"), ("a", "2")]},
    ]
    for wish in wishes:
        answer = await desk.ask(method, path, **wish)
        assert answer.status_code in {400, 413, 415}
        assert_told(answer, operation)
    for _ in range(LIMITS.get(operation, 10)):
        await desk.ask(method, path)
    answer = await desk.ask(method, path)
    assert answer.status_code == 429
    assert_told(answer, operation)
    assert int(answer.headers["retry-after"]) == int(answer.headers["ratelimit-reset"])
