"""What is known of a lent credential? Everything but the key, which lies in its envelope.

Source: ADR-0030, lent credentials.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from aboard.core.owner import Mode
from aboard.core.secret import Secret

CURRENT = "default"
"""The name of the credential that is lent to every caller for whom no other is named."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
_KEY = re.compile(r"(sk|rk)_(test|live)_[A-Za-z0-9_]{4,500}\Z")
_SHOWN = 4
# So much has to stay hidden before the end of a key may be shown.
_HIDDEN = 16


class KeyRefused(ValueError):
    """A key of Stripe's that cannot be lent. It says why, and never shows the key."""


class StripeKey(Secret):
    """A secret or a restricted key of Stripe's."""

    __slots__ = ()

    @classmethod
    def read(cls, given: Secret, mode: Mode) -> "StripeKey":
        """Take a key that is one of this mode.

        Raises:
            KeyRefused: it is no secret or restricted key, or one of the other mode.
        """
        match = _KEY.match(given.reveal())
        if match is None:
            raise KeyRefused(
                f"is no secret or restricted key of Stripe's; it begins with rk_{mode}_ or "
                f"sk_{mode}_ and holds letters, digits and _ alone"
            )
        if match.group(2) != mode:
            raise KeyRefused(f"is a key of the other mode; for {mode} it begins with rk_{mode}_")
        return cls(given.reveal())

    @property
    def is_restricted(self) -> bool:
        """Say whether it may do only what was chosen for it at Stripe."""
        return self.reveal().startswith("rk_")

    @property
    def hint(self) -> str:
        """Return the last characters, as Stripe's own dashboard shows them, of a long key."""
        tail = self.reveal().rpartition("_")[2]
        return tail[-_SHOWN:] if len(tail) >= _HIDDEN + _SHOWN else ""


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential of a mode. Each new key under the same name is a new generation.

    `envelope` holds the key, and opens only under a master key of the settings.
    """

    id: str
    mode: Mode
    name: str
    generation: int
    hint: str
    is_restricted: bool
    created_at: datetime
    created_by: str
    envelope: str = field(repr=False)

    @property
    def master_key_id(self) -> str:
        """Return the id of the master key that its envelope lies under; empty if it is none."""
        return self.envelope.partition(".")[2].partition(".")[0]


def read_credential_name(given: str) -> str:
    """Take a name for a credential.

    Raises:
        ValueError: it is no short word of small letters, digits, _ and -.
    """
    if not _NAME.match(given):
        raise ValueError("a credential's name has 1 to 32 small letters, digits, _ and -")
    return given
