"""What holds for each operation about an account: who may, how often, with what body or query."""

from typing import Any

import httpx2
import pytest

from aboard.api.application import CallLimits
from aboard.core.caller import Role
from tests.api.asking import ACCOUNTS, Desk
from tests.api.conftest import OpenDesk
from tests.api.organizations.counter import (
    KEY,
    LINK_BODY,
    LINKS,
    MODE_BODY,
    ORG,
    TEST,
    ask,
    audited,
    fields,
    refusal,
)

SESSION_BODY = {"mode": "test", "components": ["payouts"]}
WITH_BODY: dict[str, tuple[str, dict[str, Any]]] = {
    "links": (LINKS, LINK_BODY),
    "login-links": (f"{ORG}/login-links", MODE_BODY),
    "account-sessions": (f"{ORG}/account-sessions", SESSION_BODY),
    "page-links": (f"{ORG}/page-links", MODE_BODY),
    "go-live": (f"{ORG}/go-live", MODE_BODY),
}
WITH_QUERY = {
    "connection": ("GET", ORG),
    "requirements": ("GET", f"{ORG}/requirements"),
    "setup-state": ("GET", f"{ORG}/setup-state"),
    "close": ("DELETE", f"{ORG}/go-live"),
    "disconnect": ("DELETE", ORG),
}
ACTING = {"links", "login-links", "account-sessions", "go-live", "close", "disconnect"}
EVERY = (*WITH_BODY, *WITH_QUERY)


async def call(desk: Desk, name: str, **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
    if name in WITH_BODY:
        path, body = WITH_BODY[name]
        return await ask(desk, "POST", path, **{"json": body, **rest})
    method, path = WITH_QUERY[name]
    return await ask(desk, method, f"{path}?{TEST}", **rest)


@pytest.mark.parametrize("name", EVERY)
async def test_anonymous(desk: Desk, name: str) -> None:
    answer = await call(desk, name, user=None)
    refusal(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "ratelimit-limit" not in answer.headers


@pytest.mark.parametrize("name", EVERY)
async def test_another_organization_is_audited_and_nothing_is_done(desk: Desk, name: str) -> None:
    answer = await call(desk, name, organizations={"org_2": Role.OWNER}, headers=KEY)
    refusal(answer, 403, "not_yours")
    assert await audited(desk) == ["refused:not_a_member"]
    assert desk.scene.road.calls == []


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", EVERY)
async def test_acting_needs_owner_or_admin_and_reading_any_role(
    desk: Desk, name: str, role: Role
) -> None:
    answer = await call(desk, name, organizations={"org_1": role})
    if name in ACTING and role in {Role.FINANCE, Role.SUPPORT}:
        refusal(answer, 403, "not_yours")
        assert await audited(desk) == ["refused:role_too_weak"]
    else:
        assert answer.status_code != 403


@pytest.mark.parametrize("name", EVERY)
async def test_over_the_limit(open_desk: OpenDesk, name: str) -> None:
    strict = await open_desk(limits=CallLimits(organizations=1))
    first = await call(strict, name)
    assert first.headers["ratelimit-limit"] == "1"
    assert first.headers["ratelimit-remaining"] == "0"
    calls = len(strict.scene.road.calls)
    answer = await call(strict, name)
    seconds = int(answer.headers["retry-after"])
    assert refusal(answer, 429, "too_many_requests") == {"retryAfterSeconds": seconds}
    assert int(answer.headers["ratelimit-reset"]) == seconds
    assert len(strict.scene.road.calls) == calls


@pytest.mark.parametrize("name", EVERY)
async def test_no_answer_is_stored_by_a_cache(desk: Desk, name: str) -> None:
    assert (await call(desk, name)).headers["cache-control"] == "no-store"
    assert (await call(desk, name, user=None)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", WITH_BODY)
async def test_a_body_that_is_none(desk: Desk, name: str) -> None:
    path, body = WITH_BODY[name]
    unknown = await ask(desk, "POST", path, json={**body, "colour": 1})
    assert fields(unknown) == {"colour"}
    assert fields(await ask(desk, "POST", path, json={})) == set(body)
    assert fields(await ask(desk, "POST", path, json={**body, "mode": "both"})) == {"mode"}
    form = await ask(desk, "POST", path, data={"mode": "test"})
    refusal(form, 415, "unsupported_media_type")
    large = {"content-type": "application/json"}
    refusal(
        await ask(desk, "POST", path, content=b" " * 65_537, headers=large), 413, "body_too_large"
    )
    assert desk.scene.road.calls == []


@pytest.mark.parametrize("name", WITH_QUERY)
async def test_a_query_that_is_none(desk: Desk, name: str) -> None:
    method, path = WITH_QUERY[name]
    assert fields(await ask(desk, method, path)) == {"mode"}
    assert fields(await ask(desk, method, f"{path}?mode=TEST")) == {"mode"}


@pytest.mark.parametrize("name", ["close", "disconnect"])
async def test_a_body_where_none_is_taken(desk: Desk, name: str) -> None:
    method, path = WITH_QUERY[name]
    answer = await ask(desk, method, f"{path}?{TEST}", json=MODE_BODY)
    assert fields(answer) == {"body"}


@pytest.mark.parametrize("name", sorted({*EVERY} - {"links"}))
async def test_an_organization_has_a_plain_name(desk: Desk, name: str) -> None:
    for strange in ("%0a", "a%20b", "%f0%9f%98%80", "x" * 256):
        path = f"{ACCOUNTS}/{strange}"
        if name in WITH_BODY:
            where, body = WITH_BODY[name]
            answer = await ask(desk, "POST", where.replace(ORG, path), json=body)
        else:
            method, where = WITH_QUERY[name]
            answer = await ask(desk, method, f"{where.replace(ORG, path)}?{TEST}")
        assert fields(answer) == {"organizationId"}


@pytest.mark.parametrize("name", sorted(ACTING | {"page-links"}))
async def test_a_key_that_is_none(desk: Desk, name: str) -> None:
    for key in (b"", b"a b", b"x" * 256, b"\xe9"):
        answer = await call(desk, name, headers={"idempotency-key": key})
        assert fields(answer) == {"Idempotency-Key"}
    assert desk.scene.road.calls == []


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (LINKS, "OPTIONS, POST"),
        (ORG, "DELETE, GET, OPTIONS"),
        (f"{ORG}/go-live", "DELETE, OPTIONS, POST"),
        ("/v1/organizations/org_1", "GET, OPTIONS, PATCH"),
        ("/v1/organizations/org_1/account-shape", "DELETE, GET, OPTIONS, PUT"),
        ("/v1/organizations/org_1/members/bob", "DELETE, OPTIONS, PUT"),
    ],
)
async def test_whoever_asks_what_a_path_takes_is_told_all_of_it(
    desk: Desk, path: str, methods: str
) -> None:
    answer = await desk.ask("OPTIONS", path, user=None)
    assert (answer.status_code, answer.headers["allow"]) == (204, methods)
    refused = await desk.ask("BREW", path)
    assert sorted(refused.headers["allow"].split(", ")) == methods.split(", ")


@pytest.mark.parametrize("name", sorted(WITH_QUERY))
async def test_a_query_that_says_two_things_is_not_guessed_at(desk: Desk, name: str) -> None:
    method, path = WITH_QUERY[name]
    answer = await ask(desk, method, f"{path}?mode=live&{TEST}")
    assert fields(answer) == {"mode"}
    assert desk.scene.road.calls == []
