"""Which questions do we ask to forget what is old, as SQL? A bounded portion at a time.

On PostgreSQL a portion skips rows that somebody else holds: another worker that prunes, or a
replay. What is not deleted now is deleted with a later portion.

Source: ADR-0024, what was missed is asked for, and what is old is forgotten.
"""

from sqlalchemy import Select, bindparam, delete, exists, literal_column, select, tuple_

from aboard.store.schema import announcements, audit, deliveries, events
from aboard.store.statements.compiler import Compiler


class PruningStatements:
    """The SQL that deletes old events, announcements and audit rows."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        self.events = prepare(
            delete(events).where(tuple_(events.c.mode, events.c.id).in_(_old_events()))
        )
        old = _old_announcements()
        self.deliveries = prepare(
            delete(deliveries).where(
                deliveries.c.announcement_id.in_(old),
                deliveries.c.status != literal_column("'pending'"),
            )
        )
        # Their deliveries went a step before. Whose did not, because another worker chose other
        # rows at the same time, stays for a later portion.
        self.announcements = prepare(
            delete(announcements).where(
                announcements.c.id.in_(old),
                ~exists().where(deliveries.c.announcement_id == announcements.c.id),
            )
        )
        self.audit = prepare(
            delete(audit).where(
                audit.c.number.in_(
                    select(audit.c.number)
                    .where(audit.c.at < bindparam("before"))
                    .order_by(audit.c.at)
                    .limit(bindparam("limit"))
                    .with_for_update(skip_locked=True)
                )
            )
        )


def _old_events() -> Select[tuple[str, str]]:
    later = events.alias("later")
    # The last word of an endpoint is kept however old it is: without it the endpoint would count
    # as one that never spoke, and gates that ask for it would close.
    is_followed = exists().where(
        later.c.mode == events.c.mode,
        later.c.endpoint == events.c.endpoint,
        later.c.source == literal_column("'delivered'"),
        later.c.received_at > events.c.received_at,
    )
    return (
        select(events.c.mode, events.c.id)
        .where(
            events.c.received_at < bindparam("before"),
            events.c.status != literal_column("'pending'"),
            is_followed,
        )
        .order_by(events.c.received_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )


def _old_announcements() -> Select[tuple[str]]:
    return (
        select(announcements.c.id)
        .where(
            announcements.c.occurred_at < bindparam("before"),
            ~exists().where(
                deliveries.c.announcement_id == announcements.c.id,
                deliveries.c.status == literal_column("'pending'"),
            ),
        )
        .order_by(announcements.c.occurred_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
