"""Sockets are taken before anything starts, and known by the address a browser would write."""

import socket

import pytest

from aboard.cli.exits import Refusal
from aboard.cli.servers import address_of, bind, port_of


def test_a_busy_port_gives_way_to_a_free_one_only_where_that_is_asked() -> None:
    with bind("127.0.0.1", 0) as first:
        with pytest.raises(Refusal, match="is taken"):
            bind("127.0.0.1", port_of(first))
        with bind("127.0.0.1", port_of(first), or_free=True) as second:
            assert port_of(second) != port_of(first)


def test_an_address_is_written_as_a_browser_writes_it() -> None:
    with bind("127.0.0.1", 0) as listener:
        port = port_of(listener)
        assert address_of("localhost", listener) == f"http://localhost:{port}"
        assert address_of("::1", listener) == f"http://[::1]:{port}"


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 on this machine")
def test_the_other_loopback_can_be_listened_on() -> None:
    with bind("::1", 0) as listener:
        assert listener.family == socket.AF_INET6
