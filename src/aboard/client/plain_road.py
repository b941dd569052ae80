"""How do bytes travel without an event loop? Over urllib3's pool, within one deadline.

A socket's time-out counts from byte to byte, so a service that sends one byte a second would hold
its caller for ever. Here the deadline of the whole exchange counts for each single read.

Source: ADR-0021, the Python client.
"""

import io
import os
import socket
import ssl
from threading import Lock
from time import monotonic
from typing import Final

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from aboard.client.address import Address
from aboard.client.errors import Trouble
from aboard.client.operation import Request
from aboard.client.reading import MAX_ANSWER_BYTES, Lost, Received

CONNECT_SECONDS: Final = 10.0
_CHUNK_BYTES: Final = 1 << 16
_KEPT_CONNECTIONS: Final = 16


class _PunctualReads(io.RawIOBase):
    """A socket's reading side that fails when the deadline is over, however often a byte comes."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override] # as BufferedReader calls it
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _PunctualSocket:
    """A connected socket for as long as the standard library opens its reading side."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self.sock = sock
        self._deadline = deadline

    def makefile(self, *_: object) -> io.BufferedReader:
        return io.BufferedReader(_PunctualReads(self.sock, self._deadline))

    def settimeout(self, seconds: float | None) -> None:
        self.sock.settimeout(seconds)

    def close(self) -> None:
        self.sock.close()


class _Punctual(HTTPConnection):
    """A connection whose answer, head and body, comes within the time that is left."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 itself has it
        """Read the head within the deadline; the body stays within it too."""
        sock, left = self.sock, self.timeout
        if sock is None or not isinstance(left, int | float):
            return super().getresponse()
        standing_in = _PunctualSocket(sock, monotonic() + left)
        self.sock = standing_in  # for the length of this call
        try:
            return super().getresponse()
        finally:
            if self.sock is standing_in:  # else the connection closed itself meanwhile
                self.sock = sock


class _PunctualTls(_Punctual, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Punctual


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _PunctualTls


class PlainRoad:
    """The connections to one service. Threads may share it; a forked process opens its own."""

    def __init__(
        self, address: Address, *, timeout_seconds: float, ssl_context: ssl.SSLContext | None
    ) -> None:
        """Keep where to go; nothing is opened yet."""
        self._address = address
        self._timeout_seconds = timeout_seconds
        self._ssl_context = ssl_context
        self._lock = Lock()
        self._process = os.getpid()
        self._pool = self._new_pool()

    def send(self, request: Request) -> Received | Lost:
        """Send a request and return its answer, or why there is none."""
        try:
            answer = self._open_pool().urlopen(
                request.method,
                self._address.path + request.target,
                body=request.body or None,
                headers=dict(request.headers),
                retries=False,
                redirect=False,
                timeout=Timeout(
                    total=self._timeout_seconds,
                    connect=min(CONNECT_SECONDS, self._timeout_seconds),
                ),
                preload_content=False,
                decode_content=False,
            )
        except (HTTPError, OSError) as failure:
            return _lost(failure)
        try:
            return _received(answer)
        except (HTTPError, OSError) as failure:
            answer.close()
            return _lost(failure)

    def close(self) -> None:
        """Close the connections that nobody uses at the moment."""
        self._pool.close()

    def _open_pool(self) -> HTTPConnectionPool:
        if self._process != os.getpid():
            with self._lock:
                # Two processes on one connection would read each other's answers.
                if self._process != os.getpid():
                    self._pool = self._new_pool()
                    self._process = os.getpid()
        return self._pool

    def _new_pool(self) -> HTTPConnectionPool:
        host, port = self._address.host, self._address.port
        if self._address.scheme == "http":
            return _Pool(host, port, maxsize=_KEPT_CONNECTIONS)
        context = self._ssl_context or ssl.create_default_context()
        return _TlsPool(host, port, maxsize=_KEPT_CONNECTIONS, ssl_context=context)


def _received(answer: BaseHTTPResponse) -> Received:
    body = bytearray()
    while chunk := answer.read(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            answer.close()
            return Received(answer.status, tuple(answer.headers.items()), is_cut=True)
    answer.release_conn()
    return Received(answer.status, tuple(answer.headers.items()), bytes(body))


def _lost(failure: HTTPError | OSError) -> Lost:
    if isinstance(failure, SSLError | ssl.SSLError):
        return Lost(Trouble.TLS_REFUSED, was_sent=False)
    if isinstance(failure, NewConnectionError):
        return Lost(Trouble.UNREACHABLE, was_sent=False)
    if isinstance(failure, ConnectTimeoutError):
        return Lost(Trouble.TIMED_OUT, was_sent=False)
    if isinstance(failure, ReadTimeoutError | TimeoutError):
        return Lost(Trouble.TIMED_OUT, was_sent=True)
    return Lost(Trouble.BROKEN, was_sent=True)
