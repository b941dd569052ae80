"""Which requirements concern an account, and which of them are met? Given or not, right or wrong.

Source: Stripe's account object, `requirements`; "Handle verification with the API", persons.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from aboard.sandbox.account import PERSON_SUBJECTS, Account
from aboard.sandbox.catalogue import (
    ALTERNATIVES,
    COUNTRIES,
    DESCRIPTOR,
    MCC,
    ROLES,
    TERMS,
    URL,
    WITHOUT_CARDS,
    Keys,
    company_keys,
    extras_of,
    has_extras,
    keys_of,
    roles_of,
)

EXTERNAL_ACCOUNT = "external_account"
_PAYABLE = frozenset(["new", "verified"])
GROUPS = tuple(ROLES.values())
_STANDS_IN = {"ssn_last_4": "id_number", "relationship.executive": "relationship.owner"}


class _Case(NamedTuple):
    """All that decides which keys concern an account."""

    country: str
    business_type: str | None
    structure: str | None
    prefix: str
    has_cards: bool
    is_recipient: bool
    open_roles: Keys
    people: tuple[tuple[str, Keys], ...]


@lru_cache(maxsize=2048)
def _keys(case: _Case) -> tuple[Keys, Keys]:
    """Return what is wanted now, and what later in addition."""
    rules = COUNTRIES[case.country].rules
    now = {"business_type", EXTERNAL_ACCOUNT, *TERMS, *_profile(case)}
    later: Keys = ()
    if case.business_type is None:
        person = rules.unknown
    elif case.business_type == "individual":
        person, later = rules.individual, rules.individual_later
    else:
        person, later = rules.representative, rules.representative_later
        now |= _of_organization(case)
    now |= {f"{case.prefix}.{key}" for key in person}
    return tuple(sorted(now)), tuple(sorted(f"{case.prefix}.{key}" for key in later))


def _profile(case: _Case) -> Keys:
    rules = COUNTRIES[case.country].rules
    if case.is_recipient:
        return ()
    if not case.has_cards:
        return tuple(key for key in rules.profile if key != MCC)
    return (*rules.profile, DESCRIPTOR) if rules.has_descriptor else rules.profile


def _of_organization(case: _Case) -> set[str]:
    rules = COUNTRIES[case.country].rules
    keys = {f"company.{key}" for key in company_keys(rules, case.structure)}
    roles = roles_of(rules, case.business_type, case.structure)
    keys |= {f"company.{ROLES[role]}_provided" for role in roles}
    for role in case.open_roles:
        keys |= {f"{ROLES[role]}.{key}" for key in keys_of(rules, role, case.structure)}
    for person_id, held in case.people:
        for role in held:
            keys |= {f"{person_id}.{key}" for key in keys_of(rules, role, case.structure)}
    return keys


def _prefix(account: Account) -> str:
    if account.is_individual:
        return "individual"
    person = account.representative
    return "representative" if person is None or account.business_type is None else person.id


def _has_cards(names: Iterable[str]) -> bool:
    return any(name not in WITHOUT_CARDS for name in names)


def _roles(account: Account) -> tuple[str | None, Keys, tuple[tuple[str, Keys], ...]]:
    """Return the legal form, the roles nobody is in yet, and who is in which of them."""
    if not account.is_company:
        return None, (), ()
    given = account.given.get("company.structure")
    structure = given if isinstance(given, str) else None
    rules = COUNTRIES[account.country].rules
    roles = roles_of(rules, account.business_type, structure)
    people = []
    taken: set[str] = set()
    for person in account.people:
        held = tuple(role for role in roles if person.is_in(role))
        if held:
            people.append((person.id, held))
            taken.update(held)
    open_roles = tuple(
        role
        for role in roles
        if role not in taken and account.given.get(f"company.{ROLES[role]}_provided") is not True
    )
    return structure, open_roles, tuple(people)


def _case(account: Account, capability: str | None) -> _Case:
    structure, open_roles, people = _roles(account)
    if capability is not None:
        has_cards = capability not in WITHOUT_CARDS
    elif account.requested:
        has_cards = _has_cards(account.requested)
    else:
        has_cards = account.controller.is_stripe_collecting
    return _Case(
        country=account.country,
        business_type=account.business_type,
        structure=structure,
        prefix=_prefix(account),
        has_cards=has_cards,
        is_recipient=account.given.get("tos_acceptance.service_agreement") == "recipient",
        open_roles=open_roles,
        people=people,
    )


def wanted(account: Account, capability: str | None = None) -> tuple[Keys, Keys]:
    """Return the keys that the account must give now, and those only later, given or not.

    With a capability: as if that were the only one.
    """
    return _keys(_case(account, capability))


def extras(account: Account, capability: str | None = None) -> dict[str, Keys]:
    """Return what single capabilities want beyond that: of all requested ones, or of one."""
    names = account.requested if capability is None else (capability,)
    found = {}
    for name in names:
        if has_extras(name) and (keys := extras_of(name, account.business_type)):
            found[name] = keys
    return found


def given_keys(account: Account) -> set[str]:
    """Return every key that was answered with something, in each spelling that it has."""
    found = {path for path, value in account.given.items() if value is not False}
    if account.business_type is not None:
        found.add("business_type")
    if account.email is not None:
        found.add("email")
    representative = account.representative
    for person in account.people:
        tails = [tail for tail, value in person.given.items() if value is not False]
        subjects = (person.id, *PERSON_SUBJECTS) if person is representative else (person.id,)
        for subject in subjects:
            found.update([f"{subject}.{tail}" for tail in tails])
    return found


def missing(account: Account, keys: Iterable[str], given: set[str]) -> list[str]:
    """Return which of the keys are not met; `given` is what `given_keys` found."""
    return [key for key in keys if key not in given and not is_given(account, key)]


def is_given(account: Account, key: str) -> bool:
    """Say whether a requirement is met by what was given, right or wrong."""
    value = account.fact(key)
    if value is not None and value is not False:
        return True
    if key == EXTERNAL_ACCOUNT:
        return any(each.status in _PAYABLE for each in account.external_accounts)
    subject, _, tail = key.partition(".")
    if tail in _STANDS_IN:
        return account.fact(f"{subject}.{_STANDS_IN[tail]}") not in {None, False}
    if key.endswith(("verification.document", "verification.additional_document")):
        return account.fact(f"{key}.front") is not None
    alternative = ALTERNATIVES.get(key)
    return alternative is not None and account.fact(alternative) is not None


def names_alternative(account: Account, key: str) -> bool:
    """Say whether `requirements.alternatives` tells what can stand in for a key."""
    return key == URL and COUNTRIES[account.country].rules.names_alternatives
