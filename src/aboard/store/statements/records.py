"""Which questions do we ask about the audit and idempotency keys, as SQL?

Source: ADR-0008, SQLite first.
"""

from sqlalchemy import (
    BigInteger,
    Text,
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

from aboard.store.schema import audit, idempotency_keys, spent_states
from aboard.store.statements.compiler import Compiler

AUDIT_COLUMNS = (
    audit.c.at,
    audit.c.actor,
    audit.c.action,
    audit.c.outcome,
    audit.c.owner_kind,
    audit.c.owner_id,
    audit.c.mode,
    audit.c.request_id,
    audit.c.details,
)
_SCOPE = ("caller", "operation", "organization", "key")


class RecordStatements:
    """The SQL about the audit, idempotency keys and what has expired."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        self._prepare_audit(compiler)
        self._prepare_idempotency(compiler)
        prepare = compiler.prepare
        self.ping = prepare(select(literal_column("1")))
        self.forget_keys = prepare(
            delete(idempotency_keys).where(idempotency_keys.c.expires_at <= bindparam("before"))
        )
        self.forget_states = prepare(
            delete(spent_states).where(spent_states.c.expires_at <= bindparam("before"))
        )

    def _prepare_audit(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        self.append_audit = prepare(
            insert(audit).values({column.name: bindparam(column.name) for column in AUDIT_COLUMNS})
        )
        newest_first = (
            select(*AUDIT_COLUMNS).order_by(audit.c.number.desc()).limit(bindparam("limit"))
        )
        self.list_audit = prepare(
            newest_first.where(
                or_(
                    bindparam("action", type_=Text()).is_(None),
                    audit.c.action == bindparam("action"),
                )
            )
        )
        self.list_audit_of_owner = prepare(
            newest_first.where(
                audit.c.owner_kind == bindparam("owner_kind"),
                audit.c.owner_id == bindparam("owner_id"),
                audit.c.mode == bindparam("mode"),
                or_(
                    bindparam("action", type_=Text()).is_(None),
                    audit.c.action == bindparam("action"),
                ),
            )
        )

    def _prepare_idempotency(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        is_key = and_(*(idempotency_keys.c[name] == bindparam(name) for name in _SCOPE))
        claim = compiler.insert(idempotency_keys).values(
            body_digest=bindparam("body_digest"),
            created_at=bindparam("now"),
            expires_at=bindparam("expires_at"),
            leased_until=bindparam("leased_until"),
            **{name: bindparam(name) for name in _SCOPE},
        )
        now = bindparam("now", type_=BigInteger())
        is_left = and_(
            idempotency_keys.c.answer.is_(None),
            idempotency_keys.c.body_digest == claim.excluded.body_digest,
            or_(
                idempotency_keys.c.leased_until.is_(None),
                idempotency_keys.c.leased_until <= now,
            ),
        )
        self.claim_key = prepare(
            claim.on_conflict_do_update(
                index_elements=list(_SCOPE),
                set_={
                    "body_digest": claim.excluded.body_digest,
                    "created_at": claim.excluded.created_at,
                    "expires_at": claim.excluded.expires_at,
                    "leased_until": claim.excluded.leased_until,
                    "answer": null(),
                },
                where=or_(idempotency_keys.c.expires_at <= now, is_left),
            )
        )
        self.find_key = prepare(
            select(idempotency_keys.c.body_digest, idempotency_keys.c.answer).where(is_key)
        )
        # The end of the lease is also its name: a claim made later has a later one.
        is_mine = and_(is_key, idempotency_keys.c.leased_until == bindparam("leased_until"))
        self.settle_key = prepare(
            update(idempotency_keys).where(is_mine).values(answer=bindparam("answer"))
        )
        self.leave_key = prepare(
            update(idempotency_keys).where(is_mine).values(leased_until=null())
        )
        self.forget_key = prepare(delete(idempotency_keys).where(is_mine))
