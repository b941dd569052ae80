"""Each call is one row from its beginning to its end, and a budget is never overdrawn."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from aboard.core.lending.calls import OPEN, Call, CallFilter, ClosedCall, Via
from aboard.core.owner import Mode
from aboard.store import Store, open_store
from aboard.store.gateway_calls import CallKey, day_of
from tests.databases import Desk
from tests.store.hand import Hand
from tests.store.rows import NOW, after, run_together

OPENED = Call(
    id="req_1",
    at=NOW,
    via=Via.PROXY,
    method="POST",
    outcome=OPEN,
    caller_id="gwc_1",
    caller_name="shop",
    token_hint="test...abcd",
    mode=Mode.TEST,
    operation="account_links.create",
    account="acct_ada",
    address="203.0.113.9",
)
CLOSED = ClosedCall("answered", 200, 200, 31, "req_stripe", 120, 4_000_000_000)
SPEND = """
import asyncio, sys
from datetime import datetime, UTC
from aboard.core.lending.calls import OPEN, Call, Via
from aboard.store import open_store

async def main(database, name, most):
    store = open_store(database, pool_size=3)
    at = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    calls = (
        Call(f"{name}_{number}", at, Via.PROXY, "GET", OPEN, caller_id="gwc_1")
        for number in range(150)
    )
    fits = await asyncio.gather(*(store.write_call(call, per_day=int(most)) for call in calls))
    await store.close()
    print(sum(fits))

asyncio.run(main(*sys.argv[1:]))
"""


def call(number: int, **changes: object) -> Call:
    plain = replace(OPENED, id=f"req_{number:04}", at=after(number))
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field of a call


async def ids(store: Store, which: CallFilter) -> list[str]:
    return [each.id for each in await store.list_calls(which)]


async def test_a_call_is_open_until_it_is_closed(store: Store) -> None:
    assert await store.write_call(OPENED)
    assert await store.find_call("req_1") == OPENED
    assert await store.close_call("req_1", CLOSED)
    assert await store.find_call("req_1") == replace(
        OPENED,
        outcome="answered",
        status=200,
        upstream_status=200,
        duration_ms=31,
        stripe_request_id="req_stripe",
        bytes_in=120,
        bytes_out=4_000_000_000,
    )
    assert not await store.close_call("req_2", CLOSED)
    assert await store.find_call("req_2") is None


async def test_whoever_nobody_knows_leaves_a_row_without_a_name(store: Store) -> None:
    stranger = Call("req_1", NOW, Via.MCP, "OTHER", "caller_unknown", status=401)
    assert await store.write_call(stranger)
    assert await store.find_call("req_1") == stranger


async def test_many_at_once_are_all_written_and_share_commits(store: Store) -> None:
    before = store.metrics
    calls = [call(number, account=None if number % 3 else "acct_x") for number in range(300)]
    assert all(await asyncio.gather(*map(store.write_call, calls)))
    closed = await asyncio.gather(*(store.close_call(each.id, CLOSED) for each in calls))
    assert all(closed)
    assert store.metrics.batches - before.batches == 600
    assert store.metrics.commits - before.commits < 60
    found = await store.list_calls(limit=1000)
    assert [each.id for each in reversed(found)] == [each.id for each in calls]
    assert {(each.outcome, each.account) for each in found} == {
        ("answered", None),
        ("answered", "acct_x"),
    }


async def test_the_same_id_twice_is_a_mistake_that_harms_no_neighbour(store: Store) -> None:
    assert await store.write_call(call(1), per_day=5)
    written = await asyncio.gather(
        store.write_call(call(2), per_day=5),
        store.write_call(call(1), per_day=5),
        store.write_call(call(3), per_day=5),
        return_exceptions=True,
    )
    assert (written[0], written[2]) == (True, True)
    assert isinstance(written[1], Exception)
    assert await store.count_spent("gwc_1", NOW) == 3


class TestBudget:
    async def test_so_many_a_day_and_no_more(self, store: Store) -> None:
        fits = [await store.write_call(call(number), per_day=3) for number in range(5)]
        assert fits == [True, True, True, False, False]
        assert await store.count_spent("gwc_1", NOW) == 3
        assert len(await store.list_calls()) == 3

    async def test_a_new_day_is_a_new_budget(self, store: Store) -> None:
        for number in range(2):
            at = NOW + timedelta(days=number)
            assert await store.write_call(call(number, at=at), per_day=1)
            assert not await store.write_call(call(number + 10, at=at), per_day=1)
            assert await store.count_spent("gwc_1", at) == 1

    async def test_the_day_is_that_of_utc(self, store: Store) -> None:
        midnight = (NOW + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        assert day_of(midnight) == day_of(midnight - timedelta(microseconds=1)) + 1
        assert await store.write_call(call(1, at=midnight - timedelta(microseconds=1)), per_day=1)
        assert await store.write_call(call(2, at=midnight), per_day=1)

    async def test_without_a_budget_nothing_is_counted(self, store: Store, hand: Hand) -> None:
        assert await store.write_call(call(1))
        assert hand("SELECT * FROM gateway_days") == []
        assert await store.count_spent("gwc_1", NOW) == 0

    async def test_callers_have_each_their_own(self, store: Store) -> None:
        mixed = [
            store.write_call(call(number, caller_id=f"gwc_{number % 3}"), per_day=number % 3 + 1)
            for number in range(30)
        ]
        fits = await asyncio.gather(*mixed)
        assert [sum(fits[number::3]) for number in range(3)] == [1, 2, 3]

    async def test_those_who_came_first_fit(self, store: Store) -> None:
        first = store.write_call(call(0))
        rest = [store.write_call(call(number), per_day=4) for number in range(1, 11)]
        fits = await asyncio.gather(first, *rest)
        assert fits == [True] * 5 + [False] * 6

    async def test_more_is_given_and_less_is_left(self, store: Store) -> None:
        for number in range(3):
            assert await store.write_call(call(number), per_day=3)
        assert not await store.write_call(call(3), per_day=3)
        assert await store.write_call(call(4), per_day=5)
        assert not await store.write_call(call(5), per_day=2)
        assert await store.count_spent("gwc_1", NOW) == 4
        assert await store.write_call(call(6), per_day=5)
        assert not await store.write_call(call(7), per_day=5)

    @pytest.mark.parametrize("most", [7, 250])
    async def test_four_processes_together_spend_exactly_the_budget(
        self, database: str, hand: Hand, most: int
    ) -> None:
        lists = [(database, f"p{number}", str(most)) for number in range(4)]
        fits = sum(int(answer) for answer in run_together(SPEND, *lists))
        assert fits == min(most, 600)
        assert hand("SELECT spent, most FROM gateway_days") == [(fits, most)]
        assert hand("SELECT count(*) FROM gateway_calls") == [(fits,)]

    async def test_old_days_are_forgotten(self, store: Store, hand: Hand) -> None:
        assert await store.write_call(call(1), per_day=5)
        await store.forget_expired(NOW + timedelta(days=39))
        assert len(hand("SELECT * FROM gateway_days")) == 1
        await store.forget_expired(NOW + timedelta(days=41))
        assert hand("SELECT * FROM gateway_days") == []


class TestLists:
    async def test_each_word_of_a_filter_holds(self, store: Store) -> None:
        for number in range(6):
            changed = call(
                number,
                caller_id=f"gwc_{number % 2}",
                mode=Mode.LIVE if number > 3 else Mode.TEST,
                outcome="rate_limited" if number == 3 else "answered",
                account="acct_ada" if number % 3 == 0 else None,
            )
            assert await store.write_call(changed)
        assert await ids(store, CallFilter(caller_id="gwc_1")) == [
            "req_0005",
            "req_0003",
            "req_0001",
        ]
        assert await ids(store, CallFilter(account="acct_ada")) == ["req_0003", "req_0000"]
        assert await ids(store, CallFilter(mode=Mode.LIVE)) == ["req_0005", "req_0004"]
        assert await ids(store, CallFilter(outcome="rate_limited")) == ["req_0003"]
        assert await ids(store, CallFilter(since=after(1), before=after(3))) == [
            "req_0002",
            "req_0001",
        ]
        assert (
            await ids(store, CallFilter(caller_id="gwc_1", account="acct_ada", outcome="answered"))
            == []
        )

    @pytest.mark.parametrize("portion", [1, 2, 100])
    async def test_a_walk_meets_each_once(self, store: Store, portion: int) -> None:
        for number in range(7):
            assert await store.write_call(call(number, at=after(number // 3)))
        which, key, met = CallFilter(before=after(2), caller_id="gwc_1"), None, []
        while page := await store.walk_calls(which, after=key, limit=portion):
            met += [each.id for each in page]
            key = CallKey(page[-1].at, page[-1].id)
        assert met == [f"req_{number:04}" for number in range(6)]
        newest = await store.list_calls(which, portion, before=CallKey(after(1), "req_0004"))
        assert [each.id for each in newest] == ["req_0003", "req_0002", "req_0001", "req_0000"][
            :portion
        ]


async def test_old_calls_go_in_portions_oldest_first_open_ones_too(store: Store) -> None:
    for number in range(5):
        assert await store.write_call(call(number))
    assert await store.prune_gateway_calls(after(3), limit=2) == 2
    assert await store.prune_gateway_calls(after(3), limit=2) == 1
    assert await store.prune_gateway_calls(after(3), limit=2) == 0
    assert await ids(store, CallFilter()) == ["req_0004", "req_0003"]


async def test_on_a_server_kinds_of_rows_do_not_cut_each_others_groups(postgres: Desk) -> None:
    store = open_store(postgres.address, pool_size=4)
    calls = [call(number) for number in range(200)]
    await asyncio.gather(*map(store.write_call, calls))
    before = store.metrics.commits
    await asyncio.gather(
        *(
            each
            for number, one in enumerate(calls)
            for each in (
                store.close_call(one.id, CLOSED),
                store.write_call(call(1000 + number)),
            )
        )
    )
    assert store.metrics.commits - before <= 10
    await store.close()
