"""How does one request travel, and what counts as no answer?

The SDK's aiohttp client with its gaps closed: it never follows a redirect (the key would travel
along), never reads without a bound, and turns every failure on the way into one class. Telemetry
is off here by overriding the SDK's two hooks, because its only switch is global to the process
and belongs to whoever else uses the SDK.

Source: ADR-0004, the SDK's request layer.
"""

import ssl
from collections.abc import AsyncIterable, Mapping
from typing import Any, Final, Literal

import aiohttp
import stripe

MAX_ANSWER_BYTES: Final = 8 * 2**20
"""No answer we ask for comes near this; a larger one is not Stripe's."""

CONNECT_SECONDS: Final = 10.0

Cause = Literal["timeout", "connection", "garbage"]


class NoAnswer(stripe.APIConnectionError):
    """The other side gave no answer that can be read; says so without quoting anything."""

    def __init__(self, cause: Cause, *, should_retry: bool = True) -> None:
        """Name the cause, and whether the SDK's retry loop may try again."""
        super().__init__(  # type: ignore[no-untyped-call]  # the SDK has no hints here
            f"no answer: {cause}", should_retry=should_retry
        )
        self.cause = cause


class QuietClient(stripe.HTTPClient):
    """An SDK HTTP client that measures nothing and reports nothing."""

    def _add_telemetry_header(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        return headers

    def _record_request_metrics(self, response: object, request_start: int, usage: object) -> None:
        """Record nothing."""


class AiohttpTransport(QuietClient, stripe.AIOHTTPClient):
    """The SDK's aiohttp client with bounds on time, size, connections and trust."""

    def __init__(self, *, timeout_seconds: float = 30.0, max_connections: int = 512) -> None:
        """Prepare; the session opens on the first request, inside the running loop."""
        super().__init__(
            timeout=aiohttp.ClientTimeout(
                total=timeout_seconds, sock_connect=min(CONNECT_SECONDS, timeout_seconds)
            )
        )
        self._max_connections = max_connections
        self._open_session: aiohttp.ClientSession | None = None

    @property
    def _session(self) -> aiohttp.ClientSession:
        session = self._open_session
        if session is None or session.closed:
            session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._max_connections,
                    ssl=ssl.create_default_context(cafile=stripe.ca_bundle_path),
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
            self._open_session = session
        return session

    def _get_request_args_kwargs(
        self, method: str, url: str, headers: Mapping[str, str], post_data: object
    ) -> tuple[tuple[str, str], dict[str, Any]]:
        args, kwargs = super()._get_request_args_kwargs(method, url, headers, post_data)
        kwargs["allow_redirects"] = False
        return args, kwargs

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: object = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send one request and read the whole answer.

        Raises:
            NoAnswer: connection, time or size failed; the SDK's retry loop handles it.
        """
        args, kwargs = self._get_request_args_kwargs(method, url, headers, post_data)
        cause: Cause
        try:
            async with self._session.request(*args, **kwargs) as response:
                body = await read_bounded(response.content.iter_any())
                return body, response.status, response.headers
        except TimeoutError:
            cause = "timeout"
        except aiohttp.ClientResponseError:
            cause = "garbage"
        except (aiohttp.ClientError, OSError):
            cause = "connection"
        # Raised here, not above: aiohttp's errors hold the request's headers, and a chained
        # exception would carry the key to whoever prints it.
        raise NoAnswer(cause)

    async def close_async(self) -> None:
        """Close the connections; a later request would open new ones."""
        if self._open_session is not None:
            await self._open_session.close()
            self._open_session = None


async def read_bounded(chunks: AsyncIterable[bytes]) -> bytes:
    """Read up to `MAX_ANSWER_BYTES` of an answer, decompressed.

    Raises:
        NoAnswer: there is more; asking again would only bring it again.
    """
    kept: list[bytes] = []
    size_bytes = 0
    async for chunk in chunks:
        size_bytes += len(chunk)
        if size_bytes > MAX_ANSWER_BYTES:
            raise NoAnswer("garbage", should_retry=False)
        kept.append(chunk)
    return kept[0] if len(kept) == 1 else b"".join(kept)
