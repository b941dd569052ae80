"""Which questions do we ask about subscribers, as SQL?

A removed one keeps its row, because what was sent there refers to it; its address is gone.

Source: ADR-0025, outgoing events.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    not_,
    null,
    or_,
    select,
    update,
)

from aboard.store.schema import deliveries, subscribers
from aboard.store.statements.compiler import Compiler

SUBSCRIBER_COLUMNS = (
    subscribers.c.id,
    subscribers.c.mode,
    subscribers.c.url,
    subscribers.c.description,
    subscribers.c.types,
    subscribers.c.created_at,
    subscribers.c.created_by,
    subscribers.c.key_id,
    subscribers.c.generation,
    subscribers.c.previous_key_id,
    subscribers.c.previous_generation,
    subscribers.c.previous_until,
    subscribers.c.disabled_at,
    subscribers.c.disabled_reason,
    subscribers.c.failing_since,
)
_REMOVED: ColumnElement[str] = literal_column("'removed'")
_PENDING: ColumnElement[str] = literal_column("'pending'")
_IS_THERE = or_(subscribers.c.disabled_reason.is_(None), subscribers.c.disabled_reason != _REMOVED)


class SubscriberStatements:
    """The SQL about who is told announcements."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_one = subscribers.c.id == bindparam("id")
        now = bindparam("now", type_=BigInteger())
        in_mode = subscribers.c.mode == bindparam("mode", type_=Text())
        others = select(func.count()).select_from(subscribers).where(in_mode, _IS_THERE)
        self.add = prepare(
            insert(subscribers).from_select(
                [
                    *("id", "mode", "url", "description", "types"),
                    *("created_at", "created_by", "key_id", "generation"),
                ],
                select(
                    bindparam("id", type_=Text()),
                    bindparam("mode", type_=Text()),
                    bindparam("url", type_=Text()),
                    bindparam("description", type_=Text()),
                    bindparam("types", type_=Text()),
                    now,
                    bindparam("created_by", type_=Text()),
                    bindparam("key_id", type_=Text()),
                    literal_column("1"),
                ).where(others.scalar_subquery() < bindparam("most", type_=Integer())),
            )
        )
        self.find = prepare(select(*SUBSCRIBER_COLUMNS).where(is_one, _IS_THERE))
        self.list_of_mode = prepare(
            select(*SUBSCRIBER_COLUMNS)
            .where(in_mode, _IS_THERE)
            .order_by(subscribers.c.created_at, subscribers.c.id)
        )
        self.change = prepare(
            update(subscribers)
            .where(is_one, _IS_THERE)
            .values(
                url=bindparam("url"),
                description=bindparam("description"),
                types=bindparam("types"),
            )
        )
        # On the condition of the generation that was seen: two at once are one rotation.
        self.rotate = prepare(
            update(subscribers)
            .where(is_one, _IS_THERE, subscribers.c.generation == bindparam("seen_generation"))
            .values(
                previous_key_id=subscribers.c.key_id,
                previous_generation=subscribers.c.generation,
                previous_until=bindparam("previous_until"),
                key_id=bindparam("key_id"),
                generation=subscribers.c.generation + literal_column("1"),
            )
        )
        self.disable = prepare(
            update(subscribers)
            .where(is_one, subscribers.c.disabled_at.is_(None))
            .values(disabled_at=now, disabled_reason=bindparam("reason"))
        )
        self.enable = prepare(
            update(subscribers)
            .where(is_one, _IS_THERE, subscribers.c.disabled_at.is_not(None))
            .values(
                disabled_at=null(), disabled_reason=null(), failing_since=null(), failed_at=null()
            )
        )
        self.remove = prepare(
            update(subscribers)
            .where(is_one, _IS_THERE)
            .values(
                url=literal_column("''"),
                description=literal_column("''"),
                disabled_at=func.coalesce(subscribers.c.disabled_at, now),
                disabled_reason=_REMOVED,
            )
        )
        self.praise = prepare(
            update(subscribers)
            .where(is_one, subscribers.c.failing_since.is_not(None))
            .values(failing_since=null(), failed_at=null())
        )
        is_in_a_row = subscribers.c.failed_at >= bindparam("forgotten_before", type_=BigInteger())
        self.blame = prepare(
            update(subscribers)
            .where(is_one)
            .values(
                failing_since=case((is_in_a_row, subscribers.c.failing_since), else_=now),
                failed_at=now,
            )
        )
        # Whom there is something to do for: to tell, or to bury what nobody is told any more. By
        # the first row of an index each: a server might answer a mere EXISTS by reading all of it.
        of_one = deliveries.c.subscriber_id == subscribers.c.id
        first_due = (
            select(deliveries.c.due_at)
            .where(of_one, deliveries.c.status == _PENDING, deliveries.c.lease.is_(None))
            .order_by(deliveries.c.due_at)
            .limit(literal_column("1"))
            .scalar_subquery()
        )
        first_lost = (
            select(deliveries.c.lease_until)
            .where(of_one, deliveries.c.lease.is_not(None))
            .order_by(deliveries.c.lease_until)
            .limit(literal_column("1"))
            .scalar_subquery()
        )
        is_told = subscribers.c.disabled_at.is_(None)
        self.list_waiting = prepare(
            select(*SUBSCRIBER_COLUMNS).where(
                in_mode,
                or_(
                    and_(is_told, first_due <= now),
                    and_(not_(is_told), first_due.is_not(None)),
                    first_lost <= now,
                ),
            )
        )
