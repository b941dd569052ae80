"""What was wished for a caller, in the words of the command line? None: nothing was said."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TermsWish:
    """Everything that may be said about a caller; `default` names what goes back to the default."""

    policy: str | None = None
    test: Sequence[str] | None = None
    live: Sequence[str] | None = None
    owners: Sequence[str] | None = None
    per_second: str | None = None
    per_day: str | None = None
    credential: str | None = None
    default: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class CallsWish:
    """Which calls are meant, in the words of the command line."""

    caller: str | None = None
    mode: str | None = None
    outcome: str | None = None
    account: str | None = None
    since: str | None = None
    until: str | None = None
