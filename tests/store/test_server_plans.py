"""On a server, too, no question reads a whole table: there is an index for each.

The plans are those for any values, as a server makes them for a statement that runs often. Where
a table could only be read whole, the planner has to say so even though that is forbidden to it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from aboard.store.statements import statements_for
from aboard.store.statements.compiler import DialectName, Statement
from tests.databases import Desk

STATEMENTS = statements_for(DialectName.POSTGRESQL).every
# Read newest first and bounded by LIMIT, or holding nothing but what is open.
WHOLE_INDEXES = {"pk_audit", "ix_events_open", "ix_account_syncs_free", "ix_account_syncs_leased"}


@pytest.fixture
def planner(postgres: Desk) -> Iterator[Desk]:
    postgres.script("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
    yield postgres
    postgres.script("RESET enable_seqscan; RESET plan_cache_mode")


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def plan_of(planner: Desk, statement: Statement) -> Mapping[str, Any]:
    planner.script(f"PREPARE question AS {statement.sql}")
    values = ", ".join("NULL" for _ in statement.names)
    asked = f"EXECUTE question ({values})" if values else "EXECUTE question"
    [[answer]] = planner.run(f"EXPLAIN (FORMAT JSON) {asked}")
    planner.script("DEALLOCATE question")
    plan: Mapping[str, Any] = json.loads(answer)[0]["Plan"]
    return plan


def test_every_question_is_one_the_server_understands(planner: Desk) -> None:
    for statement in STATEMENTS:
        assert plan_of(planner, statement), statement.sql


def test_no_question_reads_a_whole_table(planner: Desk) -> None:
    for statement in STATEMENTS:
        for node in nodes(plan_of(planner, statement)):
            assert node["Node Type"] != "Seq Scan", statement.sql
            if "Index Name" in node and "Index Cond" not in node:
                assert node["Index Name"] in WHOLE_INDEXES, statement.sql


def test_the_check_would_notice(planner: Desk) -> None:
    without_index = Statement("SELECT id FROM events WHERE last_error = $1", ("error",))
    assert any(node["Node Type"] == "Seq Scan" for node in nodes(plan_of(planner, without_index)))
