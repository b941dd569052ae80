"""By whose word must a server prove who it is? The system's, where no file is named."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aboard.core.database import PostgresServer, read_database
from aboard.store import StoreUnavailable
from aboard.store.postgres import PostgresDriver
from aboard.store.statements.compiler import Statement
from tests.certificates import write_certificate

ASK = Statement("SELECT 1", ())
SSL_REQUEST_BYTES = 8
# An error's fields, each with its letter. Whoever is told so came through the handshake.
FIELDS = b"SFATAL\0" + b"C3D000\0" + b"Mit is not there\0" + b"\0"
NO_SUCH_DATABASE = b"E" + (4 + len(FIELDS)).to_bytes(4, "big") + FIELDS


class Door:
    """A server that speaks TLS, and then says that the database is not there."""

    def __init__(self, certificate: Path) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.speaks_tls = True
        self.heard = b""
        self.port = 0

    async def open(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(SSL_REQUEST_BYTES)
        writer.write(b"S" if self.speaks_tls else b"N")
        await writer.drain()
        if self.speaks_tls:
            try:
                await writer.start_tls(self.context)
                self.heard = await reader.read(4096)
                writer.write(NO_SUCH_DATABASE)
                await writer.drain()
            except OSError:
                pass
        writer.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return write_certificate(tmp_path)


@pytest.fixture
async def door(certificate: Path) -> AsyncIterator[Door]:
    door = Door(certificate)
    server = await asyncio.start_server(door.open, "127.0.0.1", 0)
    door.port = server.sockets[0].getsockname()[1]
    yield door
    server.close()


@pytest.fixture
def believed(certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let this machine believe the certificate, and its user none besides."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture
def unbelieved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


async def why(door: Door, options: str, *, host: str = "127.0.0.1") -> str:
    """Return why the database gives no answer."""
    address = read_database(f"postgresql://me:words@{host}:{door.port}/aboard?{options}")
    assert isinstance(address, PostgresServer)
    driver = PostgresDriver(address, pool_size=1)
    try:
        with pytest.raises(StoreUnavailable) as away:
            await driver.read_one(ASK, {})
    finally:
        await driver.close()
    return away.value.cause


@pytest.mark.usefixtures("believed")
@pytest.mark.parametrize("named", ["", "&sslrootcert=system"])
async def test_what_the_system_trusts_is_believed_where_no_file_is_named(
    door: Door, named: str
) -> None:
    assert await why(door, f"sslmode=verify-full{named}") == "no_such_database"
    assert await why(door, f"sslmode=verify-ca{named}") == "no_such_database"


@pytest.mark.usefixtures("unbelieved")
@pytest.mark.parametrize("mode", ["verify-full", "verify-ca"])
async def test_a_certificate_that_nobody_vouches_for_is_told_nothing(door: Door, mode: str) -> None:
    assert await why(door, f"sslmode={mode}") == "untrusted"
    assert door.heard == b""


@pytest.mark.usefixtures("believed")
async def test_another_server_s_name_is_refused_by_verify_full_alone(door: Door) -> None:
    assert await why(door, "sslmode=verify-full", host="localhost") == "untrusted"
    assert door.heard == b""
    assert await why(door, "sslmode=verify-ca", host="localhost") == "no_such_database"


@pytest.mark.usefixtures("unbelieved")
async def test_a_file_that_is_named_goes_before_the_system(door: Door, certificate: Path) -> None:
    named = f"sslmode=verify-full&sslrootcert={certificate}"
    assert await why(door, named) == "no_such_database"


@pytest.mark.parametrize("name", ["sslrootcert", "sslcert", "sslkey", "sslcrl"])
async def test_a_file_that_is_not_there_is_told_as_such(door: Door, name: str) -> None:
    assert await why(door, f"sslmode=verify-full&{name}=/nowhere/file.pem") == "no_certificate"


async def test_a_server_without_tls_is_told_as_such(door: Door) -> None:
    door.speaks_tls = False
    assert await why(door, "sslmode=require") == "not_encrypted"
