"""Why was a call refused, or not answered? Each reason has one code, which never changes.

The code stands in the answer, in the row of the call and in the log. Status and kind are those
that Stripe's own libraries know how to raise.

Source: ADR-0029, the gateway; docs/gateway/refusals.md.
"""

from dataclasses import dataclass
from enum import StrEnum


class RefusalCode(StrEnum):
    """Every way in which a call can end without Stripe's own answer."""

    CALLER_MISSING = "caller_missing"
    CALLER_AMBIGUOUS = "caller_ambiguous"
    CALLER_UNKNOWN = "caller_unknown"
    CALLER_EXPIRED = "caller_expired"
    CALLER_REVOKED = "caller_revoked"
    TOKEN_MISPLACED = "token_misplaced"  # noqa: S105 - a word, no token
    TARGET_REFUSED = "target_refused"
    HOST_REFUSED = "host_refused"
    PATH_REFUSED = "path_refused"
    HEADER_REFUSED = "header_refused"
    FRAMING_REFUSED = "framing_refused"
    REQUEST_MALFORMED = "request_malformed"
    REQUEST_TOO_SLOW = "request_too_slow"
    OPERATION_UNKNOWN = "operation_unknown"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    OPERATION_NOT_ALLOWED = "operation_not_allowed"
    LIVE_WRITE_NOT_GRANTED = "live_write_not_granted"
    OWNER_NOT_ALLOWED = "owner_not_allowed"
    ACCOUNT_AMBIGUOUS = "account_ambiguous"
    MEDIA_TYPE_REFUSED = "media_type_refused"
    BODY_MALFORMED = "body_malformed"
    BODY_TOO_LARGE = "body_too_large"
    BODY_TOO_SLOW = "body_too_slow"
    BODY_BROKEN_OFF = "body_broken_off"
    ARGUMENT_MISSING = "argument_missing"
    ARGUMENT_UNKNOWN = "argument_unknown"
    ARGUMENT_INVALID = "argument_invalid"
    RATE_LIMITED = "rate_limited"
    DAILY_BUDGET_SPENT = "daily_budget_spent"
    WRITES_DISABLED = "features.gateway_writes_disabled"
    LIVE_DISABLED = "features.live_mode_disabled"
    MCP_NOT_INSTALLED = "mcp_not_installed"
    MODE_NOT_CONFIGURED = "mode_not_configured"
    CREDENTIAL_UNREADABLE = "credential_unreadable"
    STORE_UNAVAILABLE = "store_unavailable"
    UPSTREAM_UNAVAILABLE = "upstream_unavailable"
    UPSTREAM_TIMEOUT = "upstream_timeout"
    UPSTREAM_GARBAGE = "upstream_garbage"
    UPSTREAM_BROKEN_OFF = "upstream_broken_off"
    CALLER_GONE = "caller_gone"
    GATEWAY_FAULT = "gateway_fault"


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a refusal is answered: its status, Stripe's word for the kind, and what to do next."""

    status: int
    kind: str
    message: str


_AUTHENTICATION = "authentication_error"
_INVALID = "invalid_request_error"
_LIMIT = "rate_limit_error"
_API = "api_error"

RULINGS: dict[RefusalCode, Ruling] = {
    RefusalCode.CALLER_MISSING: Ruling(
        401,
        _AUTHENTICATION,
        "Send a caller token of this gateway as the bearer token, where Stripe's key would stand.",
    ),
    RefusalCode.CALLER_AMBIGUOUS: Ruling(
        400, _INVALID, "Send one Authorization header, with one caller token in it."
    ),
    RefusalCode.CALLER_UNKNOWN: Ruling(
        401, _AUTHENTICATION, "Nobody here has this caller token; ask an operator for one."
    ),
    RefusalCode.CALLER_EXPIRED: Ruling(
        401, _AUTHENTICATION, "This caller token has expired; ask an operator for a new one."
    ),
    RefusalCode.CALLER_REVOKED: Ruling(
        401, _AUTHENTICATION, "This caller token was revoked; ask an operator for a new one."
    ),
    RefusalCode.TOKEN_MISPLACED: Ruling(
        400,
        _INVALID,
        "The caller token stands outside the Authorization header, from where it would reach "
        "Stripe. Send it in that header alone.",
    ),
    RefusalCode.TARGET_REFUSED: Ruling(
        400, _INVALID, "Ask by a path such as /v1/accounts, not by a whole address or a host."
    ),
    RefusalCode.HOST_REFUSED: Ruling(400, _INVALID, "Send one plain Host header."),
    RefusalCode.PATH_REFUSED: Ruling(
        400,
        _INVALID,
        "The path may hold no dot segments, empty segments, backslashes, encoded separators or "
        "control characters.",
    ),
    RefusalCode.HEADER_REFUSED: Ruling(
        400, _INVALID, "A header is written in a way that two servers could read differently."
    ),
    RefusalCode.FRAMING_REFUSED: Ruling(
        400,
        _INVALID,
        "Say the length of the body once: by Content-Length or by chunks, never by both.",
    ),
    RefusalCode.REQUEST_MALFORMED: Ruling(400, _INVALID, "This is no HTTP/1.1 request."),
    RefusalCode.REQUEST_TOO_SLOW: Ruling(
        408, _INVALID, "The head of the request did not come in time."
    ),
    RefusalCode.OPERATION_UNKNOWN: Ruling(
        404, _INVALID, "The gateway knows no such operation; GET /tools lists those it knows."
    ),
    RefusalCode.METHOD_NOT_ALLOWED: Ruling(
        405, _INVALID, "There is such a path, but not with this method."
    ),
    RefusalCode.OPERATION_NOT_ALLOWED: Ruling(
        403, _INVALID, "This caller may not call this operation; an operator can grant it."
    ),
    RefusalCode.LIVE_WRITE_NOT_GRANTED: Ruling(
        403,
        _INVALID,
        "Writing in live mode takes a grant that names this resource and verb; no wildcard "
        "gives it.",
    ),
    RefusalCode.OWNER_NOT_ALLOWED: Ruling(
        403,
        _INVALID,
        "This caller acts for named owners only, and this call is not about an account of theirs.",
    ),
    RefusalCode.ACCOUNT_AMBIGUOUS: Ruling(
        400, _INVALID, "The call names more than one account in one place; name one."
    ),
    RefusalCode.MEDIA_TYPE_REFUSED: Ruling(
        415,
        _INVALID,
        "Send the body as this operation takes it: a form in v1, JSON in v2, multipart for "
        "files, and not compressed.",
    ),
    RefusalCode.BODY_MALFORMED: Ruling(
        400, _INVALID, "The body cannot be read as what its Content-Type says."
    ),
    RefusalCode.BODY_TOO_LARGE: Ruling(413, _INVALID, "The body is larger than this may be."),
    RefusalCode.BODY_TOO_SLOW: Ruling(408, _INVALID, "The body did not come in time."),
    RefusalCode.BODY_BROKEN_OFF: Ruling(400, _INVALID, "The body ended before it was whole."),
    RefusalCode.ARGUMENT_MISSING: Ruling(400, _INVALID, "A required argument is missing."),
    RefusalCode.ARGUMENT_UNKNOWN: Ruling(
        400, _INVALID, "The operation has no argument of this name."
    ),
    RefusalCode.ARGUMENT_INVALID: Ruling(
        400, _INVALID, "An argument has a type or a value that the operation does not take."
    ),
    RefusalCode.RATE_LIMITED: Ruling(
        429, _LIMIT, "Too many calls in a second; wait as long as Retry-After says."
    ),
    RefusalCode.DAILY_BUDGET_SPENT: Ruling(
        429, _LIMIT, "This caller's calls of the day (UTC) are spent; an operator can give more."
    ),
    RefusalCode.WRITES_DISABLED: Ruling(
        503, _API, "Writing through the gateway is switched off at the moment."
    ),
    RefusalCode.LIVE_DISABLED: Ruling(503, _API, "Live mode is switched off at the moment."),
    RefusalCode.MCP_NOT_INSTALLED: Ruling(
        501, _API, "MCP is not spoken here: an operator has to install aboard[mcp]."
    ),
    RefusalCode.MODE_NOT_CONFIGURED: Ruling(
        503, _API, "The gateway holds no Stripe key for this mode; an operator has to give one."
    ),
    RefusalCode.CREDENTIAL_UNREADABLE: Ruling(
        503, _API, "The gateway cannot open the Stripe key that it holds; an operator has to look."
    ),
    RefusalCode.STORE_UNAVAILABLE: Ruling(
        503, _API, "Calls cannot be written down at the moment, so none is made. Try again."
    ),
    RefusalCode.UPSTREAM_UNAVAILABLE: Ruling(
        502, _API, "Stripe cannot be reached from here at the moment. Try again."
    ),
    RefusalCode.UPSTREAM_TIMEOUT: Ruling(
        504,
        _API,
        "Stripe did not answer in time. What was asked may have happened: repeat it with the "
        "same Idempotency-Key.",
    ),
    RefusalCode.UPSTREAM_GARBAGE: Ruling(
        502, _API, "What came back from Stripe's address was no answer of Stripe's."
    ),
    RefusalCode.UPSTREAM_BROKEN_OFF: Ruling(
        502, _API, "Stripe's answer broke off before it was whole."
    ),
    RefusalCode.CALLER_GONE: Ruling(499, _API, "The caller hung up before the answer was whole."),
    RefusalCode.GATEWAY_FAULT: Ruling(
        500, _API, "Something went wrong on the gateway's side; its log says where."
    ),
}


class CallRefused(Exception):
    """A call that ends here. `parameter` names the field or header; never a value of either.

    `retry_after` counts whole seconds. `detail` is one more sentence for who reads the answer.
    """

    def __init__(
        self,
        code: RefusalCode,
        *,
        parameter: str | None = None,
        detail: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        """Say why, and by which field."""
        super().__init__(code.value)
        self.code = code
        self.parameter = parameter
        self.detail = detail
        self.retry_after = retry_after

    @property
    def ruling(self) -> Ruling:
        """Return how it is answered."""
        return RULINGS[self.code]
