"""The key travels to Stripe alone: over TLS, to whoever shows a certificate that is believed.

A process of its own is told by `SSL_CERT_FILE` whom to believe, and a recorder shows certificates.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from aboard.core.lending.refusals import RefusalCode as Code
from tests.gateway.certificates import ELSEWHERE, Authority
from tests.gateway.gate import MARKER
from tests.gateway.processes import Running, running
from tests.gateway.recording import Recorder, answer, recording

FORM = "Content-Type: application/x-www-form-urlencoded"
READ, LINK = "GET /v1/accounts/acct_1", "POST /v1/account_links"


def believing(
    authority: Authority, database: str, upstream: AbstractAsyncContextManager[Recorder]
) -> AbstractAsyncContextManager[Running]:
    """Start a gateway that believes one authority and no other."""
    nowhere = str(authority.folder / "nowhere")
    return running(database, upstream, SSL_CERT_FILE=str(authority.file), SSL_CERT_DIR=nowhere)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.found(tmp_path_factory.mktemp("tls") / "believed")


async def test_who_is_believed_gets_the_key(database: str, authority: Authority) -> None:
    async with believing(authority, database, recording(authority.server())) as here:
        recorder = here.recorder
        answers = [await here.ask(READ) for _ in range(3)]
        large = b"account=acct_1&x=" + b"y" * 500_000
        recorder.script.append(answer(b'{"id":"' + b"z" * 500_000 + b'"}'))
        sent = await here.ask(LINK, FORM, body=large)
    assert [each.status for each in [*answers, sent]] == [200] * 4
    assert len(sent.body) > 500_000
    assert recorder.heard[-1].body == large
    assert recorder.heard[0].headers(b"authorization") == [f"Bearer {MARKER}".encode()]
    assert recorder.connections == 1


async def cut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")
    await writer.drain()
    writer.transport.abort()


async def test_an_answer_that_breaks_off_over_tls_is_no_answer(
    database: str, authority: Authority
) -> None:
    async with believing(authority, database, recording(authority.server())) as here:
        here.recorder.script.append(cut)
        answered = await here.ask(LINK, FORM, body=b"account=acct_1")
        (row,) = await here.closed_rows()
    assert (answered.status, answered.code) == (502, Code.UPSTREAM_BROKEN_OFF)
    assert row.outcome == Code.UPSTREAM_BROKEN_OFF


async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer a TLS greeting as a server without TLS does."""
    await reader.read(1024)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()
    writer.close()


Unbelieved = Callable[[Authority, Path], AbstractAsyncContextManager[Recorder]]


@asynccontextmanager
async def without_tls() -> AsyncIterator[Recorder]:
    recorder = Recorder(scheme="https")
    server = await asyncio.start_server(speak_plainly, "127.0.0.1", 0)
    recorder.port = server.sockets[0].getsockname()[1]
    async with server:
        yield recorder


UNBELIEVED: dict[str, Unbelieved] = {
    "another's name": lambda good, _: recording(good.server(ELSEWHERE)),
    "expired": lambda good, _: recording(good.server(days=-1)),
    "not yet valid": lambda good, _: recording(good.server(days=90)),
    "signed by a stranger": lambda _, folder: recording(Authority.found(folder / "x").server()),
    "no TLS": lambda _, __: without_tls(),
}


@pytest.mark.parametrize("name", UNBELIEVED)
async def test_who_is_not_believed_hears_nothing(
    database: str, authority: Authority, tmp_path: Path, name: str
) -> None:
    async with believing(authority, database, UNBELIEVED[name](authority, tmp_path)) as here:
        answered = await here.ask(LINK, FORM, body=b"account=acct_1")
        (row,) = await here.closed_rows()
    assert (answered.status, answered.code) == (502, Code.UPSTREAM_UNAVAILABLE)
    assert (row.outcome, row.status) == (Code.UPSTREAM_UNAVAILABLE, 502)
    assert not here.recorder.heard
    assert not here.recorder.everything
