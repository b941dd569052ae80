"""What is written down of a call? Who asked for what, how it ended, how long it took, and no more.

No path, no query, no body and no header: those may hold what nobody should find in a table.

Source: ADR-0029, the gateway; docs/gateway/callers.md, the record of calls.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address

from aboard.core.owner import Mode

OPEN = "open"
"""The outcome of a call that went up and is not over. One that stays so died with its process."""
ANSWERED = "answered"
"""The outcome of a call that Stripe answered, however; every other outcome is a `RefusalCode`."""

_ACCOUNT = re.compile(r"acct_[A-Za-z0-9_]{1,250}\Z")
_METHOD = re.compile(r"[A-Z]{1,16}\Z")
_REQUEST = re.compile(r"req_[A-Za-z0-9]{1,64}\Z")


class Via(StrEnum):
    """By which of the gateway's doors a call came."""

    PROXY = "proxy"
    TOOLS = "tools"
    MCP = "mcp"
    EXPLORER = "explorer"


@dataclass(frozen=True, slots=True)
class Call:
    """One call as its row tells it. `status` is what the caller was answered with.

    `duration_ms` are whole milliseconds, from the first byte to the last; bytes count bodies.
    Whoever was nobody the gateway knows has no caller; who came too early for it no mode.
    """

    id: str
    at: datetime
    via: Via
    method: str
    outcome: str
    caller_id: str | None = None
    caller_name: str | None = None
    token_hint: str | None = None
    mode: Mode | None = None
    operation: str | None = None
    account: str | None = None
    status: int | None = None
    upstream_status: int | None = None
    duration_ms: int | None = None
    stripe_request_id: str | None = None
    bytes_in: int = 0
    bytes_out: int = 0
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ClosedCall:
    """How a call that went up ended: `ANSWERED`, or the code of a refusal."""

    outcome: str
    status: int | None
    upstream_status: int | None = None
    duration_ms: int = 0
    stripe_request_id: str | None = None
    bytes_in: int = 0
    bytes_out: int = 0


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls are meant; None means any. `since` is included, `before` is not."""

    since: datetime | None = None
    before: datetime | None = None
    caller_id: str | None = None
    mode: Mode | None = None
    outcome: str | None = None
    account: str | None = None


def account_word(given: str | None) -> str | None:
    """Return an account's id if it has the look of one, else nothing: it came from outside.

    >>> account_word("acct_1Ada"), account_word("acct_1/../x")
    ('acct_1Ada', None)
    """
    return given if given is not None and _ACCOUNT.match(given) else None


def method_word(given: str) -> str:
    """Return a method that could be one of HTTP's, else `OTHER`."""
    return given if _METHOD.match(given) else "OTHER"


def request_word(given: str | None) -> str | None:
    """Return one of Stripe's request ids if it has the look of one, else nothing."""
    return given if given is not None and _REQUEST.match(given) else None


def address_word(given: str | None) -> str | None:
    """Return an address of the internet protocol, else nothing.

    >>> address_word("2001:DB8::1"), address_word("unix:/run/x")
    ('2001:db8::1', None)
    """
    if given is None:
        return None
    try:
        return str(ip_address(given))
    except ValueError:
        return None
