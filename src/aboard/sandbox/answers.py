"""What did somebody fill in? Keeps each answer that is good and says what is wrong with the rest.

Everything here tells its events and starts the reviews that follow from it.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from aboard.sandbox import banks
from aboard.sandbox.account import PERSON_SUBJECTS, Account, Person, Value
from aboard.sandbox.fields import FieldError, check_dob, is_known, read_answer
from aboard.sandbox.transitions import changing
from aboard.sandbox.world import World

__all__ = [
    "FieldError",
    "Saved",
    "accept_terms",
    "add_bank_account",
    "add_owner",
    "remove_person",
    "save_facts",
]


class Saved(Struct, frozen=True):
    """A person or bank account that was added, or why it was not."""

    id: str | None
    errors: tuple[FieldError, ...] = ()


def put(world: World, account: Account, path: str, value: Value | None) -> None:
    """Write or erase one fact; the representative comes into being with their first fact.

    Call it within `changing`.
    """
    if path == "business_type":
        account.business_type = None if value is None else str(value)
        forget_findings(account, account.findings)
        return
    if path == "email":
        account.email = None if value is None else str(value)
        return
    prefix, _, rest = path.partition(".")
    person = account.subject(prefix)
    if person is None and prefix in PERSON_SUBJECTS:
        person = Person(world.ids.new("person"), world.now(), {"relationship.representative": True})
        account.people.append(person)
    facts, key = (account.given, path) if person is None else (person.given, rest)
    if value is None:
        for known in [known for known in facts if known == key or known.startswith(f"{key}.")]:
            del facts[known]
    else:
        facts[key] = value
    settle_answered(account, path)


def forget_findings(account: Account, findings: Iterable[object]) -> None:
    """Drop findings, and let the next review look at everything again."""
    dropped = list(findings)
    if dropped:
        account.findings = tuple(found for found in account.findings if found not in dropped)
        account.reviewed = {}


def settle_answered(account: Account, path: str) -> None:
    """Drop what was found or demanded at a path that was just answered."""
    answered = [
        finding
        for finding in account.findings
        if _answers(path, finding.requirement)
        or (finding.alternative is not None and _answers(path, finding.alternative))
    ]
    forget_findings(account, answered)
    account.demands = [
        demand for demand in account.demands if not _answers(path, demand.requirement)
    ]


def _answers(path: str, requirement: str) -> bool:
    if path == requirement or path.startswith(f"{requirement}."):
        return True
    subject, _, name = requirement.rpartition(".")
    return name == "ssn_last_4" and path == f"{subject}.id_number"


def save_facts(
    world: World, account: Account, answers: Mapping[str, str]
) -> tuple[FieldError, ...]:
    """Keep what is good of the answers (requirement path to text), and return what is not."""
    errors: list[FieldError] = []
    good: dict[str, Value] = {}
    for path, text in answers.items():
        if not is_known(path) or _is_of_nobody(account, path):
            errors.append(FieldError(path, "invalid_value_other", "This is not asked for."))
            continue
        value = read_answer(account, path, text)
        if isinstance(value, FieldError):
            errors.append(value)
        else:
            good[path] = value
    errors += _drop_bad_dobs(world, account, good)
    if good:
        with changing(world, account):
            for path in sorted(good, key=lambda path: path != "business_type"):
                put(world, account, path, good[path])
    return tuple(errors)


def _is_of_nobody(account: Account, path: str) -> bool:
    prefix = path.partition(".")[0]
    return prefix.startswith("person_") and account.person(prefix) is None


def _drop_bad_dobs(world: World, account: Account, good: dict[str, Value]) -> list[FieldError]:
    errors: list[FieldError] = []
    for prefix in {path.partition(".")[0] for path in good if ".dob." in path}:
        person = account.subject(prefix)
        whole = dict(person.given) if person is not None else {}
        given = [path for path in good if path.startswith(f"{prefix}.dob.")]
        whole |= {path.removeprefix(f"{prefix}."): good[path] for path in given}
        error = check_dob(whole, f"{prefix}.dob.year", world.clock.now().date())
        if error is not None:
            errors.append(error)
            for path in given:
                del good[path]
    return errors


def accept_terms(
    world: World,
    account: Account,
    *,
    ip: str,
    user_agent: str | None = None,
    of: Iterable[str] = ("",),
) -> None:
    """Write down that somebody accepted terms, now, from this address.

    `of` names whose terms: "" Stripe's own, else the settings that have some (`settings.treasury`).
    """
    with changing(world, account):
        for whose in of:
            prefix = f"{whose}." if whose else ""
            put(world, account, f"{prefix}tos_acceptance.date", world.now())
            put(world, account, f"{prefix}tos_acceptance.ip", ip)
            if user_agent:
                put(world, account, f"{prefix}tos_acceptance.user_agent", user_agent[:500])


def add_owner(
    world: World, account: Account, answers: Mapping[str, str], *, role: str = "owner"
) -> Saved:
    """Add a further person as `owner`, `director` or `executive`: all answers are good, or none.

    `answers` has keys without a prefix: `first_name`, `last_name`, `email`, `dob.day`...
    """
    person = Person(world.ids.new("person"), world.now())
    errors: list[FieldError] = []
    for name, text in answers.items():
        path = f"{person.id}.{name}"
        known = is_known(path)
        value = read_answer(account, path, text) if known else None
        if value is None:
            errors.append(FieldError(name, "invalid_value_other", "This is not asked for."))
        elif isinstance(value, FieldError):
            errors.append(FieldError(name, value.code, value.message))
        else:
            person.given[name] = value
    errors += [
        FieldError(name, "information_missing", "This is required.")
        for name in ("first_name", "last_name")
        if name not in answers
    ]
    wrong = check_dob(person.given, "dob.year", world.clock.now().date())
    if wrong is not None:
        errors.append(wrong)
    if errors:
        return Saved(None, tuple(errors))
    person.given[f"relationship.{role}"] = True
    with changing(world, account):
        account.people.append(person)
    return Saved(person.id)


def remove_person(world: World, account: Account, person_id: str) -> bool:
    """Take a person off the account; the representative stays, and an unknown id changes nothing.

    Says whether somebody was removed.
    """
    person = account.person(person_id)
    if person is None or person is account.representative:
        return False
    with changing(world, account):
        account.people.remove(person)
        _forget_person(account, person_id)
    return True


def _forget_person(account: Account, person_id: str) -> None:
    """Drop what was found or demanded of somebody who is no longer there."""
    prefix = f"{person_id}."
    forget_findings(
        account,
        [found for found in account.findings if found.requirement.startswith(prefix)],
    )
    account.demands = [
        demand for demand in account.demands if not demand.requirement.startswith(prefix)
    ]


def add_bank_account(
    world: World,
    account: Account,
    *,
    account_number: str,
    routing_number: str | None = None,
    holder_name: str | None = None,
    holder_type: str | None = None,
) -> Saved:
    """Add where payouts go, in the account's country and currency; it becomes the default."""
    wrong = banks.check_numbers(account.country, routing_number, account_number)
    if wrong:
        return Saved(None, wrong)
    bank = banks.make(
        world,
        country=account.country,
        currency=account.currency,
        account_number=account_number,
        routing_number=routing_number,
        holder_name=holder_name,
        holder_type=holder_type,
    )
    banks.attach(world, account, bank)
    return Saved(bank.id)
