"""The two visits that Stripe sends back: return and refresh.

A visit is believed only as far as its state is signed, young, for this purpose, and for an owner
that the browser's session may act for. Reaching return proves nothing: the account is read again.
Only a refresh spends its state, because it hands out a new link.

Source: ADR-0005, signed state; Stripe's account links.
"""

from dataclasses import dataclass
from urllib.parse import unquote_plus, urlencode, urlsplit, urlunsplit

from aboard.core.account import ConnectedAccount, Onboarding
from aboard.core.caller import Caller
from aboard.core.errors import AboardError, AccountNotLinked, StateSpent, TooManyRequests
from aboard.core.languages import LANGUAGES
from aboard.core.links import BearerUrl
from aboard.core.owner import Owner
from aboard.core.readiness import Readiness
from aboard.core.state import Purpose, State
from aboard.flows.admission import StoppedVisit, Visit
from aboard.flows.checklist import Checklist, read_checklist
from aboard.flows.journal import LogEvent
from aboard.flows.links import mint_link
from aboard.flows.platform import Platform
from aboard.flows.sync import Reading, read_account
from aboard.stripe_api.v1 import IssuedLink

REFRESH_NEEDED = "refresh_needed"
LINK_ISSUED = "link_issued"
VISITS_READ = 60
"""How many visits of one onboarding ask Stripe, an hour: a state is good for any number of them."""
_HOUR_SECONDS = 3600


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

    checklist: Checklist
    owner: Owner


async def visit_return(
    platform: Platform, token: str, session: Caller | None, *, request_id: str | None = None
) -> ReturnVisit | StoppedVisit:
    """Record the first visit, read the account from Stripe, and say where to go.

    Repeated visits are harmless; after `VISITS_READ` an hour, what is stored is the answer.
    Without a session the visit still syncs and redirects: it reveals only an outcome word. Every
    visit leaves one row in the audit.

    A stopped visit had no effect. Its cause is StateInvalid (forged, expired, from the future, or
    for something else) or NotYours (the session belongs to somebody else).

    Raises:
        StoreUnavailable: nothing can be read or written down.
    """
    visit = Visit(platform, Purpose.RETURN, session, request_id)
    try:
        return await _return(visit, token)
    except AboardError as error:
        return await visit.stop(error)


async def _return(visit: Visit, token: str) -> ReturnVisit:
    platform = visit.platform
    state, onboarding = await visit.admit(token)
    is_first = await platform.store.record_return(onboarding.id, state.nonce, platform.clock())
    is_fresh = await _may_ask_stripe(platform, onboarding)
    reading = await read_account(platform, onboarding.owner, fresh=is_fresh)
    outcome = outcome_word(reading)
    readiness = reading.assessment.readiness
    await visit.tell(
        outcome if is_first else f"{outcome}:repeated",
        readiness=readiness.value,
        source=reading.source.value,
    )
    visit.note(outcome)
    location = add_query(onboarding.return_url, outcome=outcome, readiness=readiness.value)
    return ReturnVisit(location, outcome, readiness)


async def visit_refresh(
    platform: Platform,
    token: str,
    session: Caller | None,
    *,
    is_confirmed: bool = False,
    is_own_form: bool = True,
    language: str = LANGUAGES[0],
    request_id: str | None = None,
) -> LinkVisit | PlainVisit | LoopVisit | StoppedVisit:
    """Mint a new link for the same onboarding, unless that would only bounce the seller.

    `is_confirmed` says that the seller has seen the checklist, which is worded in `language`, and
    pressed on; `is_own_form` that the button was on our page. The state is spent by one conditional
    write before the link is minted, and given back if Stripe gives none. Every visit leaves one row
    in the audit.

    A stopped visit minted nothing. Its cause is one of these: StateInvalid (forged, expired,
    spent, from the future, or for something else), NotYours (the session belongs to somebody
    else, or may not act, or the button was another site's), FeatureDisabled, AccountNotLinked
    (never made), AccountGone (now marked disconnected), StripeNotConfigured, StripeRefused,
    StripeUnavailable (the same visit may be tried again).

    Raises:
        StoreUnavailable: nothing can be read or written down.
    """
    visit = Visit(platform, Purpose.REFRESH, session, request_id, is_own_form=is_own_form)
    try:
        return await _refresh(visit, token, is_confirmed=is_confirmed, language=language)
    except AboardError as error:
        return await visit.stop(error)


async def _refresh(
    visit: Visit, token: str, *, is_confirmed: bool, language: str
) -> LinkVisit | PlainVisit | LoopVisit:
    platform = visit.platform
    state, onboarding = await visit.admit(token)
    if visit.session is None:
        await visit.tell(REFRESH_NEEDED)
        visit.note(REFRESH_NEEDED)
        return PlainVisit(add_query(onboarding.refresh_url, outcome=REFRESH_NEEDED))
    platform.switches.require_onboarding(onboarding.owner.mode)
    # Before the loop is looked at: a used link has no button to press.
    if await platform.store.is_state_spent(state.nonce):
        raise StateSpent
    account = await _account_of(platform, onboarding)
    if not is_confirmed and await _is_loop(platform, onboarding):
        return await _loop(visit, onboarding, language)
    if not await platform.store.spend_state(
        state.nonce, onboarding.id, state.expires_at, platform.clock()
    ):
        raise StateSpent
    link = await _mint_or_give_back(platform, account, onboarding, state, is_confirmed=is_confirmed)
    if link is None:
        return await _loop(visit, onboarding, language)
    await visit.tell(LINK_ISSUED, is_confirmed=is_confirmed)
    visit.note(LINK_ISSUED)
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
    """Return the address with words added to its query.

    What it had stays as it was, but for words of the same name: ours would be read second.

    >>> add_query("https://shop.example/back?tab=a%20b&outcome=complete", outcome="incomplete")
    'https://shop.example/back?tab=a%20b&outcome=incomplete'
    """
    parts = urlsplit(address)
    kept = [
        pair for pair in parts.query.split("&") if unquote_plus(pair.partition("=")[0]) not in words
    ]
    query = "&".join(part for part in (*kept, urlencode(words)) if part)
    return urlunsplit(parts._replace(query=query))


async def _account_of(platform: Platform, onboarding: Onboarding) -> ConnectedAccount:
    account = await platform.store.find_account(onboarding.owner)
    if account is None or account.id != onboarding.account_id:
        raise AccountNotLinked
    return account


async def _is_loop(
    platform: Platform, onboarding: Onboarding, *, with_itself: bool = False
) -> bool:
    since = platform.loop_guard.window_start(platform.clock())
    counted = await platform.store.count_spent_refreshes(onboarding.id, since)
    return platform.loop_guard.is_loop(counted - with_itself)


async def _loop(visit: Visit, onboarding: Onboarding, language: str) -> LoopVisit:
    visit.platform.journal.note(
        LogEvent.REFRESH_LOOPED, owner=onboarding.owner, request_id=visit.request_id
    )
    await visit.tell("loop")
    is_fresh = await _may_ask_stripe(visit.platform, onboarding)
    wanted = await read_checklist(
        visit.platform, onboarding.owner, fresh=is_fresh, language=language
    )
    return LoopVisit(wanted, onboarding.owner)


async def _may_ask_stripe(platform: Platform, onboarding: Onboarding) -> bool:
    """Say whether Stripe is asked once more: a state could else wear it out for everybody."""
    try:
        await platform.limits.take(
            onboarding.id, "visits", limit=VISITS_READ, window_seconds=_HOUR_SECONDS
        )
    except TooManyRequests:
        platform.journal.note(LogEvent.LIMIT_REACHED, case="visits")
        return False
    return True


async def _mint_or_give_back(
    platform: Platform,
    account: ConnectedAccount,
    onboarding: Onboarding,
    state: State,
    *,
    is_confirmed: bool,
) -> LinkVisit | None:
    """Return the link that the spent state bought; None if by now it would only bounce."""
    link: IssuedLink | None = None
    try:
        # Again, now that this one counts too: others may have come in the same moment.
        if is_confirmed or not await _is_loop(platform, onboarding, with_itself=True):
            link = await mint_link(platform, account, onboarding)
    except BaseException:
        # Whatever it was, also a visit broken off: no link was handed out, so none is used up.
        await platform.store.release_state(state.nonce)
        raise
    if link is None:
        await platform.store.release_state(state.nonce)
        return None
    await platform.store.record_link(
        account.id,
        onboarding.id,
        purpose=onboarding.purpose.value,
        created_at=platform.clock(),
        expires_at=link.expires_at,
    )
    return LinkVisit(link.url)
