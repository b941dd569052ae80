"""Alive, ready, well: three questions, answered cheaply, and no word that helps a stranger."""

import asyncio
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aboard.app import build_app
from aboard.core.account import ConnectedAccount
from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.errors import AccountGone, StripeRefused, StripeUnavailable
from aboard.core.owner import Mode
from aboard.flows.health import HealthWatch, Word
from aboard.operations.health import AsgiApp, build_probes
from aboard.store import Consequences
from aboard.stripe_api.v1 import get_account
from tests.operations.conftest import fetch
from tests.scene import KEY, PLATFORM_SECRET, Scene, open_scene
from tests.store.rows import attached, rang, wrote


def probes(scene: Scene, **changes: Any) -> AsgiApp:  # noqa: ANN401 - any field of Platform
    """Return probes that remember nothing, so that a test sees what is so now."""
    platform = scene.with_changes(**changes)
    return build_probes(HealthWatch(platform, remembered_seconds=0))


class TestAlive:
    async def test_a_process_is_alive_whatever_it_stands_on(self, scene: Scene) -> None:
        await scene.platform.store.close()
        scene.platform.draining.begin()
        answer = await fetch(probes(scene), "/v1/health/live")
        assert (answer.status_code, answer.json()) == (200, {"status": "alive"})

    async def test_only_reading_is_allowed(self, scene: Scene) -> None:
        answer = await fetch(probes(scene), "/v1/health/live", "POST")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
        answer = await fetch(probes(scene), "/v1/health/ready", "HEAD")
        assert (answer.status_code, answer.content) == (200, b"")


class TestReady:
    async def test_a_process_that_works_wants_requests(self, scene: Scene) -> None:
        answer = await fetch(probes(scene), "/v1/health/ready")
        assert (answer.status_code, answer.json()) == (200, {"status": "ready"})

    async def test_one_that_drains_does_not_and_says_so_at_once(self, scene: Scene) -> None:
        app = build_probes(HealthWatch(scene.platform))
        assert (await fetch(app, "/v1/health/ready")).status_code == 200
        scene.platform.draining.begin()
        answer = await fetch(app, "/v1/health/ready")
        assert answer.status_code == 503
        assert answer.json() == {"status": "not_ready", "reason": "draining"}

    async def test_nor_does_one_without_a_database(self, scene: Scene) -> None:
        await scene.platform.store.close()
        answer = await fetch(probes(scene), "/v1/health/ready")
        assert answer.status_code == 503
        assert answer.json() == {"status": "not_ready", "reason": "database"}

    async def test_nor_one_whose_database_was_put_back(self, scene: Scene, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "aboard.sqlite3")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '0005'")
        app = probes(scene)
        assert (await fetch(app, "/v1/health/ready")).status_code == 503
        health = (await fetch(app, "/v1/health")).json()
        assert health["details"]["database"]["reason"] == "not_migrated"

    async def test_one_whose_database_a_newer_aboard_migrated_goes_on(
        self, scene: Scene, tmp_path: Path
    ) -> None:
        with closing(sqlite3.connect(tmp_path / "aboard.sqlite3")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '0999'")
        assert (await fetch(probes(scene), "/v1/health/ready")).status_code == 200

    async def test_the_service_answers_it_on_its_own_port(self, scene: Scene) -> None:
        app = build_app(scene.platform, scene.settings)
        assert (await fetch(app, "/v1/health/live")).status_code == 200
        assert (await fetch(app, "/v1/health/ready")).status_code == 200


class TestWell:
    async def test_a_stripe_that_does_not_answer_degrades_and_mends_itself(
        self, scene: Scene
    ) -> None:
        watch = HealthWatch(scene.platform, remembered_seconds=0)
        scene.road.mood = ["away", "500", "429"]
        asked = len(scene.road.calls)
        for _ in range(3):
            with pytest.raises(StripeUnavailable):
                await get_account(scene.platform.stripe_for(Mode.TEST), "acct_words")
        health = await watch.read()
        assert health.word is Word.DEGRADED
        assert health.parts["stripe_test"].reason == "away"
        assert len(scene.road.calls) == asked + 3  # the health itself asked nobody
        with pytest.raises(AccountGone):
            await get_account(scene.platform.stripe_for(Mode.TEST), "acct_words")
        assert (await watch.read()).parts["stripe_test"].word is Word.UP

    async def test_a_key_that_stripe_does_not_know_is_named(self, scene: Scene) -> None:
        scene.road.mood = ["401"]
        with pytest.raises(StripeRefused):
            await get_account(scene.platform.stripe_for(Mode.TEST), "acct_words")
        part = (await HealthWatch(scene.platform).read()).parts["stripe_test"]
        assert (part.word, part.reason) == (Word.DEGRADED, "key_refused")

    async def test_an_endpoint_says_when_it_last_spoke(self, scene: Scene) -> None:
        await rang(scene.platform.store, "evt_1", scene.clock.now, stripe_account_id=None)
        scene.clock.advance(timedelta(seconds=90))
        part = (await HealthWatch(scene.platform).read()).parts["webhooks_test_connect"]
        assert (part.word, part.last_seen_seconds) == (Word.UP, 90)

    async def test_accounts_that_change_while_nobody_rings_mean_that_events_are_missing(
        self, scene: Scene
    ) -> None:
        await _changed(scene)
        watch = HealthWatch(scene.platform, remembered_seconds=0)
        assert (await watch.read()).parts["webhooks_test_connect"].word is Word.UNKNOWN
        scene.clock.advance(timedelta(minutes=11))
        part = (await watch.read()).parts["webhooks_test_connect"]
        assert (part.word, part.reason) == (Word.DEGRADED, "events_missing")
        await rang(scene.platform.store, "evt_1", scene.clock.now, stripe_account_id=None)
        assert (await watch.read()).parts["webhooks_test_connect"].word is Word.UP

    async def test_an_event_that_waits_too_long_means_that_no_worker_works(
        self, scene: Scene
    ) -> None:
        await attached(scene.platform.store)
        await rang(scene.platform.store, "evt_1", scene.clock.now)
        scene.clock.advance(timedelta(minutes=4))
        watch = HealthWatch(scene.platform, remembered_seconds=0)
        assert (await watch.read()).parts["worker"].word is Word.UP
        scene.clock.advance(timedelta(minutes=2))
        part = (await watch.read()).parts["worker"]
        assert (part.word, part.oldest_due_seconds, part.reason) == (Word.DEGRADED, 360, "late")

    async def test_webhooks_that_are_switched_off_are_no_part(self, scene: Scene) -> None:
        switches = replace(scene.platform.switches, webhooks=False)
        health = await HealthWatch(scene.with_changes(switches=switches)).read()
        assert not [name for name in health.parts if name.startswith("webhooks")]

    async def test_a_crowd_of_strangers_costs_one_look(self, scene: Scene) -> None:
        watch = HealthWatch(scene.platform)
        told = await asyncio.gather(*(watch.read() for _ in range(200)))
        assert len({id(health.parts) for health in told}) == 1

    async def test_a_stranger_learns_no_address_id_or_version(self, tmp_path: Path) -> None:
        changes = {"ABOARD_REDIS_URL": "redis://:redis-words@127.0.0.1:1/0"}
        async with open_scene(str(tmp_path / "other.sqlite3"), changes) as scene:
            await _changed(scene)
            app = build_app(scene.platform, scene.settings)
            answer = await fetch(app, "/v1/health")
            assert answer.json()["status"] == "degraded"
            assert answer.json()["details"]["redis"] == {"reason": "counting_alone"}
        words = set(re.findall(r"[\w.:/-]+", answer.text))
        for secret in (KEY, PLATFORM_SECRET, "redis-words", "127.0.0.1", "acct_ada", "0006"):
            assert secret not in words
        assert "sqlite" not in answer.text


async def _changed(scene: Scene) -> ConnectedAccount:
    store, now = scene.platform.store, scene.clock.now
    account = await attached(store)
    told = Consequences(announcements=(Announcement(AnnouncementType.READINESS_CHANGED),))
    assert await wrote(store, account, now, consequences=told)
    with closing(sqlite3.connect(scene.settings.database)) as connection, connection:
        connection.execute(
            "UPDATE announcements SET occurred_at = ?", (int(now.timestamp() * 1_000_000),)
        )
    return account
