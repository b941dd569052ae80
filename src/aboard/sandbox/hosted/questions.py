"""What are the questions? One `Field` for each thing Stripe can want to know, in general words.

`fields` puts a country's own words to them. By the requirement's path, without whom it is about.
"""

from dataclasses import dataclass

from aboard.sandbox.hosted.choices import (
    BUSINESS_TYPES,
    CROSS_BORDER,
    DOCUMENTS,
    EXEMPTIONS,
    GENDERS,
    INDUSTRIES,
    POLITICAL_EXPOSURES,
    Choices,
)


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
    accept: str = ""
    """Of a document: the media types that may be uploaded."""
    has_back: bool = False
    """Of a document: whether its back is asked for beside its front."""


_PICTURES = "image/jpeg,image/png"
_PAPERS = "image/jpeg,image/png,application/pdf"
_TEST_PHONE = "Test number: 000 000 0000"


def _number(label: str, *, digits: int, autocomplete: str = "off") -> Field:
    return Field(
        label,
        autocomplete=autocomplete,
        inputmode="numeric",
        pattern="[0-9]{4}" if digits == 4 else "[0-9]{1,2}",  # noqa: PLR2004 - a year
        width="s" if digits == 4 else "xs",  # noqa: PLR2004 - a year
        max_length=digits,
    )


def _document(label: str, hint: str, *, accept: str = _PAPERS, has_back: bool = False) -> Field:
    return Field(label, hint, "document", choices=DOCUMENTS, accept=accept, has_back=has_back)


def _phone(label: str) -> Field:
    return Field(label, _TEST_PHONE, "tel", autocomplete="tel", inputmode="tel")


def _email(label: str) -> Field:
    return Field(label, kind="email", autocomplete="email", inputmode="email")


DATE = {
    "day": _number("Day", digits=2, autocomplete="bday-day"),
    "month": _number("Month", digits=2, autocomplete="bday-month"),
    "year": _number("Year", digits=4, autocomplete="bday-year"),
}
PLACE = {
    "line1": Field(
        "Street address", "Test address: address_full_match", autocomplete="address-line1"
    ),
    "line2": Field("Apartment, floor", autocomplete="address-line2", is_optional=True),
    "city": Field("City", autocomplete="address-level2"),
    "town": Field("Town and block (chō-me)", autocomplete="address-level3"),
    "state": Field("State or region", autocomplete="address-level1"),
    "postal_code": Field("Postal code", autocomplete="postal-code", width="s"),
    "country": Field(
        "Country", "Two-letter code.", autocomplete="country", width="s", max_length=2
    ),
}
PERSON = {
    "first_name": Field("First name", "As on official papers.", autocomplete="given-name"),
    "last_name": Field("Last name", autocomplete="family-name"),
    "first_name_kana": Field("First name (kana)", "Test name: トウロウ"),
    "last_name_kana": Field("Last name (kana)", "Test name: ヤマダ"),
    "first_name_kanji": Field("First name (kanji)", "Test name: 太郎"),
    "last_name_kanji": Field("Last name (kanji)", "Test name: 山田"),
    "maiden_name": Field("Name at birth"),
    "full_name_aliases": Field("Other names this person is known by"),
    "gender": Field("Gender", kind="select", choices=GENDERS),
    "email": _email("Email"),
    "phone": _phone("Phone"),
    "ssn_last_4": Field(
        "Last 4 digits of Social Security number",
        "Test number: 0000",
        inputmode="numeric",
        pattern="[0-9]{4}",
        width="s",
        max_length=4,
        is_secret=True,
    ),
    "id_number": Field("Personal identification number", width="m", is_secret=True),
    "id_number_secondary": Field(
        "Second identification number",
        "In Thailand the laser code on the back of the card.",
        width="m",
        is_secret=True,
    ),
    "business_vat_id_number": Field("VAT number of the business", width="m", is_secret=True),
    "nationality": Field("Nationality", "Two-letter country code.", width="s", max_length=2),
    "political_exposure": Field(
        "Does this person hold high public office?", kind="radio", choices=POLITICAL_EXPOSURES
    ),
    "relationship.title": Field(
        "Job title", "For example Owner, CEO or Director.", autocomplete="organization-title"
    ),
    "relationship.percent_ownership": Field(
        "Share of the company in percent", "A number from 0 to 100.", inputmode="decimal", width="s"
    ),
    "relationship.owner": Field("This person owns 25% or more of the company", kind="checkbox"),
    "relationship.director": Field("This person sits on the governing board", kind="checkbox"),
    "relationship.executive": Field("This person runs the company day to day", kind="checkbox"),
    "relationship.representative": Field("This person speaks for the company", kind="checkbox"),
    "relationship.authorizer": Field(
        "This person may authorize the representative", kind="checkbox"
    ),
    "relationship.legal_guardian": Field(
        "This person is the holder's legal guardian", kind="checkbox"
    ),
    "verification.document": _document(
        "Identity document",
        "Passport, identity card or licence.",
        accept=_PICTURES,
        has_back=True,
    ),
    "verification.additional_document": _document("Proof of address", "A bill or a bank letter."),
    "documents.company_authorization.files": _document(
        "Authorization by the company", "A power of attorney or a board's resolution."
    ),
    "documents.passport.files": _document("Passport", "The page with the photograph."),
    "documents.visa.files": _document("Visa", "The page that says how long it is valid."),
}
COMPANY = {
    "name": Field("Legal name of the company", autocomplete="organization"),
    "name_kana": Field("Legal name of the company (kana)"),
    "name_kanji": Field("Legal name of the company (kanji)"),
    "phone": _phone("Company phone"),
    "tax_id": Field("Tax number", width="m", is_secret=True),
    "tax_id_registrar": Field(
        "Register court", "Where the company is registered, for example Charlottenburg (Berlin)."
    ),
    "vat_id": Field("VAT number", width="m", is_secret=True),
    "business_vat_id_number": Field("VAT number", width="m", is_secret=True),
    "pan": Field("Permanent Account Number (PAN)", width="m", is_secret=True),
    "registration_number": Field("Registration number", width="m"),
    "structure": Field("Legal form", kind="select"),
    "export_license_id": Field("Import export code (IEC)", width="m"),
    "export_purpose_code": Field("Purpose code of exports", width="s"),
    "business_cross_border_transaction_classifications": Field(
        "Trade across borders", kind="select", choices=CROSS_BORDER
    ),
    "ownership_exemption_reason": Field(
        "Reason why no owners are listed", kind="select", choices=EXEMPTIONS
    ),
    "owners_provided": Field(
        "Everyone who owns 25% or more of the company is listed", kind="checkbox"
    ),
    "directors_provided": Field("All directors are listed", kind="checkbox"),
    "executives_provided": Field("All executives are listed", kind="checkbox"),
    "ownership_declaration": Field(
        "I declare that the owners named here are right and complete", kind="checkbox"
    ),
    "directorship_declaration": Field(
        "I declare that the directors named here are right and complete", kind="checkbox"
    ),
    "representative_declaration": Field(
        "I declare that I may speak for the company", kind="checkbox"
    ),
    "verification.document": _document("Company document", "A registration extract or tax letter."),
}
_COMPANY_PAPERS = {
    "bank_account_ownership_verification": ("Proof of the bank account", "A bank statement."),
    "company_license": ("Licence of the company", "As issued by the authority."),
    "company_memorandum_of_association": ("Memorandum of association", "With all its pages."),
    "company_ministerial_decree": ("Ministerial decree", "That the company was founded by."),
    "company_registration_verification": ("Proof of registration", "An extract of the register."),
    "company_tax_id_verification": ("Proof of the tax number", "A letter of the tax office."),
    "proof_of_address": ("Proof of address of the business", "A bill or a bank letter."),
    "proof_of_business_presence": ("Proof of the business", "A lease, a photograph or a bill."),
    "proof_of_registration": ("Proof of registration", "An extract of the register."),
    "proof_of_ultimate_beneficial_ownership": ("Proof of ownership", "A list of shareholders."),
}
BUSINESS = {
    "business_type": Field("Type of business", kind="radio", choices=BUSINESS_TYPES),
    "email": _email("Email"),
    "external_account": Field("Bank account"),
    "tos_acceptance.date": Field("Terms of service", kind="checkbox"),
    "tos_acceptance.ip": Field("Terms of service", kind="checkbox"),
    "settings.card_issuing.tos_acceptance.date": Field("Terms of card issuing", kind="checkbox"),
    "settings.card_issuing.tos_acceptance.ip": Field("Terms of card issuing", kind="checkbox"),
    "settings.treasury.tos_acceptance.date": Field("Terms of Treasury", kind="checkbox"),
    "settings.treasury.tos_acceptance.ip": Field("Terms of Treasury", kind="checkbox"),
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
    "business_profile.support_phone": _phone("Support phone"),
    "business_profile.support_email": _email("Support email"),
    "business_profile.support_url": Field("Support website", "", "url", "off", "url"),
    "business_profile.estimated_worker_count": Field(
        "How many people work for the business?", inputmode="numeric", width="s"
    ),
    "business_profile.annual_revenue.amount": Field(
        "Revenue of a year", "In the currency's smallest unit.", inputmode="numeric", width="m"
    ),
    "business_profile.annual_revenue.currency": Field(
        "Currency of the revenue", "Three letters.", width="s", max_length=3
    ),
    "business_profile.annual_revenue.fiscal_year_end": Field(
        "End of the fiscal year", "As 2026-12-31.", width="m", max_length=10
    ),
    "business_profile.monthly_estimated_revenue.amount": Field(
        "Revenue of a month", "In the currency's smallest unit.", inputmode="numeric", width="m"
    ),
    "business_profile.monthly_estimated_revenue.currency": Field(
        "Currency of the revenue", "Three letters.", width="s", max_length=3
    ),
    "business_profile.specified_commercial_transactions_act_url": Field(
        "Page with the disclosures of the Specified Commercial Transactions Act",
        "",
        "url",
        "off",
        "url",
    ),
    "settings.payments.statement_descriptor": Field(
        "Statement descriptor",
        "What buyers see on their card statement. 5 to 22 letters, digits or spaces.",
        width="m",
        max_length=22,
    ),
    "settings.payments.statement_descriptor_kana": Field(
        "Statement descriptor (kana)", width="m", max_length=22
    ),
    "settings.payments.statement_descriptor_kanji": Field(
        "Statement descriptor (kanji)", width="m", max_length=17
    ),
    "settings.card_payments.statement_descriptor_prefix": Field(
        "Short statement descriptor", "2 to 10 characters.", width="s", max_length=10
    ),
} | {
    f"documents.{name}.files": _document(label, hint)
    for name, (label, hint) in _COMPANY_PAPERS.items()
}
