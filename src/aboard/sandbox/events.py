"""What happened, and who wants to know? Events as Stripe tells them, and endpoints that listen.

An event's object is the v1 view at that moment, rendered once: later changes do not touch it.

Source: Stripe's API reference, "Events" and "Webhook endpoints"; API version 2026-10-28.
"""

from msgspec import Struct

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
    is_delivered: bool = True


class Attempt(Struct, frozen=True):
    """One try to deliver: when (unix seconds), and the status or the kind of failure."""

    at: int
    status: int | None
    failure: str | None

    @property
    def is_success(self) -> bool:
        """Say whether the receiver took it: any 2xx, and nothing else."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own


class Delivery(Struct):
    """Sending one event to one endpoint: every attempt is remembered."""

    id: str
    event: Event
    endpoint: Endpoint
    created: int
    next_at: int | None
    attempts: list[Attempt] = []
    is_being_sent: bool = False

    @property
    def has_succeeded(self) -> bool:
        """Say whether one of the attempts was taken."""
        return any(attempt.is_success for attempt in self.attempts)

    @property
    def state(self) -> str:
        """Return `succeeded`, `pending` or `failed`."""
        if self.has_succeeded:
            return "succeeded"
        return "failed" if self.next_at is None else "pending"
