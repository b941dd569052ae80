"""Write down each call, exactly once: before it goes up, when it is over, or that it never went.

A call that cannot be written down is not made. What nobody in particular is refused leaves up to
a thousand rows an hour, and is counted beyond that: a stranger could else fill the disk.

Source: ADR-0029, the gateway; docs/gateway/callers.md, the record of calls.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aboard.core.errors import StoreUnavailable, TooManyRequests
from aboard.core.lending.callers import Borrower
from aboard.core.lending.calls import (
    OPEN,
    Call,
    CallFilter,
    ClosedCall,
    Via,
    account_word,
    address_word,
    method_word,
    request_word,
)
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.owner import Mode
from aboard.flows.journal import LogEvent
from aboard.flows.meter import Measure, Tally
from aboard.flows.platform import Platform
from aboard.store.gateway_calls import CallKey

NAMELESS_ROWS: Final = 1000
"""How many rows an hour callers whom nobody knows may leave, all together."""
PORTION: Final = 500
_HOUR_SECONDS: Final = 3600
_NO_MODE: Final = "none"
_STRANGER: Final = "stranger"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """A call that is about to go up. `id` is ours, and what the caller is told it by."""

    id: str
    borrower: Borrower
    via: Via
    method: str
    operation: str
    account: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """A call that never went up, and why not; without a borrower nobody knows whose it was.

    `status` is what the caller was answered with, if not what the code says.
    """

    id: str
    code: RefusalCode
    via: Via
    method: str
    borrower: Borrower | None = None
    operation: str | None = None
    account: str | None = None
    status: int | None = None
    duration_ms: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    address: str | None = None


async def open_call(platform: Platform, call: OpenedCall) -> None:
    """Count a call against its day's budget and write it down as open, in one commit.

    Raises:
        CallRefused: the budget of the day is spent, with the seconds until the next one, or
            nothing can be written down.
    """
    borrower, now = call.borrower, platform.clock()
    row = Call(
        id=call.id,
        at=now,
        via=call.via,
        method=method_word(call.method),
        outcome=OPEN,
        caller_id=borrower.caller.id,
        caller_name=borrower.caller.name,
        token_hint=borrower.token.hint,
        mode=borrower.mode,
        operation=call.operation,
        account=account_word(call.account),
        address=address_word(call.address),
    )
    try:
        fits = await platform.store.write_call(row, per_day=borrower.limits.per_day)
    except StoreUnavailable:
        raise CallRefused(RefusalCode.STORE_UNAVAILABLE) from None
    if not fits:
        raise CallRefused(RefusalCode.DAILY_BUDGET_SPENT, retry_after=_until_tomorrow(now))


async def close_call(platform: Platform, call_id: str, closed: ClosedCall, *, mode: Mode) -> None:
    """Write down how a call that went up ended. Never fails: what is not written is journaled.

    A caller that is cancelled meanwhile has it written all the same.
    """
    platform.meter.count(Tally.GATEWAY_CALLS, mode=mode, outcome=closed.outcome)
    platform.meter.observe(
        Measure.GATEWAY_ANSWERED, closed.duration_ms / 1000, mode=mode, outcome=closed.outcome
    )
    word = request_word(closed.stripe_request_id)
    row = closed if word == closed.stripe_request_id else replace(closed, stripe_request_id=word)
    try:
        is_written = await platform.store.close_call(call_id, row)
    except StoreUnavailable as away:
        platform.journal.note(LogEvent.CALL_UNRECORDED, request_id=call_id, cause=away.cause)
    else:
        if not is_written:
            platform.journal.note(LogEvent.CALL_UNRECORDED, request_id=call_id, cause="no_row")


async def refuse_call(platform: Platform, refused: RefusedCall) -> None:
    """Write down a call that never went up, whole. Never fails: what is not written is journaled.

    Callers whom nobody knows leave `NAMELESS_ROWS` an hour, and are counted alone beyond that.
    """
    borrower = refused.borrower
    mode = _NO_MODE if borrower is None else borrower.mode.value
    platform.meter.count(Tally.GATEWAY_CALLS, mode=mode, outcome=refused.code)
    if borrower is None and not await _may_write(platform):
        return
    row = Call(
        id=refused.id,
        at=platform.clock(),
        via=refused.via,
        method=method_word(refused.method),
        outcome=refused.code.value,
        operation=refused.operation,
        account=account_word(refused.account),
        status=_status_of(refused),
        duration_ms=refused.duration_ms,
        bytes_in=refused.bytes_in,
        bytes_out=refused.bytes_out,
        address=address_word(refused.address),
    )
    try:
        await platform.store.write_call(row if borrower is None else _named(row, borrower))
    except StoreUnavailable as away:
        platform.journal.note(LogEvent.CALL_UNRECORDED, request_id=refused.id, cause=away.cause)


async def count_left(platform: Platform, borrower: Borrower) -> int | None:
    """Return how many calls of the day (UTC) a borrower has left; None where nobody counts.

    Raises:
        StoreUnavailable: it cannot be read.
    """
    most = borrower.limits.per_day
    if most is None:
        return None
    spent = await platform.store.count_spent(borrower.caller.id, platform.clock())
    return max(0, most - spent)


async def list_calls(
    platform: Platform, which: CallFilter, *, limit: int, before: CallKey | None = None
) -> Sequence[Call]:
    """Return calls that match, the newest first, those before a place alone.

    Raises:
        StoreUnavailable: they cannot be read.
    """
    return await platform.store.list_calls(which, limit, before=before)


async def walk_calls(platform: Platform, which: CallFilter) -> AsyncIterator[Sequence[Call]]:
    """Yield all calls that match, in the order of time, portion by portion.

    Raises:
        StoreUnavailable: the database gives no answer.
    """
    after: CallKey | None = None
    while page := await platform.store.walk_calls(which, after=after, limit=PORTION):
        after = CallKey(page[-1].at, page[-1].id)
        yield page


def _named(row: Call, borrower: Borrower) -> Call:
    return replace(
        row,
        caller_id=borrower.caller.id,
        caller_name=borrower.caller.name,
        token_hint=borrower.token.hint,
        mode=borrower.mode,
    )


def _status_of(refused: RefusedCall) -> int:
    return CallRefused(refused.code).ruling.status if refused.status is None else refused.status


def _until_tomorrow(now: datetime) -> int:
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    return max(1, round((tomorrow - now).total_seconds()))


async def _may_write(platform: Platform) -> bool:
    try:
        await platform.limits.take(
            _STRANGER, "gateway.calls", limit=NAMELESS_ROWS, window_seconds=_HOUR_SECONDS
        )
    except TooManyRequests:
        platform.journal.note(LogEvent.LIMIT_REACHED, case="gateway.calls")
        return False
    return True
