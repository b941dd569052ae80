"""How is each requirement asked for? Words, input, and what a browser may fill in by itself.

A path that is not in here is still asked for, with words made from its name, so that no
requirement can be due and unanswerable; a test says that the catalogue owes none of that kind.
"""

from dataclasses import replace
from functools import lru_cache

from aboard.sandbox.hosted import choices, wording
from aboard.sandbox.hosted.questions import BUSINESS, COMPANY, DATE, PERSON, PLACE, Field
from aboard.sandbox.samples import find_sample

__all__ = ["Field", "field_for", "find_field", "is_person", "split_path"]

PEOPLE = ("individual", "representative", "owners", "directors", "executives")
_PLACES = {
    "address": "",
    "address_kana": "kana",
    "address_kanji": "kanji",
    "administrative_address": "",
    "physical_address": "",
    "principal_place_of_business": "",
    "registered_address": "",
    "support_address": "",
}
_SCRIPTS = {"kana": " (kana)", "kanji": " (kanji)"}


def split_path(path: str) -> tuple[str, str]:
    """Part a requirement into whom it is about and what is asked: `individual`, `dob.day`."""
    subject, dot, tail = path.partition(".")
    if dot and (subject in PEOPLE or subject.startswith("person_") or subject == "company"):
        return subject, tail
    return "", path


def is_person(subject: str) -> bool:
    """Tell whether this subject of a requirement is a human being."""
    return subject in PEOPLE or subject.startswith("person_")


def is_document(path: str) -> bool:
    """Tell whether a requirement is answered with a file."""
    return path.endswith(("verification.document", "additional_document")) or (
        "documents." in path and path.endswith(".files")
    )


def field_for(path: str, country: str = "US", business_type: str | None = None) -> Field:
    """Return how a requirement is asked for; every path has an answer."""
    return find_field(path, country, business_type) or Field(_words(split_path(path)[1]))


@lru_cache(maxsize=8192)
def find_field(path: str, country: str = "US", business_type: str | None = None) -> Field | None:
    """Return how a requirement is asked for in that country, if there are words for it."""
    subject, tail = split_path(path)
    place = _place_of(tail, country)
    if place is not None:
        found: Field | None = place
    elif "." in tail and tail.rpartition(".")[0].endswith(("dob", "registration_date")):
        found = DATE.get(tail.rpartition(".")[2])
        if found is not None and not tail.startswith("dob."):
            found = replace(found, autocomplete="off")
    elif is_person(subject):
        found = _of_person(tail, country)
    elif subject == "company":
        found = _of_company(tail, country, business_type or "company")
    else:
        found = BUSINESS.get(path)
    if found is None:
        return None
    is_self = subject in {"individual", "representative", ""} or subject.startswith("person_")
    if found.autocomplete == "off" or is_self:
        return found
    # What is asked about a company or another person must not be filled in from one's own card.
    return replace(found, autocomplete=f"section-{subject} {found.autocomplete}")


def _place_of(tail: str, country: str) -> Field | None:
    """Return the question about one part of an address, in the country's words."""
    kind, _, part = tail.rpartition(".")
    script = _PLACES.get(kind.removeprefix("business_profile."))
    found = PLACE.get(part)
    if script is None or found is None:
        return None
    label = {
        "postal_code": wording.POSTAL_CODES.get(country),
        "state": wording.STATES.get(country),
        "city": wording.CITIES.get(country),
    }.get(part)
    hint = wording.STATE_HINTS.get(country, "") if part == "state" else found.help
    if part == "line1" and script:
        hint = "Block and building number."
    if script:
        found = replace(found, autocomplete="off")
    return replace(found, label=(label or found.label) + _SCRIPTS.get(script, ""), help=hint)


def _of_person(tail: str, country: str) -> Field | None:
    found = PERSON.get(tail)
    if found is None or tail != "id_number":
        return found
    label = wording.PERSONAL_NUMBERS.get(country, found.label)
    return _with_test_number(replace(found, label=label), f"individual.{tail}", country)


def _of_company(tail: str, country: str, business_type: str) -> Field | None:
    found = COMPANY.get(tail)
    if found is None:
        return None
    if tail == "structure":
        return replace(found, choices=choices.structures(country, business_type))
    if tail in {"tax_id", "vat_id"}:
        words = wording.COMPANY_NUMBERS if tail == "tax_id" else wording.VAT_NUMBERS
        label = words.get(country, found.label)
        return _with_test_number(replace(found, label=label), f"company.{tail}", country)
    organization = wording.ORGANIZATIONS.get(business_type, "company")
    if organization == "company":
        return found
    return replace(
        found,
        label=found.label.replace("company", organization),
        help=found.help.replace("company", organization),
    )


def _with_test_number(field: Field, path: str, country: str) -> Field:
    sample = find_sample(path, country=country)
    hint = f"Test number: {sample}" if sample else ""
    inputmode = "numeric" if sample and sample.isdigit() else ""
    return replace(field, help=hint, inputmode=inputmode)


def _words(tail: str) -> str:
    return tail.replace("_", " ").replace(".", ", ").capitalize()
