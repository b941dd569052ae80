"""From parameters to facts: what v1 says of an account, written down path by path.

Values that Stripe refuses at once are refused here; what it accepts and finds wrong later is a
review's business.

Source: Stripe's API reference, "Accounts", API version 2026-10-28.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from aboard.sandbox import answers, fields
from aboard.sandbox.account import Account, Person, Value
from aboard.sandbox.wire.errors import bad
from aboard.sandbox.wire.params import merge_metadata
from aboard.sandbox.world import World

_HASHES = (
    "business_profile",
    "company",
    "documents",
    "groups",
    "individual",
    "settings",
    "tos_acceptance",
)
_CHECKED = ("phone", "support_phone", "ssn_last_4", "mcc", "statement_descriptor", "url")
_MESSAGES = {
    "phone": '"{value}" is not a valid phone number',
    "support_phone": '"{value}" is not a valid phone number',
    "url": "Not a valid URL",
}
_CODES = {"url": "url_invalid"}

Facts = dict[str, Value | None]


def _flatten(path: str, value: object) -> Iterator[tuple[str, Value | None]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flatten(f"{path}.{name}", inner)
    elif isinstance(value, list):
        yield path, tuple(str(item) for item in value)
    elif value is None or isinstance(value, str | int | float | bool):
        yield path, value


def _as_param(path: str) -> str:
    first, _, rest = path.partition(".")
    return first + "".join(f"[{part}]" for part in rest.split(".") if part)


def read_facts(world: World, account: Account, params: Mapping[str, Any], *, is_new: bool) -> Facts:
    """Return the facts that parameters state; `None` erases one.

    Raises:
        StripeError: a value is refused.
    """
    facts: Facts = {}
    for name in _HASHES:
        whole = params.get(name)
        if isinstance(whole, dict):
            if name == "individual":
                whole = {key: value for key, value in whole.items() if key != "metadata"}
            facts |= dict(_flatten(name, whole))
    if "business_type" in params:
        facts["business_type"] = params["business_type"]
    for path, value in facts.items():
        if path.rpartition(".")[2] in _CHECKED and isinstance(value, str):
            _check(account, path, value)
    _check_dob(world, account, facts, is_new=is_new)
    return facts


def _check(account: Account, path: str, value: str) -> None:
    wrong = fields.read_answer(account, path, value)
    if isinstance(wrong, fields.FieldError):
        name = path.rpartition(".")[2]
        message = _MESSAGES.get(name, wrong.message).format(value=value[:40])
        raise bad(message, _as_param(path), _CODES.get(name))


def _check_dob(world: World, account: Account, facts: Facts, *, is_new: bool) -> None:
    given: dict[str, Value] = {}
    person = None if is_new else account.representative
    if person is not None:
        given |= person.given
    parts = {path: value for path, value in facts.items() if path.startswith("individual.dob.")}
    if not parts:
        return
    given |= {
        path.removeprefix("individual."): value
        for path, value in parts.items()
        if value is not None
    }
    wrong = fields.check_dob(given, "individual[dob][year]", world.clock.now().date())
    if wrong is not None:
        raise bad(wrong.message, wrong.path)


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
        account.currency = params["default_currency"].lower()


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
