"""A session goes on by its cookie, once for each; a stolen one ends it for thief and owner."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aboard.app import open_platform
from tests.api.auth.house import AUTH, Browser, House, open_house, told
from tests.leaks import SecretsInPlay


class TestRefresh:
    async def test_without_a_cookie(self, browser: Browser) -> None:
        assert told(await browser.refresh()) == (401, "auth.refresh.invalid_token")

    async def test_a_bearer_token_does_not_do(self, ana: Browser) -> None:
        ana.client.cookies.clear()
        answer = await ana.ask("POST", f"{AUTH}/refresh")
        assert told(answer) == (401, "auth.refresh.invalid_token")

    async def test_it_rotates(self, house: House, ana: Browser) -> None:
        for _ in range(3):
            before, token = ana.cookie, ana.token
            house.scene.clock.advance(timedelta(minutes=14))
            answer = await ana.refresh()
            assert answer.status_code == 200
            assert answer.json()["data"].keys() == {"accessToken", "expiresIn"}
            assert answer.json()["data"]["expiresIn"] == 900
            assert answer.headers["cache-control"] == "no-store"
            assert (ana.cookie != before, ana.token != token) == (True, True)
            assert await ana.is_in()

    async def test_the_bearer_token_ends_and_the_session_goes_on(
        self, house: House, ana: Browser
    ) -> None:
        house.scene.clock.advance(timedelta(minutes=16))
        assert not await ana.is_in()
        assert (await ana.refresh()).status_code == 200
        assert await ana.is_in()

    async def test_a_session_that_nobody_used_for_a_month_is_over(
        self, house: House, ana: Browser
    ) -> None:
        house.scene.clock.advance(timedelta(days=29))
        assert (await ana.refresh()).status_code == 200
        house.scene.clock.advance(timedelta(days=30))
        assert told(await ana.refresh()) == (401, "auth.refresh.invalid_token")

    async def test_junk_in_the_cookie(self, browser: Browser) -> None:
        for junk in (
            "",
            "x",
            "r1.k1.e30.x",
            "." * 3000,
            "r1.k9.a.b",
            "s1.k1.e30.AA",
            "\u00e9\u00e9",
            "r1...",
            "%00",
        ):
            headers: Any = {"cookie": f"aboard_refresh={junk}".encode("latin-1")}
            answer = await browser.client.post(f"{AUTH}/refresh", headers=headers)
            assert told(answer) == (401, "auth.refresh.invalid_token")

    async def test_a_token_that_was_changed(self, ana: Browser) -> None:
        head, _, mac = ana.cookie.rpartition(".")
        for forged in (f"{head}.{mac[:-1]}", f"{head[:-1]}.{mac}", f"{head}.{'A' * 43}"):
            ana.steal(forged)
            assert told(await ana.refresh()) == (401, "auth.refresh.invalid_token")
        assert await ana.is_in()  # nobody can end a session by making tokens up

    async def test_a_body_is_refused(self, ana: Browser) -> None:
        assert told(await ana.post("refresh", {}))[0] == 400
        assert (await ana.refresh()).status_code == 200


class TestTheft:
    @pytest.mark.parametrize("first", ["owner", "thief"])
    async def test_thief_and_owner_are_both_out(
        self, house: House, ana: Browser, first: str
    ) -> None:
        thief = await house.browser("198.51.100.9", "curl/8.5.0")
        thief.steal(ana.cookie)
        early, late = (ana, thief) if first == "owner" else (thief, ana)

        assert (await early.refresh()).status_code == 200
        assert await early.is_in()
        stolen = ana.cookies[0]
        late.steal(stolen)
        assert told(await late.refresh()) == (401, "auth.refresh.token_reuse_detected")

        # At once, though the bearer tokens are good for minutes.
        assert not await early.is_in()
        assert not await late.is_in()
        assert told(await early.refresh()) == (401, "auth.refresh.token_reuse_detected")
        assert told(await late.refresh()) == (401, "auth.refresh.token_reuse_detected")
        ((actor, outcome, details), *_) = await house.audit("auth.refresh")
        assert actor.startswith("usr_")
        assert outcome == "refused:refresh.reused"
        pair = {details["used_from"], details["reused_from"]}
        assert pair == {"203.0.113.*", "198.51.100.*"}

    async def test_other_sessions_of_the_owner_go_on(self, house: House, ana: Browser) -> None:
        elsewhere = await house.browser("192.0.2.1")
        await elsewhere.login()
        first = ana.cookie
        await ana.refresh()
        ana.steal(first)
        await ana.refresh()
        assert not await ana.is_in()
        assert await elsewhere.is_in()

    async def test_an_old_token_of_long_ago_counts_too(self, house: House, ana: Browser) -> None:
        first = ana.cookie
        for _ in range(5):
            house.scene.clock.advance(timedelta(days=1))
            await ana.refresh()
        thief = await house.browser("198.51.100.9")
        thief.steal(first)
        assert told(await thief.refresh()) == (401, "auth.refresh.token_reuse_detected")
        assert not await ana.is_in()

    async def test_of_two_at_once_one_wins_and_then_nobody(
        self, house: House, ana: Browser
    ) -> None:
        twin = await house.browser()
        twin.steal(ana.cookie)
        answers = await asyncio.gather(ana.refresh(), twin.refresh())
        assert sorted(answer.status_code for answer in answers) == [200, 401]
        assert not await ana.is_in()
        assert not await twin.is_in()

    async def test_signing_out_meanwhile_is_nobodys_theft(self, house: House, ana: Browser) -> None:
        for _ in range(10):
            twin = await house.browser()
            twin.steal(ana.cookie)
            _, answer = await asyncio.gather(twin.post("logout"), ana.refresh())
            assert answer.status_code == 200 or told(answer)[1] == "auth.refresh.invalid_token"
            await ana.login()
        outcomes = {outcome for _, outcome, _ in await house.audit("auth.refresh")}
        assert outcomes == {"refused:refresh.refused"}

    async def test_another_process_knows_at_once(self, house: House, ana: Browser) -> None:
        """Two processes share the database alone, and each remembers tokens that held."""
        async with open_platform(house.scene.settings, clock=house.scene.clock) as platform:
            there = await house.browser(platform=platform)
            there.token = ana.token
            assert await there.is_in()
            first = ana.cookie
            await ana.refresh()
            ana.steal(first)
            await ana.refresh()
            assert not await there.is_in()


class TestTheCookie:
    async def test_on_loopback(self, browser: Browser) -> None:
        await browser.register()
        (header,) = (await browser.login()).headers.get_list("set-cookie")
        attributes = re.sub(r"=[^;]+", "=...", header, count=1)
        assert attributes == (
            "aboard_refresh=...; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict"
        )

    async def test_over_https(self, tmp_path: Path, secrets_in_play: SecretsInPlay) -> None:
        async with open_house(
            str(tmp_path / "https.sqlite3"),
            secrets_in_play,
            REGISTRATION="closed",
            PUBLIC_URL="https://aboard.shop.example",
        ) as house:
            browser = await house.browser()
            (header,) = (await browser.post("logout")).headers.get_list("set-cookie")
            assert header == (
                "__Host-aboard_refresh=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict"
            )


class TestOtherSites:
    @pytest.mark.parametrize("verb", ["refresh", "logout", "login"])
    async def test_cannot_use_the_cookie(self, ana: Browser, verb: str) -> None:
        body = {"email": "a@b.example", "password": "words"} if verb == "login" else None
        for headers in (
            {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "same-site", "origin": "http://localhost:9999"},
            {"sec-fetch-site": "words"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": ""},
            {"origin": "http://localhost:4242.evil.example"},
        ):
            assert told(await ana.post(verb, body, headers=headers)) == (403, "auth.forbidden")
        assert await ana.is_in()
        assert (await ana.refresh()).status_code == 200

    async def test_the_platforms_own_pages_may(self, ana: Browser) -> None:
        for headers in (
            {"sec-fetch-site": "same-origin", "origin": "http://localhost:4242"},
            {"sec-fetch-site": "none"},
            {"sec-fetch-site": "same-site", "origin": "http://localhost:3000"},
            {"origin": "http://localhost:4242"},
            {"origin": "http://localhost:3000"},
            {},
        ):
            assert (await ana.refresh(headers=headers)).status_code == 200
