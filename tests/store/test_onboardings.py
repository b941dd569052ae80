"""Onboardings remember where they end; a state is spent once; a link leaves no link behind."""

import asyncio
import sqlite3
from datetime import timedelta

import pytest

from aboard.core.account import Onboarding
from aboard.core.links import Collect, LinkPurpose
from aboard.store import LinkRecord, Store
from aboard.store.postgres import StatementRefused
from aboard.store.schema import links
from tests.store.rows import NOW, after, attached, onboarding_of


async def test_an_onboarding_is_found_as_it_was_made(store: Store) -> None:
    account = await attached(store)
    onboarding = Onboarding(
        id="onb_1",
        account_id=account.id,
        owner=account.owner,
        return_url="https://shop.example/return?a=1&b=ä",
        refresh_url="https://shop.example/refresh",
        created_at=after(7),
        purpose=LinkPurpose.UPDATE,
        collect=Collect.EVENTUALLY_DUE,
    )
    await store.create_onboarding(onboarding)
    assert await store.find_onboarding("onb_1") == onboarding
    assert await store.find_latest_onboarding(account.id) == onboarding
    assert await store.find_onboarding("onb_2") is None
    assert await store.find_latest_onboarding("ca_nobody") is None


async def test_the_latest_is_the_one_created_last_even_when_the_clock_stands_still(
    store: Store,
) -> None:
    account = await attached(store)
    made = [await onboarding_of(store, account, f"onb_{n}") for n in range(5)]
    assert await store.find_latest_onboarding(account.id) == made[-1]
    assert list(await store.list_onboardings(account.id, limit=3)) == made[:1:-1]


async def test_an_onboarding_needs_an_account(store: Store) -> None:
    account = await attached(store)
    stray = Onboarding("onb_1", "ca_nobody", account.owner, "https://a", "https://b", NOW)
    with pytest.raises((sqlite3.IntegrityError, StatementRefused)):
        await store.create_onboarding(stray)
    assert await store.find_onboarding("onb_1") is None


async def test_only_the_first_return_visit_is_the_first(store: Store) -> None:
    await onboarding_of(store, await attached(store), "onb_1")
    visits = await asyncio.gather(*(store.record_return("onb_1", "n1", NOW) for _ in range(9)))
    assert sorted(visits) == [False] * 8 + [True]
    assert await store.record_return("onb_1", "n2", NOW)


async def test_a_state_is_spent_by_exactly_one_of_many(store: Store) -> None:
    await onboarding_of(store, await attached(store), "onb_1")
    spent = await asyncio.gather(
        *(store.spend_state("n1", "onb_1", after(600), NOW) for _ in range(50))
    )
    assert sorted(spent) == [False] * 49 + [True]


async def test_a_state_that_bought_nothing_can_be_spent_again(store: Store) -> None:
    await onboarding_of(store, await attached(store), "onb_1")
    assert await store.spend_state("n1", "onb_1", after(600), NOW)
    assert await store.is_state_spent("n1")
    await store.release_state("n1")
    assert not await store.is_state_spent("n1")
    assert await store.count_spent_refreshes("onb_1", NOW) == 0
    assert await store.spend_state("n1", "onb_1", after(600), NOW)


async def test_refreshes_are_counted_in_their_window_and_onboarding(store: Store) -> None:
    account = await attached(store)
    await onboarding_of(store, account, "onb_1")
    await onboarding_of(store, account, "onb_2")
    for seconds in (0, 10, 20):
        await store.spend_state(f"n{seconds}", "onb_1", after(600), after(seconds))
    await store.spend_state("other", "onb_2", after(600), after(20))
    assert await store.count_spent_refreshes("onb_1", after(10)) == 2
    assert await store.count_spent_refreshes("onb_1", after(21)) == 0


async def test_a_spent_state_stays_spent_well_beyond_its_end(store: Store) -> None:
    await onboarding_of(store, await attached(store), "onb_1")
    await store.spend_state("n1", "onb_1", after(600), NOW)
    assert await store.forget_expired(after(700)) == 0
    assert not await store.spend_state("n1", "onb_1", after(600), after(700))
    assert await store.forget_expired(after(600) + timedelta(days=1)) == 1


async def test_a_link_is_remembered_without_the_link(store: Store) -> None:
    account = await attached(store)
    await onboarding_of(store, account, "onb_1")
    await store.record_link(
        account.id, "onb_1", purpose="account_onboarding", created_at=NOW, expires_at=after(300)
    )
    await store.record_link(account.id, None, purpose="login", created_at=after(1), expires_at=None)
    assert list(await store.list_links(account.id)) == [
        LinkRecord(account.id, None, "login", after(1), None),
        LinkRecord(account.id, "onb_1", "account_onboarding", NOW, after(300)),
    ]
    assert set(links.columns.keys()) == {
        "number",
        "account_id",
        "onboarding_id",
        "purpose",
        "created_at",
        "expires_at",
    }
