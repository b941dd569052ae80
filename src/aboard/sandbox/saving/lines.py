"""How is a sandbox carried away whole, and set up again? As lines of JSON.

The format, version 1, in UTF-8, one JSON value a line:

- `{"aboard_sandbox":1,"clock":{...},"policy":{...},"seed":...,"worlds":N}`
- `{"world":{...}}` for each world, followed by a line for each thing in it:
- `["account.Account","*","acct_...",{...}]`: kind, owner, key, and the thing's facts. The owner
  is a connected account's id, `null` for the platform, `"*"` for what has no shelf of its own.
- `{"end":LINES}`: how many lines came before, so that half a file is not taken for a whole one.

Worlds and things stand in the order in which they came, kinds and owners in alphabetical order:
the same state gives the same bytes. A change of the format that an older version could not read
gets the next version number.

Not carried: who is inside the hosted pages, the log of requests, and faults on order.
An export holds no key that opens a world, but what stands for it (`wire.keys.seal_of`); the
secrets that a world gave out are in it: link codes, signing secrets, account numbers.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from aboard.sandbox.account import Account
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.ids import Ids
from aboard.sandbox.saving.kinds import Unreadable, codec, kind_of, name_of
from aboard.sandbox.wire.keys import seal_of
from aboard.sandbox.world import Policy, World
from aboard.sandbox.worlds import Worlds

VERSION = 1
OF_THE_PROCESS = ("hosted_base", "is_lenient")
"""What of the policy is said at each start, and neither exported nor saved."""
_LARGEST = 1 << 62
_Place = tuple[str, str | None, str, Raw]


class ClockState(Struct):
    """Where the clock stands: `frozen_at` in unix seconds, or how far it is ahead."""

    offset_seconds: float = 0.0
    frozen_at: float | None = None


class Head(Struct):
    """The first line."""

    aboard_sandbox: int
    clock: ClockState
    policy: Raw
    seed: int | None
    worlds: int


class WorldState(Struct):
    """What a world has beside what stands on its shelves."""

    seal: str
    application_id: str
    platform: Raw
    seed: str | None
    count: int
    agenda: list[tuple[int, str]]
    swept_at: int


class WorldLine(Struct):
    """The line that begins a world."""

    world: WorldState


class EndLine(Struct):
    """The last line."""

    end: int


def state_of(world: World) -> WorldState:
    """Return what a world has beside its shelves."""
    return WorldState(
        seal=world.seal,
        application_id=world.application_id,
        platform=Raw(codec(Account).encode(world.platform)),
        seed=world.ids.seed,
        count=world.ids.count,
        agenda=list(world.agenda),
        swept_at=world.swept_at,
    )


def restore(world: World, state: WorldState) -> None:
    """Give a world what it had beside its shelves, which stand already.

    Raises:
        Unreadable: it could not have been so.
    """
    platform = codec(Account).decode(state.platform)
    if not isinstance(platform, Account) or not platform.is_platform:
        raise Unreadable("a world's platform is no platform")
    _check_country(platform.country)
    if not 0 <= state.count < _LARGEST:
        raise Unreadable("a world's count of ids is out of range")
    world.platform = platform
    world.application_id = state.application_id
    world.ids = Ids(state.seed, count=state.count)
    world.agenda = list(state.agenda)
    world.swept_at = state.swept_at


def encode_policy(policy: Policy) -> bytes:
    """Write down how the sandbox behaves, except what belongs to the process alone."""
    usual = {name: getattr(Policy(), name) for name in OF_THE_PROCESS}
    return msgspec.json.encode(msgspec.structs.replace(policy, **usual))


def decode_policy(data: bytes | Raw) -> Policy:
    """Read how a sandbox behaves.

    Raises:
        Unreadable: it is not that.
    """
    try:
        policy = msgspec.json.decode(data, type=Policy)
    except (msgspec.ValidationError, msgspec.DecodeError) as problem:
        raise Unreadable("the policy is not whole") from problem
    _check_country(policy.platform_country)
    return policy


def _check_country(country: str) -> None:
    if country not in COUNTRIES:
        raise Unreadable("there is no Stripe in a country that is named")


def export(worlds: Worlds, one: World | None = None) -> bytes:
    """Write down all worlds, or one of them."""
    chosen = tuple(worlds) if one is None else (one,)
    offset, frozen_at = worlds.clock.state
    head = Head(
        VERSION,
        ClockState(offset, frozen_at),
        Raw(encode_policy(worlds.policy)),
        worlds.seed,
        len(chosen),
    )
    lines = [msgspec.json.encode(head)]
    for world in chosen:
        lines.append(msgspec.json.encode(WorldLine(state_of(world))))
        lines.extend(_things(world))
    lines.append(msgspec.json.encode(EndLine(len(lines))))
    return b"\n".join(lines) + b"\n"


def _things(world: World) -> Iterator[bytes]:
    world.shelves.wake_all()
    shelves = [
        (name_of(kind), owner is not None, owner or "", kind, ledger)
        for kind, owner, ledger in world.shelves.every()
    ]
    shelves.sort(key=lambda shelf: shelf[:3])
    for name, _, _, kind, ledger in shelves:
        encode = codec(kind).encode
        for key, thing in ledger.items():
            yield msgspec.json.encode((name, ledger.owner, key, Raw(encode(thing))))


def load(worlds: Worlds, data: bytes, key: str | None = None) -> None:
    """Be what was exported: all worlds, the clock and the policy as they were.

    With `key`, one exported world becomes the world behind that key; everything else stays as it
    is. Nothing is changed unless everything can be read.

    Raises:
        Unreadable: this is no export, not a whole one, or one of a newer version.
    """
    lines = data.split(b"\n")
    if lines.pop() != b"" or not lines:
        raise Unreadable("it does not end where an export ends")
    head = _read_head(lines[0])
    end = _decode(lines[-1], EndLine, "it has no last line")
    if end.end != len(lines) - 1:
        raise Unreadable("it is not whole: lines are missing")
    policy = decode_policy(head.policy)
    for name in OF_THE_PROCESS:
        setattr(policy, name, getattr(worlds.policy, name))
    found = _read_worlds(worlds, lines[1:-1], key, policy if key is None else worlds.policy)
    if len(found) != head.worlds:
        raise Unreadable("it is not whole: worlds are missing")
    if key is not None:
        if len(found) != 1:
            raise Unreadable("it holds more than one world, and one was asked for")
        worlds.adopt(found[0][0])
        return
    worlds.reset()
    worlds.seed = head.seed
    for name in policy.__struct_fields__:
        setattr(worlds.policy, name, getattr(policy, name))
    worlds.clock.restore(head.clock.offset_seconds, head.clock.frozen_at)
    for world, _ in found:
        world.policy = worlds.policy
        worlds.adopt(world)


def _read_head(line: bytes) -> Head:
    first = _decode(line, dict[str, Any], "it does not begin like one")
    version = first.get("aboard_sandbox")
    if version is None:
        raise Unreadable("it does not begin like one")
    if version != VERSION:
        raise Unreadable(
            f"its format has version {str(version)[:20]}, and this Aboard reads version {VERSION}"
        )
    head: Head = _decode(line, Head, "its first line is not whole")
    return head


def _decode(line: bytes, kind: Any, problem: str) -> Any:  # noqa: ANN401 - whatever kind says
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as cause:
        raise Unreadable(problem) from cause


def _read_worlds(
    worlds: Worlds, lines: list[bytes], key: str | None, policy: Policy
) -> list[tuple[World, WorldState]]:
    read_thing = msgspec.json.Decoder(_Place)
    found: list[tuple[World, WorldState]] = []
    for number, line in enumerate(lines, start=2):
        if line.startswith(b"{"):
            state = _decode(line, WorldLine, f"line {number} begins no world").world
            if any(state.seal == other.seal for _, other in found):
                raise Unreadable(f"line {number} begins a world that was there before")
            found.append((worlds.make(seal_of(key) if key else state.seal, policy), state))
            continue
        if not found:
            raise Unreadable(f"line {number} belongs to no world")
        try:
            name, owner, thing_key, facts = read_thing.decode(line)
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as cause:
            raise Unreadable(f"line {number} is no thing") from cause
        world, _ = found[-1]
        kind = kind_of(name)
        shelf = world.shelf(kind, owner)
        if thing_key in shelf:
            raise Unreadable(f"line {number} has a thing that was there before")
        thing = codec(kind).decode(facts)
        if isinstance(thing, Account):
            _check_country(thing.country)
        shelf.add(thing_key, thing)
    for world, state in found:
        restore(world, state)
    return found
