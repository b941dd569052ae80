"""How do bytes travel in an event loop? Over aiohttp's session, within one deadline.

Source: ADR-0021, the Python client.
"""

import asyncio
import ssl
from typing import Final

import aiohttp
from yarl import URL

from aboard.client.address import Address
from aboard.client.errors import Trouble
from aboard.client.operation import Request
from aboard.client.reading import MAX_ANSWER_BYTES, Lost, Received

CONNECT_SECONDS: Final = 10.0
_CHUNK_BYTES: Final = 1 << 16


class AioRoad:
    """The connections to one service, in the loop that first sends."""

    def __init__(
        self, address: Address, *, timeout_seconds: float, ssl_context: ssl.SSLContext | None
    ) -> None:
        """Keep where to go; nothing is opened yet."""
        self._address = address
        self._timeout = aiohttp.ClientTimeout(
            total=timeout_seconds, sock_connect=min(CONNECT_SECONDS, timeout_seconds)
        )
        self._ssl_context = ssl_context
        self._session: aiohttp.ClientSession | None = None

    async def send(self, request: Request) -> Received | Lost:
        """Send a request and return its answer, or why there is none."""
        if self._session is None:
            self._session = self._new_session()
        try:
            async with self._session.request(
                request.method,
                URL(f"{self._address}{request.target}", encoded=True),
                data=request.body or None,
                headers=request.headers,
                allow_redirects=False,
            ) as answer:
                return await _received_whole(answer)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failure:
            return _lost(failure)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _new_session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(ssl=self._ssl_context or ssl.create_default_context())
        return aiohttp.ClientSession(
            connector=connector,
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Content-Type",),
        )


async def _received_whole(answer: aiohttp.ClientResponse) -> Received:
    connection = answer.connection
    received = None
    try:
        received = await _received(answer)
        return received
    finally:
        is_whole = received is not None and not received.is_cut
        if not is_whole and connection is not None and connection.transport is not None:
            # A polite end would wait for the other side, which may be what we ran out of time for.
            connection.transport.abort()


async def _received(answer: aiohttp.ClientResponse) -> Received:
    headers = tuple(answer.headers.items())
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            answer.close()
            return Received(answer.status, headers, is_cut=True)
    return Received(answer.status, headers, bytes(body))


def _lost(failure: Exception) -> Lost:
    if isinstance(failure, aiohttp.ClientSSLError | ssl.SSLError):
        return Lost(Trouble.TLS_REFUSED, was_sent=False)
    if isinstance(failure, aiohttp.ConnectionTimeoutError):
        return Lost(Trouble.TIMED_OUT, was_sent=False)
    if isinstance(failure, aiohttp.ClientConnectorError):
        return Lost(Trouble.UNREACHABLE, was_sent=False)
    if isinstance(failure, asyncio.TimeoutError | TimeoutError):
        return Lost(Trouble.TIMED_OUT, was_sent=True)
    return Lost(Trouble.BROKEN, was_sent=True)
