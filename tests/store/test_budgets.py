"""A budget's places never come faster than its rate, in however many processes they are taken."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.store import Store, open_store
from tests.databases import migrated_file
from tests.store.rows import NOW, after, run_together

SPACING = timedelta(milliseconds=100)
BURST = timedelta(milliseconds=300)
NOTHING = timedelta(0)

ASK = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from aboard.store import open_store

async def main(path, seconds):
    store = open_store(path)
    until = datetime.now(UTC).timestamp() + seconds
    while (now := datetime.now(UTC)).timestamp() < until:
        first = await store.take_places(
            "stripe:test", 5, now,
            spacing=timedelta(milliseconds=10), burst=timedelta(0), patience=timedelta(seconds=1),
        )
        if first is None:
            await asyncio.sleep(0.02)
            continue
        for number in range(5):
            at = first + number * timedelta(milliseconds=10)
            await asyncio.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))
            print(datetime.now(UTC).timestamp())
    await store.close()

asyncio.run(main(sys.argv[1], float(sys.argv[2])))
"""


async def taken(
    store: Store,
    places: int,
    now: datetime,
    *,
    burst: timedelta = NOTHING,
    patience: timedelta = timedelta(days=1),
) -> list[datetime]:
    first = await store.take_places(
        "stripe:test", places, now, spacing=SPACING, burst=burst, patience=patience
    )
    return [] if first is None else [first + number * SPACING for number in range(places)]


def most_in_a_window(times: list[float], seconds: float) -> int:
    times = sorted(times)
    return max(
        sum(1 for at in times[number:] if at < begin + seconds)
        for number, begin in enumerate(times)
    )


async def test_places_follow_each_other(store: Store) -> None:
    assert await store.budget_free_at("stripe:test") is None
    assert await taken(store, 2, NOW) == [NOW, after(0.1)]
    assert await taken(store, 1, NOW) == [after(0.2)]
    assert await store.budget_free_at("stripe:test") == after(0.3)
    assert await taken(store, 1, after(5)) == [after(5)]


async def test_who_rested_may_catch_up_a_little(store: Store) -> None:
    assert await taken(store, 1, NOW, burst=BURST) == [after(-0.3)]
    assert await taken(store, 1, NOW, burst=BURST) == [after(-0.2)]


async def test_nobody_waits_longer_than_their_patience(store: Store) -> None:
    await taken(store, 50, NOW)
    assert await taken(store, 1, NOW, patience=timedelta(seconds=4)) == []
    assert await taken(store, 1, NOW, patience=timedelta(seconds=5)) == [after(5)]


async def test_budgets_have_nothing_to_do_with_each_other(store: Store) -> None:
    await taken(store, 50, NOW)
    first = await store.take_places(
        "stripe:live", 1, NOW, spacing=SPACING, burst=NOTHING, patience=NOTHING
    )
    assert first == NOW


ASKING = st.tuples(st.integers(0, 2), st.integers(1, 8), st.floats(0, 2, allow_nan=False))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(askings=st.lists(ASKING, max_size=25), window=st.floats(0.1, 5))
def test_no_window_holds_more_than_the_rate(
    askings: list[tuple[int, int, float]],
    window: float,
) -> None:
    async def ask(path: Path) -> list[datetime]:
        stores = [open_store(str(path)) for _ in range(3)]
        now, times = NOW, []
        for who, places, rest in askings:
            now += timedelta(seconds=rest)
            times += [max(at, now) for at in await taken(stores[who], places, now, burst=BURST)]
        for store in stores:
            await store.close()
        return times

    with TemporaryDirectory() as folder:
        path = Path(folder) / "budget.db"
        path.write_bytes(migrated_file())
        times = [(at - NOW).total_seconds() for at in asyncio.run(ask(path))]
    bound = (window + BURST.total_seconds()) / SPACING.total_seconds() + 1
    assert not times or most_in_a_window(times, window) <= bound + 1e-6


async def test_processes_share_one_budget(database: str) -> None:
    answers = await asyncio.to_thread(
        run_together, ASK, [database, "2"], [database, "2"], [database, "2"]
    )
    times = [float(line) for line in " ".join(answers).split()]
    # A hundred a second. Who is late is late by the machine's load: a batch may catch up.
    assert most_in_a_window(times, 1.0) <= 100 + 5 * 3 + 1
    assert len(times) >= 50
