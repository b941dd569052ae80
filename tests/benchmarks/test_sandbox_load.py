"""Does B5 ask the real sandbox, and does it notice an answer that has nothing to do with it?"""

import json
from collections.abc import Iterator

import pytest

from benchmarks.contest import WrongAnswer
from benchmarks.load import Answer, Request, Run
from benchmarks.peer_sandboxes import PEERS, command_of
from benchmarks.sandbox_load import OURS, Side, grow, link_contest, request, sandboxes


def run_of(*bodies: object, status: int = 200, callers: tuple[int, ...] = (1, 2)) -> Run:
    answers = [
        Answer(caller, status, b"", json.dumps(body).encode())
        for caller, body in zip(callers, bodies, strict=False)
    ]
    return Run(answers, 1.0)


def account(key: str, owner: str) -> dict[str, object]:
    return {"id": key, "object": "account", "metadata": {"owner": owner}}


@pytest.fixture
def side() -> Iterator[Side]:
    with sandboxes(OURS) as (found,):
        yield found


def test_what_was_made_is_read_back_changed_and_linked(side: Side) -> None:
    grow(side, 30)
    side.read_back()
    side.check_reads(side.run(side.update_forever(), 0.1))
    side.check_links(side.run(side.link_forever(), 0.1))
    visits = side.run(side.visit_each(), 5.0)
    assert visits.answers
    assert {answer.status for answer in visits.answers} <= {200, 302, 303}


@pytest.mark.parametrize(
    "run",
    [
        run_of(account("acct_1", "seller-1"), account("acct_1", "seller-2")),
        run_of(account("acct_1", "seller-2")),
        run_of({"id": "acct_1", "object": "account"}),
        run_of({**account("acct_1", "seller-1"), "object": "customer"}),
        run_of(account("acct_1", "seller-1"), status=201),
    ],
)
def test_a_canned_answer_to_making_ends_the_run(side: Side, run: Run) -> None:
    with pytest.raises(WrongAnswer):
        side.take_in(run)


def test_a_canned_answer_to_reading_ends_the_run(side: Side) -> None:
    side.things = [("acct_1", "seller-1"), ("acct_2", "seller-2")]
    canned = account("acct_1", "seller-1")
    with pytest.raises(WrongAnswer):
        side.check_reads(run_of(canned, canned, callers=(0, 1)))


def test_a_link_that_was_there_before_ends_the_run(side: Side) -> None:
    side.things = [("acct_1", "seller-1")]
    link = {"url": "http://localhost/setup/e/acct_1/aB"}
    with pytest.raises(WrongAnswer):
        side.check_links(run_of(link, link, callers=(0, 0)))


def test_what_is_not_there_any_more_ends_the_run(side: Side) -> None:
    side.things = [("acct_gone", "seller-1")]
    with pytest.raises(WrongAnswer):
        side.read_back()


def test_a_request_says_how_long_it_is() -> None:
    made = request(3, "POST", "/v1/accounts", {"type": "express"})
    assert made == Request(3, made.raw)
    assert made.raw.endswith(b"Content-Length: 12\r\n\r\ntype=express")


def test_the_peer_under_the_gpl_runs_from_a_place_of_its_own() -> None:
    command, _ = command_of(PEERS["localstripe"], 1)
    assert "/benchmarks/peers/localstripe/.venv/" in command[0]


def test_links_can_be_measured() -> None:
    with link_contest(is_quick=True) as contest:
        assert contest.ours.measure().value > 0
        assert "visits/s" in contest.notes()[0]
