"""`aboard work` told to stop: what it began is written, what it did not begin is anybody's."""

import asyncio
import json
import signal
import sqlite3
import time
import urllib.request
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import Claim, open_store
from tests.cli.commands import COMPLETE_SETTINGS, Running, running

KEY = COMPLETE_SETTINGS["ABOARD_TEST_SECRET_KEY"]
ACCOUNTS = 40
PATIENCE_SECONDS = 30


def make_account(sandbox: str) -> str:
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{sandbox}/v1/accounts",
        data=b"type=express&country=US",
        headers={"Authorization": f"Bearer {KEY}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
        account_id: str = json.loads(answer.read())["id"]
        return account_id


def make_slow(sandbox: str, seconds: int) -> None:
    form = f"operation=GET /v1/accounts/{{account}}&kind=slow&seconds={seconds}&calls=1000"
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{sandbox}/_sandbox/faults", data=form.encode()
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310 - our own address
        pass


async def make_due(database: str, account_ids: list[str]) -> None:
    store = open_store(database)
    now = datetime.now(UTC)
    for number, account_id in enumerate(account_ids):
        owner = Owner(OwnerKind.ORGANIZATION, f"org_{number}", Mode.TEST)
        account = await store.reserve_account(owner, now)
        assert await store.attach_stripe_account(account.id, account_id, now)
    await store.close()


async def claim_all(database: str) -> tuple[Claim, ...]:
    store = open_store(database)
    claims = await store.claim_due_accounts(Mode.TEST, 100, datetime.now(UTC), lease_seconds=120)
    await store.close()
    return tuple(claims)


def ask(database: str, question: str) -> int:
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        [[answer]] = connection.execute(question).fetchall()
        return int(answer)


def wait_until_reading(database: str, worker: Running) -> None:
    """Wait until it holds accounts, and is under way with some of them."""
    worker.wait_for("Working")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ask(database, "SELECT count(*) FROM account_syncs WHERE lease IS NOT NULL"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)


@pytest.fixture
def scene(database: str) -> dict[str, str]:
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database}


def test_told_to_stop_it_finishes_what_it_began_and_gives_back_the_rest(
    tmp_path: Path, database: str, scene: dict[str, str]
) -> None:
    with running("sandbox", "--port", "0", cwd=tmp_path) as sandbox:
        address = sandbox.address()
        asyncio.run(make_due(database, [make_account(address) for _ in range(ACCOUNTS)]))
        make_slow(address, 2)
        settings = {**scene, "ABOARD_TEST_API_BASE": address}
        with running("work", settings=settings, cwd=tmp_path) as worker:
            wait_until_reading(database, worker)
            told_at = time.monotonic()
            ended = worker.stop(signal.SIGTERM)
            took = time.monotonic() - told_at
    assert ended.code == 0, ended.err
    assert "Traceback" not in ended.err
    assert took < 10
    assert ask(database, "SELECT count(*) FROM account_syncs WHERE lease IS NOT NULL") == 0
    read = ask(database, "SELECT count(*) FROM accounts WHERE synced_at IS NOT NULL")
    assert 1 <= read < ACCOUNTS
    heirs = asyncio.run(claim_all(database))
    assert len(heirs) == ACCOUNTS - read
    assert {claim.attempts for claim in heirs} == {0}


def test_told_twice_it_ends_at_once(tmp_path: Path, database: str, scene: dict[str, str]) -> None:
    with running("sandbox", "--port", "0", cwd=tmp_path) as sandbox:
        address = sandbox.address()
        asyncio.run(make_due(database, [make_account(address) for _ in range(3)]))
        make_slow(address, 20)
        settings = {**scene, "ABOARD_TEST_API_BASE": address}
        with running("work", settings=settings, cwd=tmp_path) as worker:
            wait_until_reading(database, worker)
            worker.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert worker.process.poll() is None
            told_at = time.monotonic()
            ended = worker.stop(signal.SIGTERM)
            took = time.monotonic() - told_at
    assert ended.code == 0, ended.err
    assert took < 3
