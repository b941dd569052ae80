"""A database gives no answer: what should the person at the keyboard look at next?

Source: docs/self-hosting.md, choosing a database; docs/operations.md, the database is away or full.
"""

from collections.abc import Mapping
from typing import Final

_ROOM: Final = "Make room on the disk, then try again; nothing was lost that was answered."
_LOCKED: Final = "Somebody holds a lock: try again, or end the program that has it open."
_OPEN: Final = "May this user read and write the file that ABOARD_DATABASE names, and its folder?"
_BROKEN: Final = (
    "Look into the server's log, or at the file with `PRAGMA integrity_check`; what is broken comes"
    " back from a backup."
)
_CONNECTIONS: Final = (
    "Make ABOARD_DATABASE_POOL smaller, start fewer processes, or raise max_connections."
)
_NEXT_STEPS: Final[Mapping[str, str]] = {
    "unreachable": "Does the server run, and are host and port in ABOARD_DATABASE right?",
    "not_permitted": "Are user and password in ABOARD_DATABASE right, and may that user connect"
    " and make tables? Write @ in a password as %40, / as %2F, : as %3A and % as %25.",
    "no_such_database": "Make the database on the server (`createdb --owner USER NAME`), or name"
    " another one in ABOARD_DATABASE.",
    "untrusted": "The server's certificate is not believed: name your authority's with"
    " &sslrootcert=/path/to/ca.pem, and write the host as the certificate does.",
    "not_encrypted": "The server does not speak TLS: set `ssl = on` there, with a certificate.",
    "no_certificate": "This user cannot read a file that ABOARD_DATABASE names: sslrootcert,"
    " sslcert, sslkey or sslcrl.",
    "misconfigured": "What ABOARD_DATABASE and PG... variables say does not go together.",
    "read_only": "Name the primary in ABOARD_DATABASE, not a standby; or let this user write.",
    "too_many_connections": _CONNECTIONS,
    "overloaded": _CONNECTIONS,
    "full": _ROOM,
    "busy": _LOCKED,
    "contended": _LOCKED,
    "cannot_open": _OPEN,
    "corrupt": _BROKEN,
    "not_a_database": "ABOARD_DATABASE names a file that is something else: name another.",
}
_OTHERWISE: Final = (
    "Look at ABOARD_DATABASE: may this user read and write the file and its folder, or use"
    " that database on the server, and is there room on the disk?"
)


def next_step_for(cause: str) -> str:
    """Return what to look at where the store is unavailable for this cause."""
    return _NEXT_STEPS.get(cause, _OTHERWISE)
