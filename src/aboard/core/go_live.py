"""May this owner take live money? Open, or closed with named blockers.

An expected outcome is a value: no blockers means open. *Onboarded*, *operational* and *live* are
three different claims and are never merged.

Source: docs/vocabulary.md, "Words for state".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aboard.core.account import ConnectedAccount, Snapshot
from aboard.core.owner import Mode

NOT_CONNECTED = "not_connected"
DETAILS_NOT_SUBMITTED = "details_not_submitted"
CHARGES_DISABLED = "charges_disabled"
PAYOUTS_DISABLED = "payouts_disabled"
REQUIREMENTS_PAST_DUE = "requirements_past_due"
REQUIREMENTS_CURRENTLY_DUE = "requirements_currently_due"
PLATFORM_WEBHOOK_SILENT = "platform_webhook_silent"
CONNECT_WEBHOOK_SILENT = "connect_webhook_silent"
TEST_MODE_ONLY = "test_mode_only"
KILL_SWITCH = "kill_switch"


def capability_inactive(name: str) -> str:
    """Return the blocker for one capability that the policy asks for."""
    return f"capability_inactive:{name}"


class Condition(StrEnum):
    """What a policy may ask for beside charges, submitted details and nothing past due."""

    PAYOUTS = "payouts"
    WEBHOOKS = "webhooks"
    LIVE_MODE = "live_mode"
    NOTHING_CURRENTLY_DUE = "nothing_currently_due"


@dataclass(frozen=True, slots=True)
class GoLivePolicy:
    """What the platform asks of an account before it may go live.

    Without `LIVE_MODE` a test account may pass the gate too, as a rehearsal.
    """

    capabilities: tuple[str, ...] = ("card_payments", "transfers")
    conditions: frozenset[Condition] = frozenset(
        {Condition.PAYOUTS, Condition.WEBHOOKS, Condition.LIVE_MODE}
    )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The facts beside the account that the gate looks at."""

    has_platform_webhook_spoken: bool
    has_connect_webhook_spoken: bool
    is_switched_off: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """That a person opened the gate, and what closed it again. Times are aware UTC."""

    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    blockers: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether nothing has closed the gate since it was opened."""
        return self.closed_at is None


def is_onboarded(account: ConnectedAccount | None) -> bool:
    """Say whether the owner finished the form and Stripe lets them charge."""
    snapshot = _snapshot(account)
    return snapshot is not None and snapshot.details_submitted and snapshot.charges_enabled


def is_operational(account: ConnectedAccount | None, policy: GoLivePolicy) -> bool:
    """Say whether each capability of the policy is active and nothing is past due."""
    snapshot = _snapshot(account)
    if snapshot is None or snapshot.requirements.past_due:
        return False
    return all(snapshot.capabilities.get(name) == "active" for name in policy.capabilities)


def find_blockers(
    account: ConnectedAccount | None, policy: GoLivePolicy, surroundings: Surroundings
) -> tuple[str, ...]:
    """Name every reason why the gate is closed, most basic first; none means it may open."""
    snapshot = _snapshot(account)
    if account is None or snapshot is None:
        return (NOT_CONNECTED,)
    asked = policy.conditions
    wanted = snapshot.requirements
    named: Sequence[tuple[str, bool]] = (
        (DETAILS_NOT_SUBMITTED, not snapshot.details_submitted),
        (CHARGES_DISABLED, not snapshot.charges_enabled),
        (PAYOUTS_DISABLED, Condition.PAYOUTS in asked and not snapshot.payouts_enabled),
        *(
            (capability_inactive(name), snapshot.capabilities.get(name) != "active")
            for name in policy.capabilities
        ),
        (REQUIREMENTS_PAST_DUE, bool(wanted.past_due)),
        (
            REQUIREMENTS_CURRENTLY_DUE,
            Condition.NOTHING_CURRENTLY_DUE in asked and bool(wanted.currently_due),
        ),
        *(
            (name, Condition.WEBHOOKS in asked and not has_spoken)
            for name, has_spoken in (
                (PLATFORM_WEBHOOK_SILENT, surroundings.has_platform_webhook_spoken),
                (CONNECT_WEBHOOK_SILENT, surroundings.has_connect_webhook_spoken),
            )
        ),
        (TEST_MODE_ONLY, Condition.LIVE_MODE in asked and account.owner.mode is Mode.TEST),
        (KILL_SWITCH, surroundings.is_switched_off),
    )
    return tuple(name for name, holds in named if holds)


def _snapshot(account: ConnectedAccount | None) -> Snapshot | None:
    if account is None or account.is_disconnected:
        return None
    return account.snapshot
