"""What do the routes share? Things that must not be copied when routes are registered."""

from typing import Self


class Collaborator:
    """Given to routes as it is: Litestar copies what it registers, and this copies as itself."""

    __slots__ = ()

    def __deepcopy__(self, _memo: dict[int, object]) -> Self:
        """Return itself: a platform has one database and one set of counters."""
        return self
