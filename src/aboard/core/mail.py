"""How is the mail server reached, and in which words do we write?

Source: docs/self-hosting.md, reminders and mail; ADR-0015, wording is data.
"""

import tomllib
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from enum import StrEnum
from functools import cache
from importlib.resources import files

from aboard.core.languages import LANGUAGES
from aboard.core.secret import Secret


class Tls(StrEnum):
    """How the connection to the mail server is kept shut."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailAccess:
    """The mail server, whom we say we are, and the language that we write in."""

    host: str
    port: int
    sender: Address
    tls: Tls = Tls.STARTTLS
    username: str | None = None
    password: Secret | None = None
    language: str = LANGUAGES[0]


class Letter(StrEnum):
    """What we write to people."""

    REMINDER = "reminder"
    CONFIRMATION = "confirmation"
    """Their code, to become a user."""
    ACCOUNT_EXISTS = "account_exists"
    """Somebody wanted to register with their e-mail, which has a user already."""


@dataclass(frozen=True, slots=True)
class LetterWords:
    """A mail in one language: a link or a code stands alone between `action` and `closing`."""

    subject: str
    greeting: str
    body: str
    action: str
    closing: str


@cache
def letter_words(letter: Letter, language: str) -> LetterWords:
    """Return the words of a mail in one of `LANGUAGES`.

    >>> letter_words(Letter.REMINDER, "de").greeting
    'Guten Tag,'
    """
    file = files("aboard.core").joinpath("wording", language, "mail.toml")
    return LetterWords(**tomllib.loads(file.read_text(encoding="utf-8"))[letter.value])


def read_address(text: str) -> Address:
    """Read exactly one plain address, such as `ada@shop.example`.

    Raises:
        ValueError: it is none, more than one, or would break out of its header.
    """
    if not text.isascii():
        raise ValueError("is not one plain e-mail address")
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as refusal:
        raise ValueError("is not one plain e-mail address") from refusal
