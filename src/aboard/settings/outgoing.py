"""By which keys are the signing secrets of subscribers made, if anybody is told what happens?

Source: docs/webhooks.md, what Aboard tells you; ADR-0025, outgoing events.
"""

from aboard.core.secret import Secret
from aboard.core.state import KeyRing
from aboard.settings.sources import Sources


def read_outgoing_keys(given: Sources) -> KeyRing | None:
    """Return the keys, the first for new secrets; None without any, and then nobody is added."""
    rows = given.listed("OUTGOING_KEYS")
    if not rows:
        return None
    if not all(":" in row for row in rows):  # before anything could name a key as if it were an id
        given.problem("OUTGOING_KEYS", "must be `id:key`, with at least 32 random characters")
        return None
    pairs = [row.partition(":") for row in rows]
    if len({name for name, _, _ in pairs}) < len(pairs):
        given.problem("OUTGOING_KEYS", "names two keys alike; each id stands for one key")
        return None
    return given.checked(
        "OUTGOING_KEYS",
        lambda: KeyRing(pairs[0][0], {name: Secret(key) for name, _, key in pairs}),
        None,
    )
