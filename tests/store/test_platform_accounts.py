"""Each mode belongs to the platform account learned first, until somebody says otherwise."""

import asyncio
from datetime import UTC, datetime

from aboard.core.owner import Mode
from aboard.store import Store

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


async def test_what_was_learned_first_stays_in_each_mode(store: Store) -> None:
    assert await store.find_platform_account(Mode.TEST) is None
    assert await store.learn_platform_account(Mode.TEST, "acct_1", NOW) == "acct_1"
    assert await store.learn_platform_account(Mode.TEST, "acct_2", NOW) == "acct_1"
    assert await store.find_platform_account(Mode.TEST) == "acct_1"
    assert await store.find_platform_account(Mode.LIVE) is None


async def test_of_many_who_learn_at_once_all_hear_the_same(store: Store) -> None:
    heard = await asyncio.gather(
        *(store.learn_platform_account(Mode.LIVE, f"acct_{n}", NOW) for n in range(20))
    )
    assert len(set(heard)) == 1


async def test_a_replacement_is_what_counts_from_then_on(store: Store) -> None:
    await store.replace_platform_account(Mode.TEST, "acct_1", NOW)
    await store.replace_platform_account(Mode.TEST, "acct_2", NOW)
    assert await store.find_platform_account(Mode.TEST) == "acct_2"
    assert await store.learn_platform_account(Mode.TEST, "acct_1", NOW) == "acct_2"
