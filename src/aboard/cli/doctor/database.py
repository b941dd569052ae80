"""Is the database there, in step with this code, and not stuck?"""

from collections.abc import Mapping

from aboard.cli.doctor.findings import Finding, bad, good, note
from aboard.core.database import PostgresServer, read_database
from aboard.core.owner import Mode
from aboard.settings import Settings
from aboard.store import (
    LATEST_REVISION,
    DatabaseNotMigrated,
    DatabaseTooNew,
    EventStatus,
    Store,
    StoreUnavailable,
    open_store,
)

NAME = "database"
_NEXT_ON_SERVER = (
    "Does the server run, does it know this user and this database, and is the password right?"
)


def open_database(settings: Settings) -> tuple[Store | None, Finding]:
    """Open the store if it can be opened, and say how it stands."""
    address = read_database(settings.database.reveal())
    database = address.shown
    try:
        store = open_store(settings.database.reveal(), pool_size=settings.database_pool)
    except DatabaseNotMigrated as error:
        found = f"at revision {error.revision}" if error.revision else "no tables yet"
        return None, bad(NAME, f"{database}: {found}", "Run `aboard migrate`.")
    except DatabaseTooNew as error:
        return None, bad(
            NAME,
            f"{database}: at revision {error.revision}, which this version does not know",
            "Start a newer Aboard, or restore a backup.",
        )
    except StoreUnavailable as error:
        return None, bad(
            NAME,
            f"{database}: cannot be opened ({error.cause})",
            _NEXT_ON_SERVER
            if isinstance(address, PostgresServer)
            else "May this user read and write the file and its folder? Is the disk full?",
        )
    return store, good(NAME, f"{database}, revision {LATEST_REVISION}")


async def known_platforms(settings: Settings, store: Store | None) -> Mapping[Mode, str]:
    """Return the platform account that each mode is known to belong to."""
    if store is None:
        return {}
    try:
        found = {mode: await store.find_platform_account(mode) for mode in settings.stripe}
    except StoreUnavailable:  # told where the queue is looked at
        return {}
    return {mode: account_id for mode, account_id in found.items() if account_id is not None}


async def look_at_queue(store: Store) -> Finding:
    """Say whether events wait, or were given up."""
    open_events = await store.count_open_events()
    dead = open_events.get(EventStatus.DEAD, 0)
    waiting = open_events.get(EventStatus.PENDING, 0)
    if dead:
        return bad(
            "events",
            f"{dead} could not be processed, {waiting} wait",
            "Look for account.sync_failed in the worker's log: it names the reason.",
        )
    if waiting:
        return note("events", f"{waiting} wait to be processed", "Is a worker running?")
    return good("events", "none is waiting")
