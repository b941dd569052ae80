"""Does B2 count what waits, and is Stripe's latency what it says?"""

import asyncio
import json
import time
import urllib.request
from itertools import islice

import pytest

from benchmarks.load import Answer, Request, Run, drive
from benchmarks.syncing import stripe_running
from benchmarks.waiting_stripe import IDEAL, Waits


def answers(*moments: tuple[float, float]) -> Run:
    return Run([Answer(0, 200, b"", b"", seconds, at) for seconds, at in moments], 5.0)


def test_the_ideal_is_clients_divided_by_latency() -> None:
    assert pytest.approx(2666.67, abs=0.01) == IDEAL


def test_the_rate_counts_when_everybody_waits() -> None:
    run = answers((0.2, 0.4), (0.2, 0.6), (0.2, 1.0), (0.2, 1.5), (0.2, 1.7))
    assert run.steady_rate(0.5, 1.5) == 3.0


def test_waits_are_told_by_their_median_and_their_worst() -> None:
    waits = Waits()
    waits.take_in(answers(*((0.15, 1.0) for _ in range(99)), (0.3, 1.2)), 2.0)
    assert waits.note("aboard") == (
        "aboard: p50 150 ms, p99 300 ms: 2.00x Stripe's latency (moonshot under 1.3x)"
    )


def test_many_wait_at_once_and_each_for_as_long() -> None:
    asked = Request(0, b"GET /v1/account HTTP/1.1\r\nAuthorization: Bearer sk_test_x\r\n\r\n")
    with stripe_running(0.1, core=0) as stripe:
        began = time.perf_counter()
        run = asyncio.run(
            drive(
                stripe.server.port,
                islice(iter(lambda: asked, None), 100),
                connections=50,
                seconds=9,
            )
        )
        took = time.perf_counter() - began
        with urllib.request.urlopen(f"{stripe.api_base}/count") as told:  # noqa: S310 - loopback
            assert json.load(told) == {"links": 0}
    assert len(run.answers) == 100
    assert all(answer.seconds > 0.095 for answer in run.answers)
    assert took < 3


def test_whoever_hangs_up_leaves_the_others_counted() -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async def load() -> Run:
        async with await asyncio.start_server(once, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            asked = iter(lambda: Request(0, b"GET / HTTP/1.1\r\n\r\n"), None)
            return await drive(port, asked, connections=3, seconds=5, must_answer=False)

    run = asyncio.run(load())
    assert (len(run.answers), run.unanswered) == (3, 3)
