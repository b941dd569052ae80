"""Add users and change what they may, as whoever has the command line: every act is audited.

Whatever changes a user ends their sessions at once, so that no token says what is true no more.

Source: ADR-0017, built-in sign-in; docs/self-hosting.md, people who sign in here.
"""

from collections.abc import Sequence
from dataclasses import replace

from aboard.core.caller import Caller
from aboard.core.errors import InputRefused
from aboard.core.identity import (
    SessionEnd,
    User,
    UserSession,
    read_email,
    read_password,
    weakness_of,
)
from aboard.core.secret import Secret
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.platform import Platform
from aboard.flows.registration import new_user
from aboard.store.records import Detail

COMMAND_LINE = Caller("command-line")
_PAGE = 100


class UserUnknown(Exception):
    """There is no user with this e-mail."""


class UserTaken(Exception):
    """There is a user with this e-mail already."""


async def add_user(
    platform: Platform, email: str, password: Secret, *, is_operator: bool = False
) -> User:
    """Write a new user, who may sign in at once.

    Raises:
        InputRefused: it is no e-mail, or the password will not do.
        UserTaken: the e-mail has a user.
        LoginBusy: too many hashes are being made.
        StoreUnavailable: it cannot be written down.
    """
    email = _email(email)
    chosen = _chosen(password, email)
    user = await new_user(platform, email, chosen, is_operator=is_operator)
    if not await platform.store.create_user(user):
        raise UserTaken
    await _tell(platform, user, "added", operator=is_operator)
    return user


async def list_users(platform: Platform) -> Sequence[User]:
    """Return all users in the order of their e-mails.

    Raises:
        StoreUnavailable: they cannot be read.
    """
    found: list[User] = []
    while True:
        after = found[-1].email if found else ""
        page = await platform.store.list_users(after=after, limit=_PAGE)
        found += page
        if len(page) < _PAGE:
            return found


async def make_operator(platform: Platform, email: str, *, is_operator: bool) -> User:
    """Let a user act for every organization, or no longer.

    Raises:
        InputRefused: it is no e-mail.
        UserUnknown: nobody has it.
        StoreUnavailable: it cannot be written down.
    """
    user = await _get(platform, email)
    await platform.store.set_operator(user.id, platform.clock(), is_operator=is_operator)
    await _tell(platform, user, "changed", operator=is_operator)
    return replace(user, is_operator=is_operator)


async def change_password(platform: Platform, email: str, password: Secret) -> User:
    """Give a user a new password.

    Raises:
        InputRefused: it is no e-mail, or the password will not do.
        UserUnknown: nobody has it.
        LoginBusy: too many hashes are being made.
        StoreUnavailable: it cannot be written down.
    """
    user = await _get(platform, email)
    made = await platform.identity.passwords.hash(_chosen(password, user.email))
    await platform.store.set_password(user.id, made, platform.clock())
    await _tell(platform, user, "changed", password=True)
    return user


async def disable_user(platform: Platform, email: str, *, is_disabled: bool) -> User:
    """Shut a user out, or let them in again.

    Raises:
        InputRefused: it is no e-mail.
        UserUnknown: nobody has it.
        StoreUnavailable: it cannot be written down.
    """
    user = await _get(platform, email)
    now = platform.clock()
    disabled_at = now if is_disabled else None
    await platform.store.set_disabled(user.id, disabled_at, now)
    await _tell(platform, user, "changed", disabled=is_disabled)
    return replace(user, disabled_at=disabled_at)


async def list_sessions_of(platform: Platform, email: str) -> Sequence[UserSession]:
    """Return where a user is signed in, the newest first.

    Raises:
        InputRefused: it is no e-mail.
        UserUnknown: nobody has it.
        StoreUnavailable: they cannot be read.
    """
    user = await _get(platform, email)
    return await platform.store.list_sessions(user.id, platform.clock())


async def end_sessions_of(platform: Platform, email: str) -> int:
    """Sign a user out everywhere; return how many sessions ended.

    Raises:
        InputRefused: it is no e-mail.
        UserUnknown: nobody has it.
        StoreUnavailable: it cannot be written down.
    """
    user = await _get(platform, email)
    count = await platform.store.end_sessions(user.id, platform.clock(), SessionEnd.USER_CHANGED)
    await _tell(platform, user, "sessions_ended", count=count)
    return count


async def _get(platform: Platform, email: str) -> User:
    user = await platform.store.find_user_by_email(_email(email))
    if user is None:
        raise UserUnknown
    return user


def _email(text: str) -> str:
    try:
        return read_email(text)
    except ValueError as refusal:
        raise InputRefused([("email", str(refusal))]) from None


def _chosen(password: Secret, email: str) -> Secret:
    chosen = read_password(password)
    weakness = weakness_of(chosen, email)
    if weakness is not None:
        raise InputRefused([("password", weakness)])
    return chosen


async def _tell(platform: Platform, user: User, outcome: str, **details: Detail) -> None:
    await write_audit(
        platform,
        AuditAction.USER_CHANGE,
        outcome=outcome,
        caller=COMMAND_LINE,
        details={"user": user.id, **details},
    )
