"""`POST onboarding-links`: who may, with what body, and what comes back."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from aboard.api.application import CallLimits
from aboard.core.caller import Role
from aboard.flows.platform import Switches
from tests.api.asking import ACCOUNTS, Desk
from tests.api.conftest import OpenDesk
from tests.scene import REFRESH_URL, RETURN_URL

LINKS = f"{ACCOUNTS}/onboarding-links"
OWNER = {"org_1": Role.OWNER}
KEY = {"idempotency-key": "try-1"}
BODY = {
    "organizationId": "org_1",
    "mode": "test",
    "returnUrl": RETURN_URL,
    "refreshUrl": REFRESH_URL,
}


async def ask(desk: Desk, body: Mapping[str, Any] = BODY, **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
    rest.setdefault("organizations", OWNER)
    return await desk.ask("POST", LINKS, json=body, **rest)


async def send(desk: Desk, content: Any, kind: str = "application/json") -> httpx2.Response:  # noqa: ANN401 - bytes or chunks
    return await desk.ask(
        "POST", LINKS, organizations=OWNER, content=content, headers={"content-type": kind}
    )


def refusal(answer: httpx2.Response, status: int, code: str) -> Mapping[str, Any]:
    assert answer.status_code == status, answer.text
    body: Mapping[str, Any] = answer.json()
    assert body.keys() - {"details"} == {"code", "message", "request_id"}
    assert body["code"] == code
    assert body["message"]
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


def problems(answer: httpx2.Response, status: int = 400) -> dict[str, str]:
    code = {400: "invalid_request", 413: "body_too_large", 415: "unsupported_media_type"}[status]
    rows = refusal(answer, status, code)["details"]["problems"]
    return {row["field"]: row["message"] for row in rows}


class TestWho:
    async def test_anonymous(self, desk: Desk) -> None:
        answer = await ask(desk, user=None)
        refusal(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"

    async def test_a_cookie_is_not_a_bearer_token(self, desk: Desk) -> None:
        cookie = {"cookie": f"aboard_session={desk.token('ada', OWNER)}"}
        refusal(await ask(desk, user=None, headers=cookie), 401, "unauthenticated")

    async def test_a_stranger_is_refused_before_the_body_is_read(self, desk: Desk) -> None:
        answer = await desk.client.post(LINKS, content=b"{", headers={"content-type": "text/x"})
        refusal(answer, 401, "unauthenticated")

    async def test_another_organization_or_a_weak_role(self, desk: Desk) -> None:
        strangers: list[dict[str, Role]] = [
            {},
            {"org_2": Role.OWNER},
            {"org_1": Role.FINANCE},
            {"org_1": Role.SUPPORT},
        ]
        for organizations in strangers:
            answer = await ask(desk, organizations=organizations)
            refusal(answer, 403, "not_yours")
            assert "details" not in answer.json()
            (entry,) = await desk.scene.platform.store.list_audit(limit=1)
            assert entry.outcome.startswith("refused:")
            assert entry.request_id == answer.headers["x-request-id"]
        assert desk.scene.accounts() == []

    @pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
    async def test_owner_and_admin_may(self, desk: Desk, role: Role) -> None:
        assert (await ask(desk, organizations={"org_1": role})).status_code == 200

    async def test_over_the_limit(self, desk: Desk, open_desk: OpenDesk) -> None:
        strict = await open_desk(limits=CallLimits(organizations=1))
        assert (await ask(strict)).headers["ratelimit-remaining"] == "0"
        calls = len(desk.scene.road.calls)
        answer = await ask(strict)
        seconds = int(answer.headers["retry-after"])
        details = refusal(answer, 429, "too_many_requests")["details"]
        assert details == {"retryAfterSeconds": seconds}
        assert len(desk.scene.road.calls) == calls
        assert (await ask(desk)).headers["ratelimit-limit"] == "60"


class TestTheBody:
    async def test_what_is_not_one_json_object(self, desk: Desk) -> None:
        for content, field in (
            (b"", "body"),
            (b"{", "body"),
            (b"[]", "body"),
            (b"null", "body"),
            (b'"text"', "body"),
            (b"\xff\xfe{\x00}\x00", "body"),
            (b'{"mode": NaN}', "body"),
            (b"[" * 60_000, "body"),
            (b'{"a":' * 10_000, "body"),
            (b'{"mode": "test", "mode": "live"}', "mode"),
            (b'{"mode": ' + b"1" * 5000 + b"}", "body"),
        ):
            assert field in problems(await send(desk, content))

    async def test_every_unknown_field_is_named(self, desk: Desk) -> None:
        found = problems(await ask(desk, {**BODY, "color": 1, "organization_id": "org_1"}))
        assert found == {
            "color": "is not a known field",
            "organization_id": "is not a known field",
        }

    async def test_every_missing_field_is_named(self, desk: Desk) -> None:
        assert problems(await ask(desk, {})) == dict.fromkeys(BODY, "is missing")

    async def test_every_wrong_type_is_named(self, desk: Desk) -> None:
        wrong = {
            "organizationId": 7,
            "mode": "production",
            "returnUrl": None,
            "refreshUrl": ["x"],
            "collect": "everything",
            "force": "yes",
        }
        assert problems(await ask(desk, wrong)).keys() == wrong.keys()

    async def test_an_organization_has_a_plain_name(self, desk: Desk) -> None:
        for name in ("", " ", "a b", "org\n", "\u00e9", "\ud800", "x" * 256):
            content = json.dumps({**BODY, "organizationId": name}).encode()
            assert problems(await send(desk, content)).keys() == {"organizationId"}

    async def test_strange_words_come_back_harmless(self, desk: Desk) -> None:
        content = json.dumps({**BODY, "\ud800\n<b>": 1, "mode": "\ud83d"}).encode()
        assert problems(await send(desk, content)).keys() == {"\\ud800?<b>", "mode"}

    async def test_another_content_type(self, desk: Desk) -> None:
        form = "application/x-www-form-urlencoded"
        for kind in ("", "text/plain", form, "application/json; charset=latin-1"):
            answer = await send(desk, json.dumps(BODY).encode(), kind)
            assert problems(answer, 415).keys() == {"Content-Type"}

    async def test_a_charset_of_utf_8_is_fine(self, desk: Desk) -> None:
        kind = 'Application/JSON; charset="UTF-8"'
        assert (await send(desk, json.dumps(BODY).encode(), kind)).status_code == 200

    async def test_too_large_by_its_own_word(self, desk: Desk) -> None:
        problems(await send(desk, b" " * 65_537), 413)

    async def test_too_large_without_a_word(self, desk: Desk) -> None:
        read = 0

        async def chunks() -> AsyncIterator[bytes]:
            nonlocal read
            for _ in range(1000):
                read += 1
                yield b" " * 10_000

        problems(await send(desk, chunks()), 413)
        assert read < 10  # the rest was never taken in

    async def test_as_large_as_allowed(self, desk: Desk) -> None:
        content = json.dumps(BODY).encode().ljust(65_536)
        assert (await send(desk, content)).status_code == 200


class TestAddresses:
    @pytest.mark.parametrize("field", ["returnUrl", "refreshUrl"])
    async def test_off_the_allow_list(self, desk: Desk, field: str) -> None:
        for address in (
            "https://evil.example/connect/done",
            "http://localhost:3000/elsewhere",
            "http://localhost:3000/connected",
            "http://user:word@localhost:3000/connect",
            "http://localhost:3000/connect#here",
            "//localhost:3000/connect",
            "http://localhost:3000/connect/../admin",
            "http://localhost:3000/connect/%2e%2e/admin",
            "http:\\\\localhost:3000\\connect",
            "javascript:alert(1)",
            "http://localhost:3000/connect\r\nset-cookie: a=b",
        ):
            answer = await ask(desk, {**BODY, field: address})
            body = refusal(answer, 400, "address_refused")
            assert [row["field"] for row in body["details"]["problems"]] == [field]
            assert address not in answer.text
        assert desk.scene.accounts() == []

    async def test_http_is_for_test_mode(self, desk: Desk) -> None:
        refusal(await ask(desk, {**BODY, "mode": "live"}), 400, "address_refused")


class TestTheLink:
    async def test_it_starts_and_resumes(self, desk: Desk) -> None:
        first, second = [(await ask(desk)).json() for _ in range(2)]
        assert first.keys() == {"onboardingUrl", "expiresAt"}
        assert first["onboardingUrl"] != second["onboardingUrl"]
        assert first["expiresAt"] == "2026-11-21T09:05:00Z"
        assert len(desk.scene.accounts()) == 1

    async def test_it_is_not_stored_by_a_cache(self, desk: Desk) -> None:
        assert (await ask(desk)).headers["cache-control"] == "no-store"

    async def test_nothing_due(self, desk: Desk) -> None:
        await ask(desk)
        await desk.scene.complete(desk.scene.accounts()[0])
        await desk.ask("GET", f"{ACCOUNTS}/org_1?mode=test&fresh=true", organizations=OWNER)
        body = refusal(await ask(desk), 409, "nothing_due")
        assert body["details"] == {"readiness": "complete"}
        assert (await ask(desk, {**BODY, "force": True})).status_code == 200

    async def test_everything_can_be_collected_at_once(self, desk: Desk) -> None:
        assert (await ask(desk, {**BODY, "collect": "eventually_due"})).status_code == 200

    async def test_onboarding_is_off(self, desk: Desk, open_desk: OpenDesk) -> None:
        off = await open_desk(desk.scene.with_changes(switches=Switches(onboarding=False)))
        answer = await ask(off)
        refusal(answer, 503, "features.onboarding_disabled")
        assert int(answer.headers["retry-after"]) > 0

    async def test_no_key_for_this_mode(self, desk: Desk, open_desk: OpenDesk) -> None:
        bare = await open_desk(desk.scene.with_changes(stripe={}))
        refusal(await ask(bare), 400, "stripe_not_configured")

    async def test_stripe_is_away_and_nothing_is_lost(self, desk: Desk) -> None:
        for mood in ("away", "garbage", "500", "429"):
            desk.scene.road.mood = [mood]
            answer = await ask(desk)
            refusal(answer, 503, "stripe_unavailable")
            assert int(answer.headers["retry-after"]) > 0
        assert (await ask(desk)).status_code == 200
        assert len(desk.scene.accounts()) == 1

    async def test_stripes_refusal_is_passed_on(self, desk: Desk) -> None:
        desk.scene.road.mood = ["402"]
        assert refusal(await ask(desk), 400, "stripe_refused")["message"] == "no"

    async def test_a_refused_key_is_the_platforms_trouble(self, desk: Desk) -> None:
        for mood in ("401", "403"):
            desk.scene.road.mood = [mood]
            assert "details" not in refusal(await ask(desk), 502, "stripe_access_refused")


class TestIdempotency:
    async def test_a_repeat_gets_a_new_link_for_the_same_account(self, desk: Desk) -> None:
        first, second = [await ask(desk, headers=KEY) for _ in range(2)]
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json()["onboardingUrl"] != second.json()["onboardingUrl"]
        assert len(desk.scene.accounts()) == 1

    async def test_another_body(self, desk: Desk) -> None:
        await ask(desk, headers=KEY)
        answer = await ask(desk, {**BODY, "collect": "eventually_due"}, headers=KEY)
        refusal(answer, 409, "idempotency_conflict")

    async def test_the_same_body_in_another_form(self, desk: Desk) -> None:
        await ask(desk, headers=KEY)
        shuffled = {**dict(reversed(BODY.items())), "collect": "currently_due"}
        assert (await ask(desk, shuffled, headers=KEY)).status_code == 200

    async def test_it_is_for_one_caller_and_one_organization(self, desk: Desk) -> None:
        both = {"org_1": Role.OWNER, "org_2": Role.OWNER}
        await ask(desk, headers=KEY)
        other = {**BODY, "organizationId": "org_2"}
        assert (await ask(desk, other, headers=KEY, organizations=both)).status_code == 200
        again = {**BODY, "collect": "eventually_due"}
        assert (await ask(desk, again, headers=KEY, user="bob")).status_code == 200

    async def test_it_ends_after_a_day(self, desk: Desk) -> None:
        await ask(desk, headers=KEY)
        desk.scene.clock.advance(timedelta(hours=24, seconds=1))
        answer = await ask(desk, {**BODY, "collect": "eventually_due"}, headers=KEY)
        assert answer.status_code == 200

    async def test_a_key_that_is_none(self, desk: Desk) -> None:
        for key in ("", "a b", "x" * 256, "\xe9"):
            answer = await ask(desk, headers={"idempotency-key": key.encode("latin-1")})
            assert problems(answer).keys() == {"Idempotency-Key"}

    async def test_a_refused_address_does_not_use_the_key_up(self, desk: Desk) -> None:
        refused = await ask(desk, {**BODY, "returnUrl": "https://x.example/"}, headers=KEY)
        refusal(refused, 400, "address_refused")
        assert (await ask(desk, headers=KEY)).status_code == 200

    async def test_a_failed_call_can_be_repeated(self, desk: Desk) -> None:
        desk.scene.road.mood = ["drop"]
        refusal(await ask(desk, headers=KEY), 503, "stripe_unavailable")
        assert (await ask(desk, headers=KEY)).status_code == 200
        assert len(desk.scene.accounts()) == 1
