"""Is every fact told in the creators dialect, and every message there in five languages?"""

import re

import pytest

from aboard.api.envelope.errors import SITUATIONS, TABLE, Row
from aboard.api.envelope.messages import MESSAGES, message_of
from aboard.core.errors import AboardError
from aboard.core.languages import LANGUAGES
from aboard.web.refusals import Situation
from tests.api.facts import facts

ROWS = [*TABLE.values(), *SITUATIONS.values()]


@pytest.mark.parametrize("fact", facts(), ids=lambda fact: fact.__name__)
def test_every_fact_has_a_row(fact: type[AboardError]) -> None:
    assert fact in TABLE


def test_every_situation_has_a_row() -> None:
    assert set(SITUATIONS) == set(Situation)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_every_row_has_its_message(row: Row) -> None:
    key = row.key.format(feature="onboarding")
    assert key in MESSAGES
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)+", key)
    assert row.code is None or re.fullmatch(r"[A-Z_]+", row.code)


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_every_message_is_there_in_five_languages_with_the_same_values(key: str) -> None:
    wordings = MESSAGES[key]
    assert set(wordings) == set(LANGUAGES)
    assert len({frozenset(re.findall(r"\{\w+\}", text)) for text in wordings.values()}) == 1


def test_a_switch_that_has_no_message_of_its_own_still_says_something() -> None:
    assert message_of("features.unheard_of_disabled", "de", {}) == "Das ist zurzeit abgeschaltet."
