"""Who is let in, who is not, and after how many tries nobody is."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from aboard.core.errors_identity import LoginRefused
from aboard.core.identity import Visitor
from aboard.core.secret import Secret
from aboard.flows.passwords import Cost, Passwords
from aboard.flows.sign_in import sign_in
from aboard.flows.users import disable_user
from tests.api.auth.house import ANA, WORDS, Browser, House, told
from tests.flows.costs import with_passwords

REFUSED = (401, "auth.login.invalid_credentials")
LOCKED = (429, "auth.login.locked")


class TestLogin:
    async def test_a_stranger(self, browser: Browser) -> None:
        answer = await browser.login()
        assert told(answer) == REFUSED
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "set-cookie" not in answer.headers

    async def test_ana(self, house: House, browser: Browser) -> None:
        await browser.register()
        answer = await browser.login("  ANA@Shop.Example ")
        assert answer.status_code == 200
        data = answer.json()["data"]
        assert data.keys() == {"accessToken", "expiresIn"}
        assert data["expiresIn"] == 900
        assert answer.headers["cache-control"] == "no-store"
        assert browser.cookie not in answer.text
        assert await browser.is_in()
        ((actor, outcome, details),) = await house.audit("auth.login")
        assert (actor[:4], outcome, details["from"]) == ("usr_", "signed_in", "203.0.113.*")
        assert details["session"].startswith("ses_")

    async def test_a_wrong_password(self, browser: Browser) -> None:
        await browser.register()
        for password in ("Four quiet words here", f"{WORDS} ", WORDS[:-1]):
            assert told(await browser.login(ANA, password)) == REFUSED

    async def test_two_ways_to_write_one_password(self, browser: Browser) -> None:
        await browser.register(password="cafe\u0301 au lait")
        assert (await browser.login(password="caf\u00e9 au lait")).status_code == 200

    async def test_who_was_shut_out(self, house: House, ana: Browser) -> None:
        await disable_user(house.scene.platform, ANA, is_disabled=True)
        assert not await ana.is_in()
        assert told(await ana.refresh()) == (401, "auth.refresh.invalid_token")
        assert told(await ana.login()) == REFUSED
        await disable_user(house.scene.platform, ANA, is_disabled=False)
        assert not await ana.is_in()
        assert (await ana.login()).status_code == 200

    async def test_twenty_an_hour_from_one_address(self, house: House, browser: Browser) -> None:
        for number in range(20):
            answer = await browser.login(f"user{number}@shop.example")
            assert told(answer) == REFUSED
            assert answer.headers["ratelimit-limit"] == "20"
            assert answer.headers["ratelimit-remaining"] == str(19 - number)
        answer = await browser.login("another@shop.example")
        assert told(answer) == (429, "error.rate_limited")
        assert int(answer.headers["retry-after"]) > 0
        assert told(await (await house.browser("203.0.113.8")).login()) == REFUSED

    async def test_a_network_of_ipv6_is_one_address(self, house: House) -> None:
        for number in range(20):
            await (await house.browser(f"2001:db8::{number + 1:x}")).login(
                f"u{number}@shop.example"
            )
        assert told(await (await house.browser("2001:db8::ffff:1")).login())[0] == 429
        assert told(await (await house.browser("2001:db8:0:1::1")).login()) == REFUSED
        assert told(await (await house.browser("::ffff:203.0.113.7")).login()) == REFUSED

    async def test_an_address_that_is_none(self, house: House) -> None:
        for address in ("words", "unix", "fe80::1%eth0", "999.1.1.1"):
            assert told(await (await house.browser(address)).login()) in (REFUSED, LOCKED)


class TestLockOut:
    async def fail(self, browser: Browser, email: str, times: int) -> None:
        for _ in range(times):
            assert told(await browser.login(email, "wrong words")) == REFUSED

    @pytest.mark.parametrize("email", [ANA, "nobody@shop.example"])
    async def test_after_five_failures_known_or_not(
        self, house: House, browser: Browser, email: str
    ) -> None:
        await browser.register()
        await self.fail(browser, email, 5)
        for seconds in (30, 60, 120):
            answer = await browser.login(email)  # for Ana, the right password
            assert told(answer) == LOCKED
            assert answer.headers["retry-after"] == str(seconds)
            assert answer.json()["error"]["i18nVars"] == {"seconds": seconds}
            house.scene.clock.advance(timedelta(seconds=seconds))
            await self.fail(browser, email, 1)

    async def test_it_grows_to_a_quarter_of_an_hour(self, house: House, browser: Browser) -> None:
        await self.fail(browser, ANA, 5)
        for _ in range(6):
            house.scene.clock.advance(timedelta(seconds=900))
            await self.fail(browser, ANA, 1)
        assert (await browser.login()).headers["retry-after"] == "900"

    async def test_the_right_password_after_it_starts_anew(
        self, house: House, browser: Browser
    ) -> None:
        await browser.register()
        await self.fail(browser, ANA, 5)
        house.scene.clock.advance(timedelta(seconds=30))
        assert (await browser.login()).status_code == 200
        await self.fail(browser, ANA, 5)
        assert (await browser.login()).headers["retry-after"] == "30"

    async def test_a_day_later_it_is_forgotten(self, house: House, browser: Browser) -> None:
        await self.fail(browser, ANA, 4)
        house.scene.clock.advance(timedelta(hours=24))
        await self.fail(browser, ANA, 4)
        assert told(await browser.login()) == REFUSED

    async def test_somebody_elses_failures_lock_nobody_else(
        self, house: House, browser: Browser
    ) -> None:
        await browser.register()
        await self.fail(await house.browser("198.51.100.9"), ANA, 5)
        assert (await browser.login()).status_code == 200
        assert told(await (await house.browser("198.51.100.9")).login()) == LOCKED

    async def test_many_from_everywhere_lock_the_e_mail(
        self, house: House, browser: Browser
    ) -> None:
        await browser.register()
        for number in range(12):
            await self.fail(await house.browser(f"198.51.100.{number}"), ANA, 4)
        assert (await browser.login()).status_code == 200
        await self.fail(await house.browser("198.51.100.77"), ANA, 2)
        assert told(await browser.login()) == LOCKED
        house.scene.clock.advance(timedelta(seconds=30))
        assert (await browser.login()).status_code == 200

    async def test_one_place_alone_locks_nobody_out_elsewhere(
        self, house: House, browser: Browser
    ) -> None:
        await browser.register()
        thief = Visitor("198.51.100.7", "198.51.100.*", "unknown")
        for _ in range(60):  # below the door, whose limit would slow the thief down further
            house.scene.clock.advance(timedelta(hours=1))
            with pytest.raises(LoginRefused):
                await sign_in(house.scene.platform, ANA, Secret("wrong words"), thief)
        assert (await browser.login()).status_code == 200

    async def test_many_at_once_are_many_failures(self, house: House, browser: Browser) -> None:
        answers = await asyncio.gather(*(browser.login(ANA, "wrong words") for _ in range(15)))
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [401] * 5 + [429] * 10
        assert house.scene.platform.identity.passwords.work.checked == 5


class TestNobodyLearnsWhoIsThere:
    async def shut_out(self, house: House, browser: Browser) -> None:
        await browser.register("shut@shop.example")
        await disable_user(house.scene.platform, "shut@shop.example", is_disabled=True)

    async def test_every_refusal_is_word_by_word_the_same(
        self, house: House, browser: Browser
    ) -> None:
        await browser.register()
        await self.shut_out(house, browser)
        fresh = [await house.browser(f"192.0.2.{number}") for number in range(3)]
        answers = [
            await fresh[0].login("nobody@shop.example", "wrong words"),
            await fresh[1].login(ANA, "wrong words"),
            await fresh[2].login("shut@shop.example", WORDS),
        ]
        seen = [_comparable(answer) for answer in answers]
        assert seen[0] == seen[1] == seen[2]

    async def test_a_hash_is_checked_in_every_case(self, house: House, browser: Browser) -> None:
        await browser.register()
        await self.shut_out(house, browser)
        passwords = house.scene.platform.identity.passwords
        for email, password in (
            ("nobody@shop.example", WORDS),
            (ANA, "wrong words"),
            (ANA, WORDS),
            ("shut@shop.example", WORDS),
            ("shut@shop.example", "wrong words"),
        ):
            before = passwords.work
            await browser.login(email, password)
            assert passwords.work.checked == before.checked + 1, email
            assert passwords.work.made == before.made, email

    async def test_the_store_is_written_as_often(self, house: House, browser: Browser) -> None:
        await browser.register()
        commits = []
        for email in ("nobody@shop.example", ANA):
            before = house.scene.platform.store.metrics.batches
            await browser.login(email, "wrong words")
            commits.append(house.scene.platform.store.metrics.batches - before)
        assert commits[0] == commits[1]

    async def test_only_the_audit_knows(self, house: House, browser: Browser) -> None:
        await browser.register()
        await browser.login("nobody@shop.example", "wrong words")
        await browser.login(ANA, "wrong words")
        rows = await house.audit("auth.login")
        assert [(actor, outcome, details["what"]) for actor, outcome, details in rows] == [
            ("anonymous", "refused:login.refused", "unknown"),
            ("anonymous", "refused:login.refused", "password"),
        ]
        assert "@" not in str(rows)


class TestHashes:
    async def test_too_many_at_once_are_sent_away(self, house: House) -> None:
        crowded = with_passwords(house.scene.platform, Passwords(at_once=1, waiting=1))
        browsers = [
            await house.browser(f"192.0.2.{number}", platform=crowded) for number in range(6)
        ]
        answers = await asyncio.gather(*(browser.login() for browser in browsers))
        assert sorted(answer.status_code for answer in answers) == [401, 401, 503, 503, 503, 503]
        busy = next(answer for answer in answers if answer.status_code == 503)
        assert told(busy) == (503, "auth.login.busy")
        assert busy.headers["retry-after"] == "1"
        assert busy.headers["ratelimit-remaining"] == "20"  # given back

    async def test_whom_nobody_looked_at_is_not_locked_out(self, house: House) -> None:
        """Being sent away by a crowd is no failure; nor does it take earlier failures back."""
        browser = await house.browser()
        await browser.register()
        for _ in range(4):
            await browser.login(ANA, "wrong words")
        crowded = await house.browser(
            platform=with_passwords(house.scene.platform, Passwords(at_once=1, waiting=-1))
        )
        for _ in range(3):
            assert told(await crowded.login()) == (503, "auth.login.busy")
        assert told(await browser.login(ANA, "wrong words")) == REFUSED
        assert told(await browser.login()) == LOCKED

    async def test_an_older_hash_is_made_stronger(self, house: House) -> None:
        weak = with_passwords(house.scene.platform, Passwords(Cost(passes=1, memory_kib=64)))
        old = await house.browser(platform=weak)
        await old.register()
        before = await house.scene.platform.store.find_user_by_email(ANA)
        browser = await house.browser()
        assert (await browser.login()).status_code == 200
        after = await house.scene.platform.store.find_user_by_email(ANA)
        assert before is not None
        assert after is not None
        assert before.password_hash.startswith("$argon2id$v=19$m=64,t=1,p=1$")
        assert after.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert (await browser.login()).status_code == 200
        assert await browser.is_in()


def _comparable(answer: Any) -> tuple[int, dict[str, Any], dict[str, str]]:  # noqa: ANN401 - the client's answer
    error = {**answer.json()["error"], "correlationId": ""}
    ids = {"x-request-id"}
    headers = {name: value for name, value in answer.headers.items() if name not in ids}
    return answer.status_code, error, headers
