"""Do webhooks go wrong as they were told to, and the same way again with the same seed?"""

import asyncio
import json

import pytest
import stripe

from aboard.sandbox import Chaos, Sandbox
from tests.sandbox.conftest import CUSTOM, NOW, Mailbox, Wire, client, free, listen


async def happen(sdk: stripe.StripeClient, times: int) -> None:
    """Let one account change so many times."""
    account = await sdk.v1.accounts.create_async(CUSTOM)
    for number in range(times):
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": str(number)}})


def numbers(mailbox: Mailbox) -> list[int]:
    """Return which change each letter told of, in the order they came."""
    objects = [json.loads(body)["data"]["object"] for _, _, body in mailbox.mail]
    return [int(each["metadata"]["a"]) for each in objects]


UPDATES = {"enabled_events": ["account.updated"]}


async def run(chaos: Chaos, times: int, *, seed: int = 1) -> tuple[Sandbox, Mailbox]:
    mailbox = Mailbox()
    sandbox = Sandbox(seed=seed, at=NOW, deliver=mailbox, chaos=chaos)
    sdk = client(sandbox)
    await listen(sdk, **UPDATES)
    await happen(sdk, times)
    await sandbox.deliver_due()
    return sandbox, mailbox


async def test_without_chaos_everything_comes_once() -> None:
    _, mailbox = await run(Chaos(), 5)
    assert sorted(numbers(mailbox)) == [0, 1, 2, 3, 4]


async def test_duplicate() -> None:
    sandbox, mailbox = await run(Chaos(duplicate=1.0), 3)
    assert sorted(numbers(mailbox)) == [0, 0, 1, 1, 2, 2]
    ids = [json.loads(body)["id"] for _, _, body in mailbox.mail]
    assert len(set(ids)) == 3
    (world,) = sandbox.worlds
    options: stripe.RequestOptions = {"stripe_account": next(iter(world.accounts)).id}
    events = await client(sandbox).v1.events.list_async({"type": "account.updated"}, options)
    assert {event.pending_webhooks for event in events.data} == {0}


async def test_drop() -> None:
    sandbox, mailbox = await run(Chaos(drop=1.0), 3)
    sandbox.clock.advance(100 * 3600)
    await sandbox.deliver_due()
    assert mailbox.mail == []
    shown = (await Wire(sandbox).send("GET", "/_sandbox/deliveries")).json["data"]
    assert {row["state"] for row in shown} == {"dropped"}
    sent = await Wire(sandbox).send("POST", f"/_sandbox/deliveries/{shown[0]['id']}/resend")
    assert sent.json["state"] == "succeeded"
    assert numbers(mailbox) == [2]


async def test_chances_repeat_with_the_seed() -> None:
    _, first = await run(Chaos(drop=0.5, duplicate=0.5), 40)
    _, second = await run(Chaos(drop=0.5, duplicate=0.5), 40)
    _, other = await run(Chaos(drop=0.5, duplicate=0.5), 40, seed=2)
    assert numbers(first) == numbers(second)
    assert numbers(first) != numbers(other)
    assert 8 <= len(set(numbers(first))) <= 32


async def test_delay() -> None:
    sandbox, mailbox = await run(Chaos(delay_seconds=60), 2)
    assert mailbox.mail == []
    sandbox.clock.advance(59)
    assert await sandbox.deliver_due() == 0
    sandbox.clock.advance(1)
    assert await sandbox.deliver_due() == 2


async def test_reverse() -> None:
    _, mailbox = await run(Chaos(is_reversed=True), 12)
    assert numbers(mailbox) == list(range(12))[::-1]


async def test_slow() -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await run(Chaos(slow_seconds=0.2), 1)
    assert loop.time() - began >= 0.2


class TestControl:
    async def test_set_and_ended(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire, mailbox: Mailbox
    ) -> None:
        await listen(sdk, **UPDATES)
        told = await wire.send("POST", "/_sandbox/chaos", {"drop": "1", "delay": "5"})
        assert told.json == {
            "object": "chaos",
            "duplicate": 0.0,
            "drop": 1.0,
            "delay": 5,
            "reverse": False,
            "slow": 0.0,
        }
        await happen(sdk, 1)
        await sandbox.deliver_due()
        assert mailbox.mail == []
        await wire.send("DELETE", "/_sandbox/chaos")
        await happen(sdk, 1)
        await sandbox.deliver_due()
        assert numbers(mailbox) == [0]

    async def test_of_one_endpoint(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire, mailbox: Mailbox
    ) -> None:
        await listen(sdk, **UPDATES)
        bad = await listen(sdk, **UPDATES, url="http://localhost/bad")
        await wire.send("POST", "/_sandbox/chaos", {"drop": "1", "endpoint": bad.id})
        await happen(sdk, 2)
        await sandbox.deliver_due()
        assert {url for url, _, _ in mailbox.mail} == {"http://localhost:3000/hook"}

    @pytest.mark.parametrize(
        ("form", "param"),
        [
            ({"drop": "1.5"}, "drop"),
            ({"duplicate": "-0.1"}, "duplicate"),
            ({"delay": "-1"}, "delay"),
            ({"slow": "61"}, "slow"),
            ({"reverse": "perhaps"}, "reverse"),
            ({"endpoint": "we_nobody"}, "endpoint"),
        ],
    )
    async def test_refused(self, wire: Wire, form: dict[str, str], param: str) -> None:
        answer = await wire.send("POST", "/_sandbox/chaos", free(form))
        assert (answer.status, answer.error["param"]) == (400, param)
