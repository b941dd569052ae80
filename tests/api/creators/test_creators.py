"""Profiles, payout settings and checks, as clients of the creators API meet them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from aboard.api.application import CallLimits
from aboard.app import open_platform
from aboard.core.kyc import KycMethod, KycPolicy
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.platform import Platform
from aboard.settings import load_settings
from tests.api.asking import Desk
from tests.api.conftest import OpenDesk
from tests.api.creators.street import LIVE_KEY, ask, data, manual, provided, refusal, rows
from tests.scene import API, KEY, REFRESH_URL

MANY = CallLimits(creators=1000)


class TestUpgrade:
    async def test_a_profile_is_made_once_with_the_first_words(self, desk: Desk) -> None:
        first = data(
            await ask(desk, "upgrade", json={"displayName": "Ada", "bio": "Two\nlines"}), 201
        )
        assert first == {"creatorId": "ada"}
        assert data(await ask(desk, "upgrade", json={"displayName": "Eve"}), 201) == first
        assert data(await ask(desk, "upgrade", content=b""), 201) == first
        profile = data(await ask(desk, "profile"), 200)
        assert (profile["displayName"], profile["bio"]) == ("Ada", "Two\nlines")

    async def test_two_at_once_are_one_profile(self, desk: Desk, tmp_path: Path) -> None:
        names = [f"No. {number}" for number in range(8)]
        answers = await asyncio.gather(
            *(ask(desk, "upgrade", json={"displayName": name}) for name in names)
        )
        assert {data(answer, 201)["creatorId"] for answer in answers} == {"ada"}
        assert len(rows(tmp_path)["creators"]) == 1
        assert data(await ask(desk, "profile"), 200)["displayName"] in names

    async def test_the_page_at_the_platform(self, desk: Desk, open_desk: OpenDesk) -> None:
        plan = desk.scene.platform.creator
        page = "https://shop.example/by/{creatorId}"
        plan = type(plan)(plan.mode, plan.return_urls, plan.refresh_urls, page)
        counter = await open_desk(desk.scene.with_changes(creator=plan))
        made = data(await ask(counter, "upgrade", user="a/b c"), 201)
        assert made["bioPageUrl"] == "https://shop.example/by/a%2Fb%20c"


class TestProfile:
    async def test_all_of_it(self, desk: Desk) -> None:
        await ask(desk, "upgrade", content=b"")
        made = desk.scene.clock().isoformat().replace("+00:00", "Z")
        bare = {
            "creatorId": "ada",
            "displayName": None,
            "bio": None,
            "kycStatus": "APPROVED",
            "kycProvider": None,
            "kycCompletedAt": None,
            "stripeAccountId": None,
            "stripeAccountStatus": "NOT_STARTED",
            "stripeChargesEnabled": False,
            "stripePayoutsEnabled": False,
            "preferredPayoutMethod": None,
            "createdAt": made,
            "updatedAt": made,
        }
        assert data(await ask(desk, "profile"), 200) == bare
        started = data(await ask(desk, "initiate"), 201)
        await desk.scene.complete(started["accountId"])
        data(await ask(desk, "status"), 200)
        calls = len(desk.scene.road.calls)
        assert data(await ask(desk, "profile"), 200) == {
            **bare,
            "stripeAccountId": started["accountId"],
            "stripeAccountStatus": "ACTIVE",
            "stripeChargesEnabled": True,
            "stripePayoutsEnabled": True,
            "preferredPayoutMethod": "STRIPE_CONNECT",
        }
        assert len(desk.scene.road.calls) == calls

    async def test_only_what_is_given_changes_and_null_empties(self, desk: Desk) -> None:
        await ask(desk, "upgrade", json={"displayName": "Ada", "bio": "Paints."})
        desk.scene.clock.advance(timedelta(hours=1))
        before = data(await ask(desk, "change", json={}), 200)
        assert before["updatedAt"] == before["createdAt"]
        changed = data(await ask(desk, "change", json={"displayName": "Ada L."}), 200)
        assert (changed["displayName"], changed["bio"]) == ("Ada L.", "Paints.")
        assert changed["updatedAt"] > changed["createdAt"]
        emptied = data(await ask(desk, "change", json={"bio": None}), 200)
        assert (emptied["displayName"], emptied["bio"]) == ("Ada L.", None)
        longest = {"displayName": "ä" * 100, "bio": "\U0001d54f" * 500}
        assert data(await ask(desk, "change", json=longest), 200)["bio"] == longest["bio"]

    async def test_nobody_reads_or_changes_another(self, desk: Desk) -> None:
        await ask(desk, "upgrade")
        refusal(await ask(desk, "profile", user="eve"), 404, "creator.stripe.not_creator")
        refusal(await ask(desk, "change", user="eve"), 404, "creator.stripe.not_creator")


class TestPayoutSettings:
    async def test_what_is_remembered_and_no_more(self, desk: Desk) -> None:
        await ask(desk, "upgrade")
        settings = data(await ask(desk, "payout-settings"), 200)
        assert settings == {
            "bankDetails": None,
            "stripeConnect": {"connected": False, "payoutsEnabled": False},
            "preferredPayoutMethod": None,
            "availableMethods": {"STRIPE_CONNECT": False, "BANK_TRANSFER": False},
        }
        account_id = data(await ask(desk, "initiate"), 201)["accountId"]
        settings = data(await ask(desk, "payout-settings"), 200)
        assert settings["stripeConnect"] == {"connected": True, "payoutsEnabled": False}
        await desk.scene.complete(account_id)
        calls = len(desk.scene.road.calls)
        assert data(await ask(desk, "payout-settings"), 200) == settings
        assert len(desk.scene.road.calls) == calls
        await ask(desk, "status")
        settings = data(await ask(desk, "payout-settings"), 200)
        assert settings["stripeConnect"] == {"connected": True, "payoutsEnabled": True}
        assert settings["availableMethods"] == {"STRIPE_CONNECT": True, "BANK_TRANSFER": False}
        await desk.scene.control(account_id, "deauthorize")
        await ask(desk, "status")
        settings = data(await ask(desk, "payout-settings"), 200)
        assert settings["stripeConnect"] == {"connected": False, "payoutsEnabled": False}
        assert settings["availableMethods"]["STRIPE_CONNECT"] is False


class TestKyc:
    async def test_where_nobody_decides_everybody_is_approved(self, desk: Desk) -> None:
        await ask(desk, "upgrade")
        assert data(await ask(desk, "kyc-status"), 200) == {
            "status": "APPROVED",
            "provider": None,
            "providerId": None,
            "completedAt": None,
        }
        refusal(await ask(desk, "kyc-start"), 400, "creator.kyc.already_approved")
        error = refusal(await ask(desk, "kyc-decision"), 409, "creator.kyc.not_decidable")
        assert error["i18nVars"] == {"status": "APPROVED"}

    async def test_an_operators_story(self, desk: Desk, open_desk: OpenDesk) -> None:
        counter = await open_desk(manual(desk.scene), MANY)
        await ask(counter, "upgrade", json={"displayName": "Ada"})
        refusal(await ask(counter, "kyc-decision"), 409, "creator.kyc.not_decidable")
        begun = data(await ask(counter, "kyc-start"), 201)
        assert begun["redirectUrl"] == "http://localhost:4242/connect/creator/test"
        assert (begun["provider"], begun["sessionId"][:4]) == ("manual", "kyc_")
        refusal(await ask(counter, "kyc-start"), 400, "creator.kyc.already_running")
        waiting = data(await ask(counter, "kyc-pending"), 200)
        # Told once, to the creator: with it, anybody could go to the provider in their place.
        assert begun["sessionId"] not in str(waiting)
        (check,) = waiting["checks"]
        assert (check["creatorId"], check["displayName"], check["attempt"]) == ("ada", "Ada", 1)
        assert waiting["next"] is None
        word = {"decision": "REJECTED", "reason": "The passport is a library card."}
        decided = data(await ask(counter, "kyc-decision", json=word), 200)
        assert (decided["creatorId"], decided["status"]) == ("ada", "REJECTED")
        assert decided["completedAt"] == "2026-11-21T09:00:00Z"
        assert data(await ask(counter, "kyc-pending"), 200)["checks"] == []
        again = data(await ask(counter, "kyc-start"), 201)
        assert again["sessionId"] != begun["sessionId"]
        assert data(await ask(counter, "kyc-status"), 200)["completedAt"] is None
        data(await ask(counter, "kyc-decision"), 200)
        data(await ask(counter, "kyc-decision"), 200)
        told = await counter.scene.platform.store.list_audit()
        assert [(row.action, row.outcome) for row in told][::-1] == [
            ("kyc.start", "PENDING"),
            ("kyc.decision", "REJECTED"),
            ("kyc.start", "PENDING"),
            ("kyc.decision", "APPROVED"),
        ]
        assert told[2].details["reason"] == word["reason"]

    async def test_a_providers_session(self, desk: Desk, open_desk: OpenDesk) -> None:
        counter = await open_desk(provided(desk.scene), MANY)
        await ask(counter, "upgrade")
        begun = data(await ask(counter, "kyc-start"), 201)
        assert begun["redirectUrl"] == f"https://id.example/go/{begun['sessionId']}"
        assert begun["provider"] == "idcheck"
        refusal(await ask(counter, "kyc-start"), 400, "creator.kyc.already_running")
        desk.scene.clock.advance(timedelta(minutes=61))
        second = data(await ask(counter, "kyc-start"), 201)
        assert second["sessionId"] != begun["sessionId"]

    async def test_starts_at_once_begin_one_attempt(
        self, desk: Desk, open_desk: OpenDesk, tmp_path: Path
    ) -> None:
        counter = await open_desk(provided(desk.scene), MANY)
        await ask(counter, "upgrade")
        answers = await asyncio.gather(*(ask(counter, "kyc-start") for _ in range(10)))
        assert sorted(answer.status_code for answer in answers) == [201] + [400] * 9
        assert len(rows(tmp_path)["kyc_checks"]) == 1

    async def test_decisions_at_once_leave_one_row_each_in_the_audit(
        self, desk: Desk, open_desk: OpenDesk
    ) -> None:
        counter = await open_desk(manual(desk.scene), MANY)
        await ask(counter, "upgrade")
        await ask(counter, "kyc-start")
        words = ["APPROVED", "REJECTED", "EXPIRED"] * 3
        answers = await asyncio.gather(
            *(ask(counter, "kyc-decision", json={"decision": word}) for word in words)
        )
        assert {answer.status_code for answer in answers} == {200}
        told = await desk.scene.platform.store.list_audit(action="kyc.decision")
        status = data(await ask(counter, "kyc-status"), 200)["status"]
        assert told[0].outcome == status
        assert all(one.outcome != two.outcome for one, two in pairwise(told))

    async def test_an_approval_expires(self, desk: Desk, open_desk: OpenDesk) -> None:
        policy = KycPolicy(KycMethod.MANUAL, lifetime=timedelta(days=30))
        counter = await open_desk(desk.scene.with_changes(kyc=policy), MANY)
        await ask(counter, "upgrade")
        await ask(counter, "kyc-start")
        data(await ask(counter, "kyc-decision"), 200)
        data(await ask(counter, "initiate"), 201)
        desk.scene.clock.advance(timedelta(days=30))
        state = data(await ask(counter, "kyc-status"), 200)
        assert (state["status"], state["completedAt"]) == ("EXPIRED", "2026-12-21T09:00:00Z")
        refusal(await ask(counter, "initiate"), 400, "creator.stripe.kyc_required")
        data(await ask(counter, "kyc-start"), 201)

    async def test_the_list_goes_on_page_by_page(self, desk: Desk, open_desk: OpenDesk) -> None:
        counter = await open_desk(manual(desk.scene), MANY)
        for number in range(5):
            await ask(counter, "upgrade", user=f"user_{number}")
            await ask(counter, "kyc-start", user=f"user_{number}")
        found, after = [], ""
        while True:
            page = data(await ask(counter, "kyc-pending", f"?limit=2&after={after}"), 200)
            found += [check["creatorId"] for check in page["checks"]]
            if page["next"] is None:
                break
            after = page["next"]
        assert found == [f"user_{number}" for number in range(5)]
        for query in ("?limit=0", "?limit=101", "?limit=x"):
            refusal(
                await ask(counter, "kyc-pending", query),
                400,
                "error.validation_failed",
                "VALIDATION_FAILED",
            )

    @pytest.mark.parametrize("creator", ["nobody", "%00", "x" * 300, "%F0%9D%95%8F"])
    async def test_a_decision_about_nobody(
        self, desk: Desk, open_desk: OpenDesk, creator: str
    ) -> None:
        counter = await open_desk(manual(desk.scene))
        answer = await counter.ask(
            "POST",
            f"/api/v1/creators/{creator}/kyc/decision",
            json={"decision": "APPROVED"},
            is_operator=True,
        )
        refusal(answer, 404, "error.creator.not_found")


@pytest.fixture
async def both(desk: Desk, tmp_path: Path) -> AsyncIterator[Platform]:
    """Open a platform with a key for each mode, over the scene's own database and sandbox."""
    names = ("PLATFORM_WEBHOOK_SECRETS", "CONNECT_WEBHOOK_SECRETS")
    settings = load_settings(
        {
            "ABOARD_DATABASE": str(tmp_path / "aboard.sqlite3"),
            "ABOARD_PUBLIC_URL": "https://aboard.example",
            "ABOARD_ADDRESSES": "https://shop.example/connect",
            "ABOARD_CREATOR_RETURN_URL": "https://shop.example/connect/{mode}/done",
            "ABOARD_CREATOR_COUNTRY": "US",
            "ABOARD_STATE_KEYS": "k1:state-words-state-words-state-words",
            "ABOARD_TOKEN_SECRETS": "token-words-token-words-token-words",
            "ABOARD_TEST_SECRET_KEY": KEY,
            "ABOARD_LIVE_SECRET_KEY": LIVE_KEY,
            **{f"ABOARD_{mode}_API_BASE": API for mode in ("TEST", "LIVE")},
            **{f"ABOARD_{mode}_{name}": "whsec_x" for mode in ("TEST", "LIVE") for name in names},
        }
    )
    client = desk.scene.client
    async with open_platform(settings, clock=desk.scene.clock, http_client=client) as platform:
        yield platform


class TestModes:
    async def test_test_and_live_live_side_by_side(
        self, both: Platform, open_desk: OpenDesk
    ) -> None:
        counter = await open_desk(both, MANY)
        await ask(counter, "upgrade")
        test = data(await ask(counter, "initiate"), 201)
        assert data(await ask(counter, "status", "?mode=live"), 200)["stripeAccountId"] is None
        refusal(
            await ask(counter, "refresh-link", "?mode=live"),
            400,
            "creator.stripe.account_not_found",
        )
        live = data(await ask(counter, "initiate", "?mode=live"), 201)
        assert live["accountId"] != test["accountId"]
        for _ in range(2):
            for mode, account in (("test", test), ("live", live)):
                again = data(await ask(counter, "initiate", f"?mode={mode}"), 201)
                assert again["accountId"] == account["accountId"]
                for name in ("status", "profile", "change"):
                    told = data(await ask(counter, name, f"?mode={mode}"), 200)
                    assert told["stripeAccountId"] == account["accountId"]
        assert data(await ask(counter, "profile"), 200)["stripeAccountId"] == test["accountId"]
        for mode in Mode:
            found = await both.store.find_account_and_onboarding(
                Owner(OwnerKind.CREATOR, "ada", mode)
            )
            assert found is not None
            assert found[1] is not None
            assert found[1].return_url == f"https://shop.example/connect/{mode}/done"

    async def test_an_address_that_live_mode_does_not_take(self, desk: Desk) -> None:
        assert REFRESH_URL.startswith("http://localhost")
        await ask(desk, "upgrade")
        error = refusal(
            await ask(desk, "initiate", "?mode=live"),
            400,
            "error.address_refused",
            "VALIDATION_FAILED",
        )
        assert error["details"][0]["field"] == "returnUrl"
        assert desk.scene.road.calls == []

    async def test_a_mode_without_a_key(self, both: Platform, open_desk: OpenDesk) -> None:
        bare = await open_desk(replace(both, stripe={Mode.TEST: both.stripe[Mode.TEST]}))
        await ask(bare, "upgrade")
        data(await ask(bare, "initiate", "?mode=test"), 201)
        refusal(
            await ask(bare, "initiate", "?mode=live"), 400, "creator.stripe.service_unavailable"
        )
        assert data(await ask(bare, "status", "?mode=live"), 200)["stripeAccountId"] is None

    async def test_the_usual_mode_is_the_settings_own(
        self, both: Platform, open_desk: OpenDesk
    ) -> None:
        live = await open_desk(replace(both, creator=replace(both.creator, mode=Mode.LIVE)), MANY)
        await ask(live, "upgrade")
        account = data(await ask(live, "initiate"), 201)
        told = data(await ask(live, "status", "?mode=live"), 200)
        assert told["stripeAccountId"] == account["accountId"]
        assert data(await ask(live, "status", "?mode=test"), 200)["stripeAccountId"] is None
