"""Which questions do we ask about users' sessions and about failures to sign in, as SQL?

Source: ADR-0017, built-in sign-in.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from aboard.store.schema import sign_in_failures, user_sessions
from aboard.store.statements.compiler import Compiler

LOCKS: Final[Sequence[timedelta]] = tuple(
    timedelta(seconds=seconds) for seconds in (30, 60, 120, 240, 480, 900)
)
"""How long the failure that reaches the threshold locks, then each one after it; the last stays."""

_COLUMNS: Final = (
    user_sessions.c.id,
    user_sessions.c.user_id,
    user_sessions.c.device,
    user_sessions.c.masked_address,
    user_sessions.c.created_at,
    user_sessions.c.last_used_at,
    user_sessions.c.expires_at,
    user_sessions.c.ended_reason,
)


class UserSessionStatements:
    """The SQL about sessions, and about what went wrong before there was one."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_it = user_sessions.c.id == bindparam("session_id")
        is_users = user_sessions.c.user_id == bindparam("user_id")
        is_open = and_(
            user_sessions.c.ended_at.is_(None), user_sessions.c.expires_at > bindparam("now")
        )
        self.create = prepare(
            insert(user_sessions).values(
                id=bindparam("session_id"),
                user_id=bindparam("user_id"),
                token_digest=bindparam("token_digest"),
                device=bindparam("device"),
                masked_address=bindparam("masked_address"),
                created_at=bindparam("now"),
                last_used_at=bindparam("now"),
                expires_at=bindparam("expires_at"),
            )
        )
        # The one write that decides which of two refreshes with one token was the first.
        self.rotate = prepare(
            update(user_sessions)
            .where(is_it, user_sessions.c.token_digest == bindparam("used_digest"), is_open)
            .values(
                token_digest=bindparam("token_digest"),
                device=bindparam("device"),
                masked_address=bindparam("masked_address"),
                last_used_at=bindparam("now"),
                expires_at=bindparam("expires_at"),
            )
        )
        self.find = prepare(select(*_COLUMNS).where(is_it))
        self.find_open = prepare(select(user_sessions.c.id).where(is_it, is_open))
        self.list_open = prepare(
            select(*_COLUMNS)
            .where(is_users, is_open)
            .order_by(user_sessions.c.created_at.desc())
            .limit(bindparam("limit"))
        )
        ending = update(user_sessions).values(
            ended_at=bindparam("now"),
            expires_at=bindparam("now"),
            ended_reason=bindparam("reason"),
        )
        self.end = prepare(ending.where(is_it, is_open))
        self.end_own = prepare(ending.where(is_it, is_users, is_open))
        self.end_all = prepare(ending.where(is_users, is_open))
        self.end_others = prepare(
            ending.where(is_users, user_sessions.c.id != bindparam("session_id"), is_open)
        )
        self.forget = prepare(
            delete(user_sessions).where(user_sessions.c.expires_at <= bindparam("before"))
        )
        self._prepare_failures(compiler)

    def _prepare_failures(self, compiler: Compiler) -> None:
        prepare, table = compiler.prepare, sign_in_failures
        now = bindparam("now", type_=BigInteger())
        one = literal_column("1", Integer())
        # What went wrong long ago is forgotten by the first failure after it.
        count = case((table.c.forget_at <= now, one), else_=table.c.failures + one)
        new = compiler.insert(table).values(
            key=bindparam("key"),
            failures=one,
            locked_until=literal_column("0"),
            forget_at=bindparam("forget_at"),
        )
        # Counted before a password is looked at, so that many tries at once are many failures.
        self.count_attempt = prepare(
            new.on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "failures": count,
                    "locked_until": _lock(count, now),
                    "forget_at": new.excluded.forget_at,
                },
                where=table.c.locked_until <= now,
            )
        )
        # One place alone must not lock an e-mail everywhere: what goes wrong there beyond the
        # place's own threshold counts there and nowhere else.
        place = table.alias("place")
        is_within = (
            select(place.c.failures).where(place.c.key == bindparam("narrow_key")).scalar_subquery()
        ) <= bindparam("narrow_threshold", type_=Integer())
        self.count_wide_attempt = prepare(
            new.on_conflict_do_update(
                index_elements=["key"],
                set_={
                    name: case((is_within, counted), else_=table.c[name])
                    for name, counted in (
                        ("failures", count),
                        ("locked_until", _lock(count, now)),
                        ("forget_at", new.excluded.forget_at),
                    )
                },
                where=table.c.locked_until <= now,
            )
        )
        is_key = table.c.key == bindparam("key")
        self.find_lock = prepare(
            select(func.max(table.c.locked_until)).where(
                or_(is_key, table.c.key == bindparam("other_key"))
            )
        )
        # Changes nothing: counting locks the narrow key first, so taking back must do so too.
        self.hold_failures = prepare(update(table).where(is_key).values(failures=table.c.failures))
        self.forget_failures = prepare(delete(table).where(is_key))
        self.take_back_attempt = prepare(
            update(table)
            .where(is_key, table.c.failures > literal_column("0"))
            .values(failures=table.c.failures - one, locked_until=literal_column("0"))
        )
        self.take_back_wide_attempt = prepare(
            update(table)
            .where(is_key, table.c.failures > literal_column("0"), is_within)
            .values(failures=table.c.failures - one, locked_until=literal_column("0"))
        )
        self.forget_old_failures = prepare(
            delete(table).where(table.c.forget_at <= bindparam("before"))
        )


def _lock(count: ColumnElement[int], now: ColumnElement[int]) -> ColumnElement[int]:
    over = count - bindparam("threshold", type_=Integer())
    steps = [
        (over == literal_column(str(step)), now + literal_column(str(_micros(lock)), BigInteger()))
        for step, lock in enumerate(LOCKS)
    ]
    longest = now + literal_column(str(_micros(LOCKS[-1])), BigInteger())
    return case(
        (over < literal_column("0"), literal_column("0", BigInteger())), *steps, else_=longest
    )


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
