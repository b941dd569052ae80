"""Which questions stand on which page? Computed from what the account owes, never a fixed list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from aboard.sandbox import requirements
from aboard.sandbox.account import Account, Person
from aboard.sandbox.hosted.choices import Choices
from aboard.sandbox.hosted.fields import field_for, is_document, is_person, split_path
from aboard.sandbox.hosted.questions import Field
from aboard.sandbox.hosted.wording import ORGANIZATIONS
from aboard.sandbox.requirements import Owed


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form."""

    slug: str
    name: str
    title: str
    intro: str = ""


_STEPS = {
    step.slug: step
    for step in (
        Step("business-type", "Type of business", "What kind of business is it?"),
        Step("company", "Company", "Company details", "As registered with the authorities."),
        Step(
            "person",
            "Personal details",
            "Your personal details",
            "They are needed to check who you are.",
        ),
        Step(
            "people",
            "Owners",
            "Owners and directors",
            "List everybody who owns, directs or runs it. Say at the end that nobody is missing.",
        ),
        Step("business", "Your business", "What you sell", "How buyers will meet you."),
        Step("bank", "Bank account", "Where should your money go?", "For your payouts."),
        Step(
            "documents",
            "Documents",
            "Documents",
            "Upload a picture or a PDF, or choose a test document.",
        ),
        Step("more", "Further details", "Further details"),
    )
}
REVIEW = Step("review", "Review", "Review and finish")
TERMS = "tos_acceptance"


PEOPLE = "people"
_SUBJECT_STEPS = {"owners": PEOPLE, "directors": PEOPLE, "executives": PEOPLE}
_PREFIX_STEPS = (
    ("business_type", "business-type"),
    ("external_account", "bank"),
    ("business_profile.", "business"),
    ("settings.", "business"),
)
_OF_PEOPLE = (
    "_provided",
    "ownership_declaration",
    "directorship_declaration",
    "ownership_exemption_reason",
)


@lru_cache(maxsize=4096)
def step_of(path: str, speaker: str = "") -> str:
    """Return the page on which a requirement is asked for.

    `speaker` is the id of the representative, who has a page of their own.
    """
    subject, tail = split_path(path)
    if subject in _SUBJECT_STEPS or (subject.startswith("person_") and subject != speaker):
        return PEOPLE
    if is_document(path):
        return "documents"
    if TERMS in path:
        return REVIEW.slug
    if subject == "company":
        return PEOPLE if tail.startswith(_OF_PEOPLE) or tail.endswith(_OF_PEOPLE) else "company"
    if is_person(subject):
        return "person"
    return next((slug for prefix, slug in _PREFIX_STEPS if path.startswith(prefix)), "more")


Pages = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Outline:
    """The pages of one account at one moment: what each asks, and what on it is still owed."""

    debts: Owed
    due: tuple[str, ...]
    asked: Pages
    owed: Pages

    @property
    def slugs(self) -> list[str]:
        """The pages in their order, without the review at the end."""
        return list(self.asked)

    def next_after(self, slug: str) -> str:
        """Return the next page with something owed, looking ahead first; else the review."""
        slugs = self.slugs
        place = slugs.index(slug) + 1 if slug in slugs else 0
        for candidate in (*slugs[place:], *slugs[:place]):
            if candidate != slug and self.owed.get(candidate):
                return candidate
        return REVIEW.slug


def outline(
    account: Account, *, collect: str, now: int, is_full: bool, with_future: bool = False
) -> Outline:
    """Sort questions into pages.

    Asked is what is due and, beside it, what was given already and may be looked at again;
    `is_full` asks everything, `with_future` also what is only announced. `now` is in unix seconds.
    """
    debts = requirements.owed(account, now)
    due = requirements.keys_to_ask(account, debts, collect=collect, with_future=with_future)
    concerned = (*requirements.all_fields(account), *_papers_given(account))
    if not account.controller.is_stripe_collecting:  # the platform brings its bank account itself
        concerned = tuple(key for key in concerned if key != requirements.EXTERNAL_ACCOUNT)
    not_given = () if is_full else tuple(debts.eventually_due)
    person = account.representative
    speaker = "" if person is None else person.id
    return Outline(debts, due, *_pages(due, concerned, not_given, speaker))


def _papers_given(account: Account) -> list[str]:
    """Return the documents that were given, whether they were ever asked for or not."""
    front = ".front"
    found = [
        path
        for path in account.given
        if path.endswith(front) and is_document(path.removesuffix(front))
    ]
    for person in account.people:
        prefix = "individual" if account.is_individual else person.id
        found += [f"{prefix}.{tail}" for tail in person.given if tail.endswith(front)]
    return [path.removesuffix(front) for path in found]


@lru_cache(maxsize=512)
def _pages(
    due: tuple[str, ...], concerned: tuple[str, ...], not_given: tuple[str, ...], speaker: str
) -> tuple[Pages, Pages]:
    """Return what each page asks, and what on it is owed; the same keys give the same pages."""
    by_step: dict[str, list[str]] = {}
    for key in dict.fromkeys((*due, *(key for key in concerned if key not in not_given))):
        by_step.setdefault(step_of(key, speaker), []).append(key)
    asked = {slug: in_order(by_step[slug]) for slug in (*_STEPS, REVIEW.slug) if slug in by_step}
    owed = {slug: tuple(key for key in keys if key in due) for slug, keys in asked.items()}
    asked.pop(REVIEW.slug, None)
    return MappingProxyType(asked), MappingProxyType(owed)


def describe(slug: str, account: Account) -> Step:
    """Return a page's words, which differ a little between a person and a company."""
    if slug == REVIEW.slug:
        return REVIEW
    step = _STEPS[slug]
    if not account.is_company:
        return step
    word = ORGANIZATIONS.get(account.business_type or "", "company")
    if slug == "person":
        return Step(
            slug,
            "Representative",
            f"Who speaks for the {word}?",
            "Somebody who controls or leads it, and may sign for it.",
        )
    if slug == "company" and word != "company":
        return Step(slug, word.capitalize(), f"Details of the {word}", step.intro)
    if slug == PEOPLE and account.business_type != "company":
        return Step(slug, "Board", "Directors and executives", step.intro)
    return step


@dataclass(slots=True)
class Problem:
    """What is wrong with one answer, with Stripe's code for it where there is one."""

    text: str
    code: str = ""


MISSING = Problem("This is required.", "information_missing")


@dataclass(slots=True)
class Item:
    """One question as the template shows it."""

    path: str
    field: Field
    value: str = ""
    help: str = ""
    error: Problem | None = None
    choices: Choices = ()
    is_optional: bool = False
    on_file: str = ""
    """Of a document: the name of what was uploaded."""

    @property
    def described_by(self) -> str:
        """The ids of the texts that explain the input."""
        words = []
        if self.help:
            words.append(f"{self.path}-hint")
        if self.error is not None:
            words.append(f"{self.path}-error")
        return " ".join(words)


@dataclass(slots=True)
class Group:
    """Questions that belong together under one legend."""

    legend: str = ""
    help: str = ""
    style: str = ""
    is_row: bool = False
    items: list[Item] = field(default_factory=list)
    groups: list["Group"] = field(default_factory=list)


_ADDRESS = ("country", "line1", "line2", "city", "town", "state", "postal_code")
_JAPANESE = ("postal_code", "state", "city", "town", "line1", "line2")
_ORDER = (
    "name", "name_kana", "name_kanji", "structure", "first_name", "last_name", "first_name_kana",
    "last_name_kana", "first_name_kanji", "last_name_kanji", "maiden_name", "full_name_aliases",
    "relationship.owner", "relationship.percent_ownership", "relationship.director",
    "relationship.executive", "relationship.title", "email", "phone", "gender", "dob.day",
    "dob.month", "dob.year", "nationality",
    *(f"address.{part}" for part in _ADDRESS),
    *(f"address_kanji.{part}" for part in _JAPANESE),
    *(f"address_kana.{part}" for part in _JAPANESE),
    *(f"registered_address.{part}" for part in _ADDRESS),
    "registration_date.day", "registration_date.month", "registration_date.year",
    "registration_number", "tax_id", "tax_id_registrar", "vat_id", "ssn_last_4", "id_number",
    "id_number_secondary", "political_exposure", "ownership_exemption_reason",
    "executives_provided", "directors_provided", "owners_provided",
)  # fmt: skip
_PLACES = {tail: place for place, tail in enumerate(_ORDER)}
_BUSINESS_ORDER = (
    "mcc",
    "name",
    "url",
    "product_description",
    "support_phone",
    "support_email",
    "support_url",
    "statement_descriptor",
    "statement_descriptor_kana",
    "statement_descriptor_kanji",
    "statement_descriptor_prefix",
)


@lru_cache(maxsize=4096)
def _place(path: str) -> tuple[int, str]:
    subject, tail = split_path(path)
    if subject:
        return _PLACES.get(tail, 99), ""
    last = path.rpartition(".")[2]
    return (_BUSINESS_ORDER.index(last) if last in _BUSINESS_ORDER else 99), path


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """Put a page's questions into the order that people know from other forms."""
    return tuple(sorted(keys, key=_place))


def name_of(person: Person) -> str:
    """Call a person by the name that was given, in whichever script."""
    for script in ("", "_kanji", "_kana"):
        parts = (person.given.get(f"{part}_name{script}") for part in ("first", "last"))
        name = " ".join(str(part) for part in parts if part)
        if name:
            return name
    return "Unnamed"


def arrange(account: Account, items: list[Item]) -> list[Group]:
    """Put a page's questions, which are in order, into groups under one legend each."""
    subjects: dict[str, list[Item]] = {}
    for item in items:
        subjects.setdefault(split_path(item.path)[0], []).append(item)
    if len(subjects) <= 1:
        return [group for found in subjects.values() for group in _groups_of(found)]
    groups: list[Group] = []
    for subject, found in subjects.items():
        style = "section" if groups else "section first"
        groups.append(Group(_legend(account, subject), style=style, groups=_groups_of(found)))
    return groups


def _legend(account: Account, subject: str) -> str:
    person = account.subject(subject)
    if person is not None:
        return name_of(person)
    if is_person(subject):
        return "Representative"
    return ORGANIZATIONS.get(account.business_type or "", "company").capitalize()


_LEGENDS = {
    "dob": ("Date of birth", "Test date: 1 1 1901"),
    "registration_date": ("Date of registration", "As the register has it."),
    "address": ("Address", ""),
    "address_kana": ("Address (kana)", ""),
    "address_kanji": ("Address (kanji)", ""),
    "registered_address": ("Registered address", ""),
    "business_profile.support_address": ("Support address", ""),
}
_ROWS = frozenset({"dob", "registration_date"})


def _groups_of(items: list[Item]) -> list[Group]:
    groups: list[Group] = []
    for item in items:
        kind = split_path(item.path)[1].rpartition(".")[0]
        legend, hint = _LEGENDS.get(kind, ("", ""))
        if not groups or groups[-1].legend != legend:
            groups.append(Group(legend, hint, is_row=kind in _ROWS))
        groups[-1].items.append(item)
    return groups


def label_in_summary(item: Item) -> str:
    """Name a question where it stands alone, without its legend."""
    kind = split_path(item.path)[1].rpartition(".")[0]
    if kind in _ROWS:
        return f"{_LEGENDS[kind][0]}, {item.field.label.lower()}"
    return item.field.label


def item_for(path: str, account: Account) -> Item:
    """Return a question without an answer."""
    found = field_for(path, account.country, account.business_type)
    return Item(path, found, help=found.help, choices=found.choices)
