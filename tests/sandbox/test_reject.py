"""Can a platform turn accounts away, take that back, and delete them, by Stripe's rules?"""

from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.money import post
from tests.sandbox.conftest import (
    BUSINESS,
    CUSTOM,
    EXPRESS,
    LIVE_KEY,
    PERSON,
    Wire,
    client,
    control,
    free,
    listen,
)
from tests.sandbox.test_shapes import check

READY: Any = {**CUSTOM, "business_type": "individual", "individual": PERSON, **BUSINESS}
CLOVER = "2025-12-15.clover"
STRANGERS: Any = {
    "controller": {
        "fees": {"payer": "application"},
        "losses": {"payments": "stripe"},
        "stripe_dashboard": {"type": "none"},
    },
    "capabilities": {"transfers": {"requested": True}},
}
"""An account for whose losses Stripe answers, without a dashboard."""


async def ready(sdk: stripe.StripeClient) -> str:
    made = await sdk.v1.accounts.create_async(READY)
    assert made.charges_enabled
    return made.id


class TestReject:
    @pytest.mark.parametrize(
        ("version", "reason", "result"),
        [
            ("", "credit", "rejected.platform_other"),
            ("", "fraud_no_intent_to_fulfill", "rejected.platform_fraud"),
            ("", "fraud_other", "rejected.platform_fraud"),
            ("", "fraud_payment_method_casher", "rejected.platform_fraud"),
            ("", "fraud_payment_method_tester", "rejected.platform_fraud"),
            ("", "other", "rejected.platform_other"),
            ("", "terms_of_service", "rejected.platform_terms_of_service"),
            (CLOVER, "fraud", "rejected.fraud"),
            (CLOVER, "other", "rejected.other"),
            (CLOVER, "terms_of_service", "rejected.terms_of_service"),
        ],
    )
    async def test_each_reason(
        self, wire: Wire, sdk: stripe.StripeClient, version: str, reason: str, result: str
    ) -> None:
        path = f"/v1/accounts/{await ready(sdk)}"
        answer = await wire.send(
            "POST", f"{path}/reject", {"reason": reason}, stripe_version=version
        )
        assert answer.status == 200, answer.body
        shown = answer.json
        check(stripe.Account, shown, "account")
        assert (shown["charges_enabled"], shown["payouts_enabled"]) == (False, False)
        assert shown["requirements"]["disabled_reason"] == result
        assert set(shown["capabilities"].values()) == {"inactive"}
        assert (await wire.send("GET", path)).json == shown

    @pytest.mark.parametrize(
        ("version", "form", "code", "param", "message"),
        [
            ("", {}, "parameter_missing", "reason", "Missing required param: reason."),
            ("", {"reason": "fraud"}, None, "reason", "Invalid reason: must be one of credit, "),
            (
                "",
                {"reason": "other", "payouts_action": "stop"},
                None,
                "payouts_action",
                "Invalid payouts_action: must be one of none or pause",
            ),
            (
                CLOVER,
                {"reason": "credit"},
                None,
                "reason",
                "Invalid reason: must be one of fraud, terms_of_service, or other",
            ),
            (
                CLOVER,
                {"reason": "other", "payouts_action": "none"},
                "parameter_unknown",
                "payouts_action",
                "Received unknown parameter: payouts_action",
            ),
        ],
    )
    async def test_refused_parameters(
        self,
        wire: Wire,
        sdk: stripe.StripeClient,
        version: str,
        form: dict[str, str],
        code: str | None,
        param: str,
        message: str,
    ) -> None:
        path = f"/v1/accounts/{await ready(sdk)}"
        answer = await wire.send("POST", f"{path}/reject", form, stripe_version=version)
        assert answer.status == 400
        assert answer.error.get("code") == code
        assert answer.error["param"] == param
        assert answer.error["message"].startswith(message)
        assert (await wire.send("GET", path)).json["charges_enabled"] is True

    async def test_payouts_may_go_on(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        path = f"/v1/accounts/{await ready(sdk)}"
        form = {"reason": "other", "payouts_action": "none"}
        shown = (await wire.send("POST", f"{path}/reject", form)).json
        assert (shown["charges_enabled"], shown["payouts_enabled"]) == (False, True)
        form = {"reason": "other", "payouts_action": "pause"}
        shown = (await wire.send("POST", f"{path}/reject", form)).json
        assert (shown["charges_enabled"], shown["payouts_enabled"]) == (False, False)

    @pytest.mark.parametrize("params", [{"type": "standard"}, STRANGERS])
    @pytest.mark.parametrize("verb", ["reject", "unreject"])
    async def test_only_where_the_platform_is_liable(
        self, wire: Wire, sdk: stripe.StripeClient, params: dict[str, Any], verb: str
    ) -> None:
        account = await sdk.v1.accounts.create_async(free(params))
        form = {"reason": "other"} if verb == "reject" else {}
        answer = await wire.send("POST", f"/v1/accounts/{account.id}/{verb}", form)
        assert answer.status == 403
        assert answer.error["type"] == "invalid_request_error"
        assert account.id in answer.error["message"]

    async def test_not_itself(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await ready(sdk)
        path = f"/v1/accounts/{account_id}/reject"
        answer = await wire.send("POST", path, {"reason": "other"}, stripe_account=account_id)
        assert answer.status == 400
        assert "client application" in answer.error["message"]

    async def test_told_as_events(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        await listen(sdk)
        account_id = await ready(sdk)
        await sdk.v1.accounts.reject_async(account_id, {"reason": "other"})
        answer = await wire.send(
            "GET", "/v1/events?type=account.updated&limit=1", stripe_account=account_id
        )
        event = answer.json["data"][0]
        assert event["data"]["previous_attributes"]["charges_enabled"] is True
        assert event["data"]["previous_attributes"]["requirements"] == {"disabled_reason": None}


class TestUnreject:
    async def test_takes_it_back(self, sdk: stripe.StripeClient) -> None:
        account_id = await ready(sdk)
        await sdk.v1.accounts.reject_async(account_id, {"reason": "terms_of_service"})
        back = await sdk.v1.accounts.unreject_async(account_id)
        check(stripe.Account, back.to_dict(), "account")
        assert (back.charges_enabled, back.payouts_enabled) == (True, True)
        assert back.requirements is not None
        assert back.requirements.disabled_reason is None

    async def test_other_holds_stay(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await ready(sdk)
        await sdk.v1.accounts.reject_async(account_id, {"reason": "other"})
        await control(wire, account_id, "review")
        back = await sdk.v1.accounts.unreject_async(account_id)
        assert back.charges_enabled is False
        assert back.requirements is not None
        assert back.requirements.disabled_reason == "under_review"

    async def test_nothing_to_take_back(self, sdk: stripe.StripeClient) -> None:
        with pytest.raises(stripe.InvalidRequestError, match="has not rejected it") as refused:
            await sdk.v1.accounts.unreject_async(await ready(sdk))
        assert refused.value.http_status == 400

    async def test_stripes_own_rejection_stays(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await ready(sdk)
        await control(wire, account_id, "reject", reason="rejected.fraud")
        for verb in ("unreject", "reject"):
            form = {"reason": "other"} if verb == "reject" else {}
            answer = await wire.send("POST", f"/v1/accounts/{account_id}/{verb}", form)
            assert answer.status == 400
        account = await sdk.v1.accounts.retrieve_async(account_id)
        assert account.requirements is not None
        assert account.requirements.disabled_reason == "rejected.fraud"


class TestLive:
    """In live mode nobody is turned away who still has money."""

    async def test_only_empty_ones(self, sandbox: Sandbox) -> None:
        live = client(sandbox, LIVE_KEY)
        world = sandbox.world(LIVE_KEY)
        account = await live.v1.accounts.create_async(EXPRESS)
        post(world, account.id, kind="charge", amount=1, currency="usd", source="ch_1")
        with pytest.raises(stripe.InvalidRequestError, match="balance is not zero"):
            await live.v1.accounts.reject_async(account.id, {"reason": "other"})
        with pytest.raises(stripe.InvalidRequestError, match="balance is not zero"):
            await live.v1.accounts.delete_async(account.id)
        post(world, account.id, kind="payout", amount=-1, currency="usd", source="po_1")
        rejected = await live.v1.accounts.reject_async(account.id, {"reason": "other"})
        assert rejected.charges_enabled is False
        gone = await live.v1.accounts.delete_async(account.id)
        assert gone.to_dict() == {"id": account.id, "object": "account", "deleted": True}

    @pytest.mark.parametrize("params", [{"type": "standard"}, STRANGERS])
    async def test_not_where_stripe_answers(self, sandbox: Sandbox, params: dict[str, Any]) -> None:
        live = client(sandbox, LIVE_KEY)
        account = await live.v1.accounts.create_async(free(params))
        with pytest.raises(stripe.PermissionError):
            await live.v1.accounts.delete_async(account.id)
        await live.v1.accounts.retrieve_async(account.id)

    async def test_in_test_mode_anything_goes(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire
    ) -> None:
        account = await sdk.v1.accounts.create_async({"type": "standard"})
        world = sandbox.world("sk_test_aboard_sandbox")
        post(world, account.id, kind="charge", amount=1, currency="usd", source="ch_1")
        await sdk.v1.accounts.delete_async(account.id)
        for path in (f"/v1/accounts/{account.id}", f"/v1/accounts/{account.id}/persons"):
            answer = await wire.send("GET", path)
            assert (answer.status, answer.error["code"]) == (403, "account_invalid")
        answer = await wire.send("GET", "/v1/account", stripe_account=account.id)
        assert (answer.status, answer.error["code"]) == (403, "account_invalid")
