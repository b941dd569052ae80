"""The last page: everything on one sheet, the terms, and the button that ends it."""

from collections.abc import Sequence

from aboard.sandbox import answers, requirements, visits
from aboard.sandbox.account import Account
from aboard.sandbox.catalogue import ALTERNATIVES
from aboard.sandbox.hosted import papers
from aboard.sandbox.hosted.bank import bank_lines
from aboard.sandbox.hosted.desk import Desk, Fault
from aboard.sandbox.hosted.exchange import Answer, Request, redirect
from aboard.sandbox.hosted.fields import is_document, is_person, split_path
from aboard.sandbox.hosted.items import fact_path
from aboard.sandbox.hosted.people import role_words
from aboard.sandbox.hosted.questions import Field
from aboard.sandbox.hosted.steps import (
    MISSING,
    PEOPLE,
    REVIEW,
    TERMS,
    Item,
    Outline,
    Problem,
    arrange,
    describe,
    item_for,
    label_in_summary,
    name_of,
    step_of,
)
from aboard.sandbox.visits import DashboardVisit

_TERMS_FIELD = Field(
    "I accept the terms of service. (In the sandbox there are none; your platform will see that "
    "they were accepted.)",
    kind="checkbox",
)


def show_review(desk: Desk, plan: Outline, problems: dict[str, Problem] | None = None) -> Answer:
    """Show what was given, page by page, and ask for the terms if they are due."""
    found = problems or {}
    terms = None
    if plan.owed.get(REVIEW.slug):
        terms = Item(TERMS, _TERMS_FIELD, error=found.get(TERMS))
    labels = {path: label_in_summary(item_for(path, desk.account)) for path in found} | {
        TERMS: "Terms of service"
    }
    return desk.show(
        "review.html",
        REVIEW.slug,
        "Your details" if desk.is_full else REVIEW.title,
        plan=plan,
        faults=_faults(desk, found, labels),
        intro="Please check that everything is right.",
        sections=[_section(desk, plan, slug) for slug in plan.slugs],
        terms=terms,
        continue_label="Done" if desk.is_full and terms is None else "Agree and finish",
    )


def take_review(desk: Desk, request: Request) -> Answer:
    """Accept the terms and finish, if nothing else is due."""
    if request.form.get("do") == "later":
        return desk.leave()
    plan = desk.outline()
    problems: dict[str, Problem] = {}
    if plan.owed.get(REVIEW.slug):
        if request.form.get(TERMS) == "true":
            answers.accept_terms(
                desk.world,
                desk.account,
                ip=request.client_ip,
                user_agent=request.user_agent,
                of=sorted({_whose(key) for key in plan.owed[REVIEW.slug]}),
            )
        else:
            problems[TERMS] = Problem("Accept the terms to go on.", "invalid_tos_acceptance")
    if isinstance(desk.visit, DashboardVisit):
        return (
            redirect(desk.url("dashboard")) if not problems else show_review(desk, plan, problems)
        )
    if not problems:
        outcome = visits.finish(desk.visit)
        if isinstance(outcome, str):
            return redirect(outcome)
    plan = desk.outline()
    for key in plan.due:
        if TERMS not in key:
            problems.setdefault(key, MISSING)
    return show_review(desk, plan, problems)


def _whose(key: str) -> str:
    """Return whose terms a requirement means: Stripe's own, or those of one of its products."""
    return key.partition(TERMS)[0].removesuffix(".")


def _faults(desk: Desk, problems: dict[str, Problem], labels: dict[str, str]) -> tuple[Fault, ...]:
    """Lead from each problem to the section that it stands in."""
    person = desk.account.representative
    speaker = "" if person is None else person.id
    return tuple(
        Fault(
            path if path == TERMS else _anchor(step_of(path, speaker)), labels[path], problem.text
        )
        for path, problem in problems.items()
    )


def _anchor(slug: str) -> str:
    return f"section-{slug}"


def _section(desk: Desk, plan: Outline, slug: str) -> dict[str, object]:
    owed = set(plan.owed[slug])
    if slug == "bank":
        rows = _bank_rows(desk.account)
    elif slug == PEOPLE:
        rows = _people_rows(desk, plan.asked[slug], owed)
    else:
        rows = _rows(desk, plan.asked[slug], owed)
    name = describe(slug, desk.account).name
    return {"id": _anchor(slug), "name": name, "url": desk.url(slug), "rows": rows}


def _people_rows(desk: Desk, keys: Sequence[str], owed: set[str]) -> list[dict[str, object]]:
    """Name everybody with what they are; what is asked of each stands on their own page."""
    rows: list[dict[str, object]] = []
    for person in desk.account.people:
        is_missing = any(key.startswith(f"{person.id}.") for key in owed)
        text = "Still needed" if is_missing else role_words(person)
        rows.append({"label": name_of(person), "text": text, "is_missing": is_missing})
    said = [key for key in keys if not is_person(split_path(key)[0])]
    return rows + _rows(desk, said, owed)


def _rows(desk: Desk, keys: Sequence[str], owed: set[str]) -> list[dict[str, object]]:
    account = desk.account
    rows = []
    items = [item_for(_settling(account, key), account) for key in keys]
    for top in arrange(account, items):
        for group in (top, *top.groups):
            if group.is_row or (group.legend and not group.style):
                rows.append(_row(desk, group.legend, group.items, owed))
            else:
                rows += [_row(desk, item.field.label, [item], owed) for item in group.items]
    return rows


def _settling(account: Account, key: str) -> str:
    """Some questions are settled by the answer to another one, which is then what is shown."""
    alternative = ALTERNATIVES.get(key)
    if account.fact(key) is None and alternative and account.fact(alternative) is not None:
        return alternative
    return key


def _row(desk: Desk, label: str, items: list[Item], owed: set[str]) -> dict[str, object]:
    if owed.intersection(item.path for item in items):
        return {"label": label, "text": "Still needed", "is_missing": True}
    separator = " / " if label == "Date of birth" else ", "
    text = separator.join(filter(None, (_shown(desk, item) for item in items)))
    return {"label": label, "text": text or "Not given", "is_missing": False}


def _shown(desk: Desk, item: Item) -> str:
    account, path = desk.account, item.path
    value = account.fact(fact_path(path))
    if is_document(path):
        return "" if value is None else papers.title(desk.world, account, item, value)
    if item.field.is_secret:
        return "Given" if requirements.is_given(account, path) else ""
    if value is True:
        return "Yes"
    return "" if value is None or value is False else dict(item.choices).get(str(value), str(value))


def _bank_rows(account: Account) -> list[dict[str, object]]:
    lines = bank_lines(account)
    return [
        {"label": "Bank account", "text": line or "Still needed", "is_missing": not line}
        for line in lines or [""]
    ]
