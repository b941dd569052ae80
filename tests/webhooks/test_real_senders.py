"""Does a real server with real sockets stay small and open while thousands hang on it?

The slow requests that empty a server of its places: a head that is whole, a body that begins.
"""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from aboard.cli.servers import bind, listening, port_of
from aboard.webhooks import build_webhooks
from aboard.webhooks.waiting import Bounds
from tests.scene import Scene
from tests.webhooks.posting import CONNECT, event, post

pytestmark = pytest.mark.load

SENDERS = 6_000 if os.environ.get("PROVE") == "1" else 1_000
SAID = b"{" + b" " * 8_191
HEAD = (
    f"POST {CONNECT} HTTP/1.1\r\nHost: aboard.test\r\nContent-Type: application/json\r\n"
    "Content-Length: 100000\r\n\r\n"
).encode()
BOUNDS = Bounds(requests=300, size=8 << 20, patience_seconds=0.5, body_seconds=5.0)


def resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.timeout(300)
async def test_thousands_of_hanging_senders(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    listener = bind("127.0.0.1", 0)
    app = build_webhooks(scene.platform, BOUNDS)
    answers: list[bytes] = []
    readers: list[asyncio.Task[None]] = []

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answers.append(await reader.read())  # until the server hangs up
        finally:
            writer.close()

    async def crowd() -> None:
        for number in range(SENDERS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(listener))
            writer.write(HEAD + SAID)
            readers.append(asyncio.create_task(hang(reader, writer)))
            if number % 100 == 99:
                await asyncio.sleep(0.25)  # slower than places are freed

    async with listening(app, listener):
        before = resident_bytes()
        coming = asyncio.create_task(crowd())
        base = f"http://127.0.0.1:{port_of(listener)}"
        slowest, statuses = 0.0, []
        async with httpx2.AsyncClient(base_url=base, timeout=30) as poster:
            number = 0
            while not coming.done() or number < 50:
                began = time.perf_counter()
                answer = await post(scene, poster, CONNECT, event(f"evt_{number}"))
                slowest = max(slowest, time.perf_counter() - began)
                statuses.append(answer.status_code)
                number += 1
                await asyncio.sleep(0.02)
        await coming
        grown = resident_bytes() - before
        await asyncio.wait_for(asyncio.gather(*readers), 60)
    served = statuses.count(200)
    for name, value in (
        ("hanging senders", SENDERS),
        ("MiB that the process grew by, senders included", round(grown / (1 << 20))),
        ("webhooks that Stripe sent meanwhile", len(statuses)),
        ("of them answered with 200 at once", served),
        ("slowest of them, milliseconds", round(slowest * 1000)),
    ):
        record_property(name, value)
    # Everybody who hung was answered and hung up on; nobody holds a place or a connection.
    assert len(answers) == SENDERS
    told = {answer.split(b" ", 2)[1] for answer in answers}
    assert told <= {b"408", b"503"}
    assert all(b"connection: close" in answer.lower() for answer in answers)
    # A newcomer is turned away only while nobody has hung for long enough: Stripe rings again.
    assert set(statuses) <= {200, 503}
    assert served > len(statuses) * 0.5
    assert grown < BOUNDS.size + SENDERS * 48 * 1024
