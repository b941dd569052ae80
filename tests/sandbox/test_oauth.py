"""Does OAuth connect accounts once, for five minutes, with keys that end with the connection?"""

import pytest
import stripe
from stripe import oauth_error

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    EXPRESS,
    KEY,
    LIVE_KEY,
    Wire,
    control,
    free,
)
from tests.sandbox.consent import Platform

CODE = {"grant_type": "authorization_code"}


@pytest.fixture
def platform(sandbox: Sandbox) -> Platform:
    return Platform(sandbox)


class TestToken:
    async def test_shape(self, platform: Platform) -> None:
        token = await platform.connect()
        assert set(token.to_dict()) == {
            "access_token",
            "livemode",
            "refresh_token",
            "scope",
            "stripe_publishable_key",
            "stripe_user_id",
            "token_type",
        }
        assert token.token_type == "bearer"
        assert token.scope == "read_write"
        assert token.livemode is False
        assert str(token.stripe_user_id).startswith("acct_")
        assert str(token.access_token).startswith("sk_test_")
        assert str(token.stripe_publishable_key).startswith("pk_test_")

    async def test_live(self, sandbox: Sandbox) -> None:
        token = await Platform(sandbox, LIVE_KEY).connect(redirect_uri="https://shop.example/x")
        assert token.livemode is True
        assert str(token.access_token).startswith("sk_live_")

    async def test_the_account_is_connected_only_by_the_exchange(
        self, platform: Platform, wire: Wire
    ) -> None:
        code = (await platform.consent())["code"]
        assert (await wire.send("GET", "/v1/accounts")).json["data"] == []
        account = (await platform.token(code)).stripe_user_id
        assert [one["id"] for one in (await wire.send("GET", "/v1/accounts")).json["data"]] == [
            account
        ]

    async def test_access_token_acts_as_the_account(self, platform: Platform) -> None:
        token = await platform.connect()
        sdk = platform.as_key(str(token.access_token))
        own = await sdk.v1.accounts.retrieve_current_async()
        assert own.id == token.stripe_user_id
        with pytest.raises(stripe.InvalidRequestError, match="client application"):
            await sdk.v1.accounts.create_async(EXPRESS)

    async def test_stripe_account_header_reaches_it(self, platform: Platform, wire: Wire) -> None:
        account = str((await platform.connect()).stripe_user_id)
        answer = await wire.send("GET", "/v1/account", stripe_account=account)
        assert answer.json["id"] == account

    async def test_access_token_cannot_reach_other_accounts(
        self, platform: Platform, sandbox: Sandbox, sdk: stripe.StripeClient
    ) -> None:
        token = await platform.connect()
        other = await sdk.v1.accounts.create_async(EXPRESS)
        lent = Wire(sandbox, token.access_token)
        assert (await lent.send("GET", f"/v1/accounts/{other.id}")).status == 403
        answer = await lent.send("GET", "/v1/account", stripe_account=other.id)
        assert (answer.status, answer.error["code"]) == (403, "account_invalid")

    async def test_secret_key_may_be_a_parameter(
        self, platform: Platform, sandbox: Sandbox
    ) -> None:
        code = (await platform.consent())["code"]
        form = {**CODE, "code": code, "client_secret": KEY}
        answer = await Wire(sandbox, key=None).send("POST", "/oauth/token", form)
        assert answer.status == 200
        assert answer.json["stripe_user_id"].startswith("acct_")

    async def test_a_new_account_that_filled_in_the_form_can_charge(
        self, platform: Platform, wire: Wire
    ) -> None:
        browser = platform.browser()
        page = await browser.get(platform.url())
        page = await browser.submit(
            page.form("authorize"),
            {"email": "ada@example.com", "business_type": "company", "business_name": "Rosen"},
        )
        code = str(page.location).partition("code=")[2].partition("&")[0]
        account = (await platform.token(code)).stripe_user_id
        shown = (await wire.send("GET", f"/v1/accounts/{account}")).json
        assert (shown["charges_enabled"], shown["details_submitted"]) == (True, True)
        assert shown["business_profile"]["name"] == "Rosen"
        assert shown["email"] == "ada@example.com"
        assert shown["type"] == "standard"

    async def test_a_skipped_form_leaves_the_account_empty(
        self, platform: Platform, wire: Wire
    ) -> None:
        account = (await platform.connect()).stripe_user_id
        shown = (await wire.send("GET", f"/v1/accounts/{account}")).json
        assert (shown["charges_enabled"], shown["details_submitted"]) == (False, False)

    async def test_express(self, platform: Platform, wire: Wire) -> None:
        account = (await platform.connect(express=True)).stripe_user_id
        shown = (await wire.send("GET", f"/v1/accounts/{account}")).json
        assert shown["type"] == "express"


class TestCode:
    async def test_used_twice_ends_the_connection(self, platform: Platform, wire: Wire) -> None:
        code = (await platform.consent())["code"]
        token = await platform.token(code)
        with pytest.raises(oauth_error.InvalidGrantError, match="already been used") as caught:
            await platform.token(code)
        assert caught.value.http_status == 400
        answer = await wire.send("GET", "/v1/account", stripe_account=str(token.stripe_user_id))
        assert (answer.status, answer.error["code"]) == (403, "account_invalid")

    async def test_the_same_idempotency_key_is_a_second_use(
        self, platform: Platform, wire: Wire
    ) -> None:
        form = {**CODE, "code": (await platform.consent())["code"]}
        first = await wire.send("POST", "/oauth/token", form, idempotency_key="k")
        second = await wire.send("POST", "/oauth/token", form, idempotency_key="k")
        assert (first.status, second.status) == (200, 400)
        assert second.json["error"] == "invalid_grant"

    @pytest.mark.parametrize(("seconds", "works"), [(299, True), (300, False)])
    async def test_five_minutes(
        self,
        platform: Platform,
        sandbox: Sandbox,
        seconds: int,
        works: bool,  # noqa: FBT001 - table
    ) -> None:
        code = (await platform.consent())["code"]
        sandbox.clock.advance(seconds)
        if works:
            assert (await platform.token(code)).stripe_user_id
        else:
            with pytest.raises(oauth_error.InvalidGrantError, match="expired"):
                await platform.token(code)

    @pytest.mark.parametrize("key", ["sk_test_somebody_else", LIVE_KEY])
    async def test_is_worth_nothing_to_another_platform_or_mode(
        self, platform: Platform, sandbox: Sandbox, key: str
    ) -> None:
        code = (await platform.consent())["code"]
        with pytest.raises(oauth_error.InvalidGrantError) as caught:
            await Platform(sandbox, key).token(code)
        assert code not in str(caught.value)
        assert (await platform.token(code)).stripe_user_id

    async def test_of_a_deleted_account(self, platform: Platform, wire: Wire) -> None:
        account = str((await platform.connect()).stripe_user_id)
        await platform.deauthorize(account)
        code = (await platform.consent(button="Connect"))["code"]
        assert (await platform.token(code)).stripe_user_id == account
        assert (await wire.send("DELETE", f"/v1/accounts/{account}")).status == 200
        with pytest.raises(oauth_error.InvalidGrantError):
            await platform.token(code)


class TestRefusals:
    @pytest.mark.parametrize(
        ("form", "error"),
        [
            ({}, "invalid_request"),
            ({"grant_type": ""}, "invalid_request"),
            ({"grant_type": "authorization_code"}, "invalid_request"),
            ({"grant_type": "refresh_token"}, "invalid_request"),
            ({"grant_type[]": "authorization_code"}, "invalid_request"),
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({**CODE, "code": "ac_nobody"}, "invalid_grant"),
            ({**CODE, "code": "é" * 300}, "invalid_grant"),
            ({**CODE, "code": "x" * 5001}, "invalid_request"),
            ({"grant_type": "refresh_token", "refresh_token": "rt_nobody"}, "invalid_grant"),
        ],
    )
    async def test_token(self, wire: Wire, form: dict[str, str], error: str) -> None:
        answer = await wire.send("POST", "/oauth/token", form)
        assert answer.status == 400
        assert set(answer.json) == {"error", "error_description"}
        assert answer.json["error"] == error

    async def test_without_a_key(self, sandbox: Sandbox) -> None:
        answer = await Wire(sandbox, key=None).send("POST", "/oauth/token", CODE)
        assert answer.status == 401

    async def test_unknown_parameters_are_left_alone(self, platform: Platform, wire: Wire) -> None:
        form = {**CODE, "code": (await platform.consent())["code"], "assert_capabilities[]": "x"}
        assert (await wire.send("POST", "/oauth/token", form)).status == 200

    async def test_as_a_connected_account(self, platform: Platform, sandbox: Sandbox) -> None:
        token = await platform.connect()
        answer = await Wire(sandbox, token.access_token).send("POST", "/oauth/token", CODE)
        assert answer.status == 400

    @pytest.mark.parametrize("path", ["/oauth/token", "/oauth/deauthorize"])
    async def test_only_posts(self, wire: Wire, path: str) -> None:
        assert (await wire.send("GET", path)).status == 404


class TestRefresh:
    async def test_makes_a_new_key_and_ends_the_old_one(
        self, platform: Platform, sandbox: Sandbox
    ) -> None:
        old = await platform.connect()
        new = await platform.refresh(str(old.refresh_token))
        assert new.access_token != old.access_token
        assert new.stripe_user_id == old.stripe_user_id
        assert (await Wire(sandbox, new.access_token).send("GET", "/v1/account")).status == 200
        answer = await Wire(sandbox, old.access_token).send("GET", "/v1/account")
        assert (answer.status, answer.error["code"]) == (401, "api_key_expired")

    async def test_scope_may_shrink_and_not_grow(self, platform: Platform) -> None:
        token = await platform.connect()
        smaller = await platform.refresh(str(token.refresh_token), scope="read_only")
        assert smaller.scope == "read_only"
        for scope in ("read_write", "everything"):
            with pytest.raises(oauth_error.InvalidScopeError):
                await platform.refresh(str(token.refresh_token), scope=scope)

    async def test_ends_with_the_connection(self, platform: Platform) -> None:
        token = await platform.connect()
        await platform.deauthorize(str(token.stripe_user_id))
        with pytest.raises(oauth_error.InvalidGrantError):
            await platform.refresh(str(token.refresh_token))


class TestDeauthorize:
    async def test_ends_the_connection(
        self, platform: Platform, sandbox: Sandbox, wire: Wire
    ) -> None:
        token = await platform.connect()
        account = str(token.stripe_user_id)
        answer = await platform.deauthorize(account)
        assert answer.to_dict() == {"stripe_user_id": account}
        lost = await wire.send("GET", f"/v1/accounts/{account}")
        assert (lost.status, lost.error["code"]) == (403, "account_invalid")
        expired = await Wire(sandbox, token.access_token).send("GET", "/v1/account")
        assert (expired.status, expired.error["code"]) == (401, "platform_api_key_expired")

    async def test_by_the_holder_ends_the_keys_too(
        self, platform: Platform, sandbox: Sandbox, wire: Wire
    ) -> None:
        token = await platform.connect()
        await control(wire, str(token.stripe_user_id), "deauthorize")
        answer = await Wire(sandbox, token.access_token).send("GET", "/v1/account")
        assert answer.status == 401

    @pytest.mark.parametrize("kind", ["express", "custom"])
    async def test_controlled_accounts_cannot_be_disconnected(
        self, platform: Platform, sdk: stripe.StripeClient, wire: Wire, kind: str
    ) -> None:
        made = await sdk.v1.accounts.create_async(free({**EXPRESS, "type": kind}))
        form = {"client_id": platform.client_id, "stripe_user_id": made.id}
        answer = await wire.send("POST", "/oauth/deauthorize", form)
        assert answer.status == 400
        assert answer.json["error"] == "no_deauth_on_controlled_account"
        assert (await wire.send("GET", f"/v1/accounts/{made.id}")).status == 200

    @pytest.mark.parametrize("name", ["client_id", "stripe_user_id"])
    async def test_missing(self, platform: Platform, wire: Wire, name: str) -> None:
        form = {"client_id": platform.client_id, "stripe_user_id": "acct_1"}
        del form[name]
        answer = await wire.send("POST", "/oauth/deauthorize", form)
        assert (answer.status, answer.json["error"]) == (400, "invalid_request")

    async def test_not_yours(self, platform: Platform, sandbox: Sandbox) -> None:
        account = str((await platform.connect()).stripe_user_id)
        with pytest.raises(oauth_error.InvalidClientError, match="is not connected to stripe"):
            await Platform(sandbox, "sk_test_somebody_else").deauthorize(account)
        with pytest.raises(oauth_error.InvalidClientError):
            await platform.deauthorize(account, client_id="ca_nobody")
        with pytest.raises(oauth_error.InvalidClientError):
            await platform.deauthorize("acct_nobody")
        await platform.deauthorize(account)
        with pytest.raises(oauth_error.InvalidClientError):
            await platform.deauthorize(account)

    async def test_connecting_again(self, platform: Platform, sandbox: Sandbox) -> None:
        old = await platform.connect()
        await platform.deauthorize(str(old.stripe_user_id))
        new = await platform.connect(button="Connect")
        assert new.stripe_user_id == old.stripe_user_id
        assert (await Wire(sandbox, new.access_token).send("GET", "/v1/account")).status == 200
        assert (await Wire(sandbox, old.access_token).send("GET", "/v1/account")).status == 401
