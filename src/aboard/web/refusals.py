"""From whatever went wrong to one row of a dialect's table; shared by both, worded by neither.

A fact of ours is looked up by its class. What the web framework refuses becomes a fact or one of
three situations. Anything else is our own fault: it is logged by its place in the code, never by
its text, and the answer says no more than that.

Source: docs/errors.md.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from traceback import extract_tb
from typing import Final, TypeVar

from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from aboard.core.errors import (
    AboardError,
    FeatureDisabled,
    IdempotencyBusy,
    InputRefused,
    IssuerUnavailable,
    OnboardingBusy,
    StoreUnavailable,
    StripeNotConfigured,
    StripeRefused,
    StripeUnavailable,
    TooManyRequests,
    Unauthenticated,
)
from aboard.core.errors_identity import LoginBusy, LoginLocked
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.web.answer import Header

_BUSY_RETRY_SECONDS: Final = 1
_AWAY_RETRY_SECONDS: Final = 5
_SWITCHED_OFF_RETRY_SECONDS: Final = 300
_KEY_REFUSED: Final = frozenset({401, 403})
_LONGEST_TEXT: Final = 200
_SERVER_FAULT: Final = 500
_MISSING: Final = re.compile(r"Missing required \w+ parameter '(\w+)'")
_log = logging.getLogger("aboard")


class Situation(Enum):
    """What can be wrong with a request besides our facts."""

    NO_SUCH_PATH = 404
    NO_SUCH_METHOD = 405
    OUR_FAULT = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """What went wrong, and the headers that any wording of it carries."""

    cause: AboardError | Situation
    headers: tuple[Header, ...] = ()


Row = TypeVar("Row")


def is_platforms_fault(cause: AboardError | Situation) -> bool:
    """Say whether the platform's own access to Stripe is at fault: no key, or one that is refused.

    Nothing that the caller could change, whatever status a dialect gives it.
    """
    if isinstance(cause, StripeRefused):
        return cause.status in _KEY_REFUSED
    return isinstance(cause, StripeNotConfigured)


def row_of(table: Mapping[type[AboardError], Row], fact: AboardError) -> Row | None:
    """Return the row of the fact's own class, else of its nearest ancestor in the table."""
    return next((table[kind] for kind in type(fact).__mro__ if kind in table), None)


def recognise(error: Exception, platform: Platform, request_id: str) -> Refused:
    """Say what went wrong; log it where it is our own fault."""
    if isinstance(error, StoreUnavailable):
        platform.journal.note(
            LogEvent.REQUEST_FAILED,
            request_id=request_id,
            error_code=error.code,
            cause=error.cause,
        )
    if isinstance(error, AboardError):
        return Refused(error, _headers_of(error))
    if isinstance(error, NotFoundException):
        return Refused(Situation.NO_SUCH_PATH)
    if isinstance(error, MethodNotAllowedException):
        allow = (error.headers or {}).get("allow", "")
        return Refused(Situation.NO_SUCH_METHOD, ((b"allow", allow.encode("latin-1")),))
    if isinstance(error, HTTPException) and error.status_code < _SERVER_FAULT:
        return Refused(InputRefused(_problems_of(error)))
    note_fault(error, platform, request_id)
    return Refused(Situation.OUR_FAULT)


def note_fault(error: Exception, platform: Platform, request_id: str) -> None:
    """Log an unexpected exception by type and place; its text may hold a secret."""
    frames = extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-5:]))
    kind = type(error).__name__
    platform.journal.note(LogEvent.REQUEST_FAILED, request_id=request_id, error_code=kind)
    _log.error("request.failed request_id=%s error=%s at=%s", request_id, kind, places)


def plain(text: str) -> str:
    """Return a caller's words in a form that is safe to send back: printable, ASCII, short."""
    safe = text.encode("ascii", "backslashreplace").decode()
    return "".join(char if char.isprintable() else "?" for char in safe)[:_LONGEST_TEXT]


def retry_seconds(fact: AboardError) -> int | None:
    """Return after how many whole seconds the same request makes sense again, if ever."""
    if isinstance(fact, TooManyRequests | LoginLocked | IssuerUnavailable):
        return fact.retry_after_seconds
    if isinstance(fact, StripeUnavailable):
        return fact.retry_after_seconds or _AWAY_RETRY_SECONDS
    if isinstance(fact, StoreUnavailable):
        return _AWAY_RETRY_SECONDS
    if isinstance(fact, FeatureDisabled):
        return _SWITCHED_OFF_RETRY_SECONDS
    if isinstance(fact, OnboardingBusy | IdempotencyBusy | LoginBusy):
        return _BUSY_RETRY_SECONDS
    return None


def _headers_of(fact: AboardError) -> tuple[Header, ...]:
    if isinstance(fact, Unauthenticated):
        return ((b"www-authenticate", b"Bearer"),)
    seconds = retry_seconds(fact)
    return () if seconds is None else ((b"retry-after", b"%d" % seconds),)


def _problems_of(error: HTTPException) -> list[tuple[str, str]]:
    rows = error.extra if isinstance(error, ValidationException) else None
    if not isinstance(rows, list):
        missing = _MISSING.match(error.detail)
        return [(missing[1], "is missing") if missing else ("request", "is malformed")]
    return [(str(row.get("key", "request")), str(row.get("message", ""))) for row in rows]
