"""Who may say where payouts go, and what is kept of it?"""

from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import BANK, CUSTOM, EXPRESS, HOUR, Wire, control, free
from tests.sandbox.test_reviews import individual
from tests.sandbox.test_shapes import check

CARD: dict[str, Any] = {
    "object": "card",
    "number": "4000056655665556",
    "exp_month": 12,
    "exp_year": 2040,
    "currency": "usd",
}


@pytest.fixture
async def account_id(sdk: stripe.StripeClient) -> str:
    return (await sdk.v1.accounts.create_async(free(CUSTOM))).id


def as_form(given: dict[str, Any], name: str = "external_account") -> dict[str, str]:
    return {f"{name}[{key}]": str(value) for key, value in given.items()}


async def add(wire: Wire, account_id: str, given: dict[str, Any], **more: str) -> dict[str, Any]:
    path = f"/v1/accounts/{account_id}/external_accounts"
    answer = await wire.send("POST", path, {**as_form(given), **more})
    assert answer.status == 200, answer.body
    return answer.json


async def kinds_of(sdk: stripe.StripeClient, account_id: str) -> list[str]:
    options = stripe.RequestOptions(stripe_account=account_id)
    events = await sdk.v1.events.list_async({"type": "account.external_account.*"}, options)
    return [event.type.rpartition(".")[2] for event in events.data]


async def test_the_first_of_a_currency_is_its_default(wire: Wire, account_id: str) -> None:
    first = await add(wire, account_id, BANK)
    second = await add(wire, account_id, BANK)
    third = await add(wire, account_id, CARD, default_for_currency="true")
    path = f"/v1/accounts/{account_id}/external_accounts"
    listed = {each["id"]: each for each in (await wire.send("GET", path)).json["data"]}
    assert list(listed) == [third["id"], second["id"], first["id"]]
    assert [listed[each["id"]]["default_for_currency"] for each in (first, second, third)] == [
        False,
        False,
        True,
    ]
    check(stripe.BankAccount, listed[first["id"]], "bank_account")
    check(stripe.Card, listed[third["id"]], "card")


async def test_lists(wire: Wire, account_id: str) -> None:
    made = [(await add(wire, account_id, given))["id"] for given in (BANK, CARD, BANK)]
    path = f"/v1/accounts/{account_id}/external_accounts"

    async def ids(query: str) -> list[str]:
        return [each["id"] for each in (await wire.send("GET", f"{path}?{query}")).json["data"]]

    assert await ids("object=card") == [made[1]]
    assert await ids("object=bank_account") == [made[2], made[0]]
    assert await ids("limit=1") == [made[2]]
    assert await ids(f"starting_after={made[1]}") == [made[0]]
    assert await ids(f"ending_before={made[1]}") == [made[2]]
    old = await wire.send("GET", f"/v1/accounts/{account_id}/bank_accounts")
    assert [each["id"] for each in old.json["data"]] == [made[2], made[0]]
    shown = (await wire.send("GET", f"/v1/accounts/{account_id}")).json["external_accounts"]
    assert (shown["total_count"], [each["id"] for each in shown["data"]]) == (3, made[::-1])


async def test_changes_are_told(sdk: stripe.StripeClient, wire: Wire, account_id: str) -> None:
    bank, card = await add(wire, account_id, BANK), await add(wire, account_id, CARD)
    accounts = sdk.v1.accounts.external_accounts
    changed = await accounts.update_async(
        account_id, bank["id"], {"account_holder_name": "Ada", "metadata": {"a": "1"}}
    )
    assert isinstance(changed, stripe.BankAccount)
    assert changed.account_holder_name == "Ada"
    moved = await accounts.update_async(account_id, card["id"], {"default_for_currency": True})
    assert moved.default_for_currency
    gone = await accounts.delete_async(account_id, bank["id"])
    assert (gone.id, gone.deleted) == (bank["id"], True)
    assert await kinds_of(sdk, account_id) == [
        "deleted",
        "updated",
        "updated",
        "created",
        "created",
    ]


async def test_a_default_stays(wire: Wire, account_id: str) -> None:
    bank = await add(wire, account_id, BANK)
    path = f"/v1/accounts/{account_id}/external_accounts/{bank['id']}"
    answer = await wire.send("DELETE", path)
    assert answer.status == 400
    assert answer.error["message"].startswith(
        "You cannot delete the default external account for your default currency. Please make"
    )
    unset = await wire.send("POST", path, {"default_for_currency": "false"})
    assert (unset.status, unset.error["param"]) == (400, "default_for_currency")


async def test_an_empty_update_enables_again(wire: Wire, account_id: str) -> None:
    bank = await add(wire, account_id, {**BANK, "account_number": "000111111116"})
    await control(wire, account_id, "complete")
    charge = {"amount": "900", "currency": "usd", "source": "tok_bypassPending"}
    await wire.send("POST", "/v1/charges", charge, stripe_account=account_id)
    payout = {"amount": "100", "currency": "usd"}
    made = await wire.send("POST", "/v1/payouts", payout, stripe_account=account_id)
    assert made.status == 200, made.body
    await wire.send("POST", "/_sandbox/clock", {"advance": str(7 * 24 * HOUR)})
    path = f"/v1/accounts/{account_id}/external_accounts/{bank['id']}"
    assert (await wire.send("GET", path)).json["status"] == "errored"
    assert (await wire.send("POST", path, {"metadata[a]": "1"})).json["status"] == "errored"
    assert (await wire.send("POST", path)).json["status"] == "new"


@pytest.mark.parametrize("form", [EXPRESS, {"type": "standard"}])
async def test_only_whoever_collects_may_write(
    sdk: stripe.StripeClient, wire: Wire, form: dict[str, Any]
) -> None:
    account_id = (await sdk.v1.accounts.create_async(free(form))).id
    path = f"/v1/accounts/{account_id}/external_accounts"
    answer = await wire.send("POST", path, as_form(BANK))
    assert answer.status == 403
    assert answer.error["message"] == (
        "This application does not have the required permissions for the parameter "
        f"'external_account' on account '{account_id}'."
    )
    assert (await wire.send("GET", path)).status == 200


_NUMBER = "external_account[account_number]"
_ROUTING = "external_account[routing_number]"
_CURRENCY = "external_account[currency]"
_GERMAN = {"object": "bank_account", "country": "DE", "account_number": "DE89370400440532013000"}
REFUSED: list[tuple[dict[str, str], int, str, str | None]] = [
    ({}, 400, "external_account", "parameter_missing"),
    ({"external_account": ""}, 400, "external_account", "parameter_invalid_empty"),
    ({"external_account": "btok_nobody"}, 400, "external_account", "resource_missing"),
    ({"external_account[object]": "wallet"}, 400, "external_account[object]", None),
    (as_form({**BANK, "account_number": "x"}), 400, _NUMBER, "account_number_invalid"),
    (as_form({**BANK, "routing_number": "1"}), 400, _ROUTING, "routing_number_invalid"),
    (as_form({**BANK, "country": "XX"}), 400, "external_account[country]", "country_unsupported"),
    (as_form({**BANK, "currency": "eur"}), 400, _CURRENCY, None),
    (as_form(_GERMAN), 400, _CURRENCY, None),
    (as_form({**CARD, "number": "4242424242424242"}), 400, "external_account", "invalid_card_type"),
    (
        as_form({**CARD, "number": "4242424242424241"}),
        402,
        "external_account[number]",
        "incorrect_number",
    ),
    (as_form({**CARD, "number": "4000056655665572"}), 402, "external_account", "card_declined"),
    (
        as_form({**CARD, "exp_month": 13}),
        402,
        "external_account[exp_month]",
        "invalid_expiry_month",
    ),
    (
        as_form({**CARD, "exp_year": 2001}),
        402,
        "external_account[exp_year]",
        "invalid_expiry_year",
    ),
]


@pytest.mark.parametrize(("form", "status", "param", "code"), REFUSED)
async def test_refused(
    wire: Wire, account_id: str, form: dict[str, str], status: int, param: str, code: str | None
) -> None:
    path = f"/v1/accounts/{account_id}/external_accounts"
    answer = await wire.send("POST", path, form)
    assert (answer.status, answer.error["param"], answer.error.get("code")) == (status, param, code)
    assert (await wire.send("GET", path)).json["data"] == []


@pytest.mark.parametrize(
    ("country", "currency", "number", "routing"),
    [
        ("GB", "gbp", "00012345", "108800"),
        ("DE", "eur", "DE89370400440532013000", None),
        ("FR", "eur", "FR1420041010050500013M02606", None),
        ("PT", "eur", "PT50000201231234567890154", None),
        ("AU", "aud", "000123456", "110000"),
        ("CA", "cad", "000123456789", "11000000"),
    ],
)
async def test_numbers_of_many_countries(
    sdk: stripe.StripeClient,
    wire: Wire,
    country: str,
    currency: str,
    number: str,
    routing: str | None,
) -> None:
    account = await sdk.v1.accounts.create_async(free({**CUSTOM, "country": country}))
    given = {"object": "bank_account", "country": country, "account_number": number}
    if routing:
        given["routing_number"] = routing
    made = await add(wire, account.id, given)
    assert (made["currency"], made["last4"]) == (currency, number[-4:])
    wrong = as_form({**given, "account_number": number[:-1] + "!"})
    answer = await wire.send("POST", f"/v1/accounts/{account.id}/external_accounts", wrong)
    assert answer.error["code"] == "account_number_invalid"


@pytest.mark.parametrize(
    ("country", "number", "routing"),
    [
        ("DE", "DE97370400440130010130", None),
        ("DE", "DE89370400440532013002", None),
        ("ES", "ES9720590700133002133002", None),
        ("FR", "FR9720041010050000002222227", None),
        ("IE", "IE29AIBK93115212345678", None),
        ("IT", "IT40S0542811101000000123456", None),
        ("NL", "NL39RABO0300065264", None),
        ("PT", "PT23000201231234567890155", None),
        ("JP", "0001234", "1100000"),
        ("JP", "1111116", "1100000"),
        ("AT", "AT611904300234573201", None),
    ],
)
async def test_test_numbers_of_each_country(
    wire: Wire, country: str, number: str, routing: str | None
) -> None:
    form = {"country": country, "account_number": number}
    form |= {"routing_number": routing} if routing else {}
    answer = await wire.send("POST", "/v1/tokens", as_form(form, "bank_account"))
    assert answer.status == 200, answer.body
    assert answer.json["bank_account"]["last4"] == number[-4:]


@pytest.mark.parametrize(
    ("country", "number", "routing", "message"),
    [
        ("DE", "532013000", None, "Try DE89370400440532013000"),
        ("DE", "FR1420041010050500013M02606", None, "Try DE89370400440532013000"),
        ("IE", "DE89370400440532013000", None, "Try IE29AIBK93115212345678"),
        ("NL", "NL39RABO03000652640", None, "Try NL39RABO0300065264"),
        ("IT", "IT40S0542811101000000123457", None, "Try IT40S0542811101000000123456"),
        ("AT", "AT611904300234573202", None, "You must use a test bank account number"),
        ("GB", "1234567", "108800", "Try 00012345"),
        ("US", "000123456789", "11000000", "Routing number must have 9 digits"),
        ("US", "000123456789", "110000001", "routing number"),
        ("JP", "0001234", "110", "Routing number must have 7 digits"),
        ("JP", "0001234", None, "required"),
    ],
)
async def test_numbers_that_are_none(
    wire: Wire, country: str, number: str, routing: str | None, message: str
) -> None:
    form = {"country": country, "account_number": number}
    form |= {"routing_number": routing} if routing else {}
    answer = await wire.send("POST", "/v1/tokens", as_form(form, "bank_account"))
    assert answer.status == 400
    assert answer.error["code"] in {"account_number_invalid", "routing_number_invalid"}
    assert message in answer.error["message"]


async def test_fingerprints_tell_sameness_and_nothing_else(
    sdk: stripe.StripeClient, live: stripe.StripeClient, wire: Wire, account_id: str
) -> None:
    other = (await sdk.v1.accounts.create_async(free(CUSTOM))).id
    for given, number in ((BANK, "account_number"), (CARD, "number")):
        first = (await add(wire, account_id, given))["fingerprint"]
        assert (await add(wire, other, given))["fingerprint"] == first
        changes = {"account_number": "000111111116", "number": "4000056755665555"}
        different = {**given, number: changes[number]}
        assert (await add(wire, other, different))["fingerprint"] != first
        made = await live.v1.accounts.create_async(free({**CUSTOM, "external_account": given}))
        assert made.external_accounts is not None
        assert made.external_accounts.data[0].fingerprint not in {None, first}


async def test_a_document_proves_whose_it_is(sdk: stripe.StripeClient, wire: Wire) -> None:
    given = {**BANK, "account_number": "000999999992"}
    account_id = (await individual(sdk, business={"external_account": given})).id
    all_path = f"/v1/accounts/{account_id}/external_accounts"
    bank = (await wire.send("GET", all_path)).json["data"][0]
    check(stripe.BankAccount, bank, "bank_account")
    key = "documents.bank_account_ownership_verification.files"
    assert bank["requirements"]["currently_due"] == [key]
    assert bank["requirements"]["errors"][0]["requirement"] == key
    param = "documents[bank_account_ownership_verification][files][0]"
    unknown = await wire.send("POST", f"{all_path}/{bank['id']}", {param: "file_nobody"})
    assert (unknown.status, unknown.error["param"]) == (400, param)
    form = {param: "file_identity_document_success"}
    proven = await wire.send("POST", f"{all_path}/{bank['id']}", form)
    assert proven.json["requirements"]["currently_due"] == []
    assert (await sdk.v1.accounts.retrieve_async(account_id)).payouts_enabled


async def test_tokens_are_used_up(sdk: stripe.StripeClient, wire: Wire, account_id: str) -> None:
    numbers = {key: value for key, value in BANK.items() if key != "object"}
    token = await sdk.v1.tokens.create_async(free({"bank_account": numbers}))
    path = f"/v1/accounts/{account_id}/external_accounts"
    first = await wire.send("POST", path, {"external_account": token.id})
    assert first.json["last4"] == "6789"
    again = await wire.send("POST", path, {"external_account": token.id})
    assert (again.status, again.error["code"]) == (400, "token_already_used")
    names = ("btok_us", "btok_us", "tok_visa_debit", "btok_us_verified_accountClosed")
    for test_token in names:
        assert (await wire.send("POST", path, {"external_account": test_token})).status == 200


async def test_parameters_of_the_other_kind(wire: Wire, account_id: str) -> None:
    bank, card = await add(wire, account_id, BANK), await add(wire, account_id, CARD)
    path = f"/v1/accounts/{account_id}/external_accounts"
    for thing, name in ((bank, "exp_month"), (card, "account_holder_name")):
        answer = await wire.send("POST", f"{path}/{thing['id']}", {name: "1"})
        assert (answer.status, answer.error["code"]) == (400, "parameter_unknown")
    late = await wire.send("POST", f"{path}/{card['id']}", {"exp_month": "13"})
    assert (late.status, late.error["code"]) == (402, "invalid_expiry_month")
    good = await wire.send("POST", f"{path}/{card['id']}", {"exp_month": "3", "name": "Ada"})
    assert (good.json["exp_month"], good.json["name"]) == (3, "Ada")


async def test_numbers_stay_inside(sandbox: Sandbox, wire: Wire, account_id: str) -> None:
    await add(wire, account_id, BANK)
    await add(wire, account_id, CARD)
    account = sandbox.worlds[0].account(account_id)
    assert account is not None
    seen = repr(account)
    for path in ("/_sandbox/requests", f"/v1/accounts/{account_id}/external_accounts"):
        seen += (await wire.send("GET", path)).body.decode()
    events = await wire.send("GET", "/v1/events", stripe_account=account_id)
    for number in ("000123456789", "4000056655665556"):
        assert number not in seen + events.body.decode()


async def test_instant_payouts_depend_on_the_card(wire: Wire, account_id: str) -> None:
    slow = await add(wire, account_id, {**CARD, "number": "4000056755665555"})
    fast = await add(wire, account_id, CARD)
    assert (slow["available_payout_methods"], fast["available_payout_methods"]) == (
        ["standard"],
        ["standard", "instant"],
    )


async def test_other_accounts_and_worlds_have_nothing_here(
    sdk: stripe.StripeClient, wire: Wire, account_id: str
) -> None:
    bank = await add(wire, account_id, BANK)
    other = (await sdk.v1.accounts.create_async(free(CUSTOM))).id
    for method in ("GET", "POST", "DELETE"):
        answer = await wire.send(method, f"/v1/accounts/{other}/external_accounts/{bank['id']}")
        assert (answer.status, answer.error["code"]) == (404, "resource_missing")
