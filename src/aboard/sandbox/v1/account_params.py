"""What may be said of an account? The parameters of creating and updating one.

Source: Stripe's API reference, "Accounts", API version 2026-10-28.
"""

from msgspec import Struct

from aboard.sandbox.call import with_expand
from aboard.sandbox.capabilities import NAMES
from aboard.sandbox.paging import PAGE
from aboard.sandbox.wire.form import Raw
from aboard.sandbox.wire.params import (
    Choice,
    Decimal,
    Either,
    Email,
    Flag,
    Hash,
    Integer,
    Items,
    Kind,
    Metadata,
    Text,
    Times,
)

BUSINESS_TYPES = ("company", "government_entity", "individual", "non_profit")
_TEXT = Text()
_FILES = Hash({"files": Items(_TEXT)})
_TERMS = Hash({"date": Integer(), "ip": _TEXT, "user_agent": _TEXT})
_TWO_SIDES = Hash({"back": _TEXT, "front": _TEXT})
_MONEY = Hash({"amount": Integer(is_required=True), "currency": Text(is_required=True)})


def _texts(names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), _TEXT)


_ADDRESS = Hash(_texts("city country line1 line2 postal_code state"))
_ADDRESS_TOWN = Hash(_texts("city country line1 line2 postal_code state town"))
_DAY: dict[str, Kind] = {
    "day": Integer(low=1, high=31),
    "month": Integer(low=1, high=12),
    "year": Integer(low=1, high=9999),
}
_DATE = Hash(_DAY, is_clearable=True)

_BUSINESS_PROFILE = Hash(
    {
        **_texts(
            "mcc name product_description support_phone support_url url "
            "specified_commercial_transactions_act_url"
        ),
        "annual_revenue": Hash(
            {
                "amount": Integer(is_required=True),
                "currency": Text(is_required=True),
                "fiscal_year_end": Text(is_required=True),
            }
        ),
        "estimated_worker_count": Integer(low=0),
        "minority_owned_business_designation": Items(
            Choice(
                (
                    "lgbtqi_owned_business",
                    "minority_owned_business",
                    "none_of_these_apply",
                    "prefer_not_to_answer",
                    "women_owned_business",
                )
            )
        ),
        "monthly_estimated_revenue": _MONEY,
        "support_address": _ADDRESS,
        "support_email": Email(),
    }
)
_STRUCTURES = (
    "free_zone_establishment",
    "free_zone_llc",
    "government_instrumentality",
    "governmental_unit",
    "incorporated_non_profit",
    "incorporated_partnership",
    "limited_liability_partnership",
    "llc",
    "multi_member_llc",
    "private_company",
    "private_corporation",
    "private_partnership",
    "public_company",
    "public_corporation",
    "public_partnership",
    "registered_charity",
    "single_member_llc",
    "sole_establishment",
    "sole_proprietorship",
    "tax_exempt_government_instrumentality",
    "unincorporated_association",
    "unincorporated_non_profit",
    "unincorporated_partnership",
)
_COMPANY = Hash(
    {
        **_texts(
            "export_license_id export_purpose_code name name_kana name_kanji phone "
            "registration_number tax_id tax_id_registrar vat_id"
        ),
        "address": _ADDRESS,
        "address_kana": _ADDRESS_TOWN,
        "address_kanji": _ADDRESS_TOWN,
        "administrative_address": _ADDRESS,
        "directors_provided": Flag(),
        "directorship_declaration": _TERMS,
        "executives_provided": Flag(),
        "owners_provided": Flag(),
        "ownership_declaration": _TERMS,
        "ownership_exemption_reason": Choice(
            (
                "qualified_entity_exceeds_ownership_threshold",
                "qualifies_as_financial_institution",
            ),
            is_clearable=True,
        ),
        "physical_address": _ADDRESS,
        "principal_place_of_business": _ADDRESS,
        "registration_date": _DATE,
        "representative_declaration": _TERMS,
        "structure": Choice(_STRUCTURES, is_clearable=True),
        "verification": Hash({"document": _TWO_SIDES}),
    }
)
_INDIVIDUAL = Hash(
    {
        **_texts(
            "first_name first_name_kana first_name_kanji gender id_number id_number_secondary "
            "last_name last_name_kana last_name_kanji maiden_name phone ssn_last_4"
        ),
        "address": _ADDRESS,
        "address_kana": _ADDRESS_TOWN,
        "address_kanji": _ADDRESS_TOWN,
        "dob": _DATE,
        "email": Email(),
        "full_name_aliases": Items(_TEXT, is_clearable=True),
        "metadata": Metadata(),
        "political_exposure": Choice(("existing", "none")),
        "registered_address": _ADDRESS,
        "relationship": Hash(
            {
                "director": Flag(),
                "executive": Flag(),
                "owner": Flag(),
                "percent_ownership": Decimal(),
                "title": _TEXT,
            }
        ),
        "verification": Hash({"additional_document": _TWO_SIDES, "document": _TWO_SIDES}),
    }
)
_DOCUMENTS = Hash(
    {
        **dict.fromkeys(
            (
                "bank_account_ownership_verification",
                "company_license",
                "company_memorandum_of_association",
                "company_ministerial_decree",
                "company_registration_verification",
                "company_tax_id_verification",
                "proof_of_address",
                "proof_of_business_presence",
            ),
            _FILES,
        ),
        **dict.fromkeys(
            ("proof_of_registration", "proof_of_ultimate_beneficial_ownership"),
            Hash({"files": Items(_TEXT), "signer": Hash({"person": _TEXT})}),
        ),
    }
)


class _DelayDays(Struct, frozen=True):
    """Days before a payout: a number, or `minimum` for what the country has by default."""

    is_required: bool = False

    def read(self, raw: Raw, path: str) -> int | None:
        """Return the number, or `None` for the default."""
        return None if raw == "minimum" else Integer(low=0, high=31).read(raw, path)


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SCHEDULE = Hash(
    {
        "delay_days": _DelayDays(),
        "interval": Choice(("daily", "manual", "monthly", "weekly")),
        "monthly_anchor": Integer(low=1, high=31),
        "monthly_payout_days": Items(Integer(low=1, high=31)),
        "weekly_anchor": Choice(_WEEKDAYS),
        "weekly_payout_days": Items(Choice(_WEEKDAYS)),
    }
)
_SETTINGS = Hash(
    {
        "bacs_debit_payments": Hash(_texts("display_name")),
        "branding": Hash(_texts("icon logo primary_color secondary_color")),
        "card_issuing": Hash({"tos_acceptance": _TERMS}),
        "card_payments": Hash(
            {
                **_texts(
                    "statement_descriptor_prefix statement_descriptor_prefix_kana "
                    "statement_descriptor_prefix_kanji"
                ),
                "decline_on": Hash({"avs_failure": Flag(), "cvc_failure": Flag()}),
            }
        ),
        "invoices": Hash(
            {
                "default_account_tax_ids": Items(_TEXT, is_clearable=True),
                "hosted_payment_method_save": Choice(("always", "never", "offer")),
            }
        ),
        "payments": Hash(
            _texts("statement_descriptor statement_descriptor_kana statement_descriptor_kanji")
        ),
        "payouts": Hash(
            {
                "debit_negative_balances": Flag(),
                "schedule": _SCHEDULE,
                "statement_descriptor": _TEXT,
            }
        ),
        "paypay_payments": Hash(
            {
                "additional_files": Items(_TEXT),
                "goods_type": Choice(("digital_content", "other")),
                "site": Hash(
                    {
                        **_texts("type"),
                        "accessible": Hash({}),
                        "in_development": Hash(_texts("password username")),
                        "restricted": Hash({}),
                    }
                ),
            }
        ),
        "sepa_debit_payments": Hash(_texts("creditor_id")),
        "treasury": Hash({"tos_acceptance": _TERMS}),
    }
)
_BANK_ACCOUNT = Hash(
    {
        **_texts(
            "account_holder_name account_number country currency routing_number token number name "
            "cvc address_city address_country address_line1 address_line2 address_state address_zip"
        ),
        "object": Choice(("bank_account", "card"), is_required=True),
        "account_holder_type": Choice(("company", "individual")),
        "account_type": Choice(("checking", "futsu", "savings", "toza")),
        "default_for_currency": Flag(),
        "exp_month": Integer(low=1, high=12),
        "exp_year": Integer(low=1, high=9999),
        "metadata": Metadata(),
    }
)
_COMMON: dict[str, Kind] = {
    "account_token": _TEXT,
    "business_profile": _BUSINESS_PROFILE,
    "business_type": Choice(BUSINESS_TYPES, is_clearable=True),
    "capabilities": Hash(dict.fromkeys(sorted(NAMES), Hash({"requested": Flag()}))),
    "company": _COMPANY,
    "default_currency": Text(longest=3),
    "documents": _DOCUMENTS,
    "email": Email(),
    "external_account": Either(Text(), _BANK_ACCOUNT),
    "groups": Hash({"payments_pricing": _TEXT}),
    "individual": _INDIVIDUAL,
    "metadata": Metadata(),
    "settings": _SETTINGS,
    "tos_acceptance": Hash(
        {
            **_texts("ip user_agent"),
            "date": Integer(low=0),
            "service_agreement": Choice(("full", "recipient")),
        }
    ),
}
_CONTROLLER = Hash(
    {
        "fees": Hash({"payer": Choice(("account", "application"))}),
        "losses": Hash({"payments": Choice(("application", "stripe"))}),
        "requirement_collection": Choice(("application", "stripe")),
        "stripe_dashboard": Hash({"type": Choice(("express", "full", "none"))}),
    }
)
CREATE = with_expand(
    {
        **_COMMON,
        "controller": _CONTROLLER,
        "country": Text(),
        "type": Choice(("custom", "express", "standard")),
    }
)
UPDATE = with_expand(_COMMON)
LIST = with_expand({**PAGE, "created": Times()})
NONE = with_expand({})
