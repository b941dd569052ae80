"""From parameters to facts of a person: flat paths, each value checked as Stripe checks it at once.

What Stripe accepts and finds wrong later is a review's business.

Source: Stripe's API reference, "Persons", API version 2026-10-28.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from aboard.sandbox import fields, files
from aboard.sandbox.account import Account, Person, Value
from aboard.sandbox.country_codes import is_country
from aboard.sandbox.wire.errors import StripeError, bad, shown
from aboard.sandbox.world import World

Facts = dict[str, Value | None]

_APART = frozenset({"metadata", "person_token"})
_CHECKED = frozenset({"phone", "ssn_last_4", "id_number"})
_COUNTRY = re.compile(
    r"(nationality|(address|address_kana|address_kanji|registered_address)\.country)"
)
_DOCUMENT = re.compile(r"verification\.(additional_)?document\.(back|front)$")
_MOST_PERCENT = 100


def flatten(path: str, value: object) -> Iterator[tuple[str, Value | None]]:
    """Go through everything that a parameter states, path by path; `None` erases."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from flatten(f"{path}.{name}" if path else name, inner)
    elif isinstance(value, list):
        yield path, tuple(str(item) for item in value)
    elif value is None or isinstance(value, str | int | float | bool):
        yield path, value


def as_param(path: str) -> str:
    """Return a fact's path as a parameter is written: `individual[dob][day]`."""
    first, _, rest = path.partition(".")
    return first + "".join(f"[{part}]" for part in rest.split(".") if part)


def refused_phone(value: str, param: str) -> StripeError:
    """Return the refusal of a text that is no phone number."""
    return bad(f'"{shown(value[:40])}" is not a valid phone number', param)


def read(
    world: World,
    account: Account,
    params: Mapping[str, Any],
    person: Person | None,
    *,
    within: str = "",
) -> Facts:
    """Return the facts that parameters state of a person, who may be new (`None`).

    `within` is the parameter that holds them all: `individual`.

    Raises:
        StripeError: a value is refused.
    """
    whole = {name: value for name, value in params.items() if name not in _APART}
    facts = dict(flatten("", whole))
    for path, value in facts.items():
        if value is not None:
            facts[path] = _checked(account, path, value, _place(within, path))
    _check_dob(world, facts, person, _place(within, "dob.year"))
    check_documents(world, account, facts, within)
    return facts


def check_documents(world: World, account: Account, facts: Facts, within: str = "") -> None:
    """Refuse documents that nobody uploaded.

    Raises:
        StripeError: a file is not there, or was uploaded for something else.
    """
    for path, value in facts.items():
        if isinstance(value, str) and _DOCUMENT.search(path):
            files.check_document(world, account.id, value, _place(within, path))
        elif isinstance(value, tuple) and path.endswith(".files"):
            for place, file_id in enumerate(value):
                param = f"{_place(within, path)}[{place}]"
                files.check_document(world, account.id, str(file_id), param)


def _place(within: str, path: str) -> str:
    return as_param(f"{within}.{path}" if within else path)


def _checked(account: Account, path: str, value: Value, param: str) -> Value:
    if path in _CHECKED:
        found = fields.read_answer(account, f"individual.{path}", str(value))
        if isinstance(found, fields.FieldError):
            raise refused_phone(str(value), param) if path == "phone" else bad(found.message, param)
        return value if path == "phone" else found
    if _COUNTRY.fullmatch(path):
        return read_country(str(value), param)
    if path == "relationship.percent_ownership":
        return _percentage(value, param)
    return value


def read_country(text: str, param: str) -> str:
    """Return a country's code, or refuse what is none.

    Raises:
        StripeError: there is no such country.
    """
    code = text.upper()
    if not is_country(code):
        raise bad(
            f"Country '{shown(text)}' is unknown. Try using a 2-character alphanumeric country "
            "code instead, such as 'US', 'EG', or 'GB'. A full list of country codes is available "
            "at https://stripe.com/global.",
            param,
            "country_code_invalid",
        )
    return code


def _percentage(value: Value, param: str) -> Value:
    if not isinstance(value, float) or not 0 <= value <= _MOST_PERCENT:
        raise bad("The percentage of ownership must be between 0 and 100.", param)
    return value


def _check_dob(world: World, facts: Facts, person: Person | None, param: str) -> None:
    if not any(path.startswith("dob.") for path in facts):
        return
    given: dict[str, Value] = {} if person is None else dict(person.given)
    given |= {path: value for path, value in facts.items() if value is not None}
    wrong = fields.check_dob(given, param, world.clock.now().date())
    if wrong is not None:
        raise bad(wrong.message, param)
