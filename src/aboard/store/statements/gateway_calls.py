"""Which questions do we ask about calls through the gateway, as SQL?

A call is counted against its caller's budget of the day, and written down, in one commit.

Source: ADR-0029, the gateway.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from aboard.store.schema import gateway_calls as calls
from aboard.store.schema import gateway_days as days
from aboard.store.statements.compiler import Compiler

CALL_COLUMNS = (
    calls.c.id,
    calls.c.at,
    calls.c.via,
    calls.c.method,
    calls.c.outcome,
    calls.c.caller_id,
    calls.c.caller_name,
    calls.c.token_hint,
    calls.c.mode,
    calls.c.operation,
    calls.c.account,
    calls.c.status,
    calls.c.upstream_status,
    calls.c.duration_ms,
    calls.c.stripe_request_id,
    calls.c.bytes_in,
    calls.c.bytes_out,
    calls.c.address,
)
_CLOSED = (
    "outcome",
    "status",
    "upstream_status",
    "duration_ms",
    "stripe_request_id",
    "bytes_in",
    "bytes_out",
)
_WRITTEN = (*(column.name for column in CALL_COLUMNS), "day", "per_day")
_NUMBERS = {
    *("at", "status", "upstream_status", "duration_ms", "bytes_in", "bytes_out"),
    *("day", "per_day"),
}


def _places(names: tuple[str, ...]) -> str:
    return ", ".join(
        f"${number}::{'bigint' if name in _NUMBERS else 'text'}[]"
        for number, name in enumerate(names, 1)
    )


# All calls that wait in a process are one round trip and one commit. A day's row is locked once for
# each group, in the order of callers, and says how many of the group still fit into the budget:
# those that came first. Where two rows disagree about a budget, the smaller one holds.
_WRITE_MANY = f"""
WITH given AS (
  SELECT *
  FROM unnest({_places(_WRITTEN)}) WITH ORDINALITY AS row ({", ".join(_WRITTEN)}, number)
), counted AS (
  SELECT number, row_number() OVER (PARTITION BY caller_id, day ORDER BY number) AS place
  FROM given WHERE per_day IS NOT NULL
), wanted AS (
  SELECT caller_id, day, count(*) AS calls, min(per_day) AS most
  FROM given WHERE per_day IS NOT NULL
  GROUP BY caller_id, day
), taken AS (
  INSERT INTO gateway_days AS days (caller_id, day, spent, spent_before, most)
  SELECT caller_id, day, least(calls, most), 0, most
  FROM wanted ORDER BY caller_id, day
  ON CONFLICT (caller_id, day) DO UPDATE SET
    spent = greatest(days.spent, least(days.spent + excluded.spent, excluded.most)),
    spent_before = days.spent,
    most = excluded.most
  RETURNING caller_id, day, spent - spent_before AS room
), fitting AS (
  SELECT given.*
  FROM given
  LEFT JOIN counted USING (number)
  LEFT JOIN taken ON taken.caller_id = given.caller_id AND taken.day = given.day
  WHERE given.per_day IS NULL OR counted.place <= taken.room
), written AS (
  INSERT INTO gateway_calls ({", ".join(column.name for column in CALL_COLUMNS)})
  SELECT {", ".join(column.name for column in CALL_COLUMNS)} FROM fitting ORDER BY id
  RETURNING id
)
SELECT number, 0 FROM written JOIN given USING (id)
"""  # noqa: S608 - names of our own columns
_CLOSE_PLACES = ("id", *_CLOSED)
_CLOSE_MANY = f"""
WITH given AS (
  SELECT *
  FROM unnest({_places(_CLOSE_PLACES)}) WITH ORDINALITY AS row ({", ".join(_CLOSE_PLACES)}, number)
), closed AS (
  UPDATE gateway_calls AS calls
  SET {", ".join(f"{name} = given.{name}" for name in _CLOSED)}
  FROM given
  WHERE calls.id = given.id
  RETURNING number
)
SELECT number, 0 FROM closed
"""  # noqa: S608 - names of our own columns


class GatewayCallStatements:
    """The SQL about calls and the budgets of days."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        first = compiler.insert(days).values(
            caller_id=bindparam("caller_id"),
            day=bindparam("day"),
            spent=literal_column("1"),
            spent_before=literal_column("0"),
            most=bindparam("per_day"),
        )
        self.spend = prepare(
            first.on_conflict_do_update(
                index_elements=["caller_id", "day"],
                set_={
                    "spent": days.c.spent + literal_column("1"),
                    "spent_before": days.c.spent,
                    "most": first.excluded.most,
                },
                where=days.c.spent < first.excluded.most,
            )
        )
        self.write = prepare(
            insert(calls).values({column.name: bindparam(column.name) for column in CALL_COLUMNS})
        )
        self.write_many = compiler.prepare_for_many(_WRITE_MANY, _WRITTEN)
        is_one = calls.c.id == bindparam("id")
        self.close = prepare(
            update(calls).where(is_one).values({name: bindparam(name) for name in _CLOSED})
        )
        self.close_many = compiler.prepare_for_many(_CLOSE_MANY, _CLOSE_PLACES)
        self.find = prepare(select(*CALL_COLUMNS).where(is_one))
        self.find_spent = prepare(
            select(days.c.spent).where(
                days.c.caller_id == bindparam("caller_id"), days.c.day == bindparam("day")
            )
        )
        self.forget_days = prepare(
            delete(days).where(days.c.day < bindparam("day", type_=Integer()))
        )
        self._prepare_lists(compiler)
        old = (
            select(calls.c.id)
            .where(calls.c.at < bindparam("before"))
            .order_by(calls.c.at)
            .limit(bindparam("limit"))
            .with_for_update(skip_locked=True)
            .cte("old", nesting=True)
            .prefix_with("MATERIALIZED")
        )
        self.prune = prepare(delete(calls).where(calls.c.id.in_(select(old.c.id))))

    def _prepare_lists(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        newest = _newest_first()
        self.list_recent = prepare(newest.where(_is_wanted()))
        self.list_of_caller = prepare(
            newest.where(calls.c.caller_id == bindparam("caller_id"), _is_wanted())
        )
        self.list_of_account = prepare(
            newest.where(calls.c.account == bindparam("account"), _is_wanted())
        )
        key = tuple_(bindparam("key_at", type_=BigInteger()), bindparam("key_id", type_=Text()))
        self.walk = prepare(
            select(*CALL_COLUMNS)
            .where(
                calls.c.at >= bindparam("since", type_=BigInteger()),
                calls.c.at < bindparam("before", type_=BigInteger()),
                tuple_(calls.c.at, calls.c.id) > key,
                _is(calls.c.mode, "mode"),
                _is(calls.c.caller_id, "caller_id"),
                _is(calls.c.account, "account"),
                _is(calls.c.outcome, "outcome"),
            )
            .order_by(calls.c.at, calls.c.id)
            .limit(bindparam("limit", type_=BigInteger()))
        )


def _newest_first() -> Select[Any]:
    key = tuple_(bindparam("key_at", type_=BigInteger()), bindparam("key_id", type_=Text()))
    return (
        select(*CALL_COLUMNS)
        .where(
            calls.c.at >= bindparam("since", type_=BigInteger()),
            calls.c.at < bindparam("before", type_=BigInteger()),
            tuple_(calls.c.at, calls.c.id) < key,
        )
        .order_by(calls.c.at.desc(), calls.c.id.desc())
        .limit(bindparam("limit", type_=BigInteger()))
    )


def _is_wanted() -> ColumnElement[bool]:
    return and_(
        _is(calls.c.mode, "mode"),
        _is(calls.c.outcome, "outcome"),
        _is(calls.c.caller_id, "caller_id"),
        _is(calls.c.account, "account"),
    )


def _is(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    wanted = bindparam(name, type_=Text())
    return or_(wanted.is_(None), column == wanted)
