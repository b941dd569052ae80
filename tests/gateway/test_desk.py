"""Can an operator's program say who may borrow the key, and can nobody else?"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest

from aboard.app import build_app
from aboard.cli import servers
from aboard.core.secret import Secret
from aboard.gateway.listening import StrictProtocol
from aboard.web.auth import issue_token
from tests.gateway.speaking import Answered, request, say
from tests.leaks import SecretsInPlay
from tests.scene import Scene, open_scene

SECRET = Secret("token-words-token-words-token-words")
NOBODY = "gwc_000000000000000000000000"
Ask = Callable[..., Awaitable[Answered]]


@pytest.fixture
async def scene(database: str) -> AsyncIterator[Scene]:
    async with open_scene(database) as opened:
        yield opened


@pytest.fixture
async def ask(scene: Scene) -> AsyncIterator[Ask]:
    """Serve the whole service, and ask its desk as an operator, or as `who`."""
    listener = servers.bind("127.0.0.1", 0)
    app = build_app(scene.platform, scene.settings)
    async with servers.listening(app, listener, protocol=StrictProtocol):
        port = servers.port_of(listener)

        async def asking(line: str, content: Any = None, who: str = "operator") -> Answered:  # noqa: ANN401 - any JSON
            token = issue_token(
                SECRET, user_id=who, now=scene.clock(), is_operator=who == "operator"
            ).reveal()
            body = b"" if content is None else msgspec.json.encode(content)
            method, path = line.split()
            kind = ("Content-Type: application/json",) if body else ()
            return await say(port, request(f"{method} /gateway{path}", token, *kind, body=body))

        yield asking


def read(answered: Answered) -> Any:  # noqa: ANN401 - any JSON
    return msgspec.json.decode(answered.body)


async def test_nobody_but_an_operator_comes_in(ask: Ask) -> None:
    assert (await ask("GET /callers", who="ada")).status == 403
    assert read(await ask("GET /callers", who="ada"))["code"] == "not_operator"


async def test_a_caller_lives_and_ends(ask: Ask, secrets_in_play: SecretsInPlay) -> None:
    terms = {"allow": {"test": ["accounts:read"]}, "owners": ["creator:ada"]}
    made = await ask("POST /callers", {"name": "shop", **terms})
    assert made.status == 201
    caller = read(made)
    assert caller["allow"] == {"test": ["accounts:read"], "live": []}
    assert read(await ask("GET /callers"))["data"] == [caller]
    assert read(await ask("GET /callers/shop")) == caller
    issued = await ask(f"POST /callers/{caller['id']}/tokens", {"mode": "test", "days": 3})
    assert issued.status == 201
    assert issued.header("cache-control") == "no-store"
    token = read(issued)
    secrets_in_play.add(token["token"])
    assert (await ask("GET /whoami")).status == 401  # an operator is no caller
    other = read(await ask(f"POST /tokens/{token['id']}/rotate", {"graceHours": 1}))
    secrets_in_play.add(other["token"])
    kept = read(await ask("GET /callers/shop/tokens"))["data"]
    assert {each["id"] for each in kept} == {token["id"], other["id"]}
    assert all("token" not in each for each in kept)
    assert read(await ask(f"POST /tokens/{other['id']}/revoke"))["revokedAt"]
    assert (await ask(f"POST /tokens/{other['id']}/rotate", {})).status == 409
    assert read(await ask("POST /callers/shop/disable"))["disabledAt"]
    assert read(await ask("POST /callers/shop/enable"))["disabledAt"] is None
    changed = read(await ask("PUT /callers/shop", {"limits": {"perSecond": 3}}))
    assert (changed["limits"], changed["owners"]) == ({"perSecond": 3, "perDay": None}, None)
    assert (await ask("DELETE /callers/shop")).status == 204
    assert (await ask("GET /callers/shop")).status == 404


@pytest.mark.parametrize(
    ("line", "content", "status", "code"),
    [
        ("POST /callers", {"name": ""}, 400, "invalid_request"),
        ("POST /callers", {"name": "a", "allow": {"test": ["x"]}}, 400, "invalid_request"),
        ("POST /callers", {"name": "a", "allow": {"prod": []}}, 400, "invalid_request"),
        ("POST /callers", {"name": "a", "owners": ["ada"]}, 400, "invalid_request"),
        ("POST /callers", {"name": "a", "colour": 1}, 400, "invalid_request"),
        ("POST /callers", None, 415, "invalid_request"),
        ("POST /callers", {"name": "x" * 70_000}, 413, "invalid_request"),
        (f"GET /callers/{NOBODY}", None, 404, "caller_unknown"),
        (f"POST /callers/{NOBODY}/tokens", {"mode": "test"}, 404, "caller_unknown"),
        (f"POST /callers/{NOBODY}/tokens", {"mode": "prod"}, 400, "invalid_request"),
        ("POST /tokens/gwt_1/revoke", None, 404, "token_unknown"),
        ("PATCH /callers", None, 405, "method_not_allowed"),
        ("GET /callers/a/b/c", None, 404, "not_found"),
        ("GET /callersx", None, 404, "not_found"),
        ("GET /callers/%2e%2e", None, 404, "caller_unknown"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    ask: Ask,
    line: str,
    content: Any,  # noqa: ANN401 - any JSON
    status: int,
    code: str,
) -> None:
    answered = await ask(line, content)
    assert (answered.status, read(answered)["code"]) == (status, code)
    assert answered.header("x-request-id") == read(answered)["request_id"]


async def test_a_name_is_taken_once(ask: Ask) -> None:
    both = await asyncio.gather(*(ask("POST /callers", {"name": "shop"}) for _ in range(2)))
    assert sorted(each.status for each in both) == [201, 409]
