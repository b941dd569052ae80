"""What goes over the wire where people sign in; camelCase there, Python's names here.

Source: docs/api/auth.md.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from aboard.core.codes import CODE_DIGITS
from aboard.core.identity import (
    MAX_EMAIL_CHARS,
    MAX_PASSWORD_CHARS,
    MIN_PASSWORD_CHARS,
    UserSession,
)
from aboard.flows.registration import NextStep

# Longer than any that is taken: one that will not do is told apart from one that is too much.
_LONGEST_PASSWORD = 1024
Email = Annotated[
    str,
    msgspec.Meta(
        min_length=3,
        max_length=MAX_EMAIL_CHARS,
        description="One plain e-mail address, in any case.",
        examples=["ana@shop.example"],
    ),
]
Password = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=_LONGEST_PASSWORD,
        description=f"{MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters of any kind.",
    ),
]
Code = Annotated[
    str,
    msgspec.Meta(
        pattern=f"^[0-9]{{{CODE_DIGITS}}}$",
        description=f"The {CODE_DIGITS} digits from the mail.",
    ),
]


class _Unprinted(msgspec.Struct, frozen=True):
    """What holds a password or a token on its way, and says nothing when it is printed."""

    def __repr__(self) -> str:
        """Return a mark instead of the fields."""
        return f"{type(self).__name__}(***)"


class NewUser(_Unprinted, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Who wants to be a user. Where a code is mailed, the password comes with the code."""

    email: Email
    password: Password | None = None


class Confirmation(_Unprinted, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The code that was mailed, and the password that the user shall have."""

    email: Email
    code: Code
    password: Password


class Login(_Unprinted, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Who signs in."""

    email: Email
    password: Password


class Registered(msgspec.Struct, frozen=True, rename="camel"):
    """What comes next: to enter the code that is mailed, or to sign in."""

    next_step: NextStep


class AccessToken(_Unprinted, frozen=True, rename="camel"):
    """A bearer token, and for how many seconds it is good. The session goes on by the cookie."""

    access_token: str
    expires_in: int


class SignedOut(msgspec.Struct, frozen=True, rename="camel"):
    """The session is over, if there was one."""

    signed_out: bool = True


class Session(msgspec.Struct, frozen=True, rename="camel"):
    """One browser that is signed in."""

    id: str
    device: str
    address: str
    is_current: bool
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class SessionList(msgspec.Struct, frozen=True, rename="camel"):
    """The caller's sessions, the newest first."""

    sessions: list[Session]


class Revoked(msgspec.Struct, frozen=True, rename="camel"):
    """How many sessions were ended."""

    revoked: int


def session_of_wire(session: UserSession, *, is_current: bool) -> Session:
    """Return a session as its user sees it."""
    return Session(
        id=session.id,
        device=session.device,
        address=session.masked_address,
        is_current=is_current,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        expires_at=session.expires_at,
    )
