"""What does the description show of an operation beside its types? Examples, and headers.

Each dialect fills this form for its own operations; `description` draws it.

Source: OpenAPI 3.1, examples and header objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Shown:
    """One operation: the body of an example, what it answers, and its headers with a sentence each.

    `fails` is for refusals that look otherwise than the dialect's. `is_page` marks what a browser
    visits: it answers with pages, or with JSON where asked for. `is_body_optional`: the body may be
    left out.
    """

    answer: Any = None
    body: Any = None
    takes: Mapping[str, str] = field(default_factory=dict)
    gives: Mapping[str, str] = field(default_factory=dict)
    fails: Mapping[int, Any] = field(default_factory=dict)
    is_page: bool = False
    is_body_optional: bool = False


@dataclass(frozen=True, slots=True)
class Showcase:
    """One dialect: its operations by id, and one refusal for each status."""

    operations: Mapping[str, Shown]
    refusals: Mapping[int, Any]
