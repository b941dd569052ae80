"""Is every fact told in the organizations dialect, and every page there in five languages?"""

import re

import pytest

from aboard.api.organizations.errors import SITUATIONS, TABLE
from aboard.api.organizations.words import NOTHING_LISTED, WORDS, Page
from aboard.core.errors import AboardError, StateInvalid
from aboard.core.languages import LANGUAGES, preferred_language
from aboard.web.refusals import Situation
from tests.api.facts import facts


@pytest.mark.parametrize("fact", facts(), ids=lambda fact: fact.__name__)
def test_every_fact_has_a_row(fact: type[AboardError]) -> None:
    assert fact in TABLE


def test_every_situation_has_a_row() -> None:
    assert set(SITUATIONS) == set(Situation)


def test_codes_are_stable_words_with_a_message() -> None:
    for row in (*TABLE.values(), *SITUATIONS.values()):
        assert re.fullmatch(r"[a-z_]+|features\.\{feature\}_disabled", row.code)
        assert row.message.endswith((".", "again."))
        assert 400 <= row.status < 600


def test_nobody_learns_which_check_a_state_failed() -> None:
    rows = {TABLE[fact] for fact in facts() if issubclass(fact, StateInvalid)}
    assert len(rows) == 1


@pytest.mark.parametrize("page", list(Page))
def test_every_page_is_there_in_five_languages(page: Page) -> None:
    assert set(WORDS[page]) == set(LANGUAGES)
    assert len({words.title for words in WORDS[page].values()}) == len(LANGUAGES)


def test_an_empty_checklist_says_so_in_five_languages() -> None:
    assert set(NOTHING_LISTED) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("pt-BR", "pt"),
        ("PT", "pt"),
        ("it, de;q=0.8, fr;q=0.9", "fr"),
        ("de;q=0", "en"),
        ("de;q=x, fr;q=0.1", "fr"),
        ("de;q=nan", "en"),
        ("de;q=2", "en"),
        ("*", "en"),
        (",,;;q", "en"),
        ("x," * 10_000 + "de", "en"),
    ],
)
def test_the_best_language_is_chosen(header: str | None, language: str) -> None:
    assert preferred_language(header) == language
