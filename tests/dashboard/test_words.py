"""Every language says everything, with the same places to fill in."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from aboard.core.languages import LANGUAGES
from aboard.dashboard.dates import written
from aboard.dashboard.words import countries_in, country_name, words_in
from aboard.sandbox import catalogue_countries

MAY_BE_EMPTY = {("sign_in", "next"), ("left", "next"), ("operator_left", "next")}


def places(words: Any) -> set[str]:  # noqa: ANN401 - a text, or a list of texts
    return set(re.findall(r"{(\w+)}", str(words)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    english, words = words_in("en"), words_in(language)
    assert list(words) == list(english)
    for section, rows in english.items():
        assert list(words[section]) == list(rows), section
        for name, row in rows.items():
            said = words[section][name]
            assert places(said) == places(row), (section, name)
            assert said or (section, name) in MAY_BE_EMPTY


def test_no_language_is_a_copy_of_another() -> None:
    for language in LANGUAGES[1:]:
        words = words_in(language)
        same = [
            (section, name)
            for section, rows in words_in("en").items()
            for name, said in rows.items()
            if isinstance(said, str) and len(said) > 12 and said == words[section][name]
        ]
        assert not same


@pytest.mark.parametrize(
    ("language", "first", "later"),
    [
        ("en", "1 March 2026, 23:05 (UTC)", "21 November 2026, 09:00 (UTC)"),
        ("pt", "1 de março de 2026, 23:05 (UTC)", "21 de novembro de 2026, 09:00 (UTC)"),
        ("es", "1 de marzo de 2026, 23:05 (UTC)", "21 de noviembre de 2026, 09:00 (UTC)"),
        ("de", "1. März 2026, 23:05 Uhr (UTC)", "21. November 2026, 09:00 Uhr (UTC)"),
        ("fr", "1er mars 2026 à 23:05 (UTC)", "21 novembre 2026 à 09:00 (UTC)"),
    ],
)
def test_points_in_time(language: str, first: str, later: str) -> None:
    assert written(datetime(2026, 3, 1, 23, 5, tzinfo=UTC), language) == first
    assert written(datetime(2026, 11, 21, 9, tzinfo=UTC), language) == later


def test_the_day_is_the_readers_day_and_an_unknown_zone_is_not_claimed() -> None:
    at = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert written(at, "en", "Europe/Berlin") == "1 March 2026, 00:30 (Europe/Berlin)"
    assert written(at, "en", "Mars/Olympus") == "28 February 2026, 23:30 (UTC)"
    assert written(at, "en", "../etc/passwd") == "28 February 2026, 23:30 (UTC)"


def test_every_country_of_the_sandbox_has_a_name() -> None:
    for language in LANGUAGES:
        named = dict(countries_in(language))
        assert set(catalogue_countries.RULES) <= set(named)
    assert country_name("DE", "fr") == "Allemagne"
    assert country_name("ZZ", "en") == "ZZ"
    assert [name for _, name in countries_in("fr")][:3] == ["Allemagne", "Australie", "Autriche"]
