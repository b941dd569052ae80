"""One page of questions: shown with what is known, read back, and saved as far as it is good."""

import re

from aboard.sandbox import answers
from aboard.sandbox.answers import FieldError
from aboard.sandbox.catalogue import ALTERNATIVES
from aboard.sandbox.hosted import people
from aboard.sandbox.hosted.bank import NUMBER, ROUTING, bank_groups, bank_items
from aboard.sandbox.hosted.desk import Desk, summarize
from aboard.sandbox.hosted.exchange import Answer, redirect
from aboard.sandbox.hosted.fields import field_for, split_path
from aboard.sandbox.hosted.steps import (
    MISSING,
    Item,
    Outline,
    Problem,
    arrange,
    describe,
    in_order,
    label_in_summary,
)
from aboard.sandbox.samples import bank_sample

_KEEP = "Already given. Leave empty to keep it."
_LEAVING = "later"
_ADDING = "add_person"


def show_step(
    desk: Desk,
    slug: str,
    plan: Outline,
    *,
    typed: dict[str, str] | None = None,
    problems: dict[str, Problem] | None = None,
) -> Answer:
    """Show one page of questions; `typed` and `problems` are those of an attempt before."""
    found = _stripe_problems(plan) if problems is None else problems
    items = _items(desk, slug, plan)
    for item in items:
        item.error = found.get(item.path)
        if typed is not None and not item.field.is_secret:
            item.value = typed.get(item.path, "")
    groups = bank_groups(desk.account, items) if slug == "bank" else arrange(items)
    if slug == people.SLUG:
        addition = people.new_person_group(typed or {}, found)
        groups.append(addition)
        items += addition.items
    labels = {item.path: label_in_summary(item) for item in items}
    refused = {path: problems[path] for path in labels if problems and path in problems}
    step = describe(slug, desk.account)
    return desk.show(
        "step.html",
        slug,
        step.title,
        plan=plan,
        faults=summarize(refused, labels),
        intro=step.intro,
        people=people.people_lines(desk.account) if slug == people.SLUG else (),
        groups=groups,
        is_bank_offered=slug == "bank",
        is_person_addable=slug == people.SLUG,
    )


def take_step(desk: Desk, slug: str, plan: Outline, form: dict[str, str]) -> Answer:
    """Save what is good of a page; show what is not, or go on, or leave."""
    action = form.get("do", "")
    items = _items(desk, slug, plan)
    typed = {item.path: _typed(desk, form, item.path) for item in items}
    if slug == "bank":
        problems = _save_bank(desk, typed, is_test=action == "test_bank")
    else:
        problems = _save_facts(desk, items, typed)
    if slug == people.SLUG and (people.is_typed(form) or action == _ADDING):
        refused = people.add_person(desk.world, desk.account, form)
        if action == _ADDING and not refused:
            return redirect(desk.url(slug))
        problems |= refused
        typed |= people.typed_of(form) if refused else {}
    if action == _LEAVING:
        return desk.leave()
    plan = desk.outline()
    names = _names_now(desk, list(typed))
    typed = {names[path]: text for path, text in typed.items()}
    problems = {names[path]: problem for path, problem in problems.items()}
    problems |= _missing(slug, plan, problems, typed)
    if problems:
        return show_step(desk, slug, plan, typed=typed, problems=problems)
    return redirect(desk.url(plan.next_after(slug)))


def _names_now(desk: Desk, paths: list[str]) -> dict[str, str]:
    """Tell what each question is called after saving.

    A company's `representative.*` becomes `person_<id>.*` with the first fact about them.
    """
    person = desk.account.representative
    if person is None or desk.account.business_type in {None, "individual"}:
        return {path: path for path in paths}
    return {path: re.sub(r"^representative\.", f"{person.id}.", path) for path in paths}


def _typed(desk: Desk, form: dict[str, str], path: str) -> str:
    """Read an answer, also from a page that still had the person's name of before."""
    subject, tail = split_path(path)
    person = desk.account.representative
    if path not in form and person is not None and subject in {person.id, "individual"}:
        path = f"representative.{tail}"
    return form.get(path, "").strip()


def _items(desk: Desk, slug: str, plan: Outline) -> list[Item]:
    """Return a page's questions with the values that are known."""
    account = desk.account
    if slug == "bank":
        return bank_items(account.country)
    keys = list(plan.asked[slug])
    alternatives = dict(plan.debts.alternatives)
    settled = {}
    for original, alternative in (ALTERNATIVES | alternatives).items():
        if original in keys and alternative not in keys:
            keys.append(alternative)
            settled[alternative] = original
    items = []
    for key in in_order(keys):
        field = field_for(key)
        item = Item(key, field, help=field.help, choices=field.choices)
        value = account.fact(_fact_path(key))
        if value is None or value is False:
            item.value = _known_from_sign_in(desk, key)
        elif field.is_secret:
            item.help = _KEEP
        else:
            item.value = "true" if value is True else str(value)
        item.is_optional = field.is_optional or key in settled
        if field.kind == "select" and item.value not in {"", *dict(field.choices)}:
            item.choices = (*field.choices, (item.value, item.value))
        items.append(item)
    given = {settled[item.path] for item in items if item.path in settled and item.value}
    for item in items:
        item.is_optional = item.is_optional or item.path in given
    return items


def _fact_path(key: str) -> str:
    return f"{key}.front" if key.endswith(("verification.document", "additional_document")) else key


def _known_from_sign_in(desk: Desk, key: str) -> str:
    subject, tail = split_path(key)
    if subject not in {"individual", "representative"} and not subject.startswith("person_"):
        return ""
    known = {"email": desk.account.email or "", "phone": desk.visit.phone}
    return known.get(tail, "")


def _stripe_problems(plan: Outline) -> dict[str, Problem]:
    """Return what reviews have found wrong with what was given before."""
    return {found.requirement: Problem(found.reason, found.code) for found in plan.debts.errors}


def _save_facts(desk: Desk, items: list[Item], typed: dict[str, str]) -> dict[str, Problem]:
    """Save every answer that differs from what is known; return what was refused."""
    changed = {}
    for item in items:
        text = typed[item.path]
        known = desk.account.fact(_fact_path(item.path))
        if item.field.kind == "checkbox" and not text and known is True:
            text = "false"
        has_finding = _is_found_wrong(desk, item.path)
        if text and (has_finding or text != _as_text(known)):
            changed[_fact_path(item.path)] = text
    errors = answers.save_facts(desk.world, desk.account, changed) if changed else ()
    return _problems(errors, [item.path for item in items])


def _is_found_wrong(desk: Desk, key: str) -> bool:
    return any(key == finding.requirement for finding in desk.account.findings)


def _as_text(value: object) -> str:
    return "" if value is None else "true" if value is True else str(value)


def _save_bank(desk: Desk, typed: dict[str, str], *, is_test: bool) -> dict[str, Problem]:
    if is_test:
        sample = bank_sample(desk.account.country)
        typed = {ROUTING: sample.routing_number, NUMBER: sample.account_number}
    if not any(typed.values()):
        return {}
    saved = answers.add_bank_account(
        desk.world,
        desk.account,
        account_number=typed[NUMBER],
        routing_number=typed.get(ROUTING) or None,
    )
    return _problems(saved.errors, list(typed))


def _problems(errors: tuple[FieldError, ...], paths: list[str]) -> dict[str, Problem]:
    """Bring errors to the inputs that stand for them."""
    found: dict[str, Problem] = {}
    for error in errors:
        path = error.path.removesuffix(".front")
        if path not in paths:
            path = next((known for known in paths if known.startswith(f"{path}.")), paths[0])
        found.setdefault(path, Problem(error.message, error.code))
    return found


def _missing(
    slug: str,
    plan: Outline,
    problems: dict[str, Problem],
    typed: dict[str, str],
) -> dict[str, Problem]:
    """Return what this page still owes and nobody has complained about yet."""
    owed = plan.owed.get(slug, [])
    if slug == "bank":
        return dict.fromkeys(typed, MISSING) if owed and not problems else {}
    known = _stripe_problems(plan)
    return {
        key: known.get(key, MISSING)
        for key in owed
        if key in typed and key not in problems and not (_is_part_of_date(key) and typed[key])
    }


def _is_part_of_date(key: str) -> bool:
    """A date is refused as a whole; its other parts are then not missing, only unsaved."""
    return ".dob." in key
