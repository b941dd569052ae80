"""Which questions do we ask about the work that is due, as SQL?

`account_syncs.due_at` is the queue, the retry schedule and the drift sweep in one column.

Source: ADR-0006, events are doorbells.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Update,
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

LEASE_EXPIRED = "lease.expired"
"""The last error of an account whose worker never came back."""

_NOBODY = {"lease": null(), "lease_until": null()}
_FRESH = {
    **_NOBODY,
    "attempts": literal_column("0"),
    "last_error": null(),
    "failing_since": null(),
}
_FAILED = {
    **_NOBODY,
    "attempts": syncs.c.attempts + literal_column("1"),
    "failing_since": func.coalesce(syncs.c.failing_since, syncs.c.due_at),
}


class SyncStatements:
    """The SQL about due accounts and their leases."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_account = syncs.c.account_id == bindparam("account_id")
        begin = compiler.insert(syncs).values(
            account_id=bindparam("account_id"),
            due_at=bindparam("due_at"),
            attempts=literal_column("0"),
            mode=select(accounts.c.mode)
            .where(accounts.c.id == bindparam("account_id"))
            .scalar_subquery(),
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
                rung_at=case(
                    (syncs.c.rung_at > bindparam("read_began_at"), syncs.c.rung_at), else_=null()
                ),
                **_FRESH,
            )
        )
        # The row goes, so that a bell that rings at this very moment finds nothing to make due.
        self.stop = prepare(delete(syncs).where(is_account))
        self.hurry = prepare(
            update(syncs)
            .where(is_account)
            .values(due_at=case((syncs.c.due_at < now, syncs.c.due_at), else_=now), rung_at=now),
            rings=True,
        )
        self._prepare_claims(compiler)
        self._prepare_ends(compiler)
        self.next_rung = prepare(_earliest(syncs.c.rung_at.is_not(None)))
        self.next_scheduled = prepare(_earliest(syncs.c.rung_at.is_(None)))
        self.next_leased = prepare(
            select(func.min(syncs.c.lease_until)).where(syncs.c.lease.is_not(None))
        )

    def _prepare_claims(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        # A lease that ran out counts as an attempt: an account that kills its worker gives up too.
        lost = (
            select(syncs.c.account_id)
            .where(syncs.c.lease.is_not(None), syncs.c.lease_until <= bindparam("now"))
            .order_by(syncs.c.lease_until)
            .limit(bindparam("wanted", type_=BigInteger()))
            .with_for_update(skip_locked=True)
            .cte("lost")
        )
        self.take_back = prepare(
            update(syncs)
            .where(syncs.c.account_id.in_(select(lost.c.account_id)))
            .values(last_error=literal_column(f"'{LEASE_EXPIRED}'"), **_FAILED)
        )
        wanted = bindparam("wanted", type_=BigInteger())
        share = bindparam("share", type_=BigInteger())
        # Counted in the batch itself: what one queue leaves free is the other's.
        taken = select(func.count()).where(syncs.c.lease == bindparam("lease")).scalar_subquery()
        self.claim_share = prepare(_claim(syncs.c.rung_at.is_(None), share))
        self.claim_rung = prepare(_claim(syncs.c.rung_at.is_not(None), wanted - taken))
        self.claim_scheduled = prepare(_claim(syncs.c.rung_at.is_(None), wanted - taken))
        self.list_claimed = prepare(
            select(
                *ACCOUNT_COLUMNS,
                syncs.c.attempts,
                syncs.c.due_at,
                syncs.c.failing_since,
                syncs.c.last_error,
            )
            .join_from(syncs, accounts, accounts.c.id == syncs.c.account_id)
            .where(syncs.c.lease == bindparam("lease"))
            .order_by(syncs.c.rung_at.is_(None), syncs.c.due_at)
        )

    def _prepare_ends(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        is_theirs = (
            syncs.c.account_id == bindparam("account_id"),
            syncs.c.lease == bindparam("lease"),
        )
        self.postpone = prepare(
            update(syncs)
            .where(*is_theirs)
            .values(due_at=bindparam("due_at"), last_error=bindparam("error_code"), **_FAILED)
        )
        due_at = bindparam("due_at", type_=BigInteger())
        self.put_back = prepare(
            update(syncs)
            .where(*is_theirs)
            .values(due_at=case((syncs.c.due_at > due_at, syncs.c.due_at), else_=due_at), **_NOBODY)
        )
        self.release = prepare(update(syncs).where(*is_theirs).values(**_NOBODY))
        # A bell that rang after the claim has its own attempts before it.
        rang_since = syncs.c.rung_at > bindparam("claimed_at")
        self.give_up = prepare(
            update(syncs)
            .where(*is_theirs)
            .values(
                **_FRESH
                | {
                    "due_at": case((rang_since, syncs.c.due_at), else_=due_at),
                    "rung_at": case((rang_since, syncs.c.rung_at), else_=null()),
                    "last_error": bindparam("error_code"),
                }
            )
        )


def _claim(which: ColumnElement[bool], limit: ColumnElement[int]) -> Update:
    due = (
        select(syncs.c.account_id)
        .where(
            syncs.c.mode == bindparam("mode"),
            syncs.c.lease.is_(None),
            which,
            syncs.c.due_at <= bindparam("now"),
        )
        .order_by(syncs.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        # As a subquery it could be run again for each row, each time for other accounts.
        .cte("due")
    )
    return (
        update(syncs)
        .where(syncs.c.account_id.in_(select(due.c.account_id)))
        .values(lease=bindparam("lease"), lease_until=bindparam("lease_until"))
    )


def _earliest(which: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(func.min(syncs.c.due_at)).where(
        syncs.c.mode == bindparam("mode"), syncs.c.lease.is_(None), which
    )
