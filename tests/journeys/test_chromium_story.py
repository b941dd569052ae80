"""The seller's story in a real Chromium, with JavaScript, and a picture of each screen.

Stripe's hosted pages live on `127.0.0.1`, the service on `localhost`: two sites. The pictures
stand below the test's `tmp_path`, in the order in which the seller saw them. What every screen has
to say is in `test_seller_story.py`; here it is held against Stripe's account in the same way.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Page,
    expect,
)

from aboard.cli.servers import address_of, bind, listening
from aboard.core.caller import Role
from tests.journeys.seller import (
    ASKED,
    CHECKING,
    NOT_STARTED,
    PICTURE,
    PLACE,
    UNFINISHED,
    WORKS,
    check_checklist,
    check_switches,
)
from tests.journeys.town import KEY, MARKET, Town, ask_stripe, open_town
from tests.sandbox.hosted.street import IN_CHROMIUM, go, launched
from tests.sandbox.hosted.test_chromium_walks import fill_in

pytestmark = [*IN_CHROMIUM, pytest.mark.timeout(180)]

DAY_SECONDS = 24 * 3600
# The second is a phone at night.
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "is_mobile": True,
    "has_touch": True,
}


@dataclass
class Device:
    """One browser of the seller's, with every address that it asked for."""

    page: Page
    visits: list[str]


@dataclass
class Seller:
    """A seller between two sites, and a camera."""

    town: Town
    hosted: str
    service: str
    chromium: Browser
    pictures: Path
    complaints: list[str] = field(default_factory=list)

    @property
    def home(self) -> str:
        return f"{self.service}{PLACE}"

    async def device(self, **kind: Any) -> Device:  # noqa: ANN401 - Playwright's options
        """Take a device that was never used before."""
        context: BrowserContext = await self.chromium.new_context(**kind)
        page, visits = await context.new_page(), list[str]()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: visits.append(request.url))
        page.on("console", self._listen)
        return Device(page, visits)

    def _listen(self, message: ConsoleMessage) -> None:
        # The browser itself notes a page that came with a status such as 401.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    async def page_link(self) -> str:
        path = "/v1/connect/accounts/org_1/page-links"
        answer = await self.town.call("POST", path, self.town.token("mara"), {"mode": "test"})
        assert answer.status == 200, answer.body
        url: str = answer.body["url"]
        return url

    async def picture(self, page: Page, name: str) -> None:
        """Keep what the seller sees; nothing may lie outside the window's width."""
        number = len(list(self.pictures.iterdir())) + 1
        await page.screenshot(path=self.pictures / f"{number:02}-{name}.png", full_page=True)
        width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, f"{name} is {width} px too wide"

    async def truth(self) -> dict[str, Any]:
        (account,) = [account for world in self.town.sandbox.worlds for account in world.accounts]
        return await self.town.at_stripe(account.id)

    async def force(self, what: str) -> None:
        """Let something happen at Stripe, and let the service hear of it."""
        await self.town.force((await self.truth())["id"], what)
        await self.town.settle()

    async def screens(self, page: Page, says: str, name: str) -> None:
        """Look at the three screens, and end at home."""
        truth = await self.truth()
        for path, screen in (("/back", "back"), ("/checklist", "checklist"), ("", "home")):
            await page.goto(self.home + path)
            await self.picture(page, f"{name}-{screen}")
            text = await page.locator("body").inner_text()
            if screen == "checklist":
                html = await page.content()
                await _open_all(page)
                check_checklist(html, await page.locator("body").inner_text(), truth)
            else:
                await expect(page.locator("#standing")).to_have_text(says)
                check_switches(" ".join(text.split()), truth)

    async def go_on(self, page: Page, button: str = "Continue with Stripe") -> None:
        await page.goto(self.home)
        await go(page, button)
        assert page.url.startswith(self.hosted)

    async def landed(self, page: Page, outcome: str, says: str) -> None:
        """See the seller come back from Stripe's site, still known to us, to a page that is true.

        Stripe's last answer is a navigation from another site: a Strict cookie would stay behind.
        """
        assert page.url.startswith(f"{self.home}/back?outcome={outcome}&")
        await expect(page.get_by_role("heading", level=1)).to_have_text("You are back")
        await expect(page.locator("#standing")).to_have_text(says)

    async def answer(self, page: Page, until: str = "") -> None:
        """Answer Stripe's pages up to the one with this heading, or until they let go."""
        for _ in range(20):
            if not page.url.startswith(self.hosted):
                assert not until, "Stripe's pages let go too early"
                return
            if until and (await page.title()).startswith(until):
                return
            await fill_in(page, "US", {})
            finish = await page.get_by_role("button", name="Agree and finish").count()
            await go(page, "Agree and finish" if finish else "Continue")
        raise AssertionError("Stripe's pages go on and on")


async def _open_all(page: Page) -> None:
    await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


@pytest_asyncio.fixture(loop_scope="module")
async def seller(tmp_path: Path) -> AsyncIterator[Seller]:
    # Pytest listens where the servers are told to say nothing, and then they say it.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    async with AsyncExitStack() as stack:
        chromium = await stack.enter_async_context(launched())
        stripes, ours = (stack.enter_context(bind("127.0.0.1", 0)) for _ in range(2))
        hosted, service = address_of("127.0.0.1", stripes), address_of("localhost", ours)
        settings = {
            "ABOARD_PUBLIC_URL": service,
            "ABOARD_ADDRESSES": f"{service},{MARKET}",
            "ABOARD_BRAND_NAME": "Harbour Market",
            "ABOARD_ORGANIZATION_COUNTRY": "US",
            "ABOARD_SIGN_IN_URL": f"{MARKET}/sign-in",
        }
        town = await stack.enter_async_context(open_town(tmp_path, **settings))
        town.sandbox.policy.hosted_base = hosted
        await stack.enter_async_context(listening(town.sandbox.app, stripes))
        await stack.enter_async_context(listening(town.app, ours))
        named = {"name": "Harbour Ceramics", "organizationId": "org_1"}
        answer = await town.call("POST", "/v1/organizations", town.operator(), named)
        assert answer.status in {200, 201}, answer.body
        yield Seller(town, hosted, service, chromium, pictures)
        for context in chromium.contexts:
            await context.close()


async def test_each_screen_says_what_is_true(seller: Seller) -> None:
    laptop = await seller.device(**LAPTOP)
    await _begin_and_leave(seller, laptop.page)
    phone = await seller.device(**PHONE)
    await _come_back_next_day(seller, laptop, phone)
    await _give_a_document(seller, phone.page)
    await _be_reviewed(seller, phone.page)
    await _go_live(seller, phone.page)
    assert seller.complaints == []


async def _begin_and_leave(seller: Seller, page: Page) -> None:
    await page.goto(await seller.page_link())
    assert page.url == seller.home
    await expect(page.locator("#standing")).to_have_text(NOT_STARTED)
    await seller.picture(page, "nothing-yet-home")
    await go(page, "Set up with Stripe")
    assert page.url.startswith(seller.hosted)
    await seller.picture(page, "stripe-sign-in")
    await seller.answer(page, "Your personal details")
    await page.get_by_label("First name").fill("Mara")
    await page.get_by_label("Last name").fill("Okafor")
    await seller.picture(page, "stripe-half-way")
    await go(page, "Save for later")
    await seller.landed(page, "incomplete", UNFINISHED)
    assert "individual.first_name" not in (await seller.truth())["requirements"]["currently_due"]
    await seller.screens(page, UNFINISHED, "left")


async def _come_back_next_day(seller: Seller, laptop: Device, phone: Device) -> None:
    seller.town.sandbox.clock.advance(DAY_SECONDS + 60)
    await seller.town.settle()
    old = next(url for url in laptop.visits if "/setup/" in url)
    await laptop.page.goto(seller.home)
    await expect(laptop.page.get_by_role("heading", level=1)).to_have_text("Please sign in")
    await seller.picture(laptop.page, "next-day-signed-out")
    # Yesterday's link, sent to the phone: Stripe's site sends it to us, and we lead on.
    page = phone.page
    await page.goto(old)
    assert page.url.startswith(f"{seller.service}/v1/connect/accounts/refresh?")
    await expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    await seller.picture(page, "next-day-old-link")

    await page.goto(await seller.page_link())
    assert page.url == seller.home
    await seller.screens(page, UNFINISHED, "next-day")
    await seller.go_on(page)
    await seller.answer(page, "Your personal details")
    await expect(page.get_by_label("First name")).to_have_value("Mara")
    await seller.picture(page, "stripe-resumed")
    await seller.answer(page)
    await seller.landed(page, "complete", WORKS)
    await seller.screens(page, WORKS, "finished")


async def _give_a_document(seller: Seller, page: Page) -> None:
    await seller.force("reject_document")
    await seller.screens(page, ASKED, "document-asked")
    await seller.go_on(page)
    await seller.answer(page, "Documents")
    await seller.picture(page, "stripe-document")
    picture = FilePayload(name="passport.png", mimeType="image/png", buffer=PICTURE)
    for chooser in await page.locator('input[type="file"]').all():
        await chooser.set_input_files(picture)
    await seller.answer(page)
    await seller.landed(page, "complete", WORKS)
    await seller.screens(page, WORKS, "document-given")


async def _be_reviewed(seller: Seller, page: Page) -> None:
    await seller.force("review")
    await seller.screens(page, CHECKING, "in-review")
    await expect(page.get_by_role("button", name="Continue with Stripe")).to_have_count(0)
    await page.goto(f"{seller.home}/back")
    await seller.force("verify")
    # The page to come back to looks by itself.
    await expect(page.locator("#standing")).to_have_text(WORKS)
    await seller.picture(page, "review-ended-back")


async def _go_live(seller: Seller, page: Page) -> None:
    town = seller.town
    policy = {"capabilities": ["card_payments"], "conditions": ["payouts", "webhooks"]}
    path = "/v1/organizations/org_1/go-live-policy?mode=test"
    assert (await town.call("PUT", path, town.operator(), policy)).status == 200
    sentence = {"payments[payouts][statement_descriptor]": "MARKET"}
    await ask_stripe(town.sandbox, KEY, "/v1/balance_settings", sentence)
    await town.settle()
    admin = town.token("adam", {"org_1": Role.ADMIN})
    answer = await town.call("POST", "/v1/connect/accounts/org_1/go-live", admin, {"mode": "test"})
    assert (answer.status, answer.body["live"]) == (200, True)
    await seller.screens(page, WORKS, "live")
