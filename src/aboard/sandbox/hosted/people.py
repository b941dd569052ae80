"""Owners, directors and executives: who is listed, one more, one changed, one less.

The list stands on one page; each person has a further page with all that is asked of them.
"""

from aboard.sandbox import answers
from aboard.sandbox.account import Account, Person
from aboard.sandbox.hosted.desk import Desk, Fault, summarize
from aboard.sandbox.hosted.exchange import Answer, Request, redirect
from aboard.sandbox.hosted.fields import is_document, split_path
from aboard.sandbox.hosted.items import (
    fill_in,
    is_part_of_date,
    items_of,
    read_form,
    save_items,
    stripe_problems,
)
from aboard.sandbox.hosted.questions import PERSON, Field
from aboard.sandbox.hosted.steps import (
    MISSING,
    PEOPLE,
    Group,
    Item,
    Outline,
    Problem,
    arrange,
    item_for,
    label_in_summary,
    name_of,
)
from aboard.sandbox.world import World

REMOVAL = "remove-person"
_PREFIX = "new_person."
_FOLDER = f"{PEOPLE}/"
_OWNER = ("owner", "Owner of 25% or more")
_OTHERS = (("director", "Director"), ("executive", "Executive"))
_ROLE_WORDS = {"representative": "representative", "owner": "owner"} | {
    role: words.lower() for role, words in _OTHERS
}
_TAILS = ("first_name", "last_name", "email")
_ROLES = ("relationship.owner", "relationship.director", "relationship.executive")
_OF_ANYBODY = ("first_name", "last_name", "email", "relationship.title")
_SHARE = "relationship.percent_ownership"


def page_of(person_id: str) -> str:
    """Return the name of a person's own page."""
    return f"{_FOLDER}{person_id}"


def person_on(account: Account, slug: str) -> Person | None:
    """Return the person whose page this is, if it is one's."""
    if not slug.startswith(_FOLDER) or not account.is_company:
        return None
    return account.person(slug.removeprefix(_FOLDER))


def owes(plan: Outline, person_id: str) -> bool:
    """Say whether something is still owed by one of the people listed."""
    return any(key.startswith(f"{person_id}.") for key in plan.owed.get(PEOPLE, ()))


def first_owing(plan: Outline) -> str | None:
    """Return the id of the first person listed who still owes something."""
    for key in plan.owed.get(PEOPLE, ()):
        subject = split_path(key)[0]
        if subject.startswith("person_"):
            return subject
    return None


def people_cards(desk: Desk, plan: Outline) -> list[dict[str, str]]:
    """Describe the people known so far: what each is to the company, and what is missing."""
    account = desk.account
    speaker = account.representative
    cards = []
    for person in account.people:
        found = [key for key in plan.owed.get(PEOPLE, ()) if key.startswith(f"{person.id}.")]
        labels = dict.fromkeys(_short(account, key) for key in found)
        cards.append(
            {
                "line": _line(person),
                "name": name_of(person),
                "needs": ", ".join(labels),
                "url": desk.url(page_of(person.id)),
                "remove": "" if person is speaker else person.id,
            }
        )
    return cards


def _short(account: Account, key: str) -> str:
    tail = split_path(key)[1]
    if tail.startswith("dob."):
        return "date of birth"
    if tail.startswith("address"):
        return "address"
    return item_for(key, account).field.label.lower()


def _line(person: Person) -> str:
    return f"{name_of(person)}: {role_words(person)}"


def role_words(person: Person) -> str:
    """Say what a person is to the company."""
    roles = [words for role, words in _ROLE_WORDS.items() if person.is_in(role)]
    return ", ".join(roles) or "no role"


def _roles(account: Account) -> tuple[tuple[str, str], ...]:
    return (_OWNER, *_OTHERS) if account.business_type == "company" else _OTHERS


def new_person_group(
    account: Account, typed: dict[str, str], problems: dict[str, Problem]
) -> Group:
    """Return the questions about one more person; all may stay empty."""
    roles = _roles(account)
    role = Field("Role", kind="select", choices=roles, is_optional=True)
    items = [
        Item(f"{_PREFIX}role", role, choices=roles),
        *(Item(f"{_PREFIX}{tail}", PERSON[tail]) for tail in _TAILS),
    ]
    for item in items:
        item.is_optional = True
        item.value = typed.get(item.path, "")
        item.error = problems.get(item.path)
    hint = "You are asked for the rest about this person on the next page."
    return Group("Somebody else?", hint, style="section first", items=items)


def is_typed(form: dict[str, str]) -> bool:
    """Say whether anything was filled in about one more person."""
    return any(form.get(f"{_PREFIX}{tail}", "").strip() for tail in _TAILS)


def add_person(
    world: World, account: Account, form: dict[str, str]
) -> tuple[str | None, dict[str, Problem]]:
    """Add the person and return their id, or say what is wrong with the answers."""
    given = {tail: form.get(f"{_PREFIX}{tail}", "").strip() for tail in _TAILS}
    role = form.get(f"{_PREFIX}role", "")
    if role not in dict(_roles(account)):
        return None, {f"{_PREFIX}role": Problem("Choose a role.", "information_missing")}
    known = {tail: text for tail, text in given.items() if text}
    saved = answers.add_owner(world, account, known, role=role)
    return saved.id, {
        f"{_PREFIX}{error.path}": Problem(error.message, error.code) for error in saved.errors
    }


def typed_of(form: dict[str, str]) -> dict[str, str]:
    """Return what was filled in about one more person, to show it again."""
    return {path: text for path, text in form.items() if path.startswith(_PREFIX)}


def take_removal(desk: Desk, form: dict[str, str]) -> Answer:
    """Take somebody off the list, and show the list again."""
    answers.remove_person(desk.world, desk.account, form.get("person", ""))
    return redirect(desk.url(PEOPLE))


def show_person(
    desk: Desk,
    person: Person,
    plan: Outline,
    *,
    typed: dict[str, str] | None = None,
    problems: dict[str, Problem] | None = None,
) -> Answer:
    """Show all that is asked of one person; `typed` and `problems` are of an attempt before."""
    found = stripe_problems(plan) if problems is None else problems
    items = _items(desk, person, plan)
    fill_in(items, typed, found)
    labels = {item.path: label_in_summary(item) for item in items}
    faults: tuple[Fault, ...] = ()
    if problems:
        faults = summarize({path: problems[path] for path in labels if path in problems}, labels)
    return desk.show(
        "step.html",
        page_of(person.id),
        name_of(person),
        plan=plan,
        faults=faults,
        intro="What we need to know about this person.",
        groups=arrange(desk.account, items),
        has_upload=any(item.field.kind == "document" for item in items),
        back_url=desk.url(PEOPLE),
    )


def take_person(desk: Desk, person: Person, plan: Outline, request: Request) -> Answer:
    """Save what is good about one person; show what is not, or go back to the list."""
    items = _items(desk, person, plan)
    typed = read_form(desk, items, request.form)
    problems = save_items(desk, items, typed, request)
    if request.form.get("do") == "later":
        return desk.leave()
    plan = desk.outline()
    known = stripe_problems(plan)
    problems |= {
        key: known.get(key, MISSING)
        for key in plan.owed.get(PEOPLE, ())
        if key.startswith(f"{person.id}.")
        and key not in problems
        and not (is_part_of_date(key) and typed.get(key))
    }
    if problems:
        return show_person(desk, person, plan, typed=typed, problems=problems)
    return redirect(desk.url(PEOPLE))


def _items(desk: Desk, person: Person, plan: Outline) -> list[Item]:
    """Return what is asked of a person, and beside it what everybody may say of themselves."""
    account = desk.account
    prefix = f"{person.id}."
    asked = [key for key in plan.asked.get(PEOPLE, ()) if key.startswith(prefix)]
    roles = _ROLES if account.business_type == "company" else _ROLES[1:]
    tails = roles if person is account.representative else (*_OF_ANYBODY, *roles)
    if person.is_in("owner"):
        tails = (*tails, _SHARE)
    free = [f"{prefix}{tail}" for tail in tails if f"{prefix}{tail}" not in asked]
    items = items_of(desk, [*asked, *free], plan)
    needed = {f"{prefix}first_name", f"{prefix}last_name"}
    for item in items:
        if item.path in free and item.path not in needed:
            item.is_optional = True
    return sorted(items, key=lambda item: is_document(item.path))
