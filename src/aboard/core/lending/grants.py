"""Which operations may a caller call? Words such as `accounts:read`, a set for each mode.

`*` stands for every resource or every verb. In live mode a wildcard lets nothing be written: who
may move real money or change a real account is named, resource by resource and verb by verb.

Source: ADR-0029, the gateway.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aboard.core.lending.operations import Operation, Verb
from aboard.core.owner import Mode

ANY = "*"
_WORD = re.compile(r"(\*|[a-z][a-z0-9_.]*):(\*|[a-z]+)\Z")


class GrantRefused(ValueError):
    """A word of an allow-list that means nothing, or in live mode too much. It says which."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One word of an allow-list.

    >>> str(Grant.parse("account_links:create"))
    'account_links:create'
    """

    resource: str
    verb: str

    @classmethod
    def parse(cls, word: str) -> "Grant":
        """Read a word such as `accounts:read` or `*:read`.

        Raises:
            GrantRefused: it has not this form, or there is no such verb.
        """
        match = _WORD.match(word)
        if match is None:
            raise GrantRefused(f"{word[:80]!r} is no `resource:verb`, such as `accounts:read`")
        resource, verb = match.groups()
        if verb != ANY and verb not in set(Verb):
            known = ", ".join(Verb)
            raise GrantRefused(f"{word[:80]!r}: there is no verb {verb!r}; there are {known}")
        return cls(resource, verb)

    def __str__(self) -> str:
        """Return the word as it was written."""
        return f"{self.resource}:{self.verb}"

    def lets(self, operation: Operation, mode: Mode) -> bool:
        """Say whether this word alone lets the operation pass in a mode."""
        if mode.is_live and operation.is_write:
            return self.resource == operation.resource and self.verb == operation.verb
        return self.resource in {ANY, operation.resource} and self.verb in {ANY, operation.verb}


@dataclass(frozen=True, slots=True)
class AllowList:
    """What may be called in each mode. A mode without a row allows nothing."""

    grants: Mapping[Mode, frozenset[Grant]]

    @classmethod
    def parse(cls, words: Mapping[Mode, Iterable[str]]) -> "AllowList":
        """Read the words of each mode.

        Raises:
            GrantRefused: a word has no meaning.
        """
        return cls({mode: frozenset(map(Grant.parse, given)) for mode, given in words.items()})

    def find_grant(self, operation: Operation, mode: Mode) -> Grant | None:
        """Return the word that lets an operation pass, the narrowest one, or nothing."""
        found = [each for each in self.grants.get(mode, ()) if each.lets(operation, mode)]
        return min(found, key=lambda each: (each.resource == ANY, each.verb == ANY), default=None)

    def words(self, mode: Mode) -> tuple[str, ...]:
        """Return the words of one mode, sorted."""
        return tuple(sorted(map(str, self.grants.get(mode, ()))))


DEFAULT = AllowList.parse(
    {
        Mode.TEST: (
            "*:read",
            "account_links:create",
            "account_sessions:create",
            "login_links:create",
            "v2.core.account_links:create",
        ),
        Mode.LIVE: ("*:read",),
    }
)
"""What a caller may do of whom nothing else is said: read, and in test mode make links."""
