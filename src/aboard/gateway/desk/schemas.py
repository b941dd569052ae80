"""What does the operators' API take? Names in camelCase, times in ISO 8601.

Source: docs/gateway/operators-api.md.
"""

from datetime import timedelta
from typing import Literal

from msgspec import Struct

from aboard.core.lending.callers import CallLimits
from aboard.core.owner import Mode
from aboard.flows.lending.caller_terms import CallerTerms


class LimitsForm(Struct, rename="camel"):
    """So many calls in a second and in a day (UTC); null is as many as there are."""

    per_second: int | None = 10
    per_day: int | None = None


class TermsForm(Struct, rename="camel"):
    """What holds for a caller, whole."""

    policy: str | None = None
    allow: dict[str, list[str]] | None = None
    owners: list[str] | None = None
    limits: LimitsForm | None = None
    credential: str | None = None


class CallerForm(TermsForm, rename="camel", kw_only=True):
    """A new caller; the name never changes."""

    name: str


class TokenForm(Struct, rename="camel"):
    """A new token; without days it is good until it is revoked."""

    mode: Literal["test", "live"]
    days: int | None = None


class RotationForm(Struct, rename="camel"):
    """A token in the place of one, which stays good for the grace."""

    grace_hours: int = 24
    days: int | None = None


def terms_of(form: TermsForm) -> CallerTerms:
    """Return the terms that a form tells."""
    limits = form.limits
    return CallerTerms(
        policy=form.policy,
        words=None if form.allow is None else {Mode(key): row for key, row in form.allow.items()},
        owners=form.owners,
        limits=None if limits is None else CallLimits(limits.per_second, limits.per_day),
        credential=form.credential,
    )


def lifetime_of(days: int | None) -> timedelta | None:
    """Return how long a token lives."""
    return None if days is None else timedelta(days=days)
