"""Is a sandbox the same after it was written down and read back? And is rubbish refused whole?"""

import ast
import asyncio
import json
import random
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aboard.sandbox
from aboard.sandbox import Sandbox
from aboard.sandbox.account import Finding
from aboard.sandbox.saving.kinds import Codec, Unreadable, kind_of, name_of
from aboard.sandbox.world import World
from tests.sandbox.conftest import (
    CAPABILITIES,
    CUSTOM,
    EXPRESS,
    LINK,
    NOW,
    Mailbox,
    Wire,
    client,
    free,
)

SOURCE = Path(aboard.sandbox.__file__).parent
KEYS = ("sk_test_one", "sk_test_two", "sk_live_fake_three")


async def live_a_little(sandbox: Sandbox, dice: random.Random, steps: int) -> None:
    """Do what platforms and sellers do, at random."""
    for _ in range(steps):
        wire = Wire(sandbox, dice.choice(KEYS))
        account_id = await _any_account(wire, dice)
        path, form = dice.choice(_deeds(account_id, dice))
        key = {} if dice.random() < 0.7 else {"idempotency_key": f"key-{dice.random()}"}
        answer = await wire.send("POST", path, form, **key)
        assert answer.status < 500
    await sandbox.deliver_due()


async def _any_account(wire: Wire, dice: random.Random) -> str:
    found = (await wire.send("GET", "/v1/accounts?limit=100")).json["data"]
    return str(dice.choice(found)["id"]) if found else "acct_none"


def _deeds(account_id: str, dice: random.Random) -> list[tuple[str, Any]]:
    one = f"/v1/accounts/{account_id}"
    inside = f"/_sandbox/accounts/{account_id}"
    asked = "capabilities[transfers][requested]=true&capabilities[card_payments][requested]=true"
    name = dice.choice(["Zoë", "Åse", 'Q"\\', "x" * 40])
    return [
        ("/v1/accounts", f"type=express&country=US&{asked}"),
        ("/v1/accounts", f"type=custom&country=DE&business_type=individual&{asked}"),
        ("/v1/accounts", "type=standard&metadata[z]=1&metadata[a]=2&email=a@example.com"),
        (one, {"metadata[order]": str(dice.random()), "business_profile[name]": name}),
        ("/v1/account_links", {"account": account_id, **LINK}),
        (f"{one}/login_links", {}),
        (
            "/v1/webhook_endpoints",
            "url=http://localhost:3000/hook&enabled_events[]=*&connect=true",
        ),
        (f"{inside}/complete", {}),
        (f"{inside}/review", {}),
        (f"{inside}/reject", {}),
        (f"{inside}/lose", {"capability": "transfers"}),
        (f"{inside}/require", {"requirement": "company.tax_id", "in": "86400"}),
        (f"{inside}/deauthorize", {}),
        ("/_sandbox/clock", {"advance": str(dice.randrange(100_000))}),
    ]


def new(mailbox: Mailbox | None = None) -> Sandbox:
    return Sandbox(seed=1, at=NOW, deliver=mailbox or Mailbox())


def facts(sandbox: Sandbox) -> bytes:
    """Return an export without what depends on how fast this machine is."""
    return re.sub(rb'"milliseconds":\d+', b"", sandbox.export())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 40), st.sampled_from(["answering", "failing"]))
def test_what_was_exported_and_imported_is_the_same_and_goes_on_the_same(
    seed: int, steps: int, receiver: str
) -> None:
    async def story() -> None:
        dice = random.Random(seed)  # noqa: S311 - a test's choices
        failing = Mailbox(answers=[500] * 50 if receiver == "failing" else [])
        first = new(failing)
        await live_a_little(first, dice, steps)
        written = first.export()
        second = Sandbox(deliver=Mailbox(answers=list(failing.answers)))
        second.load(written)
        assert second.export() == written
        for sandbox in (first, second):
            await live_a_little(sandbox, random.Random(seed + 1), 10)  # noqa: S311 - as above
        assert facts(second) == facts(first)

    asyncio.run(story())


async def test_one_world_moves_behind_another_key_and_nothing_else_changes(
    sandbox: Sandbox, wire: Wire
) -> None:
    made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json["id"]
    other = Wire(sandbox, "sk_test_other")
    kept = (await other.send("POST", "/v1/accounts", {"type": "express"})).json["id"]
    written = sandbox.export("sk_test_aboard_sandbox")
    sandbox.load(written, "sk_test_copy")
    copy = Wire(sandbox, "sk_test_copy")
    assert (await copy.send("GET", f"/v1/accounts/{made}")).status == 200
    assert (await wire.send("GET", f"/v1/accounts/{made}")).status == 200
    assert (await other.send("GET", f"/v1/accounts/{kept}")).status == 200
    with pytest.raises(LookupError, match="no world"):
        sandbox.export("sk_test_nobody")
    with pytest.raises(Unreadable, match="more than one world"):
        sandbox.load(sandbox.export(), "sk_test_copy")


async def test_the_official_sdk_goes_on_in_an_imported_world(sandbox: Sandbox) -> None:
    sdk = client(sandbox)
    account = await sdk.v1.accounts.create_async(free({**CUSTOM, "metadata": {"b": "1", "a": "2"}}))
    again = Sandbox()
    again.load(sandbox.export())
    next_here = await client(sandbox).v1.accounts.create_async(EXPRESS)
    next_there = await client(again).v1.accounts.create_async(EXPRESS)
    assert next_here.id == next_there.id
    read = await client(again).v1.accounts.retrieve_async(account.id)
    assert json.dumps(read.to_dict()) == json.dumps(account.to_dict())
    events = await client(again).v1.events.list_async(options={"stripe_account": account.id})
    assert len(events.data) == len(CAPABILITIES)


def _broken(written: bytes) -> list[tuple[str, bytes]]:
    lines = written.splitlines(keepends=True)
    thing = next(line for line in lines if line.startswith(b'["account.Account"'))

    def put(line: bytes) -> bytes:
        return written.replace(thing, line)

    return [
        ("end", b""),
        ("end", written[:-1]),
        ("begin like one", b"\n"),
        ("begin like one", b"{}\n"),
        ("begin like one", b"[1]\n"),
        ("begin like one", b"\x00\xff\n"),
        ("begin like one", b"\x80\x04\x95\n"),
        ("version 2", written.replace(b'{"aboard_sandbox":1', b'{"aboard_sandbox":2', 1)),
        ("version", written.replace(b'{"aboard_sandbox":1', b'{"aboard_sandbox":"1"', 1)),
        ("no last line", b"".join(lines[:-1])),
        ("lines are missing", b"".join(lines[:-2] + lines[-1:])),
        ("worlds are missing", written.replace(b'"worlds":1', b'"worlds":2', 1)),
        ("first line", written.replace(b'"worlds":1', b'"worlds":null', 1)),
        ("does not exist", put(b'["os.system","*","a",{}]\n')),
        ("does not exist", put(b'["../account.Account","*","a",{}]\n')),
        ("does not know", put(b'["account.Nothing","*","a",{}]\n')),
        ("does not know", put(b'["nothing.Account","*","a",{}]\n')),
        ("cannot be read", put(b'["world.World","*","a",{}]\n')),
        ("cannot be read", put(b'["world.Account","*","a",{}]\n')),
        ("not whole", put(b'["account.Account","*","a",{}]\n')),
        ("not whole", put(b'["account.Account","*","a",7]\n')),
        ("no thing", put(b'["account.Account"]\n')),
        ("begins no world", put(b'{"world":{"seal":1}}\n')),
        ("no Stripe", written.replace(b'"platform_country":"US"', b'"platform_country":"UT"')),
        ("no Stripe", written.replace(b'"country":"US"', b'"country":"ZZ"')),
        ("out of range", written.replace(b'"count":', b'"count":-', 1)),
        (
            "was there before",
            written.replace(thing, thing * 2).replace(lines[-1], b'{"end":%d}\n' % len(lines)),
        ),
    ]


async def test_what_is_no_export_is_refused_and_nothing_changes(
    sandbox: Sandbox, wire: Wire
) -> None:
    await wire.send("POST", "/v1/accounts", {"type": "express"})
    written = sandbox.export()
    for reason, rubbish in _broken(written):
        with pytest.raises(Unreadable, match=reason):
            sandbox.load(rubbish)
        assert sandbox.export() == written, reason


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_export_is_read_or_refused_never_half(data: st.DataObject) -> None:
    written = bytearray(_SMALL)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(written) - 1))
        written[place] = data.draw(st.integers(0, 255))
    sandbox = new()
    before = sandbox.export()
    try:
        sandbox.load(bytes(written))
    except Unreadable:
        assert sandbox.export() == before
    else:
        sandbox.export()


def _small() -> bytes:
    async def story() -> bytes:
        sandbox = new()
        await live_a_little(sandbox, random.Random(7), 12)  # noqa: S311 - a test's choices
        return sandbox.export()

    return asyncio.run(story())


_SMALL = _small()


def test_the_same_state_is_written_with_the_same_bytes_whatever_the_order_of_sets() -> None:
    names = [f"stop_{number}" for number in range(50)]
    written = {
        Codec(Finding).encode(Finding("a", "b", "c", frozenset(order)))
        for order in (names, names[::-1])
    }
    assert len(written) == 1
    assert json.loads(written.pop())["stops"] == sorted(names)


def _kinds_on_shelves() -> set[str]:
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="shelf" | "find" | "of"), args=[ast.Name(id=name), *_]
                ) if name[0].isupper():
                    found.add(_qualified(path, name))
    return found


def _qualified(path: Path, name: str) -> str:
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    found = getattr(__import__(f"aboard.sandbox.{module}", fromlist=[name]), name)
    assert isinstance(found, type)
    return name_of(found)


def test_every_kind_that_stands_on_a_shelf_can_be_written_and_read() -> None:
    found = _kinds_on_shelves()
    assert {"account.Account", "events.Event", "events.Endpoint"} <= found
    for name in sorted(found):
        kind = kind_of(name)
        Codec(kind)
        assert msgspec.json.schema(kind), name


def test_a_kind_that_could_not_be_saved_is_refused_with_what_to_do() -> None:
    class Note:
        pass

    with pytest.raises(TypeError, match="make it a msgspec Struct"):
        new().world(KEYS[0]).shelf(Note)


CARRIED = {"accounts", "agenda", "application_id", "deliveries", "ids", "links", "seal"} | {
    "login_links",
    "platform",
    "policy",
    "replies",
    "replies_v2",
    "shelves",
    "swept_at",
}
NOT_CARRIED = {"cause", "conjured", "clock", "livemode", "news", "requests", "wake", "keeper"}


def test_nothing_of_a_world_is_forgotten() -> None:
    """A new attribute stands on a shelf, or in `saving.lines.WorldState`, or is listed here."""
    assert set(World.__slots__) == CARRIED | NOT_CARRIED
