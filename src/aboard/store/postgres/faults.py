"""What does an error of PostgreSQL's mean to those who asked? Away, or a mistake of ours.

PostgreSQL's and the driver's texts quote values: a key that was there already, an argument of a
wrong type. So nothing of them goes further unless its kind is known to name no value.

Source: PostgreSQL's documentation, "PostgreSQL Error Codes"; ADR-0022, PostgreSQL.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from asyncpg import InterfaceError, PostgresError
from asyncpg.exceptions import ClientConfigurationError, InternalClientError

from aboard.core.errors import StoreUnavailable

CONFLICTS: Final = frozenset({"40001", "40P01"})
"""Serialization failure and deadlock: whoever lost wrote nothing, and may try again."""

_BY_CODE: Final = {
    "25006": "read_only",
    "3D000": "no_such_database",
    "42501": "not_permitted",
    "53100": "full",
    "53300": "too_many_connections",
    "55P03": "busy",
    "57014": "busy",
    "58030": "input_output",
}
_BY_CLASS: Final = {
    "08": "unreachable",
    "25": "busy",  # a transaction that idled too long, such as a process that was stopped
    "28": "not_permitted",
    "40": "contended",
    "53": "overloaded",
    "57": "unreachable",  # shutting down, crashed, starting up
    "58": "input_output",
    "XX": "corrupt",
    "42": "error",
    "0A": "error",
}

# The driver has no type of its own for a server that does not speak TLS.
_PLAIN_ROAD: Final = "rejected SSL upgrade"


class StatementRefused(Exception):
    """PostgreSQL or its driver refused a statement for its values: a mistake of the caller's.

    Carries the error's code, and the constraint if one was hurt; never a value.
    """

    def __init__(self, code: str, constraint: str | None = None) -> None:
        """Name the code and the constraint."""
        super().__init__(f"the statement was refused: {code} {constraint or ''}".rstrip())
        self.code = code
        self.constraint = constraint


def code_of(error: BaseException | None) -> str:
    """Return PostgreSQL's five letters for an error, or nothing."""
    code = getattr(error, "sqlstate", None)
    return code if isinstance(code, str) else ""


@contextmanager
def facts(*, is_closed: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Let out our own facts alone; once `is_closed`, whatever else goes wrong means that."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - told apart here, in one place
        fact = translated(error)
        if is_closed() and fact is not error:
            fact = StoreUnavailable("closed")
        raise fact from fact.__cause__


def translated(error: Exception) -> Exception:
    """Return our own fact for an error of the driver's, and any other error as it is.

    What comes back has its cause set where the cause's text quotes no value.
    """
    if isinstance(error, PostgresError):
        return _of_server(error)
    if isinstance(error, ClientConfigurationError):
        return StoreUnavailable("misconfigured")
    if isinstance(error, InterfaceError) and isinstance(error, ValueError):
        return StatementRefused("22000")  # an argument that does not fit its place
    if isinstance(error, InterfaceError | InternalClientError | OSError):
        return _away(_why_away(error), error)
    return error


def _why_away(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "untrusted"
    return "not_encrypted" if str(error).endswith(_PLAIN_ROAD) else "unreachable"


def _of_server(error: PostgresError) -> Exception:
    code = code_of(error)
    cause = _BY_CODE.get(code) or _BY_CLASS.get(code[:2])
    if cause is None:
        return StatementRefused(code, getattr(error, "constraint_name", None))
    return _away(cause, error)


def _away(cause: str, error: Exception) -> StoreUnavailable:
    fault = StoreUnavailable(cause)
    fault.__cause__ = error
    return fault
