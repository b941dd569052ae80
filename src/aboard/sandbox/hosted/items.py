"""What is asked with what is known, and what was answered: questions to facts and back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from aboard.sandbox import answers
from aboard.sandbox.answers import FieldError
from aboard.sandbox.catalogue import ALTERNATIVES
from aboard.sandbox.hosted import papers
from aboard.sandbox.hosted.desk import Desk
from aboard.sandbox.hosted.exchange import Request
from aboard.sandbox.hosted.fields import field_for, is_document, split_path
from aboard.sandbox.hosted.questions import Field
from aboard.sandbox.hosted.steps import Item, Outline, Problem, in_order

_KEEP = "Already given. Leave empty to keep it."


def items_of(desk: Desk, asked: Iterable[str], plan: Outline) -> list[Item]:
    """Return the questions for some requirements, with the values that are known."""
    account = desk.account
    keys = list(asked)
    settled: dict[str, str] = {}
    for original, alternative in (ALTERNATIVES | dict(plan.debts.alternatives)).items():
        if original in keys and alternative not in keys:
            keys.append(alternative)
            settled[alternative] = original
    items = []
    for key in in_order(keys):
        field = _for_whom(desk, key, field_for(key, account.country, account.business_type))
        item = Item(key, field, help=field.help, choices=field.choices)
        value = account.fact(fact_path(key))
        if value is None or value is False:
            item.value = _known_from_sign_in(desk, key)
        elif field.is_secret:
            item.help = _KEEP
        elif is_document(key):
            papers.describe(desk.world, account, item, value)
        else:
            item.value = "true" if value is True else str(value)
        is_free = value in {None, False} and key not in plan.due
        item.is_optional = field.is_optional or key in settled or bool(item.on_file) or is_free
        if field.kind == "select" and item.value not in {"", *dict(field.choices)}:
            item.choices = (*field.choices, (item.value, item.value))
        items.append(item)
    given = {settled[item.path] for item in items if item.path in settled and item.value}
    for item in items:
        item.is_optional = item.is_optional or item.path in given
    return items


def _for_whom(desk: Desk, key: str, field: Field) -> Field:
    """Keep a browser from filling in one's own card about one of the other people."""
    subject = split_path(key)[0]
    if field.autocomplete == "off" or not subject.startswith("person_"):
        return field
    if desk.account.person(subject) is desk.account.representative:
        return field
    return replace(field, autocomplete=f"section-{subject} {field.autocomplete}")


def fact_path(key: str) -> str:
    """Return where the answer to a requirement is kept."""
    return f"{key}.front" if key.endswith(("verification.document", "additional_document")) else key


def _known_from_sign_in(desk: Desk, key: str) -> str:
    subject, tail = split_path(key)
    person = desk.account.representative
    if subject not in {"individual", "representative", "" if person is None else person.id}:
        return ""
    known = {"email": desk.account.email or "", "phone": desk.visit.phone}
    return known.get(tail, "")


def read_form(desk: Desk, items: Iterable[Item], form: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that were typed, by the questions' paths."""
    return {item.path: _typed(desk, form, item.path) for item in items}


def _typed(desk: Desk, form: Mapping[str, str], path: str) -> str:
    """Read an answer, also from a page that still had the person's name of before."""
    subject, tail = split_path(path)
    person = desk.account.representative
    if path not in form and person is not None and subject in {person.id, "individual"}:
        path = f"representative.{tail}"
    return form.get(path, "").strip()


def save_items(
    desk: Desk, items: list[Item], typed: dict[str, str], request: Request
) -> dict[str, Problem]:
    """Save every answer that differs from what is known; return what was refused."""
    problems: dict[str, Problem] = {}
    changed: dict[str, str] = {}
    for item in items:
        path = fact_path(item.path)
        text = typed[item.path]
        known = desk.account.fact(path)
        if item.field.kind == "checkbox" and not text and known is True:
            text = "false"
        if item.field.kind == "document":
            text, back = papers.take(desk, item, request, problems, text)
            if back:
                changed[f"{item.path}.back"] = back
        if text and (_is_found_wrong(desk, item.path) or text != _as_text(known)):
            changed[path] = text
    errors = answers.save_facts(desk.world, desk.account, changed) if changed else ()
    return problems | problems_at(errors, [item.path for item in items])


def _is_found_wrong(desk: Desk, key: str) -> bool:
    return any(key == finding.requirement for finding in desk.account.findings)


def _as_text(value: object) -> str:
    return "" if value is None else "true" if value is True else str(value)


def problems_at(errors: Iterable[FieldError], paths: list[str]) -> dict[str, Problem]:
    """Bring errors to the inputs that stand for them."""
    found: dict[str, Problem] = {}
    for error in errors:
        path = error.path.removesuffix(".front").removesuffix(".back")
        if path not in paths:
            path = next((known for known in paths if known.startswith(f"{path}.")), paths[0])
        found.setdefault(path, Problem(error.message, error.code))
    return found


def stripe_problems(plan: Outline) -> dict[str, Problem]:
    """Return what reviews have found wrong with what was given before."""
    return {found.requirement: Problem(found.reason, found.code) for found in plan.debts.errors}


def names_now(desk: Desk, paths: Iterable[str]) -> dict[str, str]:
    """Tell what each question is called after saving.

    A company's `representative.*` becomes `person_<id>.*` with the first fact about them.
    """
    person = desk.account.representative
    if person is None or desk.account.business_type in {None, "individual"}:
        return {path: path for path in paths}
    return {path: re.sub(r"^representative\.", f"{person.id}.", path) for path in paths}


def fill_in(items: list[Item], typed: dict[str, str] | None, problems: dict[str, Problem]) -> None:
    """Write the answers and errors of an attempt before into the questions."""
    for item in items:
        item.error = problems.get(item.path)
        if typed is not None and not item.field.is_secret:
            is_kept = item.on_file and not typed.get(item.path)
            item.value = item.value if is_kept else typed.get(item.path, "")


def is_part_of_date(key: str) -> bool:
    """Say whether a key is one of three that are refused together.

    The other parts of a refused date are not missing, only unsaved.
    """
    return ".dob." in key or ".registration_date." in key
