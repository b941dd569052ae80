"""The creators' operations, each asked as everybody who may come to the counter."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from aboard.api.application import CallLimits
from aboard.core.owner import Mode
from aboard.flows.platform import Switches
from tests.api.asking import CONNECT, CREATORS, Desk
from tests.api.conftest import OpenDesk

OPERATIONS = {
    "upgrade": ("POST", f"{CREATORS}/upgrade"),
    "initiate": ("POST", f"{CONNECT}/initiate"),
    "refresh-link": ("POST", f"{CONNECT}/refresh-link"),
    "status": ("GET", f"{CONNECT}/status"),
    "dashboard-link": ("POST", f"{CONNECT}/dashboard-link"),
}
STRIPES = sorted(OPERATIONS.keys() - {"upgrade"})


async def ask(desk: Desk, operation: str, **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
    method, path = OPERATIONS[operation]
    return await desk.ask(method, path, **rest)


def data(answer: httpx2.Response, status: int) -> Mapping[str, Any]:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"success", "data"}
    assert body["success"] is True
    content: Mapping[str, Any] = body["data"]
    return content


def refusal(answer: httpx2.Response, status: int, key: str, code: str | None = None) -> Any:  # noqa: ANN401 - JSON
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"success", "error"}
    assert body["success"] is False
    error = body["error"]
    assert error.keys() == {"code", "message", "i18nKey", "i18nVars", "details", "correlationId"}
    assert (error["i18nKey"], error["code"]) == (key, code or key)
    assert error["correlationId"] == answer.headers["x-request-id"]
    assert error["message"]
    return error


@pytest.fixture
async def creator(desk: Desk) -> Desk:
    data(await ask(desk, "upgrade"), 201)
    return desk


@pytest.fixture
async def started(creator: Desk) -> Desk:
    data(await ask(creator, "initiate"), 201)
    return creator


@pytest.fixture
async def active(started: Desk) -> Desk:
    await started.scene.complete(started.scene.accounts()[0])
    return started


class TestEveryOperation:
    async def test_anonymous(self, desk: Desk) -> None:
        for operation in OPERATIONS:
            answer = await ask(desk, operation, user=None)
            refusal(answer, 401, "auth.unauthorized", "AUTH_UNAUTHORIZED")
            assert answer.headers["www-authenticate"] == "Bearer"

    async def test_a_cookie_is_not_a_bearer_token(self, desk: Desk) -> None:
        cookie = {"cookie": f"aboard_session={desk.token()}"}
        for operation in OPERATIONS:
            answer = await ask(desk, operation, user=None, headers=cookie)
            refusal(answer, 401, "auth.unauthorized", "AUTH_UNAUTHORIZED")

    async def test_expired(self, desk: Desk) -> None:
        old = {"authorization": f"Bearer {desk.token(lifetime=timedelta(minutes=-5))}"}
        for operation in OPERATIONS:
            answer = await ask(desk, operation, headers=old)
            error = refusal(answer, 401, "auth.unauthorized", "AUTH_UNAUTHORIZED")
            assert error["details"] == []  # not a word about why

    @pytest.mark.parametrize("body", [b"{}", b" ", b"x" * 70_000])
    async def test_a_body_is_refused(self, creator: Desk, body: bytes) -> None:
        status = 413 if len(body) > 65_536 else 400
        for operation in STRIPES:
            answer = await ask(creator, operation, content=body)
            error = refusal(answer, status, "error.validation_failed", "VALIDATION_FAILED")
            assert error["details"][0]["field"] == "body"

    async def test_over_the_limit(self, active: Desk, open_desk: OpenDesk) -> None:
        strict = await open_desk(limits=CallLimits(creators=2))
        for operation in STRIPES:
            for left in (1, 0):
                answer = await ask(strict, operation, user="bob")
                assert answer.headers["ratelimit-limit"] == "2"
                assert answer.headers["ratelimit-remaining"] == str(left)
                assert 0 < int(answer.headers["ratelimit-reset"]) <= 3600
            calls = len(active.scene.road.calls)
            answer = await ask(strict, operation, user="bob")
            error = refusal(answer, 429, "error.rate_limited", "RATE_LIMITED")
            seconds = int(answer.headers["retry-after"])
            assert 0 < seconds <= 3600
            assert error["i18nVars"] == {"seconds": seconds}
            assert str(seconds) in error["message"]
            assert answer.headers["ratelimit-remaining"] == "0"
            assert len(active.scene.road.calls) == calls
            assert (await ask(strict, operation, user="eve")).status_code != 429

    async def test_the_default_limit_is_ten(self, desk: Desk) -> None:
        for operation in STRIPES:
            answer = await ask(desk, operation)
            assert answer.headers["ratelimit-limit"] == "10"
            assert answer.headers["ratelimit-remaining"] == "9"

    async def test_another_method(self, desk: Desk) -> None:
        for method, path in OPERATIONS.values():
            answer = await desk.ask("DELETE", path)
            refusal(answer, 405, "error.method_not_allowed", "METHOD_NOT_ALLOWED")
            assert method in answer.headers["allow"]

    async def test_no_answer_is_stored_by_a_cache(self, active: Desk) -> None:
        for operation in OPERATIONS:
            answer = await ask(active, operation)
            assert answer.status_code in {200, 201}
            assert answer.headers["cache-control"] == "no-store"


async def test_without_a_profile(desk: Desk) -> None:
    for operation in STRIPES:
        refusal(await ask(desk, operation), 404, "creator.stripe.not_creator")


async def test_without_an_account(creator: Desk) -> None:
    for operation in ("refresh-link", "dashboard-link"):
        refusal(await ask(creator, operation), 400, "creator.stripe.account_not_found")


@pytest.mark.parametrize("operation", ["initiate", "refresh-link", "dashboard-link"])
class TestStripesTrouble:
    async def test_not_configured(self, active: Desk, open_desk: OpenDesk, operation: str) -> None:
        await ask(active, "status")
        bare = await open_desk(active.scene.with_changes(stripe={}))
        refusal(await ask(bare, operation), 400, "creator.stripe.service_unavailable")

    async def test_away(self, active: Desk, operation: str) -> None:
        await ask(active, "status")
        for mood in ("away", "garbage", "500", "429"):
            active.scene.road.mood = [mood] * 9
            answer = await ask(active, operation)
            error = refusal(answer, 503, "creator.stripe.unavailable")
            assert int(answer.headers["retry-after"]) > 0
            assert error["details"] == []

    async def test_a_refused_key_is_the_platforms_trouble(
        self, active: Desk, operation: str
    ) -> None:
        await ask(active, "status")
        active.scene.road.mood = ["401"]
        error = refusal(await ask(active, operation), 400, "creator.stripe.service_unavailable")
        assert error["details"] == []

    async def test_refused(self, active: Desk, operation: str) -> None:
        await ask(active, "status")
        active.scene.road.mood = ["400"]
        error = refusal(await ask(active, operation), 400, "creator.stripe.refused")
        assert error["details"] == [{"message": "no"}]


class TestGone:
    @pytest.fixture
    async def lost(self, active: Desk) -> Desk:
        await active.scene.control(active.scene.accounts()[0], "deauthorize")
        await ask(active, "status")
        return active

    async def test_initiate_starts_anew(self, lost: Desk) -> None:
        anew = data(await ask(lost, "initiate"), 201)
        assert data(await ask(lost, "status"), 200)["stripeAccountId"] == anew["accountId"]

    async def test_refresh_link_has_no_account(self, lost: Desk) -> None:
        refusal(await ask(lost, "refresh-link"), 400, "creator.stripe.account_not_found")

    async def test_the_dashboard_is_not_for_it(self, lost: Desk) -> None:
        refusal(await ask(lost, "dashboard-link"), 400, "creator.stripe.not_active")


@pytest.mark.parametrize("operation", ["initiate", "refresh-link"])
class TestSwitches:
    async def test_onboarding_is_off(
        self, started: Desk, open_desk: OpenDesk, operation: str
    ) -> None:
        off = await open_desk(started.scene.with_changes(switches=Switches(onboarding=False)))
        answer = await ask(off, operation)
        refusal(answer, 503, "features.onboarding_disabled")
        assert int(answer.headers["retry-after"]) > 0

    async def test_live_mode_is_off(
        self, started: Desk, open_desk: OpenDesk, operation: str
    ) -> None:
        platform = started.scene.with_changes(switches=Switches(live=False))
        platform = replace(platform, creator=replace(platform.creator, mode=Mode.LIVE))
        answer = await ask(await open_desk(platform), operation)
        refusal(answer, 503, "features.live_mode_disabled")


class TestUpgrade:
    async def test_the_profile_is_made_once(self, desk: Desk) -> None:
        first = data(await ask(desk, "upgrade"), 201)
        assert data(await ask(desk, "upgrade"), 201) == first
        assert first["creatorId"]


class TestInitiate:
    async def test_it_makes_one_account_and_links(self, creator: Desk) -> None:
        first = data(await ask(creator, "initiate"), 201)
        second = data(await ask(creator, "initiate"), 201)
        assert first.keys() == {"accountId", "onboardingUrl"}
        assert first["accountId"] == second["accountId"]
        assert first["onboardingUrl"] != second["onboardingUrl"]
        assert creator.scene.accounts() == [first["accountId"]]

    async def test_a_ready_account_gets_a_link_too(self, active: Desk) -> None:
        data(await ask(active, "initiate"), 201)

    async def test_two_creators_have_two_accounts(self, started: Desk) -> None:
        await ask(started, "upgrade", user="bob")
        bobs = data(await ask(started, "initiate", user="bob"), 201)
        assert started.scene.accounts() == [started.scene.accounts()[0], bobs["accountId"]]

    async def test_a_creation_that_is_on_its_way_elsewhere(self, creator: Desk) -> None:
        creator.scene.road.mood = ["drop"]
        refusal(await ask(creator, "initiate"), 503, "creator.stripe.unavailable")
        again = data(await ask(creator, "initiate"), 201)
        assert creator.scene.accounts() == [again["accountId"]]


class TestRefreshLink:
    async def test_every_link_is_new_and_nothing_is_made(self, started: Desk) -> None:
        links = {data(await ask(started, "refresh-link"), 200)["onboardingUrl"] for _ in range(3)}
        assert len(links) == 3
        assert len(started.scene.accounts()) == 1

    async def test_only_the_link_is_told(self, started: Desk) -> None:
        assert data(await ask(started, "refresh-link"), 200).keys() == {"onboardingUrl"}


class TestStatus:
    async def test_before_an_account(self, creator: Desk) -> None:
        assert data(await ask(creator, "status"), 200) == {
            "stripeAccountId": None,
            "stripeAccountStatus": "NOT_STARTED",
            "chargesEnabled": False,
            "payoutsEnabled": False,
            "detailsSubmitted": False,
        }

    async def test_live(self, active: Desk) -> None:
        answer = await ask(active, "status")
        assert data(answer, 200) == {
            "stripeAccountId": active.scene.accounts()[0],
            "stripeAccountStatus": "ACTIVE",
            "chargesEnabled": True,
            "payoutsEnabled": True,
            "detailsSubmitted": True,
        }
        assert answer.headers["x-status-source"] == "live"

    async def test_without_stripe_it_answers_from_memory(self, active: Desk) -> None:
        await ask(active, "status")
        for mood in ("away", "garbage", "500", "429", "401", "400"):
            active.scene.road.mood = [mood]
            answer = await ask(active, "status")
            status = data(answer, 200)
            assert status["stripeAccountStatus"] == "ACTIVE"
            assert status["chargesEnabled"] is True
            assert status["detailsSubmitted"] is False
            assert answer.headers["x-status-source"] == "stored"

    async def test_it_heals_what_is_remembered(self, active: Desk) -> None:
        await ask(active, "status")
        active.scene.road.mood = ["away"]
        assert data(await ask(active, "status"), 200)["payoutsEnabled"] is True

    async def test_a_lost_account_is_disabled(self, active: Desk) -> None:
        await active.scene.control(active.scene.accounts()[0], "deauthorize")
        status = data(await ask(active, "status"), 200)
        assert status["stripeAccountStatus"] == "DISABLED"
        assert (status["chargesEnabled"], status["payoutsEnabled"]) == (False, False)

    async def test_without_a_key_it_answers_from_memory(
        self, active: Desk, open_desk: OpenDesk
    ) -> None:
        bare = await open_desk(active.scene.with_changes(stripe={}))
        assert (await ask(bare, "status")).headers["x-status-source"] == "stored"


class TestDashboardLink:
    async def test_only_when_active(self, started: Desk) -> None:
        error = refusal(await ask(started, "dashboard-link"), 400, "creator.stripe.not_active")
        assert error["details"] == [{"message": "incomplete"}]

    async def test_every_link_is_new(self, active: Desk) -> None:
        links = {data(await ask(active, "dashboard-link"), 200)["url"] for _ in range(2)}
        assert len(links) == 2


async def test_messages_are_in_the_readers_language(desk: Desk) -> None:
    told = set()
    for language in ("en", "pt", "es", "de", "fr"):
        headers = {"accept-language": f"it, {language}-XX;q=0.9"}
        answer = await ask(desk, "status", headers=headers)
        error = refusal(answer, 404, "creator.stripe.not_creator")
        assert answer.headers["content-language"] == language
        told.add(error["message"])
    assert len(told) == 5
