"""Is a sandbox of very many accounts as quick as one of ten, and how much does each one weigh?

`ABOARD_ACCOUNTS=100000` takes the full number; the short form takes 10,000.
"""

import gc
import os
import re
import statistics
import time
from pathlib import Path
from typing import Any

import pytest

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import LINK, Wire

MANY = int(os.environ.get("ABOARD_ACCOUNTS", "10000"))
MOST_BYTES = 15_000
FLAT = 1.2
PREFILLED: dict[str, str] = {
    "type": "express",
    "country": "US",
    "business_type": "individual",
    "capabilities[card_payments][requested]": "true",
    "capabilities[transfers][requested]": "true",
    "individual[last_name]": "Rosen",
    "individual[dob][day]": "1",
    "individual[dob][month]": "1",
    "individual[dob][year]": "1990",
    "individual[address][line1]": "address_full_match",
    "individual[address][city]": "San Francisco",
    "individual[address][state]": "CA",
    "individual[address][postal_code]": "94103",
    "business_profile[mcc]": "5734",
}


def _resident() -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text("utf-8"))
    assert found is not None
    return int(found[1]) * 1024


async def _grow(wire: Wire, count: int) -> str:
    account_id = ""
    for number in range(count):
        form = {
            **PREFILLED,
            "individual[first_name]": f"Jenny {number}",
            "email": f"jenny-{number}@example.com",
            "business_profile[url]": f"https://shop-{number}.example.com",
        }
        key = f"key-{time.perf_counter_ns()}"
        made = await wire.send("POST", "/v1/accounts", form, idempotency_key=key)
        assert made.status == 200
        account_id = made.json["id"]
        linked = await wire.send("POST", "/v1/account_links", {"account": account_id, **LINK})
        assert linked.status == 200
    return account_id


async def _seconds(wire: Wire, method: str, path: str, form: dict[str, Any] | None) -> float:
    taken = []
    for _ in range(300):
        began = time.perf_counter()
        answer = await wire.send(method, path, form)
        taken.append(time.perf_counter() - began)
        assert answer.status == 200
    return statistics.median(taken)


@pytest.mark.load
@pytest.mark.timeout(600)
async def test_many_accounts_weigh_little_and_are_as_quick_as_ten() -> None:
    few, many = Wire(Sandbox()), Wire(Sandbox())
    some_id = await _grow(few, 10)
    await _grow(many, 300)
    gc.collect()
    before = _resident()
    last_id = await _grow(many, MANY)
    gc.collect()
    assert (_resident() - before) / MANY < MOST_BYTES
    for method, path, form in (
        ("GET", "/v1/accounts/{account}", None),
        ("GET", "/v1/accounts?limit=3", None),
        ("GET", "/v1/events?limit=3", None),
        ("POST", "/v1/accounts", {"type": "express"}),
        ("POST", "/v1/account_links", LINK),
    ):
        asked = [
            (wire, path.format(account=each), form and {**form, **_named(path, each)})
            for wire, each in ((few, some_id), (many, last_id))
        ]
        ratios = []
        for _ in range(5):
            small, large = [await _seconds(wire, method, at, sent) for wire, at, sent in asked]
            ratios.append(large / small)
        assert statistics.median(ratios) < FLAT, f"{method} {path}: {ratios}"


def _named(path: str, account_id: str) -> dict[str, str]:
    return {"account": account_id} if path == "/v1/account_links" else {}


@pytest.mark.load
@pytest.mark.timeout(600)
async def test_a_saved_sandbox_of_many_accounts_answers_within_a_second(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("saved") / "worlds.db"
    opened = Sandbox(save=path)
    account_id = await _grow(Wire(opened), MANY)
    await opened.close()
    began = time.perf_counter()
    opened = Sandbox(save=path)
    answer = await Wire(opened).send("GET", f"/v1/accounts/{account_id}")
    assert answer.json["id"] == account_id
    assert time.perf_counter() - began < 1
    await opened.close()
