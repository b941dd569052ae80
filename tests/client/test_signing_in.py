"""What do the clients keep of signing in at Aboard? A token and a cookie, in memory, shut.

The operations come with the service's description; here are ones of the same kind, against a
service that says what it likes.
"""

import asyncio
import json
import threading
import time
from typing import Any, Final

import pytest

from aboard import AsyncClient, Client
from aboard.client import Answer, ApiError, Secret, Unauthorized
from aboard.client.operation import Operation
from aboard.client.standing import RENEW
from tests.client.conftest import Caller
from tests.client.hostile import STATUS, Behaviour, Heard, answer, envelope, hostile, refusal
from tests.leaks import SecretsInPlay

PASSWORD: Final = "a-password-that-nobody-may-see"
FIRST, SECOND = "first-token-that-nobody-may-see", "second-token-that-nobody-may-see"
COOKIE, FRESH = "first-cookie-that-nobody-may-see", "second-cookie-that-nobody-may-see"


class Token(Answer, frozen=True, kw_only=True, rename="camel"):
    access_token: Secret
    expires_in: int


class Over(Answer, frozen=True, kw_only=True, rename="camel"):
    signed_out: bool


LOGIN: Final = Operation(
    "POST",
    "/api/v1/auth/login",
    Token,
    body={"email": "email", "password": "password"},
    is_enveloped=True,
    is_public=True,
    is_session=True,
)
LOGOUT: Final = Operation(
    "POST", "/api/v1/auth/logout", Over, is_enveloped=True, is_public=True, is_session=True
)


@pytest.fixture(autouse=True)
def shut(secrets_in_play: SecretsInPlay) -> None:
    for value in (PASSWORD, FIRST, SECOND, COOKIE, FRESH):
        secrets_in_play.add(value)


def let_in(token: str, cookie: str, seconds: int = 900) -> Behaviour:
    line = f"aboard_refresh={cookie}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict"
    body = envelope({"accessToken": token, "expiresIn": seconds})
    return answer(body, headers={"Set-Cookie": line})


def login(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
    return client.ask(LOGIN, email="ana@shop.example", password=PASSWORD)


def logout(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
    return client.ask(LOGOUT)


def status(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
    return client.creators.status()


@pytest.mark.parametrize("password", [PASSWORD, Secret(PASSWORD)], ids=["plain", "a secret"])
def test_who_signed_in_is_believed(call: Caller, password: str | Secret) -> None:
    def sign_in(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
        return client.ask(LOGIN, email="ana@shop.example", password=password)

    with hostile(let_in(FIRST, COOKIE), answer(envelope(STATUS))) as server:
        told, _ = call(server.address, sign_in, status)
    signed, asked = server.heard
    assert json.loads(signed.body) == {"email": "ana@shop.example", "password": PASSWORD}
    assert "authorization" not in signed.headers
    assert asked.headers["authorization"] == f"Bearer {FIRST}"
    assert "cookie" not in asked.headers  # the refresh token travels to its own paths alone
    assert FIRST not in f"{told} {told!r}"


def test_a_token_that_was_given_comes_first(call: Caller) -> None:
    with hostile(let_in(FIRST, COOKIE), answer(envelope(STATUS))) as server:
        call(server.address, login, status, token="mine")
    assert server.heard[1].headers["authorization"] == "Bearer mine"


def test_a_token_that_ends_is_renewed_by_the_cookie(call: Caller) -> None:
    steps = (let_in(FIRST, COOKIE, 20), let_in(SECOND, FRESH, 900), answer(envelope(STATUS)))
    with hostile(*steps) as server:
        call(server.address, login, status, status)
    _, renewed, first, second = server.heard
    assert (renewed.method, renewed.target) == ("POST", "/api/v1/auth/refresh")
    assert renewed.headers["cookie"] == f"aboard_refresh={COOKIE}"
    assert "authorization" not in renewed.headers
    assert first.headers["authorization"] == second.headers["authorization"] == f"Bearer {SECOND}"


def test_a_session_that_is_over_is_forgotten(call: Caller) -> None:
    over = answer({"error": refusal("auth.refresh.token_reuse_detected")}, status=401)
    steps = (let_in(FIRST, COOKIE, 1), over, answer(envelope(STATUS)))
    with hostile(*steps) as server:
        _, failed, _ = call(server.address, login, status, status, is_forgiving=True)
    assert isinstance(failed, Unauthorized)
    assert "authorization" not in server.heard[2].headers


def test_signing_out_leaves_nothing(call: Caller) -> None:
    gone = answer(
        envelope({"signedOut": True}), headers={"Set-Cookie": "aboard_refresh=; Max-Age=0; Path=/"}
    )
    with hostile(let_in(FIRST, COOKIE), gone, answer(envelope(STATUS))) as server:
        call(server.address, login, logout, status)
    assert server.heard[1].headers["cookie"] == f"aboard_refresh={COOKIE}"
    assert "authorization" not in server.heard[2].headers


def test_signing_in_is_never_done_twice(call: Caller) -> None:
    away = answer({"error": refusal("away")}, status=503)
    with hostile(away) as server, pytest.raises(ApiError):
        call(server.address, login)
    assert len(server.heard) == 1


def test_a_password_that_is_told_back_is_masked(call: Caller) -> None:
    nosy = answer({"error": refusal("no", details=[{"message": PASSWORD}])}, status=400)
    with hostile(nosy) as server, pytest.raises(ApiError) as failed:
        call(server.address, login)
    assert failed.value.details == [{"message": "***"}]


COOKIES = {
    "no pair": ["words"],
    "no name": ["=words"],
    "a name with spaces": ["a b=words"],
    "a line within": ["a=wo\x0brds"],
    "an end": ["a=words", "a=words; Max-Age=0"],
    "an end in the past": ["a=words", "a=; Max-Age=-1"],
    "too long": [f"a={'w' * 5000}"],
}


@pytest.mark.parametrize("name", COOKIES)
def test_what_is_no_cookie_is_not_kept(call: Caller, name: str) -> None:
    token = envelope({"accessToken": FIRST, "expiresIn": 900})
    headers = [("Set-Cookie", line) for line in COOKIES[name]]
    with hostile(answer(token, headers=headers)) as server:
        call(server.address, login, login)
    assert "cookie" not in server.heard[1].headers


def test_cookies_are_kept_within_bounds(call: Caller) -> None:
    token = envelope({"accessToken": FIRST, "expiresIn": 900})
    headers = [("Set-Cookie", f"a{number}=words") for number in range(90)]
    with hostile(answer(token, headers=headers)) as server:
        call(server.address, login, login)
    assert server.heard[1].headers["cookie"].count("=") == 16


def one_use(heard: list[str]) -> Behaviour:
    """Take each cookie once, as the service does; who comes with an old one is thrown out."""
    lock = threading.Lock()

    def behave(connection: Any, asked: Heard) -> bool:  # noqa: ANN401 - a socket
        if asked.target.endswith("/status"):
            return answer(envelope(STATUS))(connection, asked)
        with lock:
            cookie = asked.headers.get("cookie", "")
            is_old = cookie in heard
            heard.append(cookie)
            number = len(heard)
        time.sleep(0.02)
        seconds = 1 if asked.target.endswith("/login") else 900
        reused = answer({"error": refusal("auth.refresh.token_reuse_detected")}, status=401)
        good = let_in(f"token-{number}", f"cookie-{number}", seconds)
        return (reused if is_old else good)(connection, asked)

    return behave


def test_threads_renew_once() -> None:
    used: list[str] = []
    with hostile(one_use(used)) as server, Client(server.address) as client:
        login(client)
        threads = [threading.Thread(target=status, args=(client,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert used == ["", "aboard_refresh=cookie-1"]
    assert len(server.heard) == 14


def test_threads_that_renew_by_hand_use_no_cookie_twice() -> None:
    used: list[str] = []
    with hostile(one_use(used)) as server, Client(server.address) as client:
        login(client)
        threads = [threading.Thread(target=client.ask, args=(RENEW,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(used) == len(set(used)) == 7


async def test_tasks_that_renew_by_hand_use_no_cookie_twice() -> None:
    used: list[str] = []
    with hostile(one_use(used)) as server:
        async with AsyncClient(server.address) as client:
            await login(client)
            await asyncio.gather(*(client.ask(RENEW) for _ in range(6)))
    assert len(used) == len(set(used)) == 7


async def test_tasks_renew_once() -> None:
    used: list[str] = []
    with hostile(one_use(used)) as server:
        async with AsyncClient(server.address) as client:
            await login(client)
            await asyncio.gather(*(status(client) for _ in range(12)))
    assert used == ["", "aboard_refresh=cookie-1"]
    assert len(server.heard) == 14
