"""What must a database driver do for the store? Read inline, and write a batch whole or not at all.

This is the seam between the questions and a database. A batch is a plain list of steps without
code in between, so that a driver may send it as one unit, group it with its neighbours, or run
it in a transaction of its own.

Source: ADR-0007, no open transaction across the network; ADR-0008, SQLite first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aboard.store.statements.compiler import DialectName, Params, Statement

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of a batch.

    A `required` step that touches or finds no row ends the batch and takes it back whole.
    """

    statement: Statement
    params: Params = field(default_factory=dict)
    required: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What one step did: the rows it touched or found, and those it answered with."""

    count: int
    rows: Sequence[Row] = ()


Batch = Sequence[Step]
Outcome = tuple[Done, ...] | None
"""One `Done` for each step; or None, and nothing was written, where a required step fell short."""


@dataclass(frozen=True, slots=True)
class WriteMetrics:
    """Counts and seconds since the driver was opened. `batches / commits` is what grouping saves.

    `waiting` and `pool_...` are as of now. Seconds are spent waiting before a write or a read may
    begin: for a connection on PostgreSQL, for the lock of the file on SQLite. `retried` counts
    batches that lost a conflict and were run again.
    """

    commits: int = 0
    batches: int = 0
    failures: int = 0
    waiting: int = 0
    largest_group: int = 0
    retried: int = 0
    pool_size: int = 0
    pool_in_use: int = 0
    pool_waiting: int = 0
    wait_seconds: float = 0.0
    longest_wait_seconds: float = 0.0


class Driver(Protocol):
    """A database that the store can ask."""

    @property
    def dialect(self) -> DialectName:
        """Say which dialect the statements must be compiled for."""
        ...

    @property
    def metrics(self) -> WriteMetrics:
        """Return what was written so far."""
        ...

    async def read_one(self, statement: Statement, params: Params) -> Row | None:
        """Return the first row, or None.

        Raises:
            StoreUnavailable: the database gave no answer.
        """
        ...

    async def read_all(self, statement: Statement, params: Params) -> Sequence[Row]:
        """Return all rows; the statement bounds how many that can be.

        Raises:
            StoreUnavailable: the database gave no answer.
        """
        ...

    async def write(self, batch: Batch) -> Outcome:
        """Run all steps or none, and return only once the result is durable.

        Raises:
            StoreUnavailable: nothing was written.
        """
        ...

    async def write_row(self, alone: Batch, group: Statement | None, row: Params) -> bool:
        """Write one row, by `group` with whatever else waits, or by the batch; was it new?

        Returns only once the result is durable. `group` is None where there is no such statement.

        Raises:
            StoreUnavailable: nothing was written.
        """
        ...

    async def wait_for_ring(self, timeout_seconds: float, since: int | None) -> int:
        """Wait until a statement that rings was committed, or the time is over.

        Returns the number of rings so far; with one of those as `since`, a ring that came after
        it counts at once. Never fails: without word from other processes only the time counts.
        """
        ...

    async def close(self) -> None:
        """Finish what was accepted, then let go of the database."""
        ...
