"""Is this the password? Argon2id, a few at once, in threads: memory is bounded, the loop is free.

Whoever is unknown is checked against a hash that nobody's password makes, so that the work is the
same as for a user.

Source: ADR-0017, built-in sign-in; RFC 9106; OWASP's password storage cheat sheet.
"""

import asyncio
import secrets
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from aboard.core.errors_identity import LoginBusy
from aboard.core.secret import Secret

_AT_ONCE: Final = 2
_WAITING: Final = 40
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs. `memory_kib` is taken for each that is made at once."""

    passes: int = 2
    memory_kib: int = 19 * 1024
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Work:
    """How many hashes were made and checked since the start."""

    made: int = 0
    checked: int = 0


class Passwords:
    """The hashes of one process, a few at once; those who would wait too long are sent away."""

    def __init__(
        self, cost: Cost | None = None, *, at_once: int = _AT_ONCE, waiting: int = _WAITING
    ) -> None:
        """Take what a hash costs, and how many may be at work and wait."""
        cost = cost or Cost()
        self._hasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            type=Type.ID,
        )
        # Threads of its own: a mail server that hangs must not keep anybody from signing in.
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="passwords")
        self._most = at_once + waiting
        self._inside = 0
        self._nobodys = _nobodys_hash(self._hasher)
        self.work = Work()

    async def hash(self, password: Secret) -> str:
        """Return a new hash of this password.

        Raises:
            LoginBusy: too many wait already.
        """
        made = await self._run(lambda: self._hasher.hash(password.reveal()))
        self.work = replace(self.work, made=self.work.made + 1)
        return made

    async def fits(self, password: Secret, password_hash: str | None) -> bool:
        """Say whether the hash is of this password; without a hash do the same work for a no.

        Raises:
            LoginBusy: too many wait already.
        """
        wanted = self._nobodys if password_hash is None else password_hash
        does_fit = await self._run(lambda: self._verify(wanted, password))
        self.work = replace(self.work, checked=self.work.checked + 1)
        return does_fit and password_hash is not None

    def is_outgrown(self, password_hash: str) -> bool:
        """Say whether a hash costs less than one that is made today."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Let the threads end with what they have at hand."""
        self._threads.shutdown(wait=False)

    def _verify(self, password_hash: str, password: Secret) -> bool:
        try:
            return self._hasher.verify(password_hash, password.reveal())
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], _T]) -> _T:
        if self._inside >= self._most:
            raise LoginBusy
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._inside -= 1


def _nobodys_hash(hasher: PasswordHasher) -> str:
    """Return what looks like a hash of today's cost, of random bytes: no password makes it."""
    parts = (secrets.token_bytes(length) for length in (hasher.salt_len, hasher.hash_len))
    salt, made = (b64encode(part).rstrip(b"=").decode() for part in parts)
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${made}"
