"""Values that refuse to be printed: keys, signing secrets, bearer URLs.

A secret shows itself only to code that says `reveal()`, a word that is easy to search for and
to review. Printing, formatting, logging, pickling, copying into JSON: all show a mark or fail.

Source: ADR-0001, rooms; the law "a bearer URL is a type, not a warning".
"""

from hmac import compare_digest
from typing import Never, Self


class Secret:
    """A string that cannot be printed by accident.

    >>> key = Secret("sk_test_words")
    >>> f"{key} {key!r} {key:>5}"
    'Secret(***) Secret(***) Secret(***)'
    >>> key.reveal()
    'sk_test_words'
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        """Keep the value; nothing but `reveal` gives it back."""
        self.__value = value

    def reveal(self) -> str:
        """Return the value itself. The caller must not log, store or trace it."""
        return self.__value

    def __repr__(self) -> str:
        """Return a mark instead of the value."""
        return f"{type(self).__name__}(***)"

    def __str__(self) -> str:
        """Return a mark instead of the value."""
        return repr(self)

    def __format__(self, _spec: str) -> str:
        """Return a mark instead of the value, whatever the format asks."""
        return repr(self)

    def __eq__(self, other: object) -> bool:
        """Compare in constant time; a secret equals only a secret of the same kind."""
        if type(other) is not type(self):
            return NotImplemented
        return compare_digest(self.__value.encode(), other.reveal().encode())

    def __hash__(self) -> int:
        """Hash by value, so that a secret can be a key of a dictionary in memory."""
        return hash((type(self), self.__value))

    def __bool__(self) -> bool:
        """Say whether there is a value at all."""
        return bool(self.__value)

    def __reduce__(self) -> Never:
        """Refuse to be pickled.

        Raises:
            TypeError: always.
        """
        raise TypeError("a secret cannot be pickled")

    def __copy__(self) -> Self:
        """Return itself: there is nothing to copy."""
        return self

    def __deepcopy__(self, _memo: dict[int, object]) -> Self:
        """Return itself: there is nothing to copy."""
        return self
