"""`aboard subscribers`: an operator at a keyboard says who is told, and looks how that goes."""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

from aboard.app import open_platform
from aboard.cli.commands import app
from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.deliveries import Answered
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.core.subscribers import DisabledFor
from aboard.flows.platform import Platform
from aboard.settings import load_settings
from aboard.store import AuditEntry
from tests.cli.commands import COMPLETE_SETTINGS
from tests.webhooks.receiver import Receiver, receiving

Run = Callable[..., Result]
T = TypeVar("T")
KEYS = "k1:outgoing-words-outgoing-words-words"
URL = "https://platform.example/hooks/a-word-that-opens"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")
VERBS = (
    *("add", "list", "show", "change", "rotate", "secret", "disable", "enable", "remove"),
    *("test", "deliveries", "replay"),
)


@pytest.fixture
def settings(database: str) -> dict[str, str]:
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database, "ABOARD_OUTGOING_KEYS": KEYS}


@pytest.fixture
def subscribers(settings: dict[str, str]) -> Run:
    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["subscribers", *words], env=settings)

    return run


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive on a loop of its own, as another process would."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    context = receiving()
    opened = asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result(10)
    try:
        yield opened
    finally:
        asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def said(result: Result) -> Any:  # noqa: ANN401 - any document
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def within(settings: dict[str, str], act: Callable[[Platform], Awaitable[T]]) -> T:
    async def run() -> T:
        async with open_platform(load_settings(settings)) as platform:
            return await act(platform)

    return asyncio.run(run())


def announce(settings: dict[str, str], count: int = 1) -> None:
    async def write(platform: Platform) -> None:
        store, now = platform.store, platform.clock()
        owner = Owner(OwnerKind.CREATOR, "ada", Mode.TEST)
        account = await store.find_account(owner)
        if account is None:
            account = await store.reserve_account(owner, now)
            assert await store.attach_stripe_account(account.id, "acct_ada", now)
        for _ in range(count):
            account = await store.find_account(owner)
            assert account is not None
            news = Announcement(AnnouncementType.REMINDER_DUE, {"readiness": "incomplete"})
            assert await store.mark_reminded(account, news, now)

    within(settings, write)


def test_nobody_is_told_at_first(subscribers: Run) -> None:
    ended = subscribers("list")
    assert (ended.exit_code, ended.stdout.count("\n")) == (0, 1)
    assert "aboard subscribers add" in ended.stdout
    assert said(subscribers("list", "--json")) == {"subscribers": []}


def test_one_is_added_listed_changed_and_removed(subscribers: Run) -> None:
    ended = subscribers("add", URL, "--description", "The CRM")
    assert ended.exit_code == 0, ended.output
    [secret] = SECRET.findall(ended.stdout)
    assert len(b64decode(secret.removeprefix("whsec_"))) == 32
    [row] = said(subscribers("list", "--json"))["subscribers"]
    assert (row["url"], row["mode"], row["types"], row["description"]) == (
        URL,
        "test",
        [],
        "The CRM",
    )
    listed = subscribers("list").stdout
    assert "test https://platform.example, 0 open, 0 dead" in listed
    assert "a-word-that-opens" not in listed
    name = row["id"]
    changed = said(
        subscribers("change", name, "--type", "connect.golive.opened", "--url", URL[:-1], "--json")
    )
    assert (changed["types"], changed["url"]) == (["connect.golive.opened"], URL[:-1])
    assert changed["description"] == "The CRM"
    assert said(subscribers("change", name, "--all-types", "--json"))["types"] == []
    assert "is told every type" in subscribers("show", name).stdout
    for verb in ("list", "show", "change", "disable", "enable"):
        arguments = [verb, "--json"] if verb == "list" else [verb, name, "--json"]
        assert not SECRET.search(subscribers(*arguments).stdout)
    assert said(subscribers("remove", name, "--json")) == {"id": name, "removed": True}
    assert subscribers("show", name).exit_code == 1
    assert said(subscribers("list", "--json")) == {"subscribers": []}


def test_a_secret_is_told_again_and_rotated(subscribers: Run, settings: dict[str, str]) -> None:
    added = said(subscribers("add", URL, "--json"))
    name = added["id"]
    assert SECRET.findall(subscribers("secret", name).stdout) == [added["secret"]]
    rotated = said(subscribers("rotate", name, "--grace-hours", "2", "--json"))
    assert rotated["secret"] != added["secret"]
    assert rotated["generation"] == 2
    assert said(subscribers("secret", name, "--json"))["secret"] == rotated["secret"]
    settings["ABOARD_OUTGOING_KEYS"] = f"k2:{'newer-words-' * 3},{KEYS}"
    again = said(subscribers("rotate", name, "--json"))
    assert (again["keyId"], again["generation"]) == ("k2", 3)
    rows = within(settings, lambda one: one.store.list_audit(action="subscriber.change"))
    told = [(row.actor, row.outcome) for row in rows][::-1]
    outcomes = ["added", "secret_shown", "rotated", "secret_shown", "rotated"]
    assert told == [("command line", outcome) for outcome in outcomes]


def test_without_keys_nobody_is_added(subscribers: Run, settings: dict[str, str]) -> None:
    added = said(subscribers("add", URL, "--json"))
    del settings["ABOARD_OUTGOING_KEYS"]
    for words in (("add", URL), ("rotate", added["id"])):
        ended = subscribers(*words)
        assert ended.exit_code == 2
        assert "ABOARD_OUTGOING_KEYS" in ended.stderr
    for words in (("secret", added["id"]), ("test", added["id"])):
        ended = subscribers(*words)
        assert ended.exit_code == 1
        assert "'k1'" in ended.stderr


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("add", "http://platform.example/"), 2, "must be https outside loopback"),
        (("add", "https://ada:words@platform.example/"), 2, "must not carry credentials"),
        (("add", "https://169.254.169.254/"), 2, "is told nothing"),
        (("add", URL, "--type", "connect.nothing"), 2, "'connect.nothing' is not told"),
        (("add", URL, "--mode", "demo"), 2, "no mode"),
        (("show", "sub_nobody"), 1, "no such subscriber"),
        (("deliveries", "sub_nobody"), 1, "no such subscriber"),
        (("replay", "sub_nobody", "--dead"), 1, "no such subscriber"),
        (("replay", "--announcement", "ann_none"), 1, "no such announcement"),
        (("replay", "--dead"), 2, "ID"),
        (("replay", "sub_1"), 2, "--announcement"),
        (("replay", "sub_1", "--dead", "--since", "2026-11-21T09:00:00Z"), 2, "one of"),
        (("replay", "sub_1", "--since", "yesterday"), 2, "point in time"),
        (("change", "sub_1", "--all-types", "--type", "connect.golive.opened"), 2, "--type"),
        (("deliveries", "sub_1", "--status", "lost"), 2, "no status"),
    ],
)
def test_what_cannot_be_is_told_with_the_next_step(
    subscribers: Run, words: tuple[str, ...], code: int, told: str
) -> None:
    ended = subscribers(*words)
    assert (ended.exit_code, ended.stdout) == (code, "")
    assert told in ended.stderr


def test_no_more_than_sixteen(subscribers: Run) -> None:
    for _ in range(16):
        assert subscribers("add", URL).exit_code == 0
    ended = subscribers("add", URL)
    assert ended.exit_code == 1
    assert "as many as there may be" in ended.stderr
    assert subscribers("add", URL, "--mode", "live").exit_code == 0


def test_a_ping_says_how_it_was_answered(
    subscribers: Run, settings: dict[str, str], receiver: Receiver
) -> None:
    wishes = ("--type", "connect.golive.opened", "--json")
    added = said(subscribers("add", f"{receiver.url}/hook", *wishes))
    answer = said(subscribers("test", added["id"], "--json"))
    assert (answer["status"], answer["error"], answer["type"]) == (204, None, "connect.test.ping")
    [heard] = receiver.heard
    assert heard.is_signed(Secret(added["secret"]))
    assert heard.said["event_type"] == "connect.test.ping"
    assert heard.said["payload"] == {"subscriber_id": added["id"]}
    sent_at = datetime.fromtimestamp(int(heard.headers["webhook-timestamp"]), UTC)
    assert abs((datetime.now(UTC) - sent_at).total_seconds()) < 30
    receiver.moods["/hook"] = ["500"]
    ended = subscribers("test", added["id"])
    assert ended.exit_code == 1
    assert "answered 500" in ended.stdout
    assert f"aboard subscribers secret {added['id']}" in ended.stdout
    rows = within(settings, lambda one: one.store.list_audit(action="subscriber.change"))
    assert [row.outcome for row in rows] == ["tried", "tried", "added"]


def test_what_was_sent_is_listed_and_sent_again(subscribers: Run, settings: dict[str, str]) -> None:
    announce(settings, 2)
    name = said(subscribers("add", URL, "--json"))["id"]
    assert "Nothing was sent." in subscribers("deliveries", name).stdout
    assert "No delivery is dead." in subscribers("deliveries", name, "--status", "dead").stdout
    since = ("--since", "36h")
    assert said(subscribers("replay", name, *since, "--json")) == {"id": name, "due": 2}
    announce(settings)
    rows = said(subscribers("deliveries", name, "--json"))["deliveries"]
    assert [(row["status"], row["attempts"]) for row in rows] == [("pending", 0)] * 3

    async def fail(platform: Platform) -> None:
        claims = await platform.store.claim_deliveries(name, 9, platform.clock(), lease_seconds=30)
        for each in claims:
            await platform.store.give_up_delivery(each, Answered(500, 0.1), platform.clock())

    within(settings, fail)
    assert "reminder_due, dead, attempt 1, status_500" in subscribers("deliveries", name).stdout
    assert said(subscribers("list", "--json"))["subscribers"][0]["dead"] == 3
    announcement = rows[0]["announcement"]
    one = said(subscribers("replay", "--announcement", announcement, "--json"))
    assert one == {"id": announcement, "due": 1}
    assert "2 due now" in subscribers("replay", name, "--dead").stdout
    listed = said(subscribers("deliveries", name, "--status", "pending", "--json"))
    assert len(listed["deliveries"]) == 3
    audit = within(settings, lambda one: one.store.list_audit(action="delivery.replay"))
    assert [row.details["count"] for row in audit] == [2, 1, 2]


def test_nothing_is_replayed_to_who_is_disabled(subscribers: Run, settings: dict[str, str]) -> None:
    name = said(subscribers("add", URL, "--json"))["id"]
    announce(settings)
    assert said(subscribers("disable", name, "--json"))["disabledFor"] == "operator"
    for words in (("--dead",), ("--since", "2026-01-01T00:00:00Z")):
        ended = subscribers("replay", name, *words)
        assert ended.exit_code == 1
        assert f"aboard subscribers enable {name}" in ended.stderr
    assert said(subscribers("enable", name, "--json"))["disabledFor"] is None
    entry = AuditEntry(datetime.now(UTC), "facts", "subscriber.change", "disabled")
    within(
        settings,
        lambda one: one.store.disable_subscriber(name, DisabledFor.GONE, one.clock(), entry),
    )
    assert "(gone)" in subscribers("list").stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_its_exit_codes(verb: str) -> None:
    ended = CliRunner().invoke(app, ["subscribers", verb, "--help"], env={"COLUMNS": "200"})
    assert ended.exit_code == 0
    assert "Exit codes" in ended.stdout
