"""Do account sessions open what was asked for, and say what every component may do?"""

from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.sessions import AccountSession
from tests.sandbox.conftest import CUSTOM, EXPRESS, KEY, Answer, Wire, control, free
from tests.sandbox.test_shapes import check, hints_of

ONBOARDING = "components[account_onboarding]"
ENABLED = {f"{ONBOARDING}[enabled]": "true"}
NEWER = ("reporting_chart", "terminal_hardware_orders", "terminal_hardware_shop")
COMPONENTS = sorted(hints_of(stripe.AccountSession.Components))
WHOLE_NONE = {
    "controller[stripe_dashboard][type]": "none",
    "capabilities[transfers][requested]": "true",
}


def feature_names(component: str) -> set[str]:
    kind = hints_of(stripe.AccountSession.Components)[component]
    return set(hints_of(hints_of(kind)["features"]))


async def make(wire: Wire, account: str, form: dict[str, str] = ENABLED, **headers: str) -> Answer:
    return await wire.send("POST", "/v1/account_sessions", {"account": account, **form}, **headers)


@pytest.fixture
async def account(sdk: stripe.StripeClient) -> str:
    return (await sdk.v1.accounts.create_async(EXPRESS)).id


@pytest.fixture
async def custom(sdk: stripe.StripeClient) -> str:
    return (await sdk.v1.accounts.create_async(CUSTOM)).id


class TestAnswer:
    async def test_shape(self, sandbox: Sandbox, wire: Wire, account: str) -> None:
        session = (await make(wire, account)).json
        check(stripe.AccountSession, session, "account_session")
        assert session["object"] == "account_session"
        assert session["account"] == account
        assert session["livemode"] is False
        assert session["expires_at"] > sandbox.clock.unix()
        assert session["client_secret"].startswith("accs_secret__")

    async def test_every_component_with_every_feature(self, wire: Wire, account: str) -> None:
        components = (await make(wire, account)).json["components"]
        assert sorted(components) == COMPONENTS
        assert len(components) == 25
        for name, component in components.items():
            assert set(component["features"]) == feature_names(name), name
            assert component["enabled"] is (name == "account_onboarding")

    async def test_all_of_them_by_the_sdk(self, sdk: stripe.StripeClient, custom: str) -> None:
        asked = {
            name: {"enabled": True, "features": dict.fromkeys(feature_names(name), True)}
            for name in COMPONENTS
        }
        session = await sdk.v1.account_sessions.create_async(
            free({"account": custom, "components": asked})
        )
        shown = session.components.to_dict()
        for name in COMPONENTS:
            assert shown[name]["enabled"] is True
            assert all(shown[name]["features"].values()), name

    async def test_no_two_secrets_are_alike(self, wire: Wire, account: str) -> None:
        made = {(await make(wire, account)).json["client_secret"] for _ in range(20)}
        assert len(made) == 20

    async def test_replayed_answer_is_the_same_session(self, wire: Wire, account: str) -> None:
        one = await make(wire, account, idempotency_key="k")
        two = await make(wire, account, idempotency_key="k")
        assert one.json == two.json

    async def test_live(self, live: stripe.StripeClient) -> None:
        made = await live.v1.accounts.create_async(EXPRESS)
        session = await live.v1.account_sessions.create_async(
            {"account": made.id, "components": {"payments": {"enabled": True}}}
        )
        assert session.livemode is True


class TestDefaults:
    @pytest.mark.parametrize(
        ("component", "features"),
        [
            (
                "account_onboarding",
                {"disable_stripe_user_authentication": False, "external_account_collection": True},
            ),
            (
                "payouts",
                {
                    "disable_stripe_user_authentication": False,
                    "edit_payout_schedule": False,
                    "external_account_collection": True,
                    "instant_payouts": False,
                    "standard_payouts": False,
                },
            ),
            (
                "payments",
                {
                    "capture_payments": True,
                    "destination_on_behalf_of_charge_management": False,
                    "dispute_management": True,
                    "refund_management": True,
                    "smart_disputes_management": True,
                },
            ),
            ("payment_method_settings", {"disable_stripe_user_authentication": False}),
        ],
    )
    async def test_where_the_platform_bears_losses(
        self, wire: Wire, account: str, component: str, features: dict[str, bool]
    ) -> None:
        shown = (await make(wire, account)).json["components"]
        assert shown[component]["features"] == features

    async def test_payouts_are_open_where_stripe_bears_losses(self, wire: Wire) -> None:
        made = (await wire.send("POST", "/v1/accounts", WHOLE_NONE)).json
        shown = (await make(wire, made["id"])).json["components"]
        for name in ("balances", "payouts"):
            for feature in ("edit_payout_schedule", "instant_payouts", "standard_payouts"):
                assert shown[name]["features"][feature] is True

    async def test_no_sign_in_is_the_opposite_of_bank_accounts(
        self, wire: Wire, custom: str
    ) -> None:
        banks = f"{ONBOARDING}[features][external_account_collection]"
        shown = (await make(wire, custom, {**ENABLED, banks: "false"})).json["components"]
        assert shown["account_onboarding"]["features"] == {
            "disable_stripe_user_authentication": True,
            "external_account_collection": False,
        }
        assert shown["account_management"]["features"]["external_account_collection"] is True

    async def test_smart_disputes_follow_disputes(self, wire: Wire, account: str) -> None:
        form = {
            "components[payments][enabled]": "true",
            "components[payments][features][dispute_management]": "false",
        }
        features = (await make(wire, account, form)).json["components"]["payments"]["features"]
        assert features["smart_disputes_management"] is False


class TestRefusals:
    @pytest.mark.parametrize(
        ("feature", "value"),
        [("disable_stripe_user_authentication", "true"), ("external_account_collection", "false")],
    )
    @pytest.mark.parametrize("component", ["account_onboarding", "payouts", "financial_account"])
    async def test_what_only_a_collecting_platform_may(
        self, wire: Wire, account: str, custom: str, component: str, feature: str, value: str
    ) -> None:
        param = f"components[{component}][features][{feature}]"
        form = {f"components[{component}][enabled]": "true", param: value}
        answer = await make(wire, account, form)
        assert (answer.status, answer.error["param"]) == (400, param)
        assert answer.error["type"] == "invalid_request_error"
        assert (await make(wire, custom, form)).status == 200

    @pytest.mark.parametrize(
        ("form", "code", "param"),
        [
            ({}, "parameter_missing", "components"),
            ({ONBOARDING + "[features][external_account_collection]": "true"},
             "parameter_missing", f"{ONBOARDING}[enabled]"),
            ({"components": ""}, "parameter_invalid_empty", "components"),
            ({ONBOARDING: "true"}, None, ONBOARDING),
            ({f"{ONBOARDING}[enabled]": "maybe"}, None, f"{ONBOARDING}[enabled]"),
            ({**ENABLED, f"{ONBOARDING}[features][send_money]": "true"},
             "parameter_unknown", f"{ONBOARDING}[features][send_money]"),
            ({"components[account_onbording][enabled]": "true"},
             "parameter_unknown", "components[account_onbording]"),
            ({**ENABLED, "expand[]": "account"}, None, "expand"),
        ],
    )  # fmt: skip
    async def test_parameters(
        self, wire: Wire, account: str, form: dict[str, str], code: str | None, param: str
    ) -> None:
        answer = await make(wire, account, form)
        assert answer.status == 400
        assert answer.error.get("code") == code
        assert answer.error["param"] == param

    @pytest.mark.parametrize("name", NEWER)
    async def test_newer_components_are_unknown_to_older_versions(
        self, wire: Wire, account: str, name: str
    ) -> None:
        form = {f"components[{name}][enabled]": "true"}
        assert (await make(wire, account, form)).status == 200
        older = await make(wire, account, form, stripe_version="2026-09-30.endive")
        assert (older.status, older.error["code"]) == (400, "parameter_unknown")
        assert older.error["param"] == f"components[{name}]"

    async def test_older_versions_do_not_show_newer_components(
        self, wire: Wire, account: str
    ) -> None:
        older = await make(wire, account, stripe_version="2026-09-30.endive")
        assert sorted(older.json["components"]) == sorted(set(COMPONENTS) - set(NEWER))

    @pytest.mark.parametrize("account_id", ["acct_nobody", "nonsense", "é" * 300])
    async def test_unknown_account(self, wire: Wire, account_id: str) -> None:
        answer = await make(wire, account_id)
        assert (answer.status, answer.error["param"]) == (400, "account")
        assert "not connected to your platform" in answer.error["message"]

    async def test_another_worlds_account(self, sandbox: Sandbox, account: str) -> None:
        answer = await make(Wire(sandbox, "sk_test_somebody_else"), account)
        assert (answer.status, answer.error["param"]) == (400, "account")

    @pytest.mark.parametrize("verb", ["reject", "deauthorize"])
    async def test_rejected_or_lost(self, wire: Wire, account: str, verb: str) -> None:
        await control(wire, account, verb)
        answer = await make(wire, account)
        assert (answer.status, answer.error["param"]) == (400, "account")

    async def test_acting_as_an_account(self, wire: Wire, account: str) -> None:
        answer = await make(wire, account, stripe_account=account)
        assert answer.status == 400
        assert answer.error["message"].startswith("You must have a client application set")

    async def test_a_refused_session_locks_nothing(self, wire: Wire, account: str) -> None:
        feature = f"{ONBOARDING}[features][disable_stripe_user_authentication]"
        await make(wire, account, {**ENABLED, feature: "true"})
        assert "company" in (await wire.send("GET", f"/v1/accounts/{account}")).json


class TestEffects:
    async def test_first_session_locks_identity_data_where_stripe_collects(
        self, wire: Wire, account: str
    ) -> None:
        await make(wire, account)
        shown = (await wire.send("GET", f"/v1/accounts/{account}")).json
        assert "company" not in shown
        change = {"individual[first_name]": "Ada"}
        answer = await wire.send("POST", f"/v1/accounts/{account}", change)
        assert answer.status == 403

    async def test_nothing_is_locked_where_the_platform_collects(
        self, wire: Wire, custom: str
    ) -> None:
        await make(wire, custom)
        assert "company" in (await wire.send("GET", f"/v1/accounts/{custom}")).json

    async def test_sessions_open_accounts_that_links_cannot(self, wire: Wire) -> None:
        made = (await wire.send("POST", "/v1/accounts", WHOLE_NONE)).json
        assert (await make(wire, made["id"])).status == 200


class TestMemory:
    async def test_secrets_are_not_printed(
        self, sandbox: Sandbox, wire: Wire, account: str
    ) -> None:
        secret = (await make(wire, account)).json["client_secret"]
        for session in sandbox.world(KEY).shelf(AccountSession):
            assert secret not in repr(session)

    async def test_old_sessions_are_forgotten(
        self, sandbox: Sandbox, wire: Wire, account: str
    ) -> None:
        shelf = sandbox.world(KEY).shelf(AccountSession)
        for _ in range(5):
            await make(wire, account)
        sandbox.clock.advance(24 * 3600 + 1)
        await make(wire, account)
        assert len(shelf) == 1

    async def test_sessions_end(self, sandbox: Sandbox, wire: Wire, account: str) -> None:
        made: dict[str, Any] = (await make(wire, account)).json
        session = sandbox.world(KEY).shelf(AccountSession).get(made["client_secret"])
        assert session is not None
        now = sandbox.clock.unix()
        assert session.state(now) == "open"
        assert session.state(made["expires_at"] - 1) == "open"
        assert session.state(made["expires_at"]) == "expired"
