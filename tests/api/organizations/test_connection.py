"""`GET /{organizationId}` and health: what is told, to whom, and from where."""

from typing import Any

import httpx2
import pytest

from aboard.core.caller import Role
from tests.api.asking import ACCOUNTS, Desk
from tests.scene import REFRESH_URL, RETURN_URL

OWNER = {"org_1": Role.OWNER}


async def ask(desk: Desk, query: str = "mode=test", **rest: Any) -> httpx2.Response:  # noqa: ANN401 - passed on
    rest.setdefault("organizations", OWNER)
    return await desk.ask("GET", f"{ACCOUNTS}/org_1?{query}", **rest)


@pytest.fixture
async def started(desk: Desk) -> Desk:
    answer = await desk.ask(
        "POST",
        f"{ACCOUNTS}/onboarding-links",
        organizations=OWNER,
        json={
            "organizationId": "org_1",
            "mode": "test",
            "returnUrl": RETURN_URL,
            "refreshUrl": REFRESH_URL,
        },
    )
    assert answer.status_code == 200
    return desk


class TestConnection:
    async def test_anonymous(self, desk: Desk) -> None:
        answer = await ask(desk, user=None)
        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthenticated"

    async def test_every_role_may_read(self, desk: Desk) -> None:
        for role in Role:
            assert (await ask(desk, organizations={"org_1": role})).status_code == 200

    async def test_another_organization(self, desk: Desk) -> None:
        answer = await ask(desk, organizations={"org_2": Role.OWNER})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")

    async def test_before_an_account(self, desk: Desk) -> None:
        assert (await ask(desk)).json() == {
            "organizationId": "org_1",
            "mode": "test",
            "stripeAccountId": None,
            "readiness": "not_started",
            "whoMustAct": "owner",
            "chargesEnabled": False,
            "payoutsEnabled": False,
            "detailsSubmitted": False,
            "capabilities": {},
            "disabledReason": None,
            "currentDeadline": None,
            "syncedAt": None,
            "source": "stored",
        }

    async def test_stored_and_live(self, started: Desk) -> None:
        await started.scene.complete(started.scene.accounts()[0])
        stored = (await ask(started)).json()
        assert (stored["source"], stored["readiness"]) == ("stored", "incomplete")
        live = (await ask(started, "mode=test&fresh=true")).json()
        assert live == {
            "organizationId": "org_1",
            "mode": "test",
            "stripeAccountId": started.scene.accounts()[0],
            "readiness": "complete",
            "whoMustAct": "nobody",
            "chargesEnabled": True,
            "payoutsEnabled": True,
            "detailsSubmitted": True,
            "capabilities": {"card_payments": "active", "transfers": "active"},
            "disabledReason": None,
            "currentDeadline": None,
            "syncedAt": "2026-11-21T09:00:00Z",
            "source": "live",
        }
        assert (await ask(started)).json() == {**live, "source": "stored"}

    async def test_without_stripe_the_stored_answer_comes(self, started: Desk) -> None:
        started.scene.road.mood = ["away"]
        answer = await ask(started, "mode=test&fresh=true")
        assert (answer.status_code, answer.json()["source"]) == (200, "stored")

    async def test_test_and_live_never_meet(self, started: Desk) -> None:
        assert (await ask(started, "mode=live")).json()["readiness"] == "not_started"

    async def test_support_sees_no_compliance_detail(self, started: Desk) -> None:
        await started.scene.control(started.scene.accounts()[0], "reject", reason="rejected.fraud")
        told = (await ask(started, "mode=test&fresh=true")).json()
        assert told["readiness"] == "rejected"
        assert told["disabledReason"] == "rejected.fraud"
        seen = (await ask(started, organizations={"org_1": Role.SUPPORT})).json()
        assert seen == {**told, "disabledReason": None, "source": "stored"}

    async def test_a_lost_account_can_do_nothing(self, started: Desk) -> None:
        await started.scene.control(started.scene.accounts()[0], "deauthorize")
        lost = (await ask(started, "mode=test&fresh=true")).json()
        assert (lost["readiness"], lost["whoMustAct"]) == ("disconnected", "platform")
        assert lost["chargesEnabled"] is False
        assert lost["capabilities"] == {}
        assert lost["disabledReason"] == "access_revoked"

    async def test_a_query_that_is_none(self, desk: Desk) -> None:
        for query, fields in (
            ("", {"mode"}),
            ("mode=", {"mode"}),
            ("mode=both", {"mode"}),
            ("mode=TEST", {"mode"}),
            ("mode=test&fresh=perhaps", {"fresh"}),
            ("mode=x&fresh=x", {"mode", "fresh"}),
        ):
            answer = await ask(desk, query)
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
            assert {row["field"] for row in answer.json()["details"]["problems"]} == fields

    async def test_an_organization_has_a_plain_name(self, desk: Desk) -> None:
        for name in ("%0a", "%20", "a%00", "%f0%9f%98%80", "%ff", "x" * 256):
            answer = await desk.ask("GET", f"{ACCOUNTS}/{name}?mode=test")
            assert answer.status_code == 400

    async def test_it_is_not_stored_by_a_cache(self, desk: Desk) -> None:
        assert (await ask(desk)).headers["cache-control"] == "no-store"


class TestHealth:
    async def test_anybody_may_ask(self, desk: Desk) -> None:
        answer = await desk.ask("GET", "/v1/health", user=None)
        assert answer.status_code == 200
        told = answer.json()
        assert (told["ok"], told["status"], told["timestamp"]) == (
            True,
            "ok",
            "2026-11-21T09:00:00Z",
        )
        assert told["services"] == {
            "database": "up",
            "stripe_test": "up",
            "webhooks_test_platform": "unknown",
            "webhooks_test_connect": "unknown",
            "worker": "up",
        }

    async def test_a_database_that_is_away(self, desk: Desk) -> None:
        await desk.scene.platform.store.close()
        answer = await desk.ask("GET", "/v1/health", user=None)
        assert answer.status_code == 503
        told = answer.json()
        assert (told["ok"], told["status"]) == (False, "down")
        assert told["services"] == {"database": "down", "stripe_test": "up"}
        assert told["details"]["database"] == {"reason": "closed"}
