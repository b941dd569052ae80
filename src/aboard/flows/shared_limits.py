"""May every process of a platform count calls together? Yes, in Redis, and go on without it.

While Redis is away this process counts alone, tries again now and then, and says so once. It
counts along all the time, so an outage opens no fresh window to whoever used theirs up here.

Source: docs/self-hosting.md, several processes.
"""

import asyncio
import math
import time
from contextlib import suppress
from hashlib import blake2b
from typing import Final, Protocol, cast

from limits.aio.storage.redis import RedisStorage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.errors import StorageError

from aboard.core.errors import TooManyRequests
from aboard.core.secret import Secret
from aboard.flows.journal import Journal, LogEvent
from aboard.flows.limits import Allowance, Limits, MemoryLimits

PATIENCE_SECONDS: Final = 0.5
"""How long one call waits for Redis before it is counted here."""
PAUSE_SECONDS: Final = 5.0
"""How long nobody asks a Redis that was away."""
_LANES: Final = 32


_GIVE_BACK: Final = """
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count > 0 then
    redis.call('INCRBY', KEYS[1], math.min(count, tonumber(ARGV[1])) - 1 - count)
end
"""
"""What was refused above the limit never counted; the window ends when it would have."""


class _Client(Protocol):
    async def eval(self, script: str, numkeys: int, *words: str) -> object: ...

    async def ping(self) -> object: ...

    async def aclose(self) -> None: ...


class SharedLimits(Limits):
    """Counters in Redis under `prefix`, by digests: no caller's name is written there."""

    def __init__(
        self,
        address: Secret,
        journal: Journal,
        *,
        prefix: str = "aboard:limits",
        patience_seconds: float = PATIENCE_SECONDS,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        """Look for nobody yet: the first call opens the first connection.

        Raises:
            limits.errors.ConfigurationError: the `redis` extra is not installed.
        """
        self._storage = RedisStorage(
            f"async+{address.reveal()}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix=prefix,
            max_connections=_LANES,
        )
        self._lanes = asyncio.Semaphore(_LANES)
        self._own = MemoryLimits()
        self._journal = journal
        self._patience_seconds = patience_seconds
        self._pause_seconds = pause_seconds
        self._is_away = False
        self._ask_again_at = 0.0

    async def take(
        self, caller: str, operation: str, *, limit: int, window_seconds: int
    ) -> Allowance:
        """Use one call of the window that all processes share, and return what is left.

        Waits up to the patience for Redis, and not at all while it is known to be away.

        Raises:
            TooManyRequests: the window is used up.
        """
        was_away = self._is_away
        if was_away:
            now = time.monotonic()
            if now < self._ask_again_at:
                return await self._take_here(caller, operation, limit, window_seconds)
            self._ask_again_at = now + self._pause_seconds  # one call finds out, for all
        key = _key(caller, operation, limit, window_seconds)
        try:
            async with asyncio.timeout(self._patience_seconds), self._lanes:
                count = await self._storage.incr(key, window_seconds)
                ends_at = await self._storage.get_expiry(key)
        except (StorageError, OSError) as failure:  # a TimeoutError is an OSError
            self._note_away(failure)
            return await self._take_here(caller, operation, limit, window_seconds)
        if was_away:
            self._note_back()
        with suppress(TooManyRequests):  # all of us together have the word
            await self._take_here(caller, operation, limit, window_seconds)
        reset_seconds = max(1, math.ceil(ends_at - time.time()))
        if count > limit:
            raise TooManyRequests(reset_seconds)
        return Allowance(limit, limit - count, reset_seconds)

    async def give_back(
        self, caller: str, operation: str, *, limit: int, window_seconds: int
    ) -> None:
        """Undo one `take` that was allowed, in the window that is open now.

        Never fails: where Redis is away it is given back here alone.
        """
        await self._own.give_back(caller, operation, limit=limit, window_seconds=window_seconds)
        if self._is_away:
            return
        key = self._storage.bridge.prefixed_key(_key(caller, operation, limit, window_seconds))
        failures = self._storage.base_exceptions
        try:
            async with asyncio.timeout(self._patience_seconds), self._lanes:
                await self._client.eval(_GIVE_BACK, 1, key, str(limit))
        except OSError as failure:  # a TimeoutError is one
            self._note_away(failure)
        except failures as failure:
            self._note_away(failure)

    async def are_shared(self) -> bool:
        """Ask Redis for a sign of life, and say whether it gave one.

        Waits up to the patience, and not at all while it is known to be away.
        """
        now = time.monotonic()
        if self._is_away:
            if now < self._ask_again_at:
                return False
            self._ask_again_at = now + self._pause_seconds
        failures = self._storage.base_exceptions
        try:
            async with asyncio.timeout(self._patience_seconds), self._lanes:
                await self._client.ping()
        except OSError as failure:  # a TimeoutError is one
            self._note_away(failure)
            return False
        except failures as failure:
            self._note_away(failure)
            return False
        self._note_back()
        return True

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    @property
    def _client(self) -> _Client:
        return cast("_Client", cast("RedispyBridge", self._storage.bridge).get_connection())

    async def _take_here(
        self, caller: str, operation: str, limit: int, window_seconds: int
    ) -> Allowance:
        return await self._own.take(caller, operation, limit=limit, window_seconds=window_seconds)

    def _note_back(self) -> None:
        if self._is_away:
            self._is_away = False
            self._journal.note(LogEvent.LIMITS_RESTORED)

    def _note_away(self, failure: Exception) -> None:
        self._ask_again_at = time.monotonic() + self._pause_seconds
        if not self._is_away:
            self._is_away = True
            cause = failure.storage_error if isinstance(failure, StorageError) else failure
            # The kind alone: what an error says may hold the address.
            self._journal.note(LogEvent.LIMITS_DEGRADED, cause=type(cause).__name__)


def _key(caller: str, operation: str, limit: int, window_seconds: int) -> str:
    digest = blake2b(caller.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{operation}:{limit}:{window_seconds}:{digest}"
