"""Can capabilities be seen, asked for and taken back as at Stripe?"""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import (
    BUSINESS,
    CUSTOM,
    EXPRESS,
    LINK,
    NOW,
    PERSON,
    Wire,
    control,
    free,
)
from tests.sandbox.test_shapes import check

TRANSFERS: Any = {"transfers": {"requested": True}}


async def make(sdk: stripe.StripeClient, **changes: object) -> str:
    return (await sdk.v1.accounts.create_async(free({**CUSTOM, **changes}))).id


class TestRead:
    async def test_one_and_all(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await make(sdk)
        path = f"/v1/accounts/{account_id}/capabilities"
        listed = (await wire.send("GET", path)).json
        assert (listed["object"], listed["has_more"], listed["url"]) == ("list", False, path)
        assert [found["id"] for found in listed["data"]] == ["card_payments", "transfers"]
        for found in listed["data"]:
            check(stripe.Capability, found, "capability")
            assert (await wire.send("GET", f"{path}/{found['id']}")).json == found
            assert found["account"] == account_id
            assert found["requested_at"] == int(NOW.timestamp())
            assert found["requirements"]["disabled_reason"] == "pending.onboarding"

    async def test_one_not_requested_shows_what_it_would_ask(
        self, wire: Wire, sdk: stripe.StripeClient
    ) -> None:
        account_id = await make(sdk, capabilities=TRANSFERS)
        answer = await wire.send("GET", f"/v1/accounts/{account_id}/capabilities/card_payments")
        shown = answer.json
        check(stripe.Capability, shown, "capability")
        assert (shown["requested"], shown["requested_at"]) == (False, None)
        assert shown["status"] == "unrequested"
        assert shown["requirements"]["disabled_reason"] is None
        asked = await sdk.v1.accounts.capabilities.update_async(
            account_id, "card_payments", {"requested": True}
        )
        assert asked.requirements is not None
        assert shown["requirements"]["currently_due"] == asked.requirements.currently_due

    async def test_expanding_the_account(self, sdk: stripe.StripeClient) -> None:
        account_id = await make(sdk)
        shown = await sdk.v1.accounts.capabilities.retrieve_async(
            account_id, "transfers", {"expand": ["account"]}
        )
        assert isinstance(shown.account, stripe.Account)
        assert shown.account.id == account_id

    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_unknown(self, wire: Wire, sdk: stripe.StripeClient, method: str) -> None:
        path = f"/v1/accounts/{await make(sdk)}/capabilities/magic"
        answer = await wire.send(method, path, {"requested": "true"} if method == "POST" else None)
        assert answer.status == 404
        assert answer.error["code"] == "resource_missing"
        assert answer.error["param"] == "capability"
        assert answer.error["message"] == "No such capability: 'magic'"


class TestUpdate:
    async def test_requested_and_taken_back(self, sdk: stripe.StripeClient) -> None:
        account_id = await make(sdk)
        asked = await sdk.v1.accounts.capabilities.update_async(
            account_id, "klarna_payments", {"requested": True}
        )
        assert asked.requested is True
        assert asked.status == "inactive"
        back = await sdk.v1.accounts.capabilities.update_async(
            account_id, "klarna_payments", {"requested": False}
        )
        assert (back.requested, back.status) == (False, "unrequested")
        account = await sdk.v1.accounts.retrieve_async(account_id)
        assert account.capabilities is not None
        assert "klarna_payments" not in account.capabilities.to_dict()

    async def test_asking_twice_changes_nothing(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await make(sdk)
        path = f"/v1/accounts/{account_id}/capabilities/transfers"
        before = (await wire.send("GET", path)).json
        assert (await wire.send("POST", path, {"requested": "true"})).json == before
        assert (await wire.send("POST", path, {})).json == before

    async def test_an_active_permanent_one_stays(
        self, wire: Wire, sdk: stripe.StripeClient
    ) -> None:
        account_id = await make(sdk, business_type="individual", individual=PERSON, **BUSINESS)
        path = f"/v1/accounts/{account_id}"
        assert (await wire.send("GET", path)).json["capabilities"]["transfers"] == "active"
        rows = [
            (f"{path}/capabilities/transfers", "requested"),
            (path, "capabilities[transfers][requested]"),
        ]
        for place, param in rows:
            answer = await wire.send("POST", place, {param: "false"})
            assert answer.status == 400
            assert answer.error["param"] == param
            assert "permanent" in answer.error["message"]
        assert (await wire.send("GET", path)).json["capabilities"]["transfers"] == "active"

    async def test_two_are_coupled(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await make(sdk, business_type="individual", individual=PERSON, **BUSINESS)
        await control(wire, account_id, "lose", capability="transfers")
        for name in ("card_payments", "transfers"):
            shown = await sdk.v1.accounts.capabilities.retrieve_async(account_id, name)
            assert shown.status == "inactive"

    async def test_events_say_what_was_before(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await make(sdk, capabilities=TRANSFERS)
        await sdk.v1.accounts.capabilities.update_async(
            account_id, "card_payments", {"requested": True}
        )
        answer = await wire.send(
            "GET", "/v1/events?type=capability.updated", stripe_account=account_id
        )
        told = {event["data"]["object"]["id"]: event for event in answer.json["data"]}
        event = told["card_payments"]
        check(stripe.Capability, event["data"]["object"], "capability")
        previous = event["data"]["previous_attributes"]
        assert previous["requested"] is False
        assert previous["requested_at"] is None
        assert previous["status"] == "unrequested"


class TestWho:
    async def test_not_where_the_dashboard_is_full(
        self, wire: Wire, sdk: stripe.StripeClient
    ) -> None:
        account = await sdk.v1.accounts.create_async({"type": "standard"})
        path = f"/v1/accounts/{account.id}/capabilities/klarna_payments"
        answer = await wire.send("POST", path, {"requested": "true"})
        assert answer.status == 403
        assert "'requested'" in answer.error["message"]

    async def test_express_after_the_first_link(self, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(EXPRESS)
        await sdk.v1.account_links.create_async(free({**LINK, "account": account.id}))
        asked = await sdk.v1.accounts.capabilities.update_async(
            account.id, "klarna_payments", {"requested": True}
        )
        assert asked.requested is True

    async def test_not_by_the_account_itself(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await make(sdk)
        path = f"/v1/accounts/{account_id}/capabilities/klarna_payments"
        answer = await wire.send("POST", path, {"requested": "true"}, stripe_account=account_id)
        assert answer.status == 403
        assert (await wire.send("GET", path, stripe_account=account_id)).status == 200

    async def test_custom_must_request_some(self, wire: Wire) -> None:
        answer = await wire.send("POST", "/v1/accounts", {"type": "custom"})
        assert (answer.status, answer.error["param"]) == (400, "capabilities")
