"""A page of another origin calls from a browser: which origins are let in, and what they learn.

Hostile first. What a browser does with these headers is shown in tests/journeys/test_cors.py.
"""

from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest

from aboard.api.application import CallLimits
from aboard.app import build_app
from aboard.settings import load_settings
from tests.api.asking import CONNECT, CREATORS, Desk
from tests.api.conftest import OpenDesk
from tests.api.organizations.counter import OWNER
from tests.cli.commands import COMPLETE_SETTINGS
from tests.scene import Scene

OURS = "https://app.example.com"
LOCAL = "http://localhost:5173"
REFRESH = f"{CONNECT}/refresh-link"
STATUS = f"{CONNECT}/status"
PREFLIGHT = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
}
STRANGERS = (
    "null",
    "*",
    "https://evil.example",
    "https://app.example.com.evil.example",
    "https://evilapp.example.com",
    "https://sub.app.example.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com:443",
    "https://app.example.com/",
    "https://app.example.com https://evil.example",
    "https://app.example.com,https://evil.example",
    "https://APP.example.com",
    " ",
    "https://app.example.com\x00",
    "\xff" * 4000,
    "http://localhost:5174",
    "http://127.0.0.1:5173",
)


def granted(answer: httpx2.Response) -> dict[str, str]:
    return {name: word for name, word in answer.headers.items() if name.startswith("access-")}


async def from_page(
    desk: Desk, method: str, path: str, origin: str, more: Mapping[str, str] | None = None
) -> httpx2.Response:
    """Send as a browser would, with a token unless it is a preflight."""
    headers = {"origin": origin, **(more or {})}
    raw = [(name.encode(), word.encode("latin-1")) for name, word in headers.items()]
    if method != "OPTIONS":
        raw.append((b"authorization", f"Bearer {desk.token()}".encode()))
    return await desk.client.request(method, path, headers=raw)


@pytest.fixture
async def open_page(open_desk: OpenDesk) -> Desk:
    desk = await open_desk(browser_origins=[OURS, LOCAL])
    assert (await desk.ask("POST", f"{CREATORS}/upgrade")).status_code == 201
    assert (await desk.ask("POST", f"{CONNECT}/initiate")).status_code == 201
    return desk


class TestStrangers:
    @pytest.mark.parametrize("origin", STRANGERS)
    async def test_get_no_word_and_their_call_is_handled_as_ever(
        self, open_page: Desk, origin: str
    ) -> None:
        answer = await from_page(open_page, "GET", STATUS, origin)
        assert answer.status_code == 200
        assert granted(answer) == {}
        assert answer.headers["vary"] == "origin"

    @pytest.mark.parametrize("origin", STRANGERS)
    async def test_get_no_preflight(self, open_page: Desk, origin: str) -> None:
        answer = await from_page(open_page, "OPTIONS", REFRESH, origin, PREFLIGHT)
        assert answer.status_code == 204
        assert granted(answer) == {}
        assert answer.headers["allow"] == "OPTIONS, POST"

    async def test_two_origins_are_none(self, open_page: Desk) -> None:
        for pair in ((OURS, "https://evil.example"), ("https://evil.example", OURS), (OURS, OURS)):
            answer = await open_page.client.request(
                "OPTIONS", REFRESH, headers=[("origin", one) for one in pair] + [*PREFLIGHT.items()]
            )
            assert granted(answer) == {}

    async def test_nobody_is_let_in_where_nobody_is_named(self, desk: Desk) -> None:
        answer = await from_page(desk, "OPTIONS", REFRESH, OURS, PREFLIGHT)
        assert granted(answer) == {}
        assert "vary" not in answer.headers


class TestPreflight:
    async def test_needs_no_token_and_uses_no_call(self, open_desk: OpenDesk) -> None:
        desk = await open_desk(limits=CallLimits(creators=1), browser_origins=[OURS])
        for _ in range(5):
            answer = await from_page(desk, "OPTIONS", f"{CREATORS}/upgrade", OURS, PREFLIGHT)
            assert answer.status_code == 204
            assert answer.content == b""
            assert "ratelimit-limit" not in answer.headers
        assert (await desk.ask("POST", f"{CREATORS}/upgrade")).status_code == 201

    @pytest.mark.parametrize("origin", [OURS, LOCAL])
    async def test_says_what_may_be_sent(self, open_page: Desk, origin: str) -> None:
        answer = await from_page(open_page, "OPTIONS", REFRESH, origin, PREFLIGHT)
        assert granted(answer) == {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "access-control-allow-methods": "DELETE, GET, PATCH, POST, PUT",
            "access-control-allow-headers": (
                "accept-language, authorization, content-type, idempotency-key, x-request-id"
            ),
            "access-control-max-age": "600",
        }
        assert answer.headers["vary"] == "origin"
        assert answer.headers["x-request-id"]
        assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize(
        "junk",
        [
            {"access-control-request-method": "\xff\x00"},
            {**PREFLIGHT, "access-control-request-headers": "x-" + "a" * 8000},
            {**PREFLIGHT, "access-control-request-headers": "*, cookie, host"},
            {**PREFLIGHT, "access-control-request-private-network": "true"},
            {**PREFLIGHT, "authorization": "Bearer junk"},
        ],
    )
    async def test_junk_is_never_sent_back(self, open_page: Desk, junk: dict[str, str]) -> None:
        clean = await from_page(open_page, "OPTIONS", REFRESH, OURS, PREFLIGHT)
        answer = await from_page(open_page, "OPTIONS", REFRESH, OURS, junk)
        assert answer.status_code == 204
        assert granted(answer) == granted(clean)

    async def test_plain_options_still_names_the_methods(self, open_page: Desk) -> None:
        answer = await from_page(open_page, "OPTIONS", REFRESH, OURS)
        assert answer.headers["allow"] == "OPTIONS, POST"
        assert answer.headers["access-control-allow-origin"] == OURS


class TestAnswers:
    async def test_a_link_can_be_read_with_its_headers(self, open_page: Desk) -> None:
        answer = await from_page(open_page, "POST", REFRESH, OURS)
        assert answer.status_code == 200
        shown = granted(answer)
        assert shown["access-control-allow-origin"] == OURS
        assert shown["access-control-allow-credentials"] == "true"
        names = set(shown["access-control-expose-headers"].lower().split(", "))
        assert names >= {
            "x-request-id",
            "ratelimit-limit",
            "ratelimit-remaining",
            "ratelimit-reset",
            "retry-after",
            "x-status-source",
        }

    async def test_every_header_of_the_description_can_be_read(self, open_page: Desk) -> None:
        description = (await open_page.ask("GET", "/openapi.json", user=None)).json()
        described = {
            name.lower()
            for path, methods in description["paths"].items()
            if not path.endswith(("/return", "/refresh"))
            for operation in methods.values()
            for answer in operation["responses"].values()
            for name in answer["headers"]
        }
        answer = await from_page(open_page, "POST", REFRESH, OURS)
        shown = set(answer.headers["access-control-expose-headers"].lower().split(", "))
        # No browser shows a page what Set-Cookie says, whatever is exposed.
        assert described - shown == {"set-cookie", "vary"}

    async def test_refusals_can_be_read_too(self, open_page: Desk, open_desk: OpenDesk) -> None:
        strict = await open_desk(limits=CallLimits(creators=1), browser_origins=[OURS])
        await from_page(strict, "GET", STATUS, OURS)
        open_page.scene.road.mood = ["away"] * 9
        anonymous = await open_page.client.post(REFRESH, headers={"origin": OURS})
        answers = {
            401: anonymous,
            404: await from_page(open_page, "GET", "/api/v1/nowhere", OURS),
            405: await from_page(open_page, "DELETE", REFRESH, OURS),
            429: await from_page(strict, "GET", STATUS, OURS),
            503: await from_page(open_page, "POST", REFRESH, OURS),
        }
        for status, answer in answers.items():
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == OURS
            assert answer.headers["vary"] == "origin"

    async def test_so_can_a_fault_of_ours(self, open_page: Desk, open_desk: OpenDesk) -> None:
        def clock() -> None:
            raise RuntimeError

        broken = await open_desk(open_page.scene.with_changes(clock=clock), browser_origins=[OURS])
        answer = await from_page(broken, "POST", REFRESH, OURS)
        assert answer.status_code == 500
        assert answer.headers["access-control-allow-origin"] == OURS

    async def test_an_organizations_answer_varies_by_both(self, open_page: Desk) -> None:
        path = "/v1/connect/accounts/org_1/requirements?mode=test"
        answer = await open_page.ask("GET", path, organizations=OWNER, headers={"origin": OURS})
        assert answer.headers["access-control-allow-origin"] == OURS


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/connect/accounts/return?state=forged"),
        ("GET", "/v1/connect/accounts/refresh?state=forged"),
        ("POST", "/v1/connect/accounts/refresh/continue"),
        ("POST", "/v1/webhooks/stripe"),
        ("POST", "/v1/webhooks/stripe/connect"),
        ("GET", "/connect/sign-in"),
        ("GET", "/openapi.json"),
    ],
)
async def test_what_is_no_api_stays_shut(
    scene: Scene, tmp_path: Path, method: str, path: str
) -> None:
    given = {**COMPLETE_SETTINGS, "ABOARD_BROWSER_ORIGINS": OURS}
    settings = load_settings({**given, "ABOARD_DATABASE": str(tmp_path / "aboard.sqlite3")})
    app = build_app(scene.platform, settings)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://aboard.test") as client:
        for verb in ("OPTIONS", method):
            answer = await client.request(verb, path, headers={"origin": OURS, **PREFLIGHT})
            assert granted(answer) == {}
        reached = await client.options(REFRESH, headers={"origin": OURS, **PREFLIGHT})
        assert reached.headers["access-control-allow-origin"] == OURS
