"""Carry a parcel to a subscriber: signed as Standard Webhooks, by HTTP, never further than named.

Redirects are not followed. A name may lead to a private network, where receivers live, but not to
addresses that lend credentials, nor to this machine unless that is what was written. It is looked
at when the connection is made, so that no name can lead elsewhere after it was checked.

Source: ADR-0025, outgoing events; Standard Webhooks, the specification, "Signature scheme".
"""

import asyncio
import ssl
import time
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from socket import AddressFamily
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from standardwebhooks import Webhook

from aboard.core.deliveries import Answered
from aboard.core.subscribers import may_be_told
from aboard.flows.post import Parcel

TIMEOUT_SECONDS: Final = 15.0
_USER_AGENT: Final = "Aboard-Webhooks/1"
# Receivers hang up on idle connections after a few seconds; one that is younger still stands.
_KEEP_ALIVE_SECONDS: Final = 1.5
_MOST_BODY_BYTES: Final = 16 * 1024
_BODY_SECONDS: Final = 1.0
_MOST_DIGITS: Final = 9


class AddressForbidden(OSError):
    """A name leads only to addresses that are told nothing."""


class Courier:
    """Carries parcels over one pool of connections; `close` ends it."""

    def __init__(
        self,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        resolver: AbstractResolver | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Say how long one attempt may take, from looking up the name to the answer's head.

        Nothing is opened yet. `resolver` and `trust` replace how names are looked up and which
        certificates are believed.
        """
        self._timeout_seconds = timeout_seconds
        self._resolver = resolver
        self._trust = trust
        self._session: aiohttp.ClientSession | None = None

    async def send(self, parcel: Parcel) -> Answered:
        """Send a parcel once, and say how it was answered; whatever goes wrong is an answer."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._send(parcel, began)
        except TimeoutError:
            cause = "timeout"
        except AddressForbidden:
            cause = "address_forbidden"
        except aiohttp.ClientConnectorDNSError as error:
            is_forbidden = isinstance(error.os_error, AddressForbidden)
            cause = "address_forbidden" if is_forbidden else "name_unknown"
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError):
            cause = "tls"
        except aiohttp.ClientConnectorError:
            cause = "unreachable"
        except (aiohttp.ClientConnectionError, ConnectionError):
            cause = "broken_off"
        except (aiohttp.ClientError, OSError, ValueError):
            cause = "no_http"
        return Answered(None, time.monotonic() - began, cause)

    async def close(self) -> None:
        """Close every connection. Harmless when repeated."""
        if self._session is not None:
            await self._session.close()

    async def _send(self, parcel: Parcel, began: float) -> Answered:
        _check_literal(urlsplit(parcel.url).hostname or "")
        response = await self._opened().post(
            parcel.url, data=parcel.body, headers=sign(parcel), allow_redirects=False
        )
        seconds = time.monotonic() - began
        try:
            asked = retry_after_seconds(response.headers.get("Retry-After"), datetime.now(UTC))
            # What is left unread would cost the connection; nobody looks at it.
            with suppress(TimeoutError, aiohttp.ClientError):
                async with asyncio.timeout(_BODY_SECONDS):
                    await response.content.read(_MOST_BODY_BYTES)
        finally:
            response.release()
        return Answered(response.status, seconds, retry_after_seconds=asked)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=0,  # lanes bound how many there are at once; one must not wait for another
                resolver=_CheckedResolver(self._resolver or aiohttp.ThreadedResolver()),
                keepalive_timeout=_KEEP_ALIVE_SECONDS,
                ssl=self._trust or True,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._timeout_seconds),
            )
        return self._session


def sign(parcel: Parcel) -> dict[str, str]:
    """Return the headers of a parcel, with a signature by each of its secrets."""
    text = parcel.body.decode()
    signatures = [
        Webhook(secret.reveal()).sign(parcel.event_id, parcel.sent_at, text)
        for secret in parcel.secrets
    ]
    return {
        **parcel.carried,
        "Content-Type": "application/json",
        "User-Agent": _USER_AGENT,
        "webhook-id": parcel.event_id,
        "webhook-timestamp": str(int(parcel.sent_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def retry_after_seconds(value: str | None, now: datetime) -> int | None:
    """Return for how long a receiver wants to be left alone; None where it does not say."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return int(text[:_MOST_DIGITS])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0, int((aware - now).total_seconds()))


def _check_literal(host: str) -> None:
    try:
        address = ip_address(host)
    except ValueError:
        return  # a name, which the resolver looks at
    if not may_be_told(address, host=host):
        raise AddressForbidden(host)


class _CheckedResolver(AbstractResolver):
    """Looks names up, and leaves out every address that is told nothing."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        allowed = [
            each
            for each in found
            if may_be_told(ip_address(each["host"].partition("%")[0]), host=host)
        ]
        if found and not allowed:
            raise AddressForbidden(host)
        return allowed

    async def close(self) -> None:
        await self._resolver.close()
