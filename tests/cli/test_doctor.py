"""`aboard doctor`: each thing that can be wrong is named, with what to do next."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aboard.cli.commands import app
from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import Consequences, Endpoint, Store, open_store
from tests.cli.commands import COMPLETE_SETTINGS
from tests.flows.redis_server import free_port
from tests.store.rows import attached, rang, wrote

NOW = datetime.now(UTC)
Examine = Callable[..., Result]


@contextmanager
def stripe_that_says(
    status: int, body: bytes = b"{}", *, at: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[str]:
    """Stand in Stripe's place with one answer for everything; give the address."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            self.send_header("Date", format_datetime(at(), usegmt=True))
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Request-Id", "req_words")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def examine(database: str, sandbox: str) -> Examine:
    def run(*words: str, **settings: str) -> Result:
        given = {f"ABOARD_{name}": value for name, value in settings.items()}
        return CliRunner().invoke(
            app,
            ["doctor", *words],
            env={
                **COMPLETE_SETTINGS,
                "ABOARD_DATABASE": database,
                "ABOARD_TEST_API_BASE": sandbox,
                **given,
            },
        )

    return run


def ask_store(database: str, question: Callable[[Store], object]) -> None:
    async def ask() -> None:
        store = open_store(database)
        try:
            await question(store)  # type: ignore[misc]  # every question is awaitable
        finally:
            await store.close()

    asyncio.run(ask())


async def link_account(store: Store) -> None:
    account = await store.reserve_account(Owner(OwnerKind.CREATOR, "user_1", Mode.TEST), NOW)
    await store.attach_stripe_account(account.id, "acct_words", NOW)


def heard(endpoint: Endpoint, at: datetime) -> Callable[[Store], object]:
    return lambda store: store.accept_event(
        f"evt_{endpoint}",
        endpoint=endpoint,
        mode=Mode.TEST,
        type="account.updated",
        stripe_account_id=None,
        created_at=at,
        received_at=at,
    )


def test_a_healthy_installation_is_fine(examine: Examine) -> None:
    ended = examine()
    assert ended.exit_code == 0, ended.stdout
    assert "All is well." in ended.stdout
    for words in ("settings", "database", "secret key of acct_", "agrees with Stripe's"):
        assert words in ended.stdout
    assert "platform endpoint" in ended.stdout
    assert "has never spoken; there is no connected account yet" in ended.stdout


def test_the_document_says_the_same(examine: Examine) -> None:
    ended = examine("--json")
    document = json.loads(ended.stdout)
    assert document["ok"] is True
    names = [finding["name"] for finding in document["findings"]]
    assert names[:4] == ["settings", "database", "test key", "test clock"]
    assert {finding["mark"] for finding in document["findings"]} == {"good", "note"}


def test_refused_settings_are_findings_of_the_document(examine: Examine) -> None:
    ended = examine("--json", PORT="many")
    assert ended.exit_code == 2
    document = json.loads(ended.stdout)
    assert document["ok"] is False
    assert [finding["name"] for finding in document["findings"]] == ["ABOARD_PORT"]


def test_a_database_without_tables_is_told(examine: Examine, tmp_path: Path) -> None:
    ended = examine(DATABASE=str(tmp_path / "nothing.sqlite3"))
    assert ended.exit_code == 1
    assert "Next: Run `aboard migrate`." in ended.stdout
    assert "1 to repair." in ended.stdout


def test_a_stripe_that_is_away_is_told(examine: Examine) -> None:
    ended = examine(TEST_API_BASE="http://127.0.0.1:1")
    assert ended.exit_code == 1
    assert "no usable answer from http://127.0.0.1:1 (connection)" in ended.stdout
    assert "Is ABOARD_TEST_API_BASE right" in ended.stdout


@pytest.mark.parametrize(
    ("status", "body", "key", "told", "code"),
    [
        (401, b'{"error": {"type": "invalid_request_error"}}', "sk", "does not know it", 1),
        (403, b'{"error": {"type": "invalid_request_error"}}', "rk", "may not read", 0),
        (400, b'{"error": {"type": "x", "code": "words"}}', "sk", "refused with 400 (words)", 1),
        (200, b"<html>", "sk", "no usable answer", 1),
        (200, b'{"id": 1}', "sk", "no usable answer", 1),
        (500, b"{}", "sk", "no usable answer", 1),
    ],
)
def test_every_answer_to_the_key_has_words(
    examine: Examine, status: int, body: bytes, key: str, told: str, code: int
) -> None:
    with stripe_that_says(status, body) as address:
        ended = examine(TEST_API_BASE=address, TEST_SECRET_KEY=f"{key}_test_aboard_words")
    assert told in ended.stdout
    assert ended.exit_code == code
    assert "aboard_words" not in ended.stdout


@pytest.mark.parametrize(
    ("seconds", "told", "code"),
    [(0, "agrees with Stripe's", 0), (-20, "seconds away", 0), (400, "seconds away", 1)],
)
def test_a_clock_that_differs_is_told(examine: Examine, seconds: int, told: str, code: int) -> None:
    with stripe_that_says(
        200, b'{"id": "acct_words"}', at=lambda: datetime.now(UTC) + timedelta(seconds=seconds)
    ) as address:
        ended = examine(TEST_API_BASE=address)
    assert told in ended.stdout
    assert ended.exit_code == code


def test_a_silent_connect_endpoint_is_wrong_once_there_are_accounts(
    examine: Examine, database: str
) -> None:
    ask_store(database, link_account)
    ended = examine()
    assert ended.exit_code == 1
    assert "has never spoken, though there are connected accounts" in ended.stdout
    assert "http://localhost:4242/v1/webhooks/stripe/connect" in ended.stdout


def test_an_endpoint_that_spoke_is_told_with_the_time(examine: Examine, database: str) -> None:
    ask_store(database, link_account)
    ask_store(database, heard("connect", NOW - timedelta(hours=3)))
    ask_store(database, heard("platform", NOW - timedelta(days=9)))
    ended = examine()
    assert ended.exit_code == 0, ended.stdout
    assert "last spoke 3 hours ago" in ended.stdout
    assert "last spoke 9 days ago" in ended.stdout
    assert "failed deliveries" in ended.stdout


def test_webhooks_that_are_switched_off_are_noted(examine: Examine) -> None:
    ended = examine(WEBHOOKS="false")
    assert ended.exit_code == 0
    assert "switched off" in ended.stdout


def test_a_live_key_on_this_machine_is_told(examine: Examine) -> None:
    with stripe_that_says(200, b'{"id": "acct_words"}') as address:
        ended = examine(
            LIVE_SECRET_KEY="sk_live_aboard_words",
            LIVE_API_BASE=address,
            LIVE_PLATFORM_WEBHOOK_SECRETS="whsec_words",
            LIVE_CONNECT_WEBHOOK_SECRETS="whsec_other_words",
        )
    assert ended.exit_code == 1
    assert "is this machine, and there is a live key" in ended.stdout
    assert "no https among them" in ended.stdout


def test_a_key_of_another_platform_is_told_with_both_and_the_ways_on(
    examine: Examine, database: str
) -> None:
    ask_store(database, lambda store: store.learn_platform_account(Mode.TEST, "acct_former", NOW))
    ended = examine()
    assert ended.exit_code == 1
    assert "but this mode belongs to acct_former" in ended.stdout
    assert "Put the key of acct_former back" in ended.stdout
    assert "aboard accept --mode test" in ended.stdout


def test_a_key_of_the_known_platform_is_fine(examine: Examine, database: str) -> None:
    ask_store(database, lambda store: store.learn_platform_account(Mode.TEST, "acct_words", NOW))
    with stripe_that_says(200, b'{"id": "acct_words"}') as address:
        ended = examine(TEST_API_BASE=address)
    assert ended.exit_code == 0
    assert "secret key of acct_words" in ended.stdout


def test_a_key_that_may_not_say_whose_it_is_should_be_let(examine: Examine, database: str) -> None:
    ask_store(database, lambda store: store.learn_platform_account(Mode.TEST, "acct_words", NOW))
    with stripe_that_says(403, b'{"error": {"type": "invalid_request_error"}}') as address:
        ended = examine(TEST_API_BASE=address, TEST_SECRET_KEY="rk_test_aboard_words")
    assert ended.exit_code == 0
    assert "are not believed to be until then" in ended.stdout


async def change_account(store: Store, at: datetime) -> None:
    account = await attached(store)
    told = Consequences(announcements=(Announcement(AnnouncementType.READINESS_CHANGED),))
    await wrote(store, account, at, consequences=told)


def test_an_endpoint_that_is_silent_while_accounts_change_is_wrong(
    examine: Examine, database: str
) -> None:
    ask_store(database, heard("connect", NOW - timedelta(hours=30)))
    ask_store(database, lambda store: change_account(store, NOW - timedelta(hours=2)))
    ended = examine()
    assert ended.exit_code == 1
    assert "last spoke 30 hours ago, though an account changed 2 hours ago" in ended.stdout
    assert "`aboard events catch-up --mode test` asks for what was missed" in ended.stdout


def test_an_event_that_waits_means_that_nobody_works(examine: Examine, database: str) -> None:
    ask_store(database, link_account)
    ring = rang_at(datetime.now(UTC) - timedelta(minutes=9))
    ask_store(database, ring)
    ended = examine()
    assert ended.exit_code == 1
    assert "1 wait, the first since 9 minutes" in ended.stdout
    assert "Is `aboard serve` or `aboard work` running?" in ended.stdout


def test_an_event_that_just_came_is_only_noted(examine: Examine, database: str) -> None:
    ask_store(database, link_account)
    ask_store(database, rang_at(datetime.now(UTC)))
    ended = examine()
    assert ended.exit_code == 0, ended.stdout
    assert "1 wait, the first since" in ended.stdout


def test_dead_letters_are_told_with_the_ways_to_see_and_to_replay_them(
    examine: Examine, database: str
) -> None:
    async def bury(store: Store) -> None:
        await link_account(store)
        await rang_at(NOW)(store)  # type: ignore[misc]  # every question is awaitable
        [claim] = await store.claim_due_accounts(Mode.TEST, 1, NOW, lease_seconds=60)
        await store.give_up_sync(claim, "words", next_sync_at=None)

    ask_store(database, bury)
    ended = examine()
    assert ended.exit_code == 1
    assert "1 could not be processed" in ended.stdout
    assert "`aboard events replay --mode test --status dead`" in ended.stdout


def test_accounts_that_nobody_reads_are_told(examine: Examine, database: str) -> None:
    async def link_long_ago(store: Store) -> None:
        ada = Owner(OwnerKind.CREATOR, "user_1", Mode.TEST)
        long_ago = NOW - timedelta(hours=5)
        account = await store.reserve_account(ada, long_ago)
        await store.attach_stripe_account(account.id, "acct_words", long_ago)

    ask_store(database, link_long_ago)
    assert "1 are due, the first since 5 hours" in examine().stdout


def test_a_redis_that_is_away_is_told_without_its_password(examine: Examine) -> None:
    ended = examine(REDIS_URL=f"redis://:redis-words@127.0.0.1:{free_port()}/0")
    assert ended.exit_code == 1
    assert "each process counts calls alone" in ended.stdout
    assert "redis-words" not in ended.stdout


def rang_at(at: datetime) -> Callable[[Store], object]:
    return lambda store: rang(store, "evt_words", at, stripe_account_id="acct_words")
