"""Sign in: e-mail and password become a session, whose refresh token is told once.

An unknown e-mail, a wrong password, a code that was never entered and a user who was shut out are
one refusal, after the same work. Only the audit knows which it was.

Source: ADR-0017, built-in sign-in; docs/api/auth.md.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aboard.core.caller import Caller
from aboard.core.errors import InputRefused, StoreUnavailable
from aboard.core.errors_identity import LoginBusy, LoginLocked, LoginRefused
from aboard.core.identity import User, UserSession, Visitor, read_email, read_password
from aboard.core.secret import Secret
from aboard.core.session_tokens import issue_refresh_token
from aboard.flows.attempts import count_attempt, digest_of
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.platform import Platform

SESSION_LIFETIME: Final = timedelta(days=30)
"""How long a session lasts without being used; each refresh begins it anew."""
_ID_BYTES: Final = 15
_NONCE_BYTES: Final = 18


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that goes on: whose, and the token that carries it further, told once."""

    user: User
    session: UserSession
    refresh_token: Secret


async def sign_in(
    platform: Platform,
    email: str,
    password: Secret,
    visitor: Visitor,
    *,
    request_id: str | None = None,
) -> SignedIn:
    """Open a session for whoever knows the password. It is audited, as is every refusal.

    Raises:
        InputRefused: it is no e-mail.
        LoginLocked: too many failures; nothing was looked at.
        LoginRefused: anything does not fit.
        LoginBusy: too many passwords are being checked.
        StoreUnavailable: nothing can be read or written down.
    """
    try:
        email = read_email(email)
    except ValueError as refusal:
        raise InputRefused([("email", str(refusal))]) from None
    try:
        attempt = await count_attempt(platform, "login", email, visitor)
    except LoginLocked as locked:
        await _refuse(platform, email, locked.code, None, request_id)
        raise
    user = await platform.store.find_user_by_email(email)
    given = read_password(password)
    known_hash = None if user is None else user.password_hash
    try:
        does_fit = await platform.identity.passwords.fits(given, known_hash)
    except LoginBusy:
        await attempt.release(platform)
        raise
    reason = "unknown"
    if user is not None:
        reason = "password" if not does_fit else "disabled"
    if user is None or not does_fit or user.disabled_at is not None:
        await _refuse(platform, email, LoginRefused.code, reason, request_id)
        raise LoginRefused(reason)
    signed_in = await _open(platform, user, visitor)
    if signed_in is None:
        await _refuse(platform, email, LoginRefused.code, "changed_meanwhile", request_id)
        raise LoginRefused("changed_meanwhile")
    await attempt.take_back(platform)
    await write_audit(
        platform,
        AuditAction.AUTH_LOGIN,
        outcome="signed_in",
        caller=Caller(user.id),
        request_id=request_id,
        details={"session": signed_in.session.id, "from": visitor.masked_address},
    )
    await _strengthen(platform, user, given)
    return signed_in


def new_token(platform: Platform, session_id: str) -> tuple[Secret, str]:
    """Return a session's next refresh token, and its digest to be stored."""
    return issue_refresh_token(session_id, secrets.token_urlsafe(_NONCE_BYTES), platform.state_keys)


async def _open(platform: Platform, user: User, visitor: Visitor) -> SignedIn | None:
    now = platform.clock()
    session = UserSession(
        id=f"ses_{secrets.token_urlsafe(_ID_BYTES)}",
        user_id=user.id,
        device=visitor.device,
        masked_address=visitor.masked_address,
        created_at=now,
        last_used_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    token, digest = new_token(platform, session.id)
    if not await platform.store.open_session(session, digest, checked_hash=user.password_hash):
        return None
    return SignedIn(user, session, token)


async def _strengthen(platform: Platform, user: User, password: Secret) -> None:
    """Keep a hash of today's cost, where the one that is kept costs less, or leave it for later."""
    passwords = platform.identity.passwords
    if not passwords.is_outgrown(user.password_hash):
        return
    # The session is open by now: who is in must hear of it, whatever becomes of the hash.
    with suppress(LoginBusy, StoreUnavailable):
        stronger = await passwords.hash(password)
        await platform.store.rehash_password(user.id, user.password_hash, stronger)


async def _refuse(
    platform: Platform, email: str, code: str, reason: str | None, request_id: str | None
) -> None:
    await write_audit(
        platform,
        AuditAction.AUTH_LOGIN,
        outcome=f"refused:{code}",
        caller=None,
        request_id=request_id,
        details={"who": digest_of(email), "what": reason},
    )
