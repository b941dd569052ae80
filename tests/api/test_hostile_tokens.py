"""Is every token that nobody should believe refused, at every door, and is nothing written?

The whole service stands over a local issuer that it found by its name. Each token knocks at both
APIs as a bearer and at the owner's pages as the platform's cookie.
"""

import string
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.app import build_app
from tests.api.forging import GROUPS, HEAD, House, raw, said
from tests.issuer import LocalIssuer, open_issuer
from tests.scene import Scene
from tests.settings.test_settings import load

# No number of examples here: `make prove` brings its own.
PATIENT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with open_issuer() as local:
        yield local


@pytest.fixture
async def house(scene: Scene, issuer: LocalIssuer, tmp_path: Path) -> AsyncIterator[House]:
    database = str(tmp_path / "aboard.sqlite3")
    loaded = load(
        DATABASE=database,
        TOKEN_SECRETS=None,
        TOKEN_ISSUER=issuer.address,
        TOKEN_AUDIENCE="aboard",
        CREATOR_LIMIT="1000000",
        ORGANIZATION_LIMIT="1000000",
    )
    transport = httpx2.ASGITransport(app=build_app(scene.platform, loaded))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:4242") as client:
        yield House(client, issuer, scene.clock(), database)


def assert_refused_everywhere(answers: list[httpx2.Response]) -> None:
    for answer in answers:
        assert answer.status_code == 401, (answer.request.url, answer.text)
        assert answer.headers["x-request-id"]
        assert answer.headers["cache-control"] == "no-store"
        assert "ratelimit-limit" not in answer.headers
    creators, organizations = answers[:2], answers[2:4]
    for answer in (*creators, *organizations):
        assert answer.headers["www-authenticate"] == "Bearer"
    for answer in creators:
        body = answer.json()
        assert body["success"] is False
        assert body["error"]["code"] == "AUTH_UNAUTHORIZED"
        assert body["error"]["i18nKey"] == "auth.unauthorized"
        assert body["error"]["details"] == []
        assert body["error"]["correlationId"] == answer.headers["x-request-id"]
    for answer in organizations:
        assert answer.json()["code"] == "unauthenticated"
        assert answer.json().keys() == {"code", "message", "request_id"}


async def test_a_good_token_opens_every_door(house: House) -> None:
    statuses = [answer.status_code for answer in await house.knock(house.good())]
    assert 401 not in statuses
    assert statuses[0] == 201
    signed_by_hand = await house.knock(raw(house, HEAD))
    assert 401 not in [answer.status_code for answer in signed_by_hand]


@pytest.mark.parametrize("group", GROUPS)
async def test_hostile_tokens(house: House, group: str) -> None:
    before = house.written()
    for name, forge in GROUPS[group].items():
        answers = await house.knock(forge(house))
        assert {answer.status_code for answer in answers} == {401}, name
        assert_refused_everywhere(answers)
        assert house.written() == before, name
    assert set(house.issuer.asked) <= {"/.well-known/openid-configuration", "/keys"}


async def test_a_list_of_audiences_with_ours_in_it_is_fine(house: House) -> None:
    for answer in await house.knock(house.good(aud=["another", "aboard"])):
        assert answer.status_code != 401


async def test_while_the_issuer_has_never_told_its_keys_nobody_is_turned_away_for_good(
    house: House,
) -> None:
    house.issuer.trouble = "500"
    answers = await house.knock(house.good())
    assert [answer.status_code for answer in answers] == [503] * 6
    for answer in answers:
        assert 0 < int(answer.headers["retry-after"]) <= 30
        assert answer.headers["x-request-id"]
    assert answers[0].json()["error"]["i18nKey"] == "error.unavailable"
    assert answers[2].json()["code"] == "issuer_unavailable"
    assert_refused_everywhere(await house.knock("no.token.atall"))


SEGMENT = st.text(string.ascii_letters + string.digits + "-_", max_size=60)


@PATIENT
@given(parts=st.lists(SEGMENT, min_size=1, max_size=6))
async def test_any_text_like_a_token(house: House, parts: list[str]) -> None:
    assert_refused_everywhere(await house.knock(".".join(parts)))


@PATIENT
@given(
    place=st.integers(0, 10_000),
    put=st.characters(codec="utf-8", exclude_characters=' ;,\n\r"\x00'),
    how=st.sampled_from(["replace", "insert", "remove"]),
)
async def test_any_one_change_of_a_good_token(house: House, place: int, put: str, how: str) -> None:
    token = house.good()
    at = place % len(token)
    changed = token[:at] + ("" if how == "remove" else put) + token[at + (how != "insert") :]
    if changed != token:
        assert_refused_everywhere(await house.knock(changed))


@PATIENT
@given(header=st.binary(max_size=80), claims=st.binary(max_size=200))
async def test_any_bytes_that_the_issuer_itself_signed(
    house: House, header: bytes, claims: bytes
) -> None:
    assert_refused_everywhere(await house.knock(raw(house, header, said(house))))
    assert_refused_everywhere(await house.knock(raw(house, HEAD, claims)))
