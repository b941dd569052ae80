"""Which test values mean what? Stripe's magic values, each with the code and words it leads to.

Source: Stripe's documentation, "Testing account identity verification" (May 2026).
"""

from typing import NamedTuple

from aboard.sandbox.account import Value

BOTH = frozenset({"charges", "payouts"})
PAYOUTS = frozenset({"payouts"})


class Rule(NamedTuple):
    """A value that does not pass: what is due again, with which code and words."""

    code: str
    reason: str
    stops: frozenset[str] = BOTH
    alternative: str | None = None
    due: str | None = None


_DOCUMENT = "verification.document"
_ADDRESS_DOCUMENT = "verification.additional_document"
_ID = "The ID number provided could not be matched to this person. Provide it again."
_ADDRESS = "The address provided could not be matched to this person. Provide it again."

PERSON_RULES: dict[str, dict[Value, Rule]] = {
    "id_number": {
        "111111111": Rule("verification_failed_id_number_match", _ID, alternative=_DOCUMENT),
    },
    "ssn_last_4": {
        "1111": Rule("verification_failed_id_number_match", _ID, alternative=_DOCUMENT),
    },
    "address.line1": {
        "address_no_match": Rule(
            "verification_failed_address_match", _ADDRESS, alternative=_ADDRESS_DOCUMENT
        ),
        "address_line1_no_match": Rule(
            "verification_failed_address_match", _ADDRESS, alternative=_ADDRESS_DOCUMENT
        ),
    },
    "verification.document.front": {
        "file_identity_document_failure": Rule(
            "verification_document_not_readable",
            "The document could not be read. Upload a clearer one.",
            due=_DOCUMENT,
        ),
    },
    "verification.additional_document.front": {
        "file_identity_document_failure": Rule(
            "verification_document_not_readable",
            "The document could not be read. Upload a clearer one.",
            due=_ADDRESS_DOCUMENT,
        ),
    },
    "first_name": {
        "missing_director": Rule(
            "verification_missing_directors", "A director is missing.", due="company"
        ),
        "mismatch_director": Rule(
            "verification_directors_mismatch", "The directors do not match.", due="company"
        ),
        "extraneous_director": Rule(
            "verification_extraneous_directors", "There is a director too many.", due="company"
        ),
        "missing_owner": Rule("verification_missing_owners", "An owner is missing.", due="company"),
        "mismatch_owner": Rule(
            "verification_missing_owners", "The owners do not match.", due="company"
        ),
        "extraneous_owner": Rule(
            "verification_missing_owners", "There is an owner too many.", due="company"
        ),
    },
}
"""By the path within a person, then by value. `due="company"`: `company.owners_provided` or
`company.directors_provided`, after the value's last word."""

_TAX = "The tax ID and the business name do not match. Provide them again."
_DIRECTORS = "company.directors_provided"
_OWNERS = "company.owners_provided"
_LINE1 = "The address provided could not be matched to this business. Provide it again."
_SITE = "invalid_url_website"

COMPANY_RULES: dict[str, dict[Value, Rule]] = {
    "company.tax_id": {
        "111111111": Rule("verification_failed_tax_id_match", _TAX),
        "111111112": Rule("verification_failed_tax_id_not_issued", "No such tax ID was issued."),
        "222221000": Rule("verification_failed_keyed_match", "The business was not found."),
        "222221001": Rule("verification_missing_owners", "The owners were not found.", due=_OWNERS),
        "222221002": Rule(
            "verification_missing_directors", "The directors were not found.", due=_DIRECTORS
        ),
        "222221003": Rule("verification_missing_owners", "An owner is missing.", due=_OWNERS),
        "222221004": Rule(
            "verification_missing_directors", "A director is missing.", due=_DIRECTORS
        ),
    },
    "company.name": {
        "mismatch_business_name": Rule("verification_failed_name_match", _TAX),
        "disallowed_name": Rule(
            "invalid_company_name_denylisted", "This business name is not allowed."
        ),
    },
    "company.address.line1": {
        "address_no_match": Rule("verification_failed_address_match", _LINE1, PAYOUTS),
        "address_line1_no_match": Rule("verification_failed_address_match", _LINE1),
    },
    "company.verification.document.front": {
        "file_identity_document_failure": Rule(
            "verification_document_not_readable",
            "The document could not be read. Upload a clearer one.",
            due="company.verification.document",
        ),
    },
    "settings.card_payments.statement_descriptor_prefix": {
        "mismatch": Rule(
            "invalid_statement_descriptor_prefix_mismatch",
            "The short statement descriptor does not match the business.",
        ),
        "disallowed": Rule(
            "invalid_statement_descriptor_prefix_denylisted",
            "The short statement descriptor is not allowed.",
        ),
    },
    "settings.payments.statement_descriptor": {
        "mismatch": Rule(
            "invalid_statement_descriptor_business_mismatch",
            "The statement descriptor does not match the business.",
        ),
        "disallowed": Rule(
            "invalid_statement_descriptor_denylisted", "The statement descriptor is not allowed."
        ),
    },
    "business_profile.name": {
        "disallowed_dba": Rule(
            "invalid_business_profile_name_denylisted", "This business name is not allowed."
        ),
        "invalid_dba": Rule("invalid_business_profile_name", "This is no business name."),
    },
    "business_profile.product_description": {
        "require_url": Rule(
            "invalid_url_web_presence_detected",
            "The business seems to have a website. Provide its address.",
            due="business_profile.url",
        ),
    },
    "business_profile.url": {
        f"https://{name}.stripe.com": Rule(code, "The website could not be accepted.")
        for name, code in {
            "disallowed": "invalid_url_denylisted",
            "geoblocked": f"{_SITE}_inaccessible_geoblocked",
            "problem": f"{_SITE}_other",
            "missing": f"{_SITE}_incomplete",
            "mismatch": f"{_SITE}_business_information_mismatch",
            "passwordprotected": f"{_SITE}_inaccessible_password_protected",
            "underconstruction": f"{_SITE}_incomplete_under_construction",
            "inaccessible": f"{_SITE}_inaccessible",
        }.items()
    },
}

_FAILURES = (
    "no_account",
    "account_closed",
    "insufficient_funds",
    "debit_not_authorized",
    "invalid_currency",
)


def _failing(numbers: str) -> dict[str, str]:
    """Return why payouts to each number fail: the numbers stand in the order of `_FAILURES`."""
    return dict(zip(numbers.split(), _FAILURES, strict=False))


_NORTH_AMERICAN = "000111111116 000111111113 000222222227 000333333335 000444444440"
_IN_GERMANY = (
    "DE97370400440130010130 DE48370400440130020130 DE96370400440130030130"
    " DE47370400440130040130 DE95370400440130050130"
)
_IN_GERMANY_ONCE = (
    "DE62370400440532013001 DE89370400440532013002 DE89370400440532013003"
    " DE89370400440532013004 DE89370400440532013005"
)
BANK_FAILURES = {
    "AU": _failing("111111116 111111113 222222227 333333335 444444440"),
    "CA": _failing(_NORTH_AMERICAN),
    "DE": _failing(_IN_GERMANY) | _failing(_IN_GERMANY_ONCE),
    "ES": _failing(
        "ES7720590700133001133001 ES9720590700133002133002 ES2020590700133003133003"
        " ES4020590700133004133004 ES6020590700133005133005"
    ),
    "FR": _failing(
        "FR8420041010050500013M02607 FR2720041010050130020130020 FR9720041010050000002222227"
        " FR3920041010050130040130040 FR4520041010050130050130050"
    ),
    "GB": _failing("11111116 11111113 22222227 33333335 44444440"),
    "IE": _failing(
        "IE02AIBK93115212345679 IE50AIBK93115201300201 IE10AIBK93115202222227"
        " IE82AIBK93115201300401 IE98AIBK93115201300501"
    ),
    "IT": _failing(
        "IT60X0542811101000000123456 IT47X0542811101013002013002 IT67X0542811101013003013003"
        " IT87X0542811101013004013004 IT10X0542811101013005013005"
    ),
    "JP": _failing("1111116 1111113 2222227 3333335 4444440"),
    "NL": _failing(
        "NL91ABNA0417164300 NL10RABO0130020130 NL03RABO1330011330 NL09RABO0130040130"
        " NL57RABO0130050130"
    ),
    "PT": _failing("PT23000201231234567890155"),
    "US": _failing(_NORTH_AMERICAN),
}
"""Why payouts to a test bank account fail, by country and number."""
OWNERSHIP_UNPROVEN = "000999999992"
OWNERSHIP = "documents.bank_account_ownership_verification.files"

BAD_PAPERS = {
    "file_identity_document_failure": Rule(
        "verification_document_not_readable", "The document could not be read."
    ),
    "file_relationship_document_invalid": Rule(
        "verification_document_invalid", "This is not a document that can prove it."
    ),
    "file_relationship_document_mismatch": Rule(
        "verification_document_directors_mismatch",
        "The people in the document are not those of the account.",
    ),
    "file_relationship_document_invalid_signer": Rule(
        "invalid_signator", "The document was signed by somebody who may not sign it."
    ),
}
"""What is wrong with a document of the business, by its test token."""

RESTRICTIONS = {"address_full_match": 0, "address_no_match": 1, "address_line1_no_match": 2}
"""How restrictive each test address is: an account never goes to a more restrictive one."""

IMMEDIATE = "222222222"
ENDLESS = "222221005"
INACTIVE = "https://inactivity.stripe.com"
HIGH_RISK = "_high_risk"
SANCTIONED = (1900, 1, 1)
MATCHED_AT_ONCE = (1902, 1, 1)
