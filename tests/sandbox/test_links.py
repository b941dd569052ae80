"""Are links the bearer URLs that Stripe's are: unguessable, single use, 300 seconds?"""

from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    BUSINESS,
    CUSTOM,
    EXPRESS,
    LINK,
    LIVE_KEY,
    PERSON,
    REFRESH_URL,
    RETURN_URL,
    Answer,
    Wire,
    control,
    free,
)


async def make(wire: Wire, **form: str) -> Answer:
    return await wire.send("POST", "/v1/account_links", {**LINK, **form})


async def visit(wire: Wire, url: str) -> Answer:
    return await Wire(wire.sandbox, key=None).send("GET", urlsplit(url).path)


@pytest.fixture
async def account(sdk: stripe.StripeClient) -> str:
    return (await sdk.v1.accounts.create_async(EXPRESS)).id


class TestAccountLink:
    async def test_shape(self, sandbox: Sandbox, wire: Wire, account: str) -> None:
        answer = await make(wire, account=account)
        assert set(answer.json) == {"object", "created", "expires_at", "url"}
        assert answer.json["object"] == "account_link"
        assert answer.json["created"] == sandbox.clock.unix()
        assert answer.json["expires_at"] == answer.json["created"] + 300
        parts = urlsplit(answer.json["url"])
        assert parts.netloc == "api.stripe.com"
        _, setup, letter, named, code = parts.path.split("/")
        assert (setup, letter, named) == ("setup", "e", account)
        assert len(code) >= 12
        assert code.isalnum()

    @pytest.mark.parametrize(
        ("kind", "letter"), [("standard", "s"), ("express", "e"), ("custom", "c")]
    )
    async def test_letter_by_dashboard(
        self, sdk: stripe.StripeClient, wire: Wire, kind: str, letter: str
    ) -> None:
        params: Any = {"type": kind} if kind == "standard" else {**EXPRESS, "type": kind}
        made = await sdk.v1.accounts.create_async(params)
        url = (await make(wire, account=made.id)).json["url"]
        assert urlsplit(url).path.startswith(f"/setup/{letter}/{made.id}/")

    async def test_no_two_are_alike(self, wire: Wire, account: str) -> None:
        urls = {(await make(wire, account=account)).json["url"] for _ in range(20)}
        assert len(urls) == 20

    async def test_codes_cannot_be_foretold_without_a_seed(self) -> None:
        codes = set()
        for _ in range(2):
            wire = Wire(Sandbox())
            made = await wire.send("POST", "/v1/accounts", {"type": "express"})
            url = (await make(wire, account=made.json["id"])).json["url"]
            codes.add(url.rpartition("/")[2])
        assert len(codes) == 2

    async def test_hosted_url_can_be_set(self) -> None:
        wire = Wire(Sandbox(hosted_url="http://127.0.0.1:9/"))
        made = await wire.send("POST", "/v1/accounts", {"type": "express"})
        url = (await make(wire, account=made.json["id"])).json["url"]
        assert url.startswith("http://127.0.0.1:9/setup/e/")

    async def test_strange_host_does_not_get_into_the_link(self, wire: Wire, account: str) -> None:
        answer = await wire.send(
            "POST", "/v1/account_links", {**LINK, "account": account}, host="evil.example/x?"
        )
        assert answer.json["url"].startswith("https://localhost/setup/")


class TestLife:
    async def test_first_visit_opens_second_goes_to_refresh(self, wire: Wire, account: str) -> None:
        url = (await make(wire, account=account)).json["url"]
        first = await visit(wire, url)
        assert first.headers.get("location") != REFRESH_URL
        assert first.status < 400
        second = await visit(wire, url)
        assert second.status in {302, 303}
        assert second.headers["location"] == REFRESH_URL

    @pytest.mark.parametrize(("seconds", "opens"), [(299, True), (300, False), (10**6, False)])
    async def test_expiry(
        self,
        sandbox: Sandbox,
        wire: Wire,
        account: str,
        seconds: int,
        opens: bool,  # noqa: FBT001 - table
    ) -> None:
        url = (await make(wire, account=account)).json["url"]
        sandbox.clock.advance(seconds)
        answer = await visit(wire, url)
        assert (answer.headers.get("location") == REFRESH_URL) is not opens

    async def test_an_older_link_still_opens(self, wire: Wire, account: str) -> None:
        older = (await make(wire, account=account)).json["url"]
        await make(wire, account=account)
        assert (await visit(wire, older)).headers.get("location") != REFRESH_URL

    async def test_unknown_code_opens_nothing(self, wire: Wire, account: str) -> None:
        answer = await visit(wire, f"http://x/setup/e/{account}/nobodyKnows123")
        assert answer.status == 404

    async def test_a_code_of_another_account_opens_nothing(
        self, sdk: stripe.StripeClient, wire: Wire, account: str
    ) -> None:
        other = (await sdk.v1.accounts.create_async(EXPRESS)).id
        url = (await make(wire, account=account)).json["url"]
        assert (await visit(wire, url.replace(account, other))).status == 404
        assert (await visit(wire, url)).headers.get("location") != REFRESH_URL

    @pytest.mark.parametrize("verb", ["reject", "deauthorize"])
    async def test_rejected_or_lost_goes_to_refresh(
        self, wire: Wire, account: str, verb: str
    ) -> None:
        url = (await make(wire, account=account)).json["url"]
        await control(wire, account, verb)
        assert (await visit(wire, url)).headers["location"] == REFRESH_URL

    async def test_replayed_answer_is_the_same_link(self, wire: Wire, account: str) -> None:
        form = {**LINK, "account": account}
        one = await wire.send("POST", "/v1/account_links", form, idempotency_key="k")
        await visit(wire, one.json["url"])
        two = await wire.send("POST", "/v1/account_links", form, idempotency_key="k")
        assert two.json == one.json
        assert (await visit(wire, two.json["url"])).headers["location"] == REFRESH_URL


class TestRules:
    @pytest.mark.parametrize("name", ["refresh_url", "return_url"])
    @pytest.mark.parametrize(
        "url",
        [
            "done",
            "/done",
            "//evil.example/x",
            "ftp://x.example",
            "javascript:alert(1)",
            "http://",
            "http://x y",
            "http://x.example/\r\nSet-Cookie: a=b",
            "http://[::1",
            "http://x.example:99999/",
            "myapp://done",
        ],
    )
    async def test_not_a_url(self, wire: Wire, account: str, name: str, url: str) -> None:
        answer = await make(wire, account=account, **{name: url})
        assert answer.status == 400
        assert answer.error["code"] == "url_invalid"
        assert answer.error["message"] == "Not a valid URL"
        assert answer.error["param"] == name
        assert answer.error["doc_url"] == "https://stripe.com/docs/error-codes/url-invalid"
        request_id = answer.headers["request-id"]
        logged = f"https://dashboard.stripe.com/test/logs/{request_id}?t="
        assert answer.error["request_log_url"].startswith(logged)

    @pytest.mark.parametrize("name", ["account", "type", "refresh_url", "return_url"])
    async def test_missing(self, wire: Wire, account: str, name: str) -> None:
        form = {key: value for key, value in {**LINK, "account": account}.items() if key != name}
        answer = await wire.send("POST", "/v1/account_links", form)
        assert (answer.status, answer.error["code"]) == (400, "parameter_missing")
        assert answer.error["param"] == name

    async def test_live_needs_https(self, sandbox: Sandbox) -> None:
        wire = Wire(sandbox, LIVE_KEY)
        made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json
        answer = await make(wire, account=made["id"])
        assert answer.status == 400
        assert answer.error["message"] == ("Livemode requests must always be redirected via HTTPS.")
        https = {"refresh_url": "https://x.example/r", "return_url": "https://x.example/d"}
        assert (await make(wire, account=made["id"], **https)).status == 200

    @pytest.mark.parametrize("account_id", ["acct_nobody", "nonsense", "é" * 300])
    async def test_unknown_account(self, wire: Wire, account_id: str) -> None:
        answer = await make(wire, account=account_id)
        assert answer.status == 400
        assert "code" not in answer.error
        assert answer.error["message"] == (
            "You requested an account link for an account that is not connected to your platform "
            "or does not exist."
        )

    async def test_another_worlds_account(self, sandbox: Sandbox, account: str) -> None:
        answer = await make(Wire(sandbox, "sk_test_somebody_else"), account=account)
        assert answer.status == 400
        assert "not connected to your platform" in answer.error["message"]

    async def test_acting_as_an_account(self, wire: Wire, account: str) -> None:
        form = {**LINK, "account": account}
        answer = await wire.send("POST", "/v1/account_links", form, stripe_account=account)
        assert answer.status == 400
        assert answer.error["message"].startswith("You must have a client application set")

    async def test_account_update(self, sdk: stripe.StripeClient, wire: Wire, account: str) -> None:
        refused = (
            "You cannot create `account_update` type Account Links for this account. Valid types "
            'for this account are ["account_onboarding"].'
        )
        answer = await make(wire, account=account, type="account_update")
        assert (answer.status, answer.error["message"]) == (400, refused)
        custom = await sdk.v1.accounts.create_async(free({**CUSTOM, "business_type": "individual"}))
        answer = await make(wire, account=custom.id, type="account_update")
        assert (answer.status, answer.error["message"]) == (400, refused)
        await sdk.v1.accounts.update_async(custom.id, free({**BUSINESS, "individual": PERSON}))
        assert (await make(wire, account=custom.id, type="account_update")).status == 200

    async def test_no_links_where_sessions_must_be_used(self, wire: Wire) -> None:
        form = {
            "controller[stripe_dashboard][type]": "none",
            "capabilities[transfers][requested]": "true",
        }
        made = (await wire.send("POST", "/v1/accounts", form)).json
        answer = await make(wire, account=made["id"])
        assert answer.status == 400
        assert "Account Sessions" in answer.error["message"]

    @pytest.mark.parametrize(
        ("form", "status"),
        [
            ({"collect": "currently_due"}, 200),
            ({"collection_options[fields]": "eventually_due"}, 200),
            ({"collection_options[future_requirements]": "include"}, 200),
            ({"collect": "everything"}, 400),
            ({"collection_options[fields]": ""}, 400),
            ({"collect": "currently_due", "collection_options[fields]": "currently_due"}, 400),
        ],
    )
    async def test_collect(
        self, wire: Wire, account: str, form: dict[str, str], status: int
    ) -> None:
        assert (await make(wire, account=account, **form)).status == status


class TestLoginLink:
    async def test_once(self, wire: Wire, account: str) -> None:
        await control(wire, account, "complete")
        path = f"/v1/accounts/{account}/login_links"
        answer = await wire.send("POST", path)
        assert set(answer.json) == {"object", "created", "url"}
        url = answer.json["url"]
        assert urlsplit(url).path.startswith(f"/express/{account}/")
        assert (await visit(wire, url)).status < 400
        assert (await visit(wire, url)).status >= 400

    async def test_not_onboarded(self, wire: Wire, account: str) -> None:
        answer = await wire.send("POST", f"/v1/accounts/{account}/login_links")
        assert answer.status == 400
        assert answer.error["message"] == (
            "Cannot create a login link for an account that has not completed onboarding."
        )

    @pytest.mark.parametrize("kind", ["standard", "custom"])
    async def test_no_express_dashboard(
        self, sdk: stripe.StripeClient, wire: Wire, kind: str
    ) -> None:
        params: Any = {"type": "standard"} if kind == "standard" else CUSTOM
        made = await sdk.v1.accounts.create_async(params)
        answer = await wire.send("POST", f"/v1/accounts/{made.id}/login_links")
        assert answer.status == 400
        assert answer.error["message"] == (
            f"Cannot create an edit link for the account {made.id}, which does not have access to "
            "the Express Dashboard."
        )

    async def test_unknown_account(self, wire: Wire) -> None:
        answer = await wire.send("POST", "/v1/accounts/acct_nobody/login_links")
        assert (answer.status, answer.error["code"]) == (403, "account_invalid")

    async def test_expires(self, sandbox: Sandbox, wire: Wire, account: str) -> None:
        await control(wire, account, "complete")
        url = (await wire.send("POST", f"/v1/accounts/{account}/login_links")).json["url"]
        sandbox.clock.advance(300)
        assert (await visit(wire, url)).status >= 400


async def test_the_control_shows_states_and_never_codes(
    sandbox: Sandbox, wire: Wire, account: str
) -> None:
    urls = [(await make(wire, account=account)).json["url"] for _ in range(2)]
    await visit(wire, urls[0])
    sandbox.clock.advance(300)
    urls.append((await make(wire, account=account)).json["url"])
    await control(wire, account, "complete")
    urls.append((await wire.send("POST", f"/v1/accounts/{account}/login_links")).json["url"])
    shown = await Wire(sandbox, key=None).send("GET", "/_sandbox/links")
    states = sorted((row["purpose"], row["state"]) for row in shown.json["data"])
    assert states == [
        ("account_onboarding", "expired"),
        ("account_onboarding", "unused"),
        ("account_onboarding", "used"),
        ("login", "unused"),
    ]
    for url in urls:
        assert url.rpartition("/")[2].encode() not in shown.body
    assert RETURN_URL.encode() not in shown.body
