"""Can the owner's account still be used? If not: refuse with the way on, or let it go for another.

An account that is gone, rejected, or in another country than asked for stays what it is unless a
restart is asked for. A restart looks first whether an account of this owner can be read again,
because its holder gave access back: no event ever says so. Only then is room made for a new one.

Source: Stripe's accounts: the country is fixed, a rejection is for good; ADR-0007.
"""

import re
from dataclasses import dataclass

from aboard.core.account import AccountShape, ConnectedAccount, Snapshot
from aboard.core.caller import Caller
from aboard.core.errors import (
    AccountGone,
    AccountRejected,
    CountryMismatch,
    InputRefused,
    StripeRefused,
)
from aboard.core.owner import OwnerKind
from aboard.core.readiness import Readiness, assess, assess_snapshot
from aboard.core.shapes import BUSINESS_TYPES
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.ending import end_at_stripe
from aboard.flows.journal import LogEvent
from aboard.flows.own_account import require_own_key
from aboard.flows.platform import Platform
from aboard.flows.remember import remember_disconnection, remember_first
from aboard.flows.sync import read_live
from aboard.stripe_api import v1

REJECTED = "rejected"
COUNTRY_CHANGED = "country_changed"

_COUNTRY = re.compile(r"[A-Za-z]{2}\Z", re.ASCII)
_LONGEST_EMAIL_CHARS = 800
_MOST_FORMER = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller wants of the account beyond the platform's shape, and may let go for it.

    `caller` and `request_id` are who asks, for the audit.
    """

    restart: bool = False
    country: str | None = None
    business_type: str | None = None
    email: str | None = None
    caller: Caller | None = None
    request_id: str | None = None

    def over(self, shape: AccountShape) -> AccountShape:
        """Return the shape with what was wished for in its place."""
        return AccountShape(
            type=shape.type,
            controller=shape.controller,
            country=self.country or shape.country,
            business_type=self.business_type or shape.business_type,
            email=self.email or shape.email,
            capabilities=shape.capabilities,
        )

    def is_elsewhere(self, snapshot: Snapshot | None) -> bool:
        """Say whether an account is known to be in another country than wished for."""
        current = snapshot.country if snapshot else None
        return self.country is not None and current is not None and current != self.country


def read_wish(
    *,
    restart: bool,
    country: str | None,
    business_type: str | None,
    email: str | None,
    caller: Caller | None,
    request_id: str | None,
) -> Wish:
    """Return what is wished for; whether Stripe can fulfil it is Stripe's to say.

    Raises:
        InputRefused: what can be no country, no business type or no e-mail address anywhere.
    """
    problems = []
    if country is not None and not _COUNTRY.match(country):
        problems.append(("country", "must be a two-letter country code such as US"))
    if business_type is not None and business_type not in BUSINESS_TYPES:
        problems.append(("businessType", f"must be one of {', '.join(BUSINESS_TYPES)}"))
    if email is not None and not (
        0 < len(email) <= _LONGEST_EMAIL_CHARS and email.isprintable() and "@" in email
    ):
        problems.append(("email", "must be an e-mail address of at most 800 characters"))
    if problems:
        raise InputRefused(problems)
    return Wish(
        restart, country.upper() if country else None, business_type, email, caller, request_id
    )


def is_usable(account: ConnectedAccount, wish: Wish) -> bool:
    """Say whether nothing that we remember of a linked account stands in the way."""
    return not (
        account.is_disconnected or _is_rejected(account) or wish.is_elsewhere(account.snapshot)
    )


async def prepare(
    platform: Platform, account: ConnectedAccount, wish: Wish
) -> ConnectedAccount | None:
    """Return the account to go on with; None when room was made for a new one.

    Asks Stripe before it judges, because what we remember may be old. A restart is audited.

    Raises:
        AccountGone: it is disconnected, and no restart is wished for.
        AccountRejected: Stripe rejected it, and no restart is wished for.
        CountryMismatch: it is in another country, and stays so.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal, or another platform's key (StripeKeySwapped).
        StripeUnavailable: no usable answer; safe to try again.
    """
    if not account.is_disconnected:
        reading = await read_live(platform, account)
        account = reading.account or account
    if is_usable(account, wish):
        return account
    if account.is_disconnected:
        case = account.disconnected_reason or "disconnected"
        if not wish.restart:
            raise AccountGone(case)
    elif _is_rejected(account):
        case = REJECTED
        if not wish.restart:
            raise AccountRejected(assess(account).reasons[0])
        await remember_disconnection(platform, account, case)
    else:
        case = COUNTRY_CHANGED
        await _leave_country(platform, account, wish)
    return await _begin_again(platform, account, wish, case)


def _is_rejected(account: ConnectedAccount) -> bool:
    # Nobody asks creators whether they want another: Stripe's own rules answer them.
    is_asked = account.owner.kind is OwnerKind.ORGANIZATION
    return is_asked and assess(account).readiness is Readiness.REJECTED


async def _leave_country(platform: Platform, account: ConnectedAccount, wish: Wish) -> None:
    snapshot = account.snapshot
    if snapshot is not None and (snapshot.details_submitted or not wish.restart):
        raise CountryMismatch(
            snapshot.country or "", wish.country or "", can_restart=not snapshot.details_submitted
        )
    try:
        await end_at_stripe(platform, account)
    except AccountGone as gone:
        await remember_disconnection(platform, account, gone.case)
    except StripeRefused:
        # It stays at Stripe, empty and unfinished, and is ours no more.
        platform.journal.note(LogEvent.ACCOUNT_LEFT, owner=account.owner)
    await remember_disconnection(platform, account, COUNTRY_CHANGED)


async def _begin_again(
    platform: Platform, account: ConnectedAccount, wish: Wish, case: str
) -> ConnectedAccount | None:
    # Before anything is looked for: under another platform's key nothing would be found.
    await require_own_key(platform, account.owner.mode)
    read_began_at = platform.clock()
    found = await _find_readable(platform, account, wish)
    if not await platform.store.restart_account(account.id, platform.clock()):
        return None  # another call was faster; whatever it led to is there to be found
    relinked = None
    if found is not None:
        reserved = await platform.store.reserve_account(account.owner, platform.clock())
        await remember_first(platform, reserved, found, read_began_at=read_began_at)
        platform.journal.note(
            LogEvent.ACCOUNT_RELINKED,
            owner=account.owner,
            stripe_account_id=found.snapshot.stripe_account_id,
        )
        relinked = await platform.store.find_account(account.owner)
    await write_audit(
        platform,
        AuditAction.ACCOUNT_RESTART,
        outcome="new" if relinked is None else "relinked",
        caller=wish.caller,
        owner=account.owner,
        request_id=wish.request_id,
        details={"case": case, "former": account.stripe_account_id},
    )
    return relinked


async def _find_readable(
    platform: Platform, account: ConnectedAccount, wish: Wish
) -> v1.AccountRead | None:
    """Return the newest of this owner's former accounts that can be gone on with."""
    former = await platform.store.list_former_stripe_ids(account.id)
    newest_first = dict.fromkeys((account.stripe_account_id or "", *reversed(former)))
    for stripe_account_id in tuple(newest_first)[:_MOST_FORMER]:
        holder = await platform.store.find_account_by_stripe_id(
            stripe_account_id, account.owner.mode
        )
        if holder is not None and holder.id != account.id:
            continue
        try:
            read = await v1.get_account(platform.stripe_for(account.owner.mode), stripe_account_id)
        except (AccountGone, StripeRefused):
            continue
        if _is_worth_relinking(read.snapshot, wish):
            return read
    return None


def _is_worth_relinking(snapshot: Snapshot, wish: Wish) -> bool:
    is_rejected = assess_snapshot(snapshot).readiness is Readiness.REJECTED
    # One that was never filled in has nothing to lose.
    return snapshot.details_submitted and not is_rejected and not wish.is_elsewhere(snapshot)
