"""Refreshes that come again and again, and refreshes that come at the same moment."""

import asyncio
import re
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx2
import pytest

from aboard.core.state import Purpose
from aboard.core.wording import word_requirement
from aboard.store import open_store
from tests.api.conftest import OpenDesk
from tests.api.visiting import JSON, LINK_USED, OUR_ADDRESS, Seller, seller, since

__all__ = ["seller"]  # the fixture, found by its name

CONTINUE = f"{OUR_ADDRESS}/v1/connect/accounts/refresh/continue"
STRIPE = re.compile(r"https?://[^/]+/setup/\w+/acct_\w+/\S+")


async def refresh(seller: Seller, nonce: str) -> httpx2.Response:
    return await seller.visit(Purpose.REFRESH, seller.state(Purpose.REFRESH, nonce=nonce))


def is_at_stripe(answer: httpx2.Response) -> bool:
    return answer.status_code == 303 and bool(STRIPE.fullmatch(answer.headers["location"]))


async def outcomes(seller: Seller) -> Counter[str]:
    rows = await seller.desk.scene.platform.store.list_audit(action="refresh.visit")
    return Counter(row.outcome for row in rows)


class TestTheLoop:
    @pytest.fixture
    async def looping(self, seller: Seller) -> Seller:
        """Let two refreshes be behind this seller, five minutes apart."""
        for nonce in ("a", "b"):
            assert is_at_stripe(await refresh(seller, nonce))
            seller.desk.scene.clock.advance(timedelta(minutes=5))
        return seller

    async def test_the_third_is_a_page_with_one_button(self, looping: Seller) -> None:
        before = await looping.traces()
        page = await refresh(looping, "c")
        assert page.status_code == 200
        assert re.findall(r'action="([^"]+)"', page.text) == [CONTINUE]
        assert page.text.count("<button>") == 1
        left = since(before, await looping.traces())
        assert (left.spent, left.minted) == (0, 0)
        (row,) = await looping.desk.scene.platform.store.list_audit(limit=1)
        assert (row.outcome, row.actor) == ("loop", "ada")
        assert row.request_id == page.headers["x-request-id"]

    async def test_the_button_mints_exactly_one_link(self, looping: Seller) -> None:
        token = looping.state(Purpose.REFRESH, nonce="c")
        await looping.visit(Purpose.REFRESH, token)
        before = await looping.traces()
        assert is_at_stripe(await looping.press(token))
        again = await looping.press(token)
        assert (again.status_code, again.headers["location"]) == (303, LINK_USED)
        assert since(before, await looping.traces()).minted == 1

    async def test_the_button_pressed_many_times_at_once(self, looping: Seller) -> None:
        token = looping.state(Purpose.REFRESH, nonce="c")
        before = await looping.traces()
        answers = await asyncio.gather(*(looping.press(token) for _ in range(20)))
        assert sum(map(is_at_stripe, answers)) == 1
        assert since(before, await looping.traces()).minted == 1

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec-fetch-site": "cross-site", "origin": OUR_ADDRESS},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {},
        ],
    )
    async def test_another_sites_button_mints_nothing(
        self, looping: Seller, headers: dict[str, str]
    ) -> None:
        token = looping.state(Purpose.REFRESH, nonce="c")
        before = await looping.traces()
        answer = await looping.press(token, headers=headers)
        assert answer.status_code == 403
        assert "not yours" in answer.text
        left = since(before, await looping.traces())
        assert (left.spent, left.minted) == (0, 0)
        (row,) = await looping.desk.scene.platform.store.list_audit(limit=1)
        assert (row.action, row.outcome, row.actor) == (
            "refresh.visit",
            "refused:owner.not_yours",
            "ada",
        )
        assert row.details == {"what": "another_sites_form"}
        # The button of our own page goes on, also from a browser of before 2023.
        assert is_at_stripe(await looping.press(token, headers={"origin": OUR_ADDRESS}))

    async def test_a_used_link_gets_no_button_in_a_loop(self, looping: Seller) -> None:
        answer = await refresh(looping, "a")
        assert (answer.status_code, answer.headers["location"]) == (303, LINK_USED)

    async def test_as_json_it_is_a_refusal_with_the_checklist(self, looping: Seller) -> None:
        token = looping.state(Purpose.REFRESH, nonce="c")
        headers = {**JSON, "accept-language": "fr"}
        answer = await looping.visit(Purpose.REFRESH, token, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "refresh_loop")
        groups = answer.json()["details"]["checklist"].values()
        titles = {item["title"] for group in groups for item in group}
        assert word_requirement("external_account", "fr").title in titles

    async def test_it_goes_on_after_the_window(self, looping: Seller) -> None:
        assert (await refresh(looping, "c")).status_code == 200
        looping.desk.scene.clock.advance(timedelta(minutes=5))  # the first is 15 minutes ago
        assert (await refresh(looping, "d")).status_code == 200
        looping.desk.scene.clock.advance(timedelta(seconds=1))
        assert is_at_stripe(await refresh(looping, "e"))

    async def test_a_pressed_button_counts_as_a_refresh(self, looping: Seller) -> None:
        assert is_at_stripe(await looping.press(looping.state(Purpose.REFRESH, nonce="c")))
        looping.desk.scene.clock.advance(timedelta(minutes=6))  # the first no longer counts
        assert (await refresh(looping, "d")).status_code == 200

    async def test_what_failed_at_stripe_does_not_count(self, seller: Seller) -> None:
        for nonce in ("a", "b", "c"):
            seller.desk.scene.road.mood = ["away"]
            assert (await refresh(seller, nonce)).status_code == 503
        assert is_at_stripe(await refresh(seller, "a"))
        assert await outcomes(seller) == {"failed:stripe.unavailable": 3, "link_issued": 1}


class TestAtTheSameMoment:
    @pytest.mark.parametrize("count", [2, 20])
    async def test_one_state_mints_one_link(self, seller: Seller, count: int) -> None:
        token = seller.state(Purpose.REFRESH)
        before = await seller.traces()
        seller.desk.scene.road.mood = ["slow"] * count
        answers = await asyncio.gather(
            *(seller.visit(Purpose.REFRESH, token) for _ in range(count))
        )
        assert sum(map(is_at_stripe, answers)) == 1
        others = [answer for answer in answers if not is_at_stripe(answer)]
        assert {answer.headers["location"] for answer in others} == {LINK_USED}
        left = since(before, await seller.traces())
        assert (left.spent, left.minted, left.links) == (1, 1, 1)
        assert await outcomes(seller) == {"link_issued": 1, "refused:state.spent": count - 1}

    async def test_many_states_never_mint_more_than_the_guard_allows(self, seller: Seller) -> None:
        before = await seller.traces()
        answers = await asyncio.gather(*(refresh(seller, f"n{number}") for number in range(10)))
        minted = sum(map(is_at_stripe, answers))
        assert minted <= 2
        assert {answer.status_code for answer in answers if not is_at_stripe(answer)} == {200}
        left = since(before, await seller.traces())
        assert (left.minted, left.spent) == (minted, minted)  # the others can press the button
        assert is_at_stripe(await seller.press(seller.state(Purpose.REFRESH, nonce="n9")))

    async def test_over_one_database_in_two_services(
        self, seller: Seller, open_desk: OpenDesk
    ) -> None:
        async with AsyncExitStack() as stack:
            store = open_store(str(seller.database))
            stack.push_async_callback(store.close)
            second = await open_desk(seller.desk.scene.with_changes(store=store))
            token = seller.state(Purpose.REFRESH)
            before = await seller.traces()
            answers = await asyncio.gather(
                *(
                    seller.visit(Purpose.REFRESH, token, desk=desk)
                    for desk in (seller.desk, second) * 10
                )
            )
            assert sum(map(is_at_stripe, answers)) == 1
            assert since(before, await seller.traces()).minted == 1

    async def test_returns_are_recorded_once(self, seller: Seller) -> None:
        token = seller.state(Purpose.RETURN)
        before = await seller.traces()
        answers = await asyncio.gather(*(seller.visit(Purpose.RETURN, token) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.headers["location"] for answer in answers}) == 1
        assert since(before, await seller.traces()).returned == 1
        rows = await seller.desk.scene.platform.store.list_audit(action="return.visit")
        assert Counter(row.outcome for row in rows) == {"incomplete": 1, "incomplete:repeated": 9}
