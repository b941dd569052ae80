"""What did the operator decide, checked and typed?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from aboard.core.account import AccountShape
from aboard.core.brand import Brand
from aboard.core.go_live import GoLivePolicy
from aboard.core.kyc import KycPolicy, KycProvider
from aboard.core.links import AddressRules
from aboard.core.mail import MailAccess
from aboard.core.owner import Mode, OwnerKind
from aboard.core.secret import Secret
from aboard.core.state import KeyRing


@dataclass(frozen=True, slots=True)
class OAuthAccess:
    """Where one mode ends the connections of sellers with an account of their own, and as whom.

    Without a client id no connection can be ended.
    """

    client_id: str | None
    base: str


@dataclass(frozen=True, slots=True)
class StripeAccess:
    """How one mode reaches Stripe."""

    secret_key: Secret
    api_base: str
    platform_webhook_secrets: tuple[Secret, ...]
    connect_webhook_secrets: tuple[Secret, ...]
    oauth: OAuthAccess


@dataclass(frozen=True, slots=True)
class TokenTrust:
    """Whose bearer tokens are believed: shared secrets, or an issuer's key set."""

    secrets: tuple[Secret, ...]
    jwks_url: str | None
    issuer: str | None
    audience: str | None
    organizations_claim: str
    role_claim: str
    operator_claim: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can decide, checked."""

    database: str
    public_url: str
    host: str
    port: int
    stripe: Mapping[Mode, StripeAccess]
    webhooks: bool
    state_keys: KeyRing
    tokens: TokenTrust
    addresses: AddressRules
    browser_origins: frozenset[str]
    reference: bool
    creator_mode: Mode
    creator_return_urls: Mapping[Mode, str]
    creator_refresh_urls: Mapping[Mode, str]
    bio_page_url: str
    kyc: KycPolicy
    kyc_provider: KycProvider | None
    brand: Brand
    shapes: Mapping[tuple[OwnerKind, Mode], AccountShape]
    creator_limit: int
    organization_limit: int
    limit_window: timedelta
    redis_url: Secret | None
    loop_limit: int
    loop_window: timedelta
    state_lifetime: timedelta
    policy: GoLivePolicy
    remind_after: timedelta | None
    remind_every: timedelta
    mail: MailAccess | None
    stripe_timeout: timedelta
    status_timeout: timedelta
    stripe_retries: int
    onboarding: bool
    live_mode: bool
    creator_upgrade: bool
    kyc_starts: bool
