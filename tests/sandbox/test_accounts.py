"""Do connected accounts come into being as Stripe's do?"""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import BANK, CAPABILITIES, EXPRESS, PERSON, Answer, Wire, free
from tests.sandbox.test_shapes import check

SHAPES: dict[str, dict[str, Any]] = {
    "standard": {
        "fees": {"payer": "account"},
        "losses": {"payments": "stripe"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "full"},
    },
    "express": {
        "fees": {"payer": "application_express"},
        "losses": {"payments": "application"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "express"},
    },
    "custom": {
        "fees": {"payer": "application_custom"},
        "losses": {"payments": "application"},
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
    },
}


async def create_controlled(
    wire: Wire, payer: str, losses: str, collection: str, dashboard: str
) -> Answer:
    return await wire.send(
        "POST",
        "/v1/accounts",
        {
            "controller[fees][payer]": payer,
            "controller[losses][payments]": losses,
            "controller[requirement_collection]": collection,
            "controller[stripe_dashboard][type]": dashboard,
            "capabilities[transfers][requested]": "true",
        },
    )


class TestCreate:
    @pytest.mark.parametrize("kind", ["standard", "express", "custom"])
    async def test_legacy_types_have_their_controller(
        self, sdk: stripe.StripeClient, kind: str
    ) -> None:
        params: Any = {"type": kind}
        if kind == "custom":
            params["capabilities"] = CAPABILITIES
        made = await sdk.v1.accounts.create_async(params)
        assert made.controller is not None
        assert made.controller.to_dict() == {
            **SHAPES[kind],
            "is_controller": True,
            "type": "application",
        }
        assert made.type == kind
        assert made.country == "US"
        assert made.default_currency == "usd"
        assert (made.charges_enabled, made.payouts_enabled) == (False, False)
        assert made.details_submitted is False

    async def test_empty_controller_is_standard(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async({"controller": {}})
        assert made.type == "standard"

    async def test_controller_of_the_express_shape(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(
            {
                "controller": {
                    "fees": {"payer": "application"},
                    "losses": {"payments": "application"},
                    "stripe_dashboard": {"type": "express"},
                }
            }
        )
        assert made.type == "none"
        assert made.controller is not None
        assert made.controller.fees is not None
        assert made.controller.fees.payer == "application"

    @pytest.mark.parametrize(
        ("payer", "losses", "collection", "dashboard"),
        [
            ("application", "stripe", "application", "none"),
            ("account", "application", "application", "none"),
            ("application", "application", "application", "express"),
            ("application", "application", "application", "full"),
            ("application", "stripe", "stripe", "express"),
            ("account", "application", "stripe", "express"),
            ("account", "application", "stripe", "full"),
            ("application", "stripe", "stripe", "full"),
            ("application", "application", "stripe", "none"),
        ],
    )
    async def test_refused_mixes(
        self, wire: Wire, payer: str, losses: str, collection: str, dashboard: str
    ) -> None:
        answer = await create_controlled(wire, payer, losses, collection, dashboard)
        assert answer.status == 400
        assert answer.error["param"] == "controller"

    @pytest.mark.parametrize(
        ("payer", "losses", "collection", "dashboard"),
        [
            ("account", "stripe", "stripe", "none"),
            ("application", "stripe", "stripe", "none"),
            ("application", "application", "application", "none"),
        ],
    )
    async def test_allowed_mixes(
        self, wire: Wire, payer: str, losses: str, collection: str, dashboard: str
    ) -> None:
        answer = await create_controlled(wire, payer, losses, collection, dashboard)
        assert answer.status == 200, answer.body
        assert answer.json["type"] == "none"

    async def test_type_and_controller_exclude_each_other(self, wire: Wire) -> None:
        form = {"type": "express", "controller[losses][payments]": "stripe"}
        answer = await wire.send("POST", "/v1/accounts", form)
        assert answer.error["code"] == "parameters_exclusive"

    async def test_no_dashboard_needs_capabilities(self, wire: Wire) -> None:
        answer = await wire.send("POST", "/v1/accounts", {"type": "custom"})
        assert answer.error["code"] == "parameter_missing"
        assert answer.error["param"] == "capabilities"

    async def test_full_dashboard_gets_its_own_capabilities(self, wire: Wire) -> None:
        refused = await wire.send(
            "POST",
            "/v1/accounts",
            {"type": "standard", "capabilities[transfers][requested]": "true"},
        )
        assert (refused.status, refused.error["param"]) == (400, "capabilities")
        made = await wire.send("POST", "/v1/accounts", {"type": "standard"})
        assert made.json["capabilities"] == {"card_payments": "inactive", "transfers": "inactive"}

    @pytest.mark.parametrize("kind", ["express", "standard"])
    async def test_terms_are_the_holders_to_accept(self, wire: Wire, kind: str) -> None:
        form = {"type": kind, "tos_acceptance[date]": "1", "tos_acceptance[ip]": "127.0.0.1"}
        answer = await wire.send("POST", "/v1/accounts", form)
        assert answer.status == 400
        assert answer.error["message"] == (
            "You cannot accept the Terms of Service on behalf of Standard and Express connected "
            "accounts."
        )

    async def test_prefill_is_shown(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(
            free(
                {
                    **EXPRESS,
                    "business_type": "individual",
                    "email": "jenny@example.com",
                    "individual": {**PERSON, "metadata": {"shoe": "42"}},
                    "metadata": {"seller": "7"},
                    "business_profile": {
                        "mcc": "5734",
                        "support_address": {"city": "Berlin"},
                        "annual_revenue": {
                            "amount": 100,
                            "currency": "usd",
                            "fiscal_year_end": "2025-12-31",
                        },
                    },
                    "settings": {"payouts": {"schedule": {"interval": "weekly"}}},
                }
            )
        )
        person = made.individual
        assert person is not None
        assert person.first_name == "Jenny"
        assert person.dob is not None
        assert (person.dob.year, person.dob.month, person.dob.day) == (1901, 1, 1)
        assert person.ssn_last_4_provided is True
        assert person.id_number_provided is False
        assert person.to_dict()["metadata"] == {"shoe": "42"}
        assert person.relationship is not None
        assert person.relationship.representative is True
        assert made.email == "jenny@example.com"
        assert made.to_dict()["metadata"] == {"seller": "7"}
        assert made.business_profile is not None
        assert made.business_profile.support_address is not None
        assert made.business_profile.support_address.city == "Berlin"
        assert made.business_profile.annual_revenue is not None
        assert made.business_profile.annual_revenue.amount == 100
        assert made.settings is not None
        assert made.settings.payouts is not None
        assert made.settings.payouts.schedule.interval == "weekly"
        assert "ssn_last_4" not in person.to_dict()

    async def test_uncommon_facts_are_shown_where_given(self, wire: Wire) -> None:
        form = {
            "type": "express",
            "company[name_kana]": "カナ",
            "company[registration_date][day]": "1",
            "company[registration_date][month]": "2",
            "company[registration_date][year]": "2020",
            "individual[maiden_name]": "Doe",
            "settings[payouts][schedule][delay_days]": "9",
            "settings[payouts][schedule][interval]": "weekly",
            "settings[payouts][schedule][weekly_payout_days][]": "monday",
            "settings[sepa_debit_payments][creditor_id]": "DE98ZZZ",
        }
        made = (await wire.send("POST", "/v1/accounts", form)).json
        assert made["company"]["name_kana"] == "カナ"
        assert made["company"]["registration_date"] == {"day": 1, "month": 2, "year": 2020}
        assert made["individual"]["maiden_name"] == "Doe"
        assert made["settings"]["payouts"]["schedule"] == {
            "delay_days": 9,
            "interval": "weekly",
            "weekly_payout_days": ["monday"],
        }
        assert made["settings"]["sepa_debit_payments"] == {"creditor_id": "DE98ZZZ"}
        check(stripe.Account, made, "account")
        path = f"/v1/accounts/{made['id']}"
        form = {
            "settings[payouts][schedule][delay_days]": "minimum",
            "settings[payouts][schedule][interval]": "daily",
        }
        changed = (await wire.send("POST", path, form)).json
        assert changed["settings"]["payouts"]["schedule"] == {"delay_days": 2, "interval": "daily"}

    async def test_numbers_never_come_back(self, wire: Wire) -> None:
        form = {
            "type": "custom",
            "capabilities[transfers][requested]": "true",
            "business_type": "company",
            "company[tax_id]": "123456780",
            "individual[id_number]": "987654320",
            "external_account[object]": "bank_account",
            "external_account[country]": "US",
            "external_account[routing_number]": "110000000",
            "external_account[account_number]": "000123456789",
        }
        answer = await wire.send("POST", "/v1/accounts", form)
        assert answer.status == 200, answer.body
        for number in (b"123456780", b"987654320", b"000123456789"):
            assert number not in answer.body
        assert answer.json["company"]["tax_id_provided"] is True
        bank = answer.json["external_accounts"]["data"][0]
        assert (bank["last4"], bank["routing_number"]) == ("6789", "110000000")
        assert (bank["status"], bank["default_for_currency"]) == ("new", True)

    @pytest.mark.parametrize(
        ("change", "param", "code"),
        [
            ({"routing_number": "110000001"}, "routing_number", "routing_number_invalid"),
            ({"account_number": "12"}, "account_number", "account_number_invalid"),
            ({"account_number": ""}, "account_number", "parameter_missing"),
            ({"country": ""}, "country", "parameter_missing"),
            (
                {"country": "DE", "account_number": "DE89370400440532013009"},
                "account_number",
                "account_number_invalid",
            ),
            ({"country": "KP"}, "country", "country_unsupported"),
            ({"object": "piggy_bank"}, "object", None),
            ({"object": "card"}, "number", "parameter_missing"),
        ],
    )
    async def test_bad_bank_account(
        self, wire: Wire, change: dict[str, str], param: str, code: str | None
    ) -> None:
        form = {f"external_account[{k}]": v for k, v in {**BANK, **change}.items()}
        answer = await wire.send("POST", "/v1/accounts", {"type": "express", **form})
        assert answer.status == 400
        assert answer.error["param"] == f"external_account[{param}]"
        assert answer.error.get("code") == code

    @pytest.mark.parametrize(
        ("token", "last4"), [("btok_us", "6789"), ("btok_us_accountClosed", "1113")]
    )
    async def test_bank_account_by_token(self, wire: Wire, token: str, last4: str) -> None:
        form = {"type": "express", "external_account": token}
        answer = await wire.send("POST", "/v1/accounts", form)
        assert answer.json["external_accounts"]["data"][0]["last4"] == last4

    async def test_unknown_token(self, wire: Wire) -> None:
        form = {"type": "express", "external_account": "btok_nothing"}
        answer = await wire.send("POST", "/v1/accounts", form)
        assert answer.error["message"] == "No such token: 'btok_nothing'"
        assert answer.error["code"] == "resource_missing"

    @pytest.mark.parametrize(
        ("form", "param"),
        [
            ({"individual[phone]": "call me"}, "individual[phone]"),
            ({"individual[ssn_last_4]": "12345"}, "individual[ssn_last_4]"),
            ({"business_profile[mcc]": "books"}, "business_profile[mcc]"),
            (
                {"settings[payments][statement_descriptor]": "abc"},
                "settings[payments][statement_descriptor]",
            ),
            (
                {
                    "individual[dob][day]": "30",
                    "individual[dob][month]": "2",
                    "individual[dob][year]": "1990",
                },
                "individual[dob][year]",
            ),
            (
                {
                    "individual[dob][day]": "1",
                    "individual[dob][month]": "1",
                    "individual[dob][year]": "2020",
                },
                "individual[dob][year]",
            ),
        ],
    )
    async def test_values_that_are_refused_at_once(
        self, wire: Wire, form: dict[str, str], param: str
    ) -> None:
        answer = await wire.send("POST", "/v1/accounts", {"type": "express", **form})
        assert (answer.status, answer.error["param"]) == (400, param)
