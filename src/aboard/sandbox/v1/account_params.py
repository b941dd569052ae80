"""What may be said of an account? The parameters of creating and updating one.

Source: Stripe's API reference, "Accounts", API version 2026-10-28.
"""

from msgspec import Struct

from aboard.sandbox.call import with_expand
from aboard.sandbox.capabilities import NAMES
from aboard.sandbox.paging import PAGE
from aboard.sandbox.v1.external_account_params import EXTERNAL_ACCOUNT
from aboard.sandbox.v1.money_rules import Currency
from aboard.sandbox.v1.person_params import (
    ADDRESS,
    ADDRESS_TOWN,
    DATE,
    FILES,
    INDIVIDUAL,
    TERMS,
    TEXT,
    TWO_SIDES,
    texts,
)
from aboard.sandbox.wire.form import Raw
from aboard.sandbox.wire.params import (
    Choice,
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
_MONEY = Hash({"amount": Integer(is_required=True), "currency": Currency(is_required=True)})

_BUSINESS_PROFILE = Hash(
    {
        **texts(
            "mcc name product_description support_phone support_url url "
            "specified_commercial_transactions_act_url"
        ),
        "annual_revenue": Hash(
            {
                "amount": Integer(is_required=True),
                "currency": Currency(is_required=True),
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
        "support_address": ADDRESS,
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
COMPANY = Hash(
    {
        **texts(
            "export_license_id export_purpose_code name name_kana name_kanji phone "
            "registration_number tax_id tax_id_registrar vat_id"
        ),
        "address": ADDRESS,
        "address_kana": ADDRESS_TOWN,
        "address_kanji": ADDRESS_TOWN,
        "administrative_address": ADDRESS,
        "directors_provided": Flag(),
        "directorship_declaration": TERMS,
        "executives_provided": Flag(),
        "owners_provided": Flag(),
        "ownership_declaration": TERMS,
        "ownership_exemption_reason": Choice(
            (
                "qualified_entity_exceeds_ownership_threshold",
                "qualifies_as_financial_institution",
            ),
            is_clearable=True,
        ),
        "physical_address": ADDRESS,
        "principal_place_of_business": ADDRESS,
        "registration_date": DATE,
        "representative_declaration": TERMS,
        "structure": Choice(_STRUCTURES, is_clearable=True),
        "verification": Hash({"document": TWO_SIDES}),
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
            FILES,
        ),
        **dict.fromkeys(
            ("proof_of_registration", "proof_of_ultimate_beneficial_ownership"),
            Hash({"files": Items(TEXT), "signer": Hash({"person": TEXT})}),
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
        "bacs_debit_payments": Hash(texts("display_name")),
        "branding": Hash(texts("icon logo primary_color secondary_color")),
        "card_issuing": Hash({"tos_acceptance": TERMS}),
        "card_payments": Hash(
            {
                **texts(
                    "statement_descriptor_prefix statement_descriptor_prefix_kana "
                    "statement_descriptor_prefix_kanji"
                ),
                "decline_on": Hash({"avs_failure": Flag(), "cvc_failure": Flag()}),
            }
        ),
        "invoices": Hash(
            {
                "default_account_tax_ids": Items(TEXT, is_clearable=True),
                "hosted_payment_method_save": Choice(("always", "never", "offer")),
            }
        ),
        "payments": Hash(
            texts("statement_descriptor statement_descriptor_kana statement_descriptor_kanji")
        ),
        "payouts": Hash(
            {
                "debit_negative_balances": Flag(),
                "schedule": _SCHEDULE,
                "statement_descriptor": TEXT,
            }
        ),
        "paypay_payments": Hash(
            {
                "additional_files": Items(TEXT),
                "goods_type": Choice(("digital_content", "other")),
                "site": Hash(
                    {
                        **texts("type"),
                        "accessible": Hash({}),
                        "in_development": Hash(texts("password username")),
                        "restricted": Hash(texts("payment_flow_file")),
                    }
                ),
            }
        ),
        "sepa_debit_payments": Hash(texts("creditor_id")),
        "treasury": Hash({"tos_acceptance": TERMS}),
    }
)
_COMMON: dict[str, Kind] = {
    "account_token": TEXT,
    "business_profile": _BUSINESS_PROFILE,
    "business_type": Choice(BUSINESS_TYPES, is_clearable=True),
    "capabilities": Hash(dict.fromkeys(sorted(NAMES), Hash({"requested": Flag()}))),
    "company": COMPANY,
    "default_currency": Currency(),
    "documents": _DOCUMENTS,
    "email": Email(),
    "external_account": EXTERNAL_ACCOUNT,
    "groups": Hash({"payments_pricing": TEXT}),
    "individual": INDIVIDUAL,
    "metadata": Metadata(),
    "settings": _SETTINGS,
    "tos_acceptance": Hash(
        {
            **texts("ip user_agent"),
            "date": Integer(high=10**17),
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
_REASONS = (
    "credit",
    "fraud_no_intent_to_fulfill",
    "fraud_other",
    "fraud_payment_method_casher",
    "fraud_payment_method_tester",
    "other",
    "terms_of_service",
)
REJECT = with_expand(
    {
        "payouts_action": Choice(("none", "pause")),
        "reason": Choice(_REASONS, is_required=True),
    }
)
REJECT_UNTIL_CLOVER = with_expand(
    {"reason": Choice(("fraud", "terms_of_service", "other"), is_required=True)}
)
LIST = with_expand({**PAGE, "created": Times()})
NONE = with_expand({})
