"""Which accounts can there be, and who may write what, before and after the first link?"""

from itertools import product
from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    BANK,
    CUSTOM,
    EXPRESS,
    KEY,
    LINK,
    PERSON,
    Answer,
    Wire,
    client,
    control,
    free,
)
from tests.sandbox.test_shapes import check

TRANSFERS: Any = {"transfers": {"requested": True}}
MIXES = list(
    product(
        ("account", "application"),
        ("application", "stripe"),
        ("application", "stripe"),
        ("express", "full", "none"),
    )
)
ALLOWED = {
    ("account", "stripe", "stripe", "full"): "standard",
    ("application", "application", "stripe", "express"): "none",
    ("application", "application", "application", "none"): "none",
    ("account", "stripe", "stripe", "none"): "none",
    ("application", "stripe", "stripe", "none"): "none",
}
"""Fees, losses, collection and dashboard; and the `type` that the mix reads as."""


@pytest.mark.parametrize("mix", MIXES)
async def test_every_mix(wire: Wire, mix: tuple[str, str, str, str]) -> None:
    fees, losses, collection, dashboard = mix
    form = {
        "controller[fees][payer]": fees,
        "controller[losses][payments]": losses,
        "controller[requirement_collection]": collection,
        "controller[stripe_dashboard][type]": dashboard,
    }
    if dashboard != "full":
        form["capabilities[transfers][requested]"] = "true"
    answer = await wire.send("POST", "/v1/accounts", form)
    if mix in ALLOWED:
        assert answer.json["type"] == ALLOWED[mix]
        check(stripe.Account, answer.json, "account")
        return
    assert answer.status == 400
    assert answer.error["type"] == "invalid_request_error"
    assert answer.error["param"] == "controller"
    assert (await wire.send("GET", "/v1/accounts")).json["data"] == []


CUSTOM_FORM = {"type": "custom", "capabilities[transfers][requested]": "true"}
REFUSED: list[tuple[dict[str, str], str | None, str, str]] = [
    (
        {"type": "express", "controller[losses][payments]": "stripe"},
        "parameters_exclusive",
        "type",
        "You may only provide one of `type` or `controller`.",
    ),
    ({"type": "deluxe"}, None, "type", "Invalid type: must be one of custom, express, or standard"),
    ({"type": "custom"}, "parameter_missing", "capabilities", "Missing required param: "),
    (
        {"type": "standard", "capabilities[transfers][requested]": "true"},
        None,
        "capabilities",
        "You cannot request capabilities for accounts that have access to the full",
    ),
    (
        {"type": "express", "tos_acceptance[date]": "1795251600"},
        None,
        "tos_acceptance",
        "You cannot accept the Terms of Service on behalf of Standard and Express connected",
    ),
    (
        {"type": "express", "country": "Spain"},
        "country_unsupported",
        "country",
        "Country 'Spain' is unknown.",
    ),
    (
        {"type": "express", "country": "KP"},
        "country_unsupported",
        "country",
        "KP is not currently supported by Stripe.",
    ),
    (
        {"type": "express", "email": f"{'a' * 790}@example.com"},
        "email_invalid",
        "email",
        "Invalid email address: ",
    ),
    (
        {"type": "express", "individual[phone]": "no"},
        None,
        "individual[phone]",
        '"no" is not a valid phone number',
    ),
    (
        {"type": "express", "individual[address][country]": "XX"},
        "country_code_invalid",
        "individual[address][country]",
        "Country 'XX' is unknown.",
    ),
    (
        {"type": "express", "individual[relationship][percent_ownership]": "101"},
        None,
        "individual[relationship][percent_ownership]",
        "The percentage of ownership must be between 0 and 100.",
    ),
    (
        {"type": "express", "capabilities[flying][requested]": "true"},
        "parameter_unknown",
        "capabilities[flying]",
        "Received unknown parameter: capabilities[flying]",
    ),
    (
        {"type": "express", "default_currency": "euro"},
        None,
        "default_currency",
        "Invalid currency: euro. Stripe currently supports these currencies: aed, afn, ",
    ),
    (
        {"type": "express", "individual[dob][day]": "1", "individual[dob][year]": "1990"},
        "parameter_missing",
        "individual[dob][month]",
        "Missing required param: individual[dob][month].",
    ),
    *(
        ({"type": "express", name: ""}, "parameter_invalid_empty", name, "You passed an empty ")
        for name in (
            "capabilities[transfers][requested]",
            "company",
            "business_profile[minority_owned_business_designation]",
        )
    ),
    *(
        (
            CUSTOM_FORM | {"tos_acceptance[date]": date},
            None,
            "tos_acceptance[date]",
            "ToS acceptance date is not valid. Dates are expected to be integers, measured in s",
        )
        for date in ("1795251600000", "4102444800", "1230767999")
    ),
    (
        CUSTOM_FORM | {"tos_acceptance[ip]": "203.0.113.7:51234"},
        None,
        "tos_acceptance[ip]",
        "Invalid IP address: 203.0.113.7:51234",
    ),
]


@pytest.mark.parametrize(("form", "code", "param", "message"), REFUSED)
async def test_refused_on_creation(
    wire: Wire, form: dict[str, str], code: str | None, param: str, message: str
) -> None:
    answer = await wire.send("POST", "/v1/accounts", form)
    assert answer.status == 400
    assert answer.error["type"] == "invalid_request_error"
    assert answer.error.get("code") == code
    assert answer.error["param"] == param
    assert answer.error["message"].startswith(message)
    assert (await wire.send("GET", "/v1/accounts")).json["data"] == []


IDENTITY: dict[str, dict[str, str]] = {
    "business_type": {"business_type": "company"},
    "company": {"company[name]": "Rosen"},
    "documents": {"documents[proof_of_address][files][]": "file_identity_document_success"},
    "individual": {"individual[first_name]": "Jenny"},
    "account_token": {"account_token": "ct_1"},
}
OPEN: list[dict[str, str]] = [
    {"metadata[crm]": "7"},
    {"business_profile[mcc]": "5734"},
    {"settings[payouts][statement_descriptor]": "ROSEN"},
    {"email": "jenny@example.com"},
]


async def locked(sdk: stripe.StripeClient, params: Any) -> str:  # noqa: ANN401 - tables of cases put them together
    account = await sdk.v1.accounts.create_async(params)
    await sdk.v1.account_links.create_async(free({**LINK, "account": account.id}))
    return account.id


class TestAfterTheFirstLink:
    @pytest.mark.parametrize("params", [EXPRESS, {"type": "standard"}])
    @pytest.mark.parametrize("name", IDENTITY)
    async def test_identity_is_locked_where_stripe_collects(
        self, wire: Wire, sdk: stripe.StripeClient, params: dict[str, Any], name: str
    ) -> None:
        path = f"/v1/accounts/{await locked(sdk, free(params))}"
        before = (await wire.send("GET", path)).json
        answer = await wire.send("POST", path, {**IDENTITY[name], "metadata[a]": "1"})
        assert answer.status == 403
        assert answer.error["message"] == (
            "This application does not have the required permissions for the parameter "
            f"'{name}' on account '{before['id']}'."
        )
        assert (await wire.send("GET", path)).json == before

    @pytest.mark.parametrize("params", [EXPRESS, {"type": "standard"}])
    @pytest.mark.parametrize("form", OPEN)
    async def test_the_rest_stays_open(
        self, wire: Wire, sdk: stripe.StripeClient, params: dict[str, Any], form: dict[str, str]
    ) -> None:
        path = f"/v1/accounts/{await locked(sdk, free(params))}"
        assert (await wire.send("POST", path, form)).status == 200

    @pytest.mark.parametrize("name", [name for name in IDENTITY if name != "account_token"])
    async def test_nothing_is_locked_where_the_platform_collects(
        self, wire: Wire, sdk: stripe.StripeClient, name: str
    ) -> None:
        path = f"/v1/accounts/{await locked(sdk, CUSTOM)}"
        assert (await wire.send("POST", path, IDENTITY[name])).status == 200
        shown = (await wire.send("GET", path)).json
        assert "company" in shown

    async def test_a_session_locks_like_a_link(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(EXPRESS)
        await sdk.v1.account_sessions.create_async(
            {"account": account.id, "components": {"account_onboarding": {"enabled": True}}}
        )
        answer = await wire.send(
            "POST", f"/v1/accounts/{account.id}", {"individual[first_name]": "Jenny"}
        )
        assert answer.status == 403


class TestAsItself:
    async def test_reads_itself(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(free({**CUSTOM, "external_account": BANK}))
        mine = await wire.send("GET", "/v1/account", stripe_account=account.id)
        assert mine.json["controller"] == {"type": "application"}
        assert "external_accounts" not in mine.json
        check(stripe.Account, mine.json, "account")
        path = f"/v1/accounts/{account.id}"
        assert (await wire.send("GET", path, stripe_account=account.id)).json == mine.json

    async def test_writes_nothing_of_itself(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        path = f"/v1/accounts/{account.id}"

        async def send(method: str, where: str, form: dict[str, str] | None) -> Answer:
            return await wire.send(method, where, form, stripe_account=account.id)

        rows: list[tuple[str, str, dict[str, str] | None, int]] = [
            ("POST", path, {"email": "a@example.com"}, 403),
            ("DELETE", path, None, 400),
            ("POST", f"{path}/reject", {"reason": "other"}, 400),
            ("POST", f"{path}/unreject", None, 400),
            ("POST", f"{path}/capabilities/transfers", {"requested": "true"}, 403),
            ("POST", "/v1/accounts", {"type": "express"}, 400),
            ("GET", "/v1/accounts", None, 400),
        ]
        for method, where, form, status in rows:
            answer = await send(method, where, form)
            assert (answer.status, answer.error["type"]) == (status, "invalid_request_error")

    async def test_not_another(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        mine = await sdk.v1.accounts.create_async(CUSTOM)
        other = await sdk.v1.accounts.create_async(CUSTOM)
        for tail in ("", "/persons", "/capabilities"):
            answer = await wire.send(
                "GET", f"/v1/accounts/{other.id}{tail}", stripe_account=mine.id
            )
            assert (answer.status, answer.error["code"]) == (403, "account_invalid")

    async def test_the_platforms_own(self, wire: Wire) -> None:
        mine = (await wire.send("GET", "/v1/account")).json
        check(stripe.Account, mine, "account")
        assert mine["controller"] == {"type": "account"}
        path = f"/v1/accounts/{mine['id']}"
        assert (await wire.send("GET", path)).json == mine
        rows: list[tuple[str, str, dict[str, str] | None, int]] = [
            ("POST", path, {"email": "a@example.com"}, 403),
            ("POST", f"{path}/persons", {"first_name": "A"}, 403),
            ("POST", f"{path}/reject", {"reason": "other"}, 403),
            ("DELETE", path, None, 400),
        ]
        for method, where, form, status in rows:
            assert (await wire.send(method, where, form)).status == status


class TestGone:
    @pytest.mark.parametrize("how", ["delete", "deauthorize"])
    async def test_out_of_reach(self, wire: Wire, sdk: stripe.StripeClient, how: str) -> None:
        params = CUSTOM if how == "delete" else {"type": "standard"}
        account = await sdk.v1.accounts.create_async(free(params))
        if how == "delete":
            await sdk.v1.accounts.delete_async(account.id)
        else:
            await control(wire, account.id, "deauthorize")
        path = f"/v1/accounts/{account.id}"
        rows: list[tuple[str, str, dict[str, str] | None]] = [
            ("GET", path, None),
            ("POST", path, {"email": "a@example.com"}),
            ("DELETE", path, None),
            ("GET", f"{path}/persons", None),
            ("POST", f"{path}/persons", {"first_name": "A"}),
            ("GET", f"{path}/capabilities", None),
            ("POST", f"{path}/reject", {"reason": "other"}),
        ]
        for method, where, form in rows:
            answer = await wire.send(method, where, form)
            assert (answer.status, answer.error["code"]) == (403, "account_invalid")
        assert (await wire.send("GET", "/v1/accounts")).json["data"] == []


class TestWhatCannotChange:
    async def test_country(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(free({**CUSTOM, "country": "DE"}))
        answer = await wire.send("POST", f"/v1/accounts/{account.id}", {"country": "FR"})
        assert (answer.status, answer.error["code"]) == (400, "parameter_unknown")
        for name in ("type", "controller[fees][payer]"):
            answer = await wire.send("POST", f"/v1/accounts/{account.id}", {name: "express"})
            assert (answer.status, answer.error["code"]) == (400, "parameter_unknown")

    async def test_business_type_can(self, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(
            free({**CUSTOM, "business_type": "individual", "individual": PERSON})
        )
        changed = await sdk.v1.accounts.update_async(account.id, {"business_type": "company"})
        assert changed.business_type == "company"
        assert "individual" not in changed.to_dict()
        people = await sdk.v1.accounts.persons.list_async(account.id)
        assert [person.first_name for person in people.data] == ["Jenny"]


class TestPlatformCountry:
    async def test_is_the_default(self) -> None:
        sandbox = Sandbox(seed=1, platform_country="DE")
        made = await client(sandbox).v1.accounts.create_async({"type": "express"})
        assert (made.country, made.default_currency) == ("DE", "eur")
        mine = await client(sandbox).v1.accounts.retrieve_current_async()
        assert (mine.country, mine.default_currency) == ("DE", "eur")

    def test_must_be_one_of_stripes(self) -> None:
        with pytest.raises(ValueError, match="'KP'"):
            Sandbox(platform_country="KP")

    async def test_french_platforms_pass_tokens(self) -> None:
        wire = Wire(Sandbox(seed=1, platform_country="FR"), KEY)
        custom = {"type": "custom", "capabilities[transfers][requested]": "true"}
        made = await wire.send("POST", "/v1/accounts", custom)
        path = f"/v1/accounts/{made.json['id']}"
        rows = [
            ("/v1/accounts", {**custom, "company[name]": "Rosen"}, "company", "account_token"),
            (path, {"individual[first_name]": "J"}, "individual", "account_token"),
            (f"{path}/persons", {"first_name": "J"}, "first_name", "person_token"),
        ]
        for where, form, param, token in rows:
            answer = await wire.send("POST", where, form)
            assert (answer.status, answer.error["param"]) == (400, param)
            assert f"`{token}`" in answer.error["message"]
        for where, form in (
            (path, {"metadata[a]": "1"}),
            (f"{path}/persons", {"metadata[a]": "1"}),
        ):
            assert (await wire.send("POST", where, form)).status == 200
