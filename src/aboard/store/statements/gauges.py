"""Which questions do we ask about how much waits, and since when, as SQL?

Each is bounded: what would count a long queue stops at `most`, and reads an index alone or one
index's first rows. None of them waits for a writer.

Source: ADR-0026, operations.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)

from aboard.store.schema import account_syncs as syncs
from aboard.store.schema import accounts, announcements, deliveries, events, subscribers
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
        self.due_accounts = prepare(
            _by_mode_of_account(
                syncs.c.due_at,
                syncs.c.lease.is_(None) & (syncs.c.due_at <= bindparam("now", type_=BigInteger())),
            )
        )
        self.leased_accounts = prepare(
            _by_mode_of_account(syncs.c.lease_until, syncs.c.lease.is_not(None))
        )
        pending = (
            select(deliveries.c.subscriber_id, deliveries.c.due_at)
            .where(
                deliveries.c.status == literal_column("'pending'"),
                deliveries.c.lease.is_(None),
            )
            .order_by(deliveries.c.due_at)
            .limit(_most())
            .subquery()
        )
        self.pending_deliveries = prepare(
            select(subscribers.c.mode, func.count(), func.min(pending.c.due_at))
            .join_from(pending, subscribers, subscribers.c.id == pending.c.subscriber_id)
            .group_by(subscribers.c.mode)
        )
        dead = (
            select(deliveries.c.subscriber_id)
            .where(deliveries.c.status == literal_column("'dead'"))
            .limit(_most())
            .subquery()
        )
        self.dead_deliveries = prepare(
            select(subscribers.c.mode, func.count())
            .join_from(dead, subscribers, subscribers.c.id == dead.c.subscriber_id)
            .group_by(subscribers.c.mode)
        )
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


def _by_mode_of_account(
    when: ColumnElement[int | None], which: ColumnElement[bool]
) -> Select[tuple[str, int, int]]:
    first = (
        select(syncs.c.account_id, when.label("at"))
        .where(which)
        .order_by(when)
        .limit(_most())
        .subquery()
    )
    return (
        select(accounts.c.mode, func.count(), func.min(first.c["at"]))
        .join_from(first, accounts, accounts.c.id == first.c.account_id)
        .group_by(accounts.c.mode)
    )


def _most() -> ColumnElement[int]:
    return bindparam("most", type_=BigInteger())
