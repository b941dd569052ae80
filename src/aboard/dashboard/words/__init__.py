"""What do the pages say? Words of each language from files of its own, read once.

The operator's pages have theirs in `staff`.

Requirements, errors and states have their words in `core.wording`; here is everything around them.

Source: ADR-0015, wording is data.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from aboard.core.languages import LANGUAGES

_FOLDER: Final = Path(__file__).parent


@cache
def words_in(language: str) -> Mapping[str, Any]:
    """Return the words of one of our languages, by section and name."""
    owners, operators = (
        tomllib.loads((_FOLDER / folder / f"{language}.toml").read_text("utf-8"))
        for folder in ("", "staff")
    )
    return {**owners, **operators}


@cache
def own_names() -> tuple[tuple[str, str], ...]:
    """Return each language with its own name for itself."""
    return tuple((language, words_in(language)["frame"]["own_name"]) for language in LANGUAGES)


@cache
def countries_in(language: str) -> tuple[tuple[str, str], ...]:
    """Return the countries that an account can be in, by code and name, in the name's order."""
    rows = tomllib.loads((_FOLDER / "countries.toml").read_text("utf-8"))
    column = LANGUAGES.index(language)
    return tuple(sorted(((code, names[column]) for code, names in rows.items()), key=_by_name))


def country_name(code: str, language: str) -> str:
    """Return a country's name, or its code when the name is not known."""
    return dict(countries_in(language)).get(code, code)


def _by_name(row: tuple[str, str]) -> str:
    """Sort accented capitals beside their plain ones, as readers of all five languages do."""
    return row[1].translate(str.maketrans("ÁÉÍÓÚÄÖÜÅÎ", "AEIOUAOUAI"))
