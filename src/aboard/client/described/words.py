"""Which words may a field have? Lists that may grow.

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Literal, TypeAlias

from aboard.client.answers import Word


class Actor(Word):
    """Who must act for the account to move on."""

    OWNER = "owner"
    STRIPE = "stripe"
    PLATFORM = "platform"
    NOBODY = "nobody"


class BusinessType(Word):
    """What kind of business an account is for, in Stripe's words."""

    INDIVIDUAL = "individual"
    COMPANY = "company"
    NON_PROFIT = "non_profit"
    GOVERNMENT_ENTITY = "government_entity"


BusinessTypeName: TypeAlias = (
    BusinessType | Literal["individual", "company", "non_profit", "government_entity"]
)


class Collect(Word):
    """How much the hosted flow asks for: now, or all that thresholds will demand later."""

    CURRENTLY_DUE = "currently_due"
    EVENTUALLY_DUE = "eventually_due"


CollectName: TypeAlias = Collect | Literal["currently_due", "eventually_due"]


class Condition(Word):
    """What a policy may ask for beside charges, submitted details and nothing past due."""

    PAYOUTS = "payouts"
    WEBHOOKS = "webhooks"
    LIVE_MODE = "live_mode"
    NOTHING_CURRENTLY_DUE = "nothing_currently_due"


ConditionName: TypeAlias = (
    Condition | Literal["payouts", "webhooks", "live_mode", "nothing_currently_due"]
)


class CreatorStatus(Word):
    """The five words of the creators dialect."""

    NOT_STARTED = "NOT_STARTED"
    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    DISABLED = "DISABLED"


class DecidedBy(Word):
    """Whose word holds: this organization's own, or the settings' for all."""

    ORGANIZATION = "organization"
    SETTINGS = "settings"


class Decision(Word):
    """What may be decided."""

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


DecisionName: TypeAlias = Decision | Literal["APPROVED", "REJECTED", "EXPIRED"]


class HealthStatus(Word):
    """How the service stands as a whole."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


class KycStatus(Word):
    """The five states, in the words of the creators API."""

    NOT_STARTED = "NOT_STARTED"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


class Mode(Word):
    """Stripe's two worlds, in our word; `livemode` exists only on Stripe's wire."""

    TEST = "test"
    LIVE = "live"


ModeName: TypeAlias = Mode | Literal["test", "live"]


class NextStep(Word):
    """What whoever registered does next."""

    CONFIRM = "confirm"
    LOGIN = "login"


class OwnerPage(Word):
    """Where a ticket leads."""

    STATUS = "status"
    CHECKLIST = "checklist"
    BACK = "back"


OwnerPageName: TypeAlias = OwnerPage | Literal["status", "checklist", "back"]


class PayoutMethod(Word):
    """How a creator is paid out."""

    STRIPE_CONNECT = "STRIPE_CONNECT"


class Readiness(Word):
    """Our one-word judgement of an account."""

    NOT_STARTED = "not_started"
    DISCONNECTED = "disconnected"
    REJECTED = "rejected"
    INCOMPLETE = "incomplete"
    RESTRICTED = "restricted"
    PENDING = "pending"
    RESTRICTED_SOON = "restricted_soon"
    ENABLED = "enabled"
    COMPLETE = "complete"


class Role(Word):
    """A member's role in one organization."""

    OWNER = "owner"
    ADMIN = "admin"
    FINANCE = "finance"
    SUPPORT = "support"


RoleName: TypeAlias = Role | Literal["owner", "admin", "finance", "support"]


class Source(Word):
    """Where an answer comes from."""

    LIVE = "live"
    STORED = "stored"


class Subject(Word):
    """Whom or what a requirement is about."""

    BUSINESS = "business"
    INDIVIDUAL = "individual"
    REPRESENTATIVE = "representative"
    OWNER = "owner"
    DIRECTOR = "director"
    EXECUTIVE = "executive"
    AUTHORIZER = "authorizer"
    LEGAL_GUARDIAN = "legal_guardian"
    PERSON = "person"
    BANK_ACCOUNT = "bank_account"
    AGREEMENT = "agreement"
    DOCUMENT = "document"
