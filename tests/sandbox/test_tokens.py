"""Are details said once, used once, and never shown?"""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import BANK, CUSTOM, PERSON, Wire, free
from tests.sandbox.test_shapes import check

ACCOUNT = {"business_type": "individual", "individual": PERSON, "tos_shown_and_accepted": True}
NUMBERS: dict[str, Any] = {key: value for key, value in BANK.items() if key != "object"}
CARD = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040"}


@pytest.mark.parametrize(
    ("form", "prefix"),
    [
        ({"bank_account": NUMBERS}, "btok_"),
        ({"account": ACCOUNT}, "ct_"),
        ({"person": PERSON}, "cpt_"),
        ({"card": CARD}, "tok_"),
        ({"pii": {"id_number": "123456789"}}, "pii_"),
    ],
)
async def test_a_token_of_each_kind(
    sdk: stripe.StripeClient, wire: Wire, form: dict[str, Any], prefix: str
) -> None:
    made = await sdk.v1.tokens.create_async(free(form))
    assert made.id.startswith(prefix)
    assert made.type == next(iter(form))
    assert not made.used
    read = await wire.send("GET", f"/v1/tokens/{made.id}")
    check(stripe.Token, read.json, "token")
    for secret in (b"123456789", b"4242424242424242", b"1901", b"Jenny"):
        assert secret not in read.body


REFUSED: list[tuple[dict[str, str], str | None, str | None, str]] = [
    ({}, None, None, "You must supply either a card"),
    ({"pii[id_number]": "1", "person[email]": "a@b.co"}, "person", "parameters_exclusive", "only"),
    ({"customer": "cus_1"}, "customer", "resource_missing", "No such customer"),
    ({"cvc_update[cvc]": "123"}, "cvc_update", None, "no"),
    ({"card": "tok_x"}, "card", "resource_missing", "No such card"),
    ({"surprise": "1"}, "surprise", "parameter_unknown", "unknown parameter"),
    ({"bank_account[country]": "US"}, "bank_account[account_number]", "parameter_missing", ""),
    ({"person[dob][day]": "x"}, "person[dob][day]", "parameter_invalid_integer", ""),
    ({"person[phone]": "no"}, "person[phone]", None, "not a valid phone number"),
    ({"account[business_type]": "x"}, "account[business_type]", None, "must be one of"),
    ({"account[company][phone]": "no"}, "account[company][phone]", None, "valid phone"),
]


@pytest.mark.parametrize(("form", "param", "code", "message"), REFUSED)
async def test_refused(
    wire: Wire, form: dict[str, str], param: str | None, code: str | None, message: str
) -> None:
    answer = await wire.send("POST", "/v1/tokens", form)
    assert answer.status == 400
    assert answer.error["type"] == "invalid_request_error"
    assert (answer.error.get("param"), answer.error.get("code")) == (param, code)
    assert message in answer.error["message"]


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"number": "4242424242424241"}, "card[number]", "incorrect_number"),
        ({"number": "x"}, "card[number]", "incorrect_number"),
        ({"exp_month": "13"}, "card[exp_month]", "invalid_expiry_month"),
        ({"exp_year": "2020"}, "card[exp_year]", "invalid_expiry_year"),
        ({"exp_year": "99999"}, "card[exp_year]", "invalid_expiry_year"),
    ],
)
async def test_cards_that_are_none(
    wire: Wire, changes: dict[str, str], param: str, code: str
) -> None:
    form = {f"card[{name}]": text for name, text in {**CARD, **changes}.items()}
    answer = await wire.send("POST", "/v1/tokens", form)
    assert (answer.status, answer.error["type"]) == (402, "card_error")
    assert (answer.error["param"], answer.error["code"]) == (param, code)


async def test_an_account_token_is_used_once(sdk: stripe.StripeClient) -> None:
    token = await sdk.v1.tokens.create_async(free({"account": ACCOUNT}))
    account = await sdk.v1.accounts.create_async(free({**CUSTOM, "account_token": token.id}))
    assert account.individual is not None
    assert account.individual.first_name == "Jenny"
    assert account.tos_acceptance is not None
    assert account.tos_acceptance.date is not None
    assert (await sdk.v1.tokens.retrieve_async(token.id)).used
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await sdk.v1.accounts.create_async(free({**CUSTOM, "account_token": token.id}))
    assert refused.value.code == "token_already_used"


async def test_a_refused_request_uses_nothing_up(sdk: stripe.StripeClient) -> None:
    token = await sdk.v1.tokens.create_async(free({"account": ACCOUNT}))
    form = {**CUSTOM, "account_token": token.id, "external_account": "btok_nobody"}
    with pytest.raises(stripe.InvalidRequestError, match="No such token"):
        await sdk.v1.accounts.create_async(free(form))
    assert not (await sdk.v1.tokens.retrieve_async(token.id)).used


async def test_a_person_token(sdk: stripe.StripeClient) -> None:
    company = {**CUSTOM, "business_type": "company"}
    account_id = (await sdk.v1.accounts.create_async(free(company))).id
    token = await sdk.v1.tokens.create_async(free({"person": PERSON}))
    made = await sdk.v1.accounts.persons.create_async(
        account_id, free({"person_token": token.id, "relationship": {"owner": True}})
    )
    assert made.first_name == "Jenny"
    assert made.relationship is not None
    assert made.relationship.owner


async def test_tokens_of_the_wrong_kind(sdk: stripe.StripeClient) -> None:
    token = await sdk.v1.tokens.create_async(free({"pii": {"id_number": "000000000"}}))
    for name in ("account_token", "external_account"):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await sdk.v1.accounts.create_async(free({**CUSTOM, name: token.id}))
        assert refused.value.param == name


async def test_unknown_tokens_and_those_of_other_worlds(
    sdk: stripe.StripeClient, live: stripe.StripeClient
) -> None:
    token = await live.v1.tokens.create_async(free({"pii": {"id_number": "000000000"}}))
    with pytest.raises(stripe.InvalidRequestError, match="No such token") as refused:
        await sdk.v1.tokens.retrieve_async(token.id)
    assert (refused.value.http_status, refused.value.param) == (404, "token")
