"""How do the SDK's requests reach an ASGI application without leaving the process?

An HTTP client for the SDK that hands each request to the application of its origin. Any other
origin is a closed door: nothing is ever sent over a network. It serves our own client and the
official one alike.

Source: the ASGI specification, HTTP version 2.3; ADR-0004, the SDK's request layer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

from aboard.stripe_api.transport import MAX_ANSWER_BYTES, NoAnswer, QuietClient

Message = MutableMapping[str, Any]
AsgiApp = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


class Headers(dict[str, str]):
    """An answer's headers, found in any spelling of their names."""

    def __getitem__(self, name: str) -> str:
        """Return the value of a header."""
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        """Say whether the answer has a header."""
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as dict has it
        """Return the value of a header, or the default."""
        return super().get(name.lower(), default)


class AsgiClient(QuietClient):
    """An HTTP client for the SDK whose network is a table of applications by origin."""

    name = "asgi"

    def __init__(self, apps: Mapping[str, AsgiApp], *, timeout_seconds: float = 30.0) -> None:
        """Take the applications by origin, such as `https://api.stripe.com`."""
        super().__init__()
        self._apps = {origin.rstrip("/"): app for origin, app in apps.items()}
        self._timeout_seconds = timeout_seconds

    async def request_async(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: str | bytes | None = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Run the application of the URL's origin once and return what it sent.

        An application breaks the connection by raising an OSError or by ending early. Any other
        exception is a fault in the application and comes out as it is.

        Raises:
            NoAnswer: no such origin, no complete answer, or not in time.
        """
        parts = urlsplit(url)
        app = self._apps.get(f"{parts.scheme}://{parts.netloc}")
        if app is None:
            raise NoAnswer("connection", should_retry=False)
        body = post_data.encode() if isinstance(post_data, str) else (post_data or b"")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        raw_headers = [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()]
        raw_headers.append((b"host", parts.netloc.encode()))
        if post_data is not None:
            raw_headers.append((b"content-length", b"%d" % len(body)))
        scope: Message = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method.upper(),
            "scheme": parts.scheme,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": raw_headers,
            "server": (parts.hostname, port),
            "client": ("127.0.0.1", 0),
            "state": {},
        }
        exchange = _Exchange(body)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await app(scope, exchange.receive, exchange.send)
        except TimeoutError:
            raise NoAnswer("timeout") from None
        except OSError:
            raise NoAnswer("connection") from None
        if exchange.size_bytes > MAX_ANSWER_BYTES:
            raise NoAnswer("garbage", should_retry=False)
        if not exchange.is_complete:
            raise NoAnswer("connection")
        return exchange.body(), exchange.status, exchange.headers

    async def sleep_async(self, seconds: float) -> None:
        """Wait between two tries."""
        await asyncio.sleep(seconds)

    async def close_async(self) -> None:
        """Close nothing: there is no connection."""


class _Exchange:
    """One request's conversation with an application."""

    def __init__(self, request_body: bytes) -> None:
        self.status = 0
        self.headers = Headers()
        self.size_bytes = 0
        self.is_complete = False
        self._request_body = request_body
        self._is_request_read = False
        self._chunks: list[bytes] = []

    async def receive(self) -> Message:
        if self._is_request_read:
            return {"type": "http.disconnect"}
        self._is_request_read = True
        return {"type": "http.request", "body": self._request_body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            for name, value in message.get("headers", ()):
                self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")
        elif message["type"] == "http.response.body":
            chunk = bytes(message.get("body", b""))
            self.size_bytes += len(chunk)
            if self.size_bytes <= MAX_ANSWER_BYTES:
                self._chunks.append(chunk)
            self.is_complete = self.status != 0 and not message.get("more_body", False)

    def body(self) -> bytes:
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
