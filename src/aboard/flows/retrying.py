"""What does a failed read mean, and what becomes of the account? The retry classes.

A failure is the account's own or everybody's; what is the account's own passes or does not.
Whatever has no name is the account's own and does not pass.

Source: ADR-0023, the worker; docs/webhooks.md, what happens next.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aboard.core.errors import (
    AboardError,
    StoreUnavailable,
    StripeKeySwapped,
    StripeNotConfigured,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.schedule import SyncSchedule
from aboard.store import Claim

_UNAUTHORIZED = 401
_FORBIDDEN = 403
# So many, and not only so long: an outage of a day is no reason to give anybody up.
_TRANSIENT_ATTEMPTS = 20


class Failing(StrEnum):
    """What failed, as far as the error can say."""

    KEY = "key"
    """The platform's key: no account can be read with it, and none is to blame."""
    STRIPE = "stripe"
    """Stripe is away, or refuses in a way that may be everybody's; it passes."""
    UNREADABLE = "unreadable"
    """An answer that we cannot read: everybody's, or this account's for good."""
    FORBIDDEN = "forbidden"
    """The key may not read: everybody's, or this account's for good."""
    MOMENT = "moment"
    """Only this account, only now."""
    ACCOUNT = "account"
    """Only this account, for good."""
    STORE = "store"
    """Our own database; it passes."""
    UNEXPECTED = "unexpected"
    """What has no name, such as a mistake in our code: this account, for good."""


_MAY_BE_EVERYBODYS = frozenset({Failing.KEY, Failing.STRIPE, Failing.UNREADABLE, Failing.FORBIDDEN})
_PASSES = frozenset({Failing.STRIPE, Failing.MOMENT, Failing.STORE})


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed read: what failed, under which code it is remembered, how long Stripe asked for."""

    failing: Failing
    code: str
    at_least: timedelta = timedelta(0)

    @property
    def may_be_everybodys(self) -> bool:
        """Say whether other accounts may fail of the same."""
        return self.failing in _MAY_BE_EVERYBODYS

    @property
    def is_stripes_answer(self) -> bool:
        """Say whether Stripe answered, so that it is not away."""
        return self.failing in {Failing.MOMENT, Failing.ACCOUNT}


def judge_failure(error: Exception) -> Failure:
    """Say what an error of a read means."""
    if not isinstance(error, AboardError):
        return Failure(Failing.UNEXPECTED, f"unexpected.{type(error).__name__}")
    failing = Failing.ACCOUNT
    at_least = timedelta(0)
    if isinstance(error, StripeKeySwapped | StripeNotConfigured):
        failing = Failing.KEY
    elif isinstance(error, StripeRefused):
        if error.status == _UNAUTHORIZED:
            failing = Failing.KEY
        elif error.status == _FORBIDDEN:
            failing = Failing.FORBIDDEN
    elif isinstance(error, StoreUnavailable):
        failing = Failing.STORE
    elif isinstance(error, StripeUnavailable):
        failing = _failing_when_away(error)
        at_least = timedelta(seconds=error.retry_after_seconds or 0)
    return Failure(failing, error.code, at_least)


def _failing_when_away(error: StripeUnavailable) -> Failing:
    if error.cause == "garbage":
        return Failing.UNREADABLE
    # A lock on the one object, and a limit of the one object: other accounts may be read.
    is_one_objects = error.reason in {"lock_timeout", "resource-specific"}
    return Failing.MOMENT if error.cause == "conflict" or is_one_objects else Failing.STRIPE


def is_hopeless(failure: Failure, claim: Claim, schedule: SyncSchedule, now: datetime) -> bool:
    """Say whether the account is given up after this failure, while other accounts can be read.

    What is wrong with the platform's key never gives an account up.
    """
    attempts = claim.attempts + 1
    if failure.failing is Failing.KEY:
        return False
    if failure.failing in _PASSES:
        is_old = now - claim.due_since >= schedule.give_up_after
        return is_old and attempts >= max(_TRANSIENT_ATTEMPTS, schedule.give_up_attempts)
    return attempts >= schedule.give_up_attempts


def wait_after(
    failure: Failure, claim: Claim, schedule: SyncSchedule, *, chance: float
) -> timedelta:
    """Return how long the account waits for its next try; `chance`, from 0 to 1, spreads it."""
    if failure.failing in _PASSES:
        return max(schedule.retry_wait(claim.attempts, chance=chance), failure.at_least)
    # Only somebody's hand mends it: no hurry.
    return schedule.longest_retry
