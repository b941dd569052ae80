"""How is it said to a seller? Titles, reasons and next steps for Stripe's words, in five languages.

The sentences stand in `<language>/requirements.toml`, `errors.toml` and `states.toml` beside this
file, and are read once for each language, when first needed. Nothing here fails for a word that
nobody has heard of, nor for a language that is not ours (English then): it answers readably, and
`is_known` is false.

Source: ADR-0015, wording is data.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from aboard.core.languages import LANGUAGES
from aboard.core.readiness import Actor, Assessment, Readiness
from aboard.core.requirement_keys import readable, split_key

_MOST_REMEMBERED: Final = 8192


@dataclass(frozen=True, slots=True)
class RequirementWords:
    """A checklist line's name, why Stripe asks, and what to do."""

    title: str
    why: str
    help: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """Why something was not accepted, and what to do now."""

    reason: str
    what_to_do: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class StateWords:
    """How an account stands, what that means, and what to do next."""

    title: str
    what: str
    next_step: str


@lru_cache(_MOST_REMEMBERED)
def word_requirement(key: str, language: str) -> RequirementWords:
    """Say what a requirement key asks for; its longest known beginning decides the words.

    >>> word_requirement("owners.dob.day", "en").title
    'Date of birth'
    >>> word_requirement("owners.shoe_size", "en").title
    'Shoe size'
    """
    known = _read(language, "requirements")
    parts = split_key(key).path.split(".")
    for length in range(len(parts), 0, -1):
        words = known.get(".".join(parts[:length]))
        if words is not None:
            return RequirementWords(words["title"], words["why"], words["help"], is_known=True)
    otherwise = _states(language, "fallback")["requirement"]
    title = readable(key) or "?"
    return RequirementWords(title, otherwise["why"], otherwise["help"], is_known=False)


@lru_cache(_MOST_REMEMBERED)
def word_error(code: str, language: str) -> ErrorWords:
    """Say why Stripe did not accept something, by the code of the requirement's error."""
    words = _read(language, "errors").get(code)
    if words is not None:
        return ErrorWords(words["reason"], words["what_to_do"], is_known=True)
    otherwise = _states(language, "fallback")["error"]
    reason = _fill(otherwise["reason"], "code", code.replace("_", " "))
    return ErrorWords(reason, otherwise["what_to_do"], is_known=False)


_EITHERS_TURN: Final = frozenset({Readiness.RESTRICTED, Readiness.RESTRICTED_SOON})


def word_readiness(assessment: Assessment, language: str) -> StateWords:
    """Say how an account stands; two words differ by whether its owner can do anything."""
    name = assessment.readiness.value
    is_theirs = assessment.who_must_act is Actor.PLATFORM
    if is_theirs and assessment.readiness in _EITHERS_TURN:
        name = f"{name}_platform"
    words = _states(language, "readiness")[name]
    return StateWords(words["title"], words["what"], words["next_step"])


def word_actor(actor: str, language: str) -> str:
    """Say who must act, in a short phrase.

    >>> word_actor(Actor.STRIPE, "fr")
    'Stripe vérifie'
    """
    return _phrase("actor", actor, language)


def word_subject(subject: str, language: str) -> str:
    """Return the name of whom or what a requirement is about."""
    return _phrase("subject", subject, language)


def word_disabled_reason(reason: str, language: str, *, for_operator: bool) -> str:
    """Say why Stripe switched an account or a capability off, or why it is no longer ours.

    An operator is told exactly. A seller is told nothing that Stripe keeps from them: no word of
    a suspicion, a list or a review's doubts.
    """
    known = _states(language, "disabled_reason")
    words = known.get(reason.replace(".", "_"))
    if words is None and reason.startswith("rejected.") and not for_operator:
        words = known["rejected_other"]
    if words is None:
        words = _states(language, "fallback")["disabled_reason"]
    return _fill(words["operator" if for_operator else "seller"], "reason", reason)


def word_blocker(name: str, language: str) -> str:
    """Say in one sentence why an owner may not take live money.

    >>> word_blocker("capability_inactive:card_payments", "en")
    'Stripe has not switched on: card payments.'
    """
    kind, _, detail = name.partition(":")
    sentence = _states(language, "blocker").get(kind)
    if sentence is None:
        return readable(name) or "?"
    return _fill(sentence, "name", _capability(detail, language))


def _capability(name: str, language: str) -> str:
    known = _states(language, "capability").get(name)
    # Most others are brands, and the same in every language: Bancontact, Klarna, Swish.
    return known or readable(name.removesuffix("_payments"))


def _phrase(table: str, word: str, language: str) -> str:
    return _states(language, table).get(word) or readable(word) or "?"


def _fill(sentence: str, name: str, value: str) -> str:
    return sentence.replace(f"{{{name}}}", value)


# The shape of the files is held by a test, for every language.
def _states(language: str, table: str) -> Mapping[str, Any]:
    words: Mapping[str, Any] = _read(language, "states")[table]
    return words


def _read(language: str, name: str) -> Mapping[str, Any]:
    return _load(language if language in LANGUAGES else LANGUAGES[0], name)


@cache
def _load(language: str, name: str) -> Mapping[str, Any]:
    file = files("aboard.core.wording") / language / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
