"""Which questions do we ask to go through a whole table in portions, as SQL?

Source: ADR-0024, what was missed is asked for, and what is old is forgotten.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    or_,
    select,
    tuple_,
    update,
)

from aboard.store.schema import account_syncs as syncs
from aboard.store.schema import accounts, announcements, audit
from aboard.store.statements.accounts import ACCOUNT_COLUMNS
from aboard.store.statements.announcements import ANNOUNCEMENT_COLUMNS
from aboard.store.statements.compiler import Compiler
from aboard.store.statements.records import AUDIT_COLUMNS


class WalkStatements:
    """The SQL that goes through announcements, audit and accounts from end to end."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        limit = bindparam("limit", type_=BigInteger())
        self.announcements = prepare(
            select(*ANNOUNCEMENT_COLUMNS, announcements.c.number)
            .where(
                _stands_behind(announcements.c.occurred_at, announcements.c.number),
                _is_of_mode(announcements.c.mode),
            )
            .order_by(announcements.c.occurred_at, announcements.c.number)
            .limit(limit)
        )
        self.audit = prepare(
            select(*AUDIT_COLUMNS, audit.c.number)
            .where(_stands_behind(audit.c.at, audit.c.number), _is_of_mode(audit.c.mode))
            .order_by(audit.c.at, audit.c.number)
            .limit(limit)
        )
        self.accounts = prepare(
            select(*ACCOUNT_COLUMNS)
            .where(
                accounts.c.id > bindparam("after"),
                accounts.c.reserved_at >= bindparam("since"),
                accounts.c.reserved_at < bindparam("before"),
                _is_of_mode(accounts.c.mode),
            )
            .order_by(accounts.c.id)
            .limit(limit)
        )
        self.linked = prepare(
            select(accounts.c.id, accounts.c.stripe_account_id)
            .where(
                accounts.c.stripe_account_id > bindparam("after"),
                _is_of_mode(accounts.c.mode),
                accounts.c.disconnected_at.is_(None),
            )
            .order_by(accounts.c.stripe_account_id)
            .limit(limit)
        )
        due_at = bindparam("due_at", type_=BigInteger())
        found = syncs.alias("found")
        linked = select(accounts.c.id).where(
            accounts.c.stripe_account_id > bindparam("after"),
            accounts.c.stripe_account_id <= bindparam("last"),
            _is_of_mode(accounts.c.mode),
            accounts.c.disconnected_at.is_(None),
        )
        in_order = (
            select(found.c.account_id)
            .where(found.c.account_id.in_(linked))
            .order_by(found.c.account_id)
            .with_for_update()
        )
        self.schedule = prepare(
            update(syncs)
            .where(syncs.c.account_id.in_(in_order))
            .values(due_at=case((syncs.c.due_at < due_at, syncs.c.due_at), else_=due_at)),
            rings=True,
        )


def _stands_behind(at: ColumnElement[int], number: ColumnElement[int]) -> ColumnElement[bool]:
    place = tuple_(
        bindparam("key_at", type_=BigInteger()), bindparam("key_number", type_=BigInteger())
    )
    return and_(
        at >= bindparam("since", type_=BigInteger()),
        at < bindparam("before", type_=BigInteger()),
        tuple_(at, number) > place,
    )


def _is_of_mode(mode: ColumnElement[str]) -> ColumnElement[bool]:
    wanted = bindparam("mode", type_=Text())
    return or_(wanted.is_(None), mode == wanted)
