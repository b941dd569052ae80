"""Does B3 post what Stripe would, does its kill find an early 200, and does it count right?"""

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
import stripe

from benchmarks.contest import WrongAnswer
from benchmarks.databases import SqliteDatabase
from benchmarks.intake import ACCOUNTS, Ledger, open_ours, survive_kill
from benchmarks.load import Answer, drive
from benchmarks.postbag import DUPLICATES_EVERY, SECRET, TYPE, Postbag, event_id
from benchmarks.processes import Server, free_port
from benchmarks.serving import migrate, running
from benchmarks.worlds import populate, spread

ACCOUNT_IDS = [spread("acct", number) for number in range(ACCOUNTS)]
RECEIVED = b'{"received":true}'
STORED = [(event_id(number), TYPE, ACCOUNT_IDS[number]) for number in (0, 1)]

SERVER = """
import asyncio, json, os, sqlite3, sys

path, port, manner = sys.argv[1:]
database = sqlite3.connect(path, isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("CREATE TABLE events (id TEXT PRIMARY KEY, type TEXT, account TEXT)")
waiting = []


def write():
    database.execute("BEGIN")
    database.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", waiting)
    database.execute("COMMIT")
    waiting.clear()


async def talk(reader, writer):
    while True:
        head = await reader.readuntil(b"\\r\\n\\r\\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\\r\\n")[0])
        event = json.loads(await reader.readexactly(length))
        waiting.append((event["id"], event["type"], event["account"]))
        if manner == "honest" or len(waiting) == 9999:  # the other writes some day
            write()
        writer.write(b'HTTP/1.1 200 OK\\r\\nContent-Length: 17\\r\\n\\r\\n{"received":true}')


async def serve():
    async with await asyncio.start_server(talk, "127.0.0.1", int(port)) as server:
        await server.serve_forever()


asyncio.run(serve())
"""


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as found:
        yield found


def killed(tmp_path: Path, manner: str, runner: asyncio.Runner) -> int:
    database, port = SqliteDatabase(tmp_path / "events.sqlite3"), free_port()
    command = (sys.executable, "-c", SERVER, database.address, str(port), manner)
    with running(Server(manner, command, core=0, port=port), {}) as server:
        return survive_kill(server, database, "peer", ACCOUNT_IDS, runner)


def test_a_server_that_writes_before_it_answers_survives_the_kill(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    assert killed(tmp_path, "honest", runner) > 50


def test_an_early_200_does_not_survive_the_kill(tmp_path: Path, runner: asyncio.Runner) -> None:
    with pytest.raises(WrongAnswer, match="acknowledged events are not stored"):
        killed(tmp_path, "early", runner)


def test_ours_survives_the_kill_and_rings_every_account(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    database = SqliteDatabase(tmp_path / "aboard.sqlite3")
    migrate(database.address)
    populate(database, 10)
    with open_ours(core=0)("aboard", database) as server:
        posted = runner.run(
            drive(
                server.port, islice(Postbag(ACCOUNT_IDS).requests(), 100), connections=8, seconds=30
            )
        )
        assert {(answer.status, answer.body) for answer in posted.answers} == {(200, RECEIVED)}
        assert database.rows("SELECT count(*) FROM events") == [(80,)]
        assert database.rows("SELECT count(*) FROM account_syncs WHERE rung_at > 0") == [(10,)]
    database.rows("DELETE FROM events")
    with open_ours(core=0)("aboard", database) as server:
        assert survive_kill(server, database, "aboard", ACCOUNT_IDS, runner) > 50


def test_an_event_is_what_the_official_library_takes() -> None:
    posted = list(islice(Postbag(ACCOUNT_IDS).requests(), 50))
    for request in posted:
        head, _, body = request.raw.partition(b"\r\n\r\n")
        header = head.partition(b"Stripe-Signature: ")[2].split(b"\r\n")[0].decode()
        event = stripe.Webhook.construct_event(body, header, SECRET)
        assert event.id == event_id(request.caller)
        assert event.account == ACCOUNT_IDS[request.caller]
        assert len(body) > 3000
    assert len({request.raw for request in posted}) == 50 - 50 // DUPLICATES_EVERY


def test_what_is_prepared_comes_first_and_then_more() -> None:
    bag = Postbag(ACCOUNT_IDS)
    bag.prepare(10)
    assert bag.posted == 8
    assert [request.caller for request in islice(bag.requests(), 13)][-1] == bag.posted - 1 == 10


def ledger(*acknowledged: int) -> Ledger:
    return Ledger(ACCOUNT_IDS, set(acknowledged))


def test_rows_as_they_were_acknowledged_pass() -> None:
    ledger(0, 1).compare(list(STORED))
    ledger(0).compare(list(STORED), is_whole=False)


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (STORED[:1], "1 acknowledged events are not stored"),
        ([*STORED, STORED[0]], "stored twice"),
        ([*STORED, (event_id(2), TYPE, ACCOUNT_IDS[2])], "nobody was told of"),
        ([STORED[0], (event_id(1), TYPE, ACCOUNT_IDS[0])], "another type or account"),
        ([STORED[0], (event_id(1), "account.created", ACCOUNT_IDS[1])], "another type or account"),
    ],
)
def test_rows_that_differ_end_the_run(stored: list[tuple[object, ...]], reason: str) -> None:
    with pytest.raises(WrongAnswer, match=reason):
        ledger(0, 1).compare(stored)


@pytest.mark.parametrize(("status", "body"), [(503, RECEIVED), (200, b"{}")])
def test_another_answer_ends_the_run(status: int, body: bytes) -> None:
    with pytest.raises(WrongAnswer):
        ledger().take_in([Answer(0, status, b"", body)])


def test_a_world_is_always_the_same(tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "two"):
        database = SqliteDatabase(tmp_path / name)
        migrate(database.address)
        populate(database, 50)
        with closing(sqlite3.connect(database.path)) as connection:
            digests.add("\n".join(connection.iterdump()))
    assert len(digests) == 1
