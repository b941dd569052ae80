"""From a template's name and its values to a page. Templates are compiled once, at first use."""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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
    return environment


@cache
def _template(name: str) -> "Template":
    return _environment().get_template(name)


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
