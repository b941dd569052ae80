"""Which questions do we ask to forget what is old, as SQL? A bounded portion at a time.

On PostgreSQL a portion skips rows that somebody else holds: another worker that prunes, or a
replay. What is not deleted now is deleted with a later portion.

Source: ADR-0024, what was missed is asked for, and what is old is forgotten.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
    tuple_,
)

from aboard.core.owner import Mode
from aboard.store.schema import announcements, audit, deliveries, events
from aboard.store.statements.compiler import Compiler

ENDPOINTS = ("platform", "connect")


class PruningStatements:
    """The SQL that deletes old events, announcements and audit rows."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        old_events = _once(_old_events())
        self.events = prepare(
            delete(events).where(
                tuple_(events.c.mode, events.c.id).in_(select(old_events.c.mode, old_events.c.id))
            )
        )
        old = _once(_old_announcements())
        self.deliveries = prepare(
            delete(deliveries).where(
                deliveries.c.announcement_id.in_(select(old.c.id)),
                deliveries.c.status != literal_column("'pending'"),
            )
        )
        # Their deliveries went a step before. Whose did not, because another worker chose other
        # rows at the same time, stays for a later portion.
        self.announcements = prepare(
            delete(announcements).where(
                announcements.c.id.in_(select(old.c.id)),
                _deliveries_of_it() == literal_column("0"),
            )
        )
        old_audit = _once(
            select(audit.c.number)
            .where(audit.c.at < bindparam("before"))
            .order_by(audit.c.at)
            .limit(bindparam("limit"))
            .with_for_update(skip_locked=True)
        )
        self.audit = prepare(delete(audit).where(audit.c.number.in_(select(old_audit.c.number))))


def _once(chosen: Select[Any]) -> CTE:
    # Within a statement that is planned anew, PostgreSQL could else choose a portion twice.
    return chosen.cte("old", nesting=True).prefix_with("MATERIALIZED")


def _old_events() -> Select[tuple[str, str]]:
    # The last word of an endpoint is kept however old it is: without it the endpoint would count
    # as one that never spoke, and gates that ask for it would close.
    before = bindparam("before", type_=BigInteger())
    last = case(
        *(
            (
                and_(
                    events.c.mode == literal_column(f"'{mode}'"),
                    events.c.endpoint == literal_column(f"'{endpoint}'"),
                ),
                bindparam(last_word_of(mode, endpoint), type_=BigInteger()),
            )
            for mode in Mode
            for endpoint in ENDPOINTS
        )
    )
    return (
        select(events.c.mode, events.c.id)
        .where(
            events.c.received_at < before,
            events.c.status != literal_column("'pending'"),
            events.c.received_at < func.coalesce(last, before),
        )
        .order_by(events.c.received_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )


def last_word_of(mode: str, endpoint: str) -> str:
    """Return the name of the place for when an endpoint was last delivered an event."""
    return f"last_{mode}_{endpoint}"


def _deliveries_of_it(*such: ColumnElement[bool]) -> ScalarSelect[int]:
    # Counted, there are at most as many as subscribers; a join would read those of all.
    return (
        select(func.count())
        .where(deliveries.c.announcement_id == announcements.c.id, *such)
        .select_from(deliveries)
        .correlate(announcements)
        .scalar_subquery()
    )


def _old_announcements() -> Select[tuple[str]]:
    return (
        select(announcements.c.id)
        .where(
            announcements.c.occurred_at < bindparam("before"),
            _deliveries_of_it(deliveries.c.status == literal_column("'pending'"))
            == literal_column("0"),
        )
        .order_by(announcements.c.occurred_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
