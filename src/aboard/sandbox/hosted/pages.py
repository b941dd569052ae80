"""From a template's name and its values to a page. Templates are compiled once, at first use."""

import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from aboard.sandbox.hosted.choices import Choices
from aboard.sandbox.hosted.questions import Field
from aboard.sandbox.hosted.steps import Item

if TYPE_CHECKING:
    from jinja2 import Environment, Template

_FOLDER = Path(__file__).parent / "templates"


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 (only pages need templates)

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        keep_trailing_newline=False,
    )
    environment.globals["stylesheet"] = stylesheet_path()
    environment.globals["written"] = _written
    return environment


@cache
def _template(name: str) -> "Template":
    return _environment().get_template(name)


def _written(item: Item, *, is_error_above: bool = False) -> str:
    """Write a question; those that hold nothing of anybody's are the same on every visit."""
    if item.value or item.on_file or item.error is not None:
        return _question()(item, is_error_above)
    return _blank(item.path, item.field, item.help, item.choices, is_optional=item.is_optional)


@lru_cache(maxsize=512)
def _blank(path: str, field: Field, hint: str, choices: Choices, *, is_optional: bool) -> str:
    blank = Item(path, field, help=hint, choices=choices, is_optional=is_optional)
    return _question()(blank, False)


@cache
def _question() -> "Callable[[Item, bool], str]":
    macro: Callable[[Item, bool], str] = vars(_template("questions.html").module)["question"]
    return macro


def render(name: str, /, **values: object) -> str:
    """Fill in a template; every value is escaped."""
    return _template(name).render(values)


@cache
def stylesheet() -> bytes:
    """Return the one style sheet of all pages."""
    return (_FOLDER / "style.css").read_bytes()


@cache
def stylesheet_path() -> str:
    """Return where the style sheet is served: a new path for every change of it."""
    return f"/hosted/style-{hashlib.sha256(stylesheet()).hexdigest()[:10]}.css"
