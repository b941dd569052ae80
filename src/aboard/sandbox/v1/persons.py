"""The people behind an account: who represents it, owns it, directs it.

`/people` is the older name of the same paths.

Source: Stripe's API reference, "Persons", API version 2026-10-28; what its words are where none
are published stands in LIMITS.md.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from aboard.sandbox import answers, requirements, transitions
from aboard.sandbox.account import Account, Person
from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.ledger import Ledger
from aboard.sandbox.paging import page
from aboard.sandbox.v1 import account_rules, person_facts, person_params, token_params
from aboard.sandbox.v1.access import get_account
from aboard.sandbox.v1.person_facts import Facts
from aboard.sandbox.v1.token_params import use_up
from aboard.sandbox.views.v1 import person_view
from aboard.sandbox.views.v1.account_view import is_locked
from aboard.sandbox.wire.errors import StripeError, bad, no_such
from aboard.sandbox.wire.params import merge_metadata

_REPRESENTATIVE = "relationship.representative"
_GUARDIAN = "relationship.legal_guardian"


def _show(call: Call, account: Account, person: Person) -> dict[str, Any]:
    now = call.world.now()
    if is_locked(account):
        return person_view.render_part(account, person, now)
    return person_view.render(account, person, now)


def _find(call: Call) -> tuple[Account, Person]:
    account = get_account(call)
    person = account.person(call.ids[1])
    if person is None:
        raise no_such("person", call.ids[1], "person", is_in_path=True)
    return account, person


def _check_writable(call: Call, account: Account, names: Iterable[str]) -> None:
    """Refuse who may not write of people here: nobody of themselves, nobody of a locked account.

    Metadata are the platform's own and stay writable.
    """
    if account.is_platform or call.actor is not None:
        raise account_rules.no_endpoint(account)
    locked = sorted(name for name in names if name != "metadata") if is_locked(account) else []
    if locked:
        raise account_rules.no_permission(account, locked)


def create(call: Call) -> dict[str, Any]:
    """Add a person."""
    account, world = get_account(call), call.world
    _check_writable(call, account, call.params)
    if is_locked(account):
        raise account_rules.no_endpoint(account)
    params, token = token_params.of_person(call)
    facts = person_facts.read(world, account, params, None)
    if account.is_individual:
        _check_beside_individual(account, facts)
    metadata = merge_metadata({}, params.get("metadata"))
    person = Person(world.ids.new("person"), world.now(), metadata=metadata)
    with transitions.changing(world, account):
        account.people.append(person)
        _write(call, account, person, facts)
        use_up(token)
    return _show(call, account, person)


def _check_beside_individual(account: Account, facts: Facts) -> None:
    """Refuse a second person on one person's own account, unless it is that one's guardian."""
    if account.representative is None:
        facts[_REPRESENTATIVE] = True
    elif facts.get(_GUARDIAN) is not True or facts.get(_REPRESENTATIVE) is True:
        raise bad(
            "An account whose `business_type` is `individual` has one person. Update that person, "
            "or add their legal guardian.",
            "relationship",
        )


def _write(call: Call, account: Account, person: Person, facts: Mapping[str, Any]) -> None:
    """Write checked facts. Who becomes the representative takes that from whoever was it."""
    world, old = call.world, account.representative
    if facts.get(_REPRESENTATIVE) is True and old is not None and old is not person:
        old.given[_REPRESENTATIVE] = False
    for path, value in facts.items():
        is_own = account.is_individual and person is account.representative
        answers.put(world, account, f"{'individual' if is_own else person.id}.{path}", value)


def retrieve(call: Call) -> dict[str, Any]:
    """Read a person; of a locked account only in part."""
    account, person = _find(call)
    return _show(call, account, person)


def update(call: Call) -> dict[str, Any]:
    """Change a person; what is not named stays."""
    account, person = _find(call)
    world = call.world
    _check_writable(call, account, call.params)
    params, token = token_params.of_person(call)
    facts = person_facts.read(world, account, params, person)
    if account.is_individual:
        _check_individual_stays(account, person, facts)
    metadata = merge_metadata(person.metadata, params.get("metadata", {}))
    with transitions.changing(world, account):
        _write(call, account, person, facts)
        person.metadata = metadata
        use_up(token)
    return _show(call, account, person)


def _check_individual_stays(account: Account, person: Person, facts: Facts) -> None:
    is_it = person is account.representative
    if facts.get(_REPRESENTATIVE, is_it) is not is_it:
        raise bad(
            "The representative of an account whose `business_type` is `individual` is the "
            "individual, and nobody else.",
            "relationship[representative]",
        )


def delete(call: Call) -> dict[str, Any]:
    """Take a person off the account: not the representative, nor the last verified executive."""
    account, person = _find(call)
    _check_writable(call, account, ())
    if is_locked(account):
        raise account_rules.no_endpoint(account)
    if person is account.representative:
        raise StripeError(
            f"You cannot delete the person '{person.id}' because they are the representative of "
            "the account. Make somebody else the representative first.",
            param="person",
        )
    if _is_last_executive(account, person):
        raise StripeError(
            f"You cannot delete the person '{person.id}' because they are the only verified "
            "executive of the account, which must have one.",
            param="person",
        )
    answers.remove_person(call.world, account, person.id)
    return {"id": person.id, "object": "person", "deleted": True}


def _is_last_executive(account: Account, person: Person) -> bool:
    if "company.executives_provided" not in requirements.all_fields(account):
        return False
    verified = [
        each
        for each in account.people
        if each.is_in("executive") and person_view.status(account, each) == "verified"
    ]
    return verified == [person]


def list_all(call: Call) -> dict[str, Any]:
    """List an account's people, newest first."""
    account = get_account(call)
    roles: Mapping[str, bool] = call.params.get("relationship") or {}
    people: Ledger[Person] = Ledger(Person, account.id)
    for person in account.people:
        people.add(person.id, person)
    return page(
        call,
        people,
        "person",
        show=lambda person: _show(call, account, person),
        keep=lambda person: all(person.is_in(role) is wanted for role, wanted in roles.items()),
    )


def _routes(name: str) -> tuple[Route, ...]:
    every = f"/v1/accounts/{{account}}/{name}"
    one = f"{every}/{{person}}"
    return (
        Route("GET", every, list_all, person_params.LIST, "person", is_list=True),
        Route("POST", every, create, person_params.WRITE, "person"),
        Route("GET", one, retrieve, with_expand({}), "person"),
        Route("POST", one, update, person_params.WRITE, "person"),
        Route("DELETE", one, delete),
    )


ROUTES = (*_routes("persons"), *_routes("people"))
THINGS = (
    Thing(
        "person",
        expands={
            "verification.additional_document.back": "file",
            "verification.additional_document.front": "file",
            "verification.document.back": "file",
            "verification.document.front": "file",
        },
    ),
)
