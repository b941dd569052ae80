"""Which of the two webhook endpoints is meant? Platform and Connect have their own secrets.

Source: Stripe's Connect webhooks; docs/webhooks.md.
"""

from enum import StrEnum


class Endpoint(StrEnum):
    """The endpoint for our own account's events, and the one for connected accounts' events."""

    PLATFORM = "platform"
    CONNECT = "connect"
