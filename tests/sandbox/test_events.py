"""Do events tell what happened, and only to whom it belongs?"""

import time
from itertools import pairwise

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    BANK,
    CUSTOM,
    EXPRESS,
    HOUR,
    Wire,
    control,
)

DAY = 24 * 3600


class TestEvents:
    async def test_completing_tells_what_changed(
        self, sdk: stripe.StripeClient, wire: Wire
    ) -> None:
        account = await sdk.v1.accounts.create_async(EXPRESS)
        await control(wire, account.id, "complete")
        events = (
            await sdk.v1.events.list_async({"limit": 100}, {"stripe_account": account.id})
        ).data[::-1]
        kinds = [event.type for event in events]
        assert kinds.count("account.external_account.created") == 1
        assert "capability.updated" in kinds
        told = [event for event in events if event.type == "account.updated"]
        for older, newer in pairwise(told):
            assert newer.data.previous_attributes is not None
            changed = newer.data.previous_attributes.to_dict()
            assert changed
            for key in changed:
                old, new = older.data.object.to_dict(), newer.data.object.to_dict()
                assert old.get(key) != new.get(key), key
        assert told[-1].data.object["charges_enabled"] is True
        statuses = {
            event.data.object["id"]: event.data.object["status"]
            for event in events
            if event.type == "capability.updated"
        }
        assert statuses == {"card_payments": "active", "transfers": "active"}

    async def test_event_of_a_request_names_it(self, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        await sdk.v1.accounts.update_async(
            account.id, {"external_account": BANK}, {"idempotency_key": "mine"}
        )
        events = await sdk.v1.events.list_async(
            {"type": "account.external_account.created"}, {"stripe_account": account.id}
        )
        (event,) = events.data
        assert event.request is not None
        assert event.request.idempotency_key == "mine"
        assert event.request.id is not None
        assert event.request.id.startswith("req_")
        assert event.account == account.id
        assert event.livemode is False
        assert event.api_version == "2026-10-28.endive"
        assert event.data.object["last4"] == "6789"

    async def test_an_event_keeps_its_object(self, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        options: stripe.RequestOptions = {"stripe_account": account.id}
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"v": "1"}})
        first = (await sdk.v1.events.list_async({}, options)).data[0]
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"v": "2"}})
        again = await sdk.v1.events.retrieve_async(first.id, {}, options)
        assert again.data.object["metadata"]["v"] == "1"
        newest = (await sdk.v1.events.list_async({}, options)).data[0]
        assert newest.data.previous_attributes is not None
        assert newest.data.previous_attributes.to_dict() == {"metadata": {"v": "1"}}

    async def test_filters(self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire) -> None:
        account = await sdk.v1.accounts.create_async(EXPRESS)
        await control(wire, account.id, "complete")
        path = "/v1/events?limit=100"

        async def kinds(query: str) -> set[str]:
            answer = await wire.send("GET", path + query, stripe_account=account.id)
            assert answer.status == 200, answer.body
            return {event["type"] for event in answer.json["data"]}

        assert await kinds("&type=account.*") == {
            "account.updated",
            "account.external_account.created",
        }
        assert await kinds("&type=capability.updated") == {"capability.updated"}
        both = "&types[]=capability.updated&types[]=account.updated"
        assert await kinds(both) == {"capability.updated", "account.updated"}
        assert await kinds("&delivery_success=false") == set()
        refused = await wire.send("GET", f"{path}&type=a&types[]=b", stripe_account=account.id)
        assert refused.error["code"] == "parameters_exclusive"
        many = "".join("&types[]=account.updated" for _ in range(21))
        refused = await wire.send("GET", path + many, stripe_account=account.id)
        assert (refused.status, refused.error["param"]) == (400, "types")
        sandbox.clock.advance(30 * 24 * HOUR)
        assert await kinds("") == set()

    async def test_the_platform_does_not_see_them_as_its_own(
        self, sdk: stripe.StripeClient, wire: Wire
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        assert (await sdk.v1.events.list_async()).data == []
        events = await sdk.v1.events.list_async({}, {"stripe_account": account.id})
        answer = await wire.send("GET", f"/v1/events/{events.data[0].id}")
        assert (answer.status, answer.error["code"]) == (404, "resource_missing")


class TestRetention:
    async def test_thirty_days(self, sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        options: stripe.RequestOptions = {"stripe_account": account.id}
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        (old, *_) = (await sdk.v1.events.list_async({}, options)).data
        sandbox.clock.advance(30 * DAY - 1)
        assert (await sdk.v1.events.retrieve_async(old.id, {}, options)).id == old.id
        sandbox.clock.advance(1)
        assert (await sdk.v1.events.list_async({}, options)).data == []
        with pytest.raises(stripe.InvalidRequestError):
            await sdk.v1.events.retrieve_async(old.id, {}, options)

    async def test_what_is_not_shown_is_not_kept(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        for day in range(40):
            await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": str(day)}})
            sandbox.clock.advance(DAY)
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "last"}})
        (world,) = (await wire.send("GET", "/_sandbox/worlds")).json["data"]
        assert 29 <= world["events"] <= 32


async def test_events_cost_the_same_in_a_crowd(sdk: stripe.StripeClient, wire: Wire) -> None:
    """Neither telling an event nor listing an account's may look at what others did."""
    seconds = []
    for crowd in (0, 1500):
        for _ in range(crowd):
            made = await wire.send("POST", "/v1/accounts", "type=express&country=US")
            await wire.send(
                "POST",
                "/v1/webhook_endpoints",
                "url=http://localhost/own&enabled_events[]=*",
                stripe_account=made.json["id"],
            )
        account = await sdk.v1.accounts.create_async(CUSTOM)
        laps = []
        for lap in range(15):
            began = time.perf_counter()
            form = f"metadata[a]={crowd}{lap}"
            await wire.send("POST", f"/v1/accounts/{account.id}", form)
            await wire.send("GET", "/v1/events?type=nothing", stripe_account=account.id)
            await wire.send("GET", "/v1/events?type=nothing")
            laps.append(time.perf_counter() - began)
        seconds.append(min(laps))
    assert seconds[1] < 2 * seconds[0]
