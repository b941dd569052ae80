"""Which journey is walked? One organization and one creator, from nothing to live, step by step.

Every hop is real HTTP between servers on this machine, and every step is asserted. What is told
names origins only: the addresses themselves are bearer links.
"""

import asyncio
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aboard.cli.demo.going_live import GoingLive
from aboard.cli.demo.market.visitors import SESSION_COOKIE, SHOP_NAME, SHOP_TIME_ZONE
from aboard.cli.demo.own_page import open_own_page
from aboard.cli.demo.seller import Seller
from aboard.cli.demo.stage import Stage
from aboard.cli.demo.steps import Step, Story
from aboard.core.clock import utc_now
from aboard.core.links import BearerUrl
from aboard.sandbox.browser import HttpFetch, Page, SellerBrowser, walk_onboarding
from aboard.store import EventFilter, EventStatus

_PATIENCE_SECONDS = 15.0
_LINK_LIFETIME = timedelta(seconds=300)
_CLOCK_SLACK = timedelta(seconds=30)
_SEVERAL = 2


class Journey:
    """The walk over a stage, told as a story."""

    def __init__(self, stage: Stage, story: Story) -> None:
        """Take the stage that stands, and the story to tell."""
        self._stage = stage
        self._story = story

    async def walk(self) -> None:
        """Walk everything once.

        Raises:
            StepDiffers: a step went another way than it should.
        """
        visitor = self._stage.visitors.sign_in()
        async with (
            SellerBrowser(fetch=HttpFetch()) as browser,
            SellerBrowser(fetch=HttpFetch()) as phone,
            SellerBrowser(fetch=HttpFetch()) as stranger,
        ):
            # The platform signs its seller in; Aboard meets the cookie when Stripe sends them back.
            browser.cookies.store(
                f"{SESSION_COOKIE}={visitor.token.reveal()}; Path=/; HttpOnly; SameSite=Lax",
                urlsplit(self._stage.addresses.platform),
            )
            seller = Seller(visitor, browser)
            self._story.chapter("The organization, Harbour Ceramics")
            await self._sign_up(seller)
            link = await self._ask_for_a_link(seller)
            await self._see_what_is_wanted(seller)
            state = await self._walk_the_pages(seller, link)
            account_id = await self._hear_the_webhook(seller)
            await self._see_nobody_must_act(seller, account_id)
            await open_own_page(self._stage, self._story, seller, phone)
            self._story.chapter("The creator, Mara Okafor")
            await self._become_ready(seller)
            self._story.chapter("What must not work")
            await self._use_a_link_twice(seller, stranger, link)
            await self._forge_a_state(stranger, state)
            self._story.chapter("Going live, as a rehearsal in test mode")
            await GoingLive(self._stage, self._story, seller, account_id).walk()

    async def _sign_up(self, seller: Seller) -> None:
        with self._story.step("The organization signs up") as step:
            answer = await self._stage.backend.create_organization(
                seller.token, seller.organization_id, SHOP_NAME, SHOP_TIME_ZONE
            )
            step.expect("status", answer.status, 201)
            step.expect("role", answer.body["role"], "owner")
            step.tell(f"{SHOP_NAME}, {SHOP_TIME_ZONE}; who signs up is its owner")

    async def _ask_for_a_link(self, seller: Seller) -> BearerUrl:
        stage = self._stage
        with self._story.step("The organization asks for a link") as step:
            answer = await stage.backend.ask_onboarding_link(
                seller.token,
                seller.organization_id,
                return_url=stage.market.organization_return_url,
                refresh_url=stage.market.organization_refresh_url,
                idempotency_key=secrets.token_hex(16),
            )
            step.expect("status", answer.status, 200)
            step.expect("Cache-Control", answer.headers.get("Cache-Control"), "no-store")
            link = BearerUrl(str(answer.body["onboardingUrl"]))
            step.expect("the link's origin", link.origin, stage.addresses.sandbox)
            left = datetime.fromisoformat(answer.body["expiresAt"]) - utc_now()
            step.require("good for 300 seconds", holds=abs(left - _LINK_LIFETIME) < _CLOCK_SLACK)
            step.tell("a link to Stripe's pages, single use, good for 300 s")
        return link

    async def _see_what_is_wanted(self, seller: Seller) -> None:
        with self._story.step("The checklist says what is wanted") as step:
            groups = await self._checklist(step, seller)
            wanted = [*groups["past_due"], *groups["currently_due"]]
            step.require("several things are wanted", holds=len(wanted) > _SEVERAL)
            is_worded = all(item["title"] and item["why"] and item["help"] for item in wanted)
            step.require("each has a title, a reason and what to do", holds=is_worded)
            step.tell(f"{len(wanted)} things, each with why and how; first: {wanted[0]['title']}")

    async def _checklist(self, step: Step, seller: Seller) -> Mapping[str, Any]:
        answer = await self._stage.backend.read_checklist(seller.token, seller.organization_id)
        step.expect("status of the checklist", answer.status, 200)
        groups: Mapping[str, Any] = answer.body["groups"]
        return groups

    async def _walk_the_pages(self, seller: Seller, link: BearerUrl) -> str:
        """Walk Stripe's pages and land at the platform; return the state that came along."""
        browser = seller.browser
        with self._story.step("The seller walks the hosted pages") as step:
            await walk_onboarding(browser, link.reveal())
            pages = sum(each.startswith(link.origin) for each in browser.visited)
            step.require("several pages were filled in", holds=pages > _SEVERAL)
            step.tell(f"{pages} requests: sign-in, business, person, bank, terms")
        with self._story.step("Stripe's return lands") as step:
            words = self._landed(step, browser.page, "/organization/back")
            step.expect("outcome", words.get("outcome"), "complete")
            step.expect("readiness", words.get("readiness"), "complete", "enabled")
            callback = browser.visited[-2]
            step.expect("the hop before", urlsplit(callback).path, "/v1/connect/accounts/return")
            step.tell(f"state verified, account read, 303: outcome={words['outcome']}")
        return dict(parse_qsl(urlsplit(callback).query))["state"]

    def _landed(self, step: Step, page: Page | None, path: str) -> Mapping[str, str]:
        if page is None:
            step.require("the browser is on a page", holds=False)
            return {}
        where = urlsplit(page.address)
        step.expect("host", f"{where.scheme}://{where.netloc}", self._stage.addresses.platform)
        step.expect("page", where.path, path)
        step.expect("status", page.status, 200)
        return dict(parse_qsl(where.query))

    async def _hear_the_webhook(self, seller: Seller) -> str:
        with self._story.step("The signed webhook arrives") as step:
            connection = await self._connection(step, seller)
            account_id = str(connection["stripeAccountId"])
            count = await self._all_processed(step, account_id)
            step.tell(f"{count} events kept, once each; the worker read the account")
        return account_id

    async def _all_processed(self, step: Step, account_id: str) -> int:
        """Wait until the account's events are in and the worker is through with them."""
        which = EventFilter(endpoint="connect", stripe_account_id=account_id)
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while True:
            events = await self._stage.platform.store.list_events(which)
            is_there = any(event.type == "account.updated" for event in events)
            if is_there and all(event.status is EventStatus.PROCESSED for event in events):
                return len(events)
            if asyncio.get_running_loop().time() > deadline:
                step.expect("account.updated came", is_there, True)
                waiting = {event.status.value for event in events}
                step.expect("events", sorted(waiting), [EventStatus.PROCESSED.value])
            await asyncio.sleep(0.02)

    async def _see_nobody_must_act(self, seller: Seller, account_id: str) -> None:
        with self._story.step("Nobody has to act") as step:
            connection = await self._connection(step, seller)
            step.expect("readiness", connection["readiness"], "complete", "enabled")
            step.expect("whoMustAct", connection["whoMustAct"], "nobody")
            step.expect("account", connection["stripeAccountId"], account_id)
            step.expect("chargesEnabled", connection["chargesEnabled"], True)
            step.expect("payoutsEnabled", connection["payoutsEnabled"], True)
            step.expect("source", connection["source"], "stored")
            step.tell(f"{account_id} reads {connection['readiness']}, from memory")
        with self._story.step("The checklist is worked off") as step:
            groups = await self._checklist(step, seller)
            step.expect("past due", groups["past_due"], [])
            step.expect("currently due", groups["currently_due"], [])
            step.expect("being verified", groups["pending_verification"], [])
            later = ", ".join(item["title"] for item in groups["eventually_due"])
            step.tell(f"nothing due; some day: {later}" if later else "nothing due, nothing left")

    async def _connection(self, step: Step, seller: Seller) -> Mapping[str, Any]:
        answer = await self._stage.backend.read_connection(seller.token, seller.organization_id)
        step.expect("status of the connection", answer.status, 200)
        return answer.body

    async def _become_ready(self, seller: Seller) -> None:
        backend, sandbox = self._stage.backend, self._stage.addresses.sandbox
        with self._story.step("Mara becomes a creator, and begins") as step:
            upgraded = await backend.upgrade_creator(seller.token)
            step.expect("status of upgrade", upgraded.status, 200, 201)
            begun = await backend.ask_creator(seller.token, "initiate")
            step.expect("status of initiate", begun.status, 201)
            link = BearerUrl(str(begun.data["onboardingUrl"]))
            step.expect("the link's origin", link.origin, sandbox)
            account_id = str(begun.data["accountId"])
            step.tell(f"an Express account {account_id}, and a link")
        with self._story.step("She opens the link, and leaves") as step:
            page = await seller.browser.get(link.reveal())
            step.expect("status", page.status, 200)
            status = await self._creator_status(step, seller)
            step.expect("stripeAccountStatus", status["stripeAccountStatus"], "PENDING")
            step.tell("status PENDING: the next step is hers")
        with self._story.step("A fresh link takes her through") as step:
            again = await backend.ask_creator(seller.token, "refresh-link")
            step.expect("status of refresh-link", again.status, 200)
            fresh = BearerUrl(str(again.data["onboardingUrl"]))
            step.require("it is another link", holds=fresh != link)
            await walk_onboarding(seller.browser, fresh.reveal())
            words = self._landed(step, seller.browser.page, "/creator/back")
            step.expect("outcome", words.get("outcome"), "complete")
            step.tell("refresh-link: the same account, outcome=complete")
        with self._story.step("Her status reads ACTIVE") as step:
            status = await self._creator_status(step, seller)
            step.expect("stripeAccountStatus", status["stripeAccountStatus"], "ACTIVE")
            step.expect("stripeAccountId", status["stripeAccountId"], account_id)
            step.tell(f"{account_id}: charges and payouts enabled")
        with self._story.step("She opens Stripe's dashboard") as step:
            answer = await backend.ask_creator(seller.token, "dashboard-link")
            step.expect("status of dashboard-link", answer.status, 200)
            door = BearerUrl(str(answer.data["url"]))
            page = await seller.browser.get(door.reveal())
            step.expect("status", page.status, 200)
            step.tell("a login link, good once")

    async def _creator_status(self, step: Step, seller: Seller) -> Mapping[str, Any]:
        answer = await self._stage.backend.ask_creator(seller.token, "status")
        step.expect("status of status", answer.status, 200)
        return answer.data

    async def _use_a_link_twice(
        self, seller: Seller, stranger: SellerBrowser, link: BearerUrl
    ) -> None:
        with self._story.step("A used link goes to refresh") as step:
            page = await seller.browser.get(link.reveal())
            hops = [urlsplit(each) for each in seller.browser.visited[-3:]]
            step.expect(
                "hops",
                [f"{hop.scheme}://{hop.netloc}" for hop in hops],
                [
                    link.origin,
                    self._stage.addresses.service,
                    link.origin,
                ],
            )
            step.expect("callback", hops[1].path, "/v1/connect/accounts/refresh")
            step.require("it is another link", holds=BearerUrl(page.url) != link)
            step.expect("status", page.status, 200)
            step.tell("refresh: the session is known, so 303 to a new link")
        with self._story.step("A stranger gets no link from it") as step:
            page = await stranger.get(link.reveal())
            words = self._landed(step, page, "/organization/again")
            step.expect("outcome", words.get("outcome"), "refresh_needed")
            step.tell("no session: 303 to the platform's own page")

    async def _forge_a_state(self, stranger: SellerBrowser, state: str) -> None:
        with self._story.step("A forged state is refused") as step:
            forged = state[:-1] + ("A" if state[-1] != "A" else "B")
            service = self._stage.addresses.service
            page = await stranger.get(f"{service}/v1/connect/accounts/return?state={forged}")
            step.expect("status", page.status, 400)
            step.expect("redirect", page.header("location"), None)
            step.tell("one character changed: 400, a page, no redirect")
