"""Does B7 notice somebody else's status, does ours answer it right, and is a world made once?"""

import asyncio
import json
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.contest import WrongAnswer
from benchmarks.databases import SqliteDatabase
from benchmarks.load import Answer, drive
from benchmarks.serving import aboard_running, migrate
from benchmarks.shelf import Shelf
from benchmarks.status import Owners, look_at
from benchmarks.worlds import populate, spread

HEAD = b"http/1.1 200 ok\r\ncache-control: no-store"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    database = SqliteDatabase(tmp_path_factory.mktemp("status") / "aboard.sqlite3")
    migrate(database.address)
    populate(database, 40)
    with aboard_running("aboard", database.address, core=0) as server:
        asked = islice(Owners(40).requests(), 60)
        return asyncio.run(drive(server.port, asked, connections=4, seconds=30)).answers


def test_every_owner_is_told_of_their_own_account(told: list[Answer]) -> None:
    for answer in told:
        look_at(answer)
    assert len(told) == 60
    assert len({answer.caller for answer in told}) > 20


@pytest.mark.parametrize(
    "change",
    [
        {"organizationId": spread("org", 999)},
        {"stripeAccountId": spread("acct", 999)},
        {"chargesEnabled": False},
        {"syncedAt": "2026-01-01T00:00:00Z"},
        {"source": "live"},
        {"more": 1},
    ],
)
def test_another_answer_ends_the_run(told: list[Answer], change: dict[str, object]) -> None:
    right = told[0]
    body = json.dumps({**json.loads(right.body), **change}).encode()
    with pytest.raises(WrongAnswer, match="not the connection"):
        look_at(Answer(right.caller, 200, right.head, body))


def test_a_refusal_and_a_careless_header_end_the_run(told: list[Answer]) -> None:
    right = told[0]
    with pytest.raises(WrongAnswer, match="status 403"):
        look_at(Answer(right.caller, 403, HEAD, right.body))
    with pytest.raises(WrongAnswer, match="stored on its way"):
        look_at(Answer(right.caller, 200, b"http/1.1 200 ok", right.body))


def test_owners_come_from_the_whole_table_and_no_token_comes_twice() -> None:
    owners = Owners(1_000_000)
    owners.prepare(200)
    first = list(islice(owners.requests(), 300))
    numbers = [request.caller for request in first]
    assert min(numbers) < 50_000
    assert max(numbers) > 950_000
    assert len({request.raw for request in first}) == 300


def test_a_world_stays_on_the_shelf(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, None)
    world = shelf.world(30)
    assert world.rows("SELECT count(*) FROM accounts") == [(30,)]
    world.rows("UPDATE accounts SET attempt = 7 WHERE id = (SELECT min(id) FROM accounts)")
    again = shelf.world(30)
    assert again.rows("SELECT max(attempt) FROM accounts") == [(7,)]
    assert [path.name for path in tmp_path.iterdir()] == ["accounts_30.sqlite3"]
