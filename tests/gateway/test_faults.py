"""What if Stripe is away, slow, broken or talks nonsense, or the caller does?"""

import asyncio
import socket

import pytest

from aboard.core.lending.refusals import RefusalCode as Code
from tests.gateway.gate import Gate
from tests.gateway.recording import Act, answer, holding
from tests.gateway.speaking import read_answer, request, say

FORM = "Content-Type: application/x-www-form-urlencoded"
LINK = b"account=acct_1"
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"


def saying(data: bytes, *, reset: bool = False, then: float = 0.0) -> Act:
    """Say something and end the connection, by a reset or in order, or hold it."""

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(then)
        if reset:
            writer.transport.abort()

    return act


async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()  # until the gateway gives up


GARBAGE = {
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "a status beyond all": b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
    "switching protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length and chunks": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
    b"\r\n0\r\n\r\n",
    "a NUL in a header": b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 0\r\n\r\n",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
    "compressed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na",
    "interim without end": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20,
}


@pytest.mark.parametrize("name", GARBAGE)
async def test_garbage_is_a_502(gate: Gate, name: str) -> None:
    token = await gate.caller()
    gate.recorder.script.append(saying(GARBAGE[name]))
    answered = await gate.ask("GET /v1/accounts/acct_1", token)
    assert (answered.status, answered.code) == (502, Code.UPSTREAM_GARBAGE)
    row = await gate.row()
    assert (row.outcome, row.status) == (Code.UPSTREAM_GARBAGE, 502)


async def test_an_upstream_that_is_not_there_is_a_502(gate: Gate) -> None:
    token = await gate.caller()
    with socket.socket() as shut:
        shut.bind(("127.0.0.1", 0))
        async with gate.towards(f"http://127.0.0.1:{shut.getsockname()[1]}") as other:
            answered = await other.ask("GET /v1/accounts/acct_1", token)
    assert (answered.status, answered.code) == (502, Code.UPSTREAM_UNAVAILABLE)
    assert (await gate.row()).outcome == Code.UPSTREAM_UNAVAILABLE


async def test_an_upstream_that_hangs_is_a_504(gate: Gate) -> None:
    token = await gate.caller()
    gate.recorder.script.append(hang)
    answered = await gate.ask("POST /v1/account_links", token, FORM, body=LINK)
    assert (answered.status, answered.code) == (504, Code.UPSTREAM_TIMEOUT)
    assert (await gate.row()).outcome == Code.UPSTREAM_TIMEOUT


@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\nContent-Le"])
async def test_an_answer_that_breaks_off_in_its_head_is_a_502(
    gate: Gate, data: bytes, *, reset: bool
) -> None:
    token = await gate.caller()
    gate.recorder.script.append(saying(data, reset=reset))
    answered = await gate.ask("POST /v1/account_links", token, FORM, body=LINK)
    assert (answered.status, answered.code) == (502, Code.UPSTREAM_BROKEN_OFF)
    assert (await gate.row()).outcome == Code.UPSTREAM_BROKEN_OFF
    assert len(gate.recorder.heard) == 1


@pytest.mark.parametrize("reset", [True, False])
async def test_an_answer_that_breaks_off_in_its_body_breaks_off_for_the_caller(
    gate: Gate, *, reset: bool
) -> None:
    token = await gate.caller()
    gate.recorder.script.append(saying(CUT, reset=reset, then=0.05))
    answered = await gate.ask("GET /v1/accounts/acct_1", token)
    assert (answered.status, answered.body) == (200, b"")  # the length says that more was to come
    row = await gate.row()
    assert (row.outcome, row.upstream_status) == (Code.UPSTREAM_BROKEN_OFF, 200)


async def test_chunks_that_break_off_never_look_whole(gate: Gate) -> None:
    token = await gate.caller()
    gate.recorder.script.append(
        saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    writer.write(request("GET /v1/accounts/acct_1", token))
    everything = await reader.read()
    writer.close()
    assert b"hello" in everything
    assert not everything.endswith(b"0\r\n\r\n")
    assert (await gate.row()).outcome == Code.UPSTREAM_BROKEN_OFF


async def test_an_answer_that_stops_in_its_body_ends_in_time(gate: Gate) -> None:
    token = await gate.caller()
    gate.recorder.script.append(saying(CUT, then=30))
    answered = await gate.ask("GET /v1/accounts/acct_1", token)
    assert answered.status == 200
    assert (await gate.row()).outcome == Code.UPSTREAM_TIMEOUT


async def test_a_read_is_repeated_where_a_kept_connection_was_closed(gate: Gate) -> None:
    token = await gate.caller()
    assert (await gate.ask("GET /v1/accounts/acct_1", token)).status == 200
    gate.recorder.script.append(saying(b""))
    assert (await gate.ask("GET /v1/accounts/acct_2", token)).status == 200
    assert [heard.line.split()[1][-6:] for heard in gate.recorder.heard] == [
        b"acct_1",
        b"acct_2",
        b"acct_2",
    ]
    assert len(await gate.rows()) == 2


async def test_a_write_is_repeated_only_under_an_idempotency_key(gate: Gate) -> None:
    token = await gate.caller()
    assert (await gate.ask("GET /v1/accounts/acct_1", token)).status == 200
    gate.recorder.script.append(saying(b""))
    answered = await gate.ask("POST /v1/account_links", token, FORM, body=LINK)
    assert answered.code == Code.UPSTREAM_BROKEN_OFF
    assert (await gate.ask("GET /v1/accounts/acct_1", token)).status == 200
    gate.recorder.script.append(saying(b""))
    key = "Idempotency-Key: one"
    assert (await gate.ask("POST /v1/account_links", token, FORM, key, body=LINK)).status == 200
    posts = [heard for heard in gate.recorder.heard if heard.line.startswith(b"POST")]
    assert [heard.headers(b"idempotency-key") for heard in posts] == [[], [b"one"], [b"one"]]


async def test_what_nobody_asked_for_ends_the_connection(gate: Gate) -> None:
    token = await gate.caller()
    gate.recorder.script.append(answer() + answer(b'{"smuggled":true}'))
    assert (await gate.ask("GET /v1/accounts/acct_1", token)).status == 200
    answered = await gate.ask("GET /v1/accounts/acct_2", token)
    assert b"smuggled" not in answered.body
    assert gate.recorder.connections == 2


async def test_an_early_answer_comes_back_before_the_body_is_whole(gate: Gate) -> None:
    token = await gate.caller()

    async def no(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b'{"error":{}}', status=b"413 Too Large"))
        await writer.drain()
        await asyncio.sleep(0.2)

    gate.recorder.early.append(no)
    kind = "Content-Type: multipart/form-data; boundary=b"
    head = request("POST /v1/files", token, kind, "Content-Length: 3000000")
    answered = await say(gate.port, head + b"x" * 200_000)
    assert (answered.status, answered.body) == (413, b'{"error":{}}')
    row = await gate.row()
    assert (row.outcome, row.status) == ("answered", 413)


async def test_a_slow_head_is_a_408(gate: Gate) -> None:
    answered = await say(gate.port, b"GET /v1/accounts HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    assert (answered.status, answered.code) == (408, Code.REQUEST_TOO_SLOW)
    assert (await gate.row()).outcome == Code.REQUEST_TOO_SLOW


async def test_a_connection_that_says_nothing_is_ended_without_a_row(gate: Gate) -> None:
    assert (await say(gate.port, b"")).status == 0
    assert await gate.rows() == []


async def test_a_head_without_end_is_ended(gate: Gate) -> None:
    piece = b"X-Long: " + b"a" * 60_000 + b"\r\n"
    answered = await say(gate.port, b"GET /v1/accounts HTTP/1.1\r\n" + piece * 5)
    assert answered.code == Code.HEADER_REFUSED
    assert (await gate.row()).outcome == Code.HEADER_REFUSED


async def test_a_slow_body_is_a_408(gate: Gate) -> None:
    token = await gate.caller()
    head = request("POST /v1/account_links", token, FORM, "Content-Length: 14")
    answered = await say(gate.port, head + b"account=")
    assert (answered.status, answered.code) == (408, Code.BODY_TOO_SLOW)
    assert (await gate.row()).outcome == Code.BODY_TOO_SLOW


async def test_a_body_that_trickles_has_an_end(gate: Gate) -> None:
    token = await gate.caller()
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    writer.write(request("POST /v1/account_links", token, FORM, "Content-Length: 1000"))

    async def trickle() -> None:
        while True:
            writer.write(b"a")
            await asyncio.sleep(0.2)

    trickling = asyncio.create_task(trickle())
    answered = await asyncio.wait_for(read_answer(reader), 5)
    trickling.cancel()
    writer.close()
    assert answered.code == Code.BODY_TOO_SLOW
    assert (await gate.row()).outcome == Code.BODY_TOO_SLOW


async def test_an_endless_body_is_a_413(gate: Gate) -> None:
    token = await gate.caller()
    head = request("POST /v1/account_links", token, FORM, "Transfer-Encoding: chunked")
    piece = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    answered = await say(gate.port, head + piece * 20)
    assert (answered.status, answered.code) == (413, Code.BODY_TOO_LARGE)
    assert (await gate.row()).outcome == Code.BODY_TOO_LARGE
    assert not any(heard.is_whole for heard in gate.recorder.heard)


async def test_a_bad_chunk_after_good_ones_ends_the_call_before_it_is_whole(gate: Gate) -> None:
    token = await gate.caller()
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    head = request("POST /v1/account_links", token, FORM, "Transfer-Encoding: chunked")
    writer.write(head + b"e\r\naccount=acct_1\r\n")
    await gate.recorder.came.wait()
    writer.write(b"zz\r\n")
    answered = await asyncio.wait_for(read_answer(reader), 5)
    writer.close()
    assert answered.code == Code.FRAMING_REFUSED
    assert not gate.recorder.heard[0].is_whole
    assert (await gate.row()).outcome == Code.FRAMING_REFUSED


async def test_a_caller_who_hangs_up_in_the_body_leaves_a_closed_row(gate: Gate) -> None:
    token = await gate.caller()
    _, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    head = request("POST /v1/account_links", token, FORM, "Content-Length: 1000")
    writer.write(head + b"account=acct_1")
    await gate.recorder.came.wait()
    writer.transport.abort()
    assert (await gate.row_soon()).outcome == Code.BODY_BROKEN_OFF
    await asyncio.wait_for(gate.recorder.lost.wait(), 5)


async def test_a_caller_who_hangs_up_while_waiting_ends_the_call_at_stripe(gate: Gate) -> None:
    token = await gate.caller()
    hold, left = holding()
    gate.recorder.script.append(hold)
    _, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    writer.write(request("GET /v1/accounts/acct_1", token))
    await gate.recorder.came.wait()
    await asyncio.sleep(0.1)
    writer.transport.abort()
    await asyncio.wait_for(left.wait(), 0.7)  # long before the first byte would be missed
    assert (await gate.row_soon()).outcome == Code.CALLER_GONE


async def test_a_caller_who_hangs_up_in_the_answer_ends_the_call_at_stripe(gate: Gate) -> None:
    token = await gate.caller()

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"400\r\n" + b"a" * 1024 + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0.001)

    gate.recorder.script.append(flood)
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    writer.write(request("GET /v1/accounts/acct_1", token))
    await reader.readexactly(2000)
    writer.transport.abort()
    assert (await gate.row_soon()).outcome == Code.CALLER_GONE
    await asyncio.wait_for(gate.recorder.lost.wait(), 5)
