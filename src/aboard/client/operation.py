"""How does a call become a request? From one operation's description and what the caller gave.

No network here: bytes go out of this file and come into `reading`, whatever road they take.

Source: ADR-0021, the Python client; RFC 3986 for paths.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from msgspec import UNSET

from aboard.client.answers import Answer
from aboard.core.secret import Secret

T_co = TypeVar("T_co", bound=Answer, covariant=True)

_SLOT: Final = re.compile(r"\{(\w+)\}")
_WALKS_UP: Final = frozenset({"", ".", ".."})
_VISIBLE: Final = re.compile(r"[!-~]{1,8192}\Z")
_KEY: Final = re.compile(r"[!-~]{1,255}\Z")
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9 ,;=.*-]{1,255}\Z")
_NOT_FOR_LOGS: Final = frozenset({"password", "token", "code"})
KEY_ARGUMENT: Final = "idempotency_key"


@dataclass(frozen=True, slots=True)
class Operation(Generic[T_co]):
    """One operation of the service: where it is, what it takes, and what it answers.

    `query` and `body` map the names of arguments to the names on the wire. `is_keyed` means that
    it takes an idempotency key, and so may be repeated; `is_session` that it speaks in cookies;
    `may_be_bodiless` that a call which gives nothing sends nothing.
    """

    method: str
    path: str
    shape: type[T_co]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] | None = None
    is_enveloped: bool = False
    is_keyed: bool = False
    is_public: bool = False
    is_session: bool = False
    may_be_bodiless: bool = False

    @property
    def may_repeat(self) -> bool:
        """Say whether a second request does nothing that the first did not."""
        return self.method == "GET" or self.is_keyed


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; its head and body may open something and are not printed.

    `hidden` are the secrets in it: whoever reads the answer masks them there.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    hidden: tuple[Secret, ...] = ()


def build_request(
    operation: Operation[Any], given: Mapping[str, object], *, language: str | None = None
) -> Request:
    """Return the request of a call, without its token.

    What was not given is not sent, so the service's defaults hold. A keyed operation gets an
    idempotency key of its own, unless one was given.

    Raises:
        ValueError: an argument that no address or head can carry.
    """
    there = {name: value for name, value in given.items() if value is not UNSET}
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": _user_agent(),
    }
    if language is not None:
        headers["Accept-Language"] = checked_language(language)
    if operation.is_keyed:
        headers["Idempotency-Key"] = _key(there.get(KEY_ARGUMENT))
    body = b""
    sent = None if operation.body is None else _renamed(operation.body, there)
    if sent or (sent is not None and not operation.may_be_bodiless):
        body = _encoded(sent)
        headers["Content-Type"] = "application/json"
    target = _SLOT.sub(lambda slot: _segment(slot[1], there[slot[1]]), operation.path)
    if asked := _renamed(operation.query, there):
        target += "?" + urlencode(
            {name: _text(value) for name, value in asked.items() if value is not None},
            quote_via=quote,
        )
    return Request(operation.method, target, headers, body, tuple(_hidden(there)))


def with_token(request: Request, token: Secret) -> Request:
    """Return the request with a bearer token.

    Raises:
        ValueError: the token is none that a head can carry; it is not shown.
    """
    if not _VISIBLE.match(token.reveal()):
        raise ValueError("a token must have 1 to 8192 visible ASCII characters")
    headers = {**request.headers, "Authorization": f"Bearer {token.reveal()}"}
    return Request(request.method, request.target, headers, request.body, (*request.hidden, token))


def with_cookies(request: Request, cookies: Mapping[str, Secret]) -> Request:
    """Return the request with these cookies."""
    if not cookies:
        return request
    pairs = "; ".join(f"{name}={value.reveal()}" for name, value in cookies.items())
    hidden = (*request.hidden, *cookies.values())
    headers = {**request.headers, "Cookie": pairs}
    return Request(request.method, request.target, headers, request.body, hidden)


def checked_language(language: str) -> str:
    """Return a language as the head carries it.

    Raises:
        ValueError: it is none that a head can carry.
    """
    if not _LANGUAGE.match(language):
        raise ValueError("a language is a tag such as pt or de-CH, or a list of them")
    return language


def _renamed(names: Mapping[str, str], there: Mapping[str, object]) -> dict[str, object]:
    return {wire: there[name] for name, wire in names.items() if name in there}


def _segment(name: str, value: object) -> str:
    text = str(value)
    if text in _WALKS_UP:
        raise ValueError(f"{name} must not be empty, . or ..")
    return quote(text, safe="")


def _key(given: object) -> str:
    if given is None:
        return secrets.token_hex(16)
    if not _KEY.match(str(given)):
        raise ValueError(f"{KEY_ARGUMENT} must have 1 to 255 visible ASCII characters")
    return str(given)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _encoded(body: Mapping[str, object]) -> bytes:
    return msgspec.json.encode(body, enc_hook=_opened)


def _opened(value: object) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(f"a {type(value).__name__} cannot be sent")


def _hidden(there: Mapping[str, object]) -> Iterator[Secret]:
    for name, value in there.items():
        if isinstance(value, Secret):
            yield value
        elif name in _NOT_FOR_LOGS and isinstance(value, str):
            yield Secret(value)


@cache
def _user_agent() -> str:
    return f"aboard-python/{version('aboard')}"
