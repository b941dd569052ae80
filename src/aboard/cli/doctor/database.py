"""Is the database there, in step with this code, and not stuck?"""

from collections.abc import Mapping

from aboard.cli.databases import next_step_for
from aboard.cli.doctor.findings import Finding, bad, good
from aboard.core.database import read_database
from aboard.core.owner import Mode
from aboard.settings import Settings
from aboard.store import (
    LATEST_REVISION,
    DatabaseNotMigrated,
    DatabaseTooNew,
    Store,
    StoreUnavailable,
    open_store,
)

NAME = "database"


def open_database(settings: Settings) -> tuple[Store | None, Finding]:
    """Open the store if it can be opened, and say how it stands."""
    database = read_database(settings.database.reveal()).shown
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
        found = f"{database}: cannot be opened ({error.cause})"
        return None, bad(NAME, found, next_step_for(error.cause))
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
