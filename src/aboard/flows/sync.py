"""Read an account from Stripe, assess it, remember it; else answer from memory and say so.

A snapshot is written only if nothing newer was written since the read began. The worker claims
due accounts, not events: fifty events of one account are one read.

Source: ADR-0006, events are doorbells.
"""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from aboard.core.account import ConnectedAccount
from aboard.core.errors import (
    AccountGone,
    StoreUnavailable,
    StripeNotConfigured,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.owner import Mode, Owner
from aboard.core.readiness import Assessment, Readiness, assess, assess_snapshot
from aboard.flows.journal import LogEvent
from aboard.flows.meter import Gauge, Measure, Tally
from aboard.flows.platform import Platform
from aboard.flows.remember import next_sync_at, remember_account, remember_disconnection
from aboard.flows.retrying import Failing, is_hopeless, judge_failure, wait_after
from aboard.flows.tracing import Attribute, SpanKind
from aboard.store import Claim
from aboard.stripe_api import v1
from aboard.stripe_api.v1 import AccountRead

_PARALLEL_READS = 8
_SCHEDULED_SHARE = 0.2
"""What of each batch the sweep keeps, however many bells ring."""


class Source(StrEnum):
    """Where an answer comes from."""

    LIVE = "live"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class Reading:
    """What we say of an owner's account, and whether Stripe said it just now."""

    account: ConnectedAccount | None
    assessment: Assessment
    source: Source


async def read_account(platform: Platform, owner: Owner, *, fresh: bool) -> Reading:
    """Return what we know of the owner's account; `fresh` asks Stripe first and remembers.

    Never fails for Stripe's sake: when Stripe is away, refuses, or takes longer than the platform's
    `status_timeout`, the stored answer is returned and `source` says so. A read that was given up
    writes nothing; one that arrived in time is remembered whole.
    """
    account = await platform.store.find_account(owner)
    if fresh and account is not None and account.stripe_account_id and not account.is_disconnected:
        try:
            return await read_live(platform, account, within=platform.status_timeout)
        except (StripeUnavailable, StripeRefused, StripeNotConfigured) as error:
            platform.journal.note(LogEvent.ACCOUNT_SYNC_FAILED, owner=owner, error_code=error.code)
    return Reading(account, assess(account), Source.STORED)


async def sync_due(platform: Platform, *, limit: int = 50) -> int:
    """Claim the accounts that are due in every mode and read each once; return how many.

    At once and outside the budget, for scripts and tests: the worker paces itself. One account's
    failure never stops the others: it is tried again later, with back-off.
    """
    gate = asyncio.Semaphore(_PARALLEL_READS)

    async def one(claim: Claim) -> None:
        async with gate:
            await sync_claimed(platform, claim)

    claims = [claim for mode in platform.stripe for claim in await claim_due(platform, mode, limit)]
    await asyncio.gather(*(one(claim) for claim in claims))
    return len(claims)


async def claim_due(platform: Platform, mode: Mode, limit: int) -> Sequence[Claim]:
    """Claim as many due accounts of a mode as its breaker lets be read, `limit` at most.

    Raises:
        StoreUnavailable: the database gives no answer; nothing was claimed.
    """
    now = platform.clock()
    limit = platform.breakers[mode].allowance(limit, now)
    if not limit:
        return ()
    # In the long run exactly this share, also where a batch is a single account.
    share = int(limit * _SCHEDULED_SHARE + random.random())  # noqa: S311 -- spreads load
    return await platform.store.claim_due_accounts(
        mode,
        limit,
        now,
        lease_seconds=int(platform.schedule.lease.total_seconds()),
        scheduled=share,
    )


async def sync_claimed(platform: Platform, claim: Claim) -> None:
    """Read a claimed account once, by one request, and end the claim, whatever happens.

    Never fails. Where not even the end of the claim can be written, the lease ends by the clock;
    a lease that somebody else holds by now is left alone.
    """
    mode = claim.account.owner.mode
    try:
        readiness = await _refresh(platform, claim.account, retries=0)
    except Exception as error:  # noqa: BLE001 -- whatever an account brings about, others go on
        await _end_failed(platform, claim, error)
        return
    _note_answer(platform, mode)
    outcome = "gone" if readiness is Readiness.DISCONNECTED else "read"
    platform.meter.count(Tally.STRIPE_READS, mode=mode.value, outcome=outcome)
    took = (platform.clock() - claim.due_since).total_seconds()
    platform.meter.observe(Measure.ACCOUNT_SYNCED, max(0.0, took), mode=mode.value)


async def _end_failed(platform: Platform, claim: Claim, error: Exception) -> None:
    failure, now = judge_failure(error), platform.clock()
    mode = claim.account.owner.mode
    breaker = platform.breakers[mode]
    if failure.may_be_everybodys:
        if breaker.note_failure(
            claim.account.id,
            now,
            is_certain=failure.failing is Failing.KEY,
            at_least=failure.at_least,
        ):
            platform.meter.set_gauge(Gauge.BREAKER_OPEN, 1, mode=mode.value)
            platform.journal.note(
                LogEvent.BREAKER_OPENED,
                mode=mode.value,
                error_code=failure.code,
                retry_seconds=round(breaker.pause_seconds(now)),
            )
    elif failure.is_stripes_answer:
        _note_answer(platform, mode)
    is_given_up = breaker.is_closed and is_hopeless(failure, claim, platform.schedule, now)
    wait = wait_after(failure, claim, platform.schedule, chance=random.random())  # noqa: S311 -- spreads load
    event = LogEvent.ACCOUNT_SYNC_GIVEN_UP if is_given_up else LogEvent.ACCOUNT_SYNC_FAILED
    platform.journal.note(
        event,
        owner=claim.account.owner,
        error_code=failure.code,
        retry_seconds=round(wait.total_seconds()),
    )
    platform.meter.count(
        Tally.STRIPE_READS, mode=mode.value, outcome="given_up" if is_given_up else "retry"
    )
    with suppress(StoreUnavailable):
        if is_given_up:
            await give_up(platform, claim, failure.code)
        elif breaker.is_closed:
            await platform.store.fail_sync(claim, now + wait, failure.code)
        else:
            # While it is everybody's failure it is not counted against the account. The next try
            # is another one's, in case this one would never get an answer.
            await platform.store.put_back_claim(claim, now + platform.schedule.first_retry)


async def give_up(platform: Platform, claim: Claim, error_code: str) -> None:
    """End a claim as hopeless: its events are dead letters, the sweep looks at it again.

    Raises:
        StoreUnavailable: the database gives no answer; nothing was written.
    """
    await platform.store.give_up_sync(
        claim, error_code, next_sync_at=platform.clock() + platform.schedule.pending
    )


def _note_answer(platform: Platform, mode: Mode) -> None:
    if platform.breakers[mode].note_answer():
        platform.meter.set_gauge(Gauge.BREAKER_OPEN, 0, mode=mode.value)
        platform.journal.note(LogEvent.BREAKER_CLOSED, mode=mode.value)


async def read_live(
    platform: Platform,
    account: ConnectedAccount,
    *,
    within: timedelta | None = None,
    retries: int | None = None,
) -> Reading:
    """Ask Stripe about a linked account now, remember the answer, and return what is known then.

    Never answers from memory alone; an account that is gone is remembered as disconnected.
    `within` bounds the whole conversation with Stripe, retries and their pauses included, by the
    monotonic clock; without it, the client's own bounds hold. Remembering is never cut short.
    `retries` overrides how often the client tries again.

    Raises:
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal.
        StripeUnavailable: no usable answer; safe to try again.
        StoreUnavailable: the database gives no answer.
    """
    await _refresh(platform, account, within=within, retries=retries)
    # Read back: if newer news came in between, that is the answer.
    now_known = await platform.store.find_account(account.owner)
    return Reading(now_known, assess(now_known), Source.LIVE)


async def _refresh(
    platform: Platform,
    account: ConnectedAccount,
    *,
    within: timedelta | None = None,
    retries: int | None = None,
) -> Readiness:
    """Ask Stripe, remember the answer, and return what it means."""
    with platform.tracer.span(SpanKind.SYNC) as span:
        span.say(Attribute.MODE, account.owner.mode.value)
        readiness = await _take_in(platform, account, within, retries)
        span.say(Attribute.READINESS, readiness.value)
        return readiness


async def _take_in(
    platform: Platform, account: ConnectedAccount, within: timedelta | None, retries: int | None
) -> Readiness:
    read_began_at = platform.clock()
    try:
        read = await _ask_stripe(platform, account, within, retries)
    except AccountGone as gone:
        await remember_disconnection(platform, account, gone.case)
        return Readiness.DISCONNECTED
    readiness = assess_snapshot(read.snapshot).readiness
    await remember_account(
        platform,
        account,
        read,
        read_began_at=read_began_at,
        next_sync_at=next_sync_at(platform, read.snapshot),
    )
    platform.journal.note(LogEvent.ACCOUNT_SYNCED, owner=account.owner, readiness=readiness.value)
    return readiness


async def _ask_stripe(
    platform: Platform, account: ConnectedAccount, within: timedelta | None, retries: int | None
) -> AccountRead:
    stripe = platform.stripe_for(account.owner.mode)
    try:
        # Around the asking alone: what has arrived is written to its end.
        async with asyncio.timeout(None if within is None else within.total_seconds()):
            return await v1.get_account(
                stripe, account.stripe_account_id or "", max_retries=retries
            )
    except TimeoutError:
        raise StripeUnavailable("timeout") from None
