"""What an attacker tries below the faces: to wear Stripe out, and to be who no token can name."""

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.errors import StateForged
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.state import Purpose
from aboard.core.tickets import OwnerPage
from aboard.flows.admission import StoppedVisit
from aboard.flows.audit import NAMELESS_ROWS
from aboard.flows.callbacks import (
    VISITS_READ,
    LoopVisit,
    ReturnVisit,
    visit_refresh,
    visit_return,
)
from aboard.flows.entry import enter, issue_page_link
from aboard.flows.start import start_onboarding
from tests.flows.test_callbacks import begun, token
from tests.scene import REFRESH_URL, RETURN_URL, Scene

OWNER = Caller("user_1", {"org_1": Role.OWNER})


async def test_who_holds_a_state_cannot_wear_stripe_out(scene: Scene, organization: Owner) -> None:
    onboarding = await begun(scene, organization)
    state = token(scene, organization, onboarding, Purpose.RETURN)
    scene.road.calls.clear()
    for _ in range(VISITS_READ + 10):
        visit = await visit_return(scene.platform, state, None)
        assert isinstance(visit, ReturnVisit)
        assert visit.outcome == "incomplete"
    assert len(scene.road.calls) == VISITS_READ
    scene.road.calls.clear()
    for number in range(2):
        spent = token(scene, organization, onboarding, Purpose.REFRESH, nonce=f"r{number}")
        await visit_refresh(scene.platform, spent, OWNER)
    scene.road.calls.clear()
    looping = token(scene, organization, onboarding, Purpose.REFRESH, nonce="r3")
    for _ in range(10):
        assert isinstance(await visit_refresh(scene.platform, looping, OWNER), LoopVisit)
    assert scene.road.calls == []


async def test_the_longest_names_in_any_script_come_through(scene: Scene) -> None:
    user, organization_id = "\U0001f9ed" * 255, "~" * 255
    organization = Owner(OwnerKind.ORGANIZATION, organization_id, Mode.TEST)
    caller = Caller(user, {organization_id: Role.OWNER})
    issued = await issue_page_link(scene.platform, organization, caller, OwnerPage.CHECKLIST)
    ticket = issued.url.reveal().partition("ticket=")[2]
    assert (await enter(scene.platform, ticket)).location.endswith("/checklist")
    creator = Owner(OwnerKind.CREATOR, user, Mode.TEST)
    await start_onboarding(scene.platform, creator, return_url=RETURN_URL, refresh_url=REFRESH_URL)
    state = token(scene, creator, await begun(scene, creator), Purpose.RETURN)
    assert isinstance(await visit_return(scene.platform, state, None), ReturnVisit)


async def test_nobody_fills_the_audit_without_a_name(scene: Scene, organization: Owner) -> None:
    onboarding = await begun(scene, organization)
    state = token(scene, organization, onboarding, Purpose.RETURN)
    for _ in range(NAMELESS_ROWS + 10):
        with pytest.raises(StateForged):
            await enter(scene.platform, "forged")
    # Whoever holds a state of one owner is another nobody, and a caller is somebody.
    assert isinstance(await visit_return(scene.platform, state, None), ReturnVisit)
    assert isinstance(await visit_return(scene.platform, "forged", None), StoppedVisit)
    assert isinstance(await visit_return(scene.platform, "forged", OWNER), StoppedVisit)
    rows = await scene.platform.store.list_audit(limit=2 * NAMELESS_ROWS)
    assert len(rows) == NAMELESS_ROWS + 2
    assert [row.outcome for row in rows[:2]] == ["refused:state.forged", "incomplete"]
    assert scene.platform.journal.counts["limit.reached"] == 11
