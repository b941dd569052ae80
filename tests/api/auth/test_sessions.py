"""Where am I signed in, and how do I sign out there and here?"""

from datetime import timedelta

import pytest

from aboard.flows.housekeeping import forget_expired
from aboard.web.auth import issue_token
from tests.api.asking import SECRET
from tests.api.auth.house import AUTH, Browser, House, told

UNAUTHORIZED = (401, "auth.unauthorized")
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
async def phone(house: House, ana: Browser) -> Browser:
    """Ana's telephone, signed in beside her browser."""
    assert ana.token
    house.scene.clock.advance(timedelta(minutes=1))
    browser = await house.browser("2001:db8:7::1", PHONE)
    assert (await browser.login()).status_code == 200
    return browser


class TestEveryOperation:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "sessions"), ("DELETE", "sessions/ses_1"), ("POST", "sessions/revoke-others")],
    )
    async def test_anonymous(self, ana: Browser, method: str, path: str) -> None:
        answer = await ana.ask(method, f"{AUTH}/{path}", signed_in=False)  # the cookie goes along
        assert told(answer) == UNAUTHORIZED
        assert await ana.is_in()

    @pytest.mark.parametrize(
        ("method", "path", "limit"),
        [
            ("GET", "sessions", 30),
            ("DELETE", "sessions/ses_1", 20),
            ("POST", "sessions/revoke-others", 20),
        ],
    )
    async def test_over_the_limit(self, ana: Browser, method: str, path: str, limit: int) -> None:
        for left in range(limit - 1, -1, -1):
            answer = await ana.ask(method, f"{AUTH}/{path}")
            assert answer.headers["ratelimit-remaining"] == str(left)
        assert told(await ana.ask(method, f"{AUTH}/{path}")) == (429, "error.rate_limited")

    @pytest.mark.parametrize(("verb", "limit"), [("refresh", 60), ("logout", 60)])
    async def test_over_the_limit_of_an_address(
        self, browser: Browser, verb: str, limit: int
    ) -> None:
        for _ in range(limit):
            answer = await browser.post(verb)
            assert answer.status_code != 429
            assert answer.headers["ratelimit-limit"] == str(limit)
        assert told(await browser.post(verb)) == (429, "error.rate_limited")

    async def test_neighbours_use_up_no_sessions_refreshes(
        self, house: House, ana: Browser
    ) -> None:
        neighbour = await house.browser()
        for _ in range(60):
            await neighbour.post("refresh")
        assert told(await neighbour.post("refresh")) == (429, "error.rate_limited")
        answer = await ana.refresh()
        assert (answer.status_code, answer.headers["ratelimit-remaining"]) == (200, "59")

    async def test_options_names_the_methods(self, browser: Browser) -> None:
        answer = await browser.ask("OPTIONS", f"{AUTH}/login")
        assert (answer.status_code, answer.headers["allow"]) == (204, "OPTIONS, POST")


class TestList:
    async def test_what_is_shown(self, house: House, ana: Browser, phone: Browser) -> None:
        first, second = await phone.sessions()
        assert first.keys() == {
            "id",
            "device",
            "address",
            "isCurrent",
            "createdAt",
            "lastUsedAt",
            "expiresAt",
        }
        assert [first["device"], second["device"]] == ["Safari, iPhone", "Firefox, Linux"]
        assert [first["address"], second["address"]] == ["2001:db8:7:*", "203.0.113.*"]
        assert [first["isCurrent"], second["isCurrent"]] == [True, False]
        assert second["createdAt"] == "2026-11-21T09:00:00Z"
        assert second["expiresAt"] == "2026-12-21T09:00:00Z"
        house.scene.clock.advance(timedelta(days=1))
        await ana.refresh()
        current = next(row for row in await ana.sessions() if row["isCurrent"])
        assert current["createdAt"] == "2026-11-21T09:00:00Z"
        assert current["lastUsedAt"] == "2026-11-22T09:01:00Z"
        assert current["expiresAt"] == "2026-12-22T09:01:00Z"

    async def test_junk_for_a_device(self, house: House) -> None:
        browser = await house.browser(agent="<script>alert(1)</script>\x7f")
        await browser.register()
        await browser.login()
        assert [session["device"] for session in await browser.sessions()] == ["unknown"]

    async def test_a_token_of_the_platforms_own_has_no_current_session(
        self, house: House, ana: Browser
    ) -> None:
        (row,) = await house.audit("auth.login")
        own = issue_token(SECRET, user_id=row[0], now=house.scene.clock()).reveal()
        ana.token = own
        assert [session["isCurrent"] for session in await ana.sessions()] == [False]


class TestRevoke:
    async def test_another_session_of_mine(
        self, house: House, ana: Browser, phone: Browser
    ) -> None:
        other = next(row["id"] for row in await ana.sessions() if not row["isCurrent"])
        answer = await ana.ask("DELETE", f"{AUTH}/sessions/{other}")
        assert (answer.status_code, answer.json()["data"]) == (200, {"revoked": 1})
        assert not await phone.is_in()
        assert told(await phone.refresh()) == (401, "auth.refresh.invalid_token")
        assert await ana.is_in()
        again = await ana.ask("DELETE", f"{AUTH}/sessions/{other}")
        assert told(again) == (404, "auth.sessions.not_found")
        outcomes = [outcome for _, outcome, _ in await house.audit("auth.revoke")]
        assert outcomes == ["revoked", "refused:session.unknown"]

    async def test_the_current_one_is_refused(self, ana: Browser) -> None:
        (current,) = await ana.sessions()
        answer = await ana.ask("DELETE", f"{AUTH}/sessions/{current['id']}")
        assert told(answer) == (400, "auth.sessions.cannot_revoke_current")
        assert await ana.is_in()

    async def test_somebody_elses_is_not_there(self, house: House, ana: Browser) -> None:
        eve = await house.browser("198.51.100.9")
        await eve.register("eve@shop.example")
        await eve.login("eve@shop.example")
        (session,) = await ana.sessions()
        unheard_of = await eve.ask("DELETE", f"{AUTH}/sessions/ses_unheard_of")
        anas = await eve.ask("DELETE", f"{AUTH}/sessions/{session['id']}")
        assert told(anas) == told(unheard_of) == (404, "auth.sessions.not_found")
        assert await ana.is_in()

    async def test_junk_for_a_name(self, ana: Browser) -> None:
        for name in ("%00", "%F0%9F%94%91", "a" * 3000, "..%2F..", "ses_1%27--"):
            assert told(await ana.ask("DELETE", f"{AUTH}/sessions/{name}"))[0] == 404

    async def test_all_others(self, house: House, ana: Browser, phone: Browser) -> None:
        third = await house.browser("192.0.2.1")
        await third.login()
        answer = await ana.ask("POST", f"{AUTH}/sessions/revoke-others")
        assert answer.json()["data"] == {"revoked": 2}
        assert [await each.is_in() for each in (ana, phone, third)] == [True, False, False]
        assert len(await ana.sessions()) == 1


class TestLogout:
    async def test_it_ends_the_session_at_once(self, house: House, ana: Browser) -> None:
        before = ana.cookie
        answer = await ana.post("logout")
        assert answer.json() == {"success": True, "data": {"signedOut": True}}
        assert answer.headers["set-cookie"].startswith("aboard_refresh=; Max-Age=0;")
        assert not await ana.is_in()
        ana.steal(before)
        assert told(await ana.refresh()) == (401, "auth.refresh.invalid_token")
        ((actor, outcome, _),) = await house.audit("auth.logout")
        assert (actor[:4], outcome) == ("usr_", "signed_out")

    async def test_it_is_harmless_when_repeated(self, ana: Browser) -> None:
        first = await ana.post("logout")
        for cookie in (ana.cookie, "junk", ""):
            ana.steal(cookie)
            again = await ana.post("logout")
            assert (again.status_code, again.json()) == (200, first.json())

    async def test_an_older_cookie_does_it_too(self, ana: Browser) -> None:
        first = ana.cookie
        await ana.refresh()
        ana.steal(first)
        assert (await ana.post("logout")).status_code == 200
        assert not await ana.is_in()

    async def test_others_go_on(self, ana: Browser, phone: Browser) -> None:
        await ana.post("logout")
        assert await phone.is_in()


async def test_what_is_over_is_forgotten(house: House, ana: Browser) -> None:
    await ana.login("nobody@shop.example", "wrong words")
    await ana.post("logout")
    assert await forget_expired(house.scene.platform) == 0
    house.scene.clock.advance(timedelta(days=2))
    assert await forget_expired(house.scene.platform) >= 2
    assert await forget_expired(house.scene.platform) == 0
