"""What can go wrong on a webhook's way? Chaos that somebody asked for, the same for the same ids.

Each decision follows from the delivery's id alone, so that a sandbox with a seed repeats it.

Source: Stripe's documentation, "Webhooks": events may come twice, late, and in any order.
"""

from hashlib import blake2b

from msgspec import Struct

_MOST = float(1 << 64)


class Chaos(Struct, frozen=True):
    """How deliveries to endpoints go wrong; by default they do not.

    `duplicate` and `drop` are chances from 0 to 1: the event comes twice, or never does.
    `delay_seconds`: how much later it is sent, on the clock. `is_reversed`: what is due together
    goes newest first. `slow_seconds`: how long each attempt waits before it is sent, in real time.
    """

    duplicate: float = 0.0
    drop: float = 0.0
    delay_seconds: int = 0
    is_reversed: bool = False
    slow_seconds: float = 0.0

    def drops(self, delivery_id: str) -> bool:
        """Say whether this delivery is never made."""
        return _dice(b"drop", delivery_id) < self.drop

    def duplicates(self, delivery_id: str) -> bool:
        """Say whether this delivery is made twice."""
        return _dice(b"duplicate", delivery_id) < self.duplicate


NO_CHAOS = Chaos()


def _dice(purpose: bytes, delivery_id: str) -> float:
    digest = blake2b(delivery_id.encode(), digest_size=8, person=purpose).digest()
    return int.from_bytes(digest) / _MOST
