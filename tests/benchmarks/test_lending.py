"""Does B4 notice a credential that goes up, somebody else's answer, and a row that is missing?"""

import http.client
import sqlite3
from collections.abc import Iterator
from contextlib import closing, nullcontext
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.contest import Sample, WrongAnswer
from benchmarks.databases import SqliteDatabase
from benchmarks.lending import UPSTREAM, Side, judge, requests
from benchmarks.load import Answer
from benchmarks.metered import Metered
from benchmarks.processes import Server, cores, free_port
from benchmarks.serving import STRIPE_KEY, running

ACCOUNT = b'{"id":"acct_bench0000000007"}'


@pytest.fixture(scope="module")
def upstream() -> Iterator[Server]:
    port = free_port()
    server = Server("upstream", (*UPSTREAM, str(port)), core=cores()[1], port=port)
    with running(server, {}) as started:
        yield started


def ask(upstream: Server, headers: dict[str, str]) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", upstream.port)) as line:
        line.request("GET", "/v1/accounts/acct_1", headers=headers)
        assert line.getresponse().status == 200


def side(upstream: Server, answered: int, database: SqliteDatabase | None = None) -> Side:
    return Side(Metered(upstream), lambda: Sample(1, 1), upstream, database, answered)


def test_the_two_calls_are_as_large_as_they_say() -> None:
    (post,) = islice(requests("POST", "t"), 1)
    body = post.raw.partition(b"\r\n\r\n")[2]
    assert 140 < len(body) < 180
    assert b"Content-Length: %d\r\n" % len(body) in post.raw


def test_an_answer_about_somebody_else_is_wrong() -> None:
    judge([Answer(7, 200, b"", ACCOUNT)])
    with pytest.raises(WrongAnswer):
        judge([Answer(8, 200, b"", ACCOUNT)])
    with pytest.raises(WrongAnswer):
        judge([Answer(7, 502, b"", ACCOUNT)])


@pytest.mark.parametrize(
    ("outcomes", "is_right"),
    [(["answered"], True), ([], False), (["open"], False), (["answered", "answered"], False)],
)
def test_each_call_has_its_closed_row(
    upstream: Server, tmp_path: Path, outcomes: list[str], *, is_right: bool
) -> None:
    ask(upstream, {"Authorization": f"Bearer {STRIPE_KEY}"})
    database = SqliteDatabase(tmp_path / "rows.sqlite3")
    with closing(sqlite3.connect(database.address)) as rows:
        rows.execute("CREATE TABLE gateway_calls (outcome TEXT)")
        rows.executemany("INSERT INTO gateway_calls VALUES (?)", [(each,) for each in outcomes])
        rows.commit()
    with nullcontext() if is_right else pytest.raises(WrongAnswer, match="rows"):
        side(upstream, 1, database).check()


def test_whatever_is_a_callers_own_is_counted_as_a_leak(upstream: Server) -> None:
    key = {"Authorization": f"Bearer {STRIPE_KEY}"}
    ask(upstream, key)
    side(upstream, 1).check()
    with pytest.raises(WrongAnswer, match="nobody upstream"):
        side(upstream, 100).check()
    ask(upstream, {**key, "Cookie": "session=1"})
    with pytest.raises(WrongAnswer, match="leaked"):
        side(upstream, 1).check()
