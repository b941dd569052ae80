"""Which questions do we ask about users and those who want to be, as SQL?

Source: ADR-0017, built-in sign-in.
"""

from typing import Final

from sqlalchemy import BigInteger, bindparam, delete, select, update

from aboard.store.schema import pending_users, users
from aboard.store.statements.compiler import Compiler

_COLUMNS: Final = (
    users.c.id,
    users.c.email,
    users.c.created_at,
    users.c.password_hash,
    users.c.is_operator,
    users.c.disabled_at,
)


class UserStatements:
    """The SQL about users."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_email = users.c.email == bindparam("email")
        self.create = prepare(
            compiler.insert(users)
            .values({column.name: bindparam(column.name) for column in _COLUMNS})
            .on_conflict_do_nothing()
        )
        self.find = prepare(select(*_COLUMNS).where(users.c.id == bindparam("user_id")))
        self.find_by_email = prepare(select(*_COLUMNS).where(is_email))
        self.list = prepare(
            select(*_COLUMNS)
            .where(users.c.email > bindparam("after"))
            .order_by(users.c.email)
            .limit(bindparam("limit"))
        )
        # Changes nothing: lets a batch go on only while the password that was checked still
        # holds, and its user may still sign in.
        self.hold = prepare(
            update(users)
            .where(
                users.c.id == bindparam("user_id"),
                users.c.password_hash == bindparam("checked_hash"),
                users.c.disabled_at.is_(None),
            )
            .values(created_at=users.c.created_at)
        )
        self.rehash = prepare(
            update(users)
            .where(
                users.c.id == bindparam("user_id"),
                users.c.password_hash == bindparam("checked_hash"),
            )
            .values(password_hash=bindparam("password_hash"))
        )
        is_it = users.c.id == bindparam("user_id")
        self.set_password = prepare(
            update(users).where(is_it).values(password_hash=bindparam("password_hash"))
        )
        self.set_operator = prepare(
            update(users).where(is_it).values(is_operator=bindparam("is_operator"))
        )
        self.set_disabled = prepare(
            update(users)
            .where(is_it)
            .values(disabled_at=bindparam("disabled_at", type_=BigInteger()))
        )
        self._prepare_pending(compiler)

    def _prepare_pending(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        new = compiler.insert(pending_users).values(
            email=bindparam("email"),
            code_digest=bindparam("code_digest"),
            expires_at=bindparam("expires_at"),
        )
        self.put_pending = prepare(
            new.on_conflict_do_update(
                index_elements=["email"],
                set_={
                    "code_digest": new.excluded.code_digest,
                    "expires_at": new.excluded.expires_at,
                },
            )
        )
        self.find_pending = prepare(
            select(pending_users.c.code_digest).where(
                pending_users.c.email == bindparam("email"),
                pending_users.c.expires_at > bindparam("now"),
            )
        )
        self.take_pending = prepare(
            delete(pending_users).where(
                pending_users.c.email == bindparam("email"),
                pending_users.c.code_digest == bindparam("code_digest"),
            )
        )
        self.forget_pending = prepare(
            delete(pending_users).where(pending_users.c.expires_at <= bindparam("before"))
        )
