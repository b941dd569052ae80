"""The two visits from Stripe, as a seller's browser makes them."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from aboard.core.caller import Role
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.state import Purpose, State, issue_state
from aboard.flows.platform import Switches
from tests.api.asking import ACCOUNTS, Desk, query_of
from tests.api.conftest import OpenDesk
from tests.scene import REFRESH_URL, RETURN_URL

OWNER = {"org_1": Role.OWNER}
ORGANIZATION = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
SIGN_IN = "http://localhost:4242/connect/sign-in"
OWN_PAGE = "http://localhost:4242/connect/organizations/org_1/test"
LINK_USED = f"{OWN_PAGE}?notice=link_used"
HTML = {"accept": "text/html,application/xhtml+xml,application/json;q=0.5"}
OWN_FORM = {"sec-fetch-site": "same-origin"}
JSON = {"accept": "application/json"}


@pytest.fixture
async def begun(desk: Desk) -> Desk:
    """Let org_1 begin, with addresses that have a query of their own."""
    answer = await desk.ask(
        "POST",
        f"{ACCOUNTS}/onboarding-links",
        organizations=OWNER,
        json={
            "organizationId": "org_1",
            "mode": "test",
            "returnUrl": f"{RETURN_URL}?tab=money",
            "refreshUrl": REFRESH_URL,
        },
    )
    assert answer.status_code == 200
    return desk


async def state(
    desk: Desk, purpose: Purpose, nonce: str = "n1", *, age: timedelta = timedelta(0)
) -> str:
    store = desk.scene.platform.store
    account = await store.find_account(ORGANIZATION)
    assert account is not None
    onboarding = await store.find_latest_onboarding(account.id)
    assert onboarding is not None
    issued_at = desk.scene.clock() - age
    ends_at = issued_at + timedelta(hours=24)
    signed = State(purpose, onboarding.id, ORGANIZATION, issued_at, ends_at, nonce)
    return issue_state(signed, desk.scene.platform.state_keys)


async def visit(
    desk: Desk,
    purpose: Purpose,
    token: str,
    *,
    session: Mapping[str, Role] | None = OWNER,
    headers: Mapping[str, str] = HTML,
    **rest: Any,  # noqa: ANN401 - passed on
) -> httpx2.Response:
    """Visit as a browser does: with a session cookie, or without any."""
    given = dict(headers)
    if session is not None:
        given["cookie"] = f"theme=dark; aboard_session={desk.token('ada', session)}"
    params = {"state": token}
    return await desk.ask(
        "GET", f"{ACCOUNTS}/{purpose}", user=None, headers=given, params=params, **rest
    )


async def press(desk: Desk, page: httpx2.Response, **headers: str) -> httpx2.Response:
    """Press the page's one button."""
    action = re.search(r'action="([^"]+)"', page.text)
    token = re.search(r'name="state" value="([^"]+)"', page.text)
    assert action
    assert token
    cookie = f"aboard_session={desk.token('ada', OWNER)}"
    given = {"cookie": cookie, **HTML, **OWN_FORM, **headers}
    return await desk.ask("POST", action[1], user=None, headers=given, data={"state": token[1]})


def assert_page(answer: httpx2.Response, status: int, title: str, language: str = "en") -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert f'<html lang="{language}">' in answer.text
    assert f"<h1>{title}</h1>" in answer.text
    assert answer.text.count("<h1>") == 1


class TestReturn:
    @pytest.mark.parametrize("session", [None, OWNER, {"org_1": Role.SUPPORT}])
    async def test_it_leads_to_the_stored_address(
        self, begun: Desk, session: Mapping[str, Role] | None
    ) -> None:
        token = await state(begun, Purpose.RETURN)
        answer = await visit(begun, Purpose.RETURN, token, session=session)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{RETURN_URL}?tab=money&")
        assert query_of(answer.headers["location"]) == {
            "tab": "money",
            "outcome": "incomplete",
            "readiness": "incomplete",
        }
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"

    async def test_the_account_is_read_again(self, begun: Desk) -> None:
        await begun.scene.complete(begun.scene.accounts()[0])
        token = await state(begun, Purpose.RETURN)
        for _ in range(2):  # reloading is harmless
            answer = await visit(begun, Purpose.RETURN, token)
            assert query_of(answer.headers["location"])["outcome"] == "complete"

    async def test_a_foreign_session_has_no_effect(self, begun: Desk) -> None:
        calls = len(begun.scene.road.calls)
        token = await state(begun, Purpose.RETURN)
        foreign = {"org_2": Role.OWNER}
        answer = await visit(begun, Purpose.RETURN, token, session=foreign)
        assert_page(answer, 403, "This is not yours to continue")
        assert len(begun.scene.road.calls) == calls

    async def test_an_ended_session_is_nobody(self, begun: Desk) -> None:
        token = await state(begun, Purpose.RETURN)
        for cookie in (begun.token(lifetime=timedelta(hours=-1)), "nonsense", ""):
            given = {**HTML, "cookie": f"aboard_session={cookie}"}
            answer = await visit(begun, Purpose.RETURN, token, session=None, headers=given)
            assert answer.status_code == 303

    async def test_a_bearer_that_does_not_hold_is_refused(self, begun: Desk) -> None:
        token = await state(begun, Purpose.RETURN)
        given = {**JSON, "authorization": "Bearer nonsense"}
        answer = await visit(begun, Purpose.RETURN, token, session=None, headers=given)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


class TestStates:
    @pytest.mark.parametrize("purpose", list(Purpose))
    async def test_every_bad_state_gets_one_page(self, begun: Desk, purpose: Purpose) -> None:
        genuine = await state(begun, purpose)
        other = Purpose.RETURN if purpose is Purpose.REFRESH else Purpose.REFRESH
        bad = [
            "",
            "nonsense",
            genuine[:-2] + "zz",
            f"{genuine}.",
            await state(begun, other),
            await state(begun, purpose, age=timedelta(days=2)),
            await state(begun, purpose, age=timedelta(hours=-1)),
            "\u00e9" * 10,
            "x" * 5000,
        ]
        pages, ways = set(), set()
        for token in bad:
            answer = await visit(begun, purpose, token)
            assert_page(answer, 400, "This link no longer works")
            assert "state" not in answer.text.lower()
            way = re.search(r'<a href="([^"]+)"', answer.text)
            assert way
            ways.add(way[1])
            words = answer.text.replace(answer.headers["x-request-id"], "")
            pages.add(words.replace(way[1], ""))
        assert len(pages) == 1
        # Only where a button leads differs, and only for whoever may see the owner anyway.
        assert ways == {SIGN_IN, OWN_PAGE}
        reasons = {entry.outcome for entry in await begun.scene.platform.store.list_audit(limit=50)}
        assert reasons == {
            "refused:state.forged",
            "refused:state.expired",
            "refused:state.mismatch",
        }

    async def test_without_any_state(self, desk: Desk) -> None:
        for purpose in Purpose:
            answer = await desk.ask("GET", f"{ACCOUNTS}/{purpose}", user=None)
            assert_page(answer, 400, "This link no longer works")

    async def test_as_json_it_is_the_dialects_body(self, desk: Desk) -> None:
        answer = await visit(desk, Purpose.RETURN, "nonsense", headers=JSON)
        assert answer.status_code == 400
        assert answer.json().keys() == {"code", "message", "request_id"}
        assert answer.json()["code"] == "state_invalid"

    async def test_in_the_sellers_language(self, desk: Desk) -> None:
        for language, title in (
            ("pt", "Este link já não funciona"),
            ("es", "Este enlace ya no funciona"),
            ("de", "Dieser Link funktioniert nicht mehr"),
            ("fr", "Ce lien ne fonctionne plus"),
        ):
            given = {**HTML, "accept-language": f"{language};q=0.9,en;q=0.1"}
            answer = await visit(desk, Purpose.RETURN, "nonsense", headers=given)
            assert_page(answer, 400, title, language)


class TestRefresh:
    async def test_it_leads_straight_to_a_new_link(self, begun: Desk) -> None:
        made = begun.scene.road.made("/v1/account_links")
        answer = await visit(begun, Purpose.REFRESH, await state(begun, Purpose.REFRESH))
        assert answer.status_code == 303
        assert begun.scene.accounts()[0] in answer.headers["location"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert begun.scene.road.made("/v1/account_links") == made + 1

    async def test_a_bearer_token_is_a_session_too(self, begun: Desk) -> None:
        token = await state(begun, Purpose.REFRESH)
        given = {"authorization": f"Bearer {begun.token('ada', OWNER)}"}
        answer = await visit(begun, Purpose.REFRESH, token, session=None, headers=given)
        assert begun.scene.accounts()[0] in answer.headers["location"]

    async def test_without_a_session_nothing_is_minted(self, begun: Desk) -> None:
        made = begun.scene.road.made("/v1/account_links")
        token = await state(begun, Purpose.REFRESH)
        answer = await visit(begun, Purpose.REFRESH, token, session=None)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{REFRESH_URL}?outcome=refresh_needed"
        assert begun.scene.road.made("/v1/account_links") == made
        assert (await visit(begun, Purpose.REFRESH, token)).status_code == 303  # not spent

    async def test_a_state_is_spent_once(self, begun: Desk) -> None:
        token = await state(begun, Purpose.REFRESH)
        made = begun.scene.road.made("/v1/account_links")
        assert (await visit(begun, Purpose.REFRESH, token)).status_code == 303
        again = await visit(begun, Purpose.REFRESH, token)
        assert (again.status_code, again.headers["location"]) == (303, LINK_USED)
        as_json = await visit(begun, Purpose.REFRESH, token, headers=JSON)
        assert (as_json.status_code, as_json.json()["code"]) == (400, "state_invalid")
        assert begun.scene.road.made("/v1/account_links") == made + 1

    @pytest.mark.parametrize("session", [{"org_2": Role.OWNER}, {"org_1": Role.SUPPORT}, {}])
    async def test_a_foreign_session(self, begun: Desk, session: Mapping[str, Role]) -> None:
        token = await state(begun, Purpose.REFRESH)
        answer = await visit(begun, Purpose.REFRESH, token, session=session)
        assert_page(answer, 403, "This is not yours to continue")

    async def test_stripe_is_away_and_the_visit_can_be_repeated(self, begun: Desk) -> None:
        token = await state(begun, Purpose.REFRESH)
        begun.scene.road.mood = ["away"]
        answer = await visit(begun, Purpose.REFRESH, token)
        assert_page(answer, 503, "Please try again in a moment")
        assert int(answer.headers["retry-after"]) > 0
        assert (await visit(begun, Purpose.REFRESH, token)).status_code == 303

    async def test_onboarding_is_off(self, begun: Desk, open_desk: OpenDesk) -> None:
        off = await open_desk(begun.scene.with_changes(switches=Switches(onboarding=False)))
        answer = await visit(off, Purpose.REFRESH, await state(begun, Purpose.REFRESH))
        assert_page(answer, 503, "Please try again in a moment")

    async def test_a_lost_account(self, begun: Desk) -> None:
        await begun.scene.control(begun.scene.accounts()[0], "deauthorize")
        token = await state(begun, Purpose.REFRESH)
        answer = await visit(begun, Purpose.REFRESH, token)
        assert_page(answer, 409, "We cannot continue from here")


class TestTheLoop:
    @pytest.fixture
    async def looping(self, begun: Desk) -> Desk:
        for nonce in ("a", "b"):
            token = await state(begun, Purpose.REFRESH, nonce)
            assert (await visit(begun, Purpose.REFRESH, token)).status_code == 303
        return begun

    async def test_the_third_time_shows_the_checklist(self, looping: Desk) -> None:
        made = looping.scene.road.made("/v1/account_links")
        page = await visit(looping, Purpose.REFRESH, await state(looping, Purpose.REFRESH, "c"))
        assert_page(page, 200, "What Stripe still needs")
        assert "<li>" in page.text
        assert page.text.count("<button>") == 1
        assert "Continue to Stripe" in page.text
        assert looping.scene.road.made("/v1/account_links") == made

    async def test_the_button_goes_on_once(self, looping: Desk) -> None:
        page = await visit(looping, Purpose.REFRESH, await state(looping, Purpose.REFRESH, "c"))
        answer = await press(looping, page)
        assert answer.status_code == 303
        assert looping.scene.accounts()[0] in answer.headers["location"]
        made = looping.scene.road.made("/v1/account_links")
        again = await press(looping, page)
        assert (again.status_code, again.headers["location"]) == (303, LINK_USED)
        assert looping.scene.road.made("/v1/account_links") == made

    async def test_the_button_needs_a_session(self, looping: Desk) -> None:
        page = await visit(looping, Purpose.REFRESH, await state(looping, Purpose.REFRESH, "c"))
        answer = await press(looping, page, cookie="")
        assert answer.headers["location"] == f"{REFRESH_URL}?outcome=refresh_needed"

    async def test_as_json_it_is_a_refusal_with_the_checklist(self, looping: Desk) -> None:
        token = await state(looping, Purpose.REFRESH, "c")
        answer = await visit(looping, Purpose.REFRESH, token, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (409, "refresh_loop")
        wanted = answer.json()["details"]["checklist"]
        path = f"{ACCOUNTS}/org_1/requirements?mode=test"
        read = await looping.ask("GET", path, organizations=OWNER)
        assert wanted == read.json()["groups"]
        assert any(wanted.values())

    async def test_it_ends_by_itself(self, looping: Desk) -> None:
        looping.scene.clock.advance(timedelta(minutes=16))
        token = await state(looping, Purpose.REFRESH, "c")
        assert (await visit(looping, Purpose.REFRESH, token)).status_code == 303

    async def test_a_button_that_is_none(self, desk: Desk) -> None:
        form = "application/x-www-form-urlencoded"
        for body, kind, status in (
            (b"", form, 400),
            (b"state=", form, 400),
            (b"state=nonsense", form, 400),
            (b"&" * 1000, form, 400),
            (b"a=1&" * 1000, form, 400),
            (b"\xff=\xfe", form, 400),
            (b"state=x", "application/json", 415),
            (b"x" * 70_000, form, 413),
        ):
            given = {**HTML, "content-type": kind}
            path = f"{ACCOUNTS}/refresh/continue"
            answer = await desk.ask("POST", path, user=None, headers=given, content=body)
            assert_page(answer, status, "This link no longer works")
