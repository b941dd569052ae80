"""Tell subscribers what is due: each in a lane of its own, so that a slow one holds no other up.

At least once, in no promised order. A receiver that takes nothing is asked less at a time; what it
does not take in is tried again for three days, and one that takes nothing for five is disabled.

Source: ADR-0025, outgoing events; docs/webhooks.md, what Aboard tells you.
"""

import asyncio
import random
from collections.abc import Sequence

from aboard.core.deliveries import (
    FAILING_FOR,
    FORGET_FAILURES,
    MOST_ATTEMPTS,
    Answered,
    DeliveryOutcome,
    judge,
    pause_after,
    write_body,
)
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.core.signing import SigningKeyMissing, signing_secrets
from aboard.core.subscribers import DisabledFor, Subscriber
from aboard.flows.audit import AuditAction
from aboard.flows.journal import LogEvent
from aboard.flows.meter import Measure, Tally
from aboard.flows.platform import Platform
from aboard.flows.post import Parcel, Post
from aboard.flows.remember import FACTS
from aboard.flows.tracing import Attribute, SpanKind
from aboard.store import AuditEntry, DeliveryClaim

PARALLEL = 16
"""How many attempts at once one subscriber gets, while it takes anything in."""
LEASE_SECONDS = 30
"""Twice as long as an attempt may take: nobody else begins one while it is under way."""
GRACE_SECONDS = 5.0
"""How long attempts under way may go on when the worker is told to stop."""
_LEASE_LOST = Answered(None, 0.0, "lease_lost")


class Lanes:
    """The subscribers that are being told right now, in one process."""

    def __init__(self, platform: Platform) -> None:
        """Begin with no lane open."""
        self._platform = platform
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._unsigned: set[str] = set()
        self._is_closing = False

    async def open_due(self) -> int:
        """Open a lane for each subscriber that waits and has none yet; return how many.

        Nobody is told anything whose secret cannot be made; that is noted once.

        Raises:
            StoreUnavailable: the database gives no answer.
        """
        if self._platform.post is None:
            return 0
        opened = 0
        for mode in Mode:
            waiting = await self._platform.store.list_waiting_subscribers(
                mode, self._platform.clock()
            )
            for subscriber in waiting:
                if subscriber.id not in self._lanes and self._can_sign(subscriber):
                    self._open(subscriber.id, self._platform.post)
                    opened += 1
        return opened

    async def settle(self) -> None:
        """Wait until every open lane has come to its end."""
        while self._lanes:
            await asyncio.wait(self._lanes.values())

    async def finish(self) -> None:
        """Begin nothing more; let what is under way end, for a while, then give it back."""
        self._is_closing = True
        if not self._lanes:
            return
        lanes = set(self._lanes.values())
        _, late = await asyncio.wait(lanes, timeout=GRACE_SECONDS)
        for lane in late:
            lane.cancel()
        if late:
            await asyncio.wait(late)

    def _can_sign(self, subscriber: Subscriber) -> bool:
        if subscriber.disabled_at is not None:
            return True
        try:
            signing_secrets(self._platform.outgoing_keys, subscriber, self._platform.clock())
        except SigningKeyMissing:
            if subscriber.id not in self._unsigned:
                self._unsigned.add(subscriber.id)
                self._platform.journal.note(
                    LogEvent.SUBSCRIBER_UNSIGNED, subscriber_id=subscriber.id, mode=subscriber.mode
                )
            return False
        self._unsigned.discard(subscriber.id)
        return True

    def _open(self, subscriber_id: str, post: Post) -> None:
        lane = asyncio.create_task(self._drive(subscriber_id, post))
        self._lanes[subscriber_id] = lane
        lane.add_done_callback(lambda _: self._lanes.pop(subscriber_id, None))

    async def _drive(self, subscriber_id: str, post: Post) -> None:
        try:
            await self._drain(subscriber_id, post)
        except Exception as error:  # noqa: BLE001 - what is leased is tried again by the clock
            self._platform.journal.note(
                LogEvent.WORKER_FAILED, cause=type(error).__name__, subscriber_id=subscriber_id
            )

    async def _drain(self, subscriber_id: str, post: Post) -> None:
        """Tell a subscriber until nothing is due any more.

        It is looked at anew before each handful: it may have been changed, rotated or disabled.
        """
        platform, width = self._platform, PARALLEL
        while not self._is_closing:
            claims = await platform.store.claim_deliveries(
                subscriber_id, width, platform.clock(), lease_seconds=LEASE_SECONDS
            )
            subscriber = await platform.store.find_subscriber(subscriber_id)
            if subscriber is None or subscriber.disabled_at is not None:
                await self._bury(subscriber_id, subscriber, claims)
                return
            if not claims:
                return
            answers = await self._tell(subscriber, claims, post)
            width = PARALLEL if any(each.is_success for each in answers) else 1
            await _remember_row(platform, subscriber, answers)

    async def _tell(
        self, subscriber: Subscriber, claims: Sequence[DeliveryClaim], post: Post
    ) -> Sequence[Answered]:
        keys, now = self._platform.outgoing_keys, self._platform.clock()
        try:
            secrets = signing_secrets(keys, subscriber, now)
        except SigningKeyMissing:  # rotated meanwhile, by who has keys that we do not have
            for claim in claims:
                await self._platform.store.give_back_delivery(claim)
            raise
        results = await asyncio.gather(
            *(_attempt(self._platform, subscriber, claim, secrets, post) for claim in claims),
            return_exceptions=True,
        )
        answers = [each for each in results if isinstance(each, Answered)]
        for each in results:
            if isinstance(each, BaseException):
                raise each
        return answers

    async def _bury(
        self, subscriber_id: str, subscriber: Subscriber | None, claims: Sequence[DeliveryClaim]
    ) -> None:
        reason = DisabledFor.REMOVED
        if subscriber is not None and subscriber.disabled_for is not None:
            reason = subscriber.disabled_for
        for claim in claims:
            await self._platform.store.give_back_delivery(claim)
        buried = 0
        while count := await self._platform.store.bury_deliveries(subscriber_id, reason):
            buried += count
        if buried:
            self._platform.journal.note(
                LogEvent.DELIVERY_DIED, subscriber_id=subscriber_id, reason=reason, count=buried
            )


async def _attempt(
    platform: Platform,
    subscriber: Subscriber,
    claim: DeliveryClaim,
    secrets: Sequence[Secret],
    post: Post,
) -> Answered:
    """Make one attempt and write down what came of it."""
    told = claim.announcement
    if claim.attempts >= MOST_ATTEMPTS:  # each worker that had it was killed
        await _settle(platform, subscriber, claim, _LEASE_LOST, DeliveryOutcome.DEAD)
        return _LEASE_LOST
    with platform.tracer.span(SpanKind.DELIVERY) as span:
        parcel = Parcel(
            url=subscriber.url,
            event_id=told.id,
            sent_at=platform.clock(),
            body=write_body(told.id, told.type.value, told.occurred_at, told.owner, told.payload),
            secrets=secrets,
            carried=platform.tracer.carry(),
        )
        try:
            answered = await post(parcel)
        except asyncio.CancelledError:
            await platform.store.give_back_delivery(claim)
            raise
        outcome = judge(answered, claim.attempts)
        span.say(Attribute.MODE, subscriber.mode.value)
        span.say(Attribute.OUTCOME, outcome.value)
        if answered.status is not None:
            span.say(Attribute.STATUS, answered.status)
        if answered.word is not None:
            span.fail(answered.word)
    mode, word = subscriber.mode.value, outcome.value
    platform.meter.count(Tally.DELIVERIES, mode=mode, outcome=word)
    platform.meter.observe(Measure.DELIVERY_ANSWERED, answered.seconds, mode=mode, outcome=word)
    await _settle(platform, subscriber, claim, answered, outcome)
    return answered


async def _settle(
    platform: Platform,
    subscriber: Subscriber,
    claim: DeliveryClaim,
    answered: Answered,
    outcome: DeliveryOutcome,
) -> None:
    now, store = platform.clock(), platform.store
    about = {
        "subscriber_id": subscriber.id,
        "event_id": claim.announcement.id,
        "event_type": claim.announcement.type.value,
    }
    if outcome is DeliveryOutcome.DELIVERED:
        await store.finish_delivery(claim, answered, now)
        platform.journal.note(LogEvent.DELIVERY_ARRIVED, **about)
    elif outcome is DeliveryOutcome.DEAD:
        await store.give_up_delivery(claim, answered, now)
        platform.journal.note(LogEvent.DELIVERY_DIED, **about, reason=answered.word)
    else:
        chance = random.random()  # noqa: S311 - spreads load, guards nothing
        pause = pause_after(claim.attempts, answered.retry_after_seconds, chance)
        await store.postpone_delivery(claim, answered, now, retry_at=now + pause)
        seconds = round(pause.total_seconds())
        platform.journal.note(
            LogEvent.DELIVERY_FAILED, **about, cause=answered.word, retry_seconds=seconds
        )


async def _remember_row(
    platform: Platform, subscriber: Subscriber, answers: Sequence[Answered]
) -> None:
    """Count a row of failures or end it; disable who is gone, or took nothing in for days."""
    if any(each.is_gone for each in answers):
        await _disable(platform, subscriber, DisabledFor.GONE)
        return
    if any(each.is_success for each in answers):
        if subscriber.failing_since is not None:
            await platform.store.praise_subscriber(subscriber.id)
        return
    now = platform.clock()
    await platform.store.blame_subscriber(
        subscriber.id, now, forgotten_before=now - FORGET_FAILURES
    )
    blamed = await platform.store.find_subscriber(subscriber.id)
    since = None if blamed is None else blamed.failing_since
    if since is not None and now - since >= FAILING_FOR:
        await _disable(platform, subscriber, DisabledFor.FAILING)


async def _disable(platform: Platform, subscriber: Subscriber, reason: DisabledFor) -> None:
    now = platform.clock()
    audit = AuditEntry(
        at=now,
        actor=FACTS,
        action=AuditAction.SUBSCRIBER_CHANGE.value,
        outcome="disabled",
        details={"subscriber": subscriber.id, "reason": reason.value},
    )
    if await platform.store.disable_subscriber(subscriber.id, reason, now, audit):
        platform.journal.note(
            LogEvent.SUBSCRIBER_DISABLED,
            subscriber_id=subscriber.id,
            mode=subscriber.mode,
            reason=reason,
        )
