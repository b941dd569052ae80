"""Which types of thin events are there? All that a destination may ask for.

Source: Stripe's API reference, "Types of events" (v2), API version 2026-10-28: what onboarding
tells in thin form alone, and the thin forms of v1's events.
"""

from aboard.sandbox.v1.event_types import EVENT_TYPES

_OF_V2 = (
    "v2.core.account.closed",
    "v2.core.account.created",
    "v2.core.account.updated",
    "v2.core.account[configuration.customer].capability_status_updated",
    "v2.core.account[configuration.customer].updated",
    "v2.core.account[configuration.merchant].capability_status_updated",
    "v2.core.account[configuration.merchant].updated",
    "v2.core.account[configuration.recipient].capability_status_updated",
    "v2.core.account[configuration.recipient].updated",
    "v2.core.account[defaults].updated",
    "v2.core.account[future_requirements].updated",
    "v2.core.account[identity].updated",
    "v2.core.account[requirements].updated",
    "v2.core.account_link.returned",
    "v2.core.account_person.created",
    "v2.core.account_person.deleted",
    "v2.core.account_person.updated",
    "v2.core.event_destination.ping",
)
THIN_TYPES = frozenset({*_OF_V2, *(f"v1.{kind}" for kind in EVENT_TYPES)})
