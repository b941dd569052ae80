"""What do the commands about subscribers share? Their platform, their refusals, their words.

Source: docs/webhooks.md, what Aboard tells you.
"""

from collections.abc import Mapping
from typing import Any

from aboard.cli import asking
from aboard.cli.exits import Exit, Refusal
from aboard.core.announcements import AnnouncementType
from aboard.core.errors import AddressRefused, InputRefused
from aboard.core.signing import SigningKeyMissing
from aboard.core.subscribers import MOST_SUBSCRIBERS, Subscriber
from aboard.flows.redeliver import AnnouncementUnknown
from aboard.flows.subscribers import NothingToSignWith, SubscribersFull, SubscriberUnknown


class Asking(asking.Asking):
    """The ground of the acts of one call about subscribers."""

    def __init__(self, environ: Mapping[str, str], *, is_json: bool) -> None:
        """Take the settings' source, and whether to answer in JSON."""
        super().__init__(environ, is_json=is_json, name_width=28)

    def _told(self, refusal: Exception) -> Refusal | None:
        return _told(refusal) if isinstance(refusal, _REFUSALS) else None


# What each refusal says, what to do next, and how the command ends.
_WORDS: dict[type[Exception], tuple[str, str, Exit]] = {
    AnnouncementUnknown: (
        "There is no such announcement, or none any more.",
        "`aboard subscribers deliveries ID` lists what was announced.",
        Exit.CHECK_FAILED,
    ),
    NothingToSignWith: (
        "There is no key that signing secrets could be made by.",
        "Set ABOARD_OUTGOING_KEYS to `k1:` and 32 random characters, here and for workers.",
        Exit.USAGE,
    ),
    SubscriberUnknown: (
        "There is no such subscriber.",
        "`aboard subscribers list` names them.",
        Exit.CHECK_FAILED,
    ),
    SubscribersFull: (
        f"There are {MOST_SUBSCRIBERS} subscribers in this mode, as many as there may be.",
        "`aboard subscribers remove` one, or let one of yours pass things on.",
        Exit.CHECK_FAILED,
    ),
}
_REFUSALS: tuple[type[Exception], ...] = (AddressRefused, InputRefused, SigningKeyMissing, *_WORDS)


def _told(refusal: Exception) -> Refusal:
    if isinstance(refusal, AddressRefused):
        return Refusal(
            f"The address {refusal.reason}.",
            "Give an https address of your own, or http on this machine.",
            Exit.USAGE,
        )
    if isinstance(refusal, InputRefused):
        wrong = "; ".join(f"{field} {problem}" for field, problem in refusal.problems)
        known = ", ".join(AnnouncementType)
        return Refusal(f"The {wrong}.", f"The types are {known}.", Exit.USAGE)
    if isinstance(refusal, SigningKeyMissing):
        return Refusal(
            f"The key {refusal.key_id!r}, which makes this subscriber's secret, is not here.",
            "Put it back into ABOARD_OUTGOING_KEYS, or `aboard subscribers rotate` to another.",
            Exit.CHECK_FAILED,
        )
    return Refusal(*_WORDS[type(refusal)])


def shown(subscriber: Subscriber) -> dict[str, Any]:
    """Return a subscriber for a document; its address in full, its secret not at all."""
    times = {
        "createdAt": subscriber.created_at,
        "disabledAt": subscriber.disabled_at,
        "failingSince": subscriber.failing_since,
        "previousSecretUntil": subscriber.previous_until,
    }
    return {
        "id": subscriber.id,
        "mode": subscriber.mode.value,
        "url": subscriber.url,
        "description": subscriber.description,
        "types": [each.value for each in subscriber.types],
        "createdBy": subscriber.created_by,
        "keyId": subscriber.secret.key_id,
        "generation": subscriber.secret.number,
        "disabledFor": subscriber.disabled_for.value if subscriber.disabled_for else None,
        **{name: at.isoformat() if at else None for name, at in times.items()},
    }
