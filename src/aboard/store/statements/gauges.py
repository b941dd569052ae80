"""Which questions do we ask about how much waits, and since when, as SQL?

Each is bounded: what would count a long queue stops at `most`, and reads an index alone or one
index's first rows. None of them waits for a writer.

Source: ADR-0026, operations.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Label,
    Select,
    Table,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)

from aboard.store.schema import account_syncs as syncs
from aboard.store.schema import announcements, deliveries, events, subscribers
from aboard.store.statements.compiler import Compiler


class GaugeStatements:
    """The SQL about queues and silence."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        revision = table("alembic_version", column("version_num", Text()))
        self.revision = prepare(select(revision.c.version_num).limit(literal_column("1")))
        waiting = (
            select(events.c.received_at)
            .where(
                events.c.mode == bindparam("mode"),
                events.c.status == bindparam("status"),
                events.c.processed_at.is_(None),
            )
            .order_by(events.c.received_at)
            .limit(_most())
            .subquery()
        )
        self.open_events = prepare(select(func.count(), func.min(waiting.c.received_at)))
        # Apart, as the two are claimed apart: each has an index of its own.
        self.rung_accounts = prepare(_due_accounts(syncs.c.rung_at.is_not(None)))
        self.scheduled_accounts = prepare(_due_accounts(syncs.c.rung_at.is_(None)))
        leased = (
            select(syncs.c.mode, syncs.c.lease_until)
            .where(syncs.c.lease.is_not(None))
            .order_by(syncs.c.lease_until)
            .limit(_most())
            .subquery()
        )
        self.leased_accounts = prepare(
            select(leased.c.mode, func.count(), func.min(leased.c.lease_until)).group_by(
                leased.c.mode
            )
        )
        pending = (
            select(_mode_of(subscribers, deliveries.c.subscriber_id), deliveries.c.due_at)
            .where(
                deliveries.c.status == literal_column("'pending'"),
                deliveries.c.lease.is_(None),
            )
            .order_by(deliveries.c.due_at)
            .limit(_most())
            .subquery()
        )
        self.pending_deliveries = prepare(
            select(pending.c.mode, func.count(), func.min(pending.c.due_at)).group_by(
                pending.c.mode
            )
        )
        dead = (
            select(_mode_of(subscribers, deliveries.c.subscriber_id))
            .where(deliveries.c.status == literal_column("'dead'"))
            .limit(_most())
            .subquery()
        )
        self.dead_deliveries = prepare(select(dead.c.mode, func.count()).group_by(dead.c.mode))
        self.disabled_subscribers = prepare(
            select(func.count()).where(
                subscribers.c.mode == bindparam("mode"), subscribers.c.disabled_at.is_not(None)
            )
        )
        # The newest of all modes and types are looked through, not every one ever told.
        newest = (
            select(announcements.c.mode, announcements.c.type, announcements.c.occurred_at)
            .order_by(announcements.c.number.desc())
            .limit(_most())
            .subquery()
        )
        self.changed_accounts = prepare(
            select(newest.c.mode, func.max(newest.c.occurred_at))
            .where(newest.c.type.in_([bindparam("readiness"), bindparam("requirements")]))
            .group_by(newest.c.mode)
        )


def _due_accounts(is_called: ColumnElement[bool]) -> Select[int, int]:
    due = (
        select(syncs.c.due_at)
        .where(
            syncs.c.mode == bindparam("mode"),
            syncs.c.lease.is_(None),
            is_called,
            syncs.c.due_at <= bindparam("now", type_=BigInteger()),
        )
        .order_by(syncs.c.due_at)
        .limit(_most())
        .subquery()
    )
    return select(func.count(), func.min(due.c.due_at))


def _mode_of(owner: Table, its_id: Column[str]) -> Label[str]:
    # Looked up row by row: of a join the server might make a walk through all of `owner`.
    return select(owner.c.mode).where(owner.c.id == its_id).scalar_subquery().label("mode")


def _most() -> ColumnElement[int]:
    return bindparam("most", type_=BigInteger())
