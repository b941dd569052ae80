"""Owners, directors and executives: who is listed, and one more."""

from aboard.sandbox import answers
from aboard.sandbox.account import Account, Person
from aboard.sandbox.hosted.fields import PERSON_FIELDS, Field
from aboard.sandbox.hosted.steps import Group, Item, Problem
from aboard.sandbox.world import World

SLUG = "people"
_PREFIX = "new_person."
_ROLES = (
    ("owner", "Owner of 25% or more"),
    ("director", "Director"),
    ("executive", "Executive"),
)
_ROLE_WORDS = {"representative": "representative"} | {
    role: words.partition(" ")[0].lower() for role, words in _ROLES
}
_ROLE = Field("Role", kind="select", choices=_ROLES, is_optional=True)
_TAILS = ("first_name", "last_name", "email")


def people_lines(account: Account) -> list[str]:
    """Name the people known so far with what they are to the company."""
    return [_line(person) for person in account.people]


def _line(person: Person) -> str:
    name = " ".join(str(person.given.get(part, "")) for part in ("first_name", "last_name"))
    roles = [words for role, words in _ROLE_WORDS.items() if person.is_in(role)]
    return f"{name.strip() or 'Unnamed'}: {', '.join(roles) or 'no role'}"


def new_person_group(typed: dict[str, str], problems: dict[str, Problem]) -> Group:
    """Return the questions about one more person; all may stay empty."""
    items = [
        Item(f"{_PREFIX}role", _ROLE, choices=_ROLES),
        *(Item(f"{_PREFIX}{tail}", PERSON_FIELDS[tail]) for tail in _TAILS),
    ]
    for item in items:
        item.is_optional = True
        item.value = typed.get(item.path, "")
        item.error = problems.get(item.path)
    return Group("Somebody else?", style="section", items=items)


def is_typed(form: dict[str, str]) -> bool:
    """Say whether anything was filled in about one more person."""
    return any(form.get(f"{_PREFIX}{tail}", "").strip() for tail in _TAILS)


def add_person(world: World, account: Account, form: dict[str, str]) -> dict[str, Problem]:
    """Add the person, or say what is wrong with the answers."""
    given = {tail: form.get(f"{_PREFIX}{tail}", "").strip() for tail in _TAILS}
    role = form.get(f"{_PREFIX}role", "")
    if role not in dict(_ROLES):
        return {f"{_PREFIX}role": Problem("Choose a role.", "information_missing")}
    known = {tail: text for tail, text in given.items() if text}
    saved = answers.add_owner(world, account, known, role=role)
    return {f"{_PREFIX}{error.path}": Problem(error.message, error.code) for error in saved.errors}


def typed_of(form: dict[str, str]) -> dict[str, str]:
    """Return what was filled in about one more person, to show it again."""
    return {path: text for path, text in form.items() if path.startswith(_PREFIX)}
