"""Which embedded components may a page show? Account sessions: what a client secret opens.

`AccountSession.client_secret` is a bearer value: never log it, print it or put it into an answer
other than the one that creates the session.

Source: Stripe's API reference, "Account Sessions", API version 2026-10-28.
"""

from collections.abc import Mapping

from msgspec import Struct

from aboard.sandbox.account import Controller
from aboard.sandbox.forgetting import forget
from aboard.sandbox.world import World

SESSION_SECONDS = 1800
KEPT_SECONDS = 24 * 3600

NO_SIGN_IN = "disable_stripe_user_authentication"
BANKS = "external_account_collection"
_ENTRY = (NO_SIGN_IN, BANKS)
_DISPUTES = (
    "destination_on_behalf_of_charge_management",
    "dispute_management",
    "refund_management",
    "smart_disputes_management",
)
_PAYMENTS = ("capture_payments", *_DISPUTES)
_PAYOUTS = (*_ENTRY, "edit_payout_schedule", "instant_payouts", "standard_payouts")
_CARDS = (
    "card_management",
    "card_spend_dispute_management",
    "cardholder_management",
    "spend_control_management",
)
COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "account_management": _ENTRY,
    "account_onboarding": _ENTRY,
    "balance_report": (),
    "balances": _PAYOUTS,
    "disputes_list": _PAYMENTS,
    "documents": (),
    "financial_account": (*_ENTRY, "send_money", "transfer_balance"),
    "financial_account_transactions": ("card_spend_dispute_management",),
    "instant_payouts_promotion": (*_ENTRY, "instant_payouts"),
    "issuing_card": _CARDS,
    "issuing_cards_list": (*_CARDS, NO_SIGN_IN),
    "notification_banner": _ENTRY,
    "payment_details": _PAYMENTS,
    "payment_disputes": _DISPUTES,
    "payment_method_settings": (NO_SIGN_IN,),
    "payments": _PAYMENTS,
    "payout_details": (),
    "payout_reconciliation_report": (),
    "payouts": _PAYOUTS,
    "payouts_list": (),
    "reporting_chart": (),
    "tax_registrations": (),
    "tax_settings": (),
    "terminal_hardware_orders": (),
    "terminal_hardware_shop": (),
}
"""Every embedded component with its features."""
_ALWAYS = frozenset({BANKS, "capture_payments", "dispute_management", "refund_management"})
_WHERE_STRIPE_BEARS_LOSSES = frozenset(
    {"edit_payout_schedule", "instant_payouts", "standard_payouts"}
)


class Component(Struct, frozen=True):
    """One embedded component of a session."""

    is_enabled: bool
    features: Mapping[str, bool]


class AccountSession(Struct):
    """What one account's holder may use in the platform's pages, for a short time."""

    client_secret: str
    account_id: str
    created: int
    expires_at: int
    components: Mapping[str, Component]
    """The components that were asked for, with all their features."""

    def __repr__(self) -> str:
        """Show whose it is, never the secret."""
        return f"{type(self).__name__}(account_id={self.account_id!r})"

    def state(self, now: int) -> str:
        """Return `open` or `expired`."""
        return "expired" if now >= self.expires_at else "open"


def features_of(
    name: str, controller: Controller, given: Mapping[str, bool] | None = None
) -> dict[str, bool]:
    """Return all features of a component: as given, or as they are by default."""
    given = given or {}
    found: dict[str, bool] = {}
    for feature in COMPONENTS[name]:
        if feature in _WHERE_STRIPE_BEARS_LOSSES:
            found[feature] = controller.losses == "stripe"
        else:
            found[feature] = feature in _ALWAYS
        found[feature] = given.get(feature, found[feature])
    if NO_SIGN_IN in found and BANKS in found:
        found[NO_SIGN_IN] = given.get(NO_SIGN_IN, not found[BANKS])
    if "smart_disputes_management" in found:
        follows = found["dispute_management"]
        found["smart_disputes_management"] = given.get("smart_disputes_management", follows)
    return found


def keep(world: World, session: AccountSession) -> None:
    """Remember a session, and forget those that began a day ago."""
    shelf = world.shelf(AccountSession)
    forget(shelf, world.now() - KEPT_SECONDS)
    shelf.add(session.client_secret, session)
