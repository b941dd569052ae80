"""What did the operator decide, checked and typed?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from aboard.core.account import AccountShape
from aboard.core.brand import Brand
from aboard.core.caller import Role
from aboard.core.go_live import GoLivePolicy
from aboard.core.identity import Registration
from aboard.core.kyc import KycPolicy, KycProvider
from aboard.core.lending.master_keys import MasterKeys
from aboard.core.lending.policies import PolicyFile
from aboard.core.links import AddressRules
from aboard.core.mail import MailAccess
from aboard.core.owner import Mode, OwnerKind
from aboard.core.schedule import SyncSchedule
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
    """Whose bearer tokens are believed, by shared secrets or published keys, and how to read them.

    A claim that must hold a word is a pair; with None the claim must be true.
    """

    secrets: tuple[Secret, ...]
    jwks_url: str | None
    issuer: str | None
    audience: str | None
    types: frozenset[str]
    skew: timedelta
    required: tuple[tuple[str, str | None], ...]
    user_claim: str
    organizations_claim: str
    role_claim: str
    id_key: str
    role_key: str
    roles: Mapping[str, Role]
    operator: tuple[str, str | None]

    @property
    def is_published(self) -> bool:
        """Say whether an issuer's published keys are believed, and no shared secrets."""
        return not self.secrets


class LogFormat(StrEnum):
    """How a log line is written."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Watching:
    """How service, workers and gateway are watched. A port that is None is not opened."""

    log_format: LogFormat
    log_level: str
    host: str
    port: int | None
    worker_port: int | None
    gateway_port: int | None
    traces: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """For how long rows are kept that nobody needs any more; None: for ever."""

    events: timedelta | None
    announcements: timedelta | None
    audit: timedelta | None
    gateway_calls: timedelta | None


@dataclass(frozen=True, slots=True)
class GatewayTerms:
    """What the gateway lends, to whom, and where it listens. `own_keys` are its own by mode.

    Bases are where it finds Stripe by mode. `policy_file` is the path of the policies. `address`
    is where callers are told to find it; empty: below the service's own address.
    """

    master_keys: MasterKeys | None
    own_keys: Mapping[Mode, Secret]
    upstreams: Mapping[Mode, str]
    files: Mapping[Mode, str]
    policy_file: str | None
    policies: PolicyFile
    writes: bool
    host: str
    port: int
    address: str
    upstream_timeout: timedelta
    body_timeout: timedelta


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can decide, checked."""

    database: Secret
    database_pool: int
    public_url: str
    host: str
    port: int
    drain: timedelta
    stripe: Mapping[Mode, StripeAccess]
    webhooks: bool
    state_keys: KeyRing
    tokens: TokenTrust
    registration: Registration
    addresses: AddressRules
    browser_origins: frozenset[str]
    trusted_proxies: tuple[str, ...]
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
    kept: Kept
    mail: MailAccess | None
    outgoing_keys: KeyRing | None
    gateway: GatewayTerms
    stripe_timeout: timedelta
    status_timeout: timedelta
    stripe_retries: int
    schedule: SyncSchedule
    reads_per_second: Mapping[Mode, int]
    onboarding: bool
    live_mode: bool
    creator_upgrade: bool
    kyc_starts: bool
    watching: Watching
