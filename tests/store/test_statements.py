"""Every question is written for both dialects, and none of them reads a whole table.

That holds on a server too: tests/store/test_server_plans.py.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from aboard.store.schema import metadata
from aboard.store.statements import Statements
from aboard.store.statements.compiler import DialectName, Statement

PLACES = re.compile(r"(?<!:):(\w+)")
NUMBERS = re.compile(r"\$(\d+)")
# The audit and the announcements are read newest first and bounded by LIMIT, `due` and `lost` are a
# batch of accounts that was just found, `old` a portion, an "anon" a bounded part; the revision is
# one row; the indexes hold only what is open, dead or in somebody's hands.
MAY_SCAN = re.compile(
    r"SCAN (audit$|announcements$|alembic_version$|due$|lost$|old$|CONSTANT ROW|anon_\d+$"
    r"|\(subquery|events USING INDEX ix_events_open"
    r"|account_syncs USING INDEX ix_account_syncs_leased"
    r"|deliveries USING (COVERING )?INDEX ix_deliveries_(free|dead))"
)
# What SQLite's one writer does by grouping whole batches.
ONLY_ON_A_SERVER = {
    "events.accept_many",
    "gateway_calls.write_many",
    "gateway_calls.close_many",
}


@pytest.fixture(scope="module")
def sqlite_statements() -> Statements:
    return Statements(DialectName.SQLITE)


@pytest.fixture(scope="module")
def postgresql_statements() -> Statements:
    return Statements(DialectName.POSTGRESQL)


def test_sqlite_has_named_places(sqlite_statements: Statements) -> None:
    for statement in sqlite_statements.every:
        assert set(PLACES.findall(statement.sql)) == set(statement.names), statement.sql


def test_postgresql_has_numbered_places_in_order(postgresql_statements: Statements) -> None:
    for statement in postgresql_statements.every:
        numbers = {int(number) for number in NUMBERS.findall(statement.sql)}
        assert numbers == set(range(1, len(statement.names) + 1)), statement.sql
        assert not PLACES.findall(statement.sql), statement.sql


def by_name(statements: Statements) -> dict[str, Statement]:
    return {
        f"{noun}.{name}": statement
        for noun, questions in vars(statements).items()
        if noun != "every"
        for name, statement in vars(questions).items()
        if isinstance(statement, Statement)
    }


def test_both_dialects_want_the_same_values(
    sqlite_statements: Statements, postgresql_statements: Statements
) -> None:
    ours, theirs = by_name(sqlite_statements), by_name(postgresql_statements)
    assert len(ours) == len(sqlite_statements.every)
    assert theirs.keys() - ours.keys() == ONLY_ON_A_SERVER
    for name, statement in ours.items():
        assert set(statement.names) == set(theirs[name].names), name
        assert statement.rings == theirs[name].rings, name


def test_only_postgresql_skips_rows_that_another_worker_holds(
    sqlite_statements: Statements, postgresql_statements: Statements
) -> None:
    for name in ("take_back", "claim_share", "claim_rung", "claim_scheduled"):
        assert "FOR UPDATE SKIP LOCKED" in getattr(postgresql_statements.syncs, name).sql
        assert "FOR UPDATE" not in getattr(sqlite_statements.syncs, name).sql
    for name in ("take_back", "claim", "bury"):
        assert "FOR UPDATE SKIP LOCKED" in getattr(postgresql_statements.deliveries, name).sql
        assert "FOR UPDATE" not in getattr(sqlite_statements.deliveries, name).sql


def test_no_question_reads_a_whole_table(sqlite_file: Path, sqlite_statements: Statements) -> None:
    with closing(sqlite3.connect(sqlite_file)) as connection:
        for statement in sqlite_statements.every:
            plan = connection.execute(
                f"EXPLAIN QUERY PLAN {statement.sql}", dict.fromkeys(statement.names, 1)
            ).fetchall()
            scans = [row[3] for row in plan if "SCAN" in row[3] and not MAY_SCAN.search(row[3])]
            assert not scans, f"{scans}: {statement.sql}"


def test_nothing_is_sorted_to_find_the_latest(
    sqlite_file: Path, sqlite_statements: Statements
) -> None:
    questions = (
        sqlite_statements.accounts.find_with_onboarding,
        sqlite_statements.onboardings.find_latest,
        sqlite_statements.syncs.claim_share,
        sqlite_statements.syncs.claim_rung,
        sqlite_statements.syncs.claim_scheduled,
        sqlite_statements.records.list_audit_of_owner,
        sqlite_statements.accounts.list_waiting,
        sqlite_statements.announcements.list_of_owner,
        sqlite_statements.deliveries.claim,
        sqlite_statements.deliveries.list_dead,
        sqlite_statements.deliveries.list_of_subscriber,
        sqlite_statements.deliveries.find_portion_end,
        sqlite_statements.gateway_calls.list_recent,
        sqlite_statements.gateway_calls.list_of_caller,
        sqlite_statements.gateway_calls.list_of_account,
        sqlite_statements.gateway_calls.walk,
        sqlite_statements.gateway_callers.list_tokens,
    )
    with closing(sqlite3.connect(sqlite_file)) as connection:
        for statement in questions:
            plan = connection.execute(
                f"EXPLAIN QUERY PLAN {statement.sql}", dict.fromkeys(statement.names, 1)
            ).fetchall()
            assert not [row[3] for row in plan if "TEMP B-TREE" in row[3]], statement.sql


def test_there_is_no_column_for_a_link() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if "url" in column.name or "payload" in column.name or "secret" in column.name
    }
    assert columns == {"onboardings.return_url", "onboardings.refresh_url", "subscribers.url"}
