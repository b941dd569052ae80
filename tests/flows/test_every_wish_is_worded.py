"""Whatever the sandbox can make due, and whatever it can find wrong, has words in each language."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import pytest

from aboard.core.languages import LANGUAGES
from aboard.core.requirement_keys import split_key
from aboard.core.wording import word_error, word_requirement
from aboard.sandbox import Sandbox, demands, fields
from aboard.sandbox.account import (
    CUSTOM,
    EXPRESS,
    STANDARD,
    Account,
    Controller,
    Finding,
    Person,
    Value,
)
from aboard.sandbox.capabilities import NAMES
from aboard.sandbox.catalogue import COUNTRIES, ROLES
from aboard.sandbox.checks import judge, pending_keys
from aboard.sandbox.magic import BAD_PAPERS, COMPANY_RULES, OWNERSHIP, PERSON_RULES
from aboard.sandbox.outcomes import reject_document
from aboard.sandbox.requirements import all_fields, owed
from aboard.sandbox.scenarios import SCENARIOS
from aboard.sandbox.v1 import account_params, person_params
from aboard.sandbox.wanted import extras, wanted
from aboard.sandbox.wire.params import Hash, Kind
from aboard.sandbox.world import World

KEY = "sk_test_aboard_wording"
KINDS = (None, "individual", "company", "non_profit", "government_entity")
STRUCTURES = (
    *(None, "sole_proprietorship", "private_partnership", "public_partnership"),
    *("public_company", "private_company"),
)
CONTROLLERS = {
    "custom": CUSTOM,
    "express": EXPRESS,
    "standard": STANDARD,
    "none": Controller("application_custom", "stripe", "stripe", "none"),
}
# What a platform says of an account and its own settings: nobody is ever asked for it.
NEVER_ASKED = (
    *("account_token", "controller", "expand", "groups", "metadata", "type"),
    *("individual.metadata", "person_1.expand", "person_1.metadata", "person_1.person_token"),
    *("settings.card_payments.decline_on", "settings.invoices"),
)


def account_of(
    country: str = "US",
    kind: str | None = None,
    controller: Controller = CUSTOM,
    given: Mapping[str, Value] | None = None,
    people: Iterable[Person] = (),
) -> Account:
    return Account(
        "acct_1",
        0,
        country,
        COUNTRIES[country].currency,
        controller,
        business_type=kind,
        given=dict(given or {}),
        people=list(people),
    )


def somebody(person_id: str, *roles: str, **given: Value) -> Person:
    held = {f"relationship.{role}": True for role in roles}
    return Person(person_id, 0, {**held, **given})


def board() -> list[Person]:
    others = [somebody(f"person_{role}", role) for role in ROLES]
    return [somebody("person_me", "representative"), *others]


def check_keys(keys: set[str], *, at_least: int) -> None:
    said = {split_key(key).path for key in keys}
    assert len(said) >= at_least
    assert not {
        (language, path)
        for language, path in product(LANGUAGES, sorted(said))
        if not word_requirement(path.replace("person.", "individual.", 1), language).is_known
    }


def check_codes(codes: set[str], *, at_least: int) -> None:
    assert len(codes) >= at_least
    assert not {
        (language, code)
        for language, code in product(LANGUAGES, sorted(codes))
        if not word_error(code, language).is_known
    }


@pytest.mark.parametrize("controller", sorted(CONTROLLERS))
def test_what_every_country_asks_of_every_business(controller: str) -> None:
    keys: set[str] = set()
    for country, kind, structure in product(COUNTRIES, KINDS, STRUCTURES):
        given = {"company.structure": structure} if structure else {}
        for people in ([], board()):
            account = account_of(country, kind, CONTROLLERS[controller], given, people)
            keys.update(all_fields(account))
    check_keys(keys, at_least=55)


def test_what_every_capability_asks() -> None:
    keys: set[str] = set()
    for country, kind, name in product(COUNTRIES, KINDS, NAMES):
        account = account_of(country, kind)
        keys.update(*wanted(account, name), *extras(account, name).values())
    assert "settings.treasury.tos_acceptance.date" in keys
    assert "company.export_license_id" in keys
    check_keys(keys, at_least=60)


def mistakes() -> Iterator[Account]:
    """Yield an account for each magic value, with that value given."""
    for path, values in COMPANY_RULES.items():
        for value in values:
            yield account_of(kind="company", given={path: value}, people=board())
    for path, values in PERSON_RULES.items():
        for value in values:
            me = somebody("person_me", "representative", **{path: value})
            yield account_of(kind="individual", people=[me])
            yield account_of(kind="company", people=[me])
    for token in BAD_PAPERS:
        for name in account_paths():
            if name.startswith("documents.") and name.endswith(".files"):
                yield account_of(kind="company", given={name: (token,)})


def test_what_a_review_finds_wrong() -> None:
    found: list[Finding] = []
    pending: set[str] = set()
    for account in mistakes():
        found += judge(account)
        pending.update(pending_keys(account))
    others = {each.alternative for each in found if each.alternative}
    check_keys({each.requirement for each in found} | others | pending | {OWNERSHIP}, at_least=20)
    check_codes({each.code for each in found}, at_least=25)


GARBAGE = ("", "x", "7", "-", "9" * 30, "PO Box 7", "é" * 6000, "http://x", "<>", "\u4e00")


def test_what_is_said_to_an_answer_that_is_none() -> None:
    codes: set[str] = set()
    account = account_of(kind="company", people=board())
    for path, text in product(filter(fields.is_known, account_paths()), GARBAGE):
        answer = fields.read_answer(account, path, text)
        if isinstance(answer, fields.FieldError):
            codes.add(answer.code)
    check_codes(codes, at_least=8)


def worlds() -> Iterator[tuple[World, Account]]:
    for number, kind in enumerate(KINDS):
        for name, lead in SCENARIOS.items():
            world = Sandbox(seed=number).world(KEY)
            account = account_of(kind=kind)
            account.requested = {"card_payments": 0, "transfers": 0}
            world.accounts.add(account.id, account)
            if name != "disconnected":
                lead(world, account)
            yield world, account


def test_what_time_and_risk_ask() -> None:
    keys: set[str] = set()
    codes: set[str] = set()
    for world, account in worlds():
        for _ in range(4):
            demands.next_requirements(world, account)
        demands.announce(world, account, demands.document_of(account), starts_at=world.now() + 1000)
        demands.block_payouts(world, account)
        reject_document(world, account)
        debts = owed(account, world.now())
        keys.update(debts.eventually_due, debts.pending)
        codes.update(error.code for error in debts.errors)
        if debts.future is not None:
            keys.update(debts.future.eventually_due)
    assert any(key.endswith("additional_document") for key in keys)
    check_keys(keys, at_least=20)
    check_codes(codes, at_least=1)


def paths_of(kinds: Mapping[str, Kind], before: str = "") -> Iterator[str]:
    for name, kind in kinds.items():
        path = f"{before}{name}"
        if isinstance(kind, Hash):
            yield from paths_of(kind.kinds, f"{path}.")
        else:
            yield path


def account_paths() -> list[str]:
    made = paths_of(account_params.CREATE.kinds)
    changed = paths_of(account_params.UPDATE.kinds)
    people = paths_of(person_params.WRITE.kinds, "person_1.")
    return sorted({*made, *changed, *people})


def test_every_parameter_that_can_be_asked_for() -> None:
    keys = {
        path
        for path in account_paths()
        if not any(path == name or path.startswith(f"{name}.") for name in NEVER_ASKED)
    }
    check_keys(keys, at_least=200)
    more = {
        *("relationship.owner", "relationship.representative", "interv_1AbC.form"),
        *("owners.verification.document", "legal_guardian.dob.day", "authorizers.email"),
        *("individual.verification.proof_of_liveness", "documents.proof_of_registration.signer"),
        *("capabilities.card_payments", "external_account", "country", "default_currency"),
    }
    check_keys(more, at_least=len(more))
