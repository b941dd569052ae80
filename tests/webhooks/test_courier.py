"""Does a parcel arrive as Standard Webhooks says, and nowhere else than it was sent?"""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from standardwebhooks import Webhook

from aboard.core.deliveries import Answered
from aboard.core.secret import Secret
from aboard.flows.post import Parcel
from aboard.webhooks.courier import Courier, retry_after_seconds
from tests.certificates import write_certificate
from tests.webhooks.receiver import Receiver, receiving

SECRETS = tuple(Secret(f"whsec_{letter * 32}") for letter in "QZ")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


class Names(AbstractResolver):
    """Leads every name to the same addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0)
            for each in self._addresses
        ]

    async def close(self) -> None:
        return


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


def parcel(url: str, sent_at: datetime = NOW) -> Parcel:
    return Parcel(url, "ann_1", sent_at, b'{"event_id":"ann_1"}', SECRETS)


async def sent(url: str, *, seconds: float = 5.0, names: Names | None = None) -> Answered:
    courier = Courier(timeout_seconds=seconds, resolver=names)
    try:
        return await courier.send(parcel(url))
    finally:
        await courier.close()


async def test_the_official_library_believes_it(receiver: Receiver) -> None:
    courier = Courier()
    answered = await courier.send(parcel(f"{receiver.url}/a?b=1", datetime.now(UTC)))
    await courier.close()
    assert (answered.status, answered.cause) == (204, None)
    [heard] = receiver.at("/a?b=1")
    for secret in SECRETS:
        assert Webhook(secret.reveal()).verify(heard.body, heard.headers) == {"event_id": "ann_1"}
    assert heard.headers["content-type"] == "application/json"
    assert heard.event_id == "ann_1"


@pytest.mark.parametrize(
    ("mood", "status", "cause"),
    [
        ("500", 500, None),
        ("410", 410, None),
        ("redirect", 307, None),
        ("endless", 200, None),
        ("reset", None, "broken_off"),
        ("half", None, "broken_off"),
        ("garbage", None, "no_http"),
        ("hang", None, "timeout"),
    ],
)
async def test_whatever_it_does_is_an_answer(
    receiver: Receiver, mood: str, status: int | None, cause: str | None
) -> None:
    receiver.moods["/"] = [mood]
    seconds = 0.3 if mood == "hang" else 5.0
    answered = await sent(f"{receiver.url}/", seconds=seconds)
    assert (answered.status, answered.cause) == (status, cause)
    assert 0 <= answered.seconds < 3
    assert not receiver.at("/elsewhere")


async def test_who_is_not_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert (await sent(f"http://127.0.0.1:{port}/")).cause == "unreachable"


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "127.0.0.1", "::1", "fe80::1", "::ffff:169.254.169.254"]
)
async def test_a_name_that_leads_to_a_forbidden_address_is_not_followed(
    receiver: Receiver, address: str
) -> None:
    port = receiver.url.rpartition(":")[2]
    answered = await sent(f"http://inner.example:{port}/", names=Names(address))
    assert (answered.status, answered.cause) == (None, "address_forbidden")
    assert not receiver.heard


async def test_one_good_address_among_forbidden_ones_is_taken(receiver: Receiver) -> None:
    port = receiver.url.rpartition(":")[2]
    names = Names("169.254.169.254", "127.0.0.1")
    assert (await sent(f"http://localhost:{port}/", names=names)).status == 204


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[::ffff:a9fe:a9fe]", "[::]"])
async def test_a_forbidden_number_is_refused_without_a_look(host: str) -> None:
    assert (await sent(f"http://{host}/")).cause == "address_forbidden"


@pytest.mark.parametrize("host", ["2852039166", "0xa9fea9fe", "0251.0376.0251.0376"])
async def test_a_number_in_another_spelling_goes_nowhere(host: str) -> None:
    answered = await sent(f"http://{host}/", names=Names("169.254.169.254"))
    assert answered.cause in {"address_forbidden", "no_http"}


async def test_a_certificate_that_nobody_knows_is_not_believed(tmp_path: Path) -> None:
    async with receiving(write_certificate(tmp_path)) as receiver:
        answered = await sent(f"{receiver.url}/")
        assert (answered.status, answered.cause) == (None, "tls")
        assert not receiver.heard


async def test_many_at_once_do_not_wait_for_each_other(receiver: Receiver) -> None:
    receiver.moods["/stuck"] = ["hang"]
    courier = Courier(timeout_seconds=5.0)
    stuck = [asyncio.create_task(courier.send(parcel(f"{receiver.url}/stuck"))) for _ in range(120)]
    await receiver.until(lambda: receiver.hanging["/stuck"] == 120)
    assert (await courier.send(parcel(f"{receiver.url}/fine"))).status == 204
    for task in stuck:
        task.cancel()
    await asyncio.gather(*stuck, return_exceptions=True)
    await courier.close()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0),
        (" 120 ", 120),
        ("9" * 40, 999_999_999),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Sat, 21 Nov 2026 09:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 08:00:00 GMT", 0),
        ("Sat, 99 Nov 2026 08:00:00 GMT", None),
        ("\u0661\u0662", None),
    ],
)
def test_how_long_it_wants_to_be_left_alone(value: str | None, seconds: int | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds
