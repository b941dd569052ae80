"""What happened, and who wants to know? Events as Stripe tells them, and endpoints that listen.

An event's object is the v1 view at that moment, rendered once: later changes do not touch it.

Source: Stripe's API reference, "Events" and "Webhook endpoints"; API version 2026-10-28.
"""

from msgspec import Struct

from aboard.sandbox.chaos import Chaos

API_VERSION = "2026-10-28.endive"
MUST_BE_NAMED = frozenset({"issuing_authorization.request", "charge.updated"})


class Cause(Struct, frozen=True):
    """The request that made something happen; empty when it happened by itself."""

    request_id: str | None = None
    idempotency_key: str | None = None


class Endpoint(Struct):
    """A webhook endpoint. `owner` is the connected account that made it, if not the platform."""

    id: str
    created: int
    url: str
    enabled_events: tuple[str, ...]
    is_connect: bool
    secret: str
    owner: str | None = None
    api_version: str | None = None
    description: str | None = None
    is_disabled: bool = False
    metadata: dict[str, str] = {}
    chaos: Chaos | None = None
    """What goes wrong on the way to it; `None`: what goes wrong on the way to all."""

    def __repr__(self) -> str:
        """Show which it is, never the secret."""
        return f"Endpoint(id={self.id!r})"

    def hears(self, kind: str) -> bool:
        """Say whether the endpoint asked for events of this type."""
        if "*" in self.enabled_events and kind not in MUST_BE_NAMED:
            return True
        return kind in self.enabled_events

    def listens_to(self, account_id: str | None) -> bool:
        """Say whether events of this account (`None`: the platform's own) come here."""
        if self.owner is not None:
            return account_id == self.owner
        return self.is_connect is (account_id is not None)


class Event(Struct):
    """One thing that happened. `account_id` is the connected account's, `None` the platform's."""

    id: str
    kind: str
    created: int
    account_id: str | None
    object_json: bytes
    previous_json: bytes | None
    cause: Cause
    pending: int = 0
    """Deliveries that have not succeeded yet."""


class Attempt(Struct, frozen=True):
    """One try to deliver: when (unix seconds), and the status or the kind of failure."""

    at: int
    status: int | None
    failure: str | None
    milliseconds: int = 0
    """How long the receiver took, in real time."""
    is_manual: bool = False

    @property
    def is_success(self) -> bool:
        """Say whether the receiver took it: any 2xx, and nothing else."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own


class Delivery(Struct):
    """Sending one event to one endpoint: every attempt is remembered."""

    id: str
    event_id: str
    kind: str
    account_id: str | None
    """Whose event it is: a connected account's, or the platform's (`None`)."""
    endpoint_id: str
    endpoint_owner: str | None
    created: int
    next_at: int | None
    """When it is tried next (unix seconds); `None`: never again by itself."""
    attempts: list[Attempt] = []
    is_dropped: bool = False
    """Chaos has it that the event never comes."""
    is_extra: bool = False
    """Chaos has it that the event comes twice; this is the second time."""

    @property
    def has_succeeded(self) -> bool:
        """Say whether one of the attempts was taken."""
        return any(attempt.is_success for attempt in self.attempts)

    @property
    def state(self) -> str:
        """Return `succeeded`, `pending`, `dropped` or `failed`."""
        if self.has_succeeded:
            return "succeeded"
        if self.next_at is not None:
            return "pending"
        return "dropped" if self.is_dropped and not self.attempts else "failed"
