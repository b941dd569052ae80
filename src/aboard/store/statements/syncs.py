"""Which questions do we ask about the work that is due, as SQL?

`account_syncs.due_at` is the queue, the retry schedule and the drift sweep in one column.

Source: ADR-0006, events are doorbells.
"""

from sqlalchemy import (
    BigInteger,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    null,
    select,
    update,
)

from aboard.store.schema import account_syncs as syncs
from aboard.store.schema import accounts
from aboard.store.statements.accounts import ACCOUNT_COLUMNS
from aboard.store.statements.compiler import Compiler

_NOBODY = {"lease": null(), "lease_until": null()}
_FRESH = {**_NOBODY, "attempts": literal_column("0"), "last_error": null()}


class SyncStatements:
    """The SQL about due accounts and their leases."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_account = syncs.c.account_id == bindparam("account_id")
        holds_lease = syncs.c.lease == bindparam("lease")
        begin = compiler.insert(syncs).values(
            account_id=bindparam("account_id"),
            due_at=bindparam("due_at"),
            attempts=literal_column("0"),
        )
        self.begin = prepare(
            begin.on_conflict_do_update(
                index_elements=["account_id"],
                set_={"due_at": begin.excluded.due_at, "rung_at": null(), **_FRESH},
            ),
            rings=True,
        )
        now = bindparam("now", type_=BigInteger())
        self.ring = prepare(
            update(syncs)
            .where(
                syncs.c.account_id
                == select(accounts.c.id)
                .where(
                    accounts.c.stripe_account_id == bindparam("stripe_account_id"),
                    accounts.c.mode == bindparam("mode"),
                    accounts.c.disconnected_at.is_(None),
                )
                .scalar_subquery()
            )
            .values(
                due_at=case((syncs.c.due_at < now, syncs.c.due_at), else_=now),
                rung_at=case((syncs.c.rung_at > now, syncs.c.rung_at), else_=now),
            ),
            rings=True,
        )
        # A bell that rang after the read began is not answered by that read.
        self.finish = prepare(
            update(syncs)
            .where(is_account)
            .values(
                due_at=case(
                    (syncs.c.rung_at > bindparam("read_began_at"), syncs.c.due_at),
                    else_=bindparam("next_sync_at", type_=BigInteger()),
                ),
                **_FRESH,
            )
        )
        # The row goes, so that a bell that rings at this very moment finds nothing to make due.
        self.stop = prepare(delete(syncs).where(is_account))
        # A lease that ran out counts as an attempt: an account that kills its worker gives up too.
        self.take_back = prepare(
            update(syncs)
            .where(syncs.c.lease.is_not(None), syncs.c.lease_until <= bindparam("now"))
            .values(attempts=syncs.c.attempts + literal_column("1"), **_NOBODY)
        )
        self.claim = prepare(
            update(syncs)
            .where(
                syncs.c.account_id.in_(
                    select(syncs.c.account_id)
                    .where(syncs.c.lease.is_(None), syncs.c.due_at <= bindparam("now"))
                    .order_by(syncs.c.due_at)
                    .limit(bindparam("limit"))
                    .with_for_update(skip_locked=True)
                    .scalar_subquery()
                )
            )
            .values(lease=bindparam("lease"), lease_until=bindparam("lease_until"))
        )
        self.list_claimed = prepare(
            select(*ACCOUNT_COLUMNS, syncs.c.attempts, syncs.c.due_at)
            .join_from(syncs, accounts, accounts.c.id == syncs.c.account_id)
            .where(holds_lease)
            .order_by(syncs.c.due_at)
        )
        self.postpone = prepare(
            update(syncs)
            .where(is_account, holds_lease)
            .values(
                due_at=bindparam("due_at"),
                attempts=syncs.c.attempts + literal_column("1"),
                last_error=bindparam("error_code"),
                **_NOBODY,
            )
        )
        self.give_up = prepare(
            update(syncs)
            .where(is_account, holds_lease)
            .values(
                due_at=bindparam("due_at"),
                attempts=literal_column("0"),
                last_error=bindparam("error_code"),
                **_NOBODY,
            )
        )
        self.hurry = prepare(
            update(syncs)
            .where(is_account)
            .values(due_at=case((syncs.c.due_at < now, syncs.c.due_at), else_=now), rung_at=now),
            rings=True,
        )
        self.next_free = prepare(select(func.min(syncs.c.due_at)).where(syncs.c.lease.is_(None)))
        self.next_leased = prepare(
            select(func.min(syncs.c.lease_until)).where(syncs.c.lease.is_not(None))
        )
