"""Does anything that should not reach Stripe reach it, and does each attempt leave its one row?"""

import asyncio

import pytest

from tests.gateway.gate import Gate
from tests.gateway.hostile import HOSTILE
from tests.gateway.speaking import read_answer, request, say


def test_the_table_is_long_enough() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_request_is_refused_by_its_code(gate: Gate, name: str) -> None:
    token = await gate.caller()
    data, code = HOSTILE[name]
    answered = await say(gate.port, data.replace(b"TOKEN", token.encode()))
    if answered.head and not data.startswith(b"HEAD"):
        assert answered.code == code
    assert gate.recorder.heard == []
    row = await gate.row()
    assert (row.outcome, row.status) == (code, answered.status)
    assert answered.header("aboard-request-id") == row.id


async def test_nothing_of_a_refused_connection_is_read_any_further(gate: Gate) -> None:
    token = await gate.caller()
    smuggled = request("GET /v1/accounts/acct_1", token)
    data = b"POST /v1/account_links HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n"
    await say(gate.port, data + smuggled)
    assert gate.recorder.heard == []
    assert len(await gate.rows()) == 1


async def test_trailers_never_become_headers(gate: Gate) -> None:
    token = await gate.caller()
    head = request(
        "POST /v1/account_links",
        token,
        "Content-Type: application/x-www-form-urlencoded",
        "Transfer-Encoding: chunked",
    )
    trailers = b"Stripe-Account: acct_other\r\nIdempotency-Key: other\r\nAuthorization: x\r\n"
    answered = await say(gate.port, head + b"e\r\naccount=acct_1\r\n0\r\n" + trailers + b"\r\n")
    assert answered.status == 200
    (heard,) = gate.recorder.heard
    assert heard.headers(b"stripe-account") == []
    assert heard.headers(b"idempotency-key") == []
    assert heard.body == b"account=acct_1"


async def both(port: int, data: bytes) -> list[int]:
    """Say something on one connection, and return the statuses of two answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    statuses = [(await read_answer(reader)).status for _ in range(2)]
    writer.close()
    return statuses


async def test_a_good_request_behind_a_good_one_is_answered_in_order(gate: Gate) -> None:
    token = await gate.caller()
    twice = request("GET /v1/accounts/acct_1", token) + request("GET /v1/accounts/acct_2", token)
    assert await both(gate.port, twice) == [200, 200]
    assert sorted(str(row.account) for row in await gate.rows()) == ["acct_1", "acct_2"]


async def test_garbage_behind_a_good_request_has_a_row_of_its_own(gate: Gate) -> None:
    token = await gate.caller()
    data = request("GET /v1/accounts/acct_1", token) + b"STEAL / HTTP/1.1\r\n\r\n"
    assert await both(gate.port, data) == [200, 400]
    assert sorted(row.outcome for row in await gate.rows()) == ["answered", "request_malformed"]
