"""Does every refusal of Stripe's have its words, in each of our languages and in no mixture?"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import combinations
from typing import Any, Final, get_args, get_type_hints

import pytest
import stripe

from aboard.core.languages import LANGUAGES

Wording = Mapping[str, Mapping[str, str]]

TRANSLATIONS: Final = tuple(language for language in LANGUAGES if language != "en")
# A reader on a phone should not have to scroll through one sentence.
LONGEST_SENTENCE: Final = 160
BETWEEN_SENTENCES: Final = re.compile(r"(?<=[.?!]) (?=[^\W\d_a-z])")
# Sellers read these: nothing may say what a check suspects.
ACCUSING: Final = re.compile(
    r"fraud|fake|forg(?:e|ery)|manipul|tamper|alter(?:ed|ad[oa])|suspi[ct]|suspeit|sospech"
    r"|falsific|falsifi|fälsch|verdächt|betrug|betrüg|soup[cç]onn|contrefa",
    re.IGNORECASE,
)
# How each language sends somebody to the platform.
PLATFORM: Final = {
    "en": "contact the platform",
    "pt": "contacte a plataforma",
    "es": "ponte en contacto con la plataforma",
    "de": "wenden Sie sich an die Plattform",
    "fr": "contactez la plateforme",
}
# What a seller cannot always repair alone.
WITHOUT_A_REMEDY_OF_ONES_OWN: Final = (
    "external_request",
    "invalid_dob_age_under_18",
    "invalid_value_other",
    "unsupported_business_type",
    "verification_document_failed_other",
    "verification_document_fraudulent",
    "verification_document_manipulated",
    "verification_failed_other",
    "verification_supportability",
)


def read(language: str) -> Wording:
    file = files("aboard.core").joinpath("wording", language, "errors.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


WORDING: Final = {language: read(language) for language in LANGUAGES}


def texts(wording: Wording) -> Iterator[tuple[str, str, str]]:
    for code, words in wording.items():
        for part, text in words.items():
            yield code, part, text


def codes_known_to(error: type[Any]) -> set[str]:
    return set(get_args(get_type_hints(error)["code"]))


@pytest.mark.parametrize(
    "error",
    [
        stripe.Account.Requirements.Error,
        stripe.Account.FutureRequirements.Error,
        stripe.Person.Requirements.Error,
        stripe.Person.FutureRequirements.Error,
        stripe.Capability.Requirements.Error,
        stripe.Capability.FutureRequirements.Error,
    ],
    ids=lambda error: error.__qualname__,
)
def test_every_code_of_the_official_sdk_has_its_words(error: type[Any]) -> None:
    codes = codes_known_to(error)
    assert len(codes) >= 99
    assert not codes - WORDING["en"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_was_made_up(language: str) -> None:
    assert not WORDING[language].keys() - codes_known_to(stripe.Account.Requirements.Error)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_all_languages_know_the_same_codes_in_the_same_order(language: str) -> None:
    assert list(WORDING[language]) == list(WORDING["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_reason_and_something_to_do_and_nothing_else(language: str) -> None:
    assert not {
        code: list(words)
        for code, words in WORDING[language].items()
        if list(words) != ["reason", "what_to_do"]
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_made_of_whole_short_sentences(language: str) -> None:
    badly_made = [
        (code, part, text)
        for code, part, text in texts(WORDING[language])
        if not text.endswith(".")
        or not text[:1].isupper()
        or text != " ".join(text.split())
        or max(map(len, BETWEEN_SENTENCES.split(text))) > LONGEST_SENTENCE
        or len(BETWEEN_SENTENCES.split(text)) > (1 if part == "reason" else 2)
    ]
    assert not badly_made


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_sentence_was_left_in_english(language: str) -> None:
    english = {(code, part): text for code, part, text in texts(WORDING["en"])}
    assert not [
        (code, part) for code, part, text in texts(WORDING[language]) if text == english[code, part]
    ]


@pytest.mark.parametrize(("one", "other"), list(combinations(LANGUAGES, 2)))
def test_no_text_stands_in_the_file_of_another_language(one: str, other: str) -> None:
    ours, theirs = ({text for _, _, text in texts(WORDING[name])} for name in (one, other))
    assert not ours & theirs


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_accused(language: str) -> None:
    assert not [row for row in texts(WORDING[language]) if ACCUSING.search(row[2])]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", WITHOUT_A_REMEDY_OF_ONES_OWN)
def test_who_cannot_go_on_alone_is_sent_to_the_platform(language: str, code: str) -> None:
    assert PLATFORM[language] in WORDING[language][code]["what_to_do"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_suspected_reads_like_what_was_not(language: str) -> None:
    words = WORDING[language]
    assert words["verification_document_fraudulent"] == words["verification_document_manipulated"]
    assert words["verification_document_fraudulent"]["reason"].count(" ") < 7


def test_french_keeps_its_space_before_tall_signs() -> None:
    without = re.compile(r"\w[;!?]|\w:(?!//)")
    assert not [row for row in texts(WORDING["fr"]) if without.search(row[2])]
