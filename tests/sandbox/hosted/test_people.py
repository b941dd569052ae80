"""Can owners, directors and executives be listed, changed and taken off again?"""

from collections.abc import Mapping

import pytest

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import Page, SellerBrowser, walk_onboarding
from tests.sandbox.hosted.conftest import COMPANY, INDIVIDUAL, RETURN, Platform, answer

GRACE = {
    "new_person.role": "owner",
    "new_person.first_name": "Grace",
    "new_person.last_name": "Hopper",
    "new_person.email": "grace@example.com",
}
ADA = {key.replace("individual.", "representative."): text for key, text in INDIVIDUAL.items()}


async def _at_people(platform: Platform, browser: SellerBrowser) -> Page:
    """Walk a company to its list of people, where its representative stands alone."""
    account = await platform.account("custom")
    await browser.get(await platform.link(account))
    await answer(browser, {"business_type": "company"})
    await answer(browser, COMPANY)
    page = await answer(browser, ADA | {"representative.relationship.title": "CEO"})
    assert page.title.startswith("Owners and directors")
    return page


async def _add(browser: SellerBrowser, page: Page, person: Mapping[str, str] = GRACE) -> Page:
    return await browser.submit(page.form("step"), dict(person), button="Add this person")


async def _list(browser: SellerBrowser, page: Page) -> Page:
    """Go to the list, from wherever adding somebody led to."""
    if "Back to the list" in {link.text for link in page.links}:
        return await browser.follow("Back to the list")
    return page


def _change(page: Page, name: str) -> str:
    """Return where the person with that name is changed."""
    start = page.html.index(f'aria-label="Change: {name}"')
    return page.html[:start].rpartition('href="')[2].partition('"')[0]


async def _open(browser: SellerBrowser, page: Page, name: str) -> Page:
    link = next(link for link in page.links if link.url.endswith(_change(page, name)))
    return await browser.follow(link)


async def test_somebody_is_added_and_listed(platform: Platform, browser: SellerBrowser) -> None:
    page = await _list(browser, await _add(browser, await _at_people(platform, browser)))
    assert "Ada Lovelace: representative" in page.text
    assert "Grace Hopper: owner" in page.text


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("new_person.role", "", "information_missing"),
        ("new_person.last_name", "", "information_missing"),
        ("new_person.email", "nope", "invalid_value_other"),
    ],
)
async def test_refused_addition_says_why_and_adds_nobody(
    platform: Platform, browser: SellerBrowser, name: str, text: str, code: str
) -> None:
    page = await _add(browser, await _at_people(platform, browser), GRACE | {name: text})
    assert page.status == 422
    form = page.form("step")
    assert [item.name for item in form.controls if item.is_invalid] == [name]
    assert form.control("new_person.first_name").value == "Grace"
    assert code in page.text
    assert "Grace Hopper:" not in page.text


async def test_page_of_a_person_changes_name_and_roles(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _list(browser, await _add(browser, await _at_people(platform, browser)))
    page = await _open(browser, page, "Grace Hopper")
    assert page.title.startswith("Grace Hopper")
    person = page.form("step").action.rpartition("/")[2]
    page = await answer(
        browser,
        _still_asked(page, person)
        | {
            f"{person}.last_name": "Murray",
            f"{person}.relationship.director": True,
            f"{person}.relationship.owner": False,
        },
    )
    assert "Grace Murray: director" in page.text


def _still_asked(page: Page, person: str) -> dict[str, str | bool]:
    """Answer what a person's page needs beyond what the test is about."""
    about = {
        name.replace("individual", person): text
        for name, text in INDIVIDUAL.items()
        if not name.endswith("_name")
    }
    about[f"{person}.relationship.title"] = "Partner"
    about[f"{person}.relationship.percent_ownership"] = "50"
    names = page.form("step").names
    return {name: text for name, text in about.items() if name in names}


async def test_refused_change_shows_its_code_and_keeps_the_rest(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _list(browser, await _add(browser, await _at_people(platform, browser)))
    page = await _open(browser, page, "Grace Hopper")
    person = page.form("step").action.rpartition("/")[2]
    page = await answer(
        browser,
        _still_asked(page, person) | {f"{person}.email": "nope", f"{person}.last_name": "Murray"},
    )
    assert page.status == 422
    wrong = [item.name for item in page.form("step").controls if item.is_invalid]
    assert wrong == [f"{person}.email"]
    assert page.title.startswith("Error: Grace Murray")


async def test_somebody_is_removed(platform: Platform, browser: SellerBrowser) -> None:
    page = await _list(browser, await _add(browser, await _at_people(platform, browser)))
    page = await browser.submit(page.form("people"), button="Remove")
    assert "Grace Hopper" not in page.text
    assert "Ada Lovelace: representative" in page.text


async def test_representative_stays(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    page = await _list(browser, await _add(browser, await _at_people(platform, browser)))
    account = sandbox.world_of(platform_account(sandbox))
    assert account is not None
    found = account.account(platform_account(sandbox))
    assert found is not None
    assert found.representative is not None
    form = page.form("people")
    assert [button.text for button in form.buttons] == ["Remove"]
    forged = type(form.buttons[0])("person", found.representative.id, "Forged")
    form.buttons.append(forged)
    page = await browser.submit(form, button="Forged")
    assert "Ada Lovelace: representative" in page.text
    assert len(found.people) == 2


def platform_account(sandbox: Sandbox) -> str:
    """Return the id of the only account there is."""
    (visit,) = sandbox.visits.values()
    return visit.account.id


async def test_representative_can_be_an_owner_too(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _at_people(platform, browser)
    page = await _open(browser, page, "Ada Lovelace")
    person = page.form("step").action.rpartition("/")[2]
    page = await answer(
        browser,
        _still_asked(page, person)
        | {f"{person}.relationship.owner": True, f"{person}.relationship.director": True},
    )
    page = await _list(browser, page)
    assert "Ada Lovelace: representative, owner, director" in page.text


async def test_page_of_a_stranger_leads_back_into_the_form(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _at_people(platform, browser)
    page = await browser.get(page.form("step").action + "/person_somebody")
    assert page.status == 200
    assert page.title.startswith("Owners and directors")


@pytest.mark.parametrize("country", ["US", "DE", "JP", "GB"])
async def test_walk_lists_everybody_it_is_told_of(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox, country: str
) -> None:
    account = await platform.account("express", country)
    people = (
        {"role": "owner", "first_name": "Grace"},
        {"role": "director", "first_name": "Joan"},
        {"role": "executive", "first_name": "Mary"},
    )
    end = await walk_onboarding(
        browser,
        await platform.link(account),
        {"business_type": "company"},
        country=country,
        people=people,
    )
    assert end == RETURN
    world = sandbox.world_of(account)
    found = world.account(account) if world else None
    assert found is not None
    names = {str(person.given.get("first_name")): person for person in found.people}
    assert set(names) > {"Grace", "Joan", "Mary"}
    assert names["Grace"].is_in("owner")
    assert names["Joan"].is_in("director")
    assert names["Mary"].is_in("executive")
    shown = await platform.read(account)
    assert shown["charges_enabled"]
    assert shown["requirements"]["currently_due"] == []
