"""How the browser reaches a server: straight into an ASGI application, or over real HTTP."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, unquote_to_bytes

if TYPE_CHECKING:
    from aiohttp import ClientSession

Message = MutableMapping[str, Any]
AsgiApp = Callable[
    [Any, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]
]
Headers = Sequence[tuple[str, str]]


class Reply(NamedTuple):
    """One answer, before anything is made of it. Header names are lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


Fetch = Callable[[str, str, Headers, bytes], Awaitable[Reply]]


class UnknownOrigin(LookupError):
    """The browser was asked to open an address that it may not reach."""

    def __init__(self, origin: str) -> None:
        """Keep the origin alone: the rest of an address may be a bearer link."""
        super().__init__(f"this browser knows no server at {origin}")
        self.origin = origin


async def fetch_from_app(
    app: AsgiApp, method: str, url: SplitResult, headers: Headers, body: bytes
) -> Reply:
    """Run one request through an ASGI application in this process and return its answer."""
    is_secure = url.scheme == "https"
    scope: Message = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": url.scheme,
        "path": unquote_to_bytes(url.path or "/").decode("utf-8", "replace"),
        "raw_path": (url.path or "/").encode("ascii", "replace"),
        "query_string": url.query.encode("ascii", "replace"),
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ],
        "client": ("127.0.0.1", 50000),
        "server": (url.hostname or "localhost", url.port or (443 if is_secure else 80)),
        "state": {},
    }
    incoming: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    status = 0
    answer_headers: list[tuple[str, str]] = []
    chunks: list[bytes] = []

    async def receive() -> Message:
        return incoming.pop() if incoming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            answer_headers.extend(
                (name.decode("latin-1").lower(), value.decode("latin-1"))
                for name, value in message.get("headers", ())
            )
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    return Reply(status, answer_headers, b"".join(chunks))


class HttpFetch:
    """Real requests through aiohttp, which is imported at the first one. Follows no redirects."""

    def __init__(self, *, timeout_seconds: float = 30) -> None:
        """Open nothing yet."""
        self._timeout_seconds = timeout_seconds
        self._session: ClientSession | None = None

    async def __call__(self, method: str, url: str, headers: Headers, body: bytes) -> Reply:
        """Send one request and read the whole answer."""
        import aiohttp  # noqa: PLC0415 (only journeys over real HTTP pay for it)
        from yarl import URL  # noqa: PLC0415 (comes with aiohttp)

        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._timeout_seconds),
            )
        async with self._session.request(
            method,
            URL(url, encoded=True),
            headers=list(headers),
            data=body or None,
            allow_redirects=False,
        ) as answer:
            pairs = [(name.lower(), value) for name, value in answer.headers.items()]
            return Reply(answer.status, pairs, await answer.read())

    async def close(self) -> None:
        """Close the connections; harmless when none was ever opened."""
        if self._session is not None:
            await self._session.close()
            self._session = None
