"""What does it take to tell a subscriber something? A parcel goes out, an answer comes back.

The composition root says who carries it: flows know no HTTP.

Source: ADR-0025, outgoing events.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aboard.core.deliveries import Answered
from aboard.core.secret import Secret


@dataclass(frozen=True, slots=True)
class Parcel:
    """One attempt: where it goes, what is in it, and the secrets that sign it.

    `event_id` stays the same over all attempts; `sent_at`, aware UTC, is this attempt's.
    """

    url: str = field(repr=False)
    event_id: str
    sent_at: datetime
    body: bytes = field(repr=False)
    secrets: Sequence[Secret]
    carried: Mapping[str, str] = field(default_factory=dict)
    """Headers that let the subscriber go on with our trace, or none."""


Post = Callable[[Parcel], Awaitable[Answered]]
"""Sign and send one parcel, and say how it was answered. Whatever goes wrong is an answer too."""
