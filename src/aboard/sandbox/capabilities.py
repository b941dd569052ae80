"""What may an account do? The status of each capability, from its facts.

Source: Stripe's documentation, "Account capabilities".
"""

from aboard.sandbox.account import Account
from aboard.sandbox.requirements import Owed

COUPLED = ("card_payments", "transfers")

NAMES = frozenset(
    [
        "acss_debit_payments",
        "affirm_payments",
        "afterpay_clearpay_payments",
        "alma_payments",
        "amazon_pay_payments",
        "app_distribution",
        "au_becs_debit_payments",
        "bacs_debit_payments",
        "bancontact_payments",
        "bank_transfer_payments",
        "billie_payments",
        "bizum_payments",
        "blik_payments",
        "blik_recurring_payments",
        "boleto_payments",
        "card_issuing",
        "card_payments",
        "cartes_bancaires_payments",
        "cashapp_payments",
        "crypto_payments",
        "eps_payments",
        "fpx_payments",
        "gb_bank_transfer_payments",
        "giropay_payments",
        "grabpay_payments",
        "ideal_payments",
        "india_international_payments",
        "jcb_payments",
        "jp_bank_transfer_payments",
        "kakao_pay_payments",
        "klarna_payments",
        "konbini_payments",
        "kr_card_payments",
        "legacy_payments",
        "link_payments",
        "mb_way_payments",
        "mobilepay_payments",
        "multibanco_payments",
        "mx_bank_transfer_payments",
        "naver_pay_payments",
        "nz_bank_account_becs_debit_payments",
        "oxxo_payments",
        "p24_payments",
        "pay_by_bank_payments",
        "payco_payments",
        "paynow_payments",
        "paypay_payments",
        "payto_payments",
        "pix_payments",
        "promptpay_payments",
        "revolut_pay_payments",
        "samsung_pay_payments",
        "satispay_payments",
        "scalapay_payments",
        "sepa_bank_transfer_payments",
        "sepa_debit_payments",
        "sequra_payments",
        "sofort_payments",
        "sunbit_payments",
        "swish_payments",
        "tax_reporting_us_1099_k",
        "tax_reporting_us_1099_misc",
        "transfers",
        "treasury",
        "twint_payments",
        "upi_payments",
        "us_bank_account_ach_payments",
        "us_bank_transfer_payments",
        "wero_payments",
        "zip_payments",
    ]
)


def statuses(account: Account, debts: Owed) -> dict[str, str]:
    """Return `active`, `inactive` or `pending` for each capability that was requested."""
    if account.is_platform:
        return dict.fromkeys(sorted(account.requested), "active")
    common = _common(account, debts)
    off = debts.limited | account.lost.keys()
    found = {name: "inactive" if name in off else common for name in sorted(account.requested)}
    if any(found.get(name) == "inactive" for name in COUPLED):
        found |= {name: "inactive" for name in COUPLED if name in found}
    return found


def _common(account: Account, debts: Owed) -> str:
    if debts.is_charging:
        return "active"
    is_barred = account.rejected is not None or account.is_paused or account.held_for is not None
    is_waiting = account.details_submitted and not is_barred
    if is_waiting and not debts.past_due and (debts.pending or account.is_under_review):
        return "pending"
    return "inactive"


def switches(account: Account, debts: Owed) -> tuple[bool, bool]:
    """Return `charges_enabled` and `payouts_enabled`."""
    if account.is_platform:
        return True, True
    is_any_active = "active" in statuses(account, debts).values()
    is_left_to_pay_out = is_any_active or (not debts.is_charging and bool(account.requested))
    return debts.is_charging and is_any_active, debts.is_paying_out and is_left_to_pay_out


def disabled_reason(account: Account, name: str, status: str) -> str | None:
    """Return why a capability is not active, in Stripe's word for it."""
    if status == "active":
        return None
    if account.rejected is not None:
        return "rejected.other"
    if name in account.lost:
        return account.lost[name]
    if account.is_paused or account.held_for is not None:
        return "platform_paused" if account.is_paused else "other"
    if not account.details_submitted:
        return "pending.onboarding"
    return "pending.review" if status == "pending" else "requirements.fields_needed"


REASONS_LOST = frozenset(
    {
        "other",
        "paused.inactivity",
        "platform_disabled",
        "platform_paused",
        "rejected.inactivity",
        "rejected.other",
        "rejected.unsupported_business",
    }
)
"""Why a capability can be taken away, in Stripe's words."""
