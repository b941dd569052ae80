"""What goes over the wire in the organizations dialect; times are ISO 8601 in UTC.

Source: docs/api/organizations.md.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

import msgspec

from aboard.api.organizations.schemas_state import WorkGroups
from aboard.core.account import ConnectedAccount
from aboard.core.caller import Role
from aboard.core.errors import InputRefused
from aboard.core.links import Collect
from aboard.core.organization import ORGANIZATION_ID, is_organization_id
from aboard.core.owner import Mode, Owner
from aboard.core.readiness import Actor, Readiness
from aboard.core.tickets import OwnerPage
from aboard.flows.session import MAX_COMPONENTS
from aboard.flows.sync import Reading, Source

_PLAIN_NAME: Final = "1 to 255 visible ASCII characters, none of / \\ % ; and neither . nor .."
OrganizationId = Annotated[
    str,
    msgspec.Meta(
        pattern=ORGANIZATION_ID,
        description=f"The platform's id: {_PLAIN_NAME}",
    ),
]
Address = Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
Country = Annotated[
    str,
    msgspec.Meta(pattern=r"^[A-Z]{2}(?![\s\S])", description="Two capital letters, as PT."),
]
Email = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[!-?A-~]{1,64}@[!-?A-~]{1,190}(?![\s\S])",
        max_length=255,
        description="An e-mail address in ASCII.",
    ),
]


Language = Literal["en", "pt", "es", "de", "fr"]
"""`aboard.core.languages.LANGUAGES`, as a type; a test holds them together."""


class BusinessType(StrEnum):
    """What kind of business an account is for, in Stripe's words."""

    INDIVIDUAL = "individual"
    COMPANY = "company"
    NON_PROFIT = "non_profit"
    GOVERNMENT_ENTITY = "government_entity"


class LinkRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Ask for a link to onboarding: where sellers end, and how much is asked of them.

    Country, business type and e-mail count while the account is being made; `restart` leaves an
    account behind that is disconnected or rejected.
    """

    organization_id: OrganizationId
    mode: Mode
    return_url: Address
    refresh_url: Address
    collect: Collect = Collect.CURRENTLY_DUE
    force: bool = False
    restart: bool = False
    country: Country | None = None
    business_type: BusinessType | None = None
    email: Email | None = None


class LinkAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """A single-use link to the hosted onboarding."""

    onboarding_url: str
    expires_at: datetime


class ModeRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Which of the organization's two accounts is meant."""

    mode: Mode


class LoginLinkAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """A single-use link to Stripe's Express dashboard."""

    url: str


class SessionRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Ask for what opens embedded components, by Stripe's names for them."""

    mode: Mode
    components: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MAX_COMPONENTS)]


class SessionAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """The secret that Stripe's embedded components are opened with."""

    client_secret: str
    expires_at: datetime


class PageLinkRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Ask for a way into Aboard's own pages for owners."""

    mode: Mode
    page: OwnerPage = OwnerPage.STATUS


class PageLinkAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """A single-use link to Aboard's own pages."""

    url: str
    expires_at: datetime


class Connection(msgspec.Struct, frozen=True, rename="camel"):
    """An organization's connected account in one mode, and who must act."""

    organization_id: str
    mode: Mode
    stripe_account_id: str | None
    readiness: Readiness
    who_must_act: Actor
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    capabilities: dict[str, str]
    disabled_reason: str | None
    current_deadline: datetime | None
    synced_at: datetime | None
    source: Source


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with a request."""

    field: str
    message: str


class Details(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What helps to act on a refusal; only what applies is there."""

    problems: list[Problem] | None = None
    readiness: str | None = None
    blockers: list[str] | None = None
    checklist: WorkGroups | None = None
    reason: str | None = None
    country: str | None = None
    can_restart: bool | None = None
    stripe_type: str | None = None
    stripe_code: str | None = None
    stripe_param: str | None = None
    stripe_request_id: str | None = None
    retry_after_seconds: int | None = None


class Failed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong: `code` is the stable name."""

    code: str
    message: str
    request_id: str
    details: Details | None = None


def require_plain_name(organization_id: str) -> None:
    """Let an id pass that may stand in a log and in a row; the framework checks none in a path.

    Raises:
        InputRefused: empty, too long, or with characters that do not belong in an id.
    """
    if not is_organization_id(organization_id):
        raise InputRefused([("organizationId", f"must be {_PLAIN_NAME}")])


def connection_of(owner: Owner, reading: Reading, role: Role | None) -> Connection:
    """Return what a member with this role may see; support sees no compliance detail."""
    account = reading.account
    snapshot = account.snapshot if account and not account.is_disconnected else None
    wanted = snapshot.requirements if snapshot else None
    sees_all = role is not None and role.sees_compliance
    return Connection(
        organization_id=owner.id,
        mode=owner.mode,
        stripe_account_id=account.stripe_account_id if account else None,
        readiness=reading.assessment.readiness,
        who_must_act=reading.assessment.who_must_act,
        charges_enabled=snapshot is not None and snapshot.charges_enabled,
        payouts_enabled=snapshot is not None and snapshot.payouts_enabled,
        details_submitted=snapshot is not None and snapshot.details_submitted,
        capabilities=dict(snapshot.capabilities) if snapshot else {},
        disabled_reason=_disabled_reason(account) if sees_all else None,
        current_deadline=wanted.current_deadline if wanted and sees_all else None,
        synced_at=account.synced_at if account else None,
        source=reading.source,
    )


def _disabled_reason(account: ConnectedAccount | None) -> str | None:
    if account is None:
        return None
    if account.is_disconnected:
        return account.disconnected_reason
    return account.snapshot.requirements.disabled_reason if account.snapshot else None
