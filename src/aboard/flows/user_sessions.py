"""Keep a session going, look at one's sessions, and end them.

A refresh token is good once. Whoever comes with one that was used before is either a thief or was
robbed: nobody can tell which, so the session ends for both, at once, and the audit says why.

Source: ADR-0017, built-in sign-in; RFC 9700, refresh token rotation.
"""

from collections.abc import Sequence
from dataclasses import replace

from aboard.core.caller import Caller
from aboard.core.errors import StateForged
from aboard.core.errors_identity import (
    RefreshRefused,
    RefreshReused,
    SessionCurrent,
    SessionUnknown,
)
from aboard.core.identity import SessionEnd, User, UserSession, Visitor
from aboard.core.session_tokens import RefreshToken, read_refresh_token
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.sign_in import SESSION_LIFETIME, SignedIn, new_token


async def refresh_session(
    platform: Platform, token: str | None, visitor: Visitor, *, request_id: str | None = None
) -> SignedIn:
    """Use a refresh token up and return the next one. Only what is refused is audited.

    Raises:
        RefreshRefused: no token, none of ours, or its session is over.
        RefreshReused: it was used before; its session is over now.
        StoreUnavailable: nothing can be read or written down; the token is good still.
    """
    used = await _read(platform, token, request_id)
    now = platform.clock()
    session, user = await _find_open(platform, used)
    if session is not None and user is not None:
        going_on = replace(
            session,
            device=visitor.device,
            masked_address=visitor.masked_address,
            last_used_at=now,
            expires_at=now + SESSION_LIFETIME,
        )
        following, digest = new_token(platform, session.id)
        if await platform.store.rotate_session(
            going_on, used_digest=used.digest, token_digest=digest
        ):
            return SignedIn(user, going_on, following)
        if await _end_reused(platform, session, visitor, request_id):
            raise RefreshReused("reused")
    # Over before, or while it was looked at: by a sign-out, say, which is nobody's theft.
    ended = await platform.store.find_session(used.session_id)
    was_reused = ended is not None and ended.ended_reason is SessionEnd.TOKEN_REUSED
    refusal = RefreshReused("reused") if was_reused else RefreshRefused("ended")
    await _refuse(platform, refusal, request_id, used.session_id)
    raise refusal


async def sign_out(platform: Platform, token: str | None, *, request_id: str | None = None) -> None:
    """End the session of a refresh token, of whichever age; nothing where there is none.

    Raises:
        StoreUnavailable: it cannot be written down; the session goes on.
    """
    if token is None:
        return
    try:
        session_id = read_refresh_token(token, platform.state_keys).session_id
    except StateForged:
        return
    session = await platform.store.find_session(session_id)
    if session is None:
        return
    if await platform.store.end_session(session_id, platform.clock(), SessionEnd.SIGNED_OUT):
        await _tell(platform, AuditAction.AUTH_LOGOUT, "signed_out", session, request_id)


async def list_sessions(platform: Platform, caller: Caller) -> Sequence[UserSession]:
    """Return the caller's open sessions, the newest first.

    Raises:
        StoreUnavailable: nothing can be read.
    """
    return await platform.store.list_sessions(caller.user_id, platform.clock())


async def end_session(
    platform: Platform, caller: Caller, session_id: str, *, request_id: str | None = None
) -> None:
    """End another session of the caller's; audited.

    Raises:
        SessionCurrent: it is the one that the caller's token is of.
        SessionUnknown: it is not theirs, or is over.
        StoreUnavailable: it cannot be written down; the session goes on.
    """
    if session_id == caller.session_id:
        raise SessionCurrent
    is_ended = await platform.store.end_session(
        session_id, platform.clock(), SessionEnd.REVOKED, user_id=caller.user_id
    )
    await write_audit(
        platform,
        AuditAction.AUTH_REVOKE,
        outcome="revoked" if is_ended else "refused:session.unknown",
        caller=caller,
        request_id=request_id,
        details={"session": session_id},
    )
    if not is_ended:
        raise SessionUnknown


async def end_other_sessions(
    platform: Platform, caller: Caller, *, request_id: str | None = None
) -> int:
    """End every session of the caller's but the current one; audited; return how many.

    Raises:
        StoreUnavailable: it cannot be written down; the sessions go on.
    """
    count = await platform.store.end_sessions(
        caller.user_id, platform.clock(), SessionEnd.REVOKED, but=caller.session_id
    )
    await write_audit(
        platform,
        AuditAction.AUTH_REVOKE,
        outcome="revoked",
        caller=caller,
        request_id=request_id,
        details={"count": count},
    )
    return count


async def is_session_open(platform: Platform, session_id: str) -> bool:
    """Say whether tokens of this session hold.

    Raises:
        StoreUnavailable: nobody knows.
    """
    return await platform.store.is_session_open(session_id, platform.clock())


async def _read(platform: Platform, token: str | None, request_id: str | None) -> RefreshToken:
    if token is None:
        raise RefreshRefused("missing")
    try:
        return read_refresh_token(token, platform.state_keys)
    except StateForged:
        refusal = RefreshRefused("forged")
        await _refuse(platform, refusal, request_id)
        raise refusal from None


async def _find_open(
    platform: Platform, used: RefreshToken
) -> tuple[UserSession | None, User | None]:
    session = await platform.store.find_session(used.session_id)
    if session is None or session.expires_at <= platform.clock():
        return None, None
    user = await platform.store.find_user(session.user_id)
    return session, None if user is None or user.disabled_at is not None else user


async def _end_reused(
    platform: Platform, session: UserSession, visitor: Visitor, request_id: str | None
) -> bool:
    """End a session whose token came twice; False where it was over already."""
    reason = SessionEnd.TOKEN_REUSED
    if not await platform.store.end_session(session.id, platform.clock(), reason):
        return False
    platform.journal.note(LogEvent.SESSION_REUSED, request_id=request_id)
    await _tell(
        platform,
        AuditAction.AUTH_REFRESH,
        f"refused:{RefreshReused.code}",
        session,
        request_id,
        reused_from=visitor.masked_address,
        used_from=session.masked_address,
    )
    return True


async def _tell(
    platform: Platform,
    action: AuditAction,
    outcome: str,
    session: UserSession,
    request_id: str | None,
    **details: str,
) -> None:
    await write_audit(
        platform,
        action,
        outcome=outcome,
        caller=Caller(session.user_id),
        request_id=request_id,
        details={"session": session.id, **details},
    )


async def _refuse(
    platform: Platform,
    refusal: RefreshRefused,
    request_id: str | None,
    session_id: str | None = None,
) -> None:
    await write_audit(
        platform,
        AuditAction.AUTH_REFRESH,
        outcome=f"refused:{refusal.code}",
        caller=None,
        request_id=request_id,
        details={"what": refusal.check, "session": session_id},
    )
