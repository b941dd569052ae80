"""Does B1 notice each way of cheating? A canned, foreign, repeated or careless answer."""

import json

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from benchmarks.callers import JWT_SECRET, Caller, Crowd, mint, user_ids
from benchmarks.contest import WrongAnswer
from benchmarks.load import Answer
from benchmarks.refresh_link import Judge

CALLERS = [Caller("usr_a", "acct_a"), Caller("usr_b", "acct_b")]
HEAD = b"http/1.1 200 ok\r\ncache-control: no-store"


def answer(
    caller: int, url: str, *, status: int = 200, head: bytes = HEAD, **more: object
) -> Answer:
    said = {"success": True, "data": {"onboardingUrl": url}, **more}
    return Answer(caller, status, head, json.dumps(said).encode())


def test_a_link_to_the_callers_own_account_counts() -> None:
    judge = Judge(CALLERS)
    judge.look_at(answer(0, "http://localhost/setup/e/acct_a/1"))
    judge.look_at(answer(1, "http://localhost/setup/e/acct_b/2"))
    assert judge.links == 2


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (answer(0, "http://localhost/setup/e/acct_a/1"), "handed out before"),
        (answer(0, "http://localhost/setup/e/acct_b/9"), "somebody else"),
        (answer(0, "http://localhost/setup/e/acct_a/9", status=201), "status 201"),
        (answer(0, "http://localhost/setup/e/acct_a/9", head=b"http/1.1 200 ok"), "no-store"),
        (answer(0, "http://localhost/setup/e/acct_a/9", extra=1), "envelope"),
    ],
)
def test_a_wrong_answer_is_told_apart(wrong: Answer, reason: str) -> None:
    judge = Judge(CALLERS)
    judge.look_at(answer(0, "http://localhost/setup/e/acct_a/1"))
    with pytest.raises(WrongAnswer, match=reason):
        judge.look_at(wrong)
    assert judge.links == 1


def test_tokens_are_real_and_differ_by_user_and_by_sample() -> None:
    key = OctKey.import_key(JWT_SECRET)
    claims = jwt.decode(mint("usr_a", 1), key, algorithms=["HS256"]).claims
    assert claims["sub"] == "usr_a"
    assert len({mint("usr_a", 1), mint("usr_a", 2), mint("usr_b", 1)}) == 3


def test_callers_take_turns_over_the_samples_and_no_token_comes_twice() -> None:
    crowd = Crowd(user_ids(3))
    first = crowd.requests("/x")
    turns = [next(first) for _ in range(4)]
    crowd.move_on(4)
    second = crowd.requests("/x")
    later = [next(second) for _ in range(3)]
    assert [request.caller for request in turns] == [0, 1, 2, 0]
    assert [request.caller for request in later] == [1, 2, 0]
    assert not {request.raw for request in turns} & {request.raw for request in later}
