"""Who signs in here, and who was mailed a code because they want to?

Source: ADR-0017, built-in sign-in.
"""

from collections.abc import Sequence
from datetime import datetime

from aboard.core.identity import SessionEnd, User
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.statements.compiler import Params, Statement
from aboard.store.values import to_micros, to_micros_or_none, to_time, to_time_or_none


class UserQuestions(Questions):
    """The questions about users."""

    async def create_user(self, user: User) -> bool:
        """Write a user; False when the e-mail has one."""
        return await self._holds(Step(self._sql.users.create, _params_of(user), required=True))

    async def find_user(self, user_id: str) -> User | None:
        """Return a user by id."""
        row = await self._driver.read_one(self._sql.users.find, {"user_id": user_id})
        return None if row is None else _user_of(row)

    async def find_user_by_email(self, email: str) -> User | None:
        """Return the user with this e-mail, in one indexed read."""
        row = await self._driver.read_one(self._sql.users.find_by_email, {"email": email})
        return None if row is None else _user_of(row)

    async def list_users(self, *, after: str = "", limit: int = 100) -> Sequence[User]:
        """Return the users behind the e-mail `after`, in the order of their e-mails."""
        rows = await self._driver.read_all(self._sql.users.list, {"after": after, "limit": limit})
        return tuple(_user_of(row) for row in rows)

    async def rehash_password(self, user_id: str, checked_hash: str, password_hash: str) -> bool:
        """Keep a stronger hash of the same password, if it still is the password."""
        params: Params = {
            "user_id": user_id,
            "checked_hash": checked_hash,
            "password_hash": password_hash,
        }
        return await self._holds(Step(self._sql.users.rehash, params, required=True))

    async def set_password(self, user_id: str, password_hash: str, now: datetime) -> bool:
        """Replace a password and end every session of the user; False: no such user."""
        params: Params = {"user_id": user_id, "password_hash": password_hash}
        return await self._change(self._sql.users.set_password, params, now)

    async def set_operator(self, user_id: str, now: datetime, *, is_operator: bool) -> bool:
        """Make a user an operator, or not; their sessions end, as tokens of theirs may say else."""
        params: Params = {"user_id": user_id, "is_operator": int(is_operator)}
        return await self._change(self._sql.users.set_operator, params, now)

    async def set_disabled(self, user_id: str, disabled_at: datetime | None, now: datetime) -> bool:
        """Shut a user out and end their sessions, or let them in again; False: no such user."""
        params: Params = {"user_id": user_id, "disabled_at": to_micros_or_none(disabled_at)}
        return await self._change(self._sql.users.set_disabled, params, now)

    async def _change(self, statement: Statement, params: Params, now: datetime) -> bool:
        ending = {
            "user_id": params["user_id"],
            "now": to_micros(now),
            "reason": SessionEnd.USER_CHANGED.value,
        }
        return await self._holds(
            Step(statement, params, required=True),
            Step(self._sql.user_sessions.end_all, ending),
        )

    async def put_pending_user(self, email: str, code_digest: str, expires_at: datetime) -> None:
        """Remember the digest of the code that was mailed; an older one counts no more."""
        params: Params = {
            "email": email,
            "code_digest": code_digest,
            "expires_at": to_micros(expires_at),
        }
        await self._driver.write((Step(self._sql.users.put_pending, params),))

    async def find_pending_code(self, email: str, now: datetime) -> str | None:
        """Return the digest of the code that this e-mail was mailed last, while it is good."""
        row = await self._driver.read_one(
            self._sql.users.find_pending, {"email": email, "now": to_micros(now)}
        )
        return None if row is None else str(row[0])

    async def confirm_user(self, user: User, code_digest: str) -> bool:
        """Use a code up and write its user; False when it was used, or the e-mail has a user."""
        params: Params = {"email": user.email, "code_digest": code_digest}
        return await self._holds(
            Step(self._sql.users.take_pending, params, required=True),
            Step(self._sql.users.create, _params_of(user), required=True),
        )


def _params_of(user: User) -> Params:
    return {
        "id": user.id,
        "email": user.email,
        "created_at": to_micros(user.created_at),
        "password_hash": user.password_hash,
        "is_operator": int(user.is_operator),
        "disabled_at": to_micros_or_none(user.disabled_at),
    }


def _user_of(row: Row) -> User:
    user_id, email, created_at, password_hash, is_operator, disabled_at = row
    return User(
        id=user_id,
        email=email,
        created_at=to_time(created_at),
        password_hash=password_hash,
        is_operator=bool(is_operator),
        disabled_at=to_time_or_none(disabled_at),
    )
