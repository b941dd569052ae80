"""Does anything that must stay shut come out under fire, and does every answered call have a row?

Good and hostile requests, cut, doubled and damaged, before an upstream that repeats the key it
was shown. The short form runs in CI; `PROVE=1` sends 50,000.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import unquote_to_bytes

import pytest

from aboard.core.lending.refusals import RULINGS, RefusalCode
from aboard.flows.limits import Allowance, MemoryLimits
from tests.gateway.conftest import TOKEN
from tests.gateway.gate import LIVE_MARKER, MARKER, Gate, open_gate
from tests.gateway.hostile import HOSTILE
from tests.gateway.recording import answer
from tests.gateway.speaking import Answered, read_answer, request
from tests.leaks import SecretsInPlay

IS_PROOF = os.environ.get("PROVE") == "1"
REQUESTS = 50_000 if IS_PROOF else 1_500
AT_ONCE = 16
PATIENCE_SECONDS = 0.15
FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"
LINK = b"account=acct_1&type=account_onboarding"
GOOD = (
    request("GET /v1/accounts/acct_1?expand[]=x", "TOKEN"),
    request("GET /v1/accounts", "TOKEN", "Stripe-Account: acct_1"),
    request("POST /v1/account_links", "TOKEN", FORM, "Idempotency-Key: k", body=LINK),
    request("POST /v2/core/account_links", "TOKEN", JSON, body=b'{"account":"acct_1"}'),
    request("DELETE /v1/accounts/acct_1", "TOKEN"),
    request("GET /whoami", "TOKEN"),
)
ODD = (
    b"\r\n", b"\n", b"\r", b"\x00", b"\xff", b" ", b"\t", b":", b"/", b"..", b"%2e", b"%2f", b"//",
    b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: y\r\n", b"?", b"#", b"@",
    b"Authorization: Bearer x\r\n", b"Stripe-Account: acct_2\r\n", b"TOKEN", b"\r\n\r\n",
    b"Connection: close\r\n", b"http://x/", b"Expect: 100-continue\r\n", b"0\r\n\r\n", b"&account=",
)  # fmt: skip
FROM_UPSTREAM = {
    RefusalCode.UPSTREAM_BROKEN_OFF,
    RefusalCode.UPSTREAM_GARBAGE,
    RefusalCode.UPSTREAM_TIMEOUT,
    RefusalCode.UPSTREAM_UNAVAILABLE,
}


class Roomy(MemoryLimits):
    """Limits that nobody reaches: even what strangers are refused leaves every row."""

    async def take(
        self, caller: str, operation: str, *, limit: int, window_seconds: int
    ) -> Allowance:
        return await super().take(
            caller, operation, limit=limit + REQUESTS, window_seconds=window_seconds
        )


class Fire:
    """Requests as they fall, by one seed."""

    def __init__(self, seed: int, token: str) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._token = token.encode()
        self._stock = [*GOOD * 20, *(data for data, _ in HOSTILE.values() if len(data) < 20_000)]

    def next(self) -> bytes:
        data = bytearray(self.dice.choice(self._stock))
        for _ in range(self.dice.choice((0, 0, 1, 1, 2, 3))):
            self._damage(data)
        return bytes(data).replace(b"TOKEN", self._token)

    def _damage(self, data: bytearray) -> None:
        at = self.dice.randrange(len(data) + 1)
        end = at + self.dice.randrange(1, 12)
        match self.dice.randrange(5):
            case 0:
                data[at:at] = self.dice.choice(ODD)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end]
            case 3:
                data[at : at + 1] = bytes([self.dice.randrange(256)])
            case _:
                data[at:end] = self.dice.choice(ODD)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with the key in every place where it could stand, and go."""
    del reader
    body = b'{"key":"' + MARKER.encode() + b'","half":"' + MARKER.encode()[:20] + b'"}'
    writer.write(answer(body, headers=(b"X-Key: " + MARKER.encode(),)))
    await writer.drain()


async def shoot(port: int, data: bytes) -> tuple[Answered | None, bytes]:
    """Say something; return the first answer, if there is one in time, and all that came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        with suppress(ConnectionError, TimeoutError):
            writer.write(data)
            async with asyncio.timeout(PATIENCE_SECONDS):
                found = await read_answer(reader)
                return found, found.head + found.body
        return None, b""
    finally:
        writer.transport.abort()


@pytest.mark.load
@pytest.mark.timeout(1800)
async def test_under_fire_nothing_comes_out_and_every_answer_has_a_row(
    database: str, secrets_in_play: SecretsInPlay, record_property: Callable[[str, object], None]
) -> None:
    secrets_in_play.add(MARKER)
    secrets_in_play.add(LIVE_MARKER)
    async with open_gate(database, limits=Roomy()) as gate:
        await under_fire(gate, record_property)


async def under_fire(gate: Gate, record_property: Callable[[str, object], None]) -> None:
    seed = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(2**31))
    fire = Fire(seed, await gate.caller())
    gate.recorder.usual = echo
    told: Counter[str] = Counter()
    ids: set[str] = set()

    async def one() -> None:
        data = fire.next()
        found, everything = await shoot(gate.port, data)
        assert MARKER.encode() not in everything, (seed, data)
        assert LIVE_MARKER.encode() not in everything, (seed, data)
        if found is None or not found.status:
            told["none"] += 1
            return
        name = found.header("aboard-request-id")
        assert name is not None, (seed, data, found)
        is_refused = found.status != 200 and found.body.startswith(b'{"error":')
        code = found.code if is_refused else "answered"
        told[code] += 1
        assert found.status < 500 or code in FROM_UPSTREAM, (seed, data, found)
        if b"whoami" not in data or is_refused:
            ids.add(name)
        if is_refused:
            assert found.status == RULINGS[RefusalCode(code)].status

    for _ in range(REQUESTS // AT_ONCE):
        await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    rows = {row.id for row in await gate.every_row()}
    assert ids - rows == set(), seed
    leaked = [text for text in gate.recorder.texts() if TOKEN.search(unquote_to_bytes(text))]
    assert leaked == [], seed
    record_property("requests", f"{REQUESTS}: {dict(told.most_common())}")
    record_property("seed", seed)
    assert told["answered"] > REQUESTS // 20
