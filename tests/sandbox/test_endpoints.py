"""Do webhook endpoints live by Stripe's rules?"""

import pytest
import stripe

from tests.sandbox.conftest import (
    EXPRESS,
    HOOK,
    Wire,
    listen,
)


class TestEndpoints:
    async def test_life(self, sdk: stripe.StripeClient) -> None:
        made = await listen(sdk, description="ours", metadata={"a": "1"})
        assert made.id.startswith("we_")
        assert made.secret is not None
        assert made.secret.startswith("whsec_")
        assert made.application is not None
        assert made.status == "enabled"
        seen = await sdk.v1.webhook_endpoints.retrieve_async(made.id)
        assert "secret" not in seen.to_dict()
        assert seen.to_dict() == {k: v for k, v in made.to_dict().items() if k != "secret"}
        changed = await sdk.v1.webhook_endpoints.update_async(
            made.id,
            {
                "disabled": True,
                "url": "https://x.example/hook",
                "enabled_events": ["account.updated"],
                "metadata": {"b": "2"},
                "description": "",
            },
        )
        assert changed.status == "disabled"
        assert changed.url == "https://x.example/hook"
        assert changed.enabled_events == ["account.updated"]
        assert changed.to_dict()["metadata"] == {"a": "1", "b": "2"}
        assert changed.description is None
        listed = await sdk.v1.webhook_endpoints.list_async()
        assert [endpoint.id for endpoint in listed.data] == [made.id]
        gone = await sdk.v1.webhook_endpoints.delete_async(made.id)
        assert gone.to_dict() == {"id": made.id, "object": "webhook_endpoint", "deleted": True}
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await sdk.v1.webhook_endpoints.retrieve_async(made.id)
        assert refused.value.http_status == 404
        assert refused.value.code == "resource_missing"

    @pytest.mark.parametrize(
        ("form", "param", "code"),
        [
            ({"url": HOOK}, "enabled_events", "parameter_missing"),
            ({"enabled_events[]": "*"}, "url", "parameter_missing"),
            ({"url": "nowhere", "enabled_events[]": "*"}, "url", "url_invalid"),
            ({"url": HOOK, "enabled_events[]": "account.exploded"}, "enabled_events[0]", None),
            ({"url": HOOK, "enabled_events[]": ""}, "enabled_events[0]", "parameter_invalid_empty"),
            ({"url": HOOK, "enabled_events": "*"}, "enabled_events", None),
            ({"url": HOOK, "enabled_events[]": "*", "api_version": "x"}, "api_version", None),
            ({"url": HOOK, "enabled_events[]": "*", "connect": "perhaps"}, "connect", None),
            (
                {"url": HOOK, "enabled_events[]": "*", "disabled": "true"},
                "disabled",
                "parameter_unknown",
            ),
        ],
    )
    async def test_refused(
        self, wire: Wire, form: dict[str, str], param: str, code: str | None
    ) -> None:
        answer = await wire.send("POST", "/v1/webhook_endpoints", form)
        assert answer.status == 400
        assert (answer.error["param"], answer.error.get("code")) == (param, code)

    async def test_api_version_cannot_be_changed(
        self, sdk: stripe.StripeClient, wire: Wire
    ) -> None:
        made = await listen(sdk)
        answer = await wire.send(
            "POST", f"/v1/webhook_endpoints/{made.id}", {"api_version": "2025-04-30.basil"}
        )
        assert answer.error["code"] == "parameter_unknown"

    async def test_sixteen_at_most(self, sdk: stripe.StripeClient) -> None:
        for _ in range(16):
            await listen(sdk)
        with pytest.raises(stripe.InvalidRequestError, match="maximum of 16 test"):
            await listen(sdk)

    async def test_live_needs_https(self, live: stripe.StripeClient) -> None:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await listen(live)
        assert refused.value.code == "url_invalid"
        assert (await listen(live, url="https://x.example/hook")).livemode is True

    async def test_those_of_an_account_are_its_own(self, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(EXPRESS)
        options: stripe.RequestOptions = {"stripe_account": account.id}
        own = await sdk.v1.webhook_endpoints.create_async(
            {"url": HOOK, "enabled_events": ["*"]}, options
        )
        assert (await sdk.v1.webhook_endpoints.list_async()).data == []
        listed = await sdk.v1.webhook_endpoints.list_async({}, options)
        assert [endpoint.id for endpoint in listed.data] == [own.id]
