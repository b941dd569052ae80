"""Where do events go, in Stripe's second generation? Destinations, and events in thin form.

A destination is an endpoint that says by scopes whose events it wants, and in which form. A thin
event has no facts of its own: it is another way to tell of an event that is there.

Source: Stripe's API reference, "Event destinations" and "Events" (v2), API version 2026-10-28.
"""

from aboard.sandbox.events import Endpoint, Event

SELF, ACCOUNTS = "@self", "@accounts"
PING = "v2.core.event_destination.ping"
_SECOND_GENERATION = "v2."
_WITH_THIN_FORM = ("account.", "capability.", "person.")
_TEST, _LIVE = "evt_test_61", "evt_61"


class Destination(Endpoint):
    """An event destination of the type `webhook_endpoint`; `is_connect` says nothing here."""

    name: str = ""
    updated: int = 0
    is_thin: bool = False
    scopes: tuple[str, ...] = (SELF,)

    def __repr__(self) -> str:
        """Show which it is, never the secret."""
        return f"Destination(id={self.id!r})"

    def hears(self, kind: str) -> bool:
        """Say whether the destination asked for events of this type, in its own form."""
        if is_of_v2(kind):
            return False  # a ping is sent to one destination, and told to nobody else
        if not self.is_thin:
            return Endpoint.hears(self, kind)
        thin = thin_kind(kind)
        return thin is not None and ("*" in self.enabled_events or thin in self.enabled_events)

    def listens_to(self, account_id: str | None) -> bool:
        """Say whether events of this account (`None`: the platform's own) come here."""
        if account_id == self.owner:
            return SELF in self.scopes
        return self.owner is None and ACCOUNTS in self.scopes

    def takes_thin(self, kind: str) -> bool:
        """Say whether an event of this type is sent here in thin form."""
        return self.is_thin or is_of_v2(kind)


def is_of_v2(kind: str) -> bool:
    """Say whether events of this type exist in thin form alone."""
    return kind.startswith(_SECOND_GENERATION)


def thin_kind(kind: str) -> str | None:
    """Return what an event's type is called in thin form, or `None` where there is no such form."""
    if is_of_v2(kind):
        return kind
    return f"v1.{kind}" if kind.startswith(_WITH_THIN_FORM) else None


def thin_id(event: Event, *, livemode: bool) -> str:
    """Return the id of an event in thin form, which is another than that of its snapshot."""
    return (_LIVE if livemode else _TEST) + event.id.removeprefix("evt_")


def event_id_of(thin: str) -> str:
    """Return the id of the event that has this id in thin form; another id comes back as it is."""
    for prefix in (_TEST, _LIVE):
        if thin.startswith(prefix):
            return f"evt_{thin.removeprefix(prefix)}"
    return thin
