"""Good requests, of which a storm needs some: without them there would be nothing to damage."""

from collections.abc import Mapping
from typing import Any, NamedTuple

MONEY = {"amount": "500", "currency": "usd"}
CARD = {"source": "tok_bypassPending"}
_WANTED = {
    "capabilities[card_payments][requested]": "true",
    "capabilities[transfers][requested]": "true",
}
_BANK = {
    "external_account[object]": "bank_account",
    "external_account[country]": "US",
    "external_account[routing_number]": "110000000",
    "external_account[account_number]": "000123456789",
}


class Deed(NamedTuple):
    """A request that is good if the ids in braces are: `{acct}` is any account that is known.

    `acts_as`: the prefix of the account it acts as, if any.
    """

    path: str
    form: Mapping[str, Any] = {}
    acts_as: str = ""


DEEDS = (
    Deed("/v1/accounts", {"type": "express", **_WANTED}),
    Deed("/v1/accounts", {"type": "custom", "country": "US", **_WANTED}),
    Deed(
        "/v1/accounts", {"type": "custom", "country": "DE", "business_type": "company", **_WANTED}
    ),
    Deed("/v1/accounts", {"type": "standard"}),
    Deed("/_sandbox/scenarios/complete", {"key": "{key}", "type": "custom"}),
    Deed("/_sandbox/scenarios/complete", {"key": "{key}", "type": "express", "country": "GB"}),
    Deed("/_sandbox/scenarios/half_done", {"key": "{key}", "type": "custom"}),
    Deed("/v1/accounts/{acct}", {"metadata[a]": "1", "business_type": "company"}),
    Deed("/v1/accounts/{acct}/reject", {"reason": "fraud_other"}),
    Deed("/v1/accounts/{acct}/unreject"),
    Deed("/v1/accounts/{acct}/persons", {"first_name": "Ada", "relationship[owner]": "true"}),
    Deed("/v1/accounts/{acct}/persons/{person}", {"email": "a@b.co"}),
    Deed("/v1/accounts/{acct}/capabilities/jcb_payments", {"requested": "true"}),
    Deed("/v1/accounts/{acct}/external_accounts", _BANK),
    Deed("/v1/accounts/{acct}/external_accounts/{ba}", {"metadata[a]": "1"}),
    Deed("/v1/accounts/{acct}/login_links"),
    Deed(
        "/v1/account_links",
        {
            "account": "{acct}",
            "type": "account_onboarding",
            "refresh_url": "https://platform.example/again",
            "return_url": "https://platform.example/done",
        },
    ),
    Deed(
        "/v1/account_sessions",
        {"account": "{acct}", "components[account_onboarding][enabled]": "true"},
    ),
    Deed("/v1/tokens", {"person[first_name]": "Ada"}),
    Deed("/v1/tokens", {"account[business_type]": "individual"}),
    Deed("/v1/charges", {**MONEY, **CARD}),
    Deed("/v1/charges", {**MONEY, **CARD, "amount": "90000"}),
    Deed("/v1/charges", {**MONEY, **CARD}, "acct"),
    Deed("/v1/charges", {**MONEY, **CARD, "application_fee_amount": "100"}, "acct"),
    Deed("/v1/charges", {**MONEY, **CARD, "transfer_data[destination]": "{acct}"}),
    Deed("/v1/refunds", {"charge": "{ch}", "amount": "5"}),
    Deed("/v1/application_fees/{fee}/refunds", {"amount": "3"}),
    Deed("/v1/transfers", {**MONEY, "amount": "70", "destination": "{acct}"}),
    Deed("/v1/transfers/{tr}/reversals", {"amount": "2"}),
    Deed("/v1/payouts", {"amount": "7", "currency": "usd"}, "acct"),
    Deed("/v1/payouts", {"amount": "7", "currency": "usd"}),
    Deed("/v1/payouts/{po}/cancel", {}, "acct"),
    Deed("/v1/payouts/{po}/reverse"),
    Deed("/v1/topups", {"amount": "900", "currency": "usd"}),
    Deed("/v1/topups/{tu}/cancel"),
    Deed("/v1/balance_settings", {"payments[payouts][schedule][interval]": "manual"}),
    Deed(
        "/v1/webhook_endpoints",
        {"url": "http://localhost:3000/hook", "enabled_events[]": "*", "connect": "true"},
    ),
    Deed("/v1/webhook_endpoints/{we}", {"description": "nobody"}),
)
