"""Who does a connected account belong to? A creator or an organization, in one mode.

Source: the vocabulary in docs/vocabulary.md.
"""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """Stripe's two worlds, in our word; `livemode` exists only on Stripe's wire."""

    TEST = "test"
    LIVE = "live"

    @property
    def is_live(self) -> bool:
        """Say whether money is real in this mode."""
        return self is Mode.LIVE


class OwnerKind(StrEnum):
    """The two kinds of owner, one for each of our HTTP dialects."""

    CREATOR = "creator"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Owner:
    """The one whose account it is. Test and live are two owners that never meet."""

    kind: OwnerKind
    id: str
    mode: Mode

    def __str__(self) -> str:
        """Return a short name for logs and the command line, such as `creator:ada:test`."""
        return f"{self.kind}:{self.id}:{self.mode}"
