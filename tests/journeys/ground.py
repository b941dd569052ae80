"""What processes share: a database of their own, in SQLite or in PostgreSQL, gone afterwards."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from tests.cli.commands import COMPLETE_SETTINGS, run

POSTGRES = os.environ.get("ABOARD_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True, slots=True)
class Ground:
    """A migrated database, by the address that ABOARD_DATABASE takes."""

    address: str

    @property
    def is_shared(self) -> bool:
        """Say whether several workers and services can stand on it at once."""
        return self.address.startswith("postgresql://")

    async def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Return the rows of a question, as they are at this moment."""
        if self.is_shared:
            line = await asyncpg.connect(self.address)
            try:
                return [tuple(row) for row in await line.fetch(question)]
            finally:
                await line.close()
        return await asyncio.to_thread(self._ask_file, question)

    async def tell(self, change: str) -> None:
        """Write something that no process of ours would write."""
        if not self.is_shared:
            await asyncio.to_thread(self._tell_file, change)
            return
        line = await asyncpg.connect(self.address)
        try:
            await line.execute(change)
        finally:
            await line.close()

    async def let_leases_run_out(self) -> None:
        """Make the leases of processes that are gone as old as two minutes make them."""
        await self.tell("UPDATE account_syncs SET lease_until = 1 WHERE lease IS NOT NULL")

    def _ask_file(self, question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.address, timeout=30)) as connection:
            return connection.execute(question).fetchall()

    def _tell_file(self, change: str) -> None:
        with closing(sqlite3.connect(self.address, timeout=30)) as connection, connection:
            connection.execute(change)


@asynccontextmanager
async def lay_ground(kind: str, folder: Path) -> AsyncIterator[Ground]:
    """Yield a migrated database of this kind; without PostgreSQL, skip."""
    if kind == "sqlite":
        yield _migrated(str(folder / "aboard.sqlite3"), folder)
        return
    name = f"aboard_journeys_{uuid4().hex[:12]}"
    try:
        keeper = await asyncpg.connect(POSTGRES, timeout=10)
    except (OSError, asyncpg.PostgresError) as error:
        pytest.skip(f"no PostgreSQL ({type(error).__name__})")
    try:
        await keeper.execute(f"CREATE DATABASE {name}")
        yield _migrated(urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}")), folder)
    finally:
        await keeper.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await keeper.close()


def _migrated(address: str, folder: Path) -> Ground:
    settings = {**COMPLETE_SETTINGS, "ABOARD_DATABASE": address}
    ended = run("migrate", settings=settings, cwd=folder)
    assert ended.code == 0, ended.err
    return Ground(address)
