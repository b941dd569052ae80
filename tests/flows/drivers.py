"""Databases that misbehave on purpose, over a real one of either kind."""

from collections.abc import Callable, Sequence

from aboard.core.database import SqliteFile, read_database
from aboard.core.errors import StoreUnavailable
from aboard.store import WriteMetrics
from aboard.store.driver import Batch, Driver, Outcome, Row, Step
from aboard.store.postgres import PostgresDriver
from aboard.store.sqlite import SqliteDriver
from aboard.store.statements.compiler import DialectName, Params, Statement


def driver_of(database: str) -> SqliteDriver | PostgresDriver:
    """Return a driver of one's own for the database at this address."""
    address = read_database(database)
    if isinstance(address, SqliteFile):
        return SqliteDriver(address.path)
    return PostgresDriver(address, pool_size=2)


class Between:
    """A driver that passes everything on."""

    def __init__(self, database: str) -> None:
        self._driver: Driver = driver_of(database)

    @property
    def dialect(self) -> DialectName:
        return self._driver.dialect

    @property
    def metrics(self) -> WriteMetrics:
        return self._driver.metrics

    async def read_one(self, statement: Statement, params: Params) -> Row | None:
        return await self._driver.read_one(statement, params)

    async def read_all(self, statement: Statement, params: Params) -> Sequence[Row]:
        return await self._driver.read_all(statement, params)

    async def write(self, batch: Batch) -> Outcome:
        return await self._driver.write(batch)

    async def write_row(self, alone: Batch, group: Statement | None, row: Params) -> bool:
        return await self._driver.write_row(alone, group, row)

    async def wait_for_ring(self, timeout_seconds: float, since: int | None) -> int:
        return await self._driver.wait_for_ring(timeout_seconds, since)

    async def close(self) -> None:
        await self._driver.close()


class TakesBack(Between):
    """A database that takes a batch back whole as soon as one of its statements is wished away."""

    def __init__(self, database: str, spoils: Callable[[Step], bool]) -> None:
        super().__init__(database)
        self._spoils = spoils
        self.spoilt = 0

    async def write(self, batch: Batch) -> Outcome:
        if any(self._spoils(step) for step in batch):
            self.spoilt += 1
            raise StoreUnavailable("full")
        return await super().write(batch)


class NeverLetsThrough(Between):
    """A database in which somebody else always writes first."""

    tries = 0

    async def write(self, _batch: Batch) -> Outcome:
        self.tries += 1
        return None
