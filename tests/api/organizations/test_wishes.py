"""`POST onboarding-links` with wishes: how a new account is made, and leaving one behind."""

import pytest

from aboard.api.organizations.schemas import BusinessType
from aboard.core.shapes import BUSINESS_TYPES
from tests.api.asking import Desk
from tests.api.organizations.counter import (
    KEY,
    LINK_BODY,
    LINKS,
    ORG,
    TEST,
    ask,
    fields,
    refusal,
    start,
)
from tests.scene import KEY as STRIPE_KEY


async def test_how_a_new_account_is_made(desk: Desk) -> None:
    account_id = await start(desk, country="PT", businessType="company", email="a@b.example")
    account = desk.scene.sandbox.world(STRIPE_KEY).accounts.get(account_id)
    assert account is not None
    assert account.country == "PT"
    await start(desk, country="PT")
    assert desk.scene.accounts() == [account_id]


async def test_wishes_that_are_none(desk: Desk) -> None:
    for field, words in {
        "country": ("pt", "PRT", "", "P1", "PT\n", 7),
        "businessType": ("shop", "", "Company"),
        "email": ("", "a", "a@", "@b", "a b@c", "a@b@c", "a@b\n", "x" * 65 + "@b.example"),
        "restart": ("yes", None, 1),
    }.items():
        for word in words:
            body = {**LINK_BODY, field: word}
            assert fields(await ask(desk, "POST", LINKS, json=body)) == {field}
    assert desk.scene.road.calls == []


async def test_another_country_is_fixed_once_it_is_given(desk: Desk) -> None:
    account_id = await start(desk)
    await desk.scene.complete(account_id)
    body = {**LINK_BODY, "country": "PT", "force": True}
    details = refusal(await ask(desk, "POST", LINKS, json=body), 409, "country_fixed")
    assert details["country"] == "US"


async def test_a_rejected_account_stays_until_told_otherwise(desk: Desk) -> None:
    account_id = await start(desk)
    await desk.scene.control(account_id, "reject", reason="rejected.fraud")
    answer = await ask(desk, "POST", LINKS, json=LINK_BODY)
    assert refusal(answer, 409, "account_rejected") == {"reason": "rejected.fraud"}
    await start(desk, restart=True)
    connection = (await ask(desk, "GET", f"{ORG}?{TEST}")).json()
    assert connection["stripeAccountId"] != account_id


async def test_a_repeat_never_restarts_a_second_time(desk: Desk) -> None:
    await desk.scene.control(await start(desk), "deauthorize")
    again = {**LINK_BODY, "restart": True}
    assert (await ask(desk, "POST", LINKS, json=again, headers=KEY)).status_code == 200
    made = len(desk.scene.accounts())
    assert (await ask(desk, "POST", LINKS, json=again, headers=KEY)).status_code == 200
    assert len(desk.scene.accounts()) == made
    await desk.scene.control(desk.scene.accounts()[-1], "deauthorize")
    lost = await ask(desk, "POST", LINKS, json=again, headers=KEY)
    refusal(lost, 409, "account_gone")
    assert len(desk.scene.accounts()) == made


@pytest.mark.parametrize("mood", ["away", "drop", "500"])
async def test_a_restart_whose_answer_was_lost_goes_on(desk: Desk, mood: str) -> None:
    await desk.scene.control(await start(desk), "deauthorize")
    made = len(desk.scene.accounts())
    again = {**LINK_BODY, "restart": True}
    await ask(desk, "GET", f"{ORG}?{TEST}&fresh=true")
    desk.scene.road.mood = [mood]
    refusal(await ask(desk, "POST", LINKS, json=again, headers=KEY), 503, "stripe_unavailable")
    assert (await ask(desk, "POST", LINKS, json=again, headers=KEY)).status_code == 200
    assert len(desk.scene.accounts()) <= made + 1


def test_the_business_types_are_those_of_the_core() -> None:
    assert sorted(BusinessType) == sorted(BUSINESS_TYPES)


async def test_what_would_be_right_is_said(desk: Desk) -> None:
    right = {
        "mode": "must be one of: test, live",
        "collect": "must be one of: currently_due, eventually_due",
        "businessType": f"must be one of: {', '.join(BusinessType)}",
        "country": "does not have the right form: Two capital letters, as PT.",
        "email": "does not have the right form: An e-mail address in ASCII.",
    }
    body = {**LINK_BODY, **dict.fromkeys(right, "x")}
    answer = await ask(desk, "POST", LINKS, json=body)
    problems = refusal(answer, 400, "invalid_request")["problems"]
    assert {row["field"]: row["message"] for row in problems} == right
