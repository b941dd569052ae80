"""An explanation says what would become of a call, and leaves no trace."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from aboard.core.lending.callers import CallLimits
from aboard.core.lending.calls import OPEN, Call, CallFilter, Via
from aboard.core.lending.refusals import RefusalCode
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.callers import CallerAbsent, add_caller, disable_caller
from aboard.flows.lending.credentials import set_credential
from aboard.flows.lending.explaining import Asked, Step, explain_call
from aboard.flows.lending.tokens import add_token
from aboard.flows.platform import Platform
from aboard.flows.start import start_onboarding
from tests.flows.lending.lending import OPERATOR, RESTRICTED, issue, lending
from tests.scene import REFRESH_URL, RETURN_URL, Scene

pytestmark = pytest.mark.both
LINKS = ("POST", "/v1/account_links")


async def explain(
    platform: Platform,
    method: str,
    path: str,
    *accounts: str,
    caller: str = "shop",
    mode: Mode = Mode.TEST,
) -> Sequence[Step]:
    asked = Asked(caller, mode, method, path, accounts)
    return [step async for step in explain_call(platform, asked)]


async def ends_with(platform: Platform, *asked: str, mode: Mode = Mode.TEST) -> tuple[str, object]:
    method, path, *accounts = asked
    last = (await explain(platform, method, path, *accounts, mode=mode))[-1]
    return last.name, last.code


async def test_a_call_that_would_pass_is_told_to_its_end(scene: Scene) -> None:
    platform = lending(scene.platform)
    await issue(platform, CallerTerms(limits=CallLimits(4, 9)))
    steps = await explain(platform, *LINKS)
    assert [step.name for step in steps] == [
        "caller",
        "operation",
        "allow-list",
        "credential",
        "owners",
        "limits",
    ]
    assert {step.code for step in steps} == {None}
    assert steps[2].word == "account_links:create"
    assert "by the default" in steps[2].told
    assert steps[3].told == "the key of the settings"
    assert "9 of 9 left today" in steps[5].told
    await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
    steps = await explain(platform, *LINKS)
    assert steps[3].told == "default, a restricted key, generation 1"


async def test_nothing_is_written_counted_or_sent(scene: Scene) -> None:
    platform = lending(scene.platform)
    issued = await issue(platform, CallerTerms(limits=CallLimits(1, 1)))
    written = platform.store.metrics.batches
    for _ in range(5):
        assert (await explain(platform, *LINKS))[-1].code is None
    assert platform.store.metrics.batches == written
    assert await platform.store.list_calls(CallFilter()) == ()
    assert await platform.store.count_spent(issued.record.caller_id, scene.clock()) == 0
    assert scene.road.calls == []


class TestRefusals:
    async def test_whoever_has_no_good_token_of_the_mode(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        await add_caller(platform, OPERATOR, "shop", CallerTerms())
        refused = ("caller", RefusalCode.CALLER_UNKNOWN)
        assert await ends_with(platform, *LINKS) == refused
        await add_token(platform, OPERATOR, "shop", Mode.TEST, lifetime=timedelta(seconds=5))
        assert await ends_with(platform, *LINKS) == ("limits", None)
        assert await ends_with(platform, *LINKS, mode=Mode.LIVE) == refused
        scene.clock.now += timedelta(seconds=5)
        assert await ends_with(platform, *LINKS) == refused
        await disable_caller(platform, OPERATOR, "shop")
        assert await ends_with(platform, *LINKS) == ("caller", RefusalCode.CALLER_REVOKED)
        with pytest.raises(CallerAbsent):
            await explain(platform, *LINKS, caller="nobody")

    @pytest.mark.parametrize(
        ("method", "path", "name", "code"),
        [
            ("GET", "/v1/zebras", "operation", RefusalCode.OPERATION_UNKNOWN),
            ("GET", "/v1/accounts/../x", "operation", RefusalCode.OPERATION_UNKNOWN),
            ("PATCH", "/v1/accounts", "operation", RefusalCode.METHOD_NOT_ALLOWED),
            ("post", "/v1/accounts", "allow-list", RefusalCode.OPERATION_NOT_ALLOWED),
        ],
    )
    async def test_operation_and_word(
        self, scene: Scene, method: str, path: str, name: str, code: RefusalCode
    ) -> None:
        platform = lending(scene.platform)
        await issue(platform)
        assert await ends_with(platform, method, path) == (name, code)

    async def test_live_writes_switches_keys_and_budgets(self, scene: Scene) -> None:
        platform = lending(scene.platform)
        issued = await issue(platform, CallerTerms(limits=CallLimits(None, 1)))
        await add_token(platform, OPERATOR, "shop", Mode.LIVE)
        assert await ends_with(platform, *LINKS, mode=Mode.LIVE) == (
            "allow-list",
            RefusalCode.LIVE_WRITE_NOT_GRANTED,
        )
        assert await ends_with(platform, "GET", "/v1/accounts", mode=Mode.LIVE) == (
            "credential",
            RefusalCode.MODE_NOT_CONFIGURED,
        )
        still = lending(platform, writes=False)
        assert await ends_with(still, *LINKS) == ("switches", RefusalCode.WRITES_DISABLED)
        await set_credential(platform, OPERATOR, Mode.TEST, RESTRICTED)
        shut = lending(platform, master_keys=None)
        unreadable = ("credential", RefusalCode.CREDENTIAL_UNREADABLE)
        assert await ends_with(shut, *LINKS) == unreadable
        call = Call("r", scene.clock(), Via.PROXY, "GET", OPEN, issued.record.caller_id)
        assert await platform.store.write_call(call, per_day=1)
        assert await ends_with(platform, *LINKS) == ("limits", RefusalCode.DAILY_BUDGET_SPENT)

    async def test_owners_by_path_query_and_what_is_named_besides(self, scene: Scene) -> None:
        owner = Owner(OwnerKind.ORGANIZATION, "acme", Mode.TEST)
        started = await start_onboarding(
            scene.platform, owner, return_url=RETURN_URL, refresh_url=REFRESH_URL
        )
        ours = started.stripe_account_id
        platform = lending(scene.platform)
        await issue(platform, CallerTerms(owners=["organization:acme"]))
        refused = ("owners", RefusalCode.OWNER_NOT_ALLOWED)
        assert await ends_with(platform, *LINKS) == refused
        assert await ends_with(platform, *LINKS, ours) == ("limits", None)
        assert await ends_with(platform, *LINKS, ours, "acct_other") == refused
        assert await ends_with(platform, "GET", f"/v1/accounts/{ours}") == ("limits", None)
        assert await ends_with(platform, "GET", "/v1/accounts/acct_other") == refused
        assert await ends_with(platform, "GET", f"/v1/transfers?destination={ours}") == (
            "limits",
            None,
        )
        assert await ends_with(platform, "GET", "/v1/transfers?destination=acct_x") == refused
