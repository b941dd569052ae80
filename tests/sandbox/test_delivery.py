"""Do webhooks reach those who asked, signed, and again when they failed?"""

import asyncio
import json

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    BANK,
    CUSTOM,
    EXPRESS,
    HOOK,
    HOUR,
    LIVE_KEY,
    Mailbox,
    Wire,
    client,
    control,
    listen,
)


class TestDelivery:
    async def test_signed_so_that_the_official_library_agrees(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire, mailbox: Mailbox
    ) -> None:
        endpoint = await listen(sdk)
        account = await sdk.v1.accounts.create_async(EXPRESS)
        await control(wire, account.id, "complete")
        assert await sandbox.deliver_due() == len(mailbox.mail) > 0
        assert endpoint.secret is not None
        for url, headers, body in mailbox.mail:
            assert url == HOOK
            assert headers["Content-Type"].startswith("application/json")
            event = stripe.Webhook.construct_event(
                body, headers["Stripe-Signature"], endpoint.secret, tolerance=0
            )
            assert event.account == account.id
            assert event.livemode is False
            assert body.startswith(b'{\n  "id": "evt_')
            stamp = f"t={sandbox.clock.unix()},v1="
            assert headers["Stripe-Signature"].startswith(stamp)
        assert await sandbox.deliver_due() == 0

    async def test_who_gets_what(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, mailbox: Mailbox
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        await listen(sdk, url="http://localhost/connect")
        await listen(sdk, url="http://localhost/platform", connect=False)
        await listen(sdk, url="http://localhost/some", enabled_events=["person.created"])
        await listen(client(sandbox, "sk_test_somebody_else"), url="http://localhost/stranger")
        await sdk.v1.webhook_endpoints.create_async(
            {"url": "http://localhost/own", "enabled_events": ["*"]},
            {"stripe_account": account.id},
        )
        await sdk.v1.accounts.update_async(account.id, {"external_account": BANK})
        await sandbox.deliver_due()
        kinds = [
            "account.updated",
            "capability.updated",
            "capability.updated",
            "account.external_account.created",
        ]
        assert mailbox.kinds("http://localhost/connect") == kinds
        assert mailbox.kinds("http://localhost/own") == kinds
        assert mailbox.kinds("http://localhost/platform") == []
        assert mailbox.kinds("http://localhost/some") == []
        assert mailbox.kinds("http://localhost/stranger") == []
        for url, _, body in mailbox.mail:
            assert ("account" in json.loads(body)) is (url != "http://localhost/own")

    async def test_pending_webhooks_count_down(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, mailbox: Mailbox
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        await listen(sdk)
        await listen(sdk, url="http://localhost/second")
        options: stripe.RequestOptions = {"stripe_account": account.id}
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        assert (await sdk.v1.events.list_async({}, options)).data[0].pending_webhooks == 2
        mailbox.answers = [200, 500]
        await sandbox.deliver_due()
        event = (await sdk.v1.events.list_async({}, options)).data[0]
        assert event.pending_webhooks == 1
        failed = await sdk.v1.events.list_async({"delivery_success": False}, options)
        assert [each.id for each in failed.data] == [event.id]

    @pytest.mark.parametrize("failure", [500, 302, 404, OSError("x"), TimeoutError()])
    async def test_three_tries_in_test_mode(
        self,
        sandbox: Sandbox,
        sdk: stripe.StripeClient,
        wire: Wire,
        mailbox: Mailbox,
        failure: int | Exception,
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        endpoint = await listen(sdk)
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        mailbox.answers = [failure] * 10
        tries = []
        for _ in range(8):
            tries.append(await sandbox.deliver_due())
            sandbox.clock.advance(HOUR)
        assert tries == [1, 1, 0, 0, 1, 0, 0, 0]
        stamps = [headers["Stripe-Signature"] for _, headers, _ in mailbox.mail]
        assert len(set(stamps)) == 3
        (shown,) = (await wire.send("GET", "/_sandbox/deliveries")).json["data"]
        assert shown["state"] == "failed"
        assert shown["endpoint"] == endpoint.id
        assert shown["next_at"] is None
        status = failure if isinstance(failure, int) else None
        assert [tried["status"] for tried in shown["attempts"]] == [status] * 3
        assert shown["attempts"][0]["failure"] == (
            None if isinstance(failure, int) else type(failure).__name__
        )

    async def test_a_success_ends_it(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, mailbox: Mailbox
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        await listen(sdk)
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        mailbox.answers = [500, 204]
        await sandbox.deliver_due()
        sandbox.clock.advance(HOUR)
        assert await sandbox.deliver_due() == 1
        sandbox.clock.advance(100 * HOUR)
        assert await sandbox.deliver_due() == 0

    async def test_live_mode_tries_for_three_days(
        self, sandbox: Sandbox, live: stripe.StripeClient, mailbox: Mailbox
    ) -> None:
        account = await live.v1.accounts.create_async(CUSTOM)
        await listen(live, url="https://x.example/hook")
        await live.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        mailbox.answers = [500] * 100
        began = sandbox.clock.unix()
        last = began
        while sandbox.clock.unix() < began + 10 * 24 * HOUR:
            if await sandbox.deliver_due():
                last = sandbox.clock.unix()
            sandbox.clock.advance(300)
        assert 2.5 * 24 * HOUR <= last - began <= 3 * 24 * HOUR
        assert len(mailbox.mail) == 10

    @pytest.mark.parametrize("how", ["disable", "delete"])
    async def test_no_endpoint_no_retries(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, mailbox: Mailbox, how: str
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        endpoint = await listen(sdk)
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        mailbox.answers = [500]
        await sandbox.deliver_due()
        if how == "disable":
            await sdk.v1.webhook_endpoints.update_async(endpoint.id, {"disabled": True})
        else:
            await sdk.v1.webhook_endpoints.delete_async(endpoint.id)
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "2"}})
        sandbox.clock.advance(100 * HOUR)
        assert await sandbox.deliver_due() == 0

    async def test_resend(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire, mailbox: Mailbox
    ) -> None:
        account = await sdk.v1.accounts.create_async(CUSTOM)
        await listen(sdk)
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        mailbox.answers = [500]
        await sandbox.deliver_due()
        (shown,) = (await wire.send("GET", "/_sandbox/deliveries")).json["data"]
        sent = await wire.send("POST", f"/_sandbox/deliveries/{shown['id']}/resend")
        assert sent.json["state"] == "succeeded"
        assert [tried["status"] for tried in sent.json["attempts"]] == [500, 200]
        assert mailbox.mail[0][2] == mailbox.mail[1][2]
        missing = await wire.send("POST", "/_sandbox/deliveries/del_nothing/resend")
        assert (missing.status, missing.error["code"]) == (404, "resource_missing")

    async def test_one_slow_endpoint_holds_up_no_other(self) -> None:
        got = asyncio.Event()

        async def deliver(url: str, _headers: dict[str, str], _body: bytes) -> int:
            if url.endswith("slow"):
                await asyncio.wait_for(got.wait(), 5)
            else:
                got.set()
            return 200

        sandbox = Sandbox(seed=1, deliver=deliver)
        sdk = client(sandbox)
        account = await sdk.v1.accounts.create_async(CUSTOM)
        await listen(sdk, url="http://localhost/slow")
        await listen(sdk, url="http://localhost/quick")
        await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
        assert await sandbox.deliver_due() == 2


class TestDisconnect:
    async def test_deauthorised(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire, mailbox: Mailbox
    ) -> None:
        await listen(sdk)
        account = await sdk.v1.accounts.create_async({"type": "standard"})
        await control(wire, account.id, "deauthorize")
        await sandbox.deliver_due()
        event = json.loads(mailbox.mail[-1][2])
        assert event["type"] == "account.application.deauthorized"
        assert event["account"] == account.id
        assert event["data"]["object"]["object"] == "application"
        assert event["data"]["object"]["id"].startswith("ca_")
        with pytest.raises(stripe.PermissionError):
            await sdk.v1.accounts.retrieve_async(account.id)
        with pytest.raises(stripe.PermissionError):
            await sdk.v1.events.list_async({}, {"stripe_account": account.id})
        assert (await sdk.v1.accounts.list_async()).data == []


async def test_live_events_say_so(sandbox: Sandbox, mailbox: Mailbox) -> None:
    sdk = client(sandbox, LIVE_KEY)
    account = await sdk.v1.accounts.create_async(CUSTOM)
    await listen(sdk, url="https://x.example/hook")
    await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
    await sandbox.deliver_due()
    assert json.loads(mailbox.mail[0][2])["livemode"] is True
