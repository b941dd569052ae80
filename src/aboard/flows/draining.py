"""Is this process about to stop? Whoever spreads requests over processes asks before it does.

Begun once, never taken back: a process that drains ends.

Source: ADR-0026, operations; docs/operations.md, health.
"""


class Draining:
    """Whether this process still wants new requests; it answers those that come in any case."""

    def __init__(self) -> None:
        """Start as a process that wants requests."""
        self._is_on = False

    def begin(self) -> None:
        """Ask for no more requests: from now on the process says that it is not ready."""
        self._is_on = True

    @property
    def is_on(self) -> bool:
        """Say whether the process asks for no more requests."""
        return self._is_on
