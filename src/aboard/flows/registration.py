"""Become a user: at once where that is allowed, else by a code that is mailed to the address.

The answer never tells whether an e-mail has a user already: that one is mailed that there is an
account. The password comes with the code and not before, so that nobody can lay theirs under
somebody else's e-mail and wait.

Source: ADR-0017, built-in sign-in; docs/api/auth.md.
"""

import secrets
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from aboard.core.caller import Caller
from aboard.core.codes import digest_of_code, is_code, new_code
from aboard.core.errors import InputRefused, TooManyRequests
from aboard.core.errors_identity import CodeRefused, LoginBusy, RegistrationClosed
from aboard.core.identity import (
    Registration,
    User,
    Visitor,
    read_email,
    read_password,
    weakness_of,
)
from aboard.core.mail import Letter
from aboard.core.secret import Secret
from aboard.flows.attempts import count_attempt, digest_of
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.platform import Platform

CODE_LIFETIME: Final = timedelta(minutes=30)
MAILS_AN_HOUR: Final = 3
_HOUR_SECONDS: Final = 3600
_ID_BYTES: Final = 15


class NextStep(StrEnum):
    """What whoever registered does next."""

    CONFIRM = "confirm"
    LOGIN = "login"


async def register(
    platform: Platform,
    email: str,
    password: Secret | None,
    *,
    language: str,
    request_id: str | None = None,
) -> NextStep:
    """Begin to make a user, and say what comes next; the same for an e-mail that has one.

    Where a code is mailed, a password may be given to hear whether it will do; it is not kept.

    Raises:
        RegistrationClosed: nobody may register.
        InputRefused: it is no e-mail, or the password will not do.
        LoginBusy: too many are at it; nothing was done.
        StoreUnavailable: nothing can be written down.
    """
    registration = platform.identity.registration
    if registration not in {Registration.OPEN, Registration.CONFIRMED}:
        raise RegistrationClosed
    is_open = registration is Registration.OPEN
    email, chosen = _checked(email, password, is_needed=is_open)
    if is_open and chosen is not None:
        await _make(platform, email, chosen, request_id)
        return NextStep.LOGIN
    await _mail_code(platform, email, language, request_id)
    return NextStep.CONFIRM


async def confirm(
    platform: Platform,
    email: str,
    code: Secret,
    password: Secret,
    visitor: Visitor,
    *,
    request_id: str | None = None,
) -> NextStep:
    """Make the user whose code was mailed, with this password.

    Raises:
        RegistrationClosed: no codes are mailed here.
        InputRefused: it is no e-mail, or the password will not do.
        LoginLocked: too many codes were wrong.
        CodeRefused: the code is wrong, too old or used, or none was mailed.
        LoginBusy: too many are at it; the code is good still.
        StoreUnavailable: nothing can be written down.
    """
    if platform.identity.registration is not Registration.CONFIRMED:
        raise RegistrationClosed
    email, chosen = _checked(email, password, is_needed=True)
    attempt = await count_attempt(platform, "confirm", email, visitor)
    stored = await platform.store.find_pending_code(email, platform.clock())
    keys = platform.state_keys
    user: User | None = None
    if is_code(email, code, stored, keys) and stored is not None and chosen is not None:
        try:
            made = await new_user(platform, email, chosen)
        except LoginBusy:
            await attempt.release(platform)
            raise
        user = made if await platform.store.confirm_user(made, stored) else None
    if user is None:
        refusal = CodeRefused("code")
        await write_audit(
            platform,
            AuditAction.AUTH_CONFIRM,
            outcome=f"refused:{refusal.code}",
            caller=None,
            request_id=request_id,
            details={"who": digest_of(email)},
        )
        raise refusal
    await attempt.take_back(platform)
    await write_audit(
        platform,
        AuditAction.AUTH_CONFIRM,
        outcome="confirmed",
        caller=Caller(user.id),
        request_id=request_id,
    )
    return NextStep.LOGIN


async def new_user(
    platform: Platform, email: str, password: Secret, *, is_operator: bool = False
) -> User:
    """Return a user that is not written yet; the hash takes its time.

    Raises:
        LoginBusy: too many wait already.
    """
    return User(
        id=f"usr_{secrets.token_urlsafe(_ID_BYTES)}",
        email=email,
        created_at=platform.clock(),
        password_hash=await platform.identity.passwords.hash(password),
        is_operator=is_operator,
    )


async def _make(platform: Platform, email: str, password: Secret, request_id: str | None) -> None:
    user = await new_user(platform, email, password)
    is_new = await platform.store.create_user(user)
    await write_audit(
        platform,
        AuditAction.AUTH_REGISTER,
        outcome="registered" if is_new else "refused:known",
        caller=None,
        request_id=request_id,
        details={"user": user.id} if is_new else {"who": digest_of(email)},
    )


async def _mail_code(platform: Platform, email: str, language: str, request_id: str | None) -> None:
    """Mail a code, or that there is an account already; the work before the answer is the same."""
    postbox, outbox = platform.postbox, platform.identity.outbox
    if postbox is None or outbox.is_full:
        raise LoginBusy
    who = digest_of(email)
    outcome = "mailed"
    try:
        await platform.limits.take(
            who, "auth.register.mail", limit=MAILS_AN_HOUR, window_seconds=_HOUR_SECONDS
        )
    except TooManyRequests:
        outcome = "refused:mailed_enough"
    else:
        now, code = platform.clock(), new_code()
        is_known = await platform.store.find_user_by_email(email) is not None
        # Written for a user too, where nobody is told the code: both take the same time.
        await platform.store.put_pending_user(
            email, digest_of_code(email, code, platform.state_keys), now + CODE_LIFETIME
        )
        letter = Letter.ACCOUNT_EXISTS if is_known else Letter.CONFIRMATION
        told = None if is_known else code
        outbox.post(
            partial(postbox.send, letter, email, language, now, code=told), platform.journal
        )
    await write_audit(
        platform,
        AuditAction.AUTH_REGISTER,
        outcome=outcome,
        caller=None,
        request_id=request_id,
        details={"who": who},
    )


def _checked(email: str, password: Secret | None, *, is_needed: bool) -> tuple[str, Secret | None]:
    problems: list[tuple[str, str]] = []
    try:
        email = read_email(email)
    except ValueError as refusal:
        problems.append(("email", str(refusal)))
    chosen = None if password is None else read_password(password)
    if chosen is None and is_needed:
        problems.append(("password", "is missing"))
    elif chosen is not None and (weakness := weakness_of(chosen, email)) is not None:
        problems.append(("password", weakness))
    if problems:
        raise InputRefused(problems)
    return email, chosen
