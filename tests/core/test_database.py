"""An address names a file or a server, and nothing of it is told but where that is."""

from pathlib import Path

import pytest

from aboard.core.database import PostgresServer, SqliteFile, read_database
from aboard.core.errors import SettingsRefused

PASSWORD = "tide-words-tide"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("aboard.db", "aboard.db"),
        ("sqlite:///aboard.db", "aboard.db"),
        ("sqlite:////var/lib/aboard.db", "/var/lib/aboard.db"),
        ("/var/lib/a b%20c.db", "/var/lib/a b%20c.db"),
        ("100%.db", "100%.db"),
        ("C:\\data\\aboard.db", "C:\\data\\aboard.db"),
    ],
)
def test_a_path_or_url_names_a_file(text: str, path: str) -> None:
    assert read_database(text) == SqliteFile(Path(path))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://localhost/aboard", "localhost:5432/aboard"),
        (f"postgresql://me:{PASSWORD}@127.0.0.1:6543/aboard", "127.0.0.1:6543/aboard"),
        (f"postgres://me:{PASSWORD}@[::1]/aboard", "::1:5432/aboard"),
        (
            f"postgresql://me:{PASSWORD}@db.example/aboard?sslmode=verify-full&sslrootcert=/ca.pem",
            "db.example:5432/aboard",
        ),
        (f"postgresql://me:{PASSWORD}@db.example/aboard?sslmode=require", "db.example:5432/aboard"),
        ("postgresql:///aboard?host=/var/run/postgresql", "/var/run/postgresql/aboard"),
    ],
)
def test_a_server_is_shown_without_user_password_and_options(text: str, shown: str) -> None:
    address = read_database(text)
    assert isinstance(address, PostgresServer)
    assert address.shown == shown
    assert address.address.reveal() == text
    assert PASSWORD not in f"{address!r} {address}"


@pytest.mark.parametrize("text", ["", ":memory:", "sqlite://", "sqlite:///:memory:"])
def test_what_two_connections_cannot_share_is_refused(text: str) -> None:
    with pytest.raises(SettingsRefused, match="the database must be"):
        read_database(text)


@pytest.mark.parametrize("text", ["mysql://host/db", "sqlite:x", "postgresql+asyncpg://host/db"])
def test_other_kinds_are_refused(text: str) -> None:
    with pytest.raises(SettingsRefused, match="must be a path"):
        read_database(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"postgresql://me:{PASSWORD}@db.example/aboard", "must be encrypted outside loopback"),
        (f"postgresql://me:{PASSWORD}@db.example/a?sslmode=prefer", "must be encrypted"),
        (f"postgresql://me:{PASSWORD}@db.example/a?sslmode=disable", "must be encrypted"),
        (f"postgresql://me:{PASSWORD}@localhost/a?sslmode={PASSWORD}", "unknown sslmode"),
        (f"postgresql://me:{PASSWORD}@localhost", "must name one host and one database"),
        (f"postgresql://me:{PASSWORD}@localhost/", "must name one host and one database"),
        (f"postgresql://me:{PASSWORD}@localhost/a/b", "must name one host and one database"),
        (f"postgresql://me:{PASSWORD}@/x@localhost/a", "in a password @ is written %40"),
        (f"postgresql://me:{PASSWORD}#@localhost/a", "# %23"),
        (f"postgresql://me:{PASSWORD}@one,two/a", "is not an address|must name one host"),
        (f"postgresql://me:{PASSWORD}@localhost:many/a", "is not an address"),
        (f"postgresql://me:{PASSWORD}@[::1/a", "is not an address"),
        (f"postgresql://me:{PASSWORD}@/a", "must name a host"),
        (f"postgresql://me:{PASSWORD}@localhost/a?host=/tmp", "must name a host, or the folder"),
        ("postgresql:///a?host=db.example", "must name a host, or the folder"),
        (f"postgresql://localhost/a?password={PASSWORD}", "may have the options"),
        (f"postgresql://localhost/a?options={PASSWORD}", "may have the options"),
        (f"postgresql://localhost/a?{PASSWORD}", "options that cannot be read"),
    ],
)
def test_what_is_wrong_with_an_address_is_told_without_quoting_it(text: str, reason: str) -> None:
    with pytest.raises(SettingsRefused, match=reason) as refused:
        read_database(text)
    assert PASSWORD not in str(refused.value)
