"""Who becomes a user, by which way, and what nobody learns from it."""

import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.auth.house import ANA, AUTH, WORDS, Browser, House, open_house, told
from tests.flows.mailroom import MailRoom
from tests.leaks import SecretsInPlay

CODE = re.compile(r"\b\d{8}\b")
WRONG = (401, "auth.confirm.invalid_code")
OPERATIONS = [
    ("POST", "register"),
    ("POST", "confirm"),
    ("POST", "login"),
    ("POST", "refresh"),
    ("POST", "logout"),
    ("GET", "sessions"),
    ("DELETE", "sessions/ses_1"),
    ("POST", "sessions/revoke-others"),
]


async def mails(house: House, room: MailRoom) -> list[EmailMessage]:
    """Return what was mailed, when all of it has arrived."""
    await house.scene.platform.identity.outbox.empty()
    return room.mails


async def code_of(house: House, room: MailRoom) -> str:
    text = (await mails(house, room))[-1].get_body(("plain",))
    assert text is not None
    found = CODE.search(text.get_content())
    assert found is not None
    house.secrets.add(found.group())
    return found.group()


async def confirm(
    browser: Browser, code: str, email: str = ANA, password: str = WORDS
) -> httpx2.Response:
    browser.secrets.add(password)
    return await browser.post("confirm", {"email": email, "code": code, "password": password})


class TestOff:
    async def test_there_is_nothing(self, tmp_path: Path, secrets_in_play: SecretsInPlay) -> None:
        async with open_house(str(tmp_path / "off.sqlite3"), secrets_in_play) as house:
            browser = await house.browser()
            nothing = await browser.ask("POST", "/api/v1/nowhere")
            for method, path in OPERATIONS:
                for verb in (method, "OPTIONS"):
                    answer = await browser.ask(verb, f"{AUTH}/{path}")
                    assert told(answer) == told(nothing) == (404, "error.not_found")
                    assert "ratelimit-limit" not in answer.headers

    async def test_a_session_in_a_platforms_own_token_means_nothing(
        self, tmp_path: Path, secrets_in_play: SecretsInPlay
    ) -> None:
        """An issuer may put `sid` into its tokens; nobody here knows those sessions."""
        database = str(tmp_path / "aboard.sqlite3")
        async with open_house(database, secrets_in_play, REGISTRATION="open") as house:
            browser = await house.browser()
            await browser.register()
            await browser.login()
            await browser.post("logout")
            assert not await browser.is_in()
            token = browser.token
        async with open_house(database, secrets_in_play) as house:
            elsewhere = await house.browser()
            elsewhere.token = token
            assert await elsewhere.is_in()


class TestClosed:
    async def test_nobody_registers(self, tmp_path: Path, secrets_in_play: SecretsInPlay) -> None:
        database = str(tmp_path / "closed.sqlite3")
        async with open_house(database, secrets_in_play, REGISTRATION="closed") as house:
            browser = await house.browser()
            assert told(await browser.register()) == (403, "auth.register.closed")
            assert told(await confirm(browser, "01234567")) == (403, "auth.register.closed")
            assert told(await browser.login()) == (401, "auth.login.invalid_credentials")


class TestOpen:
    async def test_the_answer_is_the_same_for_who_is_there_already(
        self, house: House, browser: Browser
    ) -> None:
        first = await browser.register()
        elsewhere = await house.browser("192.0.2.1")
        made = house.scene.platform.identity.passwords.work.made
        second = await elsewhere.register(password="other quiet words")
        assert house.scene.platform.identity.passwords.work.made == made + 1
        for answer in (first, second):
            assert answer.status_code == 202
            assert answer.json() == {"success": True, "data": {"nextStep": "login"}}
            assert "set-cookie" not in answer.headers
        assert first.headers.keys() == second.headers.keys()
        assert (await browser.login()).status_code == 200
        assert told(await browser.login(password="other quiet words"))[0] == 401
        outcomes = [outcome for _, outcome, _ in await house.audit("auth.register")]
        assert outcomes == ["registered", "refused:known"]

    async def test_there_are_no_codes(self, browser: Browser) -> None:
        assert told(await confirm(browser, "01234567")) == (403, "auth.register.closed")

    async def test_ten_an_hour(self, browser: Browser) -> None:
        for number in range(10):
            assert (await browser.register(f"u{number}@shop.example")).status_code == 202
        answer = await browser.register()
        assert told(answer) == (429, "error.rate_limited")

    async def test_who_makes_an_organization_owns_it(self, ana: Browser, house: House) -> None:
        made = await ana.ask("POST", "/v1/organizations", json={"name": "Ana's shop"})
        assert made.status_code == 201, made.text
        organization = made.json()["organizationId"]
        members = await ana.ask("GET", f"/v1/organizations/{organization}/members")
        assert [row["role"] for row in members.json()["members"]] == ["owner"]
        bob = await house.browser("192.0.2.1")
        await bob.register("bob@shop.example")
        await bob.login("bob@shop.example")
        refused = await bob.ask("GET", f"/v1/organizations/{organization}/members")
        assert refused.status_code == 403


class TestConfirmed:
    async def test_the_whole_way(self, mailing: House, room: MailRoom) -> None:
        browser = await mailing.browser()
        answer = await browser.post("register", {"email": " Ana@Shop.example"})
        assert answer.status_code == 202
        assert answer.json()["data"] == {"nextStep": "confirm"}
        assert told(await browser.login()) == (401, "auth.login.invalid_credentials")
        code = await code_of(mailing, room)
        assert room.recipients == ["<ana@shop.example>"]
        done = await confirm(browser, code)
        assert (done.status_code, done.json()["data"]) == (200, {"nextStep": "login"})
        assert (await browser.login()).status_code == 200
        assert told(await confirm(browser, code)) == WRONG  # good once

    @pytest.mark.parametrize(
        ("language", "subject"),
        [
            ("en", "Your code to sign up"),
            ("pt-BR", "O seu código de registo"),
            ("es", "Tu código de registro"),
            ("de", "Ihr Code für die Anmeldung"),
            ("fr", "Votre code d'inscription"),
        ],
    )
    async def test_in_the_readers_language(
        self, mailing: House, room: MailRoom, language: str, subject: str
    ) -> None:
        browser = await mailing.browser()
        headers = {"accept-language": language}
        await browser.post("register", {"email": ANA}, headers=headers)
        await code_of(mailing, room)
        assert room.mails[0]["subject"] == subject

    async def test_who_is_there_already_is_told_by_mail_alone(
        self, mailing: House, room: MailRoom
    ) -> None:
        browser = await mailing.browser()
        first = await browser.post("register", {"email": ANA})
        await confirm(browser, await code_of(mailing, room))
        batches = mailing.scene.platform.store.metrics.batches
        stranger = await mailing.browser("192.0.2.1")
        new = await stranger.post("register", {"email": "new@shop.example"})
        for_new = mailing.scene.platform.store.metrics.batches - batches
        known = await (await mailing.browser("192.0.2.2")).post("register", {"email": ANA})
        for_known = mailing.scene.platform.store.metrics.batches - batches - for_new
        assert for_new == for_known
        for answer in (new, known):
            assert answer.status_code == first.status_code
            assert answer.json() == first.json()
            assert answer.headers.keys() == first.headers.keys()
        by_subject = {mail["to"]: mail["subject"] for mail in (await mails(mailing, room))[1:]}
        assert by_subject == {
            "new@shop.example": "Your code to sign up",
            ANA: "You have an account already",
        }
        exists = next(mail for mail in room.mails if "already" in mail["subject"])
        body = exists.get_body(("plain",))
        assert body is not None
        assert not CODE.search(body.get_content())
        await code_of_each(mailing, room)

    async def test_nobody_lays_a_password_under_anothers_e_mail(
        self, mailing: House, room: MailRoom
    ) -> None:
        """Mallory registers Ana's e-mail just after Ana, who then enters the later code."""
        ana, mallory = await mailing.browser(), await mailing.browser("198.51.100.9")
        await ana.register()
        await code_of(mailing, room)
        await mallory.register(password="mallory was here")
        assert (await confirm(ana, await code_of(mailing, room))).status_code == 200
        assert told(await mallory.login(password="mallory was here"))[0] == 401
        assert (await ana.login()).status_code == 200
        await code_of_each(mailing, room)

    async def test_wrong_codes_are_all_the_same(self, mailing: House, room: MailRoom) -> None:
        browser = await mailing.browser()
        await browser.post("register", {"email": ANA})
        code = await code_of(mailing, room)
        wrong = f"{(int(code) + 1) % 10**8:08}"
        answers = [
            await confirm(browser, wrong),
            await confirm(browser, code, "nobody@shop.example"),
        ]
        mailing.scene.clock.advance(timedelta(minutes=30))
        answers.append(await confirm(browser, code))
        assert [told(answer) for answer in answers] == [WRONG] * 3
        bodies: list[dict[str, Any]] = [answer.json()["error"] for answer in answers]
        assert len({(body["message"], str(body["details"])) for body in bodies}) == 1

    async def test_guessing_locks_known_or_not(self, mailing: House, room: MailRoom) -> None:
        browser = await mailing.browser()
        await browser.post("register", {"email": ANA})
        code = await code_of(mailing, room)
        for email in (ANA, "nobody@shop.example"):
            for guess in range(5):
                assert told(await confirm(browser, f"{guess:08}", email)) == WRONG
            answer = await confirm(browser, code, email)
            assert told(answer) == (429, "auth.login.locked")
            assert answer.headers["retry-after"] == "30"

    async def test_nobody_is_buried_in_mail(self, mailing: House, room: MailRoom) -> None:
        browser = await mailing.browser()
        for _ in range(6):
            assert (await browser.post("register", {"email": ANA})).status_code == 202
            await code_of(mailing, room)
        assert len(room.mails) == 3
        # The last code that was mailed is good still.
        assert (await confirm(browser, await code_of(mailing, room))).status_code == 200
        await code_of_each(mailing, room)

    async def test_a_mail_server_that_is_away_tells_nobody_anything(
        self, mailing: House, room: MailRoom, caplog: pytest.LogCaptureFixture
    ) -> None:
        room.mood = ["550"]
        browser = await mailing.browser()
        assert (await browser.post("register", {"email": ANA})).status_code == 202
        await mails(mailing, room)
        assert "mail.failed cause=recipient_refused" in caplog.text
        assert ANA not in caplog.text

    async def test_the_code_is_not_in_the_store(
        self, mailing: House, room: MailRoom, tmp_path: Path
    ) -> None:
        browser = await mailing.browser()
        await browser.post("register", {"email": ANA})
        code = (await code_of(mailing, room)).encode()
        assert not [name for name, content in contents(tmp_path).items() if code in content]


def contents(folder: Path) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert found
    return found


async def code_of_each(house: House, room: MailRoom) -> None:
    """Register every code that was mailed as a secret of this test."""
    for mail in await mails(house, room):
        body = mail.get_body(("plain",))
        for code in CODE.findall(body.get_content() if body else ""):
            house.secrets.add(code)


class TestWhatIsTaken:
    async def test_passwords_that_will_not_do(self, browser: Browser) -> None:
        for password in ("seven77", "x" * 129, "password1", ANA.upper()):
            answer = await browser.register(password=password)
            assert told(answer) == (400, "error.validation_failed")
            (detail,) = answer.json()["error"]["details"]
            assert detail["field"] == "password"
            assert password not in answer.text

    async def test_passwords_of_any_kind_do(self, browser: Browser) -> None:
        for number, password in enumerate(
            ("eight888", "\U0001f511" * 64 + "\U0001f512" * 64, "nul \x00 inside", "  blanks  ")
        ):
            email = f"u{number}@shop.example"
            assert (await browser.register(email, password)).status_code == 202
            assert (await browser.login(email, password)).status_code == 200

    @pytest.mark.parametrize("verb", ["register", "login"])
    async def test_e_mails_that_are_none(self, browser: Browser, verb: str) -> None:
        browser.secrets.add(WORDS)
        for email in (
            "ana@localhost",
            "Ana <ana@shop.example>",
            "ana@shop.example\r\nBcc: bob@shop.example",
            "ana@shop.example\x00",
            "an\u00e4@shop.example",
            "\u212ana@shop.example",
        ):
            answer = await browser.post(verb, {"email": email, "password": WORDS})
            assert told(answer) == (400, "error.validation_failed")
            (detail,) = answer.json()["error"]["details"]
            assert detail["field"] == "email"
