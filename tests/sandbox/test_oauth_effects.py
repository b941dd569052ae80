"""What follows from a connection by OAuth: events, what the platform may do, what stays secret."""

import pytest
import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.grants import AccessToken, Grant
from tests.sandbox.conftest import KEY, Mailbox, Wire, free, listen
from tests.sandbox.consent import Platform
from tests.sandbox.test_shapes import check


@pytest.fixture
def platform(sandbox: Sandbox) -> Platform:
    return Platform(sandbox)


async def kinds(wire: Wire, account: str) -> list[str]:
    """Return the types of an account's events, oldest first, as its own key sees them."""
    answer = await wire.send("GET", "/v1/events?limit=100", stripe_account=account)
    return [event["type"] for event in answer.json["data"]][::-1]


class TestEvents:
    async def test_both_are_told_to_connect_endpoints(
        self,
        platform: Platform,
        sandbox: Sandbox,
        sdk: stripe.StripeClient,
        wire: Wire,
        mailbox: Mailbox,
    ) -> None:
        await listen(sdk)
        account = str((await platform.connect()).stripe_user_id)
        await platform.deauthorize(account)
        await platform.connect(button="Connect")
        await sandbox.deliver_due()
        expected = [
            "account.application.authorized",
            "account.application.deauthorized",
            "account.application.authorized",
        ]
        assert sorted(mailbox.kinds()) == sorted(expected)
        assert await kinds(wire, account) == expected

    async def test_connecting_twice_is_told_once(self, platform: Platform, wire: Wire) -> None:
        account = str((await platform.connect()).stripe_user_id)
        again = await platform.connect(button="Connect")
        assert again.stripe_user_id == account
        assert await kinds(wire, account) == ["account.application.authorized"]

    async def test_shape(self, platform: Platform, wire: Wire) -> None:
        account = str((await platform.connect()).stripe_user_id)
        answer = await wire.send("GET", "/v1/events", stripe_account=account)
        (event,) = answer.json["data"]
        assert event["account"] == account
        application = event["data"]["object"]
        assert application["id"] == platform.client_id
        assert application["object"] == "application"
        assert set(application) == {"id", "name", "object"}

    async def test_nothing_is_told_before_the_connection(
        self, platform: Platform, sandbox: Sandbox, sdk: stripe.StripeClient, mailbox: Mailbox
    ) -> None:
        await listen(sdk)
        await platform.consent()
        await sandbox.deliver_due()
        assert mailbox.kinds() == []


class TestReadOnly:
    async def test_writes_are_refused(
        self, platform: Platform, sandbox: Sandbox, wire: Wire
    ) -> None:
        token = await platform.connect(scope="read_only")
        account = str(token.stripe_user_id)
        form = free({"url": "http://localhost:1/x", "enabled_events[]": "*"})
        for asked in (wire, Wire(sandbox, token.access_token)):
            answer = await asked.send("POST", "/v1/webhook_endpoints", form, stripe_account=account)
            assert answer.status == 403
            assert "required permissions" in answer.error["message"]
            assert (await asked.send("GET", "/v1/account", stripe_account=account)).status == 200

    async def test_a_wider_consent_opens_them(self, platform: Platform, wire: Wire) -> None:
        account = str((await platform.connect(scope="read_only")).stripe_user_id)
        await platform.connect(button="Connect")
        form = {"url": "http://localhost:1/x", "enabled_events[]": "*"}
        answer = await wire.send("POST", "/v1/webhook_endpoints", form, stripe_account=account)
        assert answer.status == 200


class TestSecrets:
    async def test_are_not_printed(self, platform: Platform, sandbox: Sandbox) -> None:
        code = (await platform.consent())["code"]
        token = await platform.token(code)
        world = sandbox.world(KEY)
        printed = repr([*world.shelf(Grant), *world.shelf(AccessToken)])
        for secret in (code, token.access_token, token.refresh_token):
            assert str(secret) not in printed

    async def test_are_not_in_the_control(self, platform: Platform, wire: Wire) -> None:
        code = (await platform.consent())["code"]
        token = await platform.token(code)
        for path in ("/_sandbox/worlds", "/_sandbox/links", "/_sandbox/requests"):
            shown = (await wire.send("GET", path)).body.decode()
            for secret in (code, token.access_token, token.refresh_token):
                assert str(secret) not in shown

    async def test_old_codes_are_forgotten(self, platform: Platform, sandbox: Sandbox) -> None:
        for _ in range(5):
            await platform.consent()
        sandbox.clock.advance(24 * 3600 + 1)
        await platform.consent()
        assert len(sandbox.world(KEY).shelf(Grant)) == 1

    async def test_keys_and_codes_move_with_their_world(
        self, platform: Platform, sandbox: Sandbox
    ) -> None:
        revoked, kept = await platform.connect(), await platform.connect()
        await platform.deauthorize(str(revoked.stripe_user_id))
        code = (await platform.consent())["code"]
        again = Sandbox(clock=sandbox.clock)
        again.load(sandbox.export())
        own = await Wire(again, kept.access_token).send("GET", "/v1/account")
        assert own.json["id"] == kept.stripe_user_id
        assert (await Wire(again, revoked.access_token).send("GET", "/v1/account")).status == 401
        assert (await Platform(again).token(code)).stripe_user_id


class TestAccount:
    """The holder, not the platform, controls an account that came by OAuth."""

    async def test_view(self, platform: Platform, wire: Wire) -> None:
        account = str((await platform.connect(button="Skip this form")).stripe_user_id)
        shown = (await wire.send("GET", f"/v1/accounts/{account}")).json
        check(stripe.Account, shown, "account")
        assert shown["controller"] == {"type": "account"}
        assert shown["type"] == "standard"
        assert "external_accounts" not in shown
        assert "company" not in shown

    async def test_identity_data_are_out_of_reach(self, platform: Platform, wire: Wire) -> None:
        account = str((await platform.connect()).stripe_user_id)
        change = {"individual[first_name]": "Ada"}
        answer = await wire.send("POST", f"/v1/accounts/{account}", change)
        assert answer.status == 403


def test_client_ids_can_stand_in_a_configuration() -> None:
    ids = {Sandbox().world(KEY).application_id for _ in range(3)}
    assert len(ids) == 1
    assert Sandbox().world("sk_test_somebody_else").application_id not in ids
    assert len({Sandbox(seed=1).world(KEY).application_id for _ in range(3)}) == 1
