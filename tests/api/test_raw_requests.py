"""Does the creators API stay itself under any bytes? Raw ASGI, as a server would hand it on.

Never a 5xx, always the envelope, always one valid id, and no word of the sender's in the head.
"""

import json
import re
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aboard.api.application import CallLimits
from aboard.sandbox.browser import AsgiApp
from tests.api.asking import CONNECT, CREATORS, Desk
from tests.api.conftest import OpenDesk

# No number of examples here: `make prove` brings its own.
PATIENT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
OPERATIONS = [
    ("POST", f"{CREATORS}/upgrade"),
    ("POST", f"{CONNECT}/initiate"),
    ("POST", f"{CONNECT}/refresh-link"),
    ("GET", f"{CONNECT}/status"),
    ("POST", f"{CONNECT}/dashboard-link"),
    ("GET", f"{CREATORS}/profile"),
    ("PATCH", f"{CREATORS}/profile"),
    ("GET", f"{CREATORS}/payout-settings"),
    ("POST", f"{CREATORS}/kyc/start"),
    ("GET", f"{CREATORS}/kyc/status"),
    ("GET", f"{CREATORS}/kyc/pending"),
    ("POST", f"{CREATORS}/ada/kyc/decision"),
]
WITH_BODY = ("/creators/upgrade", "/creators/profile", "/kyc/decision")
WITHOUT_BODY = [
    (method, path) for method, path in OPERATIONS if method == "GET" or not path.endswith(WITH_BODY)
]
JSONS = [
    b"{}",
    b"null",
    b'{"displayName":null}',
    b'{"displayName":"\\ud800"}',
    b'{"bio":1e999}',
    b'{"displayName":"a","displayName":"b"}',
    b'{"decision":"APPROVED","reason":"\\u0000"}',
]
VALID_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
Pairs = list[tuple[bytes, bytes]]


class Answered:
    """What came back over ASGI."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.pairs: Pairs = list(messages[0]["headers"])
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    def named(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.pairs if key == name]


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    return await open_desk(limits=CallLimits(10**9, 10**9))


async def send(
    desk: Desk,
    operation: tuple[str, str],
    headers: Pairs,
    *,
    chunks: list[bytes] | None = None,
    query: bytes = b"",
    raw_path: bytes | None = None,
    path: str | None = None,
) -> Answered:
    """Hand one request over as it is; the body comes in these chunks, then the sender leaves."""
    transport = desk.client._transport  # noqa: SLF001 - the application inside it
    assert isinstance(transport, httpx2.ASGITransport)
    app: AsgiApp = transport.app
    method, usual = operation
    given = list(chunks or [b""])
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": number < len(given) - 1}
        for number, chunk in enumerate(given)
    ]
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def take(message: Any) -> None:  # noqa: ANN401 - whatever the application says
        messages.append(dict(message))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path or usual,
        "raw_path": raw_path or (path or usual).encode("utf-8", "surrogateescape"),
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("aboard.test", 80),
    }
    await app(scope, receive, take)
    return Answered(messages)


def bearer(desk: Desk) -> tuple[bytes, bytes]:
    return (b"authorization", f"Bearer {desk.token()}".encode())


def assert_the_envelope(answer: Answered) -> None:
    assert answer.status < 500, answer.body
    (request_id,) = answer.named(b"x-request-id")
    assert VALID_ID.fullmatch(request_id.decode("ascii"))
    for name, value in answer.pairs:
        assert name == name.lower()
        assert not {b"\r"[0], b"\n"[0], 0} & set(name + value)
        value.decode("ascii")
    if answer.status == 204:
        return
    assert answer.named(b"content-type") == [b"application/json"]
    assert answer.named(b"content-length") == [b"%d" % len(answer.body)]
    body = json.loads(answer.body)
    assert body["success"] is (answer.status < 400)
    if answer.status < 400:
        assert body.keys() == {"success", "data"}
        return
    assert body["error"].keys() == {
        "code",
        "message",
        "i18nKey",
        "i18nVars",
        "details",
        "correlationId",
    }
    assert body["error"]["correlationId"] == request_id.decode()
    assert body["error"]["message"]
    (language,) = answer.named(b"content-language")
    assert language in {b"en", b"pt", b"es", b"de", b"fr"}


NAMES = st.sampled_from(
    [
        b"accept",
        b"accept-language",
        b"content-length",
        b"content-type",
        b"content-encoding",
        b"cookie",
        b"expect",
        b"host",
        b"idempotency-key",
        b"if-none-match",
        b"origin",
        b"range",
        b"transfer-encoding",
        b"upgrade",
        b"x-forwarded-for",
        b"x-http-method-override",
        b"x-request-id",
    ]
) | st.binary(min_size=1, max_size=20).map(bytes.lower)
VALUES = st.binary(max_size=80) | st.sampled_from(
    [
        b"",
        b"-1",
        b"0",
        b"00000000000000000000000000000000009",
        b"99999999999999999999999999999999",
        b"9" * 5000,
        b"\xb2",
        b"chunked",
        b"100-continue",
        b"application/json; charset=utf-16",
        b"multipart/form-data; boundary=",
        b"multipart/form-data; boundary=x",
        b"application/x-www-form-urlencoded",
        b"pt-BR, *;q=0",
        b"de;q=nan, fr;q=inf",
        b"a=b; a=c; " * 500,
        b"x" * 70_000,
    ]
)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=12)


@PATIENT
@given(operation=st.sampled_from(OPERATIONS), headers=HEADERS, is_known=st.booleans())
async def test_any_headers(
    desk: Desk,
    operation: tuple[str, str],
    headers: Pairs,
    is_known: bool,  # noqa: FBT001 - drawn
) -> None:
    mine = [bearer(desk)] if is_known else []
    answer = await send(desk, operation, [*mine, *headers])
    assert_the_envelope(answer)
    if not is_known and (b"authorization" not in dict(headers)):
        # A host that is none is refused before anybody is asked for.
        assert answer.status in {400, 401}


@PATIENT
@given(
    operation=st.sampled_from(OPERATIONS),
    values=st.lists(VALUES, min_size=2, max_size=5),
    name=NAMES,
)
async def test_a_header_again_and_again(
    desk: Desk, operation: tuple[str, str], values: list[bytes], name: bytes
) -> None:
    answer = await send(desk, operation, [bearer(desk), *((name, value) for value in values)])
    assert_the_envelope(answer)


async def test_thousands_of_headers(desk: Desk) -> None:
    many = [(b"x-%d" % number, b"y" * 100) for number in range(5000)]
    for operation in OPERATIONS:
        assert_the_envelope(await send(desk, operation, [*many, bearer(desk)]))


async def test_a_second_authorization_lets_nobody_in(desk: Desk) -> None:
    for first in (b"Bearer x.y.z", b"Basic YTpi", b""):
        headers = [(b"authorization", first), bearer(desk)]
        answer = await send(desk, OPERATIONS[3], headers)
        assert_the_envelope(answer)
        assert answer.status == 401


@PATIENT
@given(
    operation=st.sampled_from(WITHOUT_BODY),
    chunks=st.lists(st.binary(max_size=60), min_size=1, max_size=5),
    kind=VALUES,
    length=VALUES,
)
@example(operation=OPERATIONS[1], chunks=[b"x" * 70_000], kind=b"", length=b"0")
@example(operation=OPERATIONS[1], chunks=[b"", b"", b"{}"], kind=b"application/json", length=b"2")
async def test_any_body_where_none_is_taken(
    desk: Desk, operation: tuple[str, str], chunks: list[bytes], kind: bytes, length: bytes
) -> None:
    headers = [bearer(desk), (b"content-type", kind), (b"content-length", length)]
    answer = await send(desk, operation, headers, chunks=chunks)
    assert_the_envelope(answer)
    if any(chunks):
        assert answer.status in {400, 413}


@PATIENT
@given(
    operation=st.sampled_from([pair for pair in OPERATIONS if pair not in WITHOUT_BODY]),
    chunks=st.lists(st.binary(max_size=60) | st.sampled_from(JSONS), min_size=1, max_size=5),
    kind=VALUES | st.just(b"application/json"),
    length=VALUES,
)
@example(operation=OPERATIONS[0], chunks=[b"[" * 60_000], kind=b"application/json", length=b"9")
@example(operation=OPERATIONS[0], chunks=[b"x" * 70_000], kind=b"application/json", length=b"0")
async def test_any_body_where_one_is_taken(
    desk: Desk, operation: tuple[str, str], chunks: list[bytes], kind: bytes, length: bytes
) -> None:
    headers = [bearer(desk), (b"content-type", kind), (b"content-length", length)]
    assert_the_envelope(await send(desk, operation, headers, chunks=chunks))


@PATIENT
@given(operation=st.sampled_from(OPERATIONS), query=st.binary(max_size=80))
@example(operation=OPERATIONS[3], query=b"%zz=%&%=%ff&a=%00&a=")
@example(operation=OPERATIONS[3], query=b"&" * 5000)
@example(operation=OPERATIONS[3], query=b"a=1&" * 5000)
async def test_any_query(desk: Desk, operation: tuple[str, str], query: bytes) -> None:
    assert_the_envelope(await send(desk, operation, [bearer(desk)], query=query))


@PATIENT
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "BREW", "get", "\u00e9", ""]),
    tail=st.text(st.characters(codec="utf-8"), max_size=30),
    raw_path=st.binary(max_size=40),
)
@example(method="GET", tail="/creators/stripe-connect/status/%2e%2e", raw_path=b"/%2e%2e/%zz")
@example(method="GET", tail="/creators/stripe-connect/../status", raw_path=b"")
@example(method="GET", tail="//creators//stripe-connect//status", raw_path=b"//")
@example(method="GET", tail="\x00", raw_path=b"\xff")
async def test_any_path_below_ours(desk: Desk, method: str, tail: str, raw_path: bytes) -> None:
    path = f"/api/v1/{tail}"
    answer = await send(desk, (method, path), [bearer(desk)], raw_path=b"/api/v1/" + raw_path)
    assert_the_envelope(answer)


async def test_a_sender_who_leaves_in_the_middle(desk: Desk) -> None:
    for operation in OPERATIONS:
        messages = [bearer(desk), (b"content-length", b"100")]
        answer = await send(desk, operation, messages, chunks=[b""])
        assert_the_envelope(answer)


LANGUAGES = [
    (b"pt-BR", b"pt"),
    (b"PT-br;q=0.8, en;q=0.5", b"pt"),
    (b"de-AT-1996, fr;q=0.9", b"de"),
    (b"it, es;q=0.3", b"es"),
    (b"*", b"en"),
    (b"*, de;q=0.1", b"en"),
    (b"de;q=0.1, *", b"en"),
    (b"fr, *;q=0.5", b"fr"),
    (b"en;q=0, *", b"pt"),
    (b"en;q=0, de;q=0", b"en"),
    (b"de;q=0.5, fr;q=0.5", b"de"),
    (b"de; q=0.4 , fr ;q=0.7", b"fr"),
    (b"de;Q=0.1, fr;q=0.2", b"fr"),
    (b"de;q=nan, fr;q=0.2", b"fr"),
    (b"de;q=inf, fr;q=0.2", b"fr"),
    (b"de;q=-1, fr;q=0.2", b"fr"),
    (b"de;q=2, fr;q=0.2", b"fr"),
    (b"de;q=0_9, fr;q=0.2", b"fr"),
    (b"de;q=1e-1, fr;q=0.05", b"fr"),
    (b"de;q=, fr;q=0.2", b"fr"),
    (b"de;level=1, fr;q=0.2", b"de"),
    (b"de;level=1;q=0.1, fr;q=0.2", b"fr"),
    (b"de_AT, fr;q=0.2", b"fr"),
    (b"deutsch, fr;q=0.2", b"fr"),
    (b",,;;=,-,;q=1", b"en"),
    (b"\xff\xfe, fr", b"fr"),
    (b"", b"en"),
    (b", ".join([b"xx"] * 19) + b", de", b"de"),
    (b", ".join([b"xx"] * 10_000) + b", de", b"en"),
    (b"," * 100_000 + b"de", b"en"),
]


@pytest.mark.parametrize(("wish", "language"), LANGUAGES)
async def test_languages(desk: Desk, wish: bytes, language: bytes) -> None:
    answer = await send(desk, OPERATIONS[3], [(b"accept-language", wish)])
    assert answer.status == 401
    assert answer.named(b"content-language") == [language]


async def test_a_language_said_in_two_headers(desk: Desk) -> None:
    headers = [(b"accept-language", b"xx"), (b"accept-language", b"de")]
    answer = await send(desk, OPERATIONS[3], headers)
    assert answer.named(b"content-language") == [b"de"]
