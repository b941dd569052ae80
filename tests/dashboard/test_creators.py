"""A creator's own pages: one for each mode, the old address, and the wait to be known."""

from pathlib import Path

import pytest

from aboard.core.caller import Caller
from aboard.core.kyc import KycStatus
from aboard.core.languages import LANGUAGES
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.tickets import OwnerPage
from aboard.dashboard.words import words_in
from aboard.flows.entry import issue_page_link
from aboard.flows.kyc import decide_kyc
from tests.journeys.town import ABOARD, Town, open_town

PAGE = f"{ABOARD}/connect/creator"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"ABOARD_CREATOR_COUNTRY": "US"}


async def become(town: Town) -> None:
    answer = await town.call("POST", "/api/v1/creators/upgrade", town.token("ada", {}))
    assert answer.status == 201


async def test_each_mode_has_its_page_and_the_old_address_the_usual_one(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    async with open_town(tmp_path, **settings) as town:
        await become(town)
        browser = town.browser(town.token("ada", {}))
        for address, is_test in ((PAGE, True), (f"{PAGE}/test", True), (f"{PAGE}/live", False)):
            for more in ("", "/checklist", "/back", "/country", "/start-over"):
                page = await browser.get(f"{address}{more}")
                assert page.status == 200, page.url
                assert ("Test mode" in page.text) == is_test, page.url
                mode = "test" if is_test else "live"
                assert f"/connect/creator/{mode}" in page.html or more == ""
        for address in (f"{PAGE}/moon", f"{PAGE}/test/moon", f"{PAGE}/live/test"):
            assert (await browser.get(address)).status == 404


async def test_a_link_opens_the_page_of_its_mode_and_no_other(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    async with open_town(tmp_path, **settings) as town:
        await become(town)
        live = Owner(OwnerKind.CREATOR, "ada", Mode.LIVE)
        link = await issue_page_link(town.platform, live, Caller("ada"), OwnerPage.STATUS)
        browser = town.browser()
        page = await browser.get(link.url.reveal())
        assert (page.status, page.url) == (200, f"{PAGE}/live")
        assert (await browser.get(f"{PAGE}/test")).status == 404
        old = await browser.get(PAGE)  # the session says which of the two is meant
        assert old.status == 200
        assert "Test mode" not in old.text


async def test_a_creator_comes_back_to_the_page_of_the_mode(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    own = {"ABOARD_CREATOR_RETURN_URL": "", "ABOARD_CREATOR_REFRESH_URL": ""}
    async with open_town(tmp_path, **settings, **own) as town:
        await become(town)
        browser = town.browser(town.token("ada", {}))
        page = await browser.get(PAGE)
        (button,) = [form for form in page.forms if form.action.endswith("/test/resume")]
        page = await browser.submit(button)
        assert page.status == 200
        assert page.url.startswith("http://127.0.0.1:12111/")
        found = await town.platform.store.find_account_and_onboarding(
            Owner(OwnerKind.CREATOR, "ada", Mode.TEST)
        )
        assert found is not None
        assert found[1] is not None
        assert found[1].return_url == f"{PAGE}/test/back"
        assert found[1].refresh_url == f"{PAGE}/test"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_is_not_known_yet_begins_nothing_here(
    tmp_path: Path, settings: dict[str, str], language: str
) -> None:
    async with open_town(tmp_path, **settings, ABOARD_KYC="manual") as town:
        await become(town)
        token = town.token("ada", {})
        begun = await town.call("POST", "/api/v1/creators/kyc/start", token)
        assert begun.body["data"]["redirectUrl"] == f"{PAGE}/test"
        words = words_in(language)
        browser = town.browser(token)
        page = await browser.get(f"{PAGE}?language={language}")
        assert words["back"]["kyc_pending"] in page.text
        (button,) = [form for form in page.forms if form.action.endswith("/resume")]
        page = await browser.submit(button)
        assert page.status == 409
        assert words["kyc"]["title"] in page.text
        assert len(town.sandbox.worlds[0].accounts if town.sandbox.worlds else []) == 0
        operator = Caller("ops", is_operator=True)
        await decide_kyc(town.platform, operator, "ada", KycStatus.APPROVED)
        page = await browser.get(PAGE)
        assert words["back"]["kyc_pending"] not in page.text
        (button,) = [form for form in page.forms if form.action.endswith("/resume")]
        assert (await browser.submit(button)).url.startswith("http://127.0.0.1:12111/")
