"""The figures are shown in Prometheus' format, from the meter, the journal and the store."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from aboard.app import build_app
from aboard.core.errors import StripeUnavailable
from aboard.core.owner import Mode
from aboard.flows.meter import Gauge, Measure, Tally
from aboard.operations.application import build_operations
from aboard.operations.catalogue import FIGURES, GAUGES, MEASURES, STORE, TALLIES, Kind
from aboard.store import WriteMetrics
from aboard.stripe_api.v1 import get_account
from tests.operations.conftest import fetch
from tests.scene import Scene
from tests.store.rows import attached, rang

Figures = Mapping[str, float]


async def scrape(scene: Scene) -> Figures:
    """Return every sample by its name and labels."""
    app = build_operations(scene.platform, remembered_seconds=0)
    answer = await fetch(app, "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(answer.text):
        assert family.documentation, family.name
        for sample in family.samples:
            labels = ",".join(f"{name}={word}" for name, word in sorted(sample.labels.items()))
            key = f"{sample.name}{{{labels}}}"
            assert key not in found, key
            found[key] = sample.value
    return found


async def test_what_waits_is_shown_by_mode_with_its_age(scene: Scene) -> None:
    await attached(scene.platform.store)
    await rang(scene.platform.store, "evt_1", scene.clock.now)
    await rang(scene.platform.store, "evt_2", scene.clock.now, stripe_account_id="acct_other")
    scene.clock.advance(timedelta(seconds=30))
    found = await scrape(scene)
    assert found["aboard_events_open{mode=test,status=pending}"] == 1
    assert found["aboard_events_open{mode=test,status=unmatched}"] == 1
    assert found["aboard_events_open{mode=test,status=dead}"] == 0
    assert found["aboard_oldest_event_seconds{mode=test}"] == 30
    assert found["aboard_accounts_due{mode=test}"] == 1
    assert found["aboard_endpoint_silence_seconds{endpoint=connect,mode=test}"] == 30
    assert "aboard_endpoint_silence_seconds{endpoint=platform,mode=test}" not in found
    assert found["aboard_events_missing{mode=test}"] == 0
    assert found["aboard_database_up{}"] == 1
    assert found["aboard_draining{}"] == 0
    assert "aboard_redis_up{}" not in found
    assert found["aboard_store_commits_total{}"] > 0


async def test_dead_letters_are_shown(scene: Scene) -> None:
    store = scene.platform.store
    await attached(store)
    await rang(store, "evt_1", scene.clock.now)
    [claim] = await store.claim_due_accounts(1, scene.clock.now, lease_seconds=60)
    assert (await scrape(scene))["aboard_accounts_leased{mode=test}"] == 1
    await store.give_up_sync(claim, "words", next_sync_at=None)
    assert (await scrape(scene))["aboard_events_open{mode=test,status=dead}"] == 1


async def test_a_duration_is_a_histogram_with_cumulated_buckets(scene: Scene) -> None:
    meter = scene.platform.meter
    for seconds in (0.002, 0.04, 7200.0):
        meter.observe(Measure.EVENT_ACKNOWLEDGED, seconds, mode="test", endpoint="connect")
    found = await scrape(scene)
    name = "aboard_event_acknowledged_seconds"
    of = "endpoint=connect"
    assert found[f"{name}_bucket{{{of},le=0.0025,mode=test}}"] == 1
    assert found[f"{name}_bucket{{{of},le=0.05,mode=test}}"] == 2
    assert found[f"{name}_bucket{{{of},le=+Inf,mode=test}}"] == 3
    assert found[f"{name}_count{{{of},mode=test}}"] == 3
    assert found[f"{name}_sum{{{of},mode=test}}"] == pytest.approx(7200.042)


async def test_counts_gauges_and_the_journal_are_shown(scene: Scene) -> None:
    meter = scene.platform.meter
    meter.count(Tally.EVENTS_REFUSED, 2, endpoint="connect", reason="invalid_header")
    meter.count(Tally.EVENTS_REFUSED, endpoint="connect", reason="invalid_header", mode="test")
    meter.set_gauge(Gauge.BREAKER_OPEN, 1, mode="live")
    scene.road.mood = ["away"]
    with pytest.raises(StripeUnavailable):
        await get_account(scene.platform.stripe_for(Mode.TEST), "acct_words")
    found = await scrape(scene)
    assert found["aboard_events_refused_total{endpoint=connect,reason=invalid_header}"] == 3
    assert found["aboard_breaker_open{mode=live}"] == 1
    counted = found["aboard_stripe_answered_seconds_count{mode=test,outcome=no_answer}"]
    assert counted == 1
    assert [name for name in found if name.startswith("process_")]


async def test_requests_are_measured_by_route_and_never_by_path(scene: Scene) -> None:
    app = build_app(scene.platform, scene.settings)
    assert (await fetch(app, "/v1/health")).status_code == 200
    assert (await fetch(app, "/v1/connect/accounts/org_words?mode=test")).status_code == 401
    assert (await fetch(app, "/nowhere/acct_words?code=words")).status_code == 404
    found = await scrape(scene)
    name = "aboard_request_answered_seconds_count"
    assert found[f"{name}{{outcome=2xx,route=/v1/health}}"] == 1
    routes = {match[1] for key in found if (match := re.search(name + r".*route=(.+)}", key))}
    assert routes == {"/v1/health", "/v1/connect/accounts/{organization_id}", "unmatched"}


async def test_a_database_that_is_away_is_shown_as_that(scene: Scene) -> None:
    await scene.platform.store.close()
    scene.platform.draining.begin()
    found = await scrape(scene)
    assert found["aboard_database_up{}"] == 0
    assert found["aboard_draining{}"] == 1
    assert not [name for name in found if name.startswith("aboard_events_open")]


async def test_many_who_scrape_cost_one_look(scene: Scene) -> None:
    app = build_operations(scene.platform)
    await fetch(app, "/metrics")
    await scene.platform.store.close()
    assert "aboard_database_up 1.0" in (await fetch(app, "/metrics")).text


async def test_the_public_port_shows_no_figures(scene: Scene) -> None:
    app = build_app(scene.platform, scene.settings)
    assert (await fetch(app, "/metrics")).status_code == 404


async def test_the_operators_port_tells_the_health_too(scene: Scene) -> None:
    app = build_operations(scene.platform)
    assert (await fetch(app, "/v1/health")).json()["status"] == "ok"
    assert (await fetch(app, "/v1/health/ready")).status_code == 200
    assert (await fetch(app, "/elsewhere")).status_code == 404


async def test_everything_shown_is_in_the_catalogue(scene: Scene) -> None:
    scene.platform.meter.observe(Measure.DELIVERY_ANSWERED, 1, mode="test", outcome="delivered")
    shown = {
        re.sub(r"_(bucket|sum|count)$", "", name.partition("{")[0])
        for name in await scrape(scene)
        if not name.startswith("process_")
    }
    assert shown <= {figure.name for figure in FIGURES}


def test_every_measure_tally_and_gauge_has_a_figure_named_after_it() -> None:
    assert {f"aboard_{measure.value}" for measure in Measure} == {
        MEASURES[measure].name for measure in Measure
    }
    assert {f"aboard_{tally.value}_total" for tally in Tally} == {
        TALLIES[tally].name for tally in Tally
    }
    assert {f"aboard_{gauge.value}" for gauge in Gauge} == {GAUGES[gauge].name for gauge in Gauge}


def test_names_tell_kind_and_unit_as_prometheus_wants_it() -> None:
    names = [figure.name for figure in FIGURES]
    assert len(names) == len(set(names))
    for figure in FIGURES:
        assert re.fullmatch(r"aboard_[a-z_]+", figure.name)
        assert figure.name.endswith("_total") == (figure.kind is Kind.COUNTER)
        if figure.kind is Kind.HISTOGRAM:
            assert figure.name.endswith("_seconds")


def test_whatever_the_store_counts_is_shown() -> None:
    assert set(WriteMetrics.__dataclass_fields__) <= set(STORE)
