"""Where does a call come from, in words that are safe to show and fair to count by?"""

from typing import Any, cast

import pytest
from litestar.types import Scope

from aboard.web.visitor import device_of, visitor_of

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


def scope(address: str | None, agent: bytes = b"") -> Scope:
    client: Any = None if address is None else (address, 1)
    return cast("Scope", {"client": client, "headers": [(b"user-agent", agent)]})


@pytest.mark.parametrize(
    ("address", "place", "masked"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.*"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.*"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::/64", "2001:db8:1:*"),
        ("2001:db8:1:2::9", "2001:0db8:0001:0002::/64", "2001:db8:1:*"),
        ("fe80::1%eth0", "fe80:0000:0000:0000::/64", "fe80:0:0:*"),
        ("words", "unknown", "unknown"),
        ("", "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_addresses(address: str | None, place: str, masked: str) -> None:
    visitor = visitor_of(scope(address))
    assert (visitor.address, visitor.masked_address) == (place, masked)
    assert "203.0.113.7" not in repr(visitor)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("python-requests/2.32 (words)", "python-requests/2.32"),
        ("", "unknown"),
        ("<script>alert(1)</script>", "unknown"),
        ("\u00e9\u00e9", "unknown"),
        ("\x1b[31mred", "unknown"),
        ("a" * 5000, "a" * 41),
    ],
)
def test_devices(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_a_very_long_agent_is_cut() -> None:
    device = visitor_of(scope("203.0.113.7", b"x" * 100_000 + b"Firefox/140")).device
    assert len(device) <= 60
