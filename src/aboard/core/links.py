"""Bearer URLs, link purposes, which return addresses are allowed, and when a loop is a loop.

A link is a password in an address bar: whoever opens it first is the seller. So it has a type
that cannot be printed, and the addresses that come back are matched to an allow-list by exact
origin and path prefix.

Source: Stripe's account links, API version 2026-10-28; ADR-0005, signed state.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from aboard.core.errors import AddressRefused
from aboard.core.owner import Mode
from aboard.core.secret import Secret

MAX_ADDRESS_CHARS = 2048
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The hosts that are this machine and nobody else's."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%#]+\Z")
# One host and at most one port. Python's own parser lets words stand around a bracketed address.
_NETLOC = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]+)?\Z")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class BearerUrl(Secret):
    """A single-use URL that opens personal data to whoever holds it.

    >>> BearerUrl("https://connect.example/setup/e/acct_1/words")
    BearerUrl(***)
    """

    __slots__ = ()

    @property
    def origin(self) -> str:
        """Return scheme, host and port, which are safe to log."""
        parts = urlsplit(self.reveal())
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


class LinkPurpose(StrEnum):
    """What an account link is for, in Stripe's words."""

    ONBOARDING = "account_onboarding"
    UPDATE = "account_update"


class Collect(StrEnum):
    """How much the hosted flow asks for: now, or all that thresholds will demand later."""

    CURRENTLY_DUE = "currently_due"
    EVENTUALLY_DUE = "eventually_due"


@dataclass(frozen=True, slots=True)
class AllowedAddress:
    """One row of the allow-list: an exact origin and a path prefix on a segment boundary."""

    scheme: str
    host: str
    port: int
    path_prefix: str

    @classmethod
    def parse(cls, text: str) -> "AllowedAddress":
        """Read a row such as `https://shop.example/connect`.

        Raises:
            AddressRefused: not an absolute http(s) URL, or with credentials, query or fragment.
        """
        parts = split_address(text, "allowed address")
        if parts.query or parts.fragment:
            raise AddressRefused("allowed address", "has a query or a fragment")
        return cls(parts.scheme, _host(parts), _port(parts), parts.path.rstrip("/"))

    @property
    def origin(self) -> str:
        """Return the origin as browsers name it: without the port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    def allows(self, parts: SplitResult) -> bool:
        """Say whether a split address has this origin and lies at or under this path."""
        if (parts.scheme, _host(parts), _port(parts)) != (self.scheme, self.host, self.port):
            return False
        return parts.path == self.path_prefix or parts.path.startswith(self.path_prefix + "/")


@dataclass(frozen=True, slots=True)
class AddressRules:
    """The platform's allow-list of return and refresh addresses.

    >>> rules = AddressRules.parse(["https://shop.example/connect"])
    >>> rules.check("https://shop.example/connect/done", Mode.LIVE, "returnUrl")
    'https://shop.example/connect/done'
    """

    allowed: tuple[AllowedAddress, ...]

    @classmethod
    def parse(cls, rows: Sequence[str]) -> "AddressRules":
        """Read the allow-list from its settings.

        Raises:
            AddressRefused: a row is not a plain absolute http(s) address.
        """
        return cls(tuple(AllowedAddress.parse(row) for row in rows))

    @property
    def origins(self) -> tuple[str, ...]:
        """Return where the platform's own pages are, as browsers name an origin."""
        return tuple(dict.fromkeys(row.origin for row in self.allowed))

    def check(self, address: str, mode: Mode, field: str) -> str:
        """Return the address unchanged, or say which rule refuses it.

        Refuses anything that two parsers could read in two ways: control and non-ASCII
        characters, backslashes, credentials, fragments, dot segments in any encoding.

        Raises:
            AddressRefused: with the field and the reason, never the address.
        """
        parts = split_address(address, field)
        if parts.scheme == "http":
            if mode.is_live:
                raise AddressRefused(field, "must be https in live mode")
            if _host(parts) not in LOOPBACK:
                raise AddressRefused(field, "must be https outside loopback")
        if not any(row.allows(parts) for row in self.allowed):
            raise AddressRefused(field, "is not on the platform's allow-list")
        return address


def split_address(address: str, field: str) -> SplitResult:
    """Return the parts of an absolute http(s) address that no two parsers read in two ways.

    Raises:
        AddressRefused: with the field and the reason, never the address.
    """
    if not address or len(address) > MAX_ADDRESS_CHARS:
        raise AddressRefused(field, f"must have 1 to {MAX_ADDRESS_CHARS} characters")
    if not _PLAIN.match(address):
        raise AddressRefused(field, "has characters that do not belong in a URL")
    if _BROKEN_ESCAPE.search(address):
        raise AddressRefused(field, "has a broken percent escape")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressRefused(field, "is not a URL") from None
    if parts.scheme not in _DEFAULT_PORTS or not address.lower().startswith(f"{parts.scheme}://"):
        raise AddressRefused(field, "must be an absolute http or https URL")
    if "@" in parts.netloc:
        raise AddressRefused(field, "must not carry credentials")
    if not parts.hostname or port == 0 or not _NETLOC.match(parts.netloc):
        raise AddressRefused(field, "has no usable host")
    if "#" in address:
        raise AddressRefused(field, "must not carry a fragment")
    _refuse_ambiguous_path(parts.path, field)
    return parts


def _refuse_ambiguous_path(path: str, field: str) -> None:
    decoded, before = path, ""
    while decoded != before:  # each round is shorter, so there is an end
        if any(segment in {".", ".."} for segment in re.split(r"[/\\;]", decoded)):
            raise AddressRefused(field, "has dot segments in its path")
        if "\\" in decoded or any(ord(char) < ord(" ") for char in decoded):
            raise AddressRefused(field, "has characters that do not belong in a path")
        if "%2f" in decoded.lower():
            raise AddressRefused(field, "has an ambiguous path")
        decoded, before = unquote(decoded), decoded
    if "//" in path:
        raise AddressRefused(field, "has an ambiguous path")


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower()


def _port(parts: SplitResult) -> int:
    return parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)


@dataclass(frozen=True, slots=True)
class LoopGuard:
    """When does a refresh stop helping? At the nth refresh of one onboarding in a window.

    >>> LoopGuard(limit=3, window=timedelta(minutes=15)).is_loop(refreshes_before=2)
    True
    """

    limit: int = 3
    window: timedelta = timedelta(minutes=15)

    def is_loop(self, refreshes_before: int) -> bool:
        """Say whether the refresh after `refreshes_before` others in the window is a loop."""
        return refreshes_before + 1 >= self.limit

    def window_start(self, now: datetime) -> datetime:
        """Return the earliest point in time that still counts, aware UTC."""
        return now - self.window
