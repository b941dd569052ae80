"""What is to be known of an operation beside its types? Examples, refusals, effects and limits.

Each dialect fills this form for its own operations, once: `description` draws it for machines,
and the pages in docs/api are written from it for people.

Source: OpenAPI 3.1, examples and header objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way in which an operation says no: the answer as it is sent, when, and what helps."""

    status: int
    key: str
    code: str
    when: str
    remedy: str
    answer: Any


@dataclass(frozen=True, slots=True)
class Shown:
    """One operation: the body of an example, what it answers, and its headers with a sentence each.

    `refusals` are all the answers of 400 and above, and `effects` what happens in order, where an
    operation is told as fully as that; `page` is its page in the documentation. `calls` is
    its own number of calls in a window, whatever the dialect's is. `fails` is for
    refusals that look otherwise than the dialect's. `is_page` marks what a browser visits: it
    answers with pages, or with JSON where asked for. `is_body_optional`: the body may be left out.
    """

    answer: Any = None
    body: Any = None
    takes: Mapping[str, str] = field(default_factory=dict)
    gives: Mapping[str, str] = field(default_factory=dict)
    fails: Mapping[int, Any] = field(default_factory=dict)
    is_page: bool = False
    is_body_optional: bool = False
    refusals: tuple[Refusal, ...] = ()
    effects: tuple[str, ...] = ()
    page: str = ""
    calls: int | None = None


@dataclass(frozen=True, slots=True)
class Showcase:
    """One dialect: its operations by id, one refusal for each status, and how many calls go."""

    operations: Mapping[str, Shown]
    refusals: Mapping[int, Any]
    calls: int
    window_seconds: int = 3600


def limit_in_words(calls: int, window_seconds: int) -> str:
    """Return a limit as a person says it.

    >>> limit_in_words(10, 3600), limit_in_words(1, 60), limit_in_words(5, 90)
    ('10 calls an hour', '1 call a minute', '5 calls in 90 seconds')
    """
    windows = {60: "a minute", 3600: "an hour", 86_400: "a day"}
    window = windows.get(window_seconds, f"in {window_seconds} seconds")
    return f"{calls} call{'' if calls == 1 else 's'} {window}"
