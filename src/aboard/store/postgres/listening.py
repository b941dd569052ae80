"""How does a process hear that another one made work? By LISTEN and NOTIFY on one connection.

A commit rings here at once and, a moment later, everywhere else: many rings are one NOTIFY, sent
after the commits, because NOTIFY inside them would make all commits of the server wait in a row.
A ring that is lost, with its process or its connection, costs time and nothing else: whoever
waits looks again at the latest when the waiting ends.

Source: PostgreSQL's documentation, "NOTIFY"; ADR-0022, PostgreSQL.
"""

import asyncio
import random
from contextlib import suppress
from typing import Final

from aboard.core.database import PostgresServer
from aboard.store.bell import Bell
from aboard.store.postgres.connecting import Connection, connect

CHANNEL: Final = "aboard_bell"
_NOTIFY: Final = f"NOTIFY {CHANNEL}"
# Rings within so many seconds are one NOTIFY.
_GATHER_SECONDS: Final = 0.005
# A connection whose other end vanished is noticed after so many seconds of silence.
_SILENCE_SECONDS: Final = 20.0
_FIRST_PAUSE_SECONDS: Final = 0.1
_LONGEST_PAUSE_SECONDS: Final = 5.0
_CLOSE_SECONDS: Final = 2.0


class PostgresBell:
    """The bell that all processes over one database share."""

    def __init__(self, server: PostgresServer) -> None:
        """Connect to nothing until somebody rings or waits."""
        self._server = server
        self._here = Bell()
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._is_to_tell = self._is_waited_for = self._is_closed = False
        self.is_listening = False

    def ring(self) -> None:
        """Wake everybody here now, and soon everybody elsewhere."""
        self._here.ring()
        self._is_to_tell = True
        self._go_on()

    async def wait(self, timeout_seconds: float, since: int | None) -> int:
        """Return the number of rings so far, at the next one or after the time-out."""
        if not self._is_waited_for:
            self._is_waited_for = True
            self._go_on()
        return await self._here.wait(timeout_seconds, since)

    def _go_on(self) -> None:
        self._wake.set()
        if not self._is_closed and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._keep_connected(), name="aboard-store-bell")

    async def close(self) -> None:
        """Tell what is still to be told, then let go. Harmless when repeated."""
        self._is_closed = True
        self._wake.set()
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task], timeout=_CLOSE_SECONDS)
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _keep_connected(self) -> None:
        failures = 0
        while not self._is_finished():
            try:
                connection = await connect(self._server)
                try:
                    failures = 0
                    await self._serve(connection)
                finally:
                    self.is_listening = False
                    connection.terminate()
            except Exception:  # noqa: BLE001 - whatever it is, those who wait poll meanwhile
                failures += 1
                if self._is_closed:
                    return
                await asyncio.sleep(_pause_seconds(failures))

    def _is_finished(self) -> bool:
        return self._is_closed and not self._is_to_tell

    async def _serve(self, connection: Connection) -> None:
        connection.add_termination_listener(lambda _: self._wake.set())
        while not self._is_finished() and not connection.is_closed():
            self._wake.clear()
            if self._is_waited_for and not self.is_listening:
                await connection.add_listener(CHANNEL, self._hear)
                self.is_listening = True
                # Something may have rung before anybody listened.
                self._here.ring()
            if self._is_to_tell:
                await asyncio.sleep(0 if self._is_closed else _GATHER_SECONDS)
                self._is_to_tell = False
                try:
                    await connection.execute(_NOTIFY)
                except BaseException:
                    # Also when broken off: nobody was told, so the next connection tells.
                    self._is_to_tell = True
                    raise
                continue
            if self._is_finished():
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _SILENCE_SECONDS)
                continue
            await connection.execute("SELECT 1")

    def _hear(self, connection: Connection, pid: int, _channel: str, _payload: str) -> None:
        if pid != connection.get_server_pid():
            self._here.ring()


def _pause_seconds(failures: int) -> float:
    longest = min(_FIRST_PAUSE_SECONDS * 2.0 ** min(failures, 16), _LONGEST_PAUSE_SECONDS)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, guards nothing
