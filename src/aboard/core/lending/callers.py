"""Who may borrow the key? A caller with a name, an allow-list, owners, limits and tokens.

A token is shown once and kept as a digest. It carries the mode: one caller may hold tokens of
both, and a token of one mode never acts in the other.

Source: ADR-0029, the gateway.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from aboard.core.errors import InputRefused
from aboard.core.lending.grants import AllowList
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret

MOST_OWNERS = 1000
_FORM = re.compile(r"aboard_(test|live)_[A-Za-z0-9_-]{43}\Z")
_TOKEN_BYTES = 32
_HINT_CHARS = 4
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@+-]{0,63}\Z")
_MOST_OWNER_CHARS = 255


class CallerToken(Secret):
    """What a caller presents: `aboard_test_` or `aboard_live_` and 43 characters of chance."""

    __slots__ = ()

    @classmethod
    def make(cls, mode: Mode) -> "CallerToken":
        """Return a new token of a mode, from the system's own chance."""
        return cls(f"aboard_{mode}_{secrets.token_urlsafe(_TOKEN_BYTES)}")

    @property
    def is_well_formed(self) -> bool:
        """Say whether it could be a token of ours at all."""
        return _FORM.match(self.reveal()) is not None

    @property
    def digest(self) -> str:
        """Return what is stored: SHA-256 in hex. Nothing leads back from it to the token."""
        return sha256(self.reveal().encode()).hexdigest()

    @property
    def hint(self) -> str:
        """Return what people know it by: its mode and its last four characters."""
        mode, _, chance = self.reveal().removeprefix("aboard_").partition("_")
        return f"{mode}...{chance[-_HINT_CHARS:]}"


@dataclass(frozen=True, slots=True)
class CallLimits:
    """So many calls in a second, and in a day (UTC); None: as many as there are."""

    per_second: int | None = 10
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class GatewayCaller:
    """Whoever may borrow the key. `policy` names a policy of the file, which then says what for.

    `allow_list` is the caller's own, where no policy is named. `owners` are whom the caller may
    act for; None: for the platform itself and everybody. An owner is named without a mode: the
    token's mode decides.
    """

    id: str
    name: str
    created_at: datetime
    created_by: str
    policy: str | None = None
    allow_list: AllowList | None = None
    owners: frozenset[str] | None = None
    limits: CallLimits | None = None
    credential: str | None = None
    disabled_at: datetime | None = None

    def owns(self, owner: Owner) -> bool:
        """Say whether the caller may act for an owner. Owners are kept as `creator:ada`."""
        return self.owners is None or f"{owner.kind}:{owner.id}" in self.owners


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """What is kept of one token. `hint` is its mode and last four characters, for people."""

    id: str
    caller_id: str
    mode: Mode
    digest: str
    hint: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Borrower:
    """A caller at the moment of a call: with the token presented and what holds for it now."""

    caller: GatewayCaller
    token: TokenRecord
    allow_list: AllowList
    limits: CallLimits

    @property
    def mode(self) -> Mode:
        """Return the token's mode, which is the call's."""
        return self.token.mode


def read_caller_name(given: str) -> str:
    """Take a caller's name, as people and the record of calls know it.

    Raises:
        InputRefused: it is no short plain name.
    """
    name = given.strip()
    if not _NAME.match(name):
        wrong = "must have 1 to 64 letters, digits, blanks or . _ @ + -, and not begin with a mark"
        raise InputRefused([("name", wrong)])
    return name


def read_owners(given: Iterable[str]) -> frozenset[str]:
    """Take the owners that a caller may act for, each as `creator:ada` or `organization:acme`.

    Raises:
        InputRefused: one has not this form, there are none, or too many.
    """
    owners = frozenset(word.strip() for word in given)
    for word in sorted(owners):
        kind, _, owner_id = word.partition(":")
        is_id = owner_id.isprintable() and 0 < len(owner_id) <= _MOST_OWNER_CHARS
        if kind not in set(OwnerKind) or not is_id:
            wrong = f"{word[:80]!r} is no `creator:ID` or `organization:ID`"
            raise InputRefused([("owners", wrong)])
    if not 1 <= len(owners) <= MOST_OWNERS:
        raise InputRefused([("owners", f"must be 1 to {MOST_OWNERS}")])
    return owners
