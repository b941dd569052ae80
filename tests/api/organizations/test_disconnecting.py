"""`DELETE /{organizationId}`: what becomes of the account, and what follows."""

import pytest

from aboard.core.account import AccountShape
from tests.api.asking import Desk
from tests.api.conftest import OpenDesk
from tests.api.organizations.counter import (
    KEY,
    LINK_BODY,
    LINKS,
    ORG,
    TEST,
    ask,
    audited,
    fields,
    refusal,
    start,
    told,
)

GONE = f"{ORG}?{TEST}"
STANDARD = AccountShape(type="standard", country="US", capabilities=())


async def test_without_an_account(desk: Desk) -> None:
    refusal(await ask(desk, "DELETE", GONE), 409, "not_connected")


async def test_an_account_of_the_platforms_is_deleted(desk: Desk) -> None:
    await start(desk)
    answer = await ask(desk, "DELETE", GONE)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["aboard-disconnection"] == "deleted"
    assert "content-type" not in answer.headers
    assert desk.scene.accounts() == []
    body = (await ask(desk, "GET", GONE)).json()
    assert (body["readiness"], body["capabilities"]) == ("disconnected", {})
    assert await audited(desk, action="account.disconnect") == ["deleted"]
    assert (await told(desk)).count("connect.account.disconnected") == 1


async def test_an_account_with_a_dashboard_of_its_own_is_forgotten_without_a_client_id(
    desk: Desk, open_desk: OpenDesk
) -> None:
    shapes = dict.fromkeys(desk.scene.platform.shapes, STANDARD)
    standard = await open_desk(desk.scene.with_changes(shapes=shapes))
    await start(standard)
    answer = await ask(standard, "DELETE", GONE)
    assert answer.headers["aboard-disconnection"] == "forgotten"
    assert len(desk.scene.accounts()) == 1


async def test_repeating_it_is_harmless(desk: Desk) -> None:
    await start(desk)
    first, second = [await ask(desk, "DELETE", GONE) for _ in range(2)]
    for answer in (first, second):
        assert answer.status_code == 204
        assert answer.headers["aboard-disconnection"] == "deleted"
    assert await audited(desk, action="account.disconnect") == ["deleted"]
    assert (await told(desk)).count("connect.account.disconnected") == 1


async def test_a_repeated_key_never_ends_the_next_account(desk: Desk) -> None:
    await start(desk)
    await ask(desk, "DELETE", GONE, headers=KEY)
    await start(desk, restart=True)
    again = await ask(desk, "DELETE", GONE, headers=KEY)
    assert again.status_code == 204
    assert again.headers["aboard-disconnection"] == "deleted"
    assert again.headers["idempotent-replayed"] == "true"
    assert len(desk.scene.accounts()) == 1
    other = await ask(desk, "DELETE", f"{GONE}&forget=true", headers=KEY)
    refusal(other, 409, "idempotency_conflict")


async def test_stripe_is_away_and_the_same_key_goes_on(desk: Desk) -> None:
    await start(desk)
    desk.scene.road.mood = ["away"]
    refusal(await ask(desk, "DELETE", GONE, headers=KEY), 503, "stripe_unavailable")
    other = await ask(desk, "DELETE", f"{GONE}&forget=true", headers=KEY)
    refusal(other, 409, "idempotency_conflict")
    answer = await ask(desk, "DELETE", GONE, headers=KEY)
    assert (answer.status_code, desk.scene.accounts()) == (204, [])


@pytest.mark.parametrize("word", ["perhaps", ""])
async def test_forget_is_a_yes_or_a_no(desk: Desk, word: str) -> None:
    assert fields(await ask(desk, "DELETE", f"{GONE}&forget={word}")) == {"forget"}


async def test_the_next_link_needs_restart(desk: Desk) -> None:
    await start(desk)
    await ask(desk, "DELETE", GONE)
    answer = await ask(desk, "POST", LINKS, json=LINK_BODY)
    assert refusal(answer, 409, "account_gone") == {"reason": "deleted"}
    await start(desk, restart=True)
    assert (await ask(desk, "GET", GONE)).json()["readiness"] == "incomplete"
