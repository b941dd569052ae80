"""Where do a million accounts come from? Made up by number, always the same, written in bulk.

Nothing about an account is looked up: number and purpose give its ids, and the readiness of every
account follows from a snapshot that Stripe could have told. Owners' ids are spread like random
ones, so that neighbours in time are no neighbours in an index.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from benchmarks.clusters import copy_in, query
from benchmarks.databases import Database, PostgresDatabase

SYNCED_AT = 1_790_000_000_000_000
"""Microseconds since 1970: when every account of a world was read."""

_ACCOUNTS = (
    *("id", "owner_kind", "owner_id", "mode", "reserved_at", "attempt", "stripe_account_id"),
    *("read_began_at", "synced_at", "readiness", "who_must_act", "snapshot", "revision"),
)
_SYNCS = ("account_id", "due_at", "attempts")
_CHUNK = 20_000


def spread(kind: str, number: int) -> str:
    """Return the id of one thing: always the same, and nowhere near its neighbours'.

    >>> spread("org", 1) == spread("org", 1), spread("org", 1) == spread("org", 2)
    (True, False)
    """
    return f"{kind}_{blake2b(f'{kind}-{number}'.encode(), digest_size=8).hexdigest()}"


def account_rows(count: int) -> Iterator[tuple[object, ...]]:
    """Yield so many accounts, ready for organizations to look at."""
    for number in range(count):
        stripe_account_id = spread("acct", number)
        yield (
            *(spread("ca", number), "organization", spread("org", number), "test"),
            *(SYNCED_AT, 1, stripe_account_id, SYNCED_AT, SYNCED_AT),
            *("complete", "nobody", _SNAPSHOT % stripe_account_id, 1),
        )


def sync_rows(count: int) -> Iterator[tuple[object, ...]]:
    """Yield when each of those accounts is to be read: in no time that a benchmark sees."""
    for number in range(count):
        yield spread("ca", number), SYNCED_AT * 2, 0


def _snapshot() -> str:
    """Return what Stripe told of an account that is complete, with a place for its id."""
    nothing: dict[str, object] = {
        **{name: [] for name in ("currently_due", "past_due", "eventually_due")},
        **{name: [] for name in ("pending_verification", "errors", "alternatives")},
        "current_deadline": None,
        "disabled_reason": None,
    }
    told = {
        "stripe_account_id": "%s",
        "charges_enabled": True,
        "payouts_enabled": True,
        "details_submitted": True,
        "generation": "v1",
        "country": "US",
        "business_type": "individual",
        "account_type": "express",
        "dashboard": "express",
        "email": None,
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "requirements": nothing,
        "future_requirements": nothing,
    }
    return json.dumps(told, separators=(",", ":"))


_SNAPSHOT = _snapshot()


def populate(database: Database, count: int) -> None:
    """Write a world of `count` accounts into a migrated, empty database."""
    tables = (("accounts", _ACCOUNTS, account_rows), ("account_syncs", _SYNCS, sync_rows))
    for table, columns, rows in tables:
        if isinstance(database, PostgresDatabase):
            copy_in(database.address, table, columns, rows(count))
        else:
            _insert(Path(database.address), table, columns, rows(count))
    if isinstance(database, PostgresDatabase):
        query(database.address, "VACUUM ANALYZE")


def _insert(
    path: Path, table: str, columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]
) -> None:
    places = ",".join("?" * len(columns))
    question = f"INSERT INTO {table} ({','.join(columns)}) VALUES ({places})"  # noqa: S608 - our own names
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-262144")
        while chunk := list(islice(rows, _CHUNK)):
            connection.execute("BEGIN")
            connection.executemany(question, chunk)
            connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
