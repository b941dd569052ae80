"""Stripe in every kind of trouble: memory answers in time, links say when to try again, in words.

The trouble is ordered at the sandbox (docs/sandbox/time-and-trouble.md), or made on the road.
"""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from aboard.api.application import CallLimits
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.platform import Platform, Switches
from aboard.stripe_api.client import Stripe
from aboard.stripe_api.in_process import AsgiClient
from tests.api.asking import CONNECT, CREATORS, Desk
from tests.api.conftest import OpenDesk
from tests.scene import API, KEY, Scene

LONG_SECONDS = 8
"""What nothing here may take; each wait that a test means is a fraction of a second."""

OPERATIONS = {
    "initiate": ("POST", f"{CONNECT}/initiate"),
    "refresh-link": ("POST", f"{CONNECT}/refresh-link"),
    "status": ("GET", f"{CONNECT}/status"),
    "dashboard-link": ("POST", f"{CONNECT}/dashboard-link"),
}
LINKS = sorted(OPERATIONS.keys() - {"status"})
ORDERED: Mapping[str, Mapping[str, str]] = {
    "timeout": {"kind": "timeout"},
    "429": {"kind": "rate_limit"},
    "lock": {"kind": "lock_timeout"},
    "500": {"kind": "error"},
    "reset": {"kind": "reset"},
    "502": {"kind": "bad_gateway"},
    "503": {"kind": "unavailable"},
}
ON_THE_ROAD = {"garbage": "garbage", "401": "401", "refused": "400", "hang": "hang"}
TROUBLES = sorted({*ORDERED, *ON_THE_ROAD})
AWAY = ("creator.stripe.unavailable", 503)
EXPECTED = {
    "401": ("creator.stripe.service_unavailable", 400),
    "refused": ("creator.stripe.refused", 400),
}


async def control(scene: Scene, method: str, path: str, **params: str) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    _, status, _ = await scene.client.request_async(
        method, f"{API}/_sandbox/{path}", form, urlencode(params)
    )
    assert status == 200


async def make(scene: Scene, trouble: str) -> None:
    """Let everything that is asked of Stripe go wrong in this way."""
    if trouble in ON_THE_ROAD:
        scene.road.mood = [ON_THE_ROAD[trouble]] * 99
    else:
        await control(scene, "POST", "faults", operation="*", calls="99", **ORDERED[trouble])


async def end(scene: Scene) -> None:
    """Let Stripe be well again."""
    scene.road.mood = []
    await control(scene, "DELETE", "faults")


async def ask(desk: Desk, operation: str) -> httpx2.Response:
    async with asyncio.timeout(LONG_SECONDS):
        return await desk.ask(*OPERATIONS[operation])


def refused(answer: httpx2.Response, status: int, key: str) -> Mapping[str, Any]:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"success", "error"}
    assert body["success"] is False
    error: Mapping[str, Any] = body["error"]
    assert error.keys() == {"code", "message", "i18nKey", "i18nVars", "details", "correlationId"}
    assert (error["i18nKey"], error["code"]) == (key, key)
    assert error["correlationId"] == answer.headers["x-request-id"]
    return error


@pytest.fixture
def written(tmp_path: Path) -> "Written":
    return Written(tmp_path / "aboard.sqlite3")


class Written:
    """Everything that the store holds."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> list[str]:
        with closing(sqlite3.connect(self._path)) as connection:
            return list(connection.iterdump())


@pytest.fixture
def hurried(scene: Scene) -> Platform:
    """The scene's platform, whose client and readers wait for a moment only."""
    quick = AsgiClient({API: scene.road}, timeout_seconds=0.2)
    stripe = Stripe(Secret(KEY), mode=Mode.TEST, api_base=API, http_client=quick, max_retries=0)
    return scene.with_changes(
        stripe={Mode.TEST: stripe}, status_timeout=timedelta(milliseconds=100)
    )


@pytest.fixture
async def active(scene: Scene, open_desk: OpenDesk, hurried: Platform) -> Desk:
    """A creator whose account is active, known to be so, with two calls an hour from now on."""
    desk = await open_desk()
    await desk.ask("POST", f"{CREATORS}/upgrade")
    await ask(desk, "initiate")
    await scene.complete(scene.accounts()[0])
    live = await ask(desk, "status")
    assert live.headers["x-status-source"] == "live"
    fresh_windows = type(hurried.limits)()
    counted = scene.with_changes(
        stripe=hurried.stripe, status_timeout=hurried.status_timeout, limits=fresh_windows
    )
    return await open_desk(counted, CallLimits(creators=2))


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_status_answers_from_memory(
    scene: Scene, active: Desk, written: Written, trouble: str
) -> None:
    before = written()
    await make(scene, trouble)
    answer = await ask(active, "status")
    assert answer.status_code == 200
    assert answer.headers["x-status-source"] == "stored"
    assert answer.json() == {
        "success": True,
        "data": {
            "stripeAccountId": scene.accounts()[0],
            "stripeAccountStatus": "ACTIVE",
            "chargesEnabled": True,
            "payoutsEnabled": True,
            "detailsSubmitted": False,
        },
    }
    assert answer.headers["ratelimit-remaining"] == "1"  # it was answered
    assert written() == before
    assert scene.road.hanging == 0
    await end(scene)
    assert (await ask(active, "status")).headers["x-status-source"] == "live"


@pytest.mark.parametrize("operation", LINKS)
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_links_say_what_is_wrong(
    scene: Scene, active: Desk, written: Written, operation: str, trouble: str
) -> None:
    before = written()
    key, status = EXPECTED.get(trouble, AWAY)[0], EXPECTED.get(trouble, AWAY)[1]
    is_counted = trouble == "refused"
    await make(scene, trouble)
    for round_ in (1, 2) if is_counted else (1, 2, 3, 4):
        answer = await ask(active, operation)
        error = refused(answer, status, key)
        assert answer.headers["ratelimit-remaining"] == str(2 - round_ if is_counted else 2)
        assert error["details"] == ([{"message": "no"}] if trouble == "refused" else [])
        if status == 503:
            assert error["i18nVars"] == {"seconds": int(answer.headers["retry-after"])}
        else:
            assert "retry-after" not in answer.headers
    assert written() == before
    assert scene.road.hanging == 0
    await end(scene)
    answer = await ask(active, operation)
    if is_counted:
        assert answer.status_code == 429
    else:
        assert answer.status_code in {200, 201}
        assert answer.headers["ratelimit-remaining"] == "1"
    assert len(scene.accounts()) == 1


class TestSlow:
    async def test_too_slow_for_a_reader(
        self, scene: Scene, active: Desk, written: Written
    ) -> None:
        before = written()
        await control(scene, "POST", "faults", operation="*", kind="slow", seconds="5")
        answer = await ask(active, "status")
        assert (answer.status_code, answer.headers["x-status-source"]) == (200, "stored")
        assert written() == before
        assert (await ask(active, "status")).headers["x-status-source"] == "live"

    @pytest.mark.parametrize("operation", sorted(OPERATIONS))
    async def test_slow_but_in_time(self, scene: Scene, active: Desk, operation: str) -> None:
        await control(scene, "POST", "faults", operation="*", kind="slow", seconds="0.01")
        answer = await ask(active, operation)
        assert answer.status_code in {200, 201}
        assert answer.headers.get("x-status-source", "live") == "live"


class TestAccessIsRevoked:
    """403 account_invalid is an answer, not trouble: the account is gone, and remembered so."""

    @pytest.fixture
    async def lost(self, scene: Scene, active: Desk) -> Desk:
        await scene.control(scene.accounts()[0], "deauthorize")
        return active

    async def test_status(self, lost: Desk) -> None:
        answer = await ask(lost, "status")
        assert answer.headers["x-status-source"] == "live"
        assert answer.json()["data"]["stripeAccountStatus"] == "DISABLED"

    @pytest.mark.parametrize("operation", LINKS)
    async def test_links(self, lost: Desk, operation: str) -> None:
        answer = await ask(lost, operation)
        refused(answer, 400, "creator.stripe.account_not_found")
        assert answer.headers["ratelimit-remaining"] == "1"


class TestOurOwnRefusals:
    @pytest.mark.parametrize("operation", ["initiate", "refresh-link"])
    async def test_what_is_switched_off_does_not_count(
        self, scene: Scene, active: Desk, open_desk: OpenDesk, operation: str
    ) -> None:
        del active
        off = scene.with_changes(switches=Switches(onboarding=False))
        desk = await open_desk(off, CallLimits(creators=20))
        left = None
        for _ in range(3):
            answer = await ask(desk, operation)
            refused(answer, 503, "features.onboarding_disabled")
            left = left or answer.headers["ratelimit-remaining"]
            assert answer.headers["ratelimit-remaining"] == left

    @pytest.mark.parametrize("operation", LINKS)
    async def test_without_a_key_nothing_counts(
        self, scene: Scene, active: Desk, open_desk: OpenDesk, operation: str
    ) -> None:
        del active
        bare = scene.with_changes(stripe={}, limits=type(scene.platform.limits)())
        desk = await open_desk(bare, CallLimits(creators=1))
        for _ in range(3):
            answer = await ask(desk, operation)
            refused(answer, 400, "creator.stripe.service_unavailable")
            assert answer.headers["ratelimit-remaining"] == "1"

    async def test_the_callers_own_mistakes_count(self, open_desk: OpenDesk) -> None:
        desk = await open_desk(limits=CallLimits(creators=2))
        for left in ("1", "0"):
            answer = await ask(desk, "refresh-link")
            refused(answer, 404, "creator.stripe.not_creator")
            assert answer.headers["ratelimit-remaining"] == left
        assert (await ask(desk, "refresh-link")).status_code == 429

    async def test_a_window_that_may_have_ended_gets_nothing_back(
        self, scene: Scene, active: Desk, open_desk: OpenDesk
    ) -> None:
        del active
        desk = await open_desk(
            scene.with_changes(
                switches=Switches(onboarding=False), limits=type(scene.platform.limits)()
            ),
            CallLimits(creators=2, window_seconds=1),
        )
        answer = await ask(desk, "initiate")
        assert answer.headers["ratelimit-remaining"] == "1"
