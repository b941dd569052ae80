"""Which questions do we ask about many events at once, as SQL? To list, to walk, to ring again.

A walk goes by the key (when received, mode, id), so that rows that change or come meanwhile move
nobody's place. Each question exists twice: dead letters have an index of their own, which the
database uses only where the status stands in the statement itself.

Source: ADR-0024, what was missed is asked for, and what is old is forgotten.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    Update,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    update,
)

from aboard.store.schema import account_syncs as syncs
from aboard.store.schema import accounts, events
from aboard.store.statements.compiler import Compiler

EVENT_COLUMNS = (
    events.c.id,
    events.c.mode,
    events.c.endpoint,
    events.c.type,
    events.c.stripe_account_id,
    events.c.created_at,
    events.c.received_at,
    events.c.processed_at,
    events.c.status,
    events.c.attempts,
    events.c.last_error,
    events.c.source,
)
_KEY = (events.c.received_at, events.c.mode, events.c.id)
_OPTIONAL = ("mode", "endpoint", "stripe_account_id", "type")
_AGAIN = {
    "status": literal_column("'pending'"),
    "processed_at": null(),
    "attempts": literal_column("0"),
    "last_error": null(),
}


class EventWindowStatements:
    """The SQL about the events that a filter names, within a time."""

    def __init__(self, compiler: Compiler, *, is_dead: bool) -> None:
        """Compile all of it: for dead letters alone, or for any status."""
        prepare = compiler.prepare
        which = _which(is_dead=is_dead)
        newest_first = [column.desc() for column in _KEY]
        self.list_recent = prepare(
            select(*EVENT_COLUMNS)
            .where(which, tuple_(*_KEY) < _key_named("key"))
            .order_by(*newest_first)
            .limit(bindparam("limit"))
        )
        self.walk = prepare(
            select(*EVENT_COLUMNS, _is_of_ours().label("is_of_ours"))
            .where(which, tuple_(*_KEY) > _key_named("key"))
            .order_by(*_KEY)
            .limit(bindparam("limit"))
        )
        portion = and_(
            which,
            tuple_(*_KEY) > _key_named("key"),
            tuple_(*_KEY) <= _key_named("last"),
        )
        self.ring = prepare(ring_where(portion), rings=True)
        self.reopen = prepare(update(events).where(portion, _is_rung()).values(_AGAIN))


class EventAgainStatements:
    """The SQL about one event that is looked at again."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        is_event = and_(events.c.mode == bindparam("mode"), events.c.id == bindparam("event_id"))
        self.ring = compiler.prepare(ring_where(is_event), rings=True)
        self.reopen = compiler.prepare(update(events).where(is_event, _is_rung()).values(_AGAIN))


def ring_where(which: ColumnElement[bool]) -> Update:
    """Make the accounts of some events due now, each locked in the order of its id."""
    now = bindparam("now", type_=BigInteger())
    found = syncs.alias("found")
    meant = (
        select(accounts.c.id)
        .join_from(
            events,
            accounts,
            and_(
                accounts.c.stripe_account_id == events.c.stripe_account_id,
                accounts.c.mode == events.c.mode,
            ),
        )
        .where(which, accounts.c.disconnected_at.is_(None))
    )
    in_order = (
        select(found.c.account_id)
        .where(found.c.account_id.in_(meant))
        .order_by(found.c.account_id)
        .with_for_update()
    )
    return (
        update(syncs)
        .where(syncs.c.account_id.in_(in_order))
        .values(
            due_at=case((syncs.c.due_at < now, syncs.c.due_at), else_=now),
            rung_at=case((syncs.c.rung_at > now, syncs.c.rung_at), else_=now),
        )
    )


def _which(*, is_dead: bool) -> ColumnElement[bool]:
    status = events.c.status == literal_column("'dead'") if is_dead else _is_or_any("status")
    return and_(
        events.c.received_at >= bindparam("since", type_=BigInteger()),
        events.c.received_at < bindparam("before", type_=BigInteger()),
        status,
        *(_is_or_any(name) for name in _OPTIONAL),
    )


def _is_or_any(name: str) -> ColumnElement[bool]:
    wanted = bindparam(name, type_=Text())
    return or_(wanted.is_(None), events.c[name] == wanted)


def _key_named(name: str) -> ColumnElement[tuple[object, ...]]:
    return tuple_(
        bindparam(f"{name}_at", type_=BigInteger()),
        bindparam(f"{name}_mode", type_=Text()),
        bindparam(f"{name}_id", type_=Text()),
    )


def _is_of_ours() -> ColumnElement[bool]:
    return exists().where(
        accounts.c.stripe_account_id == events.c.stripe_account_id,
        accounts.c.mode == events.c.mode,
        accounts.c.disconnected_at.is_(None),
    )


def _is_rung() -> ColumnElement[bool]:
    # What became a dead letter between the two steps of a batch waits for the next replay, because
    # nobody was told to look at its account.
    return exists().where(
        accounts.c.stripe_account_id == events.c.stripe_account_id,
        accounts.c.mode == events.c.mode,
        accounts.c.disconnected_at.is_(None),
        syncs.c.account_id == accounts.c.id,
        syncs.c.rung_at >= bindparam("now", type_=BigInteger()),
    )
