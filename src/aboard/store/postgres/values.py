"""What goes into the places of a statement, and how long does one rest after a lost conflict?

Source: PostgreSQL's documentation, "Character Types"; ADR-0022, PostgreSQL.
"""

import random
from typing import Final

from aboard.store.statements.compiler import Params, Statement, Value

_FIRST_PAUSE_SECONDS: Final = 0.005


def values_of(statement: Statement, params: Params) -> list[Value]:
    """Return the values in the order of their places.

    PostgreSQL's text has no place for the character NUL: it is replaced, when it is written as
    when it is looked for.
    """
    values = [params[name] for name in statement.names]
    for place, value in enumerate(values):
        if isinstance(value, str) and "\0" in value:
            values[place] = value.replace("\0", "\ufffd")
    return values


def pause_seconds(attempt: int) -> float:
    """Return how many seconds to rest before a lost conflict is tried again."""
    return _FIRST_PAUSE_SECONDS * 2.0**attempt * random.uniform(0.5, 1.5)  # noqa: S311 - jitter
