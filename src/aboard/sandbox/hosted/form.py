"""One page of questions: shown with what is known, read back, and saved as far as it is good."""

from aboard.sandbox import answers
from aboard.sandbox.hosted import people
from aboard.sandbox.hosted.bank import NUMBER, ROUTING, bank_groups, bank_items
from aboard.sandbox.hosted.desk import Desk, summarize
from aboard.sandbox.hosted.exchange import Answer, Request, redirect
from aboard.sandbox.hosted.fields import is_person, split_path
from aboard.sandbox.hosted.items import (
    fill_in,
    is_part_of_date,
    items_of,
    names_now,
    problems_at,
    read_form,
    save_items,
    stripe_problems,
)
from aboard.sandbox.hosted.steps import (
    MISSING,
    PEOPLE,
    Item,
    Outline,
    Problem,
    arrange,
    describe,
    label_in_summary,
)
from aboard.sandbox.samples import bank_sample

_BANK = "bank"
_PROFILE = (
    "business_profile.name",
    "business_profile.support_phone",
    "business_profile.support_email",
    "business_profile.support_url",
)
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
    found = stripe_problems(plan) if problems is None else problems
    items = _items(desk, slug, plan)
    fill_in(items, typed, found)
    groups = bank_groups(desk.account, items) if slug == _BANK else arrange(desk.account, items)
    if slug == PEOPLE:
        addition = people.new_person_group(desk.account, typed or {}, found)
        groups = [addition, *groups]
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
        people=people.people_cards(desk, plan) if slug == PEOPLE else (),
        people_action=desk.url(people.REMOVAL),
        groups=groups,
        has_upload=any(item.field.kind == "document" for item in items),
        is_bank_offered=slug == _BANK,
        is_person_addable=slug == PEOPLE,
    )


def take_step(desk: Desk, slug: str, plan: Outline, request: Request) -> Answer:
    """Save what is good of a page; show what is not, or go on, or leave."""
    form = request.form
    action = form.get("do", "")
    items = _items(desk, slug, plan)
    typed = read_form(desk, items, form)
    if slug == _BANK:
        problems = _save_bank(desk, typed, is_test=action == "test_bank")
    else:
        problems = save_items(desk, items, typed, request)
    added = None
    if slug == PEOPLE and (people.is_typed(form) or action == _ADDING):
        added, refused = people.add_person(desk.world, desk.account, form)
        problems |= refused
        typed |= people.typed_of(form) if refused else {}
    if action == _LEAVING:
        return desk.leave()
    plan = desk.outline()
    if added is not None and (action == _ADDING or people.owes(plan, added)):
        is_done = not people.owes(plan, added)
        return redirect(desk.url(PEOPLE if is_done else people.page_of(added)))
    names = names_now(desk, typed)
    typed = {names.get(path, path): text for path, text in typed.items()}
    problems = {names.get(path, path): problem for path, problem in problems.items()}
    if action != _ADDING:
        problems |= _missing(slug, plan, problems, typed)
    if problems and slug in plan.asked:
        return show_step(desk, slug, plan, typed=typed, problems=problems)
    unfinished = people.first_owing(plan) if slug == PEOPLE else None
    if unfinished is not None:
        return redirect(desk.url(people.page_of(unfinished)))
    return redirect(desk.url(plan.next_after(slug)))


def _items(desk: Desk, slug: str, plan: Outline) -> list[Item]:
    """Return a page's questions with the values that are known."""
    if slug == _BANK:
        return bank_items(desk.account.country)
    keys = plan.asked[slug]
    if slug == PEOPLE:  # what is asked of people stands on a page for each
        keys = [key for key in keys if not is_person(split_path(key)[0])]
    if slug == "business" and desk.is_full:  # a profile may say more than is ever owed
        keys = [*keys, *(key for key in _PROFILE if key not in keys)]
    return items_of(desk, keys, plan)


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
    return problems_at(saved.errors, list(typed))


def _missing(
    slug: str,
    plan: Outline,
    problems: dict[str, Problem],
    typed: dict[str, str],
) -> dict[str, Problem]:
    """Return what this page still owes and nobody has complained about yet."""
    owed = plan.owed.get(slug, [])
    if slug == _BANK:
        return dict.fromkeys(typed, MISSING) if owed and not problems else {}
    known = stripe_problems(plan)
    return {
        key: known.get(key, MISSING)
        for key in owed
        if key in typed and key not in problems and not (is_part_of_date(key) and typed[key])
    }
