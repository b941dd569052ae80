"""Nobody borrows without a good token and a word that lets the call pass, for whom they may act."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from aboard.core.lending.callers import CallerToken, CallLimits
from aboard.core.lending.operations import Verb
from aboard.core.lending.policies import read_policies
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.lending.borrowing import (
    MOST_ACCOUNTS,
    find_borrower,
    permit,
    require_owned,
    take_turn,
)
from aboard.flows.lending.caller_terms import CallerTerms, terms_of
from aboard.flows.lending.callers import (
    change_caller,
    disable_caller,
    enable_caller,
    remove_caller,
)
from aboard.flows.lending.tokens import add_token, revoke_token, rotate_token
from aboard.flows.lending_terms import LendingMemory
from aboard.flows.platform import Switches
from aboard.flows.start import start_onboarding
from tests.flows.lending.lending import OPERATOR, borrow, issue, lending, operation
from tests.scene import REFRESH_URL, RETURN_URL, Scene

pytestmark = pytest.mark.both
LINKS = operation("account_links", Verb.CREATE, "create")
READ = operation()
NEVER_OURS = [
    "",
    "aboard_test_",
    "sk_test_words",
    "aboard_test_" + "a" * 42,
    "aboard_test_" + "a" * 44,
    "aboard_live_" + "a" * 43 + "\n",
    "aboard_test_" + "ä" * 43,
    "aboard_demo_" + "a" * 43,
    "Bearer aboard_test_" + "a" * 43,
    "aboard_test_" + "a" * 42 + "\0",
    "x" * 100_000,
]


async def refused(code: RefusalCode, awaited: object) -> CallRefused:
    with pytest.raises(CallRefused) as caught:
        await awaited  # type: ignore[misc]  # whatever a flow gives
    assert caught.value.code is code
    return caught.value


class TestToken:
    @pytest.mark.parametrize("word", NEVER_OURS)
    async def test_what_is_no_token_of_ours_is_nobodys(self, scene: Scene, word: str) -> None:
        platform = lending(scene.platform)
        await issue(platform)
        await refused(RefusalCode.CALLER_UNKNOWN, find_borrower(platform, CallerToken(word)))

    async def test_a_good_one_is_known_by_its_caller_and_mode(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        issued = await issue(platform, CallerTerms(limits=CallLimits(3, 9)), mode=Mode.LIVE)
        borrower = await find_borrower(platform, issued.token)
        assert (borrower.caller.name, borrower.mode) == ("shop", Mode.LIVE)
        assert borrower.limits == CallLimits(3, 9)
        assert borrower.token == issued.record

    async def test_a_token_with_another_mode_in_front_is_nobodys(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        issued = await issue(platform)
        turned = CallerToken(issued.token.reveal().replace("_test_", "_live_"))
        await refused(RefusalCode.CALLER_UNKNOWN, find_borrower(platform, turned))

    async def test_over_is_over(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        await issue(platform)
        issued = await add_token(
            platform, OPERATOR, "shop", Mode.TEST, lifetime=timedelta(minutes=5)
        )
        scene.clock.now += timedelta(minutes=5) - timedelta(microseconds=1)
        await find_borrower(platform, issued.token)
        scene.clock.now += timedelta(microseconds=1)
        await refused(RefusalCode.CALLER_EXPIRED, find_borrower(platform, issued.token))

    async def test_revoked_disabled_and_removed_are_told_apart(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        issued = await issue(platform)
        second = await add_token(platform, OPERATOR, "shop", Mode.TEST)
        await revoke_token(platform, OPERATOR, issued.record.id)
        await refused(RefusalCode.CALLER_REVOKED, find_borrower(platform, issued.token))
        await find_borrower(platform, second.token)
        await disable_caller(platform, OPERATOR, "shop")
        await refused(RefusalCode.CALLER_REVOKED, find_borrower(platform, second.token))
        await enable_caller(platform, OPERATOR, "shop")
        await find_borrower(platform, second.token)
        await refused(RefusalCode.CALLER_REVOKED, find_borrower(platform, issued.token))
        await remove_caller(platform, OPERATOR, "shop")
        await refused(RefusalCode.CALLER_UNKNOWN, find_borrower(platform, second.token))

    async def test_rotated_is_good_for_its_grace_and_then_expired(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        issued = await issue(platform)
        fresh = await rotate_token(
            platform, OPERATOR, issued.record.id, grace=timedelta(minutes=10)
        )
        for token in (issued.token, fresh.token):
            assert (await find_borrower(platform, token)).caller.name == "shop"
        scene.clock.now += timedelta(minutes=10)
        await refused(RefusalCode.CALLER_EXPIRED, find_borrower(platform, issued.token))
        await find_borrower(platform, fresh.token)

    async def test_without_grace_the_old_one_ends_at_once(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        issued = await issue(platform)
        await rotate_token(platform, OPERATOR, issued.record.id, grace=timedelta(0))
        await refused(RefusalCode.CALLER_EXPIRED, find_borrower(platform, issued.token))

    async def test_without_the_store_nobody_is_let_in(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        issued = await issue(platform)
        await platform.store.close()
        await refused(RefusalCode.STORE_UNAVAILABLE, find_borrower(platform, issued.token))


class TestMemory:
    async def test_the_store_is_asked_again_after_half_a_second(self, scene: Scene) -> None:
        here = lending(scene.platform, memory=LendingMemory())
        elsewhere = lending(scene.platform)
        issued = await issue(here)
        await find_borrower(here, issued.token)
        await revoke_token(elsewhere, OPERATOR, issued.record.id)
        await find_borrower(here, issued.token)
        await asyncio.sleep(0.55)
        await refused(RefusalCode.CALLER_REVOKED, find_borrower(here, issued.token))

    async def test_whoever_does_it_sees_it_at_once(self, scene: Scene) -> None:
        here = lending(scene.platform, memory=LendingMemory())
        issued = await issue(here)
        await find_borrower(here, issued.token)
        await revoke_token(here, OPERATOR, issued.record.id)
        await refused(RefusalCode.CALLER_REVOKED, find_borrower(here, issued.token))

    async def test_an_end_in_time_is_seen_without_the_store(self, scene: Scene) -> None:
        here = lending(scene.platform, memory=LendingMemory(seconds=60))
        await issue(here)
        token = await add_token(here, OPERATOR, "shop", Mode.TEST, lifetime=timedelta(seconds=5))
        await find_borrower(here, token.token)
        scene.clock.now += timedelta(seconds=5)
        await refused(RefusalCode.CALLER_EXPIRED, find_borrower(here, token.token))

    async def test_strangers_are_not_remembered(self, scene: Scene) -> None:
        here = lending(scene.platform, memory=LendingMemory(seconds=60))
        for _ in range(20):
            await refused(
                RefusalCode.CALLER_UNKNOWN, find_borrower(here, CallerToken.make(Mode.TEST))
            )
        assert len(here.lending.memory.borrowers) == 0


class TestGrant:
    async def test_the_default_reads_and_makes_links_in_test_mode_alone(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        test, live = await borrow(platform), await borrow(platform, name="live", mode=Mode.LIVE)
        assert str(permit(platform, test, READ)) == "*:read"
        assert str(permit(platform, test, LINKS)) == "account_links:create"
        assert str(permit(platform, live, READ)) == "*:read"
        for borrower, made, code in (
            (test, operation(verb=Verb.DELETE), RefusalCode.OPERATION_NOT_ALLOWED),
            (live, LINKS, RefusalCode.LIVE_WRITE_NOT_GRANTED),
        ):
            with pytest.raises(CallRefused) as caught:
                permit(platform, borrower, made)
            assert caught.value.code is code
            assert made.grant in (caught.value.detail or "")

    async def test_in_live_mode_no_wildcard_writes(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        words = {Mode.LIVE: ["*:*", "account_links:*", "*:create"]}
        borrower = await borrow(platform, CallerTerms(words=words), mode=Mode.LIVE)
        with pytest.raises(CallRefused) as caught:
            permit(platform, borrower, LINKS)
        assert caught.value.code is RefusalCode.LIVE_WRITE_NOT_GRANTED
        named = CallerTerms(words={Mode.LIVE: ["account_links:create"]})
        borrower = await borrow(platform, named, name="named", mode=Mode.LIVE)
        assert str(permit(platform, borrower, LINKS)) == "account_links:create"

    async def test_a_policy_rules_what_may_be_called_and_the_callers_own_limits_come_first(
        self, scene: Scene
    ) -> None:
        file = read_policies('[policies.reader]\ntest = ["accounts:read"]\nper_second = 2\n')
        platform = lending(scene.platform, policies=file.policies)
        borrower = await borrow(platform, CallerTerms(policy="reader"))
        assert str(permit(platform, borrower, READ)) == "accounts:read"
        assert borrower.limits == CallLimits(2, None)
        with pytest.raises(CallRefused):
            permit(platform, borrower, LINKS)
        terms = replace(terms_of(borrower.caller), limits=CallLimits(7, 8))
        await change_caller(platform, OPERATOR, "shop", terms)
        again = await add_token(platform, OPERATOR, "shop", Mode.TEST)
        assert (await find_borrower(platform, again.token)).limits == CallLimits(7, 8)

    async def test_a_policy_that_went_away_allows_nothing(self, scene: Scene) -> None:
        file = read_policies('[policies.reader]\ntest = ["*:*"]\n')
        platform = lending(scene.platform, policies=file.policies)
        issued = await issue(platform, CallerTerms(policy="reader"))
        without = lending(platform, policies={})
        borrower = await find_borrower(without, issued.token)
        with pytest.raises(CallRefused) as caught:
            permit(without, borrower, READ)
        assert caught.value.code is RefusalCode.OPERATION_NOT_ALLOWED

    async def test_switches_stop_what_was_granted(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        test, live = await borrow(platform), await borrow(platform, name="live", mode=Mode.LIVE)
        still = lending(platform, writes=False)
        permit(still, test, READ)
        with pytest.raises(CallRefused) as caught:
            permit(still, test, LINKS)
        assert caught.value.code is RefusalCode.WRITES_DISABLED
        dark = replace(platform, switches=Switches(live=False))
        permit(dark, test, LINKS)
        with pytest.raises(CallRefused) as caught:
            permit(dark, live, READ)
        assert caught.value.code is RefusalCode.LIVE_DISABLED


class TestOwners:
    async def accounts(self, scene: Scene, *names: str) -> Mapping[str, str]:
        found = {}
        for name in names:
            owner = Owner(OwnerKind.ORGANIZATION, name, Mode.TEST)
            started = await start_onboarding(
                scene.platform, owner, return_url=RETURN_URL, refresh_url=REFRESH_URL
            )
            found[name] = started.stripe_account_id
        return found

    async def test_whoever_is_bound_names_accounts_of_its_owners_alone(self, scene: Scene) -> None:
        ours = await self.accounts(scene, "acme", "other")
        platform = lending(scene.platform)
        bound = await borrow(platform, CallerTerms(owners=["organization:acme", "creator:acme2"]))
        await require_owned(platform, bound, READ, [ours["acme"]])
        await require_owned(platform, bound, READ, [ours["acme"], ours["acme"]])
        for accounts in (
            [],
            [ours["other"]],
            [ours["acme"], ours["other"]],
            ["acct_nowhere"],
            [""],
            ["acct_\0"],
            [f"{ours['acme']} "],
            [ours["acme"].upper()],
            [ours["acme"], *(f"acct_{number}" for number in range(MOST_ACCOUNTS))],
        ):
            code = RefusalCode.OWNER_NOT_ALLOWED
            await refused(code, require_owned(platform, bound, READ, accounts))

    async def test_the_other_mode_is_another_world(self, scene: Scene) -> None:
        ours = await self.accounts(scene, "acme")
        platform = lending(scene.platform)
        terms = CallerTerms(owners=["organization:acme"])
        bound = await borrow(platform, terms, mode=Mode.LIVE)
        awaited = require_owned(platform, bound, READ, [ours["acme"]])
        await refused(RefusalCode.OWNER_NOT_ALLOWED, awaited)

    async def test_a_creator_is_no_organization(self, scene: Scene) -> None:
        ours = await self.accounts(scene, "acme")
        platform = lending(scene.platform)
        bound = await borrow(platform, CallerTerms(owners=["creator:acme"]))
        awaited = require_owned(platform, bound, READ, [ours["acme"]])
        await refused(RefusalCode.OWNER_NOT_ALLOWED, awaited)

    async def test_a_connection_that_ended_is_nobodys(self, scene: Scene) -> None:
        ours = await self.accounts(scene, "acme")
        platform = lending(scene.platform)
        bound = await borrow(platform, CallerTerms(owners=["organization:acme"]))
        account = await platform.store.find_account_by_stripe_id(ours["acme"], Mode.TEST)
        assert account is not None
        await platform.store.mark_disconnected(account, "deauthorized", platform.clock())
        awaited = require_owned(platform, bound, READ, [ours["acme"]])
        await refused(RefusalCode.OWNER_NOT_ALLOWED, awaited)

    async def test_whoever_is_not_bound_may_name_any_or_none(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        free = await borrow(platform)
        await require_owned(platform, free, READ, [])
        await require_owned(platform, free, READ, ["acct_nowhere"])

    async def test_without_the_store_nobody_owns_anything(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        bound = await borrow(platform, CallerTerms(owners=["organization:acme"]))
        await platform.store.close()
        awaited = require_owned(platform, bound, READ, ["acct_1"])
        await refused(RefusalCode.STORE_UNAVAILABLE, awaited)


class TestTurn:
    async def test_so_many_a_second_over_all_tokens(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        terms = CallerTerms(limits=CallLimits(per_second=3))
        first = await borrow(platform, terms)
        second = await add_token(platform, OPERATOR, "shop", Mode.LIVE)
        both = [first, await find_borrower(platform, second.token)]
        left = [await take_turn(platform, both[number % 2]) for number in range(3)]
        assert [each.remaining for each in left if each] == [2, 1, 0]
        away = await refused(RefusalCode.RATE_LIMITED, take_turn(platform, first))
        assert away.retry_after == 1
        await asyncio.sleep(1.05)
        assert await take_turn(platform, first)

    async def test_without_a_limit_nobody_counts(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        borrower = await borrow(platform, CallerTerms(limits=CallLimits(per_second=None)))
        assert {await take_turn(platform, borrower) for _ in range(50)} == {None}
