"""How is a world carried away, and put back? Everything in it, as lines of JSON.

The lines hold the secrets that the world gave out, or it would not be the same world elsewhere.
The keys that open worlds are not in them.
"""

from aboard.sandbox.control.desk import WORLD, Answer, Visitor, the_world
from aboard.sandbox.saving import lines
from aboard.sandbox.saving.kinds import Unreadable
from aboard.sandbox.wire.errors import bad
from aboard.sandbox.wire.keys import read_key


def export_worlds(visitor: Visitor) -> bytes:
    """Give all worlds, or the one that is named, as lines of JSON. They hold secrets, no key."""
    is_one = any(visitor.params.get(name) is not None for name in (*WORLD, "account"))
    return lines.export(visitor.worlds, the_world(visitor) if is_one else None)


def import_worlds(visitor: Visitor) -> Answer:
    """Be what was exported (the body); with `key`, its one world is the world behind that key."""
    key = visitor.params.get("key")
    try:
        lines.load(visitor.worlds, visitor.body, None if key is None else read_key(f"Bearer {key}"))
    except Unreadable as problem:
        raise bad(str(problem)) from problem
    visitor.worlds.wake()
    return {"object": "sandbox", "worlds": len(tuple(visitor.worlds))}
