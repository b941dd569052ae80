"""The two visits that Stripe sends back: return and refresh.

A visit is believed only as far as its state is signed, young, for this purpose, and for an owner
that the browser's session may act for. Reaching return proves nothing: the account is read again.
Only a refresh spends its state, because it hands out a new link.

Source: ADR-0005, signed state; Stripe's account links.
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from aboard.core.account import ConnectedAccount, Onboarding
from aboard.core.caller import Caller
from aboard.core.errors import (
    AccountNotLinked,
    NotYours,
    StateInvalid,
    StateMismatch,
    StateSpent,
)
from aboard.core.links import BearerUrl
from aboard.core.owner import Owner
from aboard.core.readiness import Readiness
from aboard.core.requirements import Item, checklist
from aboard.core.state import Purpose, State, verify_state
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.journal import LogEvent
from aboard.flows.links import mint_link
from aboard.flows.platform import Platform
from aboard.flows.sync import Reading, read_account

REFRESH_NEEDED = "refresh_needed"


@dataclass(frozen=True, slots=True)
class ReturnVisit:
    """Where the seller goes after a return, with the outcome words already in the address."""

    location: str
    outcome: str
    readiness: Readiness


@dataclass(frozen=True, slots=True)
class LinkVisit:
    """A refresh that minted a new link: the seller goes straight back to Stripe."""

    url: BearerUrl


@dataclass(frozen=True, slots=True)
class PlainVisit:
    """A refresh without a session: the platform's own page must authenticate and ask again."""

    location: str


@dataclass(frozen=True, slots=True)
class LoopVisit:
    """A refresh that would only bounce: the seller is shown what Stripe still wants first."""

    items: tuple[Item, ...]
    owner: Owner


async def visit_return(
    platform: Platform, token: str, session: Caller | None, *, request_id: str | None = None
) -> ReturnVisit:
    """Record the first visit, read the account from Stripe, and say where to go.

    Repeated visits are harmless. Without a session the visit still syncs and redirects: it
    reveals only an outcome word.

    Raises:
        StateInvalid: forged, expired, from the future, or for something else; audited.
        NotYours: the session belongs to somebody else; audited, no effect.
    """
    try:
        state, onboarding = await _admit(platform, token, Purpose.RETURN, session)
    except (StateInvalid, NotYours) as refusal:
        await _audit_refusal(platform, AuditAction.RETURN_VISIT, refusal, session, request_id)
        raise
    is_first = await platform.store.record_return(onboarding.id, state.nonce, platform.clock())
    reading = await read_account(platform, onboarding.owner, fresh=True)
    outcome = outcome_word(reading)
    await write_audit(
        platform,
        AuditAction.RETURN_VISIT,
        outcome=outcome if is_first else f"{outcome}:repeated",
        caller=session,
        owner=onboarding.owner,
        request_id=request_id,
    )
    platform.journal.note(LogEvent.CALLBACK_VISITED, purpose="return", outcome=outcome)
    readiness = reading.assessment.readiness
    location = add_query(onboarding.return_url, outcome=outcome, readiness=readiness.value)
    return ReturnVisit(location, outcome, readiness)


async def visit_refresh(
    platform: Platform,
    token: str,
    session: Caller | None,
    *,
    is_confirmed: bool = False,
    request_id: str | None = None,
) -> LinkVisit | PlainVisit | LoopVisit:
    """Mint a new link for the same onboarding, unless that would only bounce the seller.

    `is_confirmed` says that the seller has seen the checklist and pressed on. The state is spent
    by one conditional write before the link is minted, and given back if Stripe gives none.

    Raises:
        StateInvalid: forged, expired, spent, from the future, or for something else; audited.
        NotYours: the session belongs to somebody else, or may not act; audited, no effect.
        FeatureDisabled: onboarding, or live mode, is switched off.
        AccountNotLinked: the account was never made.
        AccountGone: the account is no longer ours; it is now marked disconnected.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal.
        StripeUnavailable: no usable answer; the same visit may be tried again.
    """
    try:
        state, onboarding = await _admit(platform, token, Purpose.REFRESH, session)
        if session is None:
            return PlainVisit(add_query(onboarding.refresh_url, outcome=REFRESH_NEEDED))
        platform.switches.require_onboarding(onboarding.owner.mode)
        account = await _account_of(platform, onboarding)
        if not is_confirmed and await _is_loop(platform, onboarding):
            platform.journal.note(LogEvent.REFRESH_LOOPED, owner=onboarding.owner)
            reading = await read_account(platform, onboarding.owner, fresh=True)
            return LoopVisit(_items(reading), onboarding.owner)
        if not await platform.store.spend_state(
            state.nonce, onboarding.id, state.expires_at, platform.clock()
        ):
            raise StateSpent
    except (StateInvalid, NotYours) as refusal:
        await _audit_refusal(platform, AuditAction.REFRESH_VISIT, refusal, session, request_id)
        raise
    link = await _mint_or_give_back(platform, account, onboarding, state)
    await write_audit(
        platform,
        AuditAction.REFRESH_VISIT,
        outcome="link_issued",
        caller=session,
        owner=onboarding.owner,
        request_id=request_id,
    )
    return link


def outcome_word(reading: Reading) -> str:
    """Return the word for the platform's page; `complete` needs both of Stripe's flags."""
    account, readiness = reading.account, reading.assessment.readiness
    snapshot = account.snapshot if account and not account.is_disconnected else None
    if snapshot is None:
        return "restricted" if readiness is Readiness.DISCONNECTED else "incomplete"
    if readiness is Readiness.REJECTED:
        return "rejected"
    if snapshot.charges_enabled and snapshot.details_submitted:
        return "complete"
    return {Readiness.PENDING: "pending", Readiness.INCOMPLETE: "incomplete"}.get(
        readiness, "restricted"
    )


def add_query(address: str, **words: str) -> str:
    """Return the address with words added to its query; what it had stays as it was."""
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(words)) if part)
    return urlunsplit(parts._replace(query=query))


async def _admit(
    platform: Platform, token: str, purpose: Purpose, session: Caller | None
) -> tuple[State, Onboarding]:
    state = verify_state(token, purpose=purpose, keys=platform.state_keys, now=platform.clock())
    onboarding = await platform.store.find_onboarding(state.onboarding_id)
    if onboarding is None:
        raise StateMismatch("onboarding")
    if onboarding.owner != state.owner:
        raise StateMismatch("owner")
    if session is not None:
        may = session.may_act if purpose is Purpose.REFRESH else session.may_read
        if not may(onboarding.owner):
            raise NotYours
    return state, onboarding


async def _account_of(platform: Platform, onboarding: Onboarding) -> ConnectedAccount:
    account = await platform.store.find_account(onboarding.owner)
    if account is None or account.id != onboarding.account_id:
        raise AccountNotLinked
    return account


async def _is_loop(platform: Platform, onboarding: Onboarding) -> bool:
    since = platform.loop_guard.window_start(platform.clock())
    before = await platform.store.count_spent_refreshes(onboarding.id, since)
    return platform.loop_guard.is_loop(before)


async def _mint_or_give_back(
    platform: Platform, account: ConnectedAccount, onboarding: Onboarding, state: State
) -> LinkVisit:
    try:
        link = await mint_link(platform, account, onboarding)
    except BaseException:
        # Whatever it was, also a visit broken off: no link was handed out, so none is used up.
        await platform.store.release_state(state.nonce)
        raise
    await platform.store.record_link(
        account.id,
        onboarding.id,
        purpose=onboarding.purpose.value,
        created_at=platform.clock(),
        expires_at=link.expires_at,
    )
    return LinkVisit(link.url)


def _items(reading: Reading) -> tuple[Item, ...]:
    snapshot = reading.account.snapshot if reading.account else None
    return checklist(snapshot) if snapshot else ()


async def _audit_refusal(
    platform: Platform,
    action: AuditAction,
    refusal: StateInvalid | NotYours,
    session: Caller | None,
    request_id: str | None,
) -> None:
    platform.journal.note(LogEvent.STATE_REFUSED, reason=refusal.code, purpose=action.value)
    await write_audit(
        platform,
        action,
        outcome=f"refused:{refusal.code}",
        caller=session,
        request_id=request_id,
    )
