"""`aboard move`: everything that was in the file is on the server, or nothing is."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aboard.cli.commands import app
from aboard.core.creator import Creator
from aboard.core.lending.callers import GatewayCaller, TokenRecord
from aboard.core.lending.calls import Call, Via
from aboard.core.lending.credentials import Credential
from aboard.core.owner import Mode
from aboard.store import AuditEntry, Store, migrate, open_store
from aboard.store.schema import metadata
from tests.cli.commands import COMPLETE_SETTINGS
from tests.databases import Desk
from tests.store.rows import ADA, NOW, after, attached, found, onboarding_of, rang, wrote

LENT = Credential("gwk_1", Mode.LIVE, "default", 3, "abcd", True, NOW, "ana", "a1.k1.b.c")


def move(file: object, address: str, *words: str) -> Result:
    settings = {**COMPLETE_SETTINGS, "ABOARD_DATABASE": address}
    return CliRunner().invoke(app, ["move", str(file), *words], env=settings)


async def fill(address: str) -> None:
    store = open_store(address)
    account = await attached(store)
    await wrote(store, account, after(1), word="whole")
    await onboarding_of(store, account, "onb_1")
    await rang(store, "evt_1", after(2))
    await store.create_creator("cr_1", "user-1", NOW, bio="a\0b \u2603")
    await store.append_audit(AuditEntry(NOW, "ana", "gate.open", "opened", ADA))
    caller = GatewayCaller("gwc_1", "shop", NOW, "ana", owners=frozenset({"creator:ada"}))
    audit = AuditEntry(NOW, "ana", "gate.open", "opened", ADA)
    assert await store.add_gateway_caller(caller, audit)
    token = TokenRecord("gwt_1", "gwc_1", Mode.TEST, "digest", "test...abcd", NOW)
    assert await store.add_gateway_token(token, audit)
    assert await store.add_credential(LENT, audit)
    call = Call("req_1", NOW, Via.PROXY, "GET", "open", "gwc_1")
    assert await store.write_call(call, per_day=3)
    await store.close()


def rows_of(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as file:
        return {
            name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - own schema
            for name in metadata.tables
        }


async def look(store: Store) -> None:
    account = await found(store)
    assert account.snapshot is not None
    assert account.snapshot.requirements.currently_due == ("whole",)
    assert await store.find_raw_document(account.id) == b'{"id": "raw"}'
    assert await store.find_creator("cr_1") == Creator(
        "cr_1", "user-1", NOW, None, "a\ufffdb \u2603", NOW
    )
    assert [
        claim.account.id
        for claim in await store.claim_due_accounts(Mode.TEST, 5, after(9), lease_seconds=9)
    ] == [account.id]
    known = await store.find_borrower("digest")
    assert known is not None
    assert known.caller.owners == frozenset({"creator:ada"})
    assert await store.find_credential(Mode.LIVE, "default") == LENT
    assert await store.find_call("req_1") is not None
    assert await store.count_spent("gwc_1", NOW) == 1
    # New rows get numbers of their own.
    await store.append_audit(AuditEntry(after(5), "ana", "gate.close", "closed", ADA))
    assert [entry.action for entry in await store.list_audit()] == [
        "gate.close",
        *["gate.open"] * 4,
    ]
    await store.close()


def test_everything_comes_along(sqlite_file: Path, postgres: Desk) -> None:
    asyncio.run(fill(str(sqlite_file)))
    ended = move(sqlite_file, postgres.address, "--json")
    assert ended.exit_code == 0, ended.output
    told = json.loads(ended.stdout)
    assert told["rows"] == rows_of(sqlite_file)
    assert sum(told["rows"].values()) >= 6
    asyncio.run(look(open_store(postgres.address)))


def test_nothing_is_mixed_with_what_is_there(sqlite_file: Path, postgres: Desk) -> None:
    asyncio.run(fill(str(sqlite_file)))
    assert move(sqlite_file, postgres.address).exit_code == 0
    ended = move(sqlite_file, postgres.address)
    assert ended.exit_code == 1
    assert "already" in ended.stderr
    assert "Next: Move into an empty one." in ended.stderr
    assert postgres.run("SELECT count(*) FROM events") == [(1,)]


def test_a_row_that_does_not_fit_leaves_nothing_behind(sqlite_file: Path, postgres: Desk) -> None:
    asyncio.run(fill(str(sqlite_file)))
    with closing(sqlite3.connect(sqlite_file)) as file:
        file.execute("UPDATE audit SET at = 'not a number'")
        file.commit()
    assert move(sqlite_file, postgres.address).exit_code != 0
    assert postgres.run("SELECT count(*) FROM accounts") == [(0,)]


@pytest.mark.parametrize("name", ["absent.db", "empty.db"])
def test_a_file_without_tables_is_told(tmp_path: Path, postgres: Desk, name: str) -> None:
    (tmp_path / "empty.db").touch()
    ended = move(tmp_path / name, postgres.address)
    assert ended.exit_code == 1
    assert "aboard migrate" in ended.stderr


def test_a_file_is_no_place_to_move_to(sqlite_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    migrate(str(other))
    ended = move(sqlite_file, str(other))
    assert ended.exit_code == 2
    assert "ABOARD_DATABASE" in ended.stderr
