"""How much does an account weigh where there are very many, and what does opening them cost?

The short form runs in CI; `PROVE=1` makes 100,000 accounts. How fast they are answered for is
measured by `make bench` (B5).
"""

import gc
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import LINK, Wire

MANY = 100_000 if os.environ.get("PROVE") == "1" else 10_000
MOST_BYTES = 15_000
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


@pytest.mark.load
@pytest.mark.timeout(1200)
async def test_an_account_weighs_little(
    record_property: Callable[[str, object], None],
) -> None:
    wire = Wire(Sandbox())
    await _grow(wire, 300)
    gc.collect()
    before = _resident()
    await _grow(wire, MANY)
    gc.collect()
    weight = (_resident() - before) // MANY
    record_property("accounts", MANY)
    record_property("bytes each", weight)
    assert weight < MOST_BYTES


@pytest.mark.load
@pytest.mark.timeout(1200)
async def test_a_saved_sandbox_of_many_accounts_opens_without_reading_them_all(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = tmp_path / "worlds.db"
    opened = Sandbox(save=path)
    account_id = await _grow(Wire(opened), MANY)
    await opened.close()
    gc.collect()
    before, began = _resident(), time.perf_counter()
    opened = Sandbox(save=path)
    answer = await Wire(opened).send("GET", f"/v1/accounts/{account_id}")
    record_property("accounts", MANY)
    record_property("seconds to the first answer", round(time.perf_counter() - began, 3))
    assert answer.json["id"] == account_id
    assert (_resident() - before) / MANY < MOST_BYTES / 10
    listed = await Wire(opened).send("GET", "/v1/accounts?limit=2")
    assert listed.json["data"][0]["id"] == account_id
    await opened.close()
