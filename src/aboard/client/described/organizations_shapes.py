"""What does `organizations` answer?

Written from the service's description by `make client-python`; not by hand.
"""

from datetime import datetime

import msgspec

from aboard.client.answers import Answer
from aboard.client.described.words import (
    Actor,
    Condition,
    DecidedBy,
    Mode,
    Readiness,
    Role,
    Source,
    Subject,
)
from aboard.core.links import BearerUrl
from aboard.core.secret import Secret


class LinkAnswer(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.onboarding_link` answers."""

    onboarding_url: BearerUrl
    expires_at: datetime


class LoginLinkAnswer(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.login_link` answers."""

    url: BearerUrl


class SessionAnswer(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.account_session` answers."""

    client_secret: Secret
    expires_at: datetime


class PageLinkAnswer(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.page_link` answers."""

    url: BearerUrl
    expires_at: datetime


class Connection(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.connection` answers."""

    organization_id: str
    mode: Mode
    stripe_account_id: str | None = None
    readiness: Readiness
    who_must_act: Actor
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    capabilities: dict[str, str]
    disabled_reason: str | None = None
    current_deadline: datetime | None = None
    synced_at: datetime | None = None
    source: Source


class ItemProblem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Item problem of an answer."""

    code: str
    reason: str
    what_to_do: str


class Setup(Answer, frozen=True, kw_only=True, rename="camel"):
    """Setup of an answer.

    What `organizations.setup_state` and `organizations.go_live` and
    `organizations.stop_live` answers
    """

    organization_id: str
    mode: Mode
    onboarded: bool
    operational: bool
    live: bool
    blockers: tuple[str, ...]
    opened_at: datetime | None = None
    opened_by: str | None = None
    closed_at: datetime | None = None
    synced_at: datetime | None = None
    source: Source


class OrganizationRecord(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.create` and `organizations.get` and `organizations.change` answers."""

    organization_id: str
    role: Role
    name: str | None = None
    time_zone: str | None = None
    created_at: datetime | None = None


class MemberRecord(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.set_member` answers."""

    organization_id: str
    user_id: str
    role: Role
    since: datetime


class Controller(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Controller of an answer."""

    fees_payer: str | None = msgspec.field(name="fees.payer", default=None)
    losses_payments: str | None = msgspec.field(name="losses.payments", default=None)
    requirement_collection: str | None = msgspec.field(name="requirement_collection", default=None)
    stripe_dashboard_type: str | None = msgspec.field(name="stripe_dashboard.type", default=None)


class PolicyAnswer(Answer, frozen=True, kw_only=True, rename="camel"):
    """Policy answer of an answer.

    What `organizations.get_go_live_policy` and `organizations.set_go_live_policy` and
    `organizations.forget_go_live_policy` answers
    """

    organization_id: str
    mode: Mode
    decided_by: DecidedBy
    capabilities: tuple[str, ...]
    conditions: tuple[Condition, ...]


class WorkItem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Work item of an answer."""

    key: str
    title: str
    help: str
    why: str
    subject: Subject
    subject_title: str
    person_id: str | None = None
    deadline: datetime | None = None
    errors: tuple[ItemProblem, ...]
    alternatives: tuple[tuple[str, ...], ...]


class OrganizationList(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.list_organizations` answers."""

    organizations: tuple[OrganizationRecord, ...]
    next: str | None = None


class MemberList(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.list_members` answers."""

    members: tuple[MemberRecord, ...]
    next: str | None = None


class ShapeAnswer(Answer, frozen=True, kw_only=True, rename="camel"):
    """Shape answer of an answer.

    What `organizations.get_account_shape` and `organizations.set_account_shape` and
    `organizations.forget_account_shape` answers
    """

    organization_id: str
    mode: Mode
    decided_by: DecidedBy
    type: str | None = None
    controller: Controller | None = None
    country: str | None = None
    business_type: str | None = None
    capabilities: tuple[str, ...]


class WorkGroups(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Work groups of an answer."""

    past_due: tuple[WorkItem, ...] = msgspec.field(name="past_due")
    currently_due: tuple[WorkItem, ...] = msgspec.field(name="currently_due")
    eventually_due: tuple[WorkItem, ...] = msgspec.field(name="eventually_due")
    pending_verification: tuple[WorkItem, ...] = msgspec.field(name="pending_verification")
    future: tuple[WorkItem, ...]


class WorkList(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `organizations.requirements` answers."""

    organization_id: str
    mode: Mode
    readiness: Readiness
    who_must_act: Actor
    groups: WorkGroups
    synced_at: datetime | None = None
    source: Source
