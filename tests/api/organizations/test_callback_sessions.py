"""Whose session counts on the way back from Stripe: bearer, two cookies, stored membership."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial

import httpx2
import pytest

from aboard.api.application import build_api
from aboard.core.caller import Caller, Role
from aboard.core.organization import Organization
from aboard.core.owner import Owner
from aboard.core.state import Purpose
from aboard.core.tickets import OwnerPage
from aboard.flows.entry import enter, find_page_session, issue_page_link
from aboard.web.auth import build_tokens
from tests.api.asking import ACCOUNTS, ORIGIN, SECRET, Desk, query_of
from tests.api.visiting import HTML, ORGANIZATION, OWNER, Seller, seller, since

__all__ = ["seller"]  # the fixture, found by its name

STRANGER = {"org_2": Role.OWNER}


@pytest.fixture
async def with_pages(seller: Seller) -> AsyncIterator[Seller]:
    """Let the service know the sessions of its own pages."""
    platform, clock = seller.desk.scene.platform, seller.desk.scene.clock
    app = build_api(
        platform,
        build_tokens(secrets=[SECRET], clock=clock),
        find_page_session=partial(find_page_session, platform),
    )
    transport = httpx2.ASGITransport(app=app)  # type: ignore[arg-type] # plain ASGI
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        seller.desk = Desk(seller.desk.scene, client)
        yield seller


async def page_session(seller: Seller, caller: Caller, owner: Owner = ORGANIZATION) -> str:
    """Enter the owner's pages as this caller and return what the cookie holds."""
    platform = seller.desk.scene.platform
    link = await issue_page_link(platform, owner, caller, OwnerPage.STATUS)
    entered = await enter(platform, query_of(link.url.reveal())["ticket"])
    return entered.session_token.reveal()


async def refresh(seller: Seller, nonce: str = "n1", **headers: str) -> httpx2.Response:
    """Come for a new link with these headers."""
    return await seller.desk.ask(
        "GET",
        f"{ACCOUNTS}/refresh",
        user=None,
        headers={**HTML, **headers},
        params={"state": seller.state(Purpose.REFRESH, nonce=nonce)},
    )


def is_minted(answer: httpx2.Response) -> bool:
    return answer.status_code == 303 and "/setup/" in answer.headers["location"]


async def last_actor(seller: Seller) -> str:
    (row,) = await seller.desk.scene.platform.store.list_audit(limit=1)
    return row.actor


class TestTheCookieOfOurPages:
    async def test_it_is_a_session_too(self, with_pages: Seller) -> None:
        token = await page_session(with_pages, Caller("mara", OWNER))
        assert is_minted(await refresh(with_pages, cookie=f"a=b; aboard_page={token}"))
        assert await last_actor(with_pages) == "mara"

    async def test_a_foreign_or_weak_one_is_refused(self, with_pages: Seller) -> None:
        other = Owner(ORGANIZATION.kind, "org_2", ORGANIZATION.mode)
        foreign = await page_session(with_pages, Caller("bob", STRANGER), other)
        weak = await page_session(with_pages, Caller("sue", {"org_1": Role.SUPPORT}))
        for token in (foreign, weak):
            answer = await refresh(with_pages, cookie=f"aboard_page={token}")
            assert answer.status_code == 403
            assert "href" not in answer.text

    async def test_one_that_does_not_hold_is_nobody(self, with_pages: Seller) -> None:
        token = await page_session(with_pages, Caller("mara", OWNER))
        for cookie in (token[:-4] + "AAAA", "", "nonsense", with_pages.state(Purpose.REFRESH)):
            answer = await refresh(with_pages, cookie=f"aboard_page={cookie}")
            assert query_of(answer.headers["location"])["outcome"] == "refresh_needed"

    async def test_the_platforms_cookie_comes_first_while_it_holds(
        self, with_pages: Seller
    ) -> None:
        page = await page_session(with_pages, Caller("mara", OWNER))
        platforms = with_pages.desk.token("bob", STRANGER)
        both = f"aboard_page={page}; aboard_session={platforms}"
        assert (await refresh(with_pages, cookie=both)).status_code == 403
        assert is_minted(
            await refresh(with_pages, cookie=f"aboard_session=ended; aboard_page={page}")
        )

    async def test_a_bearer_token_comes_before_both(self, with_pages: Seller) -> None:
        page = await page_session(with_pages, Caller("mara", OWNER))
        bearer = f"Bearer {with_pages.desk.token('ada', OWNER)}"
        answer = await refresh(with_pages, authorization=bearer, cookie=f"aboard_page={page}")
        assert is_minted(answer)
        assert await last_actor(with_pages) == "ada"
        answer = await refresh(
            with_pages, authorization="Bearer nonsense", cookie=f"aboard_page={page}"
        )
        assert answer.status_code == 401

    async def test_without_our_pages_it_is_nobody(self, seller: Seller) -> None:
        token = await page_session(seller, Caller("mara", OWNER))
        answer = await refresh(seller, cookie=f"aboard_page={token}")
        assert query_of(answer.headers["location"])["outcome"] == "refresh_needed"


class TestStoredMembership:
    @pytest.fixture
    async def member(self, seller: Seller) -> Seller:
        """Let org_1 be known here, with ada as its owner."""
        now = seller.desk.scene.clock()
        organization = Organization("org_1", "Harbour Ceramics", "UTC", now, "ada")
        assert await seller.desk.scene.platform.store.create_organization(
            organization, first_owner="ada"
        )
        return seller

    async def give(self, seller: Seller, user: str, role: Role) -> None:
        scene = seller.desk.scene
        change = await scene.platform.store.set_member(
            "org_1", user, role, scene.clock(), by_owner=True
        )
        assert change
        assert change.is_written

    @pytest.mark.parametrize("named", [{}, STRANGER])
    async def test_it_counts_where_the_token_names_no_role(
        self, member: Seller, named: Mapping[str, Role]
    ) -> None:
        state = member.state(Purpose.REFRESH)
        assert is_minted(await member.visit(Purpose.REFRESH, state, named))

    @pytest.mark.parametrize("role", [Role.FINANCE, Role.SUPPORT])
    async def test_a_weak_one_may_come_back_but_not_mint(self, member: Seller, role: Role) -> None:
        await self.give(member, "bob", role)
        before = await member.traces()
        back = await member.visit(Purpose.RETURN, member.state(Purpose.RETURN), {}, user="bob")
        assert back.status_code == 303
        state = member.state(Purpose.REFRESH)
        assert (await member.visit(Purpose.REFRESH, state, {}, user="bob")).status_code == 403
        assert since(before, await member.traces()).minted == 0

    async def test_the_tokens_word_comes_first(self, member: Seller) -> None:
        state = member.state(Purpose.REFRESH)
        weaker = {"org_1": Role.SUPPORT}
        assert (await member.visit(Purpose.REFRESH, state, weaker)).status_code == 403

    async def test_it_ends_with_the_membership(self, member: Seller) -> None:
        await self.give(member, "bob", Role.ADMIN)
        first, second = (member.state(Purpose.REFRESH, nonce=nonce) for nonce in "ab")
        assert is_minted(await member.visit(Purpose.REFRESH, first, {}, user="bob"))
        store = member.desk.scene.platform.store
        assert await store.remove_member("org_1", "bob", by_owner=True)
        assert (await member.visit(Purpose.REFRESH, second, {}, user="bob")).status_code == 403

    async def test_a_stranger_with_many_bad_states_has_no_effect(self, member: Seller) -> None:
        before = await member.traces()
        states = [
            member.state(Purpose.RETURN),
            member.state(Purpose.REFRESH, onboarding_id="onb_unknown"),
            member.state(Purpose.REFRESH),
        ]
        answers = await asyncio.gather(
            *(member.visit(Purpose.REFRESH, state, {}, user="eve") for state in states)
        )
        assert sorted(answer.status_code for answer in answers) == [400, 400, 403]
        assert since(before, await member.traces()) == since(before, before)
