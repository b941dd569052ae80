"""Which deliveries are there, and which is due next? The outgoing webhooks of one world.

What waits is found by its time without looking at the rest; of what is over only the latest are
remembered.
"""

import heapq
from collections import deque

from aboard.sandbox.events import Delivery, Endpoint
from aboard.sandbox.ledger import Ledger

MOST_OVER = 10_000


class Outbox:
    """A shelf of deliveries, and a heap of those that have an attempt before them."""

    __slots__ = ("_due", "_is_read", "_over", "shelf")

    def __init__(self, shelf: Ledger[Delivery]) -> None:
        """Begin with what stands on the shelf, which is read when it is first needed."""
        self.shelf = shelf
        self._due: list[tuple[int, int, str]] = []
        self._over: deque[str] = deque()
        self._is_read = False

    def add(self, delivery: Delivery) -> None:
        """Remember a delivery; with `next_at` it is due then."""
        self._read()
        self.shelf.add(delivery.id, delivery)
        self.schedule(delivery)

    def schedule(self, delivery: Delivery) -> None:
        """Note when a delivery is due, or that it is over: `next_at` says it."""
        if delivery.next_at is not None:
            place = self.shelf.place_of(delivery.id)
            heapq.heappush(self._due, (delivery.next_at, place, delivery.id))
            return
        self._over.append(delivery.id)
        while len(self._over) > MOST_OVER:
            oldest = self._over.popleft()
            if oldest in self.shelf:
                self.shelf.remove(oldest)

    def take_due(self, now: int) -> list[Delivery]:
        """Take out what is due, oldest first: whoever takes it tries it and schedules it again."""
        self._read()
        taken: dict[str, Delivery] = {}
        while self._due and self._due[0][0] <= now:
            at, _, delivery_id = heapq.heappop(self._due)
            delivery = self.shelf.get(delivery_id)
            if delivery is not None and delivery.next_at == at:
                taken[delivery_id] = delivery
        return list(taken.values())

    def next_at(self) -> int | None:
        """Return when something is due next (unix seconds), at the earliest."""
        self._read()
        return self._due[0][0] if self._due else None

    def drop(self, endpoint: Endpoint) -> None:
        """Send nothing more to an endpoint, not even what was due."""
        for delivery in self.shelf:
            if delivery.endpoint_id == endpoint.id and delivery.next_at is not None:
                delivery.next_at = None
                self.shelf.touch(delivery.id)
                self.schedule(delivery)

    def _read(self) -> None:
        if self._is_read:
            return
        self._is_read = True
        for delivery in self.shelf:
            self.schedule(delivery)
