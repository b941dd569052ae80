"""Operators say who may borrow the key; what makes no sense is refused field by field."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aboard.core.errors import InputRefused
from aboard.core.lending.callers import CallLimits
from aboard.core.lending.policies import read_policies
from aboard.core.owner import Mode
from aboard.flows.lending.caller_terms import CallerTerms, terms_of
from aboard.flows.lending.callers import (
    CallerAbsent,
    CallerNameTaken,
    add_caller,
    change_caller,
    disable_caller,
    enable_caller,
    get_caller,
    list_callers,
    remove_caller,
)
from aboard.flows.lending.tokens import (
    TokenAbsent,
    TokenOver,
    add_token,
    list_tokens,
    revoke_token,
    rotate_token,
)
from aboard.flows.platform import Platform
from tests.flows.lending.lending import OPERATOR, issue, lending
from tests.leaks import SecretsInPlay
from tests.scene import Scene

pytestmark = pytest.mark.both
PLAIN = CallerTerms()


@pytest.fixture
def platform(scene: Scene) -> Platform:
    file = read_policies('[policies.reader]\ntest = ["*:read"]\n')
    return lending(scene.platform, policies=file.policies)


class TestCallers:
    async def test_terms_come_back_as_they_were_given(self, platform: Platform) -> None:
        terms = CallerTerms(
            words={Mode.TEST: ("*:read", "accounts:create"), Mode.LIVE: ()},
            owners=("creator:ada", "organization:acme"),
            limits=CallLimits(None, 12),
            credential="payouts",
        )
        caller = await add_caller(platform, OPERATOR, "  shop ", terms)
        assert (caller.name, caller.created_by) == ("shop", "ops")
        assert terms_of(caller) == terms
        assert await get_caller(platform, "shop") == await get_caller(platform, caller.id) == caller
        changed = await change_caller(platform, OPERATOR, "shop", CallerTerms(policy="reader"))
        assert terms_of(changed) == CallerTerms(policy="reader")
        assert await list_callers(platform) == [changed]

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            (CallerTerms(policy="nobody"), "policy"),
            (CallerTerms(policy="reader", words={Mode.TEST: ["*:read"]}), "policy"),
            (CallerTerms(words={Mode.TEST: ["accounts"]}), "words"),
            (CallerTerms(words={Mode.LIVE: ["accounts:write"]}), "words"),
            (CallerTerms(owners=[]), "owners"),
            (CallerTerms(owners=["ada"]), "owners"),
            (CallerTerms(owners=["creator:"]), "owners"),
            (CallerTerms(owners=["creator:a\nb"]), "owners"),
            (CallerTerms(owners=["seller:ada"]), "owners"),
            (CallerTerms(owners=["creator:" + "x" * 256]), "owners"),
            (CallerTerms(owners=[f"creator:{number}" for number in range(1001)]), "owners"),
            (CallerTerms(limits=CallLimits(0)), "per_second"),
            (CallerTerms(limits=CallLimits(10**6)), "per_second"),
            (CallerTerms(limits=CallLimits(1, -1)), "per_day"),
            (CallerTerms(credential="Not a name"), "credential"),
        ],
    )
    async def test_what_makes_no_sense_is_named(
        self, platform: Platform, terms: CallerTerms, field: str
    ) -> None:
        with pytest.raises(InputRefused) as refused:
            await add_caller(platform, OPERATOR, "shop", terms)
        assert [name for name, _ in refused.value.problems] == [field]
        assert await list_callers(platform) == []

    async def test_all_problems_are_told_at_once(self, platform: Platform) -> None:
        terms = CallerTerms("nobody", None, ["x"], CallLimits(0, 0), "?")
        with pytest.raises(InputRefused) as refused:
            await add_caller(platform, OPERATOR, "shop", terms)
        names = [name for name, _ in refused.value.problems]
        assert names == ["policy", "per_second", "per_day", "owners", "credential"]

    @pytest.mark.parametrize("name", ["", " ", "-x", "x" * 65, "a\nb", "a\0", "é", "<b>"])
    async def test_a_name_is_short_and_plain(self, platform: Platform, name: str) -> None:
        with pytest.raises(InputRefused):
            await add_caller(platform, OPERATOR, name, PLAIN)

    async def test_a_name_is_given_once(self, platform: Platform) -> None:
        await add_caller(platform, OPERATOR, "shop", PLAIN)
        with pytest.raises(CallerNameTaken):
            await add_caller(platform, OPERATOR, "shop", PLAIN)

    async def test_more_than_a_portion_are_listed(self, platform: Platform) -> None:
        for number in range(205):
            await add_caller(platform, OPERATOR, f"shop {number:03}", PLAIN)
        assert len(await list_callers(platform)) == 205

    async def test_whoever_is_not_there_is_named(self, platform: Platform) -> None:
        for act in (
            get_caller(platform, "nobody"),
            change_caller(platform, OPERATOR, "nobody", PLAIN),
            disable_caller(platform, OPERATOR, "nobody"),
            enable_caller(platform, OPERATOR, "nobody"),
            remove_caller(platform, OPERATOR, "nobody"),
            add_token(platform, OPERATOR, "nobody", Mode.TEST),
            list_tokens(platform, "nobody"),
        ):
            with pytest.raises(CallerAbsent):
                await act

    async def test_what_is_done_twice_is_audited_once(self, platform: Platform) -> None:
        await add_caller(platform, OPERATOR, "shop", CallerTerms(owners=["creator:ada"]))
        for _ in range(2):
            await disable_caller(platform, OPERATOR, "shop")
        for _ in range(2):
            await enable_caller(platform, OPERATOR, "shop")
        await remove_caller(platform, OPERATOR, "shop")
        rows = await platform.store.list_audit(action="gateway.caller")
        assert [row.outcome for row in rows] == ["removed", "enabled", "disabled", "added"]
        assert {row.actor for row in rows} == {"ops"}
        assert rows[-1].details["owners"] == 1
        assert platform.journal.counts["caller.changed"] == 4


class TestTokens:
    async def test_a_token_is_told_once_and_kept_as_a_hint(
        self, platform: Platform, secrets_in_play: SecretsInPlay
    ) -> None:
        issued = await issue(platform)
        word = issued.token.reveal()
        secrets_in_play.add(word)
        [kept] = await list_tokens(platform, "shop")
        assert kept == issued.record
        assert kept.hint == f"test...{word[-4:]}"
        assert word not in f"{issued} {kept}"

    @pytest.mark.parametrize(
        "lifetime", [timedelta(0), timedelta(seconds=-1), timedelta(days=3661)]
    )
    async def test_a_lifetime_is_some_time(self, platform: Platform, lifetime: timedelta) -> None:
        await issue(platform)
        with pytest.raises(InputRefused):
            await add_token(platform, OPERATOR, "shop", Mode.TEST, lifetime=lifetime)

    async def test_what_takes_the_place_lives_as_long(
        self, platform: Platform, scene: Scene
    ) -> None:
        await issue(platform)
        month = timedelta(days=30)
        first = await add_token(platform, OPERATOR, "shop", Mode.LIVE, lifetime=month)
        scene.clock.now += timedelta(days=20)
        second = await rotate_token(platform, OPERATOR, first.record.id)
        assert second.record.mode is Mode.LIVE
        assert second.record.expires_at == scene.clock() + month
        third = await rotate_token(platform, OPERATOR, second.record.id, lifetime=timedelta(days=1))
        assert third.record.expires_at == scene.clock() + timedelta(days=1)

    async def test_what_is_over_is_not_rotated(self, platform: Platform, scene: Scene) -> None:
        issued = await issue(platform)
        await revoke_token(platform, OPERATOR, issued.record.id)
        with pytest.raises(TokenOver):
            await rotate_token(platform, OPERATOR, issued.record.id)
        short = await add_token(
            platform, OPERATOR, "shop", Mode.TEST, lifetime=timedelta(seconds=1)
        )
        scene.clock.now += timedelta(seconds=1)
        with pytest.raises(TokenOver):
            await rotate_token(platform, OPERATOR, short.record.id)

    @pytest.mark.parametrize("grace", [timedelta(seconds=-1), timedelta(days=31)])
    async def test_a_grace_has_bounds(self, platform: Platform, grace: timedelta) -> None:
        issued = await issue(platform)
        with pytest.raises(InputRefused):
            await rotate_token(platform, OPERATOR, issued.record.id, grace=grace)

    async def test_a_token_that_is_not_there_is_named(self, platform: Platform) -> None:
        with pytest.raises(TokenAbsent):
            await revoke_token(platform, OPERATOR, "gwt_nobody")
        with pytest.raises(TokenAbsent):
            await rotate_token(platform, OPERATOR, "gwt_nobody")

    async def test_everything_done_is_audited_without_the_token(self, platform: Platform) -> None:
        issued = await issue(platform)
        fresh = await rotate_token(platform, OPERATOR, issued.record.id)
        for _ in range(2):
            revoked = await revoke_token(platform, OPERATOR, fresh.record.id)
            assert revoked.revoked_at is not None
        rows = await platform.store.list_audit(action="gateway.token")
        assert [row.outcome for row in rows] == ["revoked", "rotated", "added"]
        assert rows[1].details["instead_of"] == issued.record.id
        assert not [row for row in rows if issued.token.reveal()[-20:] in str(row)]

    async def test_terms_of_a_caller_leave_its_tokens(self, platform: Platform) -> None:
        issued = await issue(platform)
        caller = await get_caller(platform, "shop")
        await change_caller(platform, OPERATOR, "shop", replace(terms_of(caller), policy="reader"))
        assert await list_tokens(platform, "shop") == (issued.record,)
