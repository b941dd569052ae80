"""How does v1 show a person, whole or in part?

Source: Stripe's API reference, "Persons", API version 2026-10-28.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aboard.sandbox.account import Account, Person, Value
from aboard.sandbox.requirements import Owed
from aboard.sandbox.views.v1 import requirement_view, uncommon

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
_ROLES = ("authorizer", "director", "executive", "legal_guardian", "owner", "representative")


def address(given: Mapping[str, Value], prefix: str) -> dict[str, Any]:
    """Return an address with a null for every part not given."""
    return {part: given.get(f"{prefix}.{part}") for part in ADDRESS}


def _document(given: Mapping[str, Value], name: str) -> dict[str, Any]:
    return {
        "back": given.get(f"verification.{name}.back"),
        "details": None,
        "details_code": None,
        "front": given.get(f"verification.{name}.front"),
    }


def _requirements(account: Account, person: Person, debts: Owed) -> dict[str, Any]:
    prefix = "individual." if account.is_individual else f"{person.id}."
    own = [finding for finding in debts.errors if finding.requirement.startswith(prefix)]
    shown = requirement_view.render(
        Owed(
            currently_due=_of(debts.currently_due, prefix),
            past_due=_of(debts.past_due, prefix),
            eventually_due=_of(debts.eventually_due, prefix),
            pending=_of(debts.pending, prefix),
        )
    )
    shown["errors"] = [
        {
            "code": finding.code,
            "reason": finding.reason,
            "requirement": finding.requirement.removeprefix(prefix),
        }
        for finding in own
    ]
    del shown["current_deadline"], shown["disabled_reason"]
    return shown


def _of(keys: Sequence[str], prefix: str) -> list[str]:
    return [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]


def _verification(account: Account, person: Person, debts: Owed) -> dict[str, Any]:
    prefix = "individual." if account.is_individual else f"{person.id}."
    failed = [finding for finding in debts.errors if finding.requirement.startswith(prefix)]
    if failed or not account.is_approved:
        status = "pending" if account.review is not None else "unverified"
    else:
        status = "pending" if account.review is not None else "verified"
    return {
        "additional_document": _document(person.given, "additional_document"),
        "details": failed[0].reason if failed else None,
        "details_code": _details_code(failed[0].code) if failed else None,
        "document": _document(person.given, "document"),
        "status": status,
    }


def _details_code(code: str) -> str:
    return code.removeprefix("verification_")


def render(account: Account, person: Person, debts: Owed) -> dict[str, Any]:
    """Return the whole person. Numbers are never shown, only that they were given."""
    given = person.given
    relationship: dict[str, Any] = {
        role: given.get(f"relationship.{role}", False) for role in _ROLES
    }
    relationship["percent_ownership"] = given.get("relationship.percent_ownership")
    relationship["title"] = given.get("relationship.title")
    has_number = "id_number" in given
    shown = {
        "id": person.id,
        "object": "person",
        "account": account.id,
        "address": address(given, "address"),
        "created": person.created,
        "dob": {part: given.get(f"dob.{part}") for part in ("day", "month", "year")},
        "email": given.get("email"),
        "first_name": given.get("first_name"),
        "future_requirements": _nothing(),
        "id_number_provided": has_number,
        "last_name": given.get("last_name"),
        "metadata": person.metadata,
        "phone": given.get("phone"),
        "relationship": relationship,
        "requirements": _requirements(account, person, debts),
        "ssn_last_4_provided": has_number or "ssn_last_4" in given,
        "verification": _verification(account, person, debts),
    }
    if "id_number_secondary" in given:
        shown["id_number_secondary_provided"] = True
    uncommon.add(shown, given, uncommon.PERSON)
    return shown


def _nothing() -> dict[str, Any]:
    shown = requirement_view.nothing()
    del shown["current_deadline"], shown["disabled_reason"]
    return shown


def render_part(account: Account, person: Person, debts: Owed) -> dict[str, Any]:
    """Return what a platform still sees of a person once Stripe's form was opened."""
    whole = render(account, person, debts)
    shown = ("id", "object", "account", "created", "future_requirements", "requirements")
    return {key: whole[key] for key in shown}
