"""Which database, and with how many connections? The address is a secret: it may hold a password.

Source: docs/self-hosting.md, choosing a database.
"""

from importlib.util import find_spec

from aboard.core.database import PostgresServer, read_database
from aboard.core.errors import SettingsRefused
from aboard.core.secret import Secret
from aboard.settings.sources import Sources


def read_database_address(given: Sources) -> Secret:
    """Return the address as it was given; what is wrong with it is noted without quoting it."""
    text = given.text("DATABASE")
    try:
        address = read_database(text)
    except SettingsRefused as refused:
        for problem in refused.problems:
            given.problem("DATABASE", problem)
    else:
        if isinstance(address, PostgresServer) and find_spec("asyncpg") is None:
            given.problem("DATABASE", "needs an extra: pip install 'aboard[postgres]'")
    return Secret(text)
