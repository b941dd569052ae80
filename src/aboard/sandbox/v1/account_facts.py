"""From parameters to facts: what v1 says of an account, written down path by path.

Values that Stripe refuses at once are refused here; what it accepts and finds wrong later is a
review's business.

Source: Stripe's API reference, "Accounts", API version 2026-10-28.
"""

import time
from collections.abc import Mapping
from typing import Any

from aboard.sandbox import answers, fields
from aboard.sandbox.account import Account, Person, Value
from aboard.sandbox.files import check_document
from aboard.sandbox.v1 import person_facts
from aboard.sandbox.v1.person_facts import Facts, as_param, flatten
from aboard.sandbox.wire.errors import bad, shown
from aboard.sandbox.wire.params import merge_metadata
from aboard.sandbox.world import World

_HASHES = (
    "business_profile",
    "company",
    "documents",
    "groups",
    "settings",
    "tos_acceptance",
)
_PHONES = ("phone", "support_phone")
_CHECKED = (*_PHONES, "mcc", "statement_descriptor", "url")
_MESSAGES = {"url": "Not a valid URL"}
_CODES = {"url": "url_invalid"}
_SINCE_2009 = 1_230_768_000


def read_facts(world: World, account: Account, params: Mapping[str, Any], *, is_new: bool) -> Facts:
    """Return the facts that parameters state; `None` erases one.

    Raises:
        StripeError: a value is refused.
    """
    facts: Facts = {}
    for name in _HASHES:
        whole = params.get(name)
        if isinstance(whole, dict):
            facts |= dict(flatten(name, whole))
    if "business_type" in params:
        facts["business_type"] = params["business_type"]
    for path, value in facts.items():
        if path.rpartition(".")[2] in _CHECKED and isinstance(value, str):
            _check(account, path, value)
    _check_terms(world, facts)
    person_facts.check_documents(world, account, facts)
    for part in ("icon", "logo"):
        path = f"settings.branding.{part}"
        if facts.get(path) is not None:
            check_document(
                world, account.id, str(facts[path]), as_param(path), frozenset({f"business_{part}"})
            )
    facts |= _individual(world, account, params, is_new=is_new)
    return facts


def _individual(
    world: World, account: Account, params: Mapping[str, Any], *, is_new: bool
) -> Facts:
    whole = params.get("individual")
    if not whole:
        return {}
    person = None if is_new else account.representative
    found = person_facts.read(world, account, whole, person, within="individual")
    return {f"individual.{path}": value for path, value in found.items()}


def _check(account: Account, path: str, value: str) -> None:
    wrong = fields.read_answer(account, path, value)
    if isinstance(wrong, fields.FieldError):
        name = path.rpartition(".")[2]
        if name in _PHONES:
            raise person_facts.refused_phone(value, as_param(path))
        raise bad(_MESSAGES.get(name, wrong.message), as_param(path), _CODES.get(name))


def _check_terms(world: World, facts: Facts) -> None:
    """Refuse an acceptance in milliseconds, in the future, or from nowhere.

    A platform reads the machine's clock, not the sandbox's: what is past for one of them is past.
    """
    date, address = facts.get("tos_acceptance.date"), facts.get("tos_acceptance.ip")
    latest = max(world.now(), time.time())
    if isinstance(date, int) and not _SINCE_2009 <= date <= latest:
        raise bad(
            "ToS acceptance date is not valid. Dates are expected to be integers, measured in "
            "seconds, not in the future, and after 2009.",
            "tos_acceptance[date]",
        )
    if address is not None and not _is_address(str(address)):
        raise bad(f"Invalid IP address: {shown(address)}", "tos_acceptance[ip]")


def _is_address(text: str) -> bool:
    from ipaddress import ip_address  # noqa: PLC0415 - only who accepts terms by the API needs it

    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def write(world: World, account: Account, facts: Facts, params: Mapping[str, Any]) -> None:
    """Write facts, capabilities, email and metadata. Call it within `changing`."""
    for path in sorted(facts, key=lambda path: path != "business_type"):
        answers.put(world, account, path, facts[path])
    if account.is_individual and "individual" in params:
        representative(world, account)
    for name, choice in (params.get("capabilities") or {}).items():
        if (choice or {}).get("requested") is True:
            account.requested.setdefault(name, world.now())
        elif (choice or {}).get("requested") is False:
            account.requested.pop(name, None)
    if "email" in params:
        account.email = params["email"]
    if params.get("default_currency"):
        account.currency = params["default_currency"]


def representative(world: World, account: Account) -> Person:
    """Return the representative, who comes into being if there is none."""
    person = account.representative
    if person is None:
        given: dict[str, Value] = {"relationship.representative": True}
        person = Person(world.ids.new("person"), world.now(), given)
        account.people.append(person)
    return person


def merged_metadata(
    account: Account, params: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str] | None]:
    """Return the account's metadata after a change, and the person's if that changes too.

    Raises:
        StripeError: there would be too many keys.
    """
    own = account.metadata
    if "metadata" in params:
        own = merge_metadata(own, params["metadata"])
    individual = params.get("individual") or {}
    if "metadata" not in individual:
        return own, None
    person = account.representative
    old = {} if person is None else person.metadata
    return own, merge_metadata(old, individual["metadata"])
