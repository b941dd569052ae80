"""Login links, account sessions and page links: what opens, for whom, and what Stripe says."""

from dataclasses import replace

import pytest

from aboard.core.account import AccountShape
from aboard.core.caller import Role
from tests.api.asking import Desk
from tests.api.conftest import OpenDesk
from tests.api.organizations.counter import (
    KEY,
    MODE_BODY,
    ORG,
    TEST,
    ask,
    audited,
    fields,
    refusal,
    start,
)

LOGIN = f"{ORG}/login-links"
SESSIONS = f"{ORG}/account-sessions"
PAGES = f"{ORG}/page-links"
SESSION_BODY = {"mode": "test", "components": ["account_onboarding", "payouts"]}
STANDARD = AccountShape(type="standard", country="US", capabilities=())


class TestLoginLinks:
    async def test_without_an_account(self, desk: Desk) -> None:
        refusal(await ask(desk, "POST", LOGIN, json=MODE_BODY), 409, "not_connected")

    async def test_before_the_account_is_ready(self, desk: Desk) -> None:
        await start(desk)
        details = refusal(await ask(desk, "POST", LOGIN, json=MODE_BODY), 409, "not_ready")
        assert details == {"blockers": ["incomplete"]}

    async def test_after_onboarding_also_when_memory_lags_behind(self, desk: Desk) -> None:
        await desk.scene.complete(await start(desk))
        first = await ask(desk, "POST", LOGIN, json=MODE_BODY, headers=KEY)
        again = await ask(desk, "POST", LOGIN, json=MODE_BODY, headers=KEY)
        for answer in (first, again):
            assert answer.status_code == 200
            assert answer.json().keys() == {"url"}
            assert answer.json()["url"].startswith("https://")
        assert first.json() != again.json()
        assert "idempotent-replayed" not in again.headers

    async def test_stripes_refusal_flows_through(self, desk: Desk, open_desk: OpenDesk) -> None:
        shapes = dict.fromkeys(desk.scene.platform.shapes, STANDARD)
        standard = await open_desk(desk.scene.with_changes(shapes=shapes))
        await desk.scene.complete(await start(standard))
        details = refusal(await ask(standard, "POST", LOGIN, json=MODE_BODY), 400, "stripe_refused")
        assert details["stripeType"] == "invalid_request_error"

    async def test_an_account_that_is_gone(self, desk: Desk) -> None:
        account_id = await start(desk)
        await desk.scene.complete(account_id)
        await ask(desk, "GET", f"{ORG}?{TEST}&fresh=true")
        await desk.scene.control(account_id, "deauthorize")
        details = refusal(await ask(desk, "POST", LOGIN, json=MODE_BODY), 409, "account_gone")
        assert details == {"reason": "access_revoked"}

    async def test_stripe_is_away(self, desk: Desk) -> None:
        await desk.scene.complete(await start(desk))
        await ask(desk, "GET", f"{ORG}?{TEST}&fresh=true")
        desk.scene.road.mood = ["away"]
        answer = await ask(desk, "POST", LOGIN, json=MODE_BODY)
        refusal(answer, 503, "stripe_unavailable")
        assert int(answer.headers["retry-after"]) > 0


class TestAccountSessions:
    async def test_without_an_account(self, desk: Desk) -> None:
        refusal(await ask(desk, "POST", SESSIONS, json=SESSION_BODY), 409, "not_connected")

    async def test_it_opens_components(self, desk: Desk) -> None:
        await start(desk)
        first = await ask(desk, "POST", SESSIONS, json=SESSION_BODY, headers=KEY)
        again = await ask(desk, "POST", SESSIONS, json=SESSION_BODY, headers=KEY)
        for answer in (first, again):
            assert answer.status_code == 200
            assert answer.json().keys() == {"clientSecret", "expiresAt"}
            assert answer.json()["expiresAt"].endswith("Z")
        assert first.json()["clientSecret"] != again.json()["clientSecret"]

    @pytest.mark.parametrize(
        "components",
        [[], ["payouts"] * 2, ["Payouts"], ["a b"], [""], [1], "payouts", ["x"] * 51, ["../x"]],
    )
    async def test_components_that_are_none(self, desk: Desk, components: object) -> None:
        await start(desk)
        calls = len(desk.scene.road.calls)
        body = {"mode": "test", "components": components}
        assert fields(await ask(desk, "POST", SESSIONS, json=body)) == {"components"}
        assert len(desk.scene.road.calls) == calls

    async def test_a_name_that_stripe_does_not_know_is_stripes_to_refuse(self, desk: Desk) -> None:
        await start(desk)
        body = {"mode": "test", "components": ["teleporter"]}
        details = refusal(await ask(desk, "POST", SESSIONS, json=body), 400, "stripe_refused")
        assert "teleporter" in details["stripeParam"]

    async def test_a_refused_request_gives_its_key_to_the_corrected_one(self, desk: Desk) -> None:
        await start(desk)
        body = {"mode": "test", "components": ["teleporter"]}
        refused = await ask(desk, "POST", SESSIONS, json=body, headers=KEY)
        refusal(refused, 400, "stripe_refused")
        answer = await ask(desk, "POST", SESSIONS, json=SESSION_BODY, headers=KEY)
        assert answer.status_code == 200
        again = await ask(desk, "POST", SESSIONS, json=body, headers=KEY)
        refusal(again, 409, "idempotency_conflict")

    async def test_an_unknown_outcome_keeps_the_key_for_the_same_body(self, desk: Desk) -> None:
        await start(desk)
        desk.scene.road.mood = ["drop"]
        lost = await ask(desk, "POST", SESSIONS, json=SESSION_BODY, headers=KEY)
        refusal(lost, 503, "stripe_unavailable")
        other = {"mode": "test", "components": ["payments"]}
        refused = await ask(desk, "POST", SESSIONS, json=other, headers=KEY)
        refusal(refused, 409, "idempotency_conflict")
        answer = await ask(desk, "POST", SESSIONS, json=SESSION_BODY, headers=KEY)
        assert answer.status_code == 200

    async def test_a_disconnected_account(self, desk: Desk) -> None:
        await desk.scene.control(await start(desk), "deauthorize")
        answer = await ask(desk, "POST", SESSIONS, json=SESSION_BODY)
        assert refusal(answer, 409, "account_gone") == {"reason": "link_refused"}
        calls = len(desk.scene.road.calls)
        again = await ask(desk, "POST", SESSIONS, json=SESSION_BODY)
        assert refusal(again, 409, "account_gone") == {"reason": "link_refused"}
        assert len(desk.scene.road.calls) == calls

    async def test_no_key_for_this_mode(self, desk: Desk, open_desk: OpenDesk) -> None:
        await start(desk)
        bare = await open_desk(replace(desk.scene.platform, stripe={}))
        answer = await ask(bare, "POST", SESSIONS, json=SESSION_BODY)
        refusal(answer, 400, "stripe_not_configured")


class TestPageLinks:
    async def test_it_opens_our_own_pages(self, desk: Desk) -> None:
        first = await ask(desk, "POST", PAGES, json=MODE_BODY, headers=KEY)
        again = await ask(desk, "POST", PAGES, json=MODE_BODY, headers=KEY)
        for answer in (first, again):
            assert answer.status_code == 200
            assert answer.json()["url"].startswith("http://localhost:4242/connect/enter?ticket=")
            assert answer.json()["expiresAt"] == "2026-11-21T09:05:00Z"
        assert first.json()["url"] != again.json()["url"]
        assert desk.scene.road.calls == []

    @pytest.mark.parametrize("role", list(Role))
    async def test_any_role_may_and_it_is_audited(self, desk: Desk, role: Role) -> None:
        answer = await ask(desk, "POST", PAGES, json=MODE_BODY, organizations={"org_1": role})
        assert answer.status_code == 200
        assert await audited(desk, action="page.link") == ["link_issued"]

    async def test_the_page_is_one_of_ours(self, desk: Desk) -> None:
        for page in ("status", "checklist", "back"):
            answer = await ask(desk, "POST", PAGES, json={"mode": "test", "page": page})
            assert answer.status_code == 200
        for strange in ("admin", "", None, "https://evil.example/"):
            answer = await ask(desk, "POST", PAGES, json={"mode": "test", "page": strange})
            assert fields(answer) == {"page"}
