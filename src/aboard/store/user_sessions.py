"""Which browsers are signed in, and how often did signing in go wrong?

Of a session's refresh tokens only the newest is known, by its digest. Attempts are counted before
a password is looked at, and taken back where it was right.

Source: ADR-0017, built-in sign-in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aboard.core.identity import SessionEnd, UserSession
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.statements.compiler import Params
from aboard.store.values import to_micros, to_time

_REMEMBER_FAILURES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class AttemptKey:
    """What attempts are counted by, and from which count on each one locks."""

    key: str
    threshold: int


class UserSessionQuestions(Questions):
    """The questions about users' sessions and failures to sign in."""

    async def open_session(
        self, session: UserSession, token_digest: str, *, checked_hash: str
    ) -> bool:
        """Write a session; False when its user was shut out or got another password meanwhile."""
        params: Params = {
            **_seen(session, token_digest),
            "user_id": session.user_id,
            "checked_hash": checked_hash,
        }
        return await self._holds(
            Step(self._sql.users.hold, params, required=True),
            Step(self._sql.user_sessions.create, params, required=True),
        )

    async def rotate_session(
        self, session: UserSession, *, used_digest: str, token_digest: str
    ) -> bool:
        """Replace a session's token; of all who come with one token, one is told True."""
        params: Params = {**_seen(session, token_digest), "used_digest": used_digest}
        return await self._holds(Step(self._sql.user_sessions.rotate, params, required=True))

    async def find_session(self, session_id: str) -> UserSession | None:
        """Return a session, also one that ended lately."""
        row = await self._driver.read_one(self._sql.user_sessions.find, {"session_id": session_id})
        return None if row is None else _session_of(row)

    async def is_session_open(self, session_id: str, now: datetime) -> bool:
        """Say whether a session goes on, in one indexed read."""
        row = await self._driver.read_one(
            self._sql.user_sessions.find_open, {"session_id": session_id, "now": to_micros(now)}
        )
        return row is not None

    async def list_sessions(
        self, user_id: str, now: datetime, *, limit: int = 100
    ) -> Sequence[UserSession]:
        """Return the open sessions of a user, the newest first."""
        rows = await self._driver.read_all(
            self._sql.user_sessions.list_open,
            {"user_id": user_id, "now": to_micros(now), "limit": limit},
        )
        return tuple(_session_of(row) for row in rows)

    async def end_session(
        self, session_id: str, now: datetime, reason: SessionEnd, *, user_id: str | None = None
    ) -> bool:
        """End a session, with a user id only if it is theirs; False when none was ended."""
        sql = self._sql.user_sessions
        params: Params = {"session_id": session_id, "now": to_micros(now), "reason": reason.value}
        if user_id is None:
            return await self._holds(Step(sql.end, params, required=True))
        return await self._holds(Step(sql.end_own, {**params, "user_id": user_id}, required=True))

    async def end_sessions(
        self, user_id: str, now: datetime, reason: SessionEnd, *, but: str | None = None
    ) -> int:
        """End all sessions of a user, but perhaps one; return how many were ended."""
        sql = self._sql.user_sessions
        params: Params = {"user_id": user_id, "now": to_micros(now), "reason": reason.value}
        step = (
            Step(sql.end_all, params)
            if but is None
            else Step(sql.end_others, {**params, "session_id": but})
        )
        outcome = await self._driver.write((step,))
        return 0 if outcome is None else outcome[0].count

    async def count_attempt(
        self, narrow: AttemptKey, wide: AttemptKey, now: datetime
    ) -> datetime | None:
        """Count one attempt under both keys; where one is locked count nothing and say till when.

        Of attempts that come at once each is counted, so that none slips by a lock. What goes
        beyond the narrow threshold is not counted under the wide key.
        """
        sql = self._sql.user_sessions
        for_both: Params = {"now": to_micros(now), "forget_at": to_micros(now + _REMEMBER_FAILURES)}
        here = {**for_both, "key": narrow.key, "threshold": narrow.threshold}
        anywhere = {**for_both, "key": wide.key, "threshold": wide.threshold, **_place(narrow)}
        is_counted = await self._holds(
            Step(sql.count_attempt, here, required=True),
            Step(sql.count_wide_attempt, anywhere, required=True),
        )
        if is_counted:
            return None
        row = await self._driver.read_one(
            self._sql.user_sessions.find_lock, {"key": narrow.key, "other_key": wide.key}
        )
        return now if row is None or row[0] is None else to_time(row[0])

    async def take_back_attempt(
        self, narrow: AttemptKey, wide: AttemptKey, *, was_right: bool
    ) -> None:
        """Take back one attempt under both keys; where it was right, all under the narrow one."""
        sql = self._sql.user_sessions
        first = sql.forget_failures if was_right else sql.take_back_attempt
        await self._driver.write(
            (
                Step(sql.hold_failures, {"key": narrow.key}),
                Step(sql.take_back_wide_attempt, {"key": wide.key, **_place(narrow)}),
                Step(first, {"key": narrow.key}),
            )
        )


def _place(narrow: AttemptKey) -> Params:
    return {"narrow_key": narrow.key, "narrow_threshold": narrow.threshold}


def _seen(session: UserSession, token_digest: str) -> Params:
    return {
        "session_id": session.id,
        "token_digest": token_digest,
        "device": session.device,
        "masked_address": session.masked_address,
        "now": to_micros(session.last_used_at),
        "expires_at": to_micros(session.expires_at),
    }


def _session_of(row: Row) -> UserSession:
    session_id, user_id, device, address, created_at, last_used_at, expires_at, reason = row
    return UserSession(
        id=session_id,
        user_id=user_id,
        device=device,
        masked_address=address,
        created_at=to_time(created_at),
        last_used_at=to_time(last_used_at),
        expires_at=to_time(expires_at),
        ended_reason=None if reason is None else SessionEnd(reason),
    )
