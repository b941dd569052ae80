"""Exactly one row for each call, however it ends, and nothing in it that came from outside raw."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aboard.core.lending.callers import Borrower
from aboard.core.lending.calls import ANSWERED, OPEN, CallFilter, ClosedCall, Via
from aboard.core.lending.refusals import RULINGS, CallRefused, RefusalCode
from aboard.core.owner import Mode
from aboard.flows.lending.calls import (
    NAMELESS_ROWS,
    OpenedCall,
    RefusedCall,
    close_call,
    count_left,
    list_calls,
    open_call,
    refuse_call,
    walk_calls,
)
from aboard.flows.limits import MemoryLimits
from aboard.flows.meter import Tally
from aboard.flows.platform import Platform
from tests.flows.lending.lending import a_day, borrow, lending
from tests.scene import Scene

pytestmark = pytest.mark.both
HOSTILE = [
    "acct_1/../x",
    "acct_",
    "acct_ä",
    "acct_1\n",
    "sk_live_words",
    "req_sk_live_words",
    "127.0.0.1, 10.0.0.1",
    "x" * 10_000,
    "acct_" + "1" * 300,
    "\0",
]


def opened(borrower: Borrower, number: int = 1, *, account: str | None = "acct_1") -> OpenedCall:
    return OpenedCall(
        f"req_{number}", borrower, Via.PROXY, "POST", "account_links.create", account, "127.0.0.1"
    )


def counted(platform: Platform) -> dict[tuple[str, str], int]:
    return {
        (dict(labels)["mode"], dict(labels)["outcome"]): number
        for tally, labels, number in platform.meter.counts()
        if tally is Tally.GATEWAY_CALLS
    }


async def test_a_call_from_its_beginning_to_its_end(scene: Scene) -> None:
    platform = lending(scene.platform)
    borrower = await borrow(platform)
    await open_call(platform, opened(borrower))
    [row] = await list_calls(platform, CallFilter(), limit=9)
    assert (row.outcome, row.status, row.at) == (OPEN, None, scene.clock())
    assert (row.caller_name, row.token_hint) == ("shop", borrower.token.hint)
    await close_call(
        platform, "req_1", ClosedCall(ANSWERED, 200, 200, 12, "req_x", 3, 4), mode=Mode.TEST
    )
    [row] = await list_calls(platform, CallFilter(caller_id=borrower.caller.id), limit=9)
    assert (row.outcome, row.status, row.duration_ms, row.bytes_out) == (ANSWERED, 200, 12, 4)
    assert (row.mode, row.account, row.stripe_request_id) == (Mode.TEST, "acct_1", "req_x")
    assert counted(platform) == {("test", "answered"): 1}


@pytest.mark.parametrize("code", list(RefusalCode))
async def test_every_refusal_is_one_row(scene: Scene, code: RefusalCode) -> None:
    platform = lending(scene.platform)
    await refuse_call(platform, RefusedCall("req_1", code, Via.MCP, "GET", duration_ms=2))
    [row] = await list_calls(platform, CallFilter(), limit=9)
    assert (row.outcome, row.status) == (code, RULINGS[code].status)
    assert (row.caller_id, row.mode) == (None, None)
    assert counted(platform) == {("none", code): 1}


@pytest.mark.parametrize("word", HOSTILE)
async def test_what_comes_from_outside_is_a_plain_word_or_nothing(scene: Scene, word: str) -> None:
    platform = lending(scene.platform)
    borrower = await borrow(platform)
    call = replace(opened(borrower, account=word), method=word, address=word)
    await open_call(platform, call)
    closed = ClosedCall(ANSWERED, 200, stripe_request_id=word)
    await close_call(platform, "req_1", closed, mode=Mode.TEST)
    refused = RefusedCall("req_2", RefusalCode.PATH_REFUSED, Via.PROXY, word, account=word)
    await refuse_call(platform, refused)
    for row in await list_calls(platform, CallFilter(), limit=9):
        assert (row.method, row.account) == ("OTHER", None)
        assert (row.address, row.stripe_request_id) == (None, None)


async def test_a_budget_is_spent_once_and_renewed_at_midnight(scene: Scene) -> None:
    platform = lending(scene.platform)
    borrower = await borrow(platform, a_day(3))
    assert await count_left(platform, borrower) == 3
    done = await asyncio.gather(
        *(open_call(platform, opened(borrower, number)) for number in range(8)),
        return_exceptions=True,
    )
    refusals = [each for each in done if isinstance(each, CallRefused)]
    assert [each.code for each in refusals] == [RefusalCode.DAILY_BUDGET_SPENT] * 5
    assert await count_left(platform, borrower) == 0
    midnight = (scene.clock() + timedelta(days=1)).replace(hour=0, minute=0, second=0)
    assert refusals[0].retry_after == (midnight - scene.clock()).total_seconds()
    assert len(await list_calls(platform, CallFilter(), limit=99)) == 3
    scene.clock.now = midnight
    assert await count_left(platform, borrower) == 3
    await open_call(platform, opened(borrower, 99))
    assert await count_left(platform, borrower) == 2


async def test_without_a_budget_nothing_is_left_to_count(scene: Scene) -> None:
    platform = lending(scene.platform)
    borrower = await borrow(platform)
    await open_call(platform, opened(borrower))
    assert await count_left(platform, borrower) is None


async def test_what_cannot_be_written_down_is_not_made(scene: Scene) -> None:
    platform = lending(scene.platform)
    borrower = await borrow(platform)
    await platform.store.close()
    with pytest.raises(CallRefused) as caught:
        await open_call(platform, opened(borrower))
    assert caught.value.code is RefusalCode.STORE_UNAVAILABLE


async def test_an_end_that_cannot_be_written_is_journaled_and_never_fails(scene: Scene) -> None:
    platform = lending(scene.platform)
    await close_call(platform, "req_nobody", ClosedCall(ANSWERED, 200), mode=Mode.TEST)
    await platform.store.close()
    await close_call(platform, "req_1", ClosedCall(ANSWERED, 200), mode=Mode.TEST)
    await refuse_call(platform, RefusedCall("r", RefusalCode.HOST_REFUSED, Via.PROXY, "GET"))
    assert platform.journal.counts["call.unrecorded"] == 3


async def test_strangers_fill_no_disk_and_those_who_are_known_are_all_written(scene: Scene) -> None:
    platform = lending(replace(scene.platform, limits=MemoryLimits()))
    borrower = await borrow(platform)
    many = NAMELESS_ROWS + 50
    await asyncio.gather(
        *(
            refuse_call(
                platform,
                RefusedCall(f"req_{number}", RefusalCode.CALLER_UNKNOWN, Via.PROXY, "GET"),
            )
            for number in range(many)
        )
    )
    assert len(await list_calls(platform, CallFilter(), limit=many)) == NAMELESS_ROWS
    assert counted(platform) == {("none", "caller_unknown"): many}
    refused = RefusedCall("req_known", RefusalCode.RATE_LIMITED, Via.PROXY, "GET", borrower)
    await refuse_call(platform, refused)
    [row] = await list_calls(platform, CallFilter(outcome="rate_limited"), limit=9)
    assert (row.caller_name, row.mode) == ("shop", Mode.TEST)


async def test_a_walk_goes_through_all(scene: Scene) -> None:
    platform = lending(scene.platform)
    borrower = await borrow(platform)
    for number in range(1203):
        scene.clock.now = datetime(2026, 11, 21, 9, 0, number // 100, tzinfo=UTC)
        if number % 100 == 0:
            group = range(number, min(number + 100, 1203))
            await asyncio.gather(*(open_call(platform, opened(borrower, each)) for each in group))
    met = [row.id async for page in walk_calls(platform, CallFilter()) for row in page]
    assert len(met) == len(set(met)) == 1203
