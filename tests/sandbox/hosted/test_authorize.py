"""Does the page that connects accounts ask, answer and refuse as Stripe's does?"""

import json
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import SellerBrowser
from aboard.sandbox.grants import register
from tests.sandbox.conftest import EXPRESS, KEY, LIVE_KEY, Wire, control
from tests.sandbox.consent import BACK, CONNECT, Platform, answer_of, filled_in


@pytest.fixture
def platform(sandbox: Sandbox) -> Platform:
    return Platform(sandbox)


@pytest.fixture
def browser(platform: Platform) -> SellerBrowser:
    return platform.browser()


class TestAnswers:
    async def test_consent(self, platform: Platform) -> None:
        answer = await platform.consent()
        assert set(answer) == {"code", "scope", "state"}
        assert answer["code"].startswith("ac_")
        assert (answer["scope"], answer["state"]) == ("read_write", "s 1&2")

    async def test_refusal(self, platform: Platform) -> None:
        answer = await platform.consent(button="Do not connect")
        assert answer == {
            "error": "access_denied",
            "error_description": "The user denied your request",
            "state": "s 1&2",
        }

    async def test_without_state(self, platform: Platform) -> None:
        assert set(await platform.consent(state=None)) == {"code", "scope"}
        assert "state" not in await platform.consent(state=None, button="Do not connect")

    async def test_scope_is_read_only_by_default(self, platform: Platform) -> None:
        assert (await platform.consent(scope=None))["scope"] == "read_only"

    async def test_a_query_of_the_redirect_address_stays(self, platform: Platform) -> None:
        answer = await platform.consent(redirect_uri=f"{BACK}?shop=7&next=a%2Fb")
        assert (answer["shop"], answer["next"]) == ("7", "a/b")
        assert answer["code"]

    async def test_each_consent_is_another_code(self, platform: Platform) -> None:
        codes = {(await platform.consent())["code"] for _ in range(10)}
        assert len(codes) == 10


class TestAccounts:
    async def test_prefilled(self, platform: Platform, browser: SellerBrowser) -> None:
        user = {
            "email": "ada@example.com",
            "country": "DE",
            "business_type": "corporation",
            "business_name": "<b>Rosen",
            "url": "https://rosen.example",
            "nonsense": "x",
        }
        page = await browser.get(platform.url(stripe_user=user))
        shown = filled_in(page)
        assert shown["email"] == "ada@example.com"
        assert (shown["country"], shown["business_type"]) == ("DE", "company")
        assert (shown["business_name"], shown["url"]) == ("<b>Rosen", "https://rosen.example")

    @pytest.mark.parametrize(
        "user", [{"country": "XX", "business_type": "zoo"}, {"email": "x" * 300}, {"url": ["a"]}]
    )
    async def test_wrong_prefills_are_left_alone(
        self, platform: Platform, browser: SellerBrowser, user: dict[str, object]
    ) -> None:
        page = await browser.get(platform.url(stripe_user=user))
        shown = filled_in(page)
        assert (shown["country"], shown["business_type"]) == ("US", "")
        assert (shown["email"], shown["url"]) == ("", "")

    async def test_mistakes_are_told_at_the_field(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        page = await browser.get(platform.url())
        page = await browser.submit(page.form("authorize"), {"email": "ada", "url": "rosen"})
        assert page.status == 422
        assert filled_in(page)["email"] == "ada"
        page = await browser.submit(
            page.form("authorize"), {"email": "ada@example.com", "url": "https://rosen.example"}
        )
        assert answer_of(page)["code"]

    async def test_only_whole_dashboards_sign_in(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        express = await platform.sdk.v1.accounts.create_async(EXPRESS)
        standard = await platform.sdk.v1.accounts.create_async({"type": "standard"})
        rejected = await platform.sdk.v1.accounts.create_async({"type": "standard"})
        await control(Wire(platform.sandbox), rejected.id, "reject")
        html = (await browser.get(platform.url())).html
        assert standard.id in html
        assert express.id not in html
        assert rejected.id not in html

    async def test_accounts_of_other_worlds_are_not_shown(
        self, platform: Platform, browser: SellerBrowser, sandbox: Sandbox
    ) -> None:
        other = Platform(sandbox, "sk_test_somebody_else")
        theirs = (await other.connect()).stripe_user_id
        assert str(theirs) not in (await browser.get(platform.url())).html

    async def test_an_account_that_is_not_shown_cannot_be_chosen(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        express = await platform.sdk.v1.accounts.create_async(EXPRESS)
        page = await browser.get(platform.url())
        for chosen in (express.id, "acct_nobody", ""):
            form = page.form("authorize")
            form.control("account").value = chosen
            browser.page = page
            assert (await browser.submit(form, {"email": "ada@example.com"})).status == 400

    @pytest.mark.parametrize(("landing", "is_new"), [("register", True), ("login", False)])
    async def test_landing(
        self,
        platform: Platform,
        browser: SellerBrowser,
        landing: str,
        is_new: bool,  # noqa: FBT001 - table
    ) -> None:
        await platform.connect()
        page = await browser.get(platform.url(stripe_landing=landing))
        assert (filled_in(page)["account"] == "new") is is_new


class TestErrors:
    """Nothing is redirected: the address is not to be trusted yet."""

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"client_id": None}, "invalid_request"),
            ({"client_id": "ca_nobody"}, "invalid_request"),
            ({"client_id": ["a"]}, "invalid_request"),
            ({"response_type": None}, "invalid_request"),
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"scope": "everything"}, "invalid_scope"),
            ({"redirect_uri": None}, "invalid_redirect_uri"),
            ({"redirect_uri": "javascript:alert(1)"}, "invalid_redirect_uri"),
            ({"redirect_uri": "/here"}, "invalid_redirect_uri"),
            ({"redirect_uri": "http://x.example/\r\nSet-Cookie: a=b"}, "invalid_redirect_uri"),
        ],
    )
    async def test_json(
        self,
        platform: Platform,
        browser: SellerBrowser,
        change: dict[str, object],
        error: str,
    ) -> None:
        asked = {"client_id": platform.client_id, "response_type": "code", **change}
        asked = {"redirect_uri": BACK, "scope": "read_only", "state": "s", **asked}
        query = "&".join(
            f"{name}={quote(str(value))}" if isinstance(value, str) else f"{name}[]=a"
            for name, value in asked.items()
            if value is not None
        )
        page = await browser.get(f"{CONNECT}/oauth/authorize?{query}")
        assert (page.status, page.header("content-type")) == (400, "application/json")
        said = json.loads(page.body)
        assert set(said) == {"error", "error_description", "state"}
        assert (said["error"], said["state"]) == (error, "s")

    async def test_without_a_state(self, browser: SellerBrowser) -> None:
        page = await browser.get(f"{CONNECT}/oauth/authorize")
        assert set(json.loads(page.body)) == {"error", "error_description"}

    @pytest.mark.parametrize("query", ["%ff=%ff", "a[b=1", "state[x]=1", "a&" * 3000])
    async def test_malformed(self, browser: SellerBrowser, query: str) -> None:
        page = await browser.get(f"{CONNECT}/oauth/authorize?{query}")
        assert page.status == 400
        assert json.loads(page.body)["error"] == "invalid_request"

    async def test_live_needs_https(self, sandbox: Sandbox) -> None:
        live = Platform(sandbox, LIVE_KEY)
        page = await live.browser().get(live.url())
        assert json.loads(page.body)["error"] == "invalid_redirect_uri"


class TestRedirectUris:
    async def test_only_registered_ones(self, platform: Platform, sandbox: Sandbox) -> None:
        register(sandbox.world(KEY), ("http://localhost:3000/first", BACK))
        assert (await platform.consent())["code"]
        for uri in (f"{BACK}/", f"{BACK}?a=1", "http://localhost:3000/", "https://evil.example"):
            page = await platform.browser().get(platform.url(redirect_uri=uri))
            assert json.loads(page.body)["error"] == "invalid_redirect_uri", uri

    async def test_the_first_one_is_the_default(self, platform: Platform, sandbox: Sandbox) -> None:
        register(sandbox.world(KEY), ("http://localhost:3000/first", BACK))
        browser = platform.browser()
        page = await browser.get(platform.url(redirect_uri=None))
        page = await browser.submit(page.form("authorize"), button="Do not connect")
        assert str(page.location).startswith("http://localhost:3000/first?error=access_denied")

    async def test_registering_again_replaces_them(
        self, platform: Platform, sandbox: Sandbox
    ) -> None:
        register(sandbox.world(KEY), (BACK,))
        register(sandbox.world(KEY), ("http://localhost:3000/first",))
        page = await platform.browser().get(platform.url())
        assert page.status == 400


class TestSafety:
    async def test_page_is_private_and_has_no_script(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        evil = '"><script>alert(1)</script>'
        user = {"email": evil, "business_name": evil}
        page = await browser.get(platform.url(state=evil, stripe_user=user))
        assert page.status == 200
        assert "<script" not in page.html
        assert page.header("cache-control") == "no-store"
        assert "script" not in (page.header("content-security-policy") or "script")
        cookie = page.header("set-cookie") or ""
        assert {"HttpOnly", "SameSite=Lax", "Secure"} <= {
            part.strip() for part in cookie.split(";")
        }

    async def test_every_field_has_a_label(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        await platform.connect()
        page = await browser.get(platform.url())
        for asked in page.form("authorize").controls:
            assert asked.label or asked.kind == "hidden", asked.name

    async def test_a_form_from_elsewhere_connects_nothing(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        page = await browser.get(platform.url())
        stranger = platform.browser()
        stranger.page = page
        answer = await stranger.submit(page.form("authorize"), {"email": "ada@example.com"})
        assert answer.status == 403
        assert answer.location is None

    async def test_a_stolen_form_token_is_worth_nothing_elsewhere(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        page = await browser.get(platform.url())
        stranger = platform.browser()
        await stranger.get(platform.url())
        stranger.page = page
        answer = await stranger.submit(page.form("authorize"), {"email": "ada@example.com"})
        assert answer.status == 403

    async def test_two_tabs(self, platform: Platform, browser: SellerBrowser) -> None:
        first = await browser.get(platform.url())
        await browser.get(platform.url(state="other"))
        browser.page = first
        page = await browser.submit(first.form("authorize"), button="Skip this form")
        assert answer_of(page)["state"] == "s 1&2"

    async def test_a_foreign_cookie_is_no_harm(
        self, platform: Platform, sandbox: Sandbox, browser: SellerBrowser
    ) -> None:
        browser.cookies.store(
            'aboard_sandbox_consent=a"b; Path=/oauth/authorize', urlsplit(platform.url())
        )
        assert (await browser.get(platform.url())).status == 200
        assert sandbox.visits == {}

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
    async def test_other_methods(self, wire: Wire, method: str) -> None:
        assert (await wire.send(method, "/oauth/authorize?a=1")).status == 405

    @pytest.mark.parametrize(
        ("form", "kind", "status"),
        [
            (b"{}", "application/json", 415),
            (b"a=%ff", "application/x-www-form-urlencoded", 400),
            (b"a=" + b"b" * 70_000, "application/x-www-form-urlencoded", 413),
            (b"do=connect", "application/x-www-form-urlencoded", 403),
        ],
    )
    async def test_bad_bodies(
        self, platform: Platform, wire: Wire, form: bytes, kind: str, status: int
    ) -> None:
        url = urlsplit(platform.url())
        answer = await wire.send("POST", f"{url.path}?{url.query}", form, content_type=kind)
        assert answer.status == status

    async def test_an_unknown_button(self, platform: Platform, browser: SellerBrowser) -> None:
        page = await browser.get(platform.url())
        form = page.form("authorize")
        wrong = [type(button)(button.name, "explode", "Explode") for button in form.buttons[:1]]
        form.buttons.extend(wrong)
        assert (await browser.submit(form, button="Explode")).status == 400

    async def test_login_links_are_no_consent(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        page = await browser.get(f"{CONNECT}/express/acct_1/authorize")
        assert page.status == 404
        assert parse_qs(urlsplit(platform.url(express=True)).query)["response_type"] == ["code"]
        assert (await browser.get(platform.url(express=True))).status == 200
