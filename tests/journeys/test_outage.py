"""Stripe is away for an hour: memory answers, few ask, and the backlog is worked off at the pace.

All of it on the movable clock. The short form runs in CI; `PROVE=1` takes a thousand accounts.
"""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest

from aboard.core.readiness import Readiness
from aboard.flows.sync import read_account
from aboard.store import EventStatus
from tests.flows.crew import Crew, make_accounts, owner_of, ring
from tests.scene import open_scene

pytestmark = [pytest.mark.load, pytest.mark.timeout(1200), pytest.mark.both]

IS_PROOF = os.environ.get("PROVE") == "1"
ACCOUNTS = 1000 if IS_PROOF else 60
HOUR = 3600.0
RATE, BURST = 15, 3


async def test_an_hour_without_stripe(
    database: str, record_property: Callable[[str, object], None]
) -> None:
    async with open_scene(database) as scene:
        crew = Crew(scene, scene.platform)
        ids = await make_accounts(scene, ACCOUNTS)
        await crew.work(ACCOUNTS / RATE + 5)
        scene.road.always = "away"
        for number, account_id in enumerate(ids):
            await ring(scene, account_id, f"evt_{number}")
        scene.road.moments.clear()
        await crew.work(HOUR)
        asked_meanwhile = len(scene.road.moments)
        # A minute apart at most, a fifth earlier by chance; and those that found it out.
        assert asked_meanwhile <= 20 + HOUR / 48
        assert crew.is_breaker_open()
        reading = await read_account(scene.platform, owner_of(0), fresh=False)
        assert reading.assessment.readiness is Readiness.INCOMPLETE
        events = await scene.platform.store.count_open_events()
        assert events == {EventStatus.PENDING: ACCOUNTS}

        scene.road.always = "fine"
        scene.road.moments.clear()
        back_at = scene.clock()
        while await scene.platform.store.count_open_events():
            await crew.work(1)
            assert scene.clock() - back_at < timedelta(seconds=120 + 2 * ACCOUNTS / RATE)
        times = sorted((at - back_at).total_seconds() for at in scene.road.moments)
        most = max(sum(1 for at in times if begin <= at < begin + 1.0) for begin in times)
        assert most <= RATE + BURST
        assert crew.counts["breaker.opened"] == crew.counts["breaker.closed"] == 1
        assert "account.sync_given_up" not in crew.counts
        record_property("accounts", ACCOUNTS)
        record_property("asked within the hour", asked_meanwhile)
        record_property("most in a second after it", most)
        record_property("seconds until all is read", round(times[-1]))
