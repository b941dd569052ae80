"""A person opens the gate on what Stripe says just now; facts close it in the commit that tells."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from aboard.core.announcements import AnnouncementType
from aboard.core.caller import Caller
from aboard.core.errors import (
    AccountNotLinked,
    AccountNotReady,
    StripeNotConfigured,
    StripeUnavailable,
)
from aboard.core.go_live import Condition
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.gate import close_gate, open_gate, read_setup_state
from aboard.flows.platform import Platform, Switches
from aboard.flows.start import start_onboarding
from aboard.flows.sync import read_account, sync_due
from tests.flows.telling import (
    ANA,
    REHEARSAL,
    audited,
    begun,
    live_platform,
    opened,
    rehearsing,
    told,
)
from tests.scene import Scene

pytestmark = pytest.mark.both

DOCUMENT = "individual.verification.document"


async def live(scene: Scene, owner: Owner) -> Platform:
    """Return a platform in live mode with the default policy, and its owner's complete account."""
    platform = live_platform(scene)
    address = "https://shop.example/done"
    started = await start_onboarding(platform, owner, return_url=address, refresh_url=address)
    await scene.complete(started.stripe_account_id)
    return platform


async def spoke(scene: Scene, endpoint: str, mode: Mode = Mode.TEST) -> None:
    assert await scene.platform.store.accept_event(
        f"evt_{endpoint}",
        endpoint="platform" if endpoint == "platform" else "connect",
        mode=mode,
        type="account.updated",
        stripe_account_id=None,
        created_at=scene.clock(),
        received_at=scene.clock(),
    )


async def blockers(platform: Platform, owner: Owner) -> tuple[str, ...]:
    return (await read_setup_state(platform, owner, fresh=True)).blockers


class TestSetupState:
    async def test_nobody_is_not_connected(self, scene: Scene, organization: Owner) -> None:
        state = await read_setup_state(scene.platform, organization)
        assert (state.onboarded, state.operational, state.live) == (False, False, False)
        assert state.blockers == ("not_connected",)
        assert state.gate is None

    async def test_who_only_began_lacks_nearly_everything(
        self, scene: Scene, organization: Owner
    ) -> None:
        await begun(scene, organization)
        assert await blockers(rehearsing(scene), organization) == (
            "details_not_submitted",
            "charges_disabled",
            "payouts_disabled",
            "capability_inactive:card_payments",
            "capability_inactive:transfers",
            "requirements_past_due",
        )

    async def test_three_claims_are_three(self, scene: Scene, organization: Owner) -> None:
        account_id = await begun(scene, organization)
        await scene.complete(account_id)

        async def claims(platform: Platform) -> tuple[bool, bool, bool]:
            state = await read_setup_state(platform, organization, fresh=True)
            return state.onboarded, state.operational, state.live

        assert await claims(rehearsing(scene)) == (True, True, False)
        more = scene.with_changes(policy=replace(REHEARSAL, capabilities=("affirm_payments",)))
        assert await claims(more) == (True, False, False)
        await open_gate(rehearsing(scene), organization, ANA)
        assert await claims(rehearsing(scene)) == (True, True, True)

    @pytest.mark.parametrize(
        ("condition", "speaks", "found"),
        [
            (
                Condition.WEBHOOKS,
                (),
                ("platform_webhook_silent", "connect_webhook_silent"),
            ),
            (Condition.WEBHOOKS, ("platform",), ("connect_webhook_silent",)),
            (Condition.WEBHOOKS, ("connect",), ("platform_webhook_silent",)),
            (Condition.WEBHOOKS, ("platform", "connect"), ()),
            (Condition.LIVE_MODE, (), ("test_mode_only",)),
            (Condition.NOTHING_CURRENTLY_DUE, (), ()),
        ],
    )
    async def test_each_condition_is_asked_for_or_not(
        self,
        scene: Scene,
        organization: Owner,
        condition: Condition,
        speaks: tuple[str, ...],
        found: tuple[str, ...],
    ) -> None:
        await scene.complete(await begun(scene, organization))
        for endpoint in speaks:
            await spoke(scene, endpoint)
        assert await blockers(rehearsing(scene), organization) == ()
        assert await blockers(rehearsing(scene, condition), organization) == found

    async def test_an_event_of_the_other_mode_does_not_count(
        self, scene: Scene, organization: Owner
    ) -> None:
        await scene.complete(await begun(scene, organization))
        for endpoint in ("platform", "connect"):
            await spoke(scene, endpoint, Mode.LIVE)
        assert await blockers(rehearsing(scene, Condition.WEBHOOKS), organization) == (
            "platform_webhook_silent",
            "connect_webhook_silent",
        )

    @pytest.mark.parametrize(
        ("verb", "params", "expected"),
        [
            ("lose", {"capability": "transfers"}, "capability_inactive:transfers"),
            ("require", {"requirement": DOCUMENT}, "requirements_past_due"),
            ("pause", {}, "charges_disabled"),
            ("reject", {}, "payouts_disabled"),
            ("deauthorize", {}, "not_connected"),
        ],
    )
    async def test_what_stripe_takes_away_stands_in_the_way(
        self, scene: Scene, organization: Owner, verb: str, params: dict[str, str], expected: str
    ) -> None:
        account_id = await begun(scene, organization)
        await scene.complete(account_id)
        await scene.control(account_id, verb, **params)
        assert expected in await blockers(rehearsing(scene), organization)

    async def test_something_due_soon_only_counts_where_it_is_asked_for(
        self, scene: Scene, organization: Owner
    ) -> None:
        account_id = await begun(scene, organization)
        await scene.complete(account_id)
        due = {"requirement": DOCUMENT, "in": "864000"}
        await scene.control(account_id, "require", **due)
        strict = rehearsing(scene, Condition.NOTHING_CURRENTLY_DUE)
        assert await blockers(rehearsing(scene), organization) == ()
        assert await blockers(strict, organization) == ("requirements_currently_due",)


class TestOpening:
    async def test_a_person_opens_it_once(self, scene: Scene, organization: Owner) -> None:
        platform, account_id = await opened(scene, organization)
        again = await open_gate(platform, organization, Caller("ben"))
        assert again.live
        assert again.gate is not None
        assert (again.gate.opened_by, again.gate.opened_at) == ("ana", scene.clock())
        [row] = [
            row
            for row in await platform.store.list_announcements(organization)
            if row.type is AnnouncementType.GO_LIVE_OPENED
        ]
        assert row.payload == {"stripe_account_id": account_id, "opened_by": "ana"}
        assert row.owner == organization
        assert row.occurred_at == scene.clock()
        assert await audited(scene, organization) == [("ana", "gate.open", "opened", None)]

    async def test_ten_at_once_open_it_once(self, scene: Scene, organization: Owner) -> None:
        await scene.complete(await begun(scene, organization))
        platform = rehearsing(scene)
        states = await asyncio.gather(*(open_gate(platform, organization, ANA) for _ in range(10)))
        assert all(state.live for state in states)
        assert (await told(scene, organization)).count(AnnouncementType.GO_LIVE_OPENED) == 1
        assert len(await audited(scene, organization)) == 1

    async def test_nobody_opens_without_an_account(self, scene: Scene, organization: Owner) -> None:
        with pytest.raises(AccountNotLinked):
            await open_gate(rehearsing(scene), organization, ANA)
        await scene.platform.store.reserve_account(organization, scene.clock())
        with pytest.raises(AccountNotLinked):
            await open_gate(rehearsing(scene), organization, ANA)
        refused = ("ana", "gate.open", "refused:account.not_linked", None)
        assert await audited(scene, organization) == [refused, refused]

    async def test_blockers_are_named_and_audited(self, scene: Scene, organization: Owner) -> None:
        await scene.complete(await begun(scene, organization))
        with pytest.raises(AccountNotReady) as caught:
            await open_gate(scene.platform, organization, ANA, request_id="req_1")
        named = ("platform_webhook_silent", "connect_webhook_silent", "test_mode_only")
        assert caught.value.blockers == named
        [entry] = await scene.platform.store.list_audit(organization)
        assert (entry.outcome, entry.request_id) == ("refused:account.not_ready", "req_1")
        assert entry.details == {"blockers": ",".join(named)}
        assert AnnouncementType.GO_LIVE_OPENED not in await told(scene, organization)

    async def test_memory_alone_never_opens_it(self, scene: Scene, organization: Owner) -> None:
        platform = rehearsing(scene)
        await scene.complete(await begun(scene, organization))
        assert await blockers(platform, organization) == ()
        for mood in ("away", "500", "garbage"):
            scene.road.mood = [mood]
            with pytest.raises(StripeUnavailable):
                await open_gate(platform, organization, ANA)
        nobody = rehearsing(scene, stripe={})
        with pytest.raises(StripeNotConfigured):
            await open_gate(nobody, organization, ANA)
        assert not (await read_setup_state(platform, organization)).live
        assert ("ana", "gate.open", "refused:stripe.unavailable", None) in await audited(
            scene, organization
        )

    async def test_it_is_judged_by_what_stripe_says_now(
        self, scene: Scene, organization: Owner
    ) -> None:
        platform = rehearsing(scene)
        account_id = await begun(scene, organization)
        await scene.complete(account_id)
        assert await blockers(platform, organization) == ()
        await scene.control(account_id, "lose", capability="transfers")
        with pytest.raises(AccountNotReady) as caught:
            await open_gate(platform, organization, ANA)
        assert "capability_inactive:transfers" in caught.value.blockers

    async def test_who_was_disconnected_is_not_connected(
        self, scene: Scene, organization: Owner
    ) -> None:
        account_id = await begun(scene, organization)
        await scene.control(account_id, "deauthorize")
        for _ in range(2):
            with pytest.raises(AccountNotReady) as caught:
                await open_gate(rehearsing(scene), organization, ANA)
            assert caught.value.blockers == ("not_connected",)

    async def test_a_creator_has_a_gate_too(self, scene: Scene) -> None:
        creator = Owner(OwnerKind.CREATOR, "ada", Mode.TEST)
        await opened(scene, creator)
        assert AnnouncementType.GO_LIVE_OPENED in await told(scene, creator)


class TestClosing:
    @pytest.mark.parametrize(
        ("verb", "params", "expected"),
        [
            ("lose", {"capability": "transfers"}, "capability_inactive:transfers"),
            ("require", {"requirement": DOCUMENT}, "requirements_past_due"),
            ("deauthorize", {}, "not_connected"),
        ],
    )
    async def test_facts_close_it_within_one_sync(
        self, scene: Scene, organization: Owner, verb: str, params: dict[str, str], expected: str
    ) -> None:
        platform, account_id = await opened(scene, organization)
        await scene.control(account_id, verb, **params)
        scene.clock.advance(timedelta(days=2))
        assert await sync_due(platform) == 1
        state = await read_setup_state(platform, organization)
        assert not state.live
        assert state.gate is not None
        assert not state.gate.is_open
        assert expected in state.gate.blockers
        rows = await platform.store.list_announcements(organization)
        assert rows[0].type is AnnouncementType.GO_LIVE_CLOSED
        assert rows[0].payload == {
            "stripe_account_id": account_id,
            "closed_by": "facts",
            "blockers": state.gate.blockers,
        }
        last = (await audited(scene, organization))[-1]
        assert last == ("facts", "gate.close", "closed", ",".join(state.gate.blockers))

    async def test_a_second_loss_is_not_told_as_a_second_closing(
        self, scene: Scene, organization: Owner
    ) -> None:
        platform, account_id = await opened(scene, organization)
        for name in ("transfers", "card_payments"):
            await scene.control(account_id, "lose", capability=name)
            await read_account(platform, organization, fresh=True)
        assert (await told(scene, organization)).count(AnnouncementType.GO_LIVE_CLOSED) == 1

    async def test_it_is_never_reopened_by_itself(self, scene: Scene, organization: Owner) -> None:
        platform, account_id = await opened(scene, organization)
        due = {"requirement": DOCUMENT}
        await scene.control(account_id, "require", **due)
        assert not (await read_setup_state(platform, organization, fresh=True)).live
        await scene.complete(account_id)
        state = await read_setup_state(platform, organization, fresh=True)
        assert (state.blockers, state.live) == ((), False)
        assert (await open_gate(platform, organization, Caller("ben"))).live
        assert [kind for kind in await told(scene, organization) if "golive" in kind] == [
            AnnouncementType.GO_LIVE_OPENED,
            AnnouncementType.GO_LIVE_CLOSED,
            AnnouncementType.GO_LIVE_OPENED,
        ]

    async def test_the_switch_stops_live_money_at_once(self, scene: Scene) -> None:
        owner = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.LIVE)
        platform = await live(scene, owner)
        for endpoint in ("platform", "connect"):
            await spoke(scene, endpoint, Mode.LIVE)
        assert (await open_gate(platform, owner, ANA)).live
        off = replace(platform, switches=Switches(live=False))
        state = await read_setup_state(off, owner)
        assert (state.live, state.blockers) == (False, ("kill_switch",))
        assert (await read_setup_state(platform, owner)).live
        await read_account(off, owner, fresh=True)
        assert not (await read_setup_state(platform, owner)).live
        with pytest.raises(AccountNotReady):
            await open_gate(off, owner, ANA)

    async def test_by_hand(self, scene: Scene, organization: Owner) -> None:
        platform, account_id = await opened(scene, organization)
        operator = Caller("otto", is_operator=True)
        for _ in range(2):
            state = await close_gate(platform, organization, operator, request_id="req_9")
            assert (state.live, state.blockers) == (False, ())
        assert await audited(scene, organization) == [
            ("ana", "gate.open", "opened", None),
            ("otto", "gate.close", "closed", None),
        ]
        rows = await platform.store.list_announcements(organization)
        assert rows[0].payload == {
            "stripe_account_id": account_id,
            "closed_by": "otto",
            "blockers": (),
        }
        nobody = Owner(OwnerKind.ORGANIZATION, "org_2", Mode.TEST)
        assert (await close_gate(platform, nobody, operator)).gate is None
