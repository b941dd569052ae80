"""Where does a visitor of a link end? Stripe's table row by row, and what a visit may outlive.

`test_chromium_links.py` walks the same rows in a real browser.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import Page, SellerBrowser, walk_onboarding
from aboard.sandbox.links import KEPT_SECONDS
from aboard.sandbox.visits import VISIT_SECONDS
from tests.sandbox.conftest import KEY, Wire, client, control, free
from tests.sandbox.hosted.conftest import HOSTED, REFRESH, RETURN, Platform, sign_in

HOUR = 3600
REFUSED = (
    "You cannot create `account_update` type Account Links for this account. Valid types for this "
    'account are ["account_onboarding"].'
)


async def _signed_in(platform: Platform, browser: SellerBrowser, kind: str = "express") -> Page:
    page = await browser.get(await platform.link(await platform.account(kind)))
    return await sign_in(browser, page) if kind == "express" else page


class TestComing:
    async def test_first_visit_opens(self, platform: Platform, browser: SellerBrowser) -> None:
        page = await browser.get(await platform.link(await platform.account()))
        assert (page.status, page.location) == (200, None)

    async def test_second_visit(self, platform: Platform, browser: SellerBrowser) -> None:
        url = await platform.link(await platform.account())
        await browser.get(url)
        assert (await browser.get(url)).location == REFRESH

    async def test_reload(self, platform: Platform, browser: SellerBrowser) -> None:
        await browser.get(await platform.link(await platform.account()))
        assert (await browser.reload()).location == REFRESH

    async def test_back_button_to_the_link(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        url = await platform.link(await platform.account())
        page = await sign_in(browser, await browser.get(url))
        back = await browser.get(url)
        assert back.location == REFRESH
        browser.page = page
        assert (await browser.reload()).status == 200

    async def test_back_button_within_the_form(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        first = await _signed_in(platform, browser)
        await browser.submit(first.form("step"), {"business_type": "individual"})
        assert (await browser.get(first.url)).location is None

    @pytest.mark.parametrize(
        ("age_seconds", "opens"), [(0, True), (299, True), (300, False), (301, False)]
    )
    async def test_expiry(
        self,
        platform: Platform,
        browser: SellerBrowser,
        sandbox: Sandbox,
        age_seconds: int,
        opens: bool,  # noqa: FBT001 - table
    ) -> None:
        url = await platform.link(await platform.account())
        sandbox.clock.advance(age_seconds)
        assert (await browser.get(url)).location == (None if opens else REFRESH)

    async def test_an_expired_link_is_not_used_up(
        self, platform: Platform, browser: SellerBrowser, sandbox: Sandbox, wire: Wire
    ) -> None:
        url = await platform.link(await platform.account())
        sandbox.clock.advance(300)
        await browser.get(url)
        shown = await wire.send("GET", "/_sandbox/links")
        assert [row["state"] for row in shown.json["data"]] == ["expired"]

    @pytest.mark.parametrize("code", ["nobodyKnows1234", "", "x" * 3000, "%2e%2e", "a/b", "é"])
    async def test_unknown_code(
        self, platform: Platform, browser: SellerBrowser, code: str
    ) -> None:
        page = await browser.get(f"{HOSTED}/setup/e/{await platform.account()}/{code}")
        assert (page.status, page.location) == (404, None)
        assert "does not open anything" in page.title

    async def test_codes_are_case_sensitive(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        head, _, code = (await platform.link(await platform.account())).rpartition("/")
        assert (await browser.get(f"{head}/{code.swapcase()}")).status == 404
        assert (await browser.get(f"{head}/{code}")).status == 200

    @pytest.mark.parametrize("verb", ["reject", "deauthorize"])
    async def test_rejected_or_lost_account(
        self, platform: Platform, browser: SellerBrowser, wire: Wire, verb: str
    ) -> None:
        account = await platform.account()
        url = await platform.link(account)
        await control(wire, account, verb)
        assert (await browser.get(url)).location == REFRESH

    async def test_rejected_account_that_asks_for_a_link(
        self, platform: Platform, browser: SellerBrowser, wire: Wire
    ) -> None:
        account = await platform.account()
        await control(wire, account, "reject")
        assert (await browser.get(await platform.link(account))).location == REFRESH

    async def test_deleted_account(self, platform: Platform, browser: SellerBrowser) -> None:
        account = await platform.account()
        url = await platform.link(account)
        await platform.sdk.v1.accounts.delete_async(account)
        assert (await browser.get(url)).location == REFRESH

    async def test_replayed_link_is_the_used_one(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        form = free(
            {
                "account": await platform.account(),
                "type": "account_onboarding",
                "return_url": RETURN,
                "refresh_url": REFRESH,
            }
        )
        options = free({"idempotency_key": "the same"})
        first = await platform.sdk.v1.account_links.create_async(form, options)
        await browser.get(first.url)
        second = await platform.sdk.v1.account_links.create_async(form, options)
        assert second.url == first.url
        assert (await browser.get(second.url)).location == REFRESH


class TestUpdate:
    """`account_update`: only where the platform collects, and only when nothing is due."""

    @pytest.mark.parametrize("kind", ["standard", "express", "custom"])
    async def test_refused(self, platform: Platform, kind: str) -> None:
        account = await platform.account(kind)
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await platform.link(account, "account_update")
        assert caught.value.http_status == 400
        assert caught.value.user_message == REFUSED

    async def test_refused_where_stripe_collects_even_when_nothing_is_due(
        self, platform: Platform, wire: Wire
    ) -> None:
        account = await platform.account()
        await control(wire, account, "complete")
        with pytest.raises(stripe.InvalidRequestError, match="Valid types"):
            await platform.link(account, "account_update")

    async def test_allowed(self, platform: Platform, browser: SellerBrowser, wire: Wire) -> None:
        account = await platform.account("custom")
        await control(wire, account, "complete")
        url = await platform.link(account, "account_update")
        page = await browser.get(url)
        assert (page.status, page.location) == (200, None)
        assert (await browser.get(url)).location == REFRESH

    async def test_refused_again_when_something_becomes_due(
        self, platform: Platform, wire: Wire
    ) -> None:
        account = await platform.account("custom")
        await control(wire, account, "complete")
        await control(wire, account, "require", requirement="individual.id_number")
        with pytest.raises(stripe.InvalidRequestError, match="Valid types"):
            await platform.link(account, "account_update")

    async def test_a_refused_link_locks_nothing(self, platform: Platform, wire: Wire) -> None:
        account = await platform.account()
        with pytest.raises(stripe.InvalidRequestError):
            await platform.link(account, "account_update")
        assert "company" in (await wire.send("GET", f"/v1/accounts/{account}")).json


class TestLive:
    @pytest.mark.parametrize("name", ["refresh_url", "return_url"])
    async def test_http_is_refused(self, live: stripe.StripeClient, name: str) -> None:
        account = await live.v1.accounts.create_async({"type": "express"})
        form: Any = {
            "account": account.id,
            "type": "account_onboarding",
            "refresh_url": "https://shop.example/again",
            "return_url": "https://shop.example/back",
        }
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await live.v1.account_links.create_async(free({**form, name: "http://shop.example/x"}))
        error = caught.value
        assert error.user_message == "Livemode requests must always be redirected via HTTPS."
        assert (error.http_status, error.param) == (400, name)
        assert (await live.v1.account_links.create_async(form)).url


class TestWithin:
    """A visit is one browser's, one account's and one world's."""

    async def test_pages_of_another_visit_do_not_open(
        self, platform: Platform, browser: SellerBrowser, sandbox: Sandbox
    ) -> None:
        page = await _signed_in(platform, browser)
        stranger = SellerBrowser({HOSTED: sandbox.app})
        await _signed_in(platform, stranger)
        assert (await stranger.get(page.url)).status == 404

    async def test_pages_of_another_world_do_not_open(
        self, platform: Platform, browser: SellerBrowser, sandbox: Sandbox
    ) -> None:
        page = await _signed_in(platform, browser)
        other = Platform(client(sandbox, "sk_test_somebody_else"), sandbox)
        stranger = SellerBrowser({HOSTED: sandbox.app})
        theirs = await _signed_in(other, stranger)
        assert (await stranger.get(page.url)).status == 404
        assert (await browser.get(theirs.url)).status == 404

    async def test_forms_of_another_world_change_nothing(
        self, platform: Platform, browser: SellerBrowser, sandbox: Sandbox
    ) -> None:
        page = await _signed_in(platform, browser)
        other = Platform(client(sandbox, "sk_test_somebody_else"), sandbox)
        stranger = SellerBrowser({HOSTED: sandbox.app})
        await _signed_in(other, stranger)
        stranger.page = page
        form = page.form("step")
        assert (await stranger.submit(form, {"business_type": "company"})).status == 404
        account = page_account(platform)
        assert (await platform.read(account))["business_type"] is None

    async def test_a_code_under_another_worlds_account_is_unknown(
        self, platform: Platform, browser: SellerBrowser, sandbox: Sandbox
    ) -> None:
        other = Platform(client(sandbox, "sk_test_somebody_else"), sandbox)
        theirs = await other.account()
        account = await platform.account()
        url = await platform.link(account)
        assert (await browser.get(url.replace(account, theirs))).status == 404
        assert (await browser.get(url)).status == 200

    @pytest.mark.parametrize("what", ["reject", "deauthorize", "delete"])
    async def test_ends_with_the_account(
        self, platform: Platform, browser: SellerBrowser, wire: Wire, what: str
    ) -> None:
        page = await _signed_in(platform, browser)
        account = page_account(platform)
        if what == "delete":
            await platform.sdk.v1.accounts.delete_async(account)
        else:
            await control(wire, account, what)
        assert (await browser.reload()).location == REFRESH
        browser.page = page
        answer = await browser.submit(page.form("step"), {"business_type": "company"})
        assert answer.location == REFRESH


def page_account(platform: Platform) -> str:
    """Return the one account of the platform's world."""
    (account,) = platform.sandbox.world(KEY).accounts
    return account.id


Leave = Callable[[Platform, SellerBrowser], Awaitable[str]]


async def _finish(platform: Platform, browser: SellerBrowser) -> str:
    return await walk_onboarding(browser, await platform.link(await platform.account()))


async def _save(platform: Platform, browser: SellerBrowser) -> str:
    page = await browser.get(await platform.link(await platform.account()))
    page = await browser.submit(page.form("step"), button="Save for later")
    return str(page.location)


@pytest.mark.parametrize("leave", [_finish, _save])
async def test_going_back_to_the_platform_adds_nothing(
    platform: Platform, browser: SellerBrowser, leave: Leave
) -> None:
    assert await leave(platform, browser) == RETURN


class TestLoginLink:
    async def test_of_a_lost_or_deleted_account(
        self, platform: Platform, browser: SellerBrowser, wire: Wire
    ) -> None:
        for what in ("deauthorize", "delete"):
            account = await platform.account()
            await control(wire, account, "complete")
            url = await platform.login_link(account)
            if what == "delete":
                await platform.sdk.v1.accounts.delete_async(account)
            else:
                await control(wire, account, what)
            assert (await browser.get(url)).status == 404

    async def test_dashboard_closes_with_the_account(
        self, platform: Platform, browser: SellerBrowser, wire: Wire
    ) -> None:
        account = await platform.account()
        await control(wire, account, "complete")
        page = await browser.get(await platform.login_link(account))
        page = await browser.submit(page.form("step"), button="Use the test code")
        assert page.status == 200
        await control(wire, account, "deauthorize")
        page = await browser.reload()
        assert (page.status, page.location) == (404, None)

    async def test_an_account_link_is_no_login_link(
        self, platform: Platform, browser: SellerBrowser
    ) -> None:
        url = await platform.link(await platform.account())
        assert (await browser.get(url.replace("/setup/e/", "/express/"))).status == 404
        assert (await browser.get(url)).status == 200


class TestMemory:
    async def test_old_visits_are_forgotten(
        self, platform: Platform, browser: SellerBrowser, sandbox: Sandbox
    ) -> None:
        for _ in range(3):
            await browser.get(await platform.link(await platform.account()))
        sandbox.clock.advance(2 * VISIT_SECONDS)
        await browser.get(await platform.link(await platform.account()))
        assert len(sandbox.visits) == 4
        sandbox.clock.advance(1)
        await browser.get(await platform.link(await platform.account()))
        assert len(sandbox.visits) == 2

    async def test_old_links_are_forgotten(
        self, platform: Platform, browser: SellerBrowser, sandbox: Sandbox
    ) -> None:
        account = await platform.account()
        urls = [await platform.link(account) for _ in range(3)]
        sandbox.clock.advance(KEPT_SECONDS)
        await platform.link(account)
        assert (await browser.get(urls[0])).location == REFRESH
        sandbox.clock.advance(1)
        await platform.link(account)
        assert (await browser.get(urls[0])).status == 404
        assert len(sandbox.world(KEY).links) == 2
