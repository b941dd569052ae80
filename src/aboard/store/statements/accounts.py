"""Which questions do we ask about connected accounts, as SQL?

Source: ADR-0007, no open transaction across the network; ADR-0006, events are doorbells.
"""

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)

from aboard.store.schema import account_documents as documents
from aboard.store.schema import accounts, former_accounts, onboardings
from aboard.store.statements.compiler import Compiler

ACCOUNT_COLUMNS = (
    accounts.c.id,
    accounts.c.owner_kind,
    accounts.c.owner_id,
    accounts.c.mode,
    accounts.c.reserved_at,
    accounts.c.attempt,
    accounts.c.stripe_account_id,
    accounts.c.read_began_at,
    accounts.c.synced_at,
    accounts.c.disconnected_at,
    accounts.c.disconnected_reason,
    accounts.c.snapshot,
    accounts.c.owner_acts_since,
    accounts.c.reminded_at,
    accounts.c.revision,
)
ONBOARDING_COLUMNS = (
    onboardings.c.id,
    onboardings.c.account_id,
    onboardings.c.return_url,
    onboardings.c.refresh_url,
    onboardings.c.created_at,
    onboardings.c.purpose,
    onboardings.c.collect,
)


def is_owner() -> ColumnElement[bool]:
    """Match the one account of an owner."""
    return and_(
        accounts.c.owner_kind == bindparam("owner_kind"),
        accounts.c.owner_id == bindparam("owner_id"),
        accounts.c.mode == bindparam("mode"),
    )


class AccountStatements:
    """The SQL about connected accounts."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_account = accounts.c.id == bindparam("account_id")
        self.find_by_owner = prepare(select(*ACCOUNT_COLUMNS).where(is_owner()))
        self.find_by_id = prepare(select(*ACCOUNT_COLUMNS).where(is_account))
        self.find_by_stripe_id = prepare(
            select(*ACCOUNT_COLUMNS).where(
                accounts.c.stripe_account_id == bindparam("stripe_account_id"),
                accounts.c.mode == bindparam("mode"),
            )
        )
        self.find_with_onboarding = prepare(_with_latest_onboarding())
        self.find_raw = prepare(
            select(documents.c.raw).where(documents.c.account_id == bindparam("account_id"))
        )
        self.reserve = prepare(
            compiler.insert(accounts)
            .values(
                id=bindparam("id"),
                owner_kind=bindparam("owner_kind"),
                owner_id=bindparam("owner_id"),
                mode=bindparam("mode"),
                reserved_at=bindparam("reserved_at"),
                attempt=literal_column("1"),
            )
            .on_conflict_do_nothing(index_elements=["owner_kind", "owner_id", "mode"])
        )
        self.renew_attempt = prepare(
            update(accounts)
            .where(
                is_account,
                accounts.c.attempt == bindparam("attempt"),
                accounts.c.stripe_account_id.is_(None),
            )
            .values(attempt=accounts.c.attempt + literal_column("1"))
        )
        self.attach = prepare(
            update(accounts)
            .where(
                is_account,
                accounts.c.stripe_account_id.is_(None),
                accounts.c.disconnected_at.is_(None),
            )
            .values(stripe_account_id=bindparam("stripe_account_id"))
        )
        self._prepare_changes(compiler)

    def _prepare_changes(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        is_account = accounts.c.id == bindparam("account_id")
        is_still_theirs = and_(
            is_account,
            accounts.c.stripe_account_id == bindparam("stripe_account_id"),
            accounts.c.disconnected_at.is_(None),
        )
        is_as_seen = and_(is_still_theirs, accounts.c.revision == bindparam("seen_revision"))
        next_revision = accounts.c.revision + literal_column("1")
        # The same instant is not older: a clock that stands still must not lose the second read.
        self.write_snapshot = prepare(
            update(accounts)
            .where(
                is_as_seen,
                or_(
                    accounts.c.read_began_at.is_(None),
                    accounts.c.read_began_at <= bindparam("read_began_at"),
                ),
            )
            .values(
                snapshot=bindparam("snapshot"),
                readiness=bindparam("readiness"),
                who_must_act=bindparam("who_must_act"),
                read_began_at=bindparam("read_began_at"),
                synced_at=bindparam("synced_at"),
                owner_acts_since=bindparam("owner_acts_since"),
                reminded_at=bindparam("reminded_at"),
                revision=next_revision,
            )
        )
        document = compiler.insert(documents).values(
            account_id=bindparam("account_id"), raw=bindparam("raw")
        )
        self.write_raw = prepare(
            document.on_conflict_do_update(
                index_elements=["account_id"], set_={"raw": document.excluded.raw}
            )
        )
        self.disconnect = prepare(
            update(accounts)
            .where(is_as_seen)
            .values(
                disconnected_at=bindparam("disconnected_at"),
                disconnected_reason=bindparam("reason"),
                readiness=bindparam("readiness"),
                who_must_act=bindparam("who_must_act"),
                owner_acts_since=null(),
                reminded_at=null(),
                revision=next_revision,
            )
        )
        self.turn = prepare(update(accounts).where(is_as_seen).values(revision=next_revision))
        self.remind = prepare(
            update(accounts)
            .where(is_as_seen)
            .values(reminded_at=bindparam("reminded_at"), revision=next_revision)
        )
        self.list_waiting = prepare(_waiting_owners())
        self.remember_former = prepare(
            insert(former_accounts).from_select(
                [
                    "account_id",
                    "stripe_account_id",
                    "disconnected_at",
                    "disconnected_reason",
                    "replaced_at",
                ],
                select(
                    accounts.c.id,
                    accounts.c.stripe_account_id,
                    accounts.c.disconnected_at,
                    accounts.c.disconnected_reason,
                    bindparam("now", type_=former_accounts.c.replaced_at.type),
                ).where(is_account, accounts.c.disconnected_at.is_not(None)),
            )
        )
        self.restart = prepare(
            update(accounts)
            .where(is_account, accounts.c.disconnected_at.is_not(None))
            .values(
                attempt=accounts.c.attempt + literal_column("1"),
                revision=next_revision,
                reserved_at=bindparam("now"),
                **{name: null() for name in _FORGOTTEN},
            )
        )
        self.forget_raw = prepare(
            delete(documents).where(documents.c.account_id == bindparam("account_id"))
        )
        self.list_former = prepare(
            select(former_accounts.c.stripe_account_id)
            .where(former_accounts.c.account_id == bindparam("account_id"))
            .order_by(former_accounts.c.number)
        )


_FORGOTTEN = (
    "stripe_account_id",
    "snapshot",
    "read_began_at",
    "synced_at",
    "disconnected_at",
    "disconnected_reason",
    "readiness",
    "who_must_act",
    "owner_acts_since",
    "reminded_at",
)


def _with_latest_onboarding() -> Select[tuple[object, ...]]:
    others = onboardings.alias("others")
    latest = (
        select(others.c.number)
        .where(others.c.account_id == accounts.c.id)
        .order_by(others.c.number.desc())
        .limit(literal_column("1"))
        .correlate(accounts)
        .scalar_subquery()
    )
    return (
        select(*ACCOUNT_COLUMNS, *ONBOARDING_COLUMNS)
        .select_from(accounts.outerjoin(onboardings, onboardings.c.number == latest))
        .where(is_owner())
    )


def _waiting_owners() -> Select[tuple[object, ...]]:
    return (
        select(*ACCOUNT_COLUMNS)
        .where(
            accounts.c.owner_acts_since <= bindparam("waiting_since"),
            or_(
                accounts.c.reminded_at.is_(None),
                accounts.c.reminded_at <= bindparam("reminded_before"),
            ),
            accounts.c.who_must_act == bindparam("who_must_act"),
            accounts.c.disconnected_at.is_(None),
        )
        .order_by(accounts.c.owner_acts_since)
        .limit(bindparam("limit"))
    )
