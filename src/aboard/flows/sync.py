"""Read an account from Stripe, assess it, remember it; else answer from memory and say so.

A snapshot is written only if nothing newer was written since the read began. The worker claims
due accounts, not events: fifty events of one account are one read.

Source: ADR-0006, events are doorbells.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aboard.core.account import ConnectedAccount
from aboard.core.errors import (
    AboardError,
    AccountGone,
    StripeNotConfigured,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.owner import Owner
from aboard.core.readiness import Assessment, assess, assess_snapshot
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.remember import remember_account, remember_disconnection
from aboard.flows.tracing import Attribute, SpanKind
from aboard.store.records import Claim
from aboard.stripe_api import v1
from aboard.stripe_api.v1 import AccountRead

_PARALLEL_READS = 8
_REFUSED_RETRY = timedelta(hours=1)


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
    """Claim the accounts that are due and read each once; return how many were claimed.

    One account's failure never stops the others: it is tried again later, with back-off.
    """
    claims = await platform.store.claim_due_accounts(
        limit, platform.clock(), lease_seconds=int(platform.schedule.lease.total_seconds())
    )
    gate = asyncio.Semaphore(_PARALLEL_READS)

    async def one(claim: Claim) -> None:
        async with gate:
            await _sync_claimed(platform, claim)

    await asyncio.gather(*(one(claim) for claim in claims))
    return len(claims)


async def _sync_claimed(platform: Platform, claim: Claim) -> None:
    try:
        await read_live(platform, claim.account)
    except AboardError as error:
        wait = _retry_wait(platform, error, claim.attempts)
        platform.journal.note(
            LogEvent.ACCOUNT_SYNC_FAILED,
            owner=claim.account.owner,
            error_code=error.code,
            retry_seconds=round(wait.total_seconds()),
        )
        await platform.store.fail_sync(claim, platform.clock() + wait, error.code)


async def read_live(
    platform: Platform, account: ConnectedAccount, *, within: timedelta | None = None
) -> Reading:
    """Ask Stripe about a linked account now, remember the answer, and return what is known then.

    Never answers from memory alone; an account that is gone is remembered as disconnected.
    `within` bounds the whole conversation with Stripe, retries and their pauses included, by the
    monotonic clock; without it, the client's own bounds hold. Remembering is never cut short.

    Raises:
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal.
        StripeUnavailable: no usable answer; safe to try again.
        StoreUnavailable: the database gives no answer.
    """
    with platform.tracer.span(SpanKind.SYNC) as span:
        span.say(Attribute.MODE, account.owner.mode.value)
        reading = await _read_live(platform, account, within)
        span.say(Attribute.READINESS, reading.assessment.readiness.value)
        return reading


async def _read_live(
    platform: Platform, account: ConnectedAccount, within: timedelta | None
) -> Reading:
    read_began_at = platform.clock()
    try:
        read = await _ask_stripe(platform, account, within)
    except AccountGone as gone:
        await remember_disconnection(platform, account, gone.case)
        return await _remembered(platform, account.owner, Source.LIVE)
    assessment = assess_snapshot(read.snapshot)
    await remember_account(
        platform,
        account,
        read,
        read_began_at=read_began_at,
        next_sync_at=_next_sync(platform, assessment, platform.clock()),
    )
    platform.journal.note(
        LogEvent.ACCOUNT_SYNCED, owner=account.owner, readiness=assessment.readiness.value
    )
    # Read back: if newer news came in between, that is the answer.
    return await _remembered(platform, account.owner, Source.LIVE)


async def _ask_stripe(
    platform: Platform, account: ConnectedAccount, within: timedelta | None
) -> AccountRead:
    stripe = platform.stripe_for(account.owner.mode)
    try:
        # Around the asking alone: what has arrived is written to its end.
        async with asyncio.timeout(None if within is None else within.total_seconds()):
            return await v1.get_account(stripe, account.stripe_account_id or "")
    except TimeoutError:
        raise StripeUnavailable("timeout") from None


async def _remembered(platform: Platform, owner: Owner, source: Source) -> Reading:
    account = await platform.store.find_account(owner)
    return Reading(account, assess(account), source)


def _next_sync(platform: Platform, assessment: Assessment, now: datetime) -> datetime:
    rest = platform.schedule.rest_after(assessment.readiness)
    # Spread, so that accounts made together are not read together for ever.
    return now + rest * random.uniform(0.8, 1.2)  # noqa: S311 -- spreads load, guards nothing


def _retry_wait(platform: Platform, error: AboardError, failures: int) -> timedelta:
    if isinstance(error, StripeRefused):
        return _REFUSED_RETRY
    if isinstance(error, StripeUnavailable) and error.retry_after_seconds:
        return timedelta(seconds=error.retry_after_seconds)
    doubled = platform.schedule.first_retry * (1 << min(failures, 20))
    longest = min(doubled, platform.schedule.longest_retry)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 -- jitter, guards nothing
