"""Which questions do we ask about received events, as SQL?

An event is open until a read of its account began after it was received.

Source: ADR-0006, events are doorbells.
"""

from sqlalchemy import (
    Column,
    ScalarSelect,
    Text,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    select,
    update,
)

from aboard.store.schema import accounts, events
from aboard.store.statements.compiler import Compiler
from aboard.store.statements.event_windows import (
    EVENT_COLUMNS,
    EventAgainStatements,
    EventWindowStatements,
)


class EventStatements:
    """The SQL about received events."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        self.any = EventWindowStatements(compiler, is_dead=False)
        self.dead = EventWindowStatements(compiler, is_dead=True)
        self.again = EventAgainStatements(compiler)
        stripe_account_id = bindparam("stripe_account_id", type_=Text())
        is_open_of_account = (
            (events.c.stripe_account_id == _of_account(accounts.c.stripe_account_id))
            & (events.c.mode == _of_account(accounts.c.mode))
            & events.c.processed_at.is_(None)
        )
        is_ours = exists().where(
            accounts.c.stripe_account_id == stripe_account_id,
            accounts.c.mode == bindparam("mode"),
            accounts.c.disconnected_at.is_(None),
        )
        self.accept = prepare(
            compiler.insert(events)
            .values(
                mode=bindparam("mode"),
                id=bindparam("event_id"),
                endpoint=bindparam("endpoint"),
                type=bindparam("type"),
                stripe_account_id=stripe_account_id,
                created_at=bindparam("created_at"),
                received_at=bindparam("received_at"),
                status=case(
                    (is_ours, literal_column("'pending'")), else_=literal_column("'unmatched'")
                ),
                attempts=literal_column("0"),
                source=bindparam("source"),
            )
            .on_conflict_do_nothing(index_elements=["mode", "id"])
        )
        self.process = prepare(
            update(events)
            .where(is_open_of_account, events.c.received_at <= bindparam("read_began_at"))
            .values(
                processed_at=bindparam("processed_at"),
                status=literal_column("'processed'"),
                last_error=null(),
            )
        )
        self.match = prepare(
            update(events)
            .where(is_open_of_account, events.c.status == literal_column("'unmatched'"))
            .values(status=literal_column("'pending'"))
        )
        is_pending_of_account = is_open_of_account & (
            events.c.status == literal_column("'pending'")
        )
        self.fail = prepare(
            update(events)
            .where(is_pending_of_account)
            .values(
                attempts=events.c.attempts + literal_column("1"),
                last_error=bindparam("error_code"),
            )
        )
        self.bury = prepare(
            update(events)
            .where(is_pending_of_account)
            .values(
                attempts=events.c.attempts + literal_column("1"),
                last_error=bindparam("error_code"),
                status=literal_column("'dead'"),
            )
        )
        self.find = prepare(
            select(*EVENT_COLUMNS).where(
                events.c.mode == bindparam("mode"), events.c.id == bindparam("event_id")
            )
        )
        # Only what Stripe delivered says that an endpoint is heard from.
        self.last_seen = prepare(
            select(func.max(events.c.received_at)).where(
                events.c.mode == bindparam("mode"),
                events.c.endpoint == bindparam("endpoint"),
                events.c.source == literal_column("'delivered'"),
            )
        )
        self.count_open = prepare(
            select(events.c.status, func.count())
            .where(events.c.processed_at.is_(None))
            .group_by(events.c.status)
        )


def _of_account(column: Column[str]) -> ScalarSelect[str]:
    return select(column).where(accounts.c.id == bindparam("account_id")).scalar_subquery()
