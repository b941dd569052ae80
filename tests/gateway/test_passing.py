"""Does what is allowed pass byte for byte, with the key in the token's place and nothing more?"""

import asyncio
import base64

from aboard.core.owner import Mode
from tests.gateway.gate import LIVE_MARKER, MARKER, Gate
from tests.gateway.recording import answer
from tests.gateway.speaking import request, say

FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"
ODD = b"account=acct_1&collection_options%5Bfields%5D=currently_due&x=%E2%82%AC+&y"


async def test_a_form_passes_byte_for_byte(gate: Gate) -> None:
    token = await gate.caller()
    answered = await gate.ask("POST /v1/account_links?expand[]=a&b=%20", token, FORM, body=ODD)
    assert (answered.status, answered.body) == (200, b'{"id":"acct_1","object":"account"}')
    (heard,) = gate.recorder.heard
    assert heard.line == b"POST /v1/account_links?expand[]=a&b=%20 HTTP/1.1"
    assert heard.body == ODD


async def test_json_passes_byte_for_byte(gate: Gate) -> None:
    token = await gate.caller()
    body = b'{"account" :\t"acct_1",\n "use_case":{"type":"account_onboarding"}, "n":1.0e0}'
    await gate.ask("POST /v2/core/account_links", token, JSON, "Stripe-Version: x", body=body)
    (heard,) = gate.recorder.heard
    assert heard.body == body
    assert heard.headers(b"content-type") == [b"application/json"]


async def test_files_pass_byte_for_byte(gate: Gate) -> None:
    token = await gate.caller()
    body = (
        b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nidentity_document\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        + bytes(range(256)) * 64
        + b"\r\n--b--\r\n"
    )
    kind = "Content-Type: multipart/form-data; boundary=b"
    assert (await gate.ask("POST /v1/files", token, kind, body=body)).status == 200
    (heard,) = gate.recorder.heard
    assert heard.body == body
    assert heard.headers(b"content-type") == [b"multipart/form-data; boundary=b"]


async def test_the_key_stands_where_the_token_stood_and_nothing_else_goes_up(gate: Gate) -> None:
    token = await gate.caller()
    await gate.ask(
        "GET /v1/accounts/acct_1",
        token,
        "Stripe-Account: acct_1",
        "Stripe-Version: 2026-10-28.endive",
        "User-Agent: Stripe/v1 PythonBindings",
        'X-Stripe-Client-User-Agent: {"lang":"python"}',
        "Cookie: session=secret",
        "X-Forwarded-For: 10.0.0.1",
        "Forwarded: for=10.0.0.1",
        "X-Api-Key: something",
        "Accept-Encoding: gzip, br",
        "X-HTTP-Method-Override: DELETE",
        "TE: trailers",
        "Proxy-Authorization: Basic eDp5",
        "Range: bytes=0-1",
    )
    (heard,) = gate.recorder.heard
    lines = sorted(line.partition(b":")[0] for line in heard.head.split(b"\r\n")[1:])
    assert lines == [
        b"accept-encoding",
        b"authorization",
        b"host",
        b"stripe-account",
        b"stripe-version",
        b"user-agent",
        b"x-stripe-client-user-agent",
    ]
    assert heard.headers(b"authorization") == [b"Bearer " + MARKER.encode()]
    assert heard.headers(b"host") == [f"127.0.0.1:{gate.recorder.port}".encode()]
    assert heard.headers(b"accept-encoding") == [b"identity"]


async def test_the_mode_is_the_tokens(gate: Gate) -> None:
    token = await gate.caller(live=("*:read",), mode=Mode.LIVE)
    assert (await gate.ask("GET /v1/accounts/acct_1", token)).status == 200
    (heard,) = gate.recorder.heard
    assert heard.headers(b"authorization") == [b"Bearer " + LIVE_MARKER.encode()]
    assert (await gate.row()).mode is Mode.LIVE


async def test_a_token_may_be_a_user_name(gate: Gate) -> None:
    token = await gate.caller()
    basic = base64.b64encode(f"{token}:".encode()).decode()
    answered = await gate.ask("GET /v1/accounts/acct_1", None, f"Authorization: Basic {basic}")
    assert answered.status == 200
    assert basic.encode() not in gate.recorder.everything


async def test_status_headers_and_body_of_an_error_come_back_untouched(gate: Gate) -> None:
    token = await gate.caller()
    body = b'{"error": {"type":"invalid_request_error",\n"code":"x"}}\n'
    gate.recorder.script.append(
        answer(
            body,
            status=b"402 Payment Required",
            headers=(
                b"Stripe-Should-Retry: false",
                b"Idempotent-Replayed: true",
                b"Stripe-RateLimit-Reason: global-rate",
                b"X-Odd: \xff\xfe caf\xe9",
                b"Set-Cookie: a=b",
                b"Keep-Alive: timeout=5",
                b"Connection: keep-alive, X-Hop",
                b"X-Hop: 1",
                b"Strict-Transport-Security: max-age=1",
            ),
        )
    )
    answered = await gate.ask("POST /v1/account_links", token, FORM, body=ODD)
    assert (answered.status, answered.body) == (402, body)
    assert answered.header("request-id") == "req_recorded"
    assert answered.header("stripe-should-retry") == "false"
    assert answered.header("idempotent-replayed") == "true"
    assert answered.header("stripe-ratelimit-reason") == "global-rate"
    assert answered.header("x-odd") == "\xff\xfe caf\xe9"
    for name in ("set-cookie", "keep-alive", "x-hop", "strict-transport-security"):
        assert answered.header(name) is None
    row = await gate.row()
    assert (row.outcome, row.status, row.upstream_status) == ("answered", 402, 402)
    assert row.stripe_request_id == "req_recorded"
    assert (row.bytes_in, row.bytes_out) == (len(ODD), len(body))
    assert (row.operation, row.caller_name) == ("account_links.create", "script")


async def test_the_key_is_covered_wherever_it_comes_back(gate: Gate) -> None:
    token = await gate.caller()
    cover = b"*" * len(MARKER)
    gate.recorder.script.append(
        answer(
            b'{"a":"' + MARKER.encode() + b'","b":"sk_test_mark"}',
            headers=(b"X-Echo: Bearer " + MARKER.encode(),),
        )
    )
    answered = await gate.ask("GET /v1/accounts/acct_1", token)
    assert answered.body == b'{"a":"' + cover + b'","b":"sk_test_mark"}'
    assert answered.header("x-echo") == f"Bearer {cover.decode()}"


async def test_the_key_is_covered_across_pieces(gate: Gate) -> None:
    token = await gate.caller()
    whole = b'{"a":"' + MARKER.encode() + b'","z":"' + MARKER.encode()[:9] + b'"}'

    async def dribble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for byte in whole:
            writer.write(b"1\r\n%c\r\n" % byte)
            await writer.drain()
            await asyncio.sleep(0)
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    gate.recorder.script.append(dribble)
    answered = await gate.ask("GET /v1/accounts/acct_1", token)
    assert answered.body == whole.replace(MARKER.encode(), b"*" * len(MARKER))


async def test_connections_are_kept(gate: Gate) -> None:
    token = await gate.caller()
    for number in range(5):
        answered = await gate.ask(f"GET /v1/accounts/acct_{number}", token)
        assert answered.status == 200
    assert gate.recorder.connections == 1


async def test_the_first_byte_goes_up_before_the_last_has_come(gate: Gate) -> None:
    token = await gate.caller()
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    head = request(
        "POST /v1/files",
        token,
        "Content-Type: multipart/form-data; boundary=b",
        "Content-Length: 200000",
    )
    writer.write(head + b"x" * 100_000)
    await gate.recorder.came.wait()
    (heard,) = gate.recorder.heard
    for _ in range(200):
        if len(heard.body) > 90_000:
            break
        await asyncio.sleep(0.01)
    assert len(heard.body) > 90_000
    assert not heard.is_whole
    writer.write(b"x" * 100_000)
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    assert heard.body == b"x" * 200_000
    writer.close()


async def test_the_first_byte_comes_back_before_the_last_was_sent(gate: Gate) -> None:
    token = await gate.caller()
    go_on = asyncio.Event()

    async def halves(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst")
        await writer.drain()
        await go_on.wait()
        writer.write(b"after")
        await writer.drain()

    gate.recorder.script.append(halves)
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    writer.write(request("GET /v1/accounts/acct_1", token))
    await reader.readuntil(b"\r\n\r\n")
    assert await reader.readexactly(5) == b"first"
    go_on.set()
    assert await reader.readexactly(5) == b"after"
    writer.close()


async def test_whoami_says_who_and_what(gate: Gate) -> None:
    token = await gate.caller(allow=("accounts:read",))
    answered = await say(gate.port, request("GET /whoami", token))
    assert answered.status == 200
    assert b'"name":"script"' in answered.body
    assert b'"allow":["accounts:read"]' in answered.body
    assert token.encode() not in answered.body
    assert await gate.rows() == []
    assert (await gate.ask("GET /whoami", None)).code == "caller_missing"
    assert len(await gate.rows()) == 1
