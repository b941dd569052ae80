"""Every word of Stripe's is said in five languages, and none that is unknown breaks anything."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aboard.core.wording
from aboard.core import go_live
from aboard.core.languages import LANGUAGES
from aboard.core.readiness import Actor, Assessment, Readiness
from aboard.core.requirement_keys import plain_path, split_key
from aboard.core.requirements import Subject, subject_of
from aboard.core.wording import (
    word_actor,
    word_blocker,
    word_disabled_reason,
    word_error,
    word_readiness,
    word_requirement,
    word_subject,
)

FOLDER = Path(aboard.core.wording.__file__).parent
FILES = ("requirements", "errors", "states")
OTHERS = [language for language in LANGUAGES if language != "en"]
# What stands alone: a name or a heading, where all else is one sentence or several.
NAMES = {"title"}
PHRASES = {"actor", "capability", "subject", "timing"}

REASONS = """
    action_required.requested_capabilities listed other platform_paused rejected.fraud
    rejected.incomplete_verification rejected.listed rejected.other rejected.platform_fraud
    rejected.platform_other rejected.platform_terms_of_service rejected.terms_of_service
    requirements.past_due requirements.pending_verification under_review
    paused.inactivity pending.onboarding pending.review platform_disabled rejected.inactivity
    rejected.unsupported_business requirements.fields_needed
    access_revoked deleted link_refused no_such_account
""".split()  # noqa: SIM905 - one line of words reads better than 26 lines
BLOCKERS = (
    go_live.NOT_CONNECTED,
    go_live.DETAILS_NOT_SUBMITTED,
    go_live.CHARGES_DISABLED,
    go_live.PAYOUTS_DISABLED,
    go_live.REQUIREMENTS_PAST_DUE,
    go_live.REQUIREMENTS_CURRENTLY_DUE,
    go_live.PLATFORM_WEBHOOK_SILENT,
    go_live.CONNECT_WEBHOOK_SILENT,
    go_live.TEST_MODE_ONLY,
    go_live.KILL_SWITCH,
    go_live.capability_inactive("card_payments"),
)
SUSPICIONS = re.compile(
    "fraud|suspic|illegal|prohibit|violat|suspeita|ilegal|proibid|viola|sospecha|prohibid"
    "|incumpl|Betrug|Verdacht|rechtswidrig|verboten|Verstoß|soupçon|illégal|interdit|non-respect",
    re.IGNORECASE,
)


def load(language: str, name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / language / f"{name}.toml").read_text(encoding="utf-8"))


def leaves(
    table: dict[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, name))
        else:
            assert isinstance(value, str), path
            yield (*path, name), value


def is_sentence(path: tuple[str, ...]) -> bool:
    return path[-1] not in NAMES and path[0] not in PHRASES


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_the_same_things(language: str, name: str) -> None:
    ours = dict(leaves(load(language, name)))
    english = dict(leaves(load("en", name)))
    assert list(ours) == list(english)
    for path, text in ours.items():
        assert re.findall(r"{\w+}", text) == re.findall(r"{\w+}", english[path]), path


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_whole(language: str, name: str) -> None:
    for path, text in leaves(load(language, name)):
        assert text == " ".join(text.split()), path
        assert text, path
        if is_sentence(path):
            assert re.search(r"[.?]\Z", text), path
            assert text[0].isupper() or text[0].isdigit() or text.startswith("¿"), path
            assert len(text) <= 250, path
        else:
            assert not text.endswith((".", ",", ":")) or text.endswith("EE. UU."), path
            assert len(text) <= 70, path


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str, name: str) -> None:
    english = dict(leaves(load("en", name)))
    left = [path for path, text in leaves(load(language, name)) if text == english[path]]
    assert not left


@pytest.mark.parametrize(
    ("language", "foreign"),
    [
        ("pt", r"\b(?:você|tu|teu|tua|usuário|cadastro|celular)\b"),
        ("es", r"\b(?:usted|ustedes|vosotros|su cuenta)\b"),
        ("de", r"\b(?:du|dein\w*|dir|dich)\b"),
        ("fr", r"\b(?:tu|ton|tes)\b|\w[?;:!](?!//)"),
    ],
)
def test_each_language_has_one_tone(language: str, foreign: str) -> None:
    for name in FILES:
        for path, text in leaves(load(language, name)):
            assert not re.search(foreign, text), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_tell_things_apart(language: str) -> None:
    """Lines of the same title and subject are shown as one."""
    seen: dict[tuple[Subject, str], str] = {}
    for key, words in load(language, "requirements").items():
        subject = subject_of(key.replace("person.", "individual."))
        other = seen.setdefault((subject, words["title"]), key)
        assert other == key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_words(language: str) -> None:
    for readiness in Readiness:
        words = word_readiness(Assessment(readiness, Actor.OWNER), language)
        assert words.title
        assert words.what
        assert words.next_step
    theirs = word_readiness(Assessment(Readiness.RESTRICTED, Actor.PLATFORM), language)
    assert theirs != word_readiness(Assessment(Readiness.RESTRICTED, Actor.OWNER), language)
    states = load(language, "states")
    assert states["actor"].keys() == {actor.value for actor in Actor}
    assert states["subject"].keys() == {subject.value for subject in Subject}
    assert word_actor(Actor.OWNER, language) == states["actor"]["owner"]
    assert word_subject(Subject.OWNER, language) == states["subject"]["owner"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS)
def test_sellers_read_no_suspicion_and_operators_the_reason(reason: str, language: str) -> None:
    seller = word_disabled_reason(reason, language, for_operator=False)
    operator = word_disabled_reason(reason, language, for_operator=True)
    assert not SUSPICIONS.search(seller)
    assert reason.replace(".", "_") in load(language, "states")["disabled_reason"]
    assert seller != operator


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_stripes_rejections_read_the_same_to_a_seller(language: str) -> None:
    said = {
        word_disabled_reason(f"rejected.{name}", language, for_operator=False)
        for name in ("fraud", "listed", "other", "terms_of_service", "of_a_new_kind")
    }
    assert len(said) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("blocker", BLOCKERS)
def test_every_blocker_has_a_sentence(blocker: str, language: str) -> None:
    sentence = word_blocker(blocker, language)
    assert sentence.endswith(".")
    assert "_" not in sentence


def test_a_blocker_names_its_capability() -> None:
    assert word_blocker("capability_inactive:klarna_payments", "de").endswith("Klarna.")
    assert word_blocker("capability_inactive:transfers", "pt").endswith("da plataforma.")


def test_the_longest_known_beginning_decides() -> None:
    words = {
        word_requirement(f"person_1x.{field}", "en").title
        for field in ("verification.new", "verification.document.front", "relationship.title")
    }
    assert words == {"Proof of identity", "Identity document", "Job title"}
    assert word_requirement("owners.dob.day", "pt") == word_requirement("individual.dob.year", "pt")
    # The beginning of a word is not the beginning of a key.
    assert not word_requirement("company.namesake", "en").is_known
    assert not word_requirement("capabilities_of_old", "en").is_known


def test_an_unknown_language_reads_english() -> None:
    assert word_requirement("external_account", "../pt") == word_requirement(
        "external_account", "en"
    )


anything = st.text(max_size=40) | st.from_regex(r"[a-z_]{1,8}(\.[a-z_]{0,8}){0,3}", fullmatch=True)


@settings(max_examples=60)
@given(word=anything, language=st.sampled_from(LANGUAGES) | st.text(max_size=5))
def test_no_word_and_no_language_breaks_anything(word: str, language: str) -> None:
    asked = word_requirement(word, language)
    wrong = word_error(word, language)
    said = (
        asked.title,
        asked.why,
        asked.help,
        wrong.reason,
        wrong.what_to_do,
        word_actor(word, language),
        word_subject(word, language),
        word_disabled_reason(word, language, for_operator=True),
        word_disabled_reason(word, language, for_operator=False),
        word_blocker(word, language),
        word_blocker(f"capability_inactive:{word}", language),
    )
    assert all(said)
    path = plain_path(word)
    assert path is None or path.isascii()
    assert split_key(word).subject in Subject
