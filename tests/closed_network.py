"""Does a test reach for a host that is not this machine?

A plugin of the suite: an audit hook refuses to look up or to connect to anything but loopback,
and the test that tried fails even when the code under test swallowed the refusal.
"""

import sys
from collections.abc import Generator
from ipaddress import ip_address

import pytest

_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_SENDS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_strays: list[str] = []


class NetworkClosed(OSError):
    """A test tried to leave this machine."""


def _is_here(host: object) -> bool:
    if host is None or host in {"", "localhost", b"localhost"}:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_strays(event: str, args: tuple[object, ...]) -> None:
    if event in _LOOKUPS:
        host = args[0]
    elif event in _SENDS and isinstance(args[1], tuple):  # a string is a Unix socket's path
        host = args[1][0]
    else:
        return
    if not _is_here(host):
        _strays.append(f"{event} {host!r}")
        raise NetworkClosed(f"the network is closed to tests: {event} {host!r}")


def pytest_configure() -> None:
    """Close the network for good: an audit hook cannot be taken away."""
    sys.addaudithook(_refuse_strays)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail the phase in which a stray host was asked for."""
    report = yield
    if _strays:
        report.outcome = "failed"
        report.longrepr = "STRAY HOST: nothing leaves this machine.\n" + "\n".join(_strays)
        _strays.clear()
    return report
