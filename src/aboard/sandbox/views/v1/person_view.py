"""How does v1 show a person, whole or in part?

Source: Stripe's API reference, "Persons", API version 2026-10-28.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aboard.sandbox import requirements
from aboard.sandbox.account import Account, Finding, Person, Value
from aboard.sandbox.requirements import Owed
from aboard.sandbox.views.v1 import requirement_view, uncommon

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
_TOWN = (*ADDRESS, "town")
_OTHER_ADDRESSES = {
    "address_kana": _TOWN,
    "address_kanji": _TOWN,
    "registered_address": ADDRESS,
}
_ROLES = ("authorizer", "director", "executive", "legal_guardian", "owner", "representative")
_ANSWER_PREFIX = "verification_"


def address(given: Mapping[str, Value], prefix: str) -> dict[str, Any]:
    """Return an address with a null for every part not given."""
    return {part: given.get(f"{prefix}.{part}") for part in ADDRESS}


def document(given: Mapping[str, Value], path: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the two sides of the document at `path`, and what was found wrong with it."""
    found = next((finding for finding in findings if finding.requirement == path), None)
    return {
        "back": given.get(f"{path}.back"),
        "details": None if found is None else found.reason,
        "details_code": None if found is None else _details_code(found.code),
        "front": given.get(f"{path}.front"),
    }


def _requirements(debts: Owed) -> dict[str, Any]:
    shown = requirement_view.render(debts)
    del shown["current_deadline"], shown["disabled_reason"]
    return shown


def status(account: Account, person: Person) -> str:
    """Return `verified`, `pending` or `unverified`, from what reviews have looked at and found."""
    prefix = f"{requirements.prefix_of(account, person)}."
    was_seen = any(path.startswith(f"{person.id}.") for path in account.reviewed)
    if account.review is not None:
        return "pending" if was_seen else "unverified"
    is_refused = any(finding.requirement.startswith(prefix) for finding in account.findings)
    is_seen_well = was_seen or (account.is_approved and not account.reviewed)
    return "verified" if is_seen_well and not is_refused else "unverified"


def _verification(account: Account, person: Person, failed: Sequence[Finding]) -> dict[str, Any]:
    def shown(name: str) -> dict[str, Any]:
        path = f"verification.{name}"
        return document(person.given, path, failed)

    return {
        "additional_document": shown("additional_document"),
        "details": failed[0].reason if failed else None,
        "details_code": _details_code(failed[0].code) if failed else None,
        "document": shown("document"),
        "status": status(account, person),
    }


def _details_code(code: str) -> str:
    return code.removeprefix(_ANSWER_PREFIX)


def _has(given: Mapping[str, Value], prefix: str) -> bool:
    return any(path.startswith(prefix) for path in given)


def _equality(given: Mapping[str, Value]) -> dict[str, Any]:
    def shown(name: str, part: str) -> dict[str, Any]:
        path = f"us_cfpb_data.{name}.{part}"
        return {part: given.get(path), f"{part}_other": given.get(f"{path}_other")}

    return {
        "ethnicity_details": shown("ethnicity_details", "ethnicity"),
        "race_details": shown("race_details", "race"),
        "self_identified_gender": given.get("us_cfpb_data.self_identified_gender"),
    }


def _relationship(given: Mapping[str, Value]) -> dict[str, Any]:
    shown: dict[str, Any] = {role: given.get(f"relationship.{role}", False) for role in _ROLES}
    shown["percent_ownership"] = given.get("relationship.percent_ownership")
    shown["title"] = given.get("relationship.title")
    return shown


def render(account: Account, person: Person, now: int) -> dict[str, Any]:
    """Return the whole person as of `now` (unix seconds).

    Numbers are never shown, only that they were given.
    """
    given = person.given
    debts = requirements.owed_by_person(account, person, now)
    has_number = "id_number" in given
    terms = "additional_tos_acceptances.account"
    shown = {
        "id": person.id,
        "object": "person",
        "account": account.id,
        "additional_tos_acceptances": {
            "account": {part: given.get(f"{terms}.{part}") for part in ("date", "ip", "user_agent")}
        },
        "address": address(given, "address"),
        "created": person.created,
        "dob": {part: given.get(f"dob.{part}") for part in ("day", "month", "year")},
        "email": given.get("email"),
        "first_name": given.get("first_name"),
        "future_requirements": _requirements(debts.future or Owed()),
        "id_number_provided": has_number,
        "last_name": given.get("last_name"),
        "metadata": person.metadata,
        "phone": given.get("phone"),
        "relationship": _relationship(given),
        "requirements": _requirements(debts),
        "ssn_last_4_provided": has_number or "ssn_last_4" in given,
        "verification": _verification(account, person, debts.errors),
    }
    if "id_number_secondary" in given:
        shown["id_number_secondary_provided"] = True
    for name, parts in _OTHER_ADDRESSES.items():
        if _has(given, f"{name}."):
            shown[name] = {part: given.get(f"{name}.{part}") for part in parts}
    if _has(given, "us_cfpb_data."):
        shown["us_cfpb_data"] = _equality(given)
    uncommon.add(shown, given, uncommon.PERSON)
    return shown


def render_part(account: Account, person: Person, now: int) -> dict[str, Any]:
    """Return what a platform still sees of a person once Stripe's form was opened."""
    whole = render(account, person, now)
    shown = (
        "id",
        "object",
        "account",
        "created",
        "future_requirements",
        "metadata",
        "requirements",
    )
    return {key: whole[key] for key in shown}
