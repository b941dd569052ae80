"""What is every flow given? One frozen object, built by the composition root and nobody else.

Source: ADR-0001, rooms: nothing is a module-level singleton.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from weakref import WeakValueDictionary

from aboard.core.account import AccountShape
from aboard.core.clock import Clock
from aboard.core.errors import FeatureDisabled, StripeNotConfigured
from aboard.core.go_live import GoLivePolicy
from aboard.core.kyc import KycPolicy, KycProvider
from aboard.core.links import AddressRules, LoopGuard
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.schedule import SyncSchedule
from aboard.core.secret import Secret
from aboard.core.state import DEFAULT_LIFETIME, KeyRing
from aboard.flows.breaker import Breaker
from aboard.flows.contact import Contact
from aboard.flows.draining import Draining
from aboard.flows.endpoint import Endpoint
from aboard.flows.identity import Identity
from aboard.flows.journal import Journal
from aboard.flows.lending_terms import Lending
from aboard.flows.limits import Limits, MemoryLimits
from aboard.flows.mail import Postbox
from aboard.flows.meter import Meter
from aboard.flows.post import Post
from aboard.flows.tracing import Tracer
from aboard.store import Store
from aboard.stripe_api.client import Stripe

READS_PER_SECOND: Mapping[Mode, int] = MappingProxyType({Mode.TEST: 15, Mode.LIVE: 50})
"""What workers ask of Stripe at most, well below its limits: 25 in a sandbox, 100 in live mode."""


@dataclass(frozen=True, slots=True)
class CreatorPlan:
    """Which mode is meant where a call names none, and where creators end after Stripe in each.

    `bio_page` is the platform's own page of a creator, with `{creatorId}` in it, or nothing.
    """

    mode: Mode
    return_urls: Mapping[Mode, str]
    refresh_urls: Mapping[Mode, str]
    bio_page: str = ""


@dataclass(frozen=True, slots=True)
class Switches:
    """What an operator may switch off at once."""

    onboarding: bool = True
    live: bool = True
    webhooks: bool = True
    creator_upgrade: bool = True
    kyc: bool = True

    def require_onboarding(self, mode: Mode) -> None:
        """Let onboarding in this mode pass.

        Raises:
            FeatureDisabled: onboarding, or live mode, is switched off.
        """
        if not self.onboarding:
            raise FeatureDisabled("onboarding")
        if mode.is_live and not self.live:
            raise FeatureDisabled("live_mode")


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """How long an owner may leave things undone before they are reminded; None: never."""

    after: timedelta | None = timedelta(days=3)
    every: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long rows are kept that nobody needs any more; None: for ever.

    Events are counted from when they were received, all others from their time.
    """

    events: timedelta | None = timedelta(days=90)
    announcements: timedelta | None = timedelta(days=90)
    audit: timedelta | None = None
    gateway_calls: timedelta | None = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Platform:
    """The collaborators of every flow. `public_url` is our own base address, without a slash.

    `client_ids` are the platform's at Stripe's OAuth; a mode without one ends no connection there.
    `outgoing_keys` make the signing secrets of subscribers, and `post` carries what they are told.
    `reads_per_second` bounds what the workers of all processes ask of Stripe together.
    `status_timeout` is how long who asks for a status waits for Stripe before memory answers.
    `lending` are the terms under which the gateway lends Stripe's key.
    """

    store: Store
    stripe: Mapping[Mode, Stripe]
    clock: Clock
    state_keys: KeyRing
    addresses: AddressRules
    public_url: str
    creator: CreatorPlan
    shapes: Mapping[tuple[OwnerKind, Mode], AccountShape]
    webhook_secrets: Mapping[tuple[Endpoint, Mode], tuple[Secret, ...]]
    switches: Switches = field(default_factory=Switches)
    loop_guard: LoopGuard = field(default_factory=LoopGuard)
    policy: GoLivePolicy = field(default_factory=GoLivePolicy)
    kyc: KycPolicy = field(default_factory=KycPolicy)
    kyc_provider: KycProvider | None = None
    schedule: SyncSchedule = field(default_factory=SyncSchedule)
    reads_per_second: Mapping[Mode, int] = field(default_factory=lambda: dict(READS_PER_SECOND))
    breakers: Mapping[Mode, Breaker] = field(
        default_factory=lambda: {mode: Breaker() for mode in Mode}
    )
    state_lifetime: timedelta = DEFAULT_LIFETIME
    status_timeout: timedelta = timedelta(seconds=8)
    limits: Limits = field(default_factory=MemoryLimits)
    journal: Journal = field(default_factory=Journal)
    meter: Meter = field(default_factory=Meter)
    draining: Draining = field(default_factory=Draining)
    contacts: Mapping[Mode, Contact] = field(default_factory=dict)
    tracer: Tracer = field(default_factory=Tracer)
    client_ids: Mapping[Mode, str] = field(default_factory=dict)
    reminders: ReminderPlan = field(default_factory=ReminderPlan)
    retention: Retention = field(default_factory=Retention)
    postbox: Postbox | None = None
    identity: Identity = field(default_factory=Identity)
    outgoing_keys: KeyRing | None = None
    post: Post | None = None
    lending: Lending = field(default_factory=Lending)
    _flights: WeakValueDictionary[Owner, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False
    )

    def stripe_for(self, mode: Mode) -> Stripe:
        """Return the client of this mode.

        Raises:
            StripeNotConfigured: no secret key is set for it.
        """
        client = self.stripe.get(mode)
        if client is None:
            raise StripeNotConfigured
        return client

    def flight(self, owner: Owner) -> asyncio.Lock:
        """Return the lock under which this process creates this owner's account, one at a time."""
        lock = self._flights.get(owner)
        if lock is None:
            lock = asyncio.Lock()
            self._flights[owner] = lock
        return lock
