"""Sockets are taken before anything starts, and known by the address a browser would write."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

import pytest

from aboard.cli.exits import Refusal
from aboard.cli.servers import address_of, bind, listening, port_of, run


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


def test_who_comes_new_does_not_wait_behind_a_busy_loop() -> None:
    crowd = 32
    heard: list[int] = []
    turns = 0

    async def app(
        scope: dict[str, Any], _receive: object, send: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> None:
        if scope["type"] != "http":
            raise RuntimeError
        heard.append(turns)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def serve() -> None:
        nonlocal turns
        with bind("127.0.0.1", 0) as listener:
            port = port_of(listener)
            async with listening(app, listener):
                with ExitStack() as stack:
                    # The kernel takes them all; the loop has not turned since.
                    for _ in range(crowd):
                        caller = socket.create_connection(("127.0.0.1", port))
                        stack.enter_context(caller).sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
                    for _ in range(10 * crowd):
                        if len(heard) == crowd:
                            break
                        turns += 1
                        await asyncio.sleep(0)

    run(serve())
    assert len(heard) == crowd
    assert max(heard) - min(heard) < crowd / 4
