"""Which database does an address name? A SQLite file, or a database on a PostgreSQL server.

An address may hold a password, so what is shown of it is read here too. Outside loopback the
road to a server must be encrypted: people's data and the password travel on it.

Source: docs/self-hosting.md, choosing a database; ADR-0022, PostgreSQL.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from aboard.core.errors import SettingsRefused
from aboard.core.links import LOOPBACK
from aboard.core.secret import Secret

_SQLITE = "sqlite:///"
_SCHEMES: Final = ("postgresql", "postgres")
_ENCRYPTED: Final = ("verify-full", "verify-ca", "require")
_PLAIN: Final = ("disable", "allow", "prefer")
_OPTIONS: Final = ("host", "sslcert", "sslcrl", "sslkey", "sslmode", "sslrootcert")
_LOOKS_LIKE: Final = (
    "postgresql://user@host:5432/name; in a password @ is written %40, / %2F and # %23"
)


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A SQLite database: one file, for one machine."""

    path: Path

    @property
    def shown(self) -> str:
        """Return what may be shown to anybody: all of it."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A database on a PostgreSQL server, for any number of machines.

    `shown` is its host, port and name: no user, no password, no options.
    """

    address: Secret
    shown: str


DatabaseAddress = SqliteFile | PostgresServer


def read_database(text: str) -> DatabaseAddress:
    """Return the database that a path, a `sqlite:///` or a `postgresql://` address names.

    Raises:
        SettingsRefused: it names none that we can use; the reason quotes nothing of it.
    """
    scheme, separator, _ = text.partition("://")
    if separator and scheme.lower() in _SCHEMES:
        return _server(text)
    path = text.removeprefix(_SQLITE)
    if path in {"", ":memory:"}:
        raise _refused("must be a file: two connections share it")
    if "://" in path or path.startswith("sqlite:"):
        raise _refused(f"must be a path, {_SQLITE}path or postgresql://user@host/name")
    return SqliteFile(Path(path))


def _server(text: str) -> PostgresServer:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or 5432
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        # Also what an empty query is to a strict parser.
        return _without_query(text)
    return _checked(text, parts, host, port, options)


def _without_query(text: str) -> PostgresServer:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or 5432
    except ValueError:
        raise _refused(f"is not an address, such as {_LOOKS_LIKE}") from None
    if parts.query:
        raise _refused("has options that cannot be read")
    return _checked(text, parts, host, port, {})


def _checked(
    text: str, parts: SplitResult, host: str, port: int, options: dict[str, str]
) -> PostgresServer:
    name = unquote(parts.path.removeprefix("/"))
    socket = options.get("host", "")
    if not name or "/" in name or parts.fragment or "," in parts.netloc:
        raise _refused(f"must name one host and one database: {_LOOKS_LIKE}")
    unknown = sorted(options.keys() - set(_OPTIONS))
    if unknown:
        raise _refused(f"may have the options {', '.join(_OPTIONS)}, and no others")
    if bool(host) == bool(socket) or (socket and not socket.startswith("/")):
        raise _refused("must name a host, or the folder of a socket as ?host=/folder")
    mode = options.get("sslmode")
    if mode is not None and mode not in (*_ENCRYPTED, *_PLAIN):
        raise _refused(f"has an unknown sslmode; choose one of {', '.join(_ENCRYPTED)}")
    if host and host not in LOOPBACK and mode not in _ENCRYPTED:
        raise _refused(
            "must be encrypted outside loopback: end it with ?sslmode=verify-full, or with "
            "verify-ca or require, which prove less"
        )
    shown = f"{socket}/{name}" if socket else f"{host}:{port}/{name}"
    return PostgresServer(Secret(text), shown)


def _refused(reason: str) -> SettingsRefused:
    return SettingsRefused([f"the database {reason}"])
