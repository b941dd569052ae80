"""Has this caller sent the same mutation before? Same key, same logical result, for 24 hours.

Two ways to repeat. What changes something runs once, and its answer is kept and told again. What
reveals a bearer URL or a secret runs again, because those are never kept: the repeat is answered
with a new one for the same account.

A refusal leaves no trace: the corrected request may keep its key. An outcome that nobody knows
(Stripe or our own memory did not answer) keeps the key for the same body. Of two at once the
second is told to wait, for as long as the first holds its lease.

Source: docs/api/organizations.md, idempotency.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from aboard.core.errors import (
    AboardError,
    IdempotencyBusy,
    IdempotencyConflict,
    InputRefused,
    StoreUnavailable,
    StripeUnavailable,
)
from aboard.flows.platform import Platform
from aboard.store.records import IdempotencyScope, KeyClaim, KeyOutcome

KEY_LIFETIME = timedelta(hours=24)
LEASE = timedelta(minutes=2)
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")
_NOTHING_KEPT = ""
_UNKNOWN_OUTCOME = (StripeUnavailable, StoreUnavailable)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A mutation as it was asked for, and the key that says when it is the same one.

    `body` is everything that was asked in one form: the same for the same request. Without a key
    every request is the first.
    """

    caller_id: str
    operation: str
    organization_id: str
    key: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given the first time."""

    answer: str
    is_repeat: bool


async def answer_once(
    platform: Platform, request: KeyedRequest, work: Callable[[], Awaitable[str]]
) -> Kept:
    """Do the work once and keep what it answers; a repeat is given that answer, without an effect.

    The answer must hold no bearer URL and no secret. `work` has to bear being done again: whoever
    did it may have died before the answer was kept.

    Raises:
        InputRefused: the key is not 1 to 255 visible ASCII characters.
        IdempotencyConflict: the key came before with another body.
        IdempotencyBusy: the first request is at work.
    """
    if request.key is None:
        return Kept(await work(), is_repeat=False)
    claim = await _claim(platform, request, request.key)
    if claim.answer is not None:
        return Kept(claim.answer, is_repeat=True)
    if claim.leased_until is None:
        raise IdempotencyBusy
    lease = _Lease(platform, _scope(request, request.key), claim.leased_until)
    answer = await lease.hold(work)
    await lease.settle(answer)
    return Kept(answer, is_repeat=False)


async def answer_anew(
    platform: Platform, request: KeyedRequest, work: Callable[[bool], Awaitable[T]]
) -> T:
    """Do the work each time and keep nothing of its answer; `work` is told when it is a repeat.

    A repeat is a request that was answered before: it must not begin anything anew. Two at once
    are both answered, because what they share is guarded where it is made.

    Raises:
        InputRefused: the key is not 1 to 255 visible ASCII characters.
        IdempotencyConflict: the key came before with another body.
    """
    if request.key is None:
        return await work(False)
    claim = await _claim(platform, request, request.key)
    is_repeat = claim.answer is not None
    if claim.leased_until is None:
        return await work(is_repeat)
    lease = _Lease(platform, _scope(request, request.key), claim.leased_until)
    answer = await lease.hold(lambda: work(False))
    await lease.settle(_NOTHING_KEPT)
    return answer


@dataclass(frozen=True, slots=True)
class _Lease:
    """The right to be the first, until it ends."""

    platform: Platform
    scope: IdempotencyScope
    until: datetime

    async def hold(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await work()
        except Exception as error:
            is_refusal = isinstance(error, AboardError) and not isinstance(error, _UNKNOWN_OUTCOME)
            with suppress(StoreUnavailable):  # then the lease ends by itself
                await self._give_back(for_any_body=is_refusal)
            raise

    async def _give_back(self, *, for_any_body: bool) -> None:
        store = self.platform.store
        give_back = store.forget_idempotency_key if for_any_body else store.leave_idempotency_key
        await give_back(self.scope, self.until)

    async def settle(self, answer: str) -> None:
        # Done is done: without this a repeat does the work again, and the work bears that.
        with suppress(StoreUnavailable):
            await self.platform.store.settle_idempotency_key(self.scope, self.until, answer)


async def _claim(platform: Platform, request: KeyedRequest, key: str) -> KeyClaim:
    if not _KEY.match(key):
        raise InputRefused([("Idempotency-Key", "must be 1 to 255 visible ASCII characters")])
    claim = await platform.store.claim_idempotency_key(
        _scope(request, key),
        hashlib.sha256(request.body).hexdigest(),
        platform.clock(),
        ttl=KEY_LIFETIME,
        lease=LEASE,
    )
    if claim.outcome is KeyOutcome.CONFLICT:
        raise IdempotencyConflict
    return claim


def _scope(request: KeyedRequest, key: str) -> IdempotencyScope:
    return IdempotencyScope(request.caller_id, request.operation, request.organization_id, key)
