"""What does an answer that is not a success mean? Our facts, from Stripe's error envelope.

Two closed tables decide: which statuses may be tried again, and which refusals mean that the
account is gone. Stripe's own wording passes through, less anything that opens a door.

Source: Stripe's error reference and the shapes of its answers, API version 2026-10-28.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from aboard.core.errors import AboardError, AccountGone, StripeRefused, StripeUnavailable

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises on bytes that are not what they should be."""

MAX_TEXT_CHARS: Final = 500
MAX_WAIT_SECONDS: Final = 3600

_BACK_LATER: Final = {
    408: "timeout",
    409: "conflict",
    424: "server_error",
    429: "rate_limited",
}
_DEFAULT_WAIT_SECONDS: Final = {"conflict": 1, "rate_limited": 1}

_SECRET = re.compile(r"((?:[srp]k_(?:test|live)|whsec|\w_secret)_)[^\s'\"`,;)]+")
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]*://[^\s'\"`]+|\b[\w-]+(?:\.[\w-]+)+(?::\d+)?/[^\s'\"`]+", re.IGNORECASE
)
_LIMIT_NAME = re.compile(r"[a-z-]{1,40}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,100}\Z")


class ErrorDetail(msgspec.Struct, frozen=True):
    """The object inside Stripe's error envelope; what is absent is None."""

    type: str | None = None
    code: str | None = None
    param: str | None = None
    message: str | None = None


class ErrorEnvelope(msgspec.Struct, frozen=True):
    """Stripe's error body: an object, or for OAuth a word with a description beside it."""

    error: ErrorDetail | str
    error_description: str | None = None

    @property
    def detail(self) -> ErrorDetail:
        """Return the error in the one shape."""
        if isinstance(self.error, str):
            return ErrorDetail(
                type="oauth_error", code=self.error, message=self.error_description or self.error
            )
        return self.error


@dataclass(frozen=True, slots=True)
class GoneCase:
    """One way in which Stripe says that an account is not there, or not for us."""

    name: str
    statuses: frozenset[int]
    code: str | None
    wording: re.Pattern[str]

    def matches(self, status: int, detail: ErrorDetail) -> bool:
        """Say whether this refusal is this case."""
        return (
            status in self.statuses
            and (self.code is None or self.code == detail.code)
            and self.wording.search(detail.message or "") is not None
        )


GONE: Final = (
    GoneCase("access_revoked", frozenset({403}), "account_invalid", re.compile("")),
    GoneCase("access_revoked", frozenset({403}), None, re.compile("does not have access to acc")),
    GoneCase(
        "no_such_account",
        frozenset({400, 404}),
        "resource_missing",
        re.compile(r"\ANo such (?:connected )?account\b", re.IGNORECASE),
    ),
    GoneCase(
        "link_refused",
        frozenset({400}),
        None,
        re.compile("account that is not connected to your platform or does not exist"),
    ),
    GoneCase(
        "link_refused",
        frozenset({400}),
        None,
        re.compile(r"\AThe requested account link is for an account that"),
    ),
)
"""The closed table: is the account gone? Nothing else in Aboard decides this."""

_NOT_GONE: Final = re.compile("a similar object exists in|required permission")
"""Our key is the wrong one: every account would look gone, and none is."""


def fault(status: int, headers: Mapping[str, str], body: bytes) -> AboardError:
    """Return the fact that an answer outside 2xx stands for.

    A redirect, a page of HTML or any other body that is not Stripe's error is `garbage`: it came
    from something between us and Stripe, and says nothing about the account.
    """
    request_id = request_id_of(headers)
    cause = "server_error" if status >= 500 else _BACK_LATER.get(status)  # noqa: PLR2004 - HTTP
    detail = _detail(body) if 400 <= status < 500 else None  # noqa: PLR2004 - HTTP's classes
    if cause is not None and not _is_final_conflict(status, headers, detail):
        return StripeUnavailable(
            cause,
            retry_after_seconds=_wait_seconds(headers, cause),
            request_id=request_id,
            is_replay=headers.get("idempotent-replayed") == "true",
            reason=_limit_reached(headers, detail) if cause == "rate_limited" else None,
        )
    if detail is None:
        return StripeUnavailable("garbage", request_id=request_id)
    gone = None if _NOT_GONE.search(detail.message or "") else _gone_case(status, detail)
    if gone is not None:
        return AccountGone(gone, request_id=request_id)
    return StripeRefused(
        clean(detail.message) or "Stripe gave no message.",
        status=status,
        error_type=clean(detail.type),
        error_code=clean(detail.code),
        param=clean(detail.param),
        request_id=request_id,
    )


def clean(text: str | None) -> str | None:
    """Return Stripe's text without keys, client secrets and addresses, and not without end.

    >>> clean("No key sk_test_words for https://connect.example/setup/e/acct_1/words, sorry")
    'No key sk_test_*** for [address] sorry'
    """
    if text is None:
        return None
    text = _ADDRESS.sub("[address]", text[: 4 * MAX_TEXT_CHARS])
    return _SECRET.sub(r"\1***", text)[:MAX_TEXT_CHARS]


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """Return Stripe's id of the request, if it looks like an id."""
    request_id = headers.get("request-id")
    return request_id if request_id and _REQUEST_ID.match(request_id) else None


def _detail(body: bytes) -> ErrorDetail | None:
    try:
        return _ENVELOPES.decode(body).detail
    except UNREADABLE:
        return None


def _gone_case(status: int, detail: ErrorDetail) -> str | None:
    return next((case.name for case in GONE if case.matches(status, detail)), None)


def _is_final_conflict(status: int, headers: Mapping[str, str], detail: ErrorDetail | None) -> bool:
    """Say whether a 409 will stay one: v2 answers so when a key comes with other parameters."""
    if status != 409 or detail is None:  # noqa: PLR2004 - HTTP's conflict
        return False
    is_other_parameters = (
        detail.type == "idempotency_error" and detail.code != "idempotency_key_in_use"
    )
    return is_other_parameters or headers.get("stripe-should-retry") == "false"


def _limit_reached(headers: Mapping[str, str], detail: ErrorDetail | None) -> str | None:
    if detail is not None and detail.code == "lock_timeout":
        return "lock_timeout"
    reason = headers.get("stripe-rate-limited-reason", "")
    return reason if _LIMIT_NAME.fullmatch(reason) else None


def _wait_seconds(headers: Mapping[str, str], cause: str) -> int | None:
    asked = headers.get("retry-after", "")
    if asked.isascii() and asked.isdigit():
        return min(int(asked[:9]), MAX_WAIT_SECONDS)
    return _DEFAULT_WAIT_SECONDS.get(cause)


_ENVELOPES: Final = msgspec.json.Decoder(ErrorEnvelope)
