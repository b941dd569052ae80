"""An account that cannot be gone on with: each case has its answer, and a restart its way on."""

from dataclasses import replace

import pytest

from aboard.core.account import AccountShape
from aboard.core.caller import Caller
from aboard.core.errors import (
    AccountGone,
    AccountRejected,
    CountryMismatch,
    InputRefused,
    NothingDue,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.owner import Owner, OwnerKind
from aboard.core.readiness import Readiness
from aboard.flows.platform import Platform
from aboard.flows.start import Started, start_onboarding
from aboard.flows.sync import read_account
from aboard.sandbox.account import Account
from aboard.store.records import AuditEntry
from tests.scene import KEY, REFRESH_URL, RETURN_URL, Scene

pytestmark = pytest.mark.both

SELLER = Caller("seller_1")
STANDARD = AccountShape(type="standard", country="US", capabilities=())


async def start(
    platform: Platform,
    owner: Owner,
    *,
    force: bool = False,
    restart: bool = False,
    country: str | None = None,
    business_type: str | None = None,
    email: str | None = None,
) -> Started:
    return await start_onboarding(
        platform,
        owner,
        return_url=RETURN_URL,
        refresh_url=REFRESH_URL,
        force=force,
        restart=restart,
        country=country,
        business_type=business_type,
        email=email,
        caller=SELLER,
        request_id="req-1",
    )


def at_stripe(scene: Scene, account_id: str) -> Account:
    account = scene.sandbox.world(KEY).accounts.get(account_id)
    assert account is not None
    return account


def give_access_back(scene: Scene, account_id: str) -> None:
    """Let the holder authorise the platform again, of which no event of this account tells."""
    at_stripe(scene, account_id).deauthorised_at = None


async def audited(scene: Scene, owner: Owner) -> list[AuditEntry]:
    rows = await scene.platform.store.list_audit(owner=owner, limit=50)
    return [row for row in rows if row.action == "account.restart"]


class TestGone:
    async def test_it_is_said_and_nothing_new_is_made(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = await start(scene.platform, organization)
        await scene.control(first.stripe_account_id, "deauthorize")
        for force in (False, True, False):
            with pytest.raises(AccountGone) as caught:
                await start(scene.platform, organization, force=force)
            assert caught.value.case == "access_revoked"
        assert scene.accounts() == [first.stripe_account_id]
        assert await audited(scene, organization) == []

    async def test_a_restart_makes_a_new_account_and_is_audited(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = await start(scene.platform, organization)
        await scene.control(first.stripe_account_id, "deauthorize")
        second = await start(scene.platform, organization, restart=True)
        assert second.stripe_account_id != first.stripe_account_id
        account = await scene.platform.store.find_account(organization)
        assert account is not None
        assert await scene.platform.store.list_former_stripe_ids(account.id) == (
            first.stripe_account_id,
        )
        (row,) = await audited(scene, organization)
        assert (row.actor, row.outcome, row.request_id) == ("seller_1", "new", "req-1")
        assert row.details == {"case": "access_revoked", "former": first.stripe_account_id}

    async def test_a_restart_of_what_is_in_order_changes_nothing(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = await start(scene.platform, organization, restart=True)
        second = await start(scene.platform, organization, restart=True)
        assert second.stripe_account_id == first.stripe_account_id
        assert scene.accounts() == [first.stripe_account_id]
        assert await audited(scene, organization) == []

    async def test_what_came_back_and_is_complete_is_linked_again_without_any_event(
        self, scene: Scene, organization: Owner
    ) -> None:
        platform = scene.with_changes(shapes=dict.fromkeys(scene.platform.shapes, STANDARD))
        first = (await start(platform, organization)).stripe_account_id
        await scene.complete(first)
        await scene.control(first, "deauthorize")
        with pytest.raises(AccountGone):
            await start(platform, organization)
        give_access_back(scene, first)
        with pytest.raises(AccountGone):  # never by itself
            await start(platform, organization)
        with pytest.raises(NothingDue):
            await start(platform, organization, restart=True)
        reading = await read_account(platform, organization, fresh=False)
        assert reading.account is not None
        assert reading.account.stripe_account_id == first
        assert reading.account.synced_at == scene.clock()
        assert reading.assessment.readiness is Readiness.COMPLETE
        assert scene.accounts() == [first]
        assert [row.outcome for row in await audited(scene, organization)] == ["relinked"]
        assert platform.journal.counts["account.relinked"] == 1

    async def test_the_newest_that_came_back_is_linked_and_no_other(
        self, scene: Scene, organization: Owner
    ) -> None:
        made = []
        for _ in range(3):
            account_id = (await start(scene.platform, organization, restart=True)).stripe_account_id
            await scene.complete(account_id)
            await scene.control(account_id, "deauthorize")
            await read_account(scene.platform, organization, fresh=True)
            made.append(account_id)
        give_access_back(scene, made[0])
        give_access_back(scene, made[1])
        again = await start(scene.platform, organization, restart=True, force=True)
        assert again.stripe_account_id == made[1]

    async def test_what_came_back_to_another_owner_is_not_linked(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = (await start(scene.platform, organization)).stripe_account_id
        await scene.complete(first)
        await scene.control(first, "deauthorize")
        await read_account(scene.platform, organization, fresh=True)
        second = (await start(scene.platform, organization, restart=True)).stripe_account_id
        await scene.control(second, "deauthorize")
        give_access_back(scene, first)
        store, now = scene.platform.store, scene.clock()
        other = await store.reserve_account(replace(organization, id="org_2"), now)
        assert await store.attach_stripe_account(other.id, first, now)
        third = (await start(scene.platform, organization, restart=True)).stripe_account_id
        assert third not in {first, second}

    async def test_what_came_back_unfinished_is_not_linked(
        self, scene: Scene, organization: Owner
    ) -> None:
        unfinished = (await start(scene.platform, organization)).stripe_account_id
        await scene.control(unfinished, "deauthorize")
        second = (await start(scene.platform, organization, restart=True)).stripe_account_id
        await scene.control(second, "deauthorize")
        await read_account(scene.platform, organization, fresh=True)
        give_access_back(scene, unfinished)
        third = (await start(scene.platform, organization, restart=True)).stripe_account_id
        assert third not in {unfinished, second}

    async def test_without_an_answer_about_the_key_nothing_is_let_go(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = (await start(scene.platform, organization)).stripe_account_id
        await scene.complete(first)
        await scene.control(first, "deauthorize")
        await read_account(scene.platform, organization, fresh=True)
        give_access_back(scene, first)
        scene.road.mood = ["away"]
        with pytest.raises(StripeUnavailable):
            await start(scene.platform, organization, restart=True)
        account = await scene.platform.store.find_account(organization)
        assert account is not None
        assert (account.stripe_account_id, account.is_disconnected) == (first, True)


class TestRejected:
    async def test_it_is_said_also_before_we_heard_of_it(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = (await start(scene.platform, organization)).stripe_account_id
        await scene.control(first, "reject", reason="rejected.fraud")
        with pytest.raises(AccountRejected) as caught:
            await start(scene.platform, organization)
        assert caught.value.reason == "rejected.fraud"
        with pytest.raises(AccountRejected):
            await start(scene.platform, organization, force=True)
        assert scene.accounts() == [first]

    async def test_a_restart_leaves_it_and_makes_another(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = (await start(scene.platform, organization)).stripe_account_id
        await scene.complete(first)
        await scene.control(first, "reject")
        second = (await start(scene.platform, organization, restart=True)).stripe_account_id
        assert second != first
        assert set(scene.accounts()) == {first, second}
        account = await scene.platform.store.find_account(organization)
        assert account is not None
        assert await scene.platform.store.list_former_stripe_ids(account.id) == (first,)
        (row,) = await audited(scene, organization)
        assert row.details == {"case": "rejected", "former": first}
        await scene.control(second, "deauthorize")
        third = (await start(scene.platform, organization, restart=True)).stripe_account_id
        assert third not in {first, second}

    async def test_a_rejection_that_was_taken_back_is_no_reason(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = (await start(scene.platform, organization)).stripe_account_id
        await scene.control(first, "reject")
        await read_account(scene.platform, organization, fresh=True)
        at_stripe(scene, first).rejected = None
        again = await start(scene.platform, organization, force=True, restart=True)
        assert again.stripe_account_id == first

    async def test_a_rejected_creator_never_gets_another_by_asking_again(
        self, scene: Scene
    ) -> None:
        creator = Owner(OwnerKind.CREATOR, "creator_1", scene.platform.creator.mode)
        first = (await start(scene.platform, creator, force=True)).stripe_account_id
        await scene.control(first, "reject")
        await read_account(scene.platform, creator, fresh=True)
        again = await start(scene.platform, creator, force=True, restart=True)
        assert again.stripe_account_id == first
        assert scene.accounts() == [first]


class TestCountry:
    async def test_another_country_is_refused_with_both_and_the_way_on(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = (await start(scene.platform, organization, country="us")).stripe_account_id
        await start(scene.platform, organization, country="US", force=True)
        with pytest.raises(CountryMismatch) as caught:
            await start(scene.platform, organization, country="DE")
        mismatch = caught.value
        assert (mismatch.current, mismatch.wanted, mismatch.can_restart) == ("US", "DE", True)
        assert scene.accounts() == [first]

    async def test_an_unfinished_account_is_deleted_and_made_again_elsewhere(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = (await start(scene.platform, organization)).stripe_account_id
        second = (
            await start(scene.platform, organization, country="DE", restart=True)
        ).stripe_account_id
        assert scene.accounts() == [second]
        reading = await read_account(scene.platform, organization, fresh=False)
        assert reading.account is not None
        assert reading.account.snapshot is not None
        assert reading.account.snapshot.country == "DE"
        (row,) = await audited(scene, organization)
        assert row.details == {"case": "country_changed", "former": first}

    async def test_a_finished_account_stays_where_it_is(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = (await start(scene.platform, organization)).stripe_account_id
        await scene.complete(first)  # and we have not heard of it
        with pytest.raises(CountryMismatch) as caught:
            await start(scene.platform, organization, country="DE", restart=True, force=True)
        assert not caught.value.can_restart
        assert scene.accounts() == [first]

    async def test_an_account_that_nobody_may_end_is_left_alone_at_stripe(
        self, scene: Scene, organization: Owner
    ) -> None:
        platform = scene.with_changes(shapes=dict.fromkeys(scene.platform.shapes, STANDARD))
        first = (await start(platform, organization)).stripe_account_id
        second = (await start(platform, organization, country="DE", restart=True)).stripe_account_id
        assert set(scene.accounts()) == {first, second}

    async def test_stripe_saying_no_to_the_end_is_no_end_of_the_restart(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = (await start(scene.platform, organization)).stripe_account_id
        # The read before the start, the read before the judgement, and then the deletion.
        scene.road.mood = ["fine", "fine", "400"]
        second = (
            await start(scene.platform, organization, country="DE", restart=True)
        ).stripe_account_id
        assert set(scene.accounts()) == {first, second}
        assert scene.platform.journal.counts["account.left"] == 1

    async def test_stripe_away_at_the_end_leaves_everything_to_be_asked_again(
        self, scene: Scene, organization: Owner
    ) -> None:
        await start(scene.platform, organization)
        scene.road.mood = ["fine", "fine", "drop"]
        with pytest.raises(StripeUnavailable):
            await start(scene.platform, organization, country="DE", restart=True)
        assert scene.accounts() == []
        with pytest.raises(AccountGone):
            await start(scene.platform, organization, country="DE")
        again = await start(scene.platform, organization, country="DE", restart=True)
        assert scene.accounts() == [again.stripe_account_id]

    async def test_an_account_whose_answer_was_lost_may_be_elsewhere(
        self, scene: Scene, organization: Owner
    ) -> None:
        scene.road.mood = ["drop"]
        with pytest.raises(StripeUnavailable):
            await start(scene.platform, organization, country="US")
        with pytest.raises(CountryMismatch):
            await start(scene.platform, organization, country="DE")
        assert len(scene.accounts()) == 1
        again = await start(scene.platform, organization, country="DE", restart=True)
        assert scene.accounts() == [again.stripe_account_id]


class TestPrefill:
    async def test_a_new_account_begins_with_what_was_given(
        self, scene: Scene, organization: Owner
    ) -> None:
        started = await start(
            scene.platform,
            organization,
            country="de",
            business_type="company",
            email="seller@shop.example",
        )
        made = at_stripe(scene, started.stripe_account_id)
        assert (made.country, made.business_type) == ("DE", "company")
        reading = await read_account(scene.platform, organization, fresh=False)
        assert reading.account is not None
        assert reading.account.snapshot is not None
        assert reading.account.snapshot.email == "seller@shop.example"

    async def test_an_account_that_is_there_keeps_what_it_has(
        self, scene: Scene, organization: Owner
    ) -> None:
        first = await start(scene.platform, organization, business_type="company")
        await start(scene.platform, organization, business_type="individual", email="a@b.example")
        made = at_stripe(scene, first.stripe_account_id)
        assert made.business_type == "company"

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            ({"country": "USA"}, "country"),
            ({"country": "U1"}, "country"),
            ({"country": "\u017fs"}, "country"),
            ({"country": ""}, "country"),
            ({"business_type": "shop"}, "businessType"),
            ({"email": ""}, "email"),
            ({"email": "nobody"}, "email"),
            ({"email": "a@b\n.example"}, "email"),
            ({"email": "a@" + "b" * 800}, "email"),
        ],
    )
    async def test_what_can_be_nowhere_is_refused_before_anything_happens(
        self, scene: Scene, organization: Owner, wish: dict[str, str], field: str
    ) -> None:
        with pytest.raises(InputRefused) as caught:
            await start(scene.platform, organization, **wish)  # type: ignore[arg-type] # texts
        assert [name for name, _ in caught.value.problems] == [field]
        assert await scene.platform.store.find_account(organization) is None
        assert scene.road.calls == []

    async def test_what_stripe_refuses_comes_through_and_corrected_it_works(
        self, scene: Scene, organization: Owner
    ) -> None:
        with pytest.raises(StripeRefused) as caught:
            await start(scene.platform, organization, email="seller@nowhere")
        assert (caught.value.param, caught.value.status) == ("email", 400)
        with pytest.raises(StripeRefused) as caught:
            await start(scene.platform, organization, country="ZZ")
        assert caught.value.param == "country"
        assert scene.accounts() == []
        started = await start(scene.platform, organization, email="seller@shop.example")
        assert scene.accounts() == [started.stripe_account_id]
        # As Stripe gives nothing twice under one key, each try had its own.
        account = await scene.platform.store.find_account(organization)
        assert account is not None
        assert account.attempt == 3
