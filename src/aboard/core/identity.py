"""Who signs in here, with which e-mail and which password? For installations without an issuer.

An e-mail is ASCII and lower-case, so that two spellings are never two people. A password has 8 to
128 characters of any kind; what is refused besides is only what would be guessed first.

Source: ADR-0017, built-in sign-in; NIST SP 800-63B, memorized secrets.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from aboard.core.secret import Secret

MAX_EMAIL_CHARS: Final = 254
MIN_PASSWORD_CHARS: Final = 8
MAX_PASSWORD_CHARS: Final = 128
_EMAIL: Final = re.compile(
    r"(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
)
_GUESSED_FIRST: Final = frozenset(
    {
        "11223344",
        "12345678",
        "123456789",
        "1234567890",
        "1q2w3e4r",
        "1qaz2wsx",
        "87654321",
        "abc12345",
        "abcd1234",
        "administrator",
        "asdfghjk",
        "baseball",
        "changeme",
        "football",
        "iloveyou",
        "letmein1",
        "passw0rd",
        "password",
        "password1",
        "password123",
        "princess",
        "qwerty123",
        "qwertyui",
        "qwertyuiop",
        "sunshine",
        "superman",
        "trustno1",
        "welcome1",
    }
)


class Registration(StrEnum):
    """How somebody becomes a user here, if at all."""

    OFF = "off"
    """Nobody signs in here: bearer tokens come from elsewhere."""
    CLOSED = "closed"
    """An operator adds users on the command line."""
    CONFIRMED = "confirmed"
    """Whoever can read the mail at an address."""
    OPEN = "open"
    """Anybody at once; on one machine, to try things out."""


class SessionEnd(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    TOKEN_REUSED = "token_reused"  # noqa: S105 -- a word for what happened, no token
    USER_CHANGED = "user_changed"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in here. `password_hash` says nothing when it is printed."""

    id: str
    email: str
    created_at: datetime
    password_hash: str = field(repr=False)
    is_operator: bool = False
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a call comes from: its whole address to count by, and what a session shows of both."""

    address: str = field(repr=False)
    masked_address: str
    device: str


@dataclass(frozen=True, slots=True)
class UserSession:
    """One browser that is signed in. Times are aware UTC."""

    id: str
    user_id: str
    device: str
    masked_address: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ended_reason: SessionEnd | None = None


def read_email(text: str) -> str:
    """Return an e-mail as it is compared and stored: without blanks around it, lower-case.

    >>> read_email("  Ada@Shop.Example ")
    'ada@shop.example'

    Raises:
        ValueError: it is no plain e-mail address in ASCII.
    """
    email = text.strip(" \t").lower()
    # Lower-case first would let letters of other alphabets become ASCII.
    if not text.isascii() or len(email) > MAX_EMAIL_CHARS or not _EMAIL.match(email):
        raise ValueError("is not one plain e-mail address")
    return email


def read_password(given: Secret) -> Secret:
    """Return a password as it is compared: two ways to write one letter are the same."""
    return Secret(normalize("NFC", given.reveal()))


def weakness_of(password: Secret, email: str) -> str | None:
    """Say why a new password is not taken, or nothing where it is.

    >>> weakness_of(Secret("ada@shop.example"), "ada@shop.example")
    'must not be the e-mail address'
    >>> weakness_of(Secret("four quiet words here"), "ada@shop.example") is None
    True
    """
    words = password.reveal()
    if not MIN_PASSWORD_CHARS <= len(words) <= MAX_PASSWORD_CHARS:
        return f"must have {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters"
    plain = words.casefold()
    if plain in {email, email.partition("@")[0]}:
        return "must not be the e-mail address"
    if len(set(plain)) == 1 or plain in _GUESSED_FIRST:
        return "is among the first that anybody would try"
    return None
