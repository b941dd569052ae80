"""What do the clients make of a service that is none? Nothing but the errors they promise."""

import pickle
import time
from collections.abc import Callable
from typing import Any

import pytest

from aboard.client import (
    AnswerUnreadable,
    ApiError,
    CallFailed,
    ConnectionFailed,
    Trouble,
    Unauthorized,
)
from tests.client.conftest import TOKEN, Caller
from tests.client.hostile import (
    STATUS,
    Behaviour,
    answer,
    drip,
    envelope,
    free_port,
    hostile,
    raw,
    refusal,
    reset,
)
from tests.leaks import SecretsInPlay

LINK = "https://connect.stripe.com/setup/e/acct_1/words-that-open-something"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

UNREADABLE: dict[str, Behaviour] = {
    "a page": answer(b"<html>Welcome</html>", kind="text/html"),
    "a proxy's page": answer(b"<html>Bad gateway</html>", status=502, kind="text/html"),
    "a page with a refusal's status": answer(b"<html>Sign in</html>", status=401, kind="text/html"),
    "no body": answer(b""),
    "a list": answer([STATUS]),
    "a number": answer(b"1e999"),
    "null": answer(b"null"),
    "a text": answer("yes"),
    "no envelope": answer(STATUS),
    "an empty envelope": answer({"success": True}),
    "a failure with a good status": answer({"success": False, "data": STATUS}),
    "a refusal with a good status": answer(refusal("no")),
    "a missing field": answer(envelope({"stripeAccountId": None})),
    "a word for a flag": answer(envelope({**STATUS, "chargesEnabled": "yes"})),
    "a number for a word": answer(envelope({**STATUS, "stripeAccountStatus": 1})),
    "null for a flag": answer(envelope({**STATUS, "payoutsEnabled": None})),
    "an object for an id": answer(envelope({**STATUS, "stripeAccountId": {}})),
    "half of the JSON": raw(HEAD + b"Content-Length: 20\r\n\r\n" + b'{"success": true, "d'),
    "no UTF-8": answer(b'{"success": true, "data": "\xff\xfe"}'),
    "a byte order mark": answer(b"\xef\xbb\xbf{}"),
    "too deep": answer(b"[" * 100_000),
    "too deep a refusal": answer(b'{"error":' * 50_000, status=400),
    "a refusal without a code": answer({"message": "no"}, status=400),
    "a refusal that is a list": answer([1], status=500),
    "a refusal with a number for a code": answer({"code": 7, "message": "no"}, status=400),
    "a refusal in a text": answer("no", status=403),
    "compressed": answer(b"\x1f\x8b\x08junk", headers={"Content-Encoding": "gzip"}),
    "a redirect": answer(b"", status=302, headers={"Location": LINK}),
    "a lasting redirect": answer(b"", status=308, headers={"Location": LINK}),
    "not modified": answer(None, status=304),
    "a status that is none": answer(envelope(STATUS), status=999),
    "without end": drip(CHUNKED, b"8000\r\n" + b" " * 0x8000 + b"\r\n", every_seconds=0),
    "a length beyond all bounds": drip(
        HEAD + b"Content-Length: 99999999999\r\n\r\n", b" " * 65536, every_seconds=0
    ),
    "without a length and without end": drip(HEAD + b"\r\n", b" " * 65536, every_seconds=0),
}
BROKEN: dict[str, Behaviour] = {
    "nothing": raw(),
    "a reset": reset,
    "a reset within the body": lambda connection, heard: (
        raw(HEAD + b"Content-Length: 500\r\n\r\n{")(connection, heard) or reset(connection, heard)
    ),
    "noise": raw(b"\x00\xff\xfe noise\r\n\r\n"),
    "a length that is too long": raw(HEAD + b'Content-Length: 500\r\n\r\n{"success": true}'),
    "a chunk that is none": raw(CHUNKED + b"zz\r\nwords\r\n0\r\n\r\n"),
    "half of the chunks": raw(CHUNKED + b'5\r\n{"suc\r\n'),
    "a head without end": raw(b"HTTP/1.1 200 OK\r\nX-Words: " + b"w" * 500_000),
}
# The two libraries differ in what they call it.
EITHER: dict[str, Behaviour] = {
    "a length that is too short": raw(HEAD + b'Content-Length: 5\r\n\r\n{"success": true}'),
    "a length below nothing": raw(HEAD + b"Content-Length: -5\r\n\r\n{}"),
    "two lengths": raw(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "half of the head": raw(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "a thousand headers": raw(HEAD + b"X-Words: words\r\n" * 1000 + b"\r\n{}"),
    "a header without a name": raw(HEAD + b": words\r\nContent-Length: 2\r\n\r\n{}"),
}
SLOW: dict[str, Behaviour] = {
    "silent": raw(5.0),
    "byte by byte, the head": drip(b"HTTP/1.1 200 OK\r\nX-Words: ", b"w"),
    "byte by byte, the body": drip(HEAD + b"Content-Length: 9999\r\n\r\n", b" "),
    "byte by byte, the chunks": drip(CHUNKED, b"1\r\n \r\n"),
    "continue, continue": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a pause within the body": raw(HEAD + b"Content-Length: 99\r\n\r\n{", 5.0),
}


def status(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
    return client.creators.status()


def fails(call: Caller, behaviour: Behaviour, *, timeout_seconds: float = 30) -> CallFailed:
    with hostile(behaviour) as server, pytest.raises(CallFailed) as failed:
        call(server.address, status, token=TOKEN, retries=0, timeout_seconds=timeout_seconds)
    assert len(server.heard) in {1, 2}  # aiohttp itself repeats a GET that breaks off
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None  # nothing of the libraries', which keep heads
    return failed.value


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_none_of_aboards_answers_is_said_to_be_unreadable(call: Caller, name: str) -> None:
    failed = fails(call, UNREADABLE[name])
    assert isinstance(failed, AnswerUnreadable)
    assert "words" not in f"{failed} {failed!r} {vars(failed)}"


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_off_is_no_answer(call: Caller, name: str) -> None:
    failed = fails(call, BROKEN[name])
    assert isinstance(failed, ConnectionFailed)
    assert (failed.trouble, failed.was_sent) == (Trouble.BROKEN, True)


@pytest.mark.parametrize("name", EITHER)
def test_what_is_no_http_is_no_answer(call: Caller, name: str) -> None:
    assert isinstance(fails(call, EITHER[name]), AnswerUnreadable | ConnectionFailed)


@pytest.mark.parametrize("name", SLOW)
def test_the_time_is_for_the_whole_answer(call: Caller, name: str) -> None:
    begun = time.monotonic()
    failed = fails(call, SLOW[name], timeout_seconds=0.4)
    assert isinstance(failed, ConnectionFailed)
    assert (failed.trouble, failed.was_sent) == (Trouble.TIMED_OUT, True)
    assert time.monotonic() - begun < 3


def test_where_nobody_listens_nothing_was_sent(call: Caller) -> None:
    with pytest.raises(ConnectionFailed) as failed:
        call(f"http://127.0.0.1:{free_port()}", status, token=TOKEN, retries=0)
    assert (failed.value.trouble, failed.value.was_sent) == (Trouble.UNREACHABLE, False)
    assert "was not sent" in str(failed.value)


@pytest.mark.parametrize(
    "behaviour",
    [reset, UNREADABLE["a page"], answer(refusal("no", details={"a": 1}), status=409)],
    ids=["no answer", "unreadable", "refused"],
)
def test_a_failure_travels_between_processes_whole(call: Caller, behaviour: Behaviour) -> None:
    failed = fails(call, behaviour)
    other = pickle.loads(pickle.dumps(failed))  # noqa: S301 - our own words
    assert type(other) is type(failed)
    assert (str(other), other.args, vars(other)) == (str(failed), failed.args, vars(failed))


def test_a_pause_at_the_end_counts_with_what_came_before(call: Caller) -> None:
    begun = time.monotonic()
    late = fails(
        call, raw(HEAD + b"Content-Length: 99\r\n\r\n{", 0.8, b" ", 5.0), timeout_seconds=1
    )
    assert isinstance(late, ConnectionFailed)
    assert time.monotonic() - begun < 1.6


def test_a_redirect_is_not_followed_and_its_address_not_told(
    call: Caller, secrets_in_play: SecretsInPlay
) -> None:
    secrets_in_play.add(LINK)
    with hostile(answer(envelope(STATUS))) as elsewhere:
        moved = answer(b"", status=307, headers={"Location": elsewhere.address})
        failed = fails(call, moved)
    assert elsewhere.heard == []
    assert isinstance(failed, AnswerUnreadable)
    assert failed.status == 307


def echo(words: str) -> dict[str, Any]:
    return {
        "code": words,
        "i18nKey": words,
        "message": f"You sent {words}",
        "i18nVars": {words: words},
        "details": [{"message": words, words: [words]}],
        "request_id": words,
    }


ECHOES: dict[str, Callable[[str], dict[str, Any]]] = {
    "creators": lambda words: {"success": False, "error": echo(words)},
    "organizations": echo,
}


@pytest.mark.parametrize("secret", [TOKEN, LINK], ids=["the token", "a link"])
@pytest.mark.parametrize("dialect", ECHOES)
def test_an_error_that_repeats_a_secret_does_not_carry_it(
    call: Caller, dialect: str, secret: str
) -> None:
    told = answer(ECHOES[dialect](secret), status=401, headers={"X-Request-Id": "req_1"})
    failed = fails(call, told)
    assert isinstance(failed, Unauthorized)
    shown = f"{failed} {failed!r} {failed.args} {vars(failed)}"
    assert secret not in shown
    assert "words-that-open" not in shown
    assert failed.request_id == "req_1"


def test_an_error_beyond_all_bounds_is_cut(call: Caller) -> None:
    failed = fails(call, answer(refusal("no", message="w" * 1_000_000), status=418))
    assert type(failed) is ApiError
    assert len(str(failed)) < 3000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RateLimit-Limit", "many"),
        ("RateLimit-Remaining", "-1"),
        ("RateLimit-Reset", "1" * 40),
        ("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"),
        ("Retry-After", "-5"),
        ("Retry-After", "²"),
        ("X-Request-Id", "w" * 5000),
        ("X-Request-Id", "caf\xe9"),
        ("X-Status-Source", "w" * 5000),
    ],
)
def test_headers_that_make_no_sense_are_left_out(call: Caller, name: str, value: str) -> None:
    counts = {"RateLimit-Limit": "9", "RateLimit-Remaining": "8", "RateLimit-Reset": "7"}
    given = {key: word for key, word in counts.items() if key != name}
    pairs = [*given.items(), (name, value.encode("latin-1", "ignore").decode("latin-1"))]
    with hostile(answer(envelope(STATUS), headers=pairs)) as server:
        (told,) = call(server.address, status, token=TOKEN)
    assert told.charges_enabled
    assert (told.meta.rate_limit is None) == name.startswith("RateLimit")
    assert told.meta.request_id is None
    assert told.meta.retry_after_seconds is None
    assert all(len(fact) < 200 for fact in told.meta.facts.values())


def test_cookies_of_a_call_that_has_none_are_not_kept(call: Caller) -> None:
    nosy = answer(envelope(STATUS), headers={"Set-Cookie": "track=words; Path=/"})
    with hostile(nosy) as server:
        call(server.address, status, status, token=TOKEN)
    assert ["cookie" in heard.headers for heard in server.heard] == [False, False]


def test_after_trouble_the_next_call_gets_its_own_answer(call: Caller) -> None:
    more = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull"
    too_much = raw(HEAD + b"Content-Length: 2\r\n\r\n{}" + more, keep=True)
    late = raw(0.6, more, keep=True)
    with hostile(too_much, late, answer(envelope(STATUS))) as server:
        first, second, third = call(
            server.address,
            *(status,) * 3,
            token=TOKEN,
            retries=0,
            timeout_seconds=0.3,
            is_forgiving=True,
        )
    assert isinstance(first, AnswerUnreadable)
    assert isinstance(second, ConnectionFailed)
    assert third.charges_enabled
    assert server.connections in {2, 3}
