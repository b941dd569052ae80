"""Whatever is sent, the answer is one that was meant, and it says nothing that it should not."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from aboard.flows.users import make_operator
from tests.api.asking import SECRET
from tests.api.auth.house import ANA, AUTH, WORDS, Browser, House, open_house, told
from tests.leaks import SecretsInPlay

BODIES = ("register", "confirm", "login")


async def send(browser: Browser, verb: str, body: bytes, kind: str = "application/json") -> Any:  # noqa: ANN401 - the client's answer
    return await browser.post(verb, content=body, headers={"content-type": kind})


@pytest.mark.parametrize("verb", BODIES)
class TestBodies:
    async def test_that_make_no_sense(self, browser: Browser, verb: str) -> None:
        for body in (
            b"",
            b"null",
            b"[]",
            b"{",
            b"{}",
            b"\xff",
            b'{"email": 1, "password": 2}',
            b'{"email": null, "password": null}',
            b'{"email": ["ana@shop.example"], "password": {}}',
            b'{"email": "a@b.example", "email": "c@d.example", "password": "words"}',
            b'{"email": "a@b.example", "password": "\\ud800 words and words"}',
        )[:10]:  # what the narrowest of their windows takes
            assert told(await send(browser, verb, body)) == (400, "error.validation_failed")

    async def test_too_large(self, browser: Browser, verb: str) -> None:
        body = json.dumps({"email": ANA, "password": "x" * 70_000}).encode()
        assert told(await send(browser, verb, body))[0] == 413
        long = json.dumps({"email": ANA, "password": "x" * 1_025, "code": "01234567"}).encode()
        assert told(await send(browser, verb, long))[0] == 400

    async def test_of_another_kind(self, browser: Browser, verb: str) -> None:
        """A form of another site can send these; it cannot send JSON."""
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            assert told(await send(browser, verb, b'{"email": "a@b.example"}', kind))[0] == 415

    async def test_with_fields_that_nobody_knows(self, browser: Browser, verb: str) -> None:
        body = {"email": ANA, "password": WORDS, "code": "01234567", "isOperator": True}
        browser.secrets.add(WORDS)
        answer = await browser.post(verb, body)
        assert told(answer)[0] == 400
        assert "isOperator" in [each["field"] for each in answer.json()["error"]["details"]]


async def test_another_method(browser: Browser) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        answer = await browser.ask(method, f"{AUTH}/login")
        assert told(answer) == (405, "error.method_not_allowed")
        assert "POST" in answer.headers["allow"]


async def test_many_cookies_at_once(ana: Browser) -> None:
    cookie = "; ".join([*(f"c{number}=x" for number in range(500)), f"aboard_refresh={ana.cookie}"])
    ana.client.cookies.clear()
    assert (await ana.refresh(headers={"cookie": cookie})).status_code == 200


async def test_a_token_of_a_session_that_never_was(house: House, browser: Browser) -> None:
    now = int(house.scene.clock().timestamp())
    key = OctKey.import_key(SECRET.reveal())
    for sid in ("ses_unheard_of", "x"):
        claims = {"sub": "usr_1", "sid": sid, "exp": now + 900}
        browser.token = jwt.encode({"alg": "HS256"}, claims, key)
        assert not await browser.is_in()
    browser.token = jwt.encode({"alg": "HS256"}, {"sub": "usr_1", "exp": now + 900}, key)
    assert await browser.is_in()  # a platform's own token, which names no session


async def test_no_answer_and_no_log_has_a_password(
    house: House, ana: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    answers: list[httpx2.Response] = [
        await ana.login(password="some other words"),
        await ana.register(password="some other words"),
        await ana.post("login", {"email": ANA, "password": WORDS, "x": 1}),
    ]
    for answer in answers:
        assert WORDS not in answer.text
        assert "some other words" not in answer.text
    assert WORDS not in caplog.text
    assert ANA not in caplog.text
    assert ANA not in str(await house.audit("auth.login"))


class TestTheBearerToken:
    async def test_it_says_whose_and_which_session(self, house: House, ana: Browser) -> None:
        claims = jwt.decode(ana.token, OctKey.import_key(SECRET.reveal())).claims
        assert claims.keys() == {"sub", "sid", "iat", "exp"}
        (session,) = await ana.sessions()
        assert claims["sid"] == session["id"]
        assert claims["exp"] - claims["iat"] == 900
        assert claims["iat"] == int(house.scene.clock().timestamp())

    async def test_it_says_what_the_settings_ask(
        self, tmp_path: Path, secrets_in_play: SecretsInPlay
    ) -> None:
        async with open_house(
            str(tmp_path / "aboard.sqlite3"),
            secrets_in_play,
            REGISTRATION="open",
            TOKEN_SECRETS=f"{'first-words-' * 4},{'later-words-' * 4}",
            TOKEN_ISSUER="https://shop.example",
            TOKEN_AUDIENCE="aboard",
            TOKEN_OPERATOR_CLAIM="boss",
            TOKEN_USER_CLAIM="uid",
            TOKEN_REQUIRED="scope=payments",
            TOKEN_TYPES="at+jwt",
        ) as house:
            browser = await house.browser()
            await browser.register()
            await make_operator(house.scene.platform, ANA, is_operator=True)
            await browser.login()
            key = OctKey.import_key("first-words-" * 4)
            claims = jwt.decode(browser.token, key).claims
            assert (claims["iss"], claims["aud"]) == ("https://shop.example", "aboard")
            assert (claims["boss"], claims["scope"]) == (True, ["payments"])
            assert await browser.is_in()

    async def test_an_operator_acts_for_everybody_until_it_is_taken_back(
        self, house: House, ana: Browser
    ) -> None:
        platform = house.scene.platform
        await make_operator(platform, ANA, is_operator=True)
        assert not await ana.is_in()  # their sessions ended: the token said something else
        await ana.login()
        path = "/v1/organizations/org_1/go-live-policy?mode=test"
        assert (await ana.ask("GET", path)).status_code == 200
        await make_operator(platform, ANA, is_operator=False)
        assert (await ana.ask("GET", path)).status_code == 401
        await ana.login()
        assert (await ana.ask("GET", path)).status_code == 403
