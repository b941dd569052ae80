"""May this owner take live money? A person opens the gate; facts, or a person, close it again.

*Onboarded*, *operational* and *live* are three claims and are never merged. The gate opens only on
what Stripe said just now, and only if the account still is as it was judged.

Source: ADR-0014, the gate and its announcements; docs/vocabulary.md, words for state.
"""

from dataclasses import dataclass, replace

from aboard.core.account import ConnectedAccount
from aboard.core.announcements import announce_closing, announce_opening
from aboard.core.caller import Caller
from aboard.core.errors import (
    AboardError,
    AccountNotLinked,
    AccountNotReady,
    StoreUnavailable,
    StripeNotConfigured,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.go_live import Gate, find_blockers, is_onboarded, is_operational
from aboard.core.owner import Owner
from aboard.core.readiness import assess
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.blockers import look_around
from aboard.flows.journal import LogEvent
from aboard.flows.plans import policy_for
from aboard.flows.platform import Platform
from aboard.flows.sync import Reading, Source, read_account, read_live
from aboard.store import AuditEntry, Consequences

# Each try is lost to another writer who came through: so many at once are no longer chance.
_TRIES = 64


@dataclass(frozen=True, slots=True)
class SetupState:
    """How far an owner has come, and what stands in the way.

    `live` says that the gate is open and nothing stands against it at this moment; without any
    blocker and not live, a person may open it.
    """

    onboarded: bool
    operational: bool
    live: bool
    blockers: tuple[str, ...]
    gate: Gate | None
    reading: Reading


async def read_setup_state(platform: Platform, owner: Owner, *, fresh: bool = False) -> SetupState:
    """Return how far the owner has come; `fresh` asks Stripe first and remembers the answer.

    Never fails for Stripe's sake: `reading.source` says whether Stripe answered.
    """
    return await _state_of(platform, owner, await read_account(platform, owner, fresh=fresh))


async def open_gate(
    platform: Platform, owner: Owner, caller: Caller, *, request_id: str | None = None
) -> SetupState:
    """Let the owner go live, if Stripe says just now that nothing stands against it.

    The opening, its announcement and its audit row are one commit; refusals are audited too. A
    gate that is open stays as it is, and nothing is announced again. Whether the caller may act
    for the owner was asked before.

    Raises:
        AccountNotLinked: the owner has no connected account yet.
        AccountNotReady: something stands against it (+ blockers).
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal.
        StripeUnavailable: Stripe gives no answer; a gate is not opened on memory alone.
        StoreUnavailable: the database gives no answer; nothing was opened.
    """
    try:
        reading = await _read_now(platform, owner)
        state = await _open(platform, owner, caller, reading, request_id)
    except (
        AccountNotLinked,
        AccountNotReady,
        StripeNotConfigured,
        StripeRefused,
        StripeUnavailable,
    ) as refusal:
        await write_audit(
            platform,
            AuditAction.GATE_OPEN,
            outcome=f"refused:{refusal.code}",
            caller=caller,
            owner=owner,
            request_id=request_id,
            details=_blockers_of(refusal),
        )
        raise
    return state


async def close_gate(
    platform: Platform, owner: Owner, caller: Caller, *, request_id: str | None = None
) -> SetupState:
    """Close the gate by hand; a gate that is not open stays as it is.

    The closing, its announcement and its audit row are one commit. Whether the caller may act for
    the owner was asked before.

    Raises:
        StoreUnavailable: the database gives no answer; nothing was closed.
    """
    for _ in range(_TRIES):
        state = await read_setup_state(platform, owner)
        account = state.reading.account
        if account is None or state.gate is None or not state.gate.is_open:
            return state
        closing = announce_closing(account.stripe_account_id, (), caller.user_id)
        entry = _entry(platform, AuditAction.GATE_CLOSE, "closed", owner, caller, request_id)
        consequences = Consequences((closing,), closing=(), audit=(entry,))
        if await platform.store.close_gate(account, entry.at, consequences):
            platform.journal.note(LogEvent.GATE_CLOSED, owner=owner, reason="by_hand")
            return await read_setup_state(platform, owner)
    raise StoreUnavailable("contended")


async def _read_now(platform: Platform, owner: Owner) -> Reading:
    account = await platform.store.find_account(owner)
    if account is None:
        raise AccountNotLinked
    if account.is_disconnected:
        return Reading(account, assess(account), Source.STORED)
    if account.stripe_account_id is None:
        raise AccountNotLinked
    return await read_live(platform, account)


async def _open(
    platform: Platform, owner: Owner, caller: Caller, reading: Reading, request_id: str | None
) -> SetupState:
    for _ in range(_TRIES):
        state = await _state_of(platform, owner, reading)
        if state.blockers:
            raise AccountNotReady(state.blockers)
        account = reading.account
        if account is None or state.live:
            return state
        entry = _entry(platform, AuditAction.GATE_OPEN, "opened", owner, caller, request_id)
        opening = announce_opening(account.stripe_account_id, caller.user_id)
        is_opened = await platform.store.open_gate(
            account, caller.user_id, entry.at, Consequences((opening,), audit=(entry,))
        )
        latest = await platform.store.find_account(owner)
        reading = replace(reading, account=latest, assessment=assess(latest))
        if is_opened:
            platform.journal.note(LogEvent.GATE_OPENED, owner=owner)
            return await _state_of(platform, owner, reading)
    raise StoreUnavailable("contended")


async def find_gate(platform: Platform, account: ConnectedAccount | None) -> Gate | None:
    """Return the gate as it was opened last; nothing where nobody ever opened it."""
    return None if account is None else await platform.store.find_gate(account.id)


async def _state_of(platform: Platform, owner: Owner, reading: Reading) -> SetupState:
    account = reading.account
    # Read after the account: whoever turns the gate in between makes the account another one.
    gate = await find_gate(platform, account)
    policy = await policy_for(platform, owner)
    blockers = find_blockers(account, policy, await look_around(platform, owner.mode))
    return SetupState(
        onboarded=is_onboarded(account),
        operational=is_operational(account, policy),
        live=gate is not None and gate.is_open and not blockers,
        blockers=blockers,
        gate=gate,
        reading=reading,
    )


def _entry(
    platform: Platform,
    action: AuditAction,
    outcome: str,
    owner: Owner,
    caller: Caller,
    request_id: str | None,
) -> AuditEntry:
    return AuditEntry(
        at=platform.clock(),
        actor=caller.user_id,
        action=action.value,
        outcome=outcome,
        owner=owner,
        request_id=request_id,
    )


def _blockers_of(refusal: AboardError) -> dict[str, str]:
    if not isinstance(refusal, AccountNotReady):
        return {}
    return {"blockers": ",".join(refusal.blockers)}
