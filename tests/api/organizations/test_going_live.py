"""Setup state and the gate: three claims, the blockers, and who opens and closes."""

import pytest

from aboard.core.caller import Role
from aboard.core.go_live import Condition, GoLivePolicy
from tests.api.asking import Desk
from tests.api.conftest import OpenDesk
from tests.api.organizations.counter import (
    KEY,
    MODE_BODY,
    ORG,
    TEST,
    ask,
    audited,
    refusal,
    start,
    told,
)

SETUP = f"{ORG}/setup-state?{TEST}"
GO = f"{ORG}/go-live"
# What a test account can pass: without the webhooks and the live mode that nobody has here.
REHEARSAL = GoLivePolicy(conditions=frozenset({Condition.PAYOUTS}))
FRESH = "&fresh=true"


@pytest.fixture
async def rehearsal(desk: Desk, open_desk: OpenDesk) -> Desk:
    """Open a desk whose policy a test account can pass, with a complete account."""
    opened = await open_desk(desk.scene.with_changes(policy=REHEARSAL))
    await desk.scene.complete(await start(opened))
    return opened


class TestSetupState:
    async def test_before_an_account(self, desk: Desk) -> None:
        assert (await ask(desk, "GET", SETUP)).json() == {
            "organizationId": "org_1",
            "mode": "test",
            "onboarded": False,
            "operational": False,
            "live": False,
            "blockers": ["not_connected"],
            "openedAt": None,
            "openedBy": None,
            "closedAt": None,
            "syncedAt": None,
            "source": "stored",
        }

    async def test_each_blocker_has_its_name(self, desk: Desk) -> None:
        await start(desk)
        body = (await ask(desk, "GET", SETUP)).json()
        assert body["blockers"] == [
            "details_not_submitted",
            "charges_disabled",
            "payouts_disabled",
            "capability_inactive:card_payments",
            "capability_inactive:transfers",
            "requirements_past_due",
            "platform_webhook_silent",
            "connect_webhook_silent",
            "test_mode_only",
        ]

    async def test_the_three_claims_are_not_one(self, rehearsal: Desk) -> None:
        stored = (await ask(rehearsal, "GET", SETUP)).json()
        assert (stored["onboarded"], stored["operational"], stored["live"]) == (False, False, False)
        body = (await ask(rehearsal, "GET", SETUP + FRESH)).json()
        assert (body["onboarded"], body["operational"], body["live"]) == (True, True, False)
        assert (body["blockers"], body["openedAt"], body["source"]) == ([], None, "live")

    @pytest.mark.parametrize("role", list(Role))
    async def test_every_role_may_read(self, desk: Desk, role: Role) -> None:
        answer = await ask(desk, "GET", SETUP, organizations={"org_1": role})
        assert answer.status_code == 200


class TestGoLive:
    async def test_without_an_account(self, desk: Desk) -> None:
        refusal(await ask(desk, "POST", GO, json=MODE_BODY), 409, "not_connected")
        assert await audited(desk) == ["refused:account.not_linked"]

    async def test_blockers_are_named_and_audited(self, desk: Desk) -> None:
        await desk.scene.complete(await start(desk))
        details = refusal(await ask(desk, "POST", GO, json=MODE_BODY), 409, "not_ready")
        assert details == {
            "blockers": ["platform_webhook_silent", "connect_webhook_silent", "test_mode_only"]
        }
        assert await audited(desk) == ["refused:account.not_ready"]
        assert "connect.golive.opened" not in await told(desk)

    async def test_a_person_opens_it(self, rehearsal: Desk) -> None:
        answer = await ask(rehearsal, "POST", GO, json=MODE_BODY)
        assert answer.status_code == 200
        body = answer.json()
        assert (body["live"], body["blockers"]) == (True, [])
        assert (body["openedAt"], body["openedBy"]) == ("2026-11-21T09:00:00Z", "ada")
        assert (await ask(rehearsal, "GET", SETUP)).json() == {**body, "source": "stored"}
        assert await audited(rehearsal, action="gate.open") == ["opened"]
        assert (await told(rehearsal)).count("connect.golive.opened") == 1

    async def test_opened_twice_is_opened_once(self, rehearsal: Desk) -> None:
        first, second = [await ask(rehearsal, "POST", GO, json=MODE_BODY) for _ in range(2)]
        assert (second.status_code, second.json()) == (200, first.json())
        assert await audited(rehearsal, action="gate.open") == ["opened"]
        assert (await told(rehearsal)).count("connect.golive.opened") == 1

    async def test_not_on_memory_alone(self, rehearsal: Desk) -> None:
        await ask(rehearsal, "GET", SETUP + FRESH)
        rehearsal.scene.road.mood = ["away"]
        answer = await ask(rehearsal, "POST", GO, json=MODE_BODY)
        refusal(answer, 503, "stripe_unavailable")
        assert (await ask(rehearsal, "GET", SETUP)).json()["live"] is False

    async def test_facts_close_it_and_nobody_else_opens_it(self, rehearsal: Desk) -> None:
        (account_id,) = rehearsal.scene.accounts()
        await ask(rehearsal, "POST", GO, json=MODE_BODY)
        await rehearsal.scene.control(account_id, "lose", capability="card_payments")
        lost = (await ask(rehearsal, "GET", SETUP + FRESH)).json()
        assert lost["live"] is False
        assert "capability_inactive:card_payments" in lost["blockers"]
        assert lost["closedAt"] == "2026-11-21T09:00:00Z"
        assert "connect.golive.closed" in await told(rehearsal)

    async def test_it_is_closed_by_hand(self, rehearsal: Desk) -> None:
        await ask(rehearsal, "POST", GO, json=MODE_BODY)
        answer = await ask(rehearsal, "DELETE", f"{GO}?{TEST}")
        assert (answer.status_code, answer.json()["live"]) == (200, False)
        assert answer.json()["closedAt"] == "2026-11-21T09:00:00Z"
        assert await audited(rehearsal, action="gate.close") == ["closed"]
        assert (await ask(rehearsal, "POST", GO, json=MODE_BODY)).json()["live"] is True

    async def test_closing_what_is_not_open_changes_nothing(self, desk: Desk) -> None:
        answer = await ask(desk, "DELETE", f"{GO}?{TEST}")
        assert (answer.status_code, answer.json()["blockers"]) == (200, ["not_connected"])
        assert await audited(desk) == []

    async def test_test_and_live_never_meet(self, rehearsal: Desk) -> None:
        await ask(rehearsal, "POST", GO, json=MODE_BODY)
        live = (await ask(rehearsal, "GET", f"{ORG}/setup-state?mode=live")).json()
        assert (live["live"], live["blockers"]) == (False, ["not_connected"])


class TestRepeats:
    async def test_a_repeat_tells_the_first_answer_again(self, rehearsal: Desk) -> None:
        first = await ask(rehearsal, "POST", GO, json=MODE_BODY, headers=KEY)
        await ask(rehearsal, "DELETE", f"{GO}?{TEST}")
        calls = len(rehearsal.scene.road.calls)
        again = await ask(rehearsal, "POST", GO, json=MODE_BODY, headers=KEY)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert "idempotent-replayed" not in first.headers
        assert again.headers["idempotent-replayed"] == "true"
        assert len(rehearsal.scene.road.calls) == calls
        assert await audited(rehearsal, action="gate.open") == ["opened"]
        assert (await ask(rehearsal, "GET", SETUP)).json()["live"] is False

    async def test_a_refusal_gives_the_key_back(self, desk: Desk, open_desk: OpenDesk) -> None:
        await desk.scene.complete(await start(desk))
        refusal(await ask(desk, "POST", GO, json=MODE_BODY, headers=KEY), 409, "not_ready")
        lenient = await open_desk(desk.scene.with_changes(policy=REHEARSAL))
        answer = await ask(lenient, "POST", GO, json=MODE_BODY, headers=KEY)
        assert (answer.status_code, answer.json()["live"]) == (200, True)

    async def test_closing_has_keys_of_its_own(self, rehearsal: Desk) -> None:
        await ask(rehearsal, "POST", GO, json=MODE_BODY, headers=KEY)
        closed = [await ask(rehearsal, "DELETE", f"{GO}?{TEST}", headers=KEY) for _ in range(2)]
        assert [answer.json()["live"] for answer in closed] == [False, False]
        assert closed[1].headers["idempotent-replayed"] == "true"
        assert await audited(rehearsal, action="gate.close") == ["closed"]
