"""Under which secret is a subscriber told? It follows from a key of the settings; no row has it.

HMAC-SHA256 over the subscriber's id and the generation, in the form that Standard Webhooks gives
secrets. Whoever has the keys can make every secret again; whoever has the database can make none.

Source: ADR-0025, outgoing events; Standard Webhooks, the specification, "Signature scheme".
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from hmac import digest

from aboard.core.secret import Secret
from aboard.core.state import KeyRing
from aboard.core.subscribers import Generation, Subscriber

GRACE = timedelta(hours=24)
"""How long the secret before a rotation signs too, if nobody says otherwise."""
_PURPOSE = "aboard.subscriber.v1"


class SigningKeyMissing(Exception):
    """The key that a subscriber's secret is made by is not in the settings."""

    def __init__(self, key_id: str) -> None:
        """Name the key, never its value."""
        super().__init__(f"no key named {key_id!r}")
        self.key_id = key_id


def make_secret(keys: KeyRing | None, subscriber_id: str, generation: Generation) -> Secret:
    """Return a subscriber's signing secret of one generation: `whsec_` and base64.

    Raises:
        SigningKeyMissing: the key that it is made by is not in the ring.
    """
    key = None if keys is None else keys.keys.get(generation.key_id)
    if key is None:
        raise SigningKeyMissing(generation.key_id)
    words = f"{_PURPOSE}.{subscriber_id}.{generation.number}"
    raw = digest(key.reveal().encode(), words.encode(), "sha256")
    return Secret(f"whsec_{b64encode(raw).decode()}")


def signing_secrets(
    keys: KeyRing | None, subscriber: Subscriber, now: datetime
) -> Sequence[Secret]:
    """Return what signs now, the newest first: the secret, and during a rotation the one before.

    Raises:
        SigningKeyMissing: the key of the newest is not in the ring. Without the key of the one
            before, the newest signs alone.
    """
    secrets = [make_secret(keys, subscriber.id, subscriber.secret)]
    until = subscriber.previous_until
    if subscriber.previous is not None and until is not None and now < until:
        try:
            secrets.append(make_secret(keys, subscriber.id, subscriber.previous))
        except SigningKeyMissing:
            return secrets
    return secrets
