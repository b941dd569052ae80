"""What goes over the wire in the creators dialect; camelCase there, Python's names here.

Source: docs/api/creators.md.
"""

from typing import Generic, Literal, TypeVar

import msgspec

from aboard.core.readiness import CreatorStatus

T = TypeVar("T")


class Success(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """The envelope of everything that went well."""

    success: Literal[True] = True
    data: T


class Detail(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One thing that is wrong, with the field it is about where there is one."""

    message: str
    field: str | None = None
    code: str | None = None
    request_id: str | None = None


class Failure(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What went wrong: `i18nKey` is the stable name, `message` is in the reader's language."""

    code: str
    message: str
    i18n_key: str = msgspec.field(name="i18nKey")
    i18n_vars: dict[str, str | int] = msgspec.field(name="i18nVars")
    details: list[Detail]
    correlation_id: str


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope of everything that did not go well."""

    success: Literal[False] = False
    error: Failure


class Initiated(msgspec.Struct, frozen=True, rename="camel"):
    """The connected account and a single-use link to its onboarding."""

    account_id: str
    onboarding_url: str


class OnboardingLink(msgspec.Struct, frozen=True, rename="camel"):
    """A single-use link to the onboarding of the account that is there."""

    onboarding_url: str


class DashboardLink(msgspec.Struct, frozen=True):
    """A single-use link to Stripe's Express dashboard."""

    url: str


class AccountStatus(msgspec.Struct, frozen=True, rename="camel"):
    """The account as Stripe sees it, or as we remember it (`X-Status-Source: stored`)."""

    stripe_account_id: str | None
    stripe_account_status: CreatorStatus
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
