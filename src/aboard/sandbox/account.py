"""What is known of one connected account? Facts only: what was given, asked for and found out.

Stripe's v1 and v2 answers are views of these facts (`v1/`), what is still owed is computed from
them (`requirements`), and nothing here knows an answer's shape.

A fact has the path Stripe's requirements give it: `business_profile.mcc`, `company.tax_id`,
`individual.dob.day`, `settings.payments.statement_descriptor`, `tos_acceptance.date`. The facts
of people live in `Person.given` without a prefix. One person is the representative; for an
individual that same person answers to `individual.*`.
"""

from typing import Literal

from msgspec import Struct

Value = str | int | float | bool | tuple[str, ...]
Party = Literal["application", "stripe"]
Dashboard = Literal["express", "full", "none"]

PERSON_SUBJECTS = ("individual", "representative")
COMPANY_TYPES = frozenset({"company", "government_entity", "non_profit"})


class Controller(Struct, frozen=True):
    """Who pays, who loses, who collects, and which dashboard: they decide nearly everything."""

    fees_payer: str
    losses: Party
    requirement_collection: Party
    dashboard: Dashboard

    @property
    def is_stripe_collecting(self) -> bool:
        """Say whether Stripe, not the platform, collects requirements."""
        return self.requirement_collection == "stripe"


STANDARD = Controller("account", "stripe", "stripe", "full")
EXPRESS = Controller("application_express", "application", "stripe", "express")
CUSTOM = Controller("application_custom", "application", "application", "none")


class Person(Struct):
    """Somebody behind an account: `given` holds `first_name`, `dob.day`, `relationship.title`..."""

    id: str
    created: int
    given: dict[str, Value] = {}
    metadata: dict[str, str] = {}

    def is_in(self, role: str) -> bool:
        """Say whether the person is `representative`, `owner`, `director` or `executive`."""
        return self.given.get(f"relationship.{role}") is True


class BankAccount(Struct):
    """Where payouts go. `number` stays inside; views show the last four digits."""

    id: str
    created: int
    country: str
    currency: str
    routing_number: str | None
    number: str
    holder_name: str | None = None
    holder_type: str | None = None
    account_type: str | None = None
    fingerprint: str | None = None
    is_default: bool = True
    status: str = "new"
    place: int = 0
    """How many came before it."""
    metadata: dict[str, str] = {}

    def __repr__(self) -> str:
        """Show which it is, never the number."""
        return f"BankAccount(id={self.id!r})"


class DebitCard(Struct):
    """A card that payouts go to. `number` stays inside; views show the last four digits."""

    id: str
    created: int
    number: str
    brand: str
    country: str
    funding: str
    currency: str
    exp_month: int
    exp_year: int
    name: str | None = None
    address: dict[str, str] = {}
    """By Stripe's names: `address_line1`, `address_zip`."""
    fingerprint: str | None = None
    is_default: bool = False
    status: str = "new"
    place: int = 0
    """How many came before it."""
    metadata: dict[str, str] = {}

    def __repr__(self) -> str:
        """Show which it is, never the number."""
        return f"DebitCard(id={self.id!r})"


ExternalAccount = BankAccount | DebitCard


class Finding(Struct, frozen=True):
    """What a check found wrong with something that was given.

    `requirement` is a key without a person's id: `individual.id_number`, `company.tax_id`, or
    `person_...` for people other than the individual. `stops` names what it switches off.
    """

    requirement: str
    code: str
    reason: str
    stops: frozenset[str] = frozenset({"charges", "payouts"})
    alternative: str | None = None


class Demand(Struct):
    """Something asked for beyond the catalogue: by a risk review, or by somebody's test.

    `due_at` is when it becomes past due, in unix seconds; `None`: at once; eventual demands have
    no deadline at all. Until `starts_at` it is only announced, among the future requirements.
    """

    requirement: str
    due_at: int | None = None
    is_eventual: bool = False
    code: str | None = None
    reason: str | None = None
    starts_at: int | None = None
    capability: str | None = None
    """The one capability that needs it; `None`: the account as a whole."""
    stops: frozenset[str] = frozenset({"charges", "payouts"})
    """What it switches off once it is past due."""


class Review(Struct):
    """A verification on its way: which requirements wait for it, and when it ends."""

    requirements: tuple[str, ...]
    findings: tuple[Finding, ...]
    reads_left: int | None = None
    ends_at: int | None = None


class Account(Struct):
    """All the facts of one account."""

    id: str
    created: int
    country: str
    currency: str
    controller: Controller
    email: str | None = None
    business_type: str | None = None
    given: dict[str, Value] = {}
    people: list[Person] = []
    banks: list[BankAccount] = []
    cards: list[DebitCard] = []
    requested: dict[str, int] = {}
    """Capabilities asked for, each with when (unix seconds)."""
    lost: dict[str, str] = {}
    """Capabilities that were taken away, each with Stripe's reason."""
    metadata: dict[str, str] = {}
    is_platform: bool = False
    first_link_at: int | None = None
    details_submitted: bool = False
    is_approved: bool = False
    """A review has ended well at least once: later reviews no longer hold everything up."""
    reviewed: dict[str, Value] = {}
    """The checked facts as the last review saw them: a change asks for a new one."""
    review: Review | None = None
    findings: tuple[Finding, ...] = ()
    demands: list[Demand] = []
    rejected: str | None = None
    """The `rejected.*` reason, once rejected."""
    is_rejected_by_platform: bool = False
    """The platform itself rejected it, and may take that back."""
    is_rejection_paying_out: bool = False
    """What the rejected account still has may be paid out."""
    is_under_review: bool = False
    is_paused: bool = False
    held_for: str | None = None
    """Why Stripe holds the account beyond that: `listed` or `other`."""
    matched: dict[str, str] = {}
    """The least restrictive test address that a review has seen, by path."""
    deauthorised_at: int | None = None
    """Since when the platform cannot reach the account, unless it was connected again."""
    oauth_scope: str | None = None
    """What its holder lets the platform do; `None`: the platform made the account itself."""

    @property
    def is_individual(self) -> bool:
        """Say whether the account is one person's own."""
        return self.business_type == "individual"

    @property
    def is_company(self) -> bool:
        """Say whether the account is an organization's."""
        return self.business_type in COMPANY_TYPES

    @property
    def representative(self) -> Person | None:
        """Return the person who answers for the account, who is the individual if it is one's."""
        for person in self.people:
            if person.given.get("relationship.representative") is True:
                return person
        return None

    @property
    def external_accounts(self) -> list[ExternalAccount]:
        """Return where payouts may go, bank accounts and cards, oldest first."""
        return sorted((*self.banks, *self.cards), key=lambda each: each.place)

    def person(self, person_id: str) -> Person | None:
        """Return the person with that id."""
        return next((person for person in self.people if person.id == person_id), None)

    def subject(self, prefix: str) -> Person | None:
        """Return the person whom a path's first part means, if it is a person at all."""
        if prefix in PERSON_SUBJECTS:
            return self.representative
        return self.person(prefix) if prefix.startswith("person_") else None

    def fact(self, path: str) -> Value | None:
        """Return what was given at a requirement's path, or nothing."""
        value = self.given.get(path)
        if value is not None:
            return value
        if path == "business_type":
            return self.business_type
        if path == "email":
            return self.email
        prefix, _, rest = path.partition(".")
        if prefix in PERSON_SUBJECTS or prefix.startswith("person_"):
            person = self.subject(prefix)
            return None if person is None else person.given.get(rest)
        return None
