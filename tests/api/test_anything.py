"""Whatever is sent, no answer is a fault of ours, and every answer has its id."""

import json
import string

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.api.application import CallLimits
from aboard.core.caller import Role
from tests.api.asking import ACCOUNTS, CONNECT, CREATORS, Desk
from tests.api.conftest import OpenDesk

DIRECTORY = "/v1/organizations"
OWNER = {"org_1": Role.OWNER}
EVEN_MORE = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
VISIBLE = st.text(string.printable.strip(), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["organizationId", "mode", "returnUrl", "refreshUrl", "collect", "force", "extra"]
)
VALUES = JSON | st.sampled_from(
    ["org_1", "test", "live", "http://localhost:3000/connect/x", "https://a@b/", "//x", "\x00"]
)
DIRECTORY_FIELDS = st.sampled_from(
    [
        "organizationId",
        "name",
        "timeZone",
        "role",
        "reason",
        "type",
        "controller",
        "country",
        "businessType",
        "capabilities",
        "conditions",
    ]
)
CREATOR_FIELDS = st.sampled_from(["displayName", "bio", "decision", "reason", "extra"])
DIRECTORY_VALUES = st.sampled_from(
    ["UTC", "admin", "custom", "PT", ["transfers"], ["payouts"], {"fees.payer": "application"}]
)
PATHS = st.sampled_from(
    [
        f"{CREATORS}/upgrade",
        f"{CREATORS}/profile",
        f"{CREATORS}/payout-settings",
        f"{CREATORS}/kyc/start",
        f"{CREATORS}/kyc/status",
        f"{CREATORS}/kyc/pending",
        f"{CREATORS}/ada/kyc/decision",
        f"{CONNECT}/initiate",
        f"{CONNECT}/refresh-link",
        f"{CONNECT}/status",
        f"{CONNECT}/dashboard-link",
        f"{ACCOUNTS}/onboarding-links",
        f"{ACCOUNTS}/return",
        f"{ACCOUNTS}/refresh",
        f"{ACCOUNTS}/refresh/continue",
        f"{ACCOUNTS}/org_1",
        f"{ACCOUNTS}/org_1/requirements",
        f"{ACCOUNTS}/org_1/setup-state",
        f"{ACCOUNTS}/org_1/login-links",
        f"{ACCOUNTS}/org_1/account-sessions",
        f"{ACCOUNTS}/org_1/page-links",
        f"{ACCOUNTS}/org_1/go-live",
        DIRECTORY,
        f"{DIRECTORY}/org_1",
        f"{DIRECTORY}/org_1/members",
        f"{DIRECTORY}/org_1/members/bob",
        f"{DIRECTORY}/org_1/account-shape",
        f"{DIRECTORY}/org_1/go-live-policy",
        "/v1/health",
        "/",
    ]
)
METHODS = st.sampled_from(
    ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "DELETE", "BREW"]
)
KINDS = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "", ";;", "é"]
)


@pytest.fixture
async def open_house(open_desk: OpenDesk) -> Desk:
    return await open_desk(limits=CallLimits(10**9, 10**9))


def assert_meant(answer: httpx2.Response) -> None:
    assert answer.status_code < 500, answer.text
    assert answer.headers["x-request-id"]


@EVEN_MORE
@given(body=st.dictionaries(FIELDS, VALUES, max_size=7))
async def test_any_json_body(open_house: Desk, body: dict[str, object]) -> None:
    answer = await open_house.ask(
        "POST",
        f"{ACCOUNTS}/onboarding-links",
        organizations=OWNER,
        content=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    assert_meant(answer)


@EVEN_MORE
@given(
    what=st.sampled_from(
        [
            ("POST", DIRECTORY),
            ("PATCH", f"{DIRECTORY}/org_1"),
            ("PUT", f"{DIRECTORY}/org_1/members/bob"),
            ("PUT", f"{DIRECTORY}/org_1/account-shape?mode=test"),
            ("PUT", f"{DIRECTORY}/org_1/go-live-policy?mode=test"),
        ]
    ),
    body=st.dictionaries(DIRECTORY_FIELDS, VALUES | DIRECTORY_VALUES, max_size=5),
)
async def test_any_json_body_of_the_directory(
    open_house: Desk, what: tuple[str, str], body: dict[str, object]
) -> None:
    method, path = what
    answer = await open_house.ask(
        method,
        path,
        is_operator=True,
        content=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    assert_meant(answer)


@EVEN_MORE
@given(
    what=st.sampled_from(
        [
            ("POST", f"{CREATORS}/upgrade"),
            ("PATCH", f"{CREATORS}/profile"),
            ("POST", f"{CREATORS}/ada/kyc/decision"),
        ]
    ),
    mode=st.sampled_from(["", "?mode=test", "?mode=live", "?mode=", "?mode=both", "?after=%00"]),
    body=st.dictionaries(
        CREATOR_FIELDS, VALUES | st.sampled_from(["APPROVED", "x" * 501]), max_size=5
    ),
)
async def test_any_json_body_about_creators(
    open_house: Desk, what: tuple[str, str], mode: str, body: dict[str, object]
) -> None:
    method, path = what
    for sent in ({}, body):
        answer = await open_house.ask(
            method,
            f"{path}{mode}",
            is_operator=True,
            content=json.dumps(sent).encode(),
            headers={"content-type": "application/json"},
        )
        assert_meant(answer)


@EVEN_MORE
@given(body=st.binary(max_size=200), kind=KINDS, path=PATHS, method=METHODS)
async def test_any_bytes_anywhere(
    open_house: Desk, body: bytes, kind: str, path: str, method: str
) -> None:
    headers = {"content-type": kind.encode()}
    answer = await open_house.ask(
        method,
        path,
        organizations=OWNER,
        content=body,
        headers=headers,  # type: ignore[arg-type] # raw bytes
    )
    assert_meant(answer)


@EVEN_MORE
@given(
    path=PATHS,
    name=st.sampled_from(["state", "mode", "fresh", "after", "limit", "x"]),
    value=TEXT,
    raw=VISIBLE,
)
async def test_any_query(open_house: Desk, path: str, name: str, value: str, raw: str) -> None:
    assert_meant(await open_house.ask("GET", path, organizations=OWNER, params={name: value}))
    address = f"{path}?{raw.replace('#', '')}"
    assert_meant(await open_house.ask("GET", address, organizations=OWNER))


@EVEN_MORE
@given(
    name=st.sampled_from(
        [
            "authorization",
            "cookie",
            "accept",
            "accept-language",
            "content-type",
            "content-length",
            "idempotency-key",
            "x-request-id",
            "host",
        ]
    ),
    value=st.binary(max_size=60),
    path=PATHS,
)
async def test_any_header(open_house: Desk, name: str, value: bytes, path: str) -> None:
    for method in ("GET", "POST"):
        headers = {name: value}
        assert_meant(await open_house.ask(method, path, headers=headers))  # type: ignore[arg-type] # raw bytes


@EVEN_MORE
@given(token=VISIBLE | st.text(string.ascii_letters + "._-", max_size=80))
async def test_any_token(open_house: Desk, token: str) -> None:
    headers = {"authorization": f"Bearer {token}"}
    answer = await open_house.ask("GET", f"{CONNECT}/status", headers=headers)
    assert answer.status_code == 401
