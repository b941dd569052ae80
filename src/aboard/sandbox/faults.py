"""What if Stripe does not answer as it should? Faults that somebody ordered for the next calls.

A fault strikes after the key is known and before anything is executed; or, ordered with `after`,
once everything is done: the operation has happened, and the answer is lost.

Source: Stripe's documentation, "Rate limits" and "Advanced error handling".
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Any

from msgspec import Struct

from aboard.sandbox.wire.errors import StripeError

REASONS = (
    "endpoint-concurrency",
    "endpoint-rate",
    "global-concurrency",
    "global-rate",
    "resource-specific",
)
GARBAGE = {
    "bad_gateway": (HTTPStatus.BAD_GATEWAY, b"<html><h1>502 Bad Gateway</h1></html>\n"),
    "unavailable": (HTTPStatus.SERVICE_UNAVAILABLE, b"upstream connect error or disconnect\n"),
}
KINDS = (
    "bad_gateway",
    "error",
    "lock_timeout",
    "rate_limit",
    "reset",
    "slow",
    "timeout",
    "unavailable",
)
LONGEST_SECONDS = 600


class Fault(Struct):
    """One order: what happens to the next `calls` calls of an operation.

    `operation` is `*`, or a method and a path: `POST /v1/accounts/{account}`; `*` in it stands
    for anything. `platform` limits it to one world, by its platform's account.
    """

    id: str
    operation: str
    kind: str
    calls: int = 1
    is_after: bool = False
    seconds: float | None = None
    reason: str = "global-rate"
    platform: str | None = None
    taken: int = 0

    def refusal(self) -> StripeError:
        """Return what Stripe says in JSON when this happens."""
        if self.kind == "rate_limit":
            return StripeError(
                "Request rate limit exceeded. You can learn more about rate limits here "
                "https://stripe.com/docs/rate-limits.",
                status=HTTPStatus.TOO_MANY_REQUESTS,
                code="rate_limit",
                is_early=True,
            )
        if self.kind == "lock_timeout":
            return StripeError(
                "This object cannot be accessed right now because another API request or Stripe "
                "process is currently accessing it. If you see this error intermittently, retry "
                "the request.",
                status=HTTPStatus.TOO_MANY_REQUESTS,
                code="lock_timeout",
                is_early=True,
            )
        return StripeError(
            "An unknown error occurred.",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            kind="api_error",
            is_early=True,
        )


class Unanswered(Exception):
    """There is no JSON to answer with: the call ends as `kind` says."""

    def __init__(self, kind: str) -> None:
        """Name what happens in place of an answer."""
        super().__init__(kind)
        self.kind = kind


class Faults:
    """The orders of one sandbox, oldest first."""

    __slots__ = ("_count", "_faults")

    def __init__(self) -> None:
        """Begin with none."""
        self._faults: dict[str, Fault] = {}
        self._count = 0

    def __iter__(self) -> Iterator[Fault]:
        """Go through those that still wait for a call."""
        return iter(tuple(self._faults.values()))

    def order(self, operation: str, kind: str, **rest: Any) -> Fault:  # noqa: ANN401 - Fault's own fields
        """Order a fault for the next calls."""
        self._count += 1
        fault = Fault(f"fault_{self._count}", operation, kind, **rest)
        self._faults[fault.id] = fault
        return fault

    def cancel(self, fault_id: str) -> Fault | None:
        """Take an order back."""
        return self._faults.pop(fault_id, None)

    def clear(self) -> None:
        """Take all orders back."""
        self._faults.clear()

    def take(self, method: str, template: str, path: str, platform: str) -> Fault | None:
        """Return the fault that strikes this call, and count it."""
        for fault in self._faults.values():
            if fault.platform not in {None, platform}:
                continue
            if any(_is_meant(fault.operation, f"{method} {way}") for way in (template, path)):
                fault.taken += 1
                fault.calls -= 1
                if fault.calls == 0:
                    del self._faults[fault.id]
                return fault
        return None


def _is_meant(operation: str, call: str) -> bool:
    return operation == call or fnmatchcase(call, operation)
