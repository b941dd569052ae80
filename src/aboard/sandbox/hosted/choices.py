"""Which answers are offered where there is a choice? Values are Stripe's, words are ours.

Source: Stripe's API reference, `company.structure`, `person.political_exposure`,
`company.ownership_exemption_reason`; merchant category codes.
"""

Choices = tuple[tuple[str, str], ...]

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
    ("9399", "Government services"),
)
BUSINESS_TYPES: Choices = (
    ("individual", "An individual or sole proprietor"),
    ("company", "A company"),
    ("non_profit", "A non-profit organization"),
    ("government_entity", "A government entity"),
)
DOCUMENTS: Choices = (
    ("file_identity_document_success", "A readable test document"),
    ("file_identity_document_failure", "A test document that fails"),
)
POLITICAL_EXPOSURES: Choices = (
    ("none", "No: neither this person nor their close family hold high public office"),
    ("existing", "Yes: this person or their close family do, or did"),
)
GENDERS: Choices = (("female", "Female"), ("male", "Male"))
EXEMPTIONS: Choices = (
    ("qualified_entity_exceeds_ownership_threshold", "An exempt entity owns most of it"),
    ("qualifies_as_financial_institution", "It is a financial institution"),
)
CROSS_BORDER: Choices = (
    ("export", "Exports goods or services"),
    ("import", "Imports goods or services"),
    ("none", "Neither"),
)
_STRUCTURES: Choices = (
    ("free_zone_establishment", "Free zone establishment"),
    ("free_zone_llc", "Free zone company (LLC)"),
    ("government_instrumentality", "Government instrumentality"),
    ("governmental_unit", "Governmental unit"),
    ("incorporated_non_profit", "Incorporated non-profit"),
    ("incorporated_partnership", "Incorporated partnership"),
    ("limited_liability_partnership", "Limited liability partnership"),
    ("llc", "Limited liability company"),
    ("multi_member_llc", "Multi-member LLC"),
    ("private_company", "Private company"),
    ("private_corporation", "Private corporation"),
    ("private_partnership", "Private partnership"),
    ("public_company", "Public company"),
    ("public_corporation", "Public corporation"),
    ("public_partnership", "Public partnership"),
    ("registered_charity", "Registered charity"),
    ("single_member_llc", "Single-member LLC"),
    ("sole_establishment", "Sole establishment"),
    ("sole_proprietorship", "Sole proprietorship"),
    ("tax_exempt_government_instrumentality", "Tax-exempt government instrumentality"),
    ("unincorporated_association", "Unincorporated association"),
    ("unincorporated_non_profit", "Unincorporated non-profit"),
    ("unincorporated_partnership", "Unincorporated partnership"),
)
_NON_PROFIT = ("incorporated_non_profit", "registered_charity", "unincorporated_non_profit")
_GOVERNMENT = (
    "government_instrumentality",
    "governmental_unit",
    "tax_exempt_government_instrumentality",
)
_COMPANY = {
    "AE": ("free_zone_establishment", "free_zone_llc", "llc", "sole_establishment"),
    "US": (
        "multi_member_llc",
        "private_corporation",
        "private_partnership",
        "public_corporation",
        "public_partnership",
        "single_member_llc",
        "unincorporated_association",
    ),
}
_ELSEWHERE = (
    "incorporated_partnership",
    "limited_liability_partnership",
    "private_company",
    "private_corporation",
    "private_partnership",
    "public_company",
    "public_corporation",
    "sole_proprietorship",
    "unincorporated_association",
    "unincorporated_partnership",
)


def structures(country: str, business_type: str) -> Choices:
    """Return the legal forms that fit a country and a kind of business."""
    fitting = {"non_profit": _NON_PROFIT, "government_entity": _GOVERNMENT}.get(
        business_type, _COMPANY.get(country, _ELSEWHERE)
    )
    return tuple(choice for choice in _STRUCTURES if choice[0] in fitting)
