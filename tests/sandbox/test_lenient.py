"""Does a suite that was written for stripe-mock's made-up ids pass, operation by operation?

The ids and parameters are those of Stripe's own SDK tests and API reference examples.
"""

import re
from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.routes import all_routes
from tests.sandbox.conftest import BANK, LINK, Mailbox, Wire, client, free

ACCOUNT = "acct_xxxxxxxxxxxxx"
# What stands in a path's braces: by its name, or by the path that leads to it.
NAMED = {
    "account": ACCOUNT,
    "capability": "card_payments",
    "charge": "ch_xxxxxxxxxxxxx",
    "country": "US",
    "fee": "fee_xxxxxxxxxxxxx",
    "file": "file_xxxxxxxxxxxxx",
    "payout": "po_xxxxxxxxxxxxx",
    "person": "person_xxxxxxxxxxxxx",
    "token": "tok_xxxx",
    "topup": "tu_xxxxxxxxxxxxx",
    "transfer": "tr_xxxxxxxxxxxxx",
    "webhook_endpoint": "we_xxxxxxxxxxxxx",
}
BY_PATH = {
    "/v1/application_fees/": "fee_xxxxxxxxxxxxx",
    "/v1/refunds/": "re_xxxxxxxxxxxxx",
    "/refunds/": "fr_xxxxxxxxxxxxx",
    "/v1/balance_transactions/": "txn_xxxxxxxxxxxxx",
    "/v1/balance/history/": "txn_xxxxxxxxxxxxx",
    "/v1/charges/": "ch_xxxxxxxxxxxxx",
    "/v1/country_specs/": "US",
    "/v1/events/": "evt_xxxxxxxxxxxxx",
    "/v1/files/": "file_xxxxxxxxxxxxx",
    "/v1/payouts/": "po_xxxxxxxxxxxxx",
    "/v1/tokens/": "tok_xxxx",
    "/v1/topups/": "tu_xxxxxxxxxxxxx",
    "/v1/transfers/": "tr_xxxxxxxxxxxxx",
    "/reversals/": "trr_xxxxxxxxxxxxx",
    "/external_accounts/": "ba_xxxxxxxxxxxxx",
    "/bank_accounts/": "ba_xxxxxxxxxxxxx",
    "/v1/webhook_endpoints/": "we_xxxxxxxxxxxxx",
}
_PAYOUT = {"amount": 1100, "currency": "usd"}
FORMS: dict[str, dict[str, Any]] = {
    "POST /v1/account_links": {"account": ACCOUNT, **LINK},
    "POST /v1/account_sessions": {
        "account": ACCOUNT,
        "components[account_onboarding][enabled]": "true",
    },
    "POST /v1/accounts": {"type": "custom", "country": "US", "email": "jenny.rosen@example.com"},
    "POST /v1/accounts/{account}": {"metadata[order_id]": "6735"},
    "POST /v1/accounts/{account}/capabilities/{capability}": {"requested": "true"},
    "POST /v1/accounts/{account}/reject": {"reason": "other"},
    "POST /v1/charges": {"amount": 2000, "currency": "usd", "source": "tok_visa"},
    "POST /v1/payouts": _PAYOUT,
    "POST /v1/refunds": {"charge": "ch_xxxxxxxxxxxxx"},
    "POST /v1/topups": {**_PAYOUT, "description": "Top-up"},
    "POST /v1/transfers": {"amount": 400, "currency": "usd", "destination": ACCOUNT},
    "POST /v1/tokens": {f"bank_account[{k}]": v for k, v in BANK.items() if k != "object"},
    "POST /v1/webhook_endpoints": {
        "url": "https://example.com/my/webhook/endpoint",
        "enabled_events[]": "charge.failed",
    },
}
_EXTERNAL = {f"external_account[{k}]": v for k, v in BANK.items()}
# Elsewhere: OAuth's codes are given by a page that somebody must see, files need a body.
# A platform's own payouts cannot be reversed. stripe-mock, for whose suites this is, has no v2.
_ELSEWHERE = ("/oauth/", "/express/oauth", "POST /v1/files", "/payouts/{payout}/reverse", "/v2/")
OPERATIONS = [
    f"{route.method} {route.template}"
    for route in all_routes()
    if not any(word in f"{route.method} {route.template}" for word in _ELSEWHERE)
]


def made_up(template: str) -> str:
    """Return a template with made-up ids in its braces."""

    def name(match: re.Match[str]) -> str:
        before = template[: match.start()]
        by_path = next((found for end, found in BY_PATH.items() if before.endswith(end)), None)
        return by_path or NAMED[match[1]]

    return re.sub(r"\{(\w+)\}", name, template)


def form_of(operation: str) -> dict[str, Any]:
    if operation in FORMS:
        return FORMS[operation]
    is_new_bank = re.search(r"POST .*/(external_accounts|bank_accounts)$", operation)
    return _EXTERNAL if is_new_bank else {}


@pytest.fixture
def lenient() -> Sandbox:
    return Sandbox(seed=1, is_lenient=True, deliver=Mailbox())


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_an_operation_knows_made_up_ids(lenient: Sandbox, operation: str) -> None:
    method, template = operation.split(" ")
    wire = Wire(lenient, "sk_test_123")
    for _ in range(2):
        answer = await wire.send(method, made_up(template), form_of(operation))
        assert answer.status == 200, answer.body.decode()


async def test_a_whole_suite_in_one_world_passes_in_any_order(lenient: Sandbox) -> None:
    wire = Wire(lenient, "sk_test_123")
    for operations in (OPERATIONS, OPERATIONS[::-1]):
        for operation in operations:
            method, template = operation.split(" ")
            answer = await wire.send(method, made_up(template), form_of(operation))
            assert answer.status == 200, f"{operation}: {answer.body.decode()}"


async def test_what_came_into_being_is_as_real_as_everything_else(lenient: Sandbox) -> None:
    sdk = client(lenient)
    account = await sdk.v1.accounts.update_async("acct_123", {"metadata": {"a": "1"}})
    assert account.id == "acct_123"
    person = await sdk.v1.accounts.persons.retrieve_async("acct_123", "person_123")
    assert (person.id, person.account) == ("person_123", "acct_123")
    read = await sdk.v1.accounts.retrieve_async("acct_123")
    assert read.metadata is not None
    assert read.metadata.to_dict() == {"a": "1"}
    assert read.charges_enabled
    assert "acct_123" in [one.id for one in (await sdk.v1.accounts.list_async()).data]
    there = await sdk.v1.accounts.persons.list_async("acct_123")
    assert "person_123" in [one.id for one in there.data]


async def test_acting_as_an_account_that_nobody_made(lenient: Sandbox) -> None:
    wire = Wire(lenient)
    answer = await wire.send("GET", "/v1/account", stripe_account="acct_123")
    assert answer.json["id"] == "acct_123"


@pytest.mark.parametrize(
    "path",
    ["/v1/accounts/person_123", "/v1/accounts/nobody", "/v1/accounts/acct_", "/v1/events/acct_1"],
)
async def test_an_id_that_means_something_else_stays_unknown(lenient: Sandbox, path: str) -> None:
    answer = await Wire(lenient).send("GET", path)
    assert answer.status in {403, 404}


async def test_what_a_request_gets_wrong_is_refused_as_ever(lenient: Sandbox) -> None:
    sdk = client(lenient)
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter"):
        await sdk.v1.accounts.update_async("acct_123", free({"surprise": "1"}))
    answer = await Wire(lenient).send("GET", "/v1/charges_of_nobody")
    assert answer.status == 404


async def test_nothing_comes_into_being_where_nobody_asked_for_that(wire: Wire) -> None:
    answer = await wire.send("GET", "/v1/accounts/acct_123")
    assert answer.status == 403
    answer = await wire.send("GET", "/v1/account", stripe_account="acct_123")
    assert answer.status == 403
