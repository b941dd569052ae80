"""How each requirement is asked for: words, input, and what a browser may fill in by itself.

A path that is not in here is still asked for, with words made from its name, so that no
requirement can be due and unanswerable.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

PEOPLE = ("individual", "representative", "owners", "directors", "executives")
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `pattern` is a hint to the browser, never the rule."""

    label: str
    help: str = ""
    kind: str = "text"
    autocomplete: str = "off"
    inputmode: str = ""
    pattern: str = ""
    width: str = ""
    max_length: int = 0
    choices: Choices = ()
    is_secret: bool = False
    is_optional: bool = False


INDUSTRIES: Choices = (
    ("5734", "Software"),
    ("5818", "Digital products, several kinds"),
    ("5815", "Digital books, films and music"),
    ("5816", "Digital games"),
    ("5399", "General merchandise"),
    ("5691", "Clothing and accessories"),
    ("5945", "Toys, games and hobbies"),
    ("5971", "Art dealers and galleries"),
    ("5812", "Restaurants and food"),
    ("5499", "Grocery and specialist food"),
    ("5992", "Florists"),
    ("7221", "Photography studios"),
    ("7230", "Hair and beauty"),
    ("7299", "Other personal services"),
    ("7311", "Advertising"),
    ("7333", "Commercial art and graphics"),
    ("7392", "Consulting and public relations"),
    ("7399", "Other business services"),
    ("7922", "Theatre, music and ticketed events"),
    ("7997", "Clubs and memberships"),
    ("8299", "Education and courses"),
    ("8398", "Charities and fundraising"),
    ("8931", "Accounting and bookkeeping"),
    ("8999", "Other professional services"),
)

_BUSINESS_TYPES: Choices = (
    ("individual", "An individual or sole proprietor"),
    ("company", "A company"),
    ("non_profit", "A non-profit organization"),
)
_DOCUMENTS: Choices = (
    ("file_identity_document_success", "A readable test document"),
    ("file_identity_document_failure", "A test document that fails"),
)
_STATEMENT_HELP = "What buyers see on their card statement. 5 to 22 letters, digits or spaces."

# Asked of a person, whoever that is to the account.
PERSON_FIELDS: dict[str, Field] = {
    "first_name": Field("First name", "As on official papers.", autocomplete="given-name"),
    "last_name": Field("Last name", autocomplete="family-name"),
    "email": Field("Email", kind="email", autocomplete="email", inputmode="email"),
    "phone": Field(
        "Phone", "Test number: 000 000 0000", kind="tel", autocomplete="tel", inputmode="tel"
    ),
    "dob.day": Field(
        "Day",
        autocomplete="bday-day",
        inputmode="numeric",
        pattern="[0-9]{1,2}",
        width="xs",
        max_length=2,
    ),
    "dob.month": Field(
        "Month",
        autocomplete="bday-month",
        inputmode="numeric",
        pattern="[0-9]{1,2}",
        width="xs",
        max_length=2,
    ),
    "dob.year": Field(
        "Year",
        autocomplete="bday-year",
        inputmode="numeric",
        pattern="[0-9]{4}",
        width="s",
        max_length=4,
    ),
    "ssn_last_4": Field(
        "Last 4 digits of Social Security number",
        "Test number: 0000",
        inputmode="numeric",
        pattern="[0-9]{4}",
        width="s",
        max_length=4,
        is_secret=True,
    ),
    "id_number": Field(
        "Personal identification number",
        "In the United States, the Social Security number. Test number: 000000000",
        inputmode="numeric",
        width="m",
        is_secret=True,
    ),
    "relationship.title": Field(
        "Job title", "For example Owner, CEO or Director.", autocomplete="organization-title"
    ),
    "relationship.percent_ownership": Field(
        "Share of the company in percent", inputmode="decimal", width="s"
    ),
    "relationship.owner": Field("This person owns 25% or more of the company", kind="checkbox"),
    "relationship.director": Field("This person sits on the governing board", kind="checkbox"),
    "relationship.executive": Field("This person runs the company day to day", kind="checkbox"),
    "relationship.representative": Field("This person speaks for the company", kind="checkbox"),
    "nationality": Field("Nationality", "Two-letter country code.", width="s", max_length=2),
    "verification.document": Field(
        "Identity document", "Passport, identity card or licence.", "radio", choices=_DOCUMENTS
    ),
    "verification.additional_document": Field(
        "Proof of address", "A bill or a bank letter.", "radio", choices=_DOCUMENTS
    ),
}

_ADDRESS_FIELDS: dict[str, Field] = {
    "line1": Field(
        "Street address",
        "Test address: address_full_match",
        autocomplete="address-line1",
    ),
    "line2": Field("Apartment, floor", autocomplete="address-line2", is_optional=True),
    "city": Field("City", autocomplete="address-level2"),
    "state": Field(
        "State or region", "In the United States two letters: CA", autocomplete="address-level1"
    ),
    "postal_code": Field("Postal code", autocomplete="postal-code", width="s"),
    "country": Field(
        "Country", "Two-letter code.", autocomplete="country", width="s", max_length=2
    ),
}

OTHER_FIELDS: dict[str, Field] = {
    "business_type": Field("Type of business", kind="radio", choices=_BUSINESS_TYPES),
    "email": Field("Email", kind="email", autocomplete="email", inputmode="email"),
    "company.name": Field("Legal name of the company", autocomplete="organization"),
    "company.phone": Field(
        "Company phone", "Test number: 000 000 0000", "tel", autocomplete="tel", inputmode="tel"
    ),
    "company.tax_id": Field(
        "Tax number",
        "In the United States the EIN, nine digits. Test number: 000000000",
        inputmode="numeric",
        width="m",
        is_secret=True,
    ),
    "company.vat_id": Field("VAT number", width="m", is_secret=True),
    "company.registration_number": Field("Registration number", width="m"),
    "company.owners_provided": Field(
        "Everyone who owns 25% or more of the company is listed", kind="checkbox"
    ),
    "company.directors_provided": Field("All directors are listed", kind="checkbox"),
    "company.executives_provided": Field("All executives are listed", kind="checkbox"),
    "company.verification.document": Field(
        "Company document", "A registration extract or tax letter.", "radio", choices=_DOCUMENTS
    ),
    "business_profile.mcc": Field("Industry", kind="select", choices=INDUSTRIES),
    "business_profile.name": Field("Name that buyers know", autocomplete="organization"),
    "business_profile.url": Field(
        "Website", "Test address: https://accessible.stripe.com", "url", "url", "url"
    ),
    "business_profile.product_description": Field(
        "Product description",
        "What you sell and to whom, in ten characters or more. It can stand in for a website.",
        "textarea",
    ),
    "business_profile.support_phone": Field("Support phone", kind="tel", inputmode="tel"),
    "settings.payments.statement_descriptor": Field(
        "Statement descriptor", _STATEMENT_HELP, width="m", max_length=22
    ),
    "settings.card_payments.statement_descriptor_prefix": Field(
        "Short statement descriptor", "2 to 10 characters.", width="s", max_length=10
    ),
}


def split_path(path: str) -> tuple[str, str]:
    """Part a requirement into whom it is about and what is asked: `individual`, `dob.day`."""
    subject, dot, tail = path.partition(".")
    if dot and (subject in PEOPLE or subject.startswith("person_") or subject == "company"):
        return subject, tail
    return "", path


def is_person(subject: str) -> bool:
    """Tell whether this subject of a requirement is a human being."""
    return subject in PEOPLE or subject.startswith("person_")


@lru_cache(maxsize=2048)
def field_for(path: str) -> Field:
    """Return how a requirement is asked for; every path has an answer."""
    subject, tail = split_path(path)
    if subject and tail.startswith("address."):
        found = _ADDRESS_FIELDS.get(tail.removeprefix("address."))
    elif is_person(subject):
        found = PERSON_FIELDS.get(tail)
    else:
        found = OTHER_FIELDS.get(path)
    if found is None:
        return Field(_words(tail))
    is_self = subject in {"individual", "representative", ""} or subject.startswith("person_")
    if found.autocomplete == "off" or is_self:
        return found
    # What is asked about a company or another person must not be filled in from one's own card.
    return replace(found, autocomplete=f"section-{subject} {found.autocomplete}")


def _words(tail: str) -> str:
    return tail.replace("_", " ").replace(".", ", ").capitalize()
