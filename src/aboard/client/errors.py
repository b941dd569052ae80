"""What can go wrong between a caller and Aboard?

CallFailed
├─ ConnectionFailed   no answer came
├─ AnswerUnreadable   an answer came that is not Aboard's
└─ ApiError           Aboard said no, and why
   ├─ Invalid           400, 413, 415, 422: the request itself
   ├─ Unauthorized      401: no token, or one that is not believed
   ├─ Forbidden         403: not for this caller
   ├─ NotFound          404
   ├─ Conflict          409: the state of things does not allow it now
   ├─ TooManyRequests   429: wait `retry_after_seconds`
   └─ Unavailable       503: Stripe or a switch; the same call makes sense later

None of them carries a token, a link or a body: addresses in Aboard's words are masked, and so is
whatever secret the request was sent with.

Source: docs/clients.md, errors.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from aboard.client.answers import Meta, RateLimit


class Trouble(StrEnum):
    """Why no answer came."""

    UNREACHABLE = "unreachable"
    TLS_REFUSED = "tls_refused"
    TIMED_OUT = "timed_out"
    BROKEN = "broken"


class CallFailed(Exception):
    """A call did not return what it is for. It travels between processes whole."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Be pickled with everything that is known, as process pools and task queues do."""
        return _again, (type(self), self.args, dict(vars(self)))


def _again(kind: type[CallFailed], args: tuple[object, ...], known: dict[str, Any]) -> CallFailed:
    failed = kind.__new__(kind, *args)
    vars(failed).update(known)
    return failed


class ConnectionFailed(CallFailed):
    """No answer came. `was_sent` is false only when the service cannot have seen the request."""

    def __init__(self, trouble: Trouble, *, was_sent: bool) -> None:
        """Keep why, and whether the service may have acted."""
        super().__init__(trouble, was_sent)
        self.trouble = trouble
        self.was_sent = was_sent

    def __str__(self) -> str:
        """Return one line for a log."""
        seen = "may have been carried out" if self.was_sent else "was not sent"
        return f"no answer: {self.trouble}; the request {seen}"


class AnswerUnreadable(CallFailed):
    """Something answered that does not speak as Aboard does: a proxy, another service, garbage."""

    def __init__(self, reason: str, *, status: int, request_id: str | None = None) -> None:
        """Keep what is wrong with it, never its words."""
        super().__init__(reason, status)
        self.reason = reason
        self.status = status
        self.request_id = request_id

    def __str__(self) -> str:
        """Return one line for a log."""
        return f"the answer cannot be read: {self.reason} (status {self.status})"


class ApiError(CallFailed):
    """Aboard said no. `code` is stable; `message` is for people, in the client's language.

    `i18n_key`, `i18n_vars` and a list of `details` are the creators API's; in the organizations
    API the key is the code, and `details` is an object where there are any.
    """

    def __init__(
        self,
        code: str,
        message: str,
        meta: Meta,
        *,
        i18n_key: str | None = None,
        i18n_vars: Mapping[str, Any] | None = None,
        details: Any = None,  # noqa: ANN401 - JSON, as it came
    ) -> None:
        """Keep the refusal with what its head told."""
        super().__init__(code, message, meta.status)
        self.code = code
        self.message = message
        self.i18n_key = i18n_key or code
        self.i18n_vars = dict(i18n_vars or {})
        self.details = details
        self.status = meta.status
        self.meta = meta

    @property
    def request_id(self) -> str | None:
        """Return the id under which the service knows this call."""
        return self.meta.request_id

    @property
    def rate_limit(self) -> RateLimit | None:
        """Return how many calls are left."""
        return self.meta.rate_limit

    @property
    def retry_after_seconds(self) -> int | None:
        """Return after how many seconds the same call makes sense again, where it is told."""
        return self.meta.retry_after_seconds

    def __str__(self) -> str:
        """Return one line for a log."""
        return f"{self.status} {self.i18n_key}: {self.message} (request {self.request_id})"


class Invalid(ApiError):
    """The request itself is refused; `details` name the fields."""


class Unauthorized(ApiError):
    """There was no token, or one that is not believed any more."""


class Forbidden(ApiError):
    """The caller may not do this."""


class NotFound(ApiError):
    """There is no such thing for this caller."""


class Conflict(ApiError):
    """The state of things does not allow it now; `details` may say what does."""


class TooManyRequests(ApiError):
    """The window is used up."""


class Unavailable(ApiError):
    """Not now: Stripe is away, or a feature is switched off."""


BY_STATUS: Final[Mapping[int, type[ApiError]]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: Invalid,
    415: Invalid,
    422: Invalid,
    429: TooManyRequests,
    503: Unavailable,
}
