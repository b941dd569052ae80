"""What a callback believes: each kind of visit, its outcome and its effect on the store."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.errors import (
    NotYours,
    StateExpired,
    StateForged,
    StateMismatch,
    StateSpent,
    StripeUnavailable,
)
from aboard.core.owner import Mode, Owner
from aboard.core.readiness import Readiness
from aboard.core.state import Purpose, State, issue_state
from aboard.flows.admission import StoppedVisit
from aboard.flows.callbacks import (
    LinkVisit,
    LoopVisit,
    PlainVisit,
    ReturnVisit,
    visit_refresh,
    visit_return,
)
from aboard.flows.start import start_onboarding
from tests.scene import REFRESH_URL, RETURN_URL, Scene

OWNER_SESSION = Caller("user_1", {"org_1": Role.OWNER})
SUPPORT_SESSION = Caller("user_2", {"org_1": Role.SUPPORT})
FOREIGN_SESSION = Caller("user_3", {"org_2": Role.OWNER})


async def begun(scene: Scene, owner: Owner, *, return_url: str = RETURN_URL) -> str:
    await start_onboarding(
        scene.platform, owner, return_url=return_url, refresh_url=REFRESH_URL + "?keep=1"
    )
    account = await scene.platform.store.find_account(owner)
    assert account is not None
    onboarding = await scene.platform.store.find_latest_onboarding(account.id)
    assert onboarding is not None
    return onboarding.id


def token(
    scene: Scene,
    owner: Owner,
    onboarding_id: str,
    purpose: Purpose,
    *,
    nonce: str = "n1",
    age: timedelta = timedelta(0),
) -> str:
    issued_at = scene.clock() - age
    state = State(purpose, onboarding_id, owner, issued_at, issued_at + timedelta(hours=24), nonce)
    return issue_state(state, scene.platform.state_keys)


def query(address: str) -> Mapping[str, list[str]]:
    return parse_qs(urlsplit(address).query)


async def outcomes(scene: Scene) -> list[str]:
    return [row.outcome for row in await scene.platform.store.list_audit()]


async def test_a_return_reads_the_account_and_redirects_with_words(
    scene: Scene, organization: Owner
) -> None:
    onboarding = await begun(scene, organization, return_url=RETURN_URL + "?keep=a%20b")
    visit = await visit_return(
        scene.platform, token(scene, organization, onboarding, Purpose.RETURN), None
    )
    assert isinstance(visit, ReturnVisit)
    assert visit.readiness is Readiness.INCOMPLETE
    assert visit.location.startswith(RETURN_URL + "?keep=a%20b&")
    assert query(visit.location)["outcome"] == ["incomplete"]
    assert query(visit.location)["readiness"] == ["incomplete"]


@pytest.mark.parametrize("word", ["outcome", "%6futcome", "readiness"])
async def test_an_address_cannot_bring_an_outcome_of_its_own(
    scene: Scene, organization: Owner, word: str
) -> None:
    onboarding = await begun(scene, organization, return_url=f"{RETURN_URL}?{word}=complete&a=b")
    state = token(scene, organization, onboarding, Purpose.RETURN)
    visit = await visit_return(scene.platform, state, None)
    assert isinstance(visit, ReturnVisit)
    assert query(visit.location) == {
        "a": ["b"],
        "outcome": ["incomplete"],
        "readiness": ["incomplete"],
    }


async def test_complete_is_said_only_when_stripe_says_both(
    scene: Scene, organization: Owner
) -> None:
    onboarding = await begun(scene, organization)
    await scene.complete(scene.accounts()[0])
    visit = await visit_return(
        scene.platform, token(scene, organization, onboarding, Purpose.RETURN), OWNER_SESSION
    )
    assert isinstance(visit, ReturnVisit)
    assert (visit.outcome, visit.readiness) == ("complete", Readiness.COMPLETE)


async def test_a_rejected_account_returns_as_rejected(scene: Scene, organization: Owner) -> None:
    onboarding = await begun(scene, organization)
    await scene.control(scene.accounts()[0], "reject", reason="rejected.fraud")
    visit = await visit_return(
        scene.platform, token(scene, organization, onboarding, Purpose.RETURN), None
    )
    assert isinstance(visit, ReturnVisit)
    assert visit.outcome == "rejected"


async def test_a_repeated_return_is_harmless_and_known_as_such(
    scene: Scene, organization: Owner
) -> None:
    onboarding = await begun(scene, organization)
    state = token(scene, organization, onboarding, Purpose.RETURN)
    first = await visit_return(scene.platform, state, None)
    again = await visit_return(scene.platform, state, None)
    assert first == again
    assert sorted(await outcomes(scene)) == ["incomplete", "incomplete:repeated"]


async def test_a_return_while_stripe_is_away_answers_from_memory(
    scene: Scene, organization: Owner
) -> None:
    onboarding = await begun(scene, organization)
    scene.road.mood = ["away"]
    visit = await visit_return(
        scene.platform, token(scene, organization, onboarding, Purpose.RETURN), None
    )
    assert isinstance(visit, ReturnVisit)
    assert visit.outcome == "incomplete"


async def test_a_refresh_with_a_session_mints_one_link_and_spends_the_state(
    scene: Scene, organization: Owner
) -> None:
    onboarding = await begun(scene, organization)
    state = token(scene, organization, onboarding, Purpose.REFRESH)
    visit = await visit_refresh(scene.platform, state, OWNER_SESSION)
    assert isinstance(visit, LinkVisit)
    stopped = await visit_refresh(scene.platform, state, OWNER_SESSION)
    assert isinstance(stopped, StoppedVisit)
    assert isinstance(stopped.cause, StateSpent)
    assert stopped.owner == organization
    assert scene.road.made("/v1/account_links") == 2
    assert "refused:state.spent" in await outcomes(scene)


async def test_two_refreshes_at_once_with_one_state_mint_one_link(
    scene: Scene, organization: Owner
) -> None:
    onboarding = await begun(scene, organization)
    state = token(scene, organization, onboarding, Purpose.REFRESH)
    visits = await asyncio.gather(
        *(visit_refresh(scene.platform, state, OWNER_SESSION) for _ in range(10))
    )
    assert sum(isinstance(visit, LinkVisit) for visit in visits) == 1
    stopped = [visit.cause for visit in visits if isinstance(visit, StoppedVisit)]
    assert [type(cause) for cause in stopped] == [StateSpent] * 9
    assert scene.road.made("/v1/account_links") == 2


async def test_a_refresh_without_a_session_mints_nothing(scene: Scene, organization: Owner) -> None:
    onboarding = await begun(scene, organization)
    state = token(scene, organization, onboarding, Purpose.REFRESH)
    visit = await visit_refresh(scene.platform, state, None)
    assert visit == PlainVisit(REFRESH_URL + "?keep=1&outcome=refresh_needed")
    assert scene.road.made("/v1/account_links") == 1
    assert isinstance(await visit_refresh(scene.platform, state, OWNER_SESSION), LinkVisit)


async def test_a_refresh_that_stripe_fails_gives_the_state_back(
    scene: Scene, organization: Owner
) -> None:
    onboarding = await begun(scene, organization)
    state = token(scene, organization, onboarding, Purpose.REFRESH)
    scene.road.mood = ["503"]
    stopped = await visit_refresh(scene.platform, state, OWNER_SESSION)
    assert isinstance(stopped, StoppedVisit)
    assert isinstance(stopped.cause, StripeUnavailable)
    (row,) = await scene.platform.store.list_audit()
    assert (row.outcome, row.owner) == ("failed:stripe.unavailable", organization)
    assert isinstance(await visit_refresh(scene.platform, state, OWNER_SESSION), LinkVisit)


async def test_a_refresh_that_is_broken_off_gives_the_state_back(
    scene: Scene, organization: Owner
) -> None:
    onboarding = await begun(scene, organization)
    state = token(scene, organization, onboarding, Purpose.REFRESH)
    scene.road.mood = ["slow"]
    scene.road.called.clear()
    visit = asyncio.create_task(visit_refresh(scene.platform, state, OWNER_SESSION))
    await scene.road.called.wait()
    visit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await visit
    assert isinstance(await visit_refresh(scene.platform, state, OWNER_SESSION), LinkVisit)


async def test_the_third_refresh_in_the_window_shows_the_checklist_instead(
    scene: Scene, organization: Owner
) -> None:
    onboarding = await begun(scene, organization)
    states = [
        token(scene, organization, onboarding, Purpose.REFRESH, nonce=f"n{number}")
        for number in range(4)
    ]
    for state in states[:2]:
        assert isinstance(await visit_refresh(scene.platform, state, OWNER_SESSION), LinkVisit)
    visit = await visit_refresh(scene.platform, states[2], OWNER_SESSION)
    assert isinstance(visit, LoopVisit)
    assert {"external_account", "business_type"} <= {
        item.key for group in visit.checklist.groups for item in group.items
    }
    assert scene.road.made("/v1/account_links") == 3
    pressed_on = await visit_refresh(scene.platform, states[2], OWNER_SESSION, is_confirmed=True)
    assert isinstance(pressed_on, LinkVisit)
    scene.clock.advance(timedelta(minutes=16))
    assert isinstance(await visit_refresh(scene.platform, states[3], OWNER_SESSION), LinkVisit)


STATES = {
    "forged": StateForged,
    "expired": StateExpired,
    "future": StateForged,
    "other purpose": StateMismatch,
    "other organization": StateMismatch,
    "other mode": StateMismatch,
    "unknown onboarding": StateMismatch,
}


def bad_state(scene: Scene, case: str, owner: Owner, onboarding: str, purpose: Purpose) -> str:
    other = Purpose.RETURN if purpose is Purpose.REFRESH else Purpose.REFRESH
    made = {
        "forged": token(scene, owner, onboarding, purpose)[:-4] + "AAAA",
        "expired": token(scene, owner, onboarding, purpose, age=timedelta(hours=25)),
        "future": token(scene, owner, onboarding, purpose, age=-timedelta(minutes=5)),
        "other purpose": token(scene, owner, onboarding, other),
        "other organization": token(scene, replace(owner, id="org_2"), onboarding, purpose),
        "other mode": token(scene, replace(owner, mode=Mode.LIVE), onboarding, purpose),
        "unknown onboarding": token(scene, owner, "onb_unknown", purpose),
    }
    return made[case]


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("case", list(STATES))
@pytest.mark.parametrize("session", [OWNER_SESSION, None], ids=["session", "no session"])
async def test_a_state_that_cannot_be_trusted_has_no_effect(
    scene: Scene, organization: Owner, case: str, purpose: Purpose, session: Caller | None
) -> None:
    onboarding = await begun(scene, organization)
    calls_before = list(scene.road.calls)
    visit = visit_return if purpose is Purpose.RETURN else visit_refresh
    stopped = await visit(
        scene.platform, bad_state(scene, case, organization, onboarding, purpose), session
    )
    assert isinstance(stopped, StoppedVisit)
    assert type(stopped.cause) is STATES[case]
    assert scene.road.calls == calls_before
    assert await outcomes(scene) == [f"refused:{stopped.cause.code}"]


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_foreign_session_is_refused_and_audited(
    scene: Scene, organization: Owner, purpose: Purpose
) -> None:
    onboarding = await begun(scene, organization)
    calls_before = list(scene.road.calls)
    state = token(scene, organization, onboarding, purpose)
    visit = visit_return if purpose is Purpose.RETURN else visit_refresh
    stopped = await visit(scene.platform, state, FOREIGN_SESSION)
    assert isinstance(stopped, StoppedVisit)
    assert isinstance(stopped.cause, NotYours)
    assert stopped.owner is None
    assert scene.road.calls == calls_before
    (row,) = await scene.platform.store.list_audit()
    assert (row.actor, row.outcome) == ("user_3", "refused:owner.not_yours")
    assert not isinstance(await visit(scene.platform, state, OWNER_SESSION), PlainVisit)


async def test_support_may_come_back_but_not_mint(scene: Scene, organization: Owner) -> None:
    onboarding = await begun(scene, organization)
    returning = token(scene, organization, onboarding, Purpose.RETURN)
    visit = await visit_return(scene.platform, returning, SUPPORT_SESSION)
    assert isinstance(visit, ReturnVisit)
    assert visit.outcome == "incomplete"
    refreshing = token(scene, organization, onboarding, Purpose.REFRESH)
    stopped = await visit_refresh(scene.platform, refreshing, SUPPORT_SESSION)
    assert isinstance(stopped, StoppedVisit)
    assert isinstance(stopped.cause, NotYours)
