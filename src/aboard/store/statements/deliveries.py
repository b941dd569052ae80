"""Which questions do we ask about deliveries, as SQL?

`due_at` is the queue and the retry schedule in one column, as with accounts.

Source: ADR-0025, outgoing events.
"""

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    Text,
    Update,
    UpdateBase,
    and_,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)

from aboard.store.schema import announcements, deliveries, subscribers
from aboard.store.statements.announcements import ANNOUNCEMENT_COLUMNS
from aboard.store.statements.compiler import Compiler

DELIVERY_COLUMNS = (
    deliveries.c.number,
    deliveries.c.announcement_id,
    deliveries.c.subscriber_id,
    announcements.c.type,
    announcements.c.occurred_at,
    deliveries.c.status,
    deliveries.c.due_at,
    deliveries.c.attempts,
    deliveries.c.attempted_at,
    deliveries.c.delivered_at,
    deliveries.c.answered,
    deliveries.c.last_error,
)
_INTO = ["announcement_id", "subscriber_id", "status", "due_at", "attempts"]
_PENDING: ColumnElement[str] = literal_column("'pending'")
_DEAD: ColumnElement[str] = literal_column("'dead'")
_DELIVERED: ColumnElement[str] = literal_column("'delivered'")
_NONE: ColumnElement[int] = literal_column("0")
_ONE_MORE = deliveries.c.attempts + literal_column("1")
_NOBODY = {"lease": null(), "lease_until": null()}
_AGAIN = {"status": _PENDING, "attempts": _NONE, "delivered_at": null(), **_NOBODY}


class DeliveryStatements:
    """The SQL about what is sent to whom."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        self._prepare_telling(compiler)
        self._prepare_work(compiler)
        self._prepare_replay(compiler)
        self._prepare_reading(compiler)

    def _prepare_telling(self, compiler: Compiler) -> None:
        wants = or_(
            subscribers.c.types.is_(None),
            subscribers.c.types.like(bindparam("wanted", type_=Text())),
        )
        # Part of the batch that writes the announcement.
        self.tell = compiler.prepare(
            compiler.insert(deliveries).from_select(
                _INTO,
                select(
                    bindparam("id", type_=Text()),
                    subscribers.c.id,
                    _PENDING,
                    bindparam("occurred_at", type_=BigInteger()),
                    _NONE,
                ).where(
                    subscribers.c.mode == bindparam("mode"),
                    subscribers.c.disabled_at.is_(None),
                    wants,
                ),
            )
        )

    def _prepare_work(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        now = bindparam("now", type_=BigInteger())
        is_theirs = deliveries.c.subscriber_id == bindparam("subscriber_id")
        is_held = and_(
            deliveries.c.number == bindparam("number"), deliveries.c.lease == bindparam("lease")
        )
        # A lease that ran out counts: what kills its worker every time dies too.
        lost = select(deliveries.c.number).where(
            is_theirs, deliveries.c.lease.is_not(None), deliveries.c.lease_until <= now
        )
        self.take_back = prepare(
            _update_free(lost).values(
                attempts=_ONE_MORE, last_error=literal_column("'lease_lost'"), **_NOBODY
            )
        )
        is_free = and_(is_theirs, deliveries.c.status == _PENDING, deliveries.c.lease.is_(None))
        free = select(deliveries.c.number).where(is_free)
        due = free.where(deliveries.c.due_at <= now).order_by(
            deliveries.c.due_at, deliveries.c.number
        )
        self.claim = prepare(
            _update_free(due.limit(bindparam("limit"))).values(
                lease=bindparam("lease"), lease_until=bindparam("lease_until")
            )
        )
        self.list_claimed = prepare(
            select(deliveries.c.number, deliveries.c.attempts, *ANNOUNCEMENT_COLUMNS)
            .join_from(
                deliveries, announcements, announcements.c.id == deliveries.c.announcement_id
            )
            .where(is_theirs, deliveries.c.lease == bindparam("lease"))
            .order_by(deliveries.c.due_at, deliveries.c.number)
        )
        tried = {
            "attempts": _ONE_MORE,
            "attempted_at": bindparam("attempted_at"),
            "answered": bindparam("answered"),
            **_NOBODY,
        }
        self.finish = prepare(
            update(deliveries)
            .where(is_held)
            .values(
                status=_DELIVERED,
                due_at=null(),
                delivered_at=bindparam("attempted_at", type_=BigInteger()),
                last_error=null(),
                **tried,
            )
        )
        self.postpone = prepare(
            update(deliveries)
            .where(is_held)
            .values(due_at=bindparam("due_at"), last_error=bindparam("error"), **tried)
        )
        self.give_up = prepare(
            update(deliveries)
            .where(is_held)
            .values(status=_DEAD, due_at=null(), last_error=bindparam("error"), **tried)
        )
        self.give_back = prepare(update(deliveries).where(is_held).values(**_NOBODY))
        portion = free.order_by(deliveries.c.due_at).limit(bindparam("portion"))
        # Answers with rows, because no driver counts those of an update that begins with a query.
        self.bury = prepare(
            _update_free(portion)
            .values(status=_DEAD, due_at=null(), last_error=bindparam("error"))
            .returning(deliveries.c.number)
        )

    def _prepare_replay(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        now = bindparam("now", type_=BigInteger())
        subscriber_id = bindparam("subscriber_id", type_=Text())
        since = bindparam("since", type_=BigInteger())
        until = bindparam("until", type_=BigInteger())
        is_theirs = deliveries.c.subscriber_id == subscriber_id
        self.list_dead = prepare(
            select(deliveries.c.number)
            .where(
                is_theirs,
                deliveries.c.status == _DEAD,
                deliveries.c.number > bindparam("after"),
            )
            .order_by(deliveries.c.number)
            .limit(bindparam("portion"))
        )
        self.revive = prepare(
            update(deliveries)
            .where(
                is_theirs,
                deliveries.c.status == _DEAD,
                deliveries.c.number > bindparam("after"),
                deliveries.c.number <= bindparam("last"),
            )
            .values(due_at=now, **_AGAIN),
            rings=True,
        )
        in_window = and_(
            announcements.c.mode == bindparam("mode"),
            announcements.c.occurred_at >= since,
            announcements.c.occurred_at < until,
        )
        self.find_portion_end = prepare(
            select(announcements.c.occurred_at)
            .where(in_window)
            .order_by(announcements.c.occurred_at)
            .limit(literal_column("1"))
            .offset(bindparam("skip"))
        )
        self.replay_window = prepare(
            _tell_again(compiler, in_window, subscriber_id, now), rings=True
        )
        is_one = and_(
            announcements.c.id == bindparam("announcement_id"),
            announcements.c.mode == subscribers.c.mode,
        )
        self.replay_one = prepare(_tell_again(compiler, is_one, subscriber_id, now), rings=True)

    def _prepare_reading(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        is_theirs = deliveries.c.subscriber_id == bindparam("subscriber_id")
        status = bindparam("status", type_=Text())
        self.list_of_subscriber = prepare(
            select(*DELIVERY_COLUMNS)
            .join_from(
                deliveries, announcements, announcements.c.id == deliveries.c.announcement_id
            )
            .where(
                is_theirs,
                deliveries.c.number < bindparam("before"),
                or_(status.is_(None), deliveries.c.status == status),
            )
            .order_by(deliveries.c.number.desc())
            .limit(bindparam("limit"))
        )
        count = select(func.count()).select_from(deliveries)
        self.count_waiting = prepare(
            count.where(is_theirs, deliveries.c.status == _PENDING, deliveries.c.lease.is_(None))
        )
        self.count_leased = prepare(count.where(is_theirs, deliveries.c.lease.is_not(None)))
        self.count_dead = prepare(count.where(is_theirs, deliveries.c.status == _DEAD))


def _update_free(which: Select[tuple[int]]) -> Update:
    """Update the chosen rows that nobody else holds at this moment."""
    # As a subquery it could be run again for each row, each time for other rows.
    due = which.with_for_update(skip_locked=True).cte("due")
    return update(deliveries).where(deliveries.c.number.in_(select(due.c.number)))


def _tell_again(
    compiler: Compiler,
    which: ColumnElement[bool],
    subscriber_id: BindParameter[str],
    now: BindParameter[int],
) -> UpdateBase:
    """Make what a subscriber wants among some announcements due, sent before or not.

    What is under way just now is left alone.
    """
    wants = or_(
        subscribers.c.types.is_(None),
        subscribers.c.types.like(
            literal_column("'%\"'").concat(announcements.c.type).concat(literal_column("'\"%'"))
        ),
    )
    wanted = (
        select(announcements.c.id, subscriber_id, _PENDING, now, _NONE)
        .select_from(announcements)
        .join(subscribers, subscribers.c.id == subscriber_id)
        .where(which, subscribers.c.disabled_at.is_(None), wants)
    )
    again = compiler.insert(deliveries).from_select(_INTO, wanted)
    return again.on_conflict_do_update(
        index_elements=["announcement_id", "subscriber_id"],
        set_={"due_at": again.excluded.due_at, "last_error": null(), **_AGAIN},
        where=deliveries.c.lease.is_(None),
    )
