"""`aboard events`: an operator sees what came, looks again, and asks Stripe for what did not."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

from aboard.app import open_platform
from aboard.cli.commands import app
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.platform import Platform
from aboard.flows.start import start_onboarding
from aboard.flows.sync import sync_due
from aboard.settings import load_settings
from aboard.store import EventStatus
from tests.cli.commands import COMPLETE_SETTINGS

NOW = datetime.now(UTC)
Events = Callable[..., Result]
_T = TypeVar("_T")


@pytest.fixture
def settings(database: str) -> dict[str, str]:
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database, "ABOARD_STRIPE_RETRIES": "0"}


@pytest.fixture
def events(settings: dict[str, str]) -> Events:
    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["events", *words], env=settings)

    return run


def on(settings: dict[str, str], act: Callable[[Platform], Coroutine[Any, Any, _T]]) -> _T:
    async def go() -> _T:
        async with open_platform(load_settings(settings)) as platform:
            return await act(platform)

    return asyncio.run(go())


async def attach(platform: Platform, name: str) -> str:
    owner = Owner(OwnerKind.ORGANIZATION, name, Mode.TEST)
    account = await platform.store.reserve_account(owner, NOW)
    await platform.store.attach_stripe_account(account.id, f"acct_{name}", NOW)
    return account.id


async def ring(platform: Platform, event_id: str, account: str, *, ago: float = 1) -> None:
    await platform.store.accept_event(
        event_id,
        endpoint="connect",
        mode=Mode.TEST,
        type="account.updated",
        stripe_account_id=account,
        created_at=NOW - timedelta(hours=ago),
        received_at=NOW - timedelta(hours=ago),
    )


async def three(platform: Platform) -> None:
    """Leave a dead letter, a pending event and one of a stranger, an hour apart."""
    await attach(platform, "ada")
    await ring(platform, "evt_dead", "acct_ada", ago=3)
    for claim in await platform.store.claim_due_accounts(Mode.TEST, 9, NOW, lease_seconds=60):
        await platform.store.give_up_sync(claim, "stripe.refused", next_sync_at=None)
    await ring(platform, "evt_open", "acct_ada", ago=2)
    await ring(platform, "evt_strange", "acct_strange", ago=1)


async def statuses(platform: Platform) -> dict[str, EventStatus]:
    return {event.id: event.status for event in await platform.store.list_events()}


def listed(result: Result) -> list[str]:
    assert result.exit_code == 0, result.stderr
    return [event["id"] for event in json.loads(result.stdout)["events"]]


def test_nothing_came_yet(events: Events) -> None:
    ended = events("list")
    assert (ended.exit_code, ended.stdout) == (0, "No event is like that.\n")
    assert json.loads(events("dead", "--json").stdout) == {"events": []}


def test_events_are_listed_newest_first_and_by_every_option(
    events: Events, settings: dict[str, str]
) -> None:
    on(settings, three)
    ended = events("list")
    assert [line.split()[1] for line in ended.stdout.splitlines()] == [
        "evt_strange",
        "evt_open",
        "evt_dead",
    ]
    assert "account.updated, acct_ada, test: dead (stripe.refused)" in ended.stdout
    assert listed(events("dead", "--json")) == ["evt_dead"]
    assert listed(events("list", "--status", "unmatched", "--json")) == ["evt_strange"]
    assert listed(events("list", "--account", "acct_ada", "--json")) == ["evt_open", "evt_dead"]
    assert listed(events("list", "--mode", "live", "--json")) == []
    assert listed(events("list", "--endpoint", "platform", "--json")) == []
    assert listed(events("list", "--type", "person.updated", "--json")) == []
    assert listed(events("list", "--since", "150m", "--until", "90m", "--json")) == ["evt_open"]


def test_a_long_list_is_paged(events: Events, settings: dict[str, str]) -> None:
    on(settings, three)
    ended = events("list", "--limit", "2")
    assert "Perhaps there are more: --after evt_open" in ended.stdout
    assert listed(events("list", "--limit", "2", "--after", "evt_open", "--json")) == ["evt_dead"]
    assert events("list", "--after", "evt_none").exit_code == 1


def test_one_event_is_shown_whole(events: Events, settings: dict[str, str]) -> None:
    on(settings, three)
    ended = events("show", "evt_dead")
    assert "failed attempts: 1, stripe.refused" in ended.stdout
    [shown] = json.loads(events("show", "evt_dead", "--json").stdout)["events"]
    assert shown == {
        "id": "evt_dead",
        "mode": "test",
        "endpoint": "connect",
        "type": "account.updated",
        "stripeAccountId": "acct_ada",
        "createdAt": (NOW - timedelta(hours=3)).isoformat(),
        "receivedAt": (NOW - timedelta(hours=3)).isoformat(),
        "processedAt": None,
        "status": "dead",
        "attempts": 1,
        "lastError": "stripe.refused",
        "source": "delivered",
    }
    ended = events("show", "evt_none", "--json")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "There is no event evt_none here." in ended.stderr
    assert "Next: " in ended.stderr


def test_dead_letters_are_counted_first_and_replayed_then(
    events: Events, settings: dict[str, str]
) -> None:
    on(settings, three)
    ended = events("replay", "--status", "dead", "--dry-run")
    assert "1 of 1 accounts would be; nothing was changed" in ended.stdout
    assert on(settings, statuses)["evt_dead"] is EventStatus.DEAD
    said = json.loads(events("replay", "--status", "dead", "--json").stdout)
    assert said == {"events": 1, "accounts": 1, "leftAlone": 0, "replayed": 1, "dryRun": False}
    assert on(settings, statuses)["evt_dead"] is EventStatus.PENDING
    assert "none is like that" in events("replay", "--status", "dead").stdout
    rows = on(settings, lambda platform: platform.store.list_audit(action="event.replay"))
    assert [(row.actor, row.details["events"]) for row in rows] == [("command line", 1)]


def test_a_replay_by_window_leaves_strangers_alone(
    events: Events, settings: dict[str, str]
) -> None:
    on(settings, three)
    ended = events("replay", "--since", "1d")
    assert ended.exit_code == 0
    assert "2 of 1 accounts; the worker reads the accounts now" in ended.stdout
    assert "1 more are of no connected account of ours: left alone." in ended.stdout
    assert on(settings, statuses) == {
        "evt_dead": EventStatus.PENDING,
        "evt_open": EventStatus.PENDING,
        "evt_strange": EventStatus.UNMATCHED,
    }


def test_a_replay_by_id_is_all_or_nothing(events: Events, settings: dict[str, str]) -> None:
    on(settings, three)
    ended = events("replay", "evt_dead", "evt_none")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert on(settings, statuses)["evt_dead"] is EventStatus.DEAD
    assert "1 of 1 accounts would be" in events("replay", "evt_dead", "--dry-run").stdout
    assert json.loads(events("replay", "evt_dead", "--json").stdout)["replayed"] == 1
    assert on(settings, statuses)["evt_dead"] is EventStatus.PENDING


@pytest.mark.parametrize(
    "words",
    [
        ("replay",),
        ("replay", "--mode", "test"),
        ("replay", "evt_1", "--status", "dead"),
        ("replay", "--since", "yesterday"),
        ("list", "--since", "2026-13-01"),
        ("list", "--limit", "0"),
        ("list", "--status", "lost"),
        ("catch-up", "--since", "soon"),
        ("catch-up", "--since", "1h", "--until", "2h"),
        ("catch-up", "--accounts-only", "--since", "1h"),
        ("catch-up", "--event", "evt_1", "--accounts-only"),
        ("catch-up", "--after", "acct_1", "--account", "acct_2"),
        ("catch-up", "--all-types", "--type", "account.updated"),
        ("catch-up", "--mode", "live"),
        ("catch-up", "--per-second", "0"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(events: Events, words: tuple[str]) -> None:
    ended = events(*words)
    assert ended.exit_code == 2, ended.stdout
    assert ended.stdout == ""
    assert ended.stderr


async def begin(platform: Platform, count: int) -> list[str]:
    ids = []
    for number in range(count):
        started = await start_onboarding(
            platform,
            Owner(OwnerKind.ORGANIZATION, f"org_{number}", Mode.TEST),
            return_url="http://localhost:4280/creator/back",
            refresh_url="http://localhost:4280/creator/again",
        )
        ids.append(started.stripe_account_id)
    while await sync_due(platform):
        pass
    return ids


def test_what_never_came_is_asked_for(
    events: Events, settings: dict[str, str], sandbox: str
) -> None:
    settings |= {
        "ABOARD_TEST_API_BASE": sandbox,
        "ABOARD_TEST_SECRET_KEY": f"sk_test_catch_up_{NOW:%f}",
        "ABOARD_ORGANIZATION_COUNTRY": "US",
    }
    ids = on(settings, lambda platform: begin(platform, 3))
    ended = events("catch-up", "--per-second", "100")
    assert ended.exit_code == 0, ended.stderr
    assert "written down now; 0 known already; 3 accounts asked" in ended.stdout
    [again] = json.loads(events("catch-up", "--per-second", "100", "--json").stdout)["modes"]
    assert (again["new"], again["accounts"], again["unanswered"]) == (0, 3, 0)
    assert again["known"] > 0
    found = json.loads(events("list", "--json").stdout)["events"]
    assert {event["source"] for event in found} == {"listed"}
    assert {event["stripeAccountId"] for event in found} == set(ids)
    [one] = json.loads(events("catch-up", "--account", ids[0], "--json").stdout)["modes"]
    assert (one["new"], one["accounts"]) == (0, 1)
    event = next(event for event in found if event["stripeAccountId"] == ids[0])
    words = ("catch-up", "--event", event["id"], "--account", ids[0])
    assert "is known already" in events(*words).stdout
    ended = events("catch-up", "--event", "evt_none", "--account", ids[0])
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "Stripe refuses that in test mode" in ended.stderr
    ended = events("catch-up", "--account", "acct_1NoSuchAccount00")
    assert (ended.exit_code, ended.stdout) == (1, "")


def test_every_account_may_be_read_instead(events: Events, settings: dict[str, str]) -> None:
    on(settings, three)
    on(settings, lambda platform: attach(platform, "bob"))
    said = json.loads(events("catch-up", "--accounts-only", "--json").stdout)
    assert said == {"modes": [{"mode": "test", "accounts": 2}]}
    ended = events("catch-up", "--accounts-only", "--account", "acct_ada")
    assert "due to be read: 1 account" in ended.stdout
    ended = events("catch-up", "--accounts-only", "--account", "acct_strange")
    assert (ended.exit_code, ended.stdout) == (1, "")


def test_stripe_away_is_told_with_the_next_step(events: Events, settings: dict[str, str]) -> None:
    on(settings, three)  # nobody listens at the address of these settings
    ended = events("catch-up")
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert "Stripe gives no answer in test mode" in ended.stderr
    assert "Next: What was found is written down." in ended.stderr


@pytest.mark.parametrize("verb", ["list", "dead", "show", "replay", "catch-up"])
def test_every_verb_explains_itself_and_its_exit_codes(verb: str) -> None:
    ended = CliRunner().invoke(app, ["events", verb, "--help"], env={"COLUMNS": "200"})
    assert ended.exit_code == 0
    assert "Exit codes" in ended.stdout
