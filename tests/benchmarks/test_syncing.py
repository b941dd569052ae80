"""Does B8 see an account that was read twice, left behind, or taken from the living?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.contest import WrongAnswer
from benchmarks.crews import Crew, Stripe, check_once, check_takeover, crew_working
from benchmarks.databases import SqliteDatabase
from benchmarks.serving import migrate
from benchmarks.syncing import stripe_running
from benchmarks.worlds import populate

ACCOUNTS = 120


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    with stripe_running(0.02, core=0) as found:
        yield found


@pytest.fixture
def crew(tmp_path: Path, stripe: Stripe) -> Iterator[Crew]:
    database = SqliteDatabase(tmp_path / "aboard.sqlite3")
    migrate(database.address)
    populate(database, ACCOUNTS)
    opened = crew_working("one", 1, database, stripe, accounts=ACCOUNTS, cores=[0])
    with opened as found:
        yield found


def test_a_worker_reads_each_due_account_once_and_writes_it(crew: Crew) -> None:
    sample = crew.measure(1.0, 0.0)
    assert sample.value > 5
    reads = crew.stripe.reads()
    assert set(reads.by_account.values()) == {1}
    assert reads.first_at > 0
    crew.stripe.forget()
    assert crew.stripe.reads().by_account == {}


def test_what_was_called_off_is_due_no_more(crew: Crew) -> None:
    crew.make_due()
    crew.call_off()
    crew.wait_until_idle()
    assert crew.database.rows("SELECT count(*) FROM account_syncs WHERE due_at > 0") != [(0,)]
    assert crew.database.rows("SELECT count(*) FROM account_syncs WHERE rung_at > 0") == [(0,)]


def test_each_once_passes() -> None:
    check_once({"acct_1": 1, "acct_2": 1}, {"acct_1", "acct_2"})


@pytest.mark.parametrize(
    ("reads", "written", "reason"),
    [
        ({"acct_1": 2}, {"acct_1"}, "more than once"),
        ({"acct_1": 1, "acct_2": 1}, {"acct_1"}, "not both"),
        ({"acct_1": 1}, {"acct_1", "acct_2"}, "not both"),
    ],
)
def test_a_crew_without_leases_ends_the_run(
    reads: dict[str, int], written: set[str], reason: str
) -> None:
    with pytest.raises(WrongAnswer, match=reason):
        check_once(reads, written)


def test_what_the_dead_held_may_be_read_again() -> None:
    check_takeover({"acct_1": 1, "acct_2": 2}, {"acct_2", "acct_3"})


@pytest.mark.parametrize(
    ("reads", "taken_over", "reason"),
    [
        ({"acct_1": 2}, {"acct_2"}, "while somebody held it"),
        ({"acct_1": 3}, {"acct_1"}, "a third time"),
        ({"acct_1": 1}, set(), "held nothing"),
    ],
)
def test_a_takeover_of_the_living_ends_the_run(
    reads: dict[str, int], taken_over: set[str], reason: str
) -> None:
    with pytest.raises(WrongAnswer, match=reason):
        check_takeover(reads, taken_over)
