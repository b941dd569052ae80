"""`GET requirements`: what is wanted, in whose words, and who sees how much of it."""

from typing import Any

import pytest

from aboard.api.organizations.schemas import Language
from aboard.core.caller import Role
from aboard.core.languages import LANGUAGES
from tests.api.asking import Desk
from tests.api.organizations.counter import ORG, TEST, ask, fields, start

LIST = f"{ORG}/requirements?{TEST}"
GROUPS = {"past_due", "currently_due", "eventually_due", "pending_verification", "future"}
ITEM = {
    "key",
    "title",
    "help",
    "why",
    "subject",
    "subjectTitle",
    "personId",
    "deadline",
    "errors",
    "alternatives",
}


def items(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for group in body["groups"].values() for item in group]


async def test_before_an_account(desk: Desk) -> None:
    assert (await ask(desk, "GET", LIST)).json() == {
        "organizationId": "org_1",
        "mode": "test",
        "readiness": "not_started",
        "whoMustAct": "owner",
        "groups": {name: [] for name in GROUPS},
        "syncedAt": None,
        "source": "stored",
    }


async def test_what_is_wanted_in_words(desk: Desk) -> None:
    await start(desk)
    answer = await ask(desk, "GET", f"{LIST}&fresh=true")
    body = answer.json()
    assert (body["source"], body["syncedAt"]) == ("live", "2026-11-21T09:00:00Z")
    assert (body["readiness"], body["whoMustAct"]) == ("incomplete", "owner")
    assert body["groups"].keys() == GROUPS
    wanted = {item["key"]: item for item in items(body)}
    assert "tos_acceptance.date" in wanted
    for item in wanted.values():
        assert item.keys() == ITEM
        assert item["title"]
        assert item["help"]
        assert item["why"]
        assert item["subjectTitle"]


async def test_stored_until_asked_for_news(desk: Desk) -> None:
    account_id = await start(desk)
    before = (await ask(desk, "GET", LIST)).json()
    await desk.scene.complete(account_id)
    assert (await ask(desk, "GET", LIST)).json() == {**before, "source": "stored"}
    after = (await ask(desk, "GET", f"{LIST}&fresh=true")).json()
    assert (after["readiness"], items(after)) == ("complete", [])


async def test_the_language_of_the_words(desk: Desk) -> None:
    await start(desk)
    titles = set()
    for language in LANGUAGES:
        asked = await ask(desk, "GET", LIST, headers={"accept-language": f"{language}-XX"})
        chosen = await ask(desk, "GET", f"{LIST}&language={language}")
        assert asked.json() == chosen.json()
        for answer in (asked, chosen):
            assert answer.headers["content-language"] == language
            assert answer.headers["vary"] == "accept-language"
        titles.add(items(asked.json())[0]["title"])
    assert len(titles) == len(LANGUAGES)
    both = await ask(desk, "GET", f"{LIST}&language=de", headers={"accept-language": "fr"})
    assert both.headers["content-language"] == "de"
    none = await ask(desk, "GET", LIST, headers={"accept-language": "it"})
    assert none.headers["content-language"] == "en"


def test_the_type_of_languages_is_ours() -> None:
    assert Language.__args__ == LANGUAGES  # type: ignore[attr-defined] # a Literal


async def test_a_language_that_is_none(desk: Desk) -> None:
    for word in ("xx", "EN", "en-GB", ""):
        assert fields(await ask(desk, "GET", f"{LIST}&language={word}")) == {"language"}


@pytest.fixture
async def troubled(desk: Desk) -> Desk:
    """Open the desk for an account whose document was refused, with a deadline."""
    account_id = await start(desk)
    await desk.scene.complete(account_id)
    await desk.scene.control(account_id, "reject_document")
    return desk


async def test_errors_say_what_to_do(troubled: Desk) -> None:
    body = (await ask(troubled, "GET", f"{LIST}&fresh=true")).json()
    errors = [error for item in items(body) for error in item["errors"]]
    assert errors
    for error in errors:
        assert error.keys() == {"code", "reason", "whatToDo"}
        assert all(error.values())


async def test_support_sees_titles_and_neither_errors_nor_deadlines(troubled: Desk) -> None:
    told = (await ask(troubled, "GET", f"{LIST}&fresh=true")).json()
    assert any(item["errors"] for item in items(told))
    for role in (Role.FINANCE, Role.ADMIN):
        seen = (await ask(troubled, "GET", LIST, organizations={"org_1": role})).json()
        assert seen["groups"] == told["groups"]
    support = (await ask(troubled, "GET", LIST, organizations={"org_1": Role.SUPPORT})).json()
    assert [item["title"] for item in items(support)] == [item["title"] for item in items(told)]
    for item in items(support):
        assert (item["errors"], item["deadline"]) == ([], None)


async def test_a_lost_account_owes_nothing_through_us(desk: Desk) -> None:
    await desk.scene.control(await start(desk), "deauthorize")
    body = (await ask(desk, "GET", f"{LIST}&fresh=true")).json()
    assert (body["readiness"], items(body)) == ("disconnected", [])


async def test_test_and_live_never_meet(desk: Desk) -> None:
    await start(desk)
    live = (await ask(desk, "GET", f"{ORG}/requirements?mode=live")).json()
    assert (live["readiness"], items(live)) == ("not_started", [])


async def test_without_stripe_the_stored_answer_comes(desk: Desk) -> None:
    await start(desk)
    desk.scene.road.mood = ["away"]
    answer = await ask(desk, "GET", f"{LIST}&fresh=true")
    assert (answer.status_code, answer.json()["source"]) == (200, "stored")
