"""Does the form ask what is due, keep what was typed, and does the account then show it?"""

from typing import Any

import pytest

from aboard.sandbox.browser import SellerBrowser, walk_onboarding
from aboard.sandbox.samples import sample_for
from tests.sandbox.conftest import BUSINESS as PREFILLED
from tests.sandbox.conftest import PERSON
from tests.sandbox.hosted.conftest import (
    BUSINESS,
    COMPANY,
    INDIVIDUAL,
    REFRESH,
    RETURN,
    Platform,
    answer,
    sign_in,
)

COUNTRIES = ("US", "DE", "GB", "FR", "PT", "JP", "AU", "CA", "IT", "ES", "NL", "IE", "CH", "PL")


@pytest.mark.parametrize("business_type", ["individual", "company", "non_profit"])
@pytest.mark.parametrize("kind", ["express", "standard"])
@pytest.mark.parametrize("country", COUNTRIES)
async def test_everyone_gets_from_nothing_to_ready(
    platform: Platform, browser: SellerBrowser, kind: str, country: str, business_type: str
) -> None:
    account = await platform.account(kind, country)
    url = await platform.link(account)
    end = await walk_onboarding(browser, url, {"business_type": business_type}, country=country)
    assert end == RETURN
    found = await platform.read(account)
    assert found["business_type"] == business_type
    assert found["details_submitted"]
    assert found["charges_enabled"]
    assert found["payouts_enabled"]
    assert found["requirements"]["currently_due"] == []


@pytest.mark.parametrize("business_type", ["individual", "company"])
@pytest.mark.parametrize("country", ["US", "DE"])
async def test_upfront_collection_leaves_nothing_for_later(
    platform: Platform, browser: SellerBrowser, country: str, business_type: str
) -> None:
    account = await platform.account("express", country)
    url = await platform.link(account, fields="eventually_due")
    await walk_onboarding(browser, url, {"business_type": business_type}, country=country)
    assert (await platform.read(account))["requirements"]["eventually_due"] == []


async def test_incremental_collection_leaves_the_id_number_for_later(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account()
    await walk_onboarding(browser, await platform.link(account))
    due = (await platform.read(account))["requirements"]["eventually_due"]
    assert due == ["individual.id_number"]


async def test_individual_typed_by_hand(platform: Platform, browser: SellerBrowser) -> None:
    account = await platform.account()
    page = await sign_in(browser, await browser.get(await platform.link(account)))
    assert page.title.startswith("What kind of business is it?")
    page = await answer(browser, {"business_type": "individual"})
    assert set(page.form("step").names) == set(INDIVIDUAL)
    assert page.form("step").control("individual.email").value == "ada@example.com"
    assert page.form("step").control("individual.phone").value == "0000000000"
    page = await answer(browser, INDIVIDUAL)
    assert set(BUSINESS) < set(page.form("step").names)
    page = await answer(browser, BUSINESS)
    page = await browser.submit(page.form("step"), button="Use the test bank account")
    assert page.title.startswith("Review and finish")
    assert "address_full_match, San Francisco, CA, 94111" in page.text
    assert "1 / 1 / 1901" in page.text
    assert "•••• 6789" in page.text
    page = await answer(browser, {"tos_acceptance": True})
    assert page.location == RETURN
    found: dict[str, Any] = await platform.read(account)
    assert found["email"] == "ada@example.com"
    assert found["business_type"] == "individual"
    assert found["business_profile"]["mcc"] == "5734"
    assert found["settings"]["payments"]["statement_descriptor"] == "ROSEN BOOKS"
    assert found["external_accounts"]["data"][0]["last4"] == "6789"
    assert found["charges_enabled"]


async def test_company_with_two_owners_typed_by_hand(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account()
    await sign_in(browser, await browser.get(await platform.link(account)))
    page = await answer(browser, {"business_type": "company"})
    assert page.form("step").names == sorted(COMPANY, key=list(page.form("step").names).index)
    page = await answer(browser, COMPANY)
    assert page.title.startswith("Who speaks for the company?")
    person = {
        key.replace("individual.", "representative."): text for key, text in INDIVIDUAL.items()
    }
    page = await answer(browser, person | {"representative.relationship.title": "CEO"})
    assert page.title.startswith("Owners and directors")
    assert "Ada Lovelace: representative" in page.text
    page = await browser.submit(
        page.form("step"),
        {
            "new_person.role": "owner",
            "new_person.first_name": "Grace",
            "new_person.last_name": "Hopper",
            "new_person.email": "grace@example.com",
        },
        button="Add this person",
    )
    assert page.title.startswith("Grace Hopper")
    asked = [name for name in page.form("step").names if name.startswith("person_")]
    page = await answer(
        browser,
        {
            name: sample_for(name)
            for name in asked
            if name.partition(".")[2].startswith(("dob.", "address.", "phone"))
        },
    )
    assert "Grace Hopper: owner" in page.text
    page = await answer(browser, {"company.owners_provided": True})
    page = await answer(browser, BUSINESS)
    page = await answer(
        browser,
        {
            "external_account.routing_number": "110000000",
            "external_account.account_number": "000123456789",
        },
    )
    page = await answer(browser, {"tos_acceptance": True})
    assert page.location == RETURN
    found = await platform.read(account)
    assert found["details_submitted"]
    assert found["charges_enabled"]
    assert found["requirements"]["currently_due"] == []


async def test_description_stands_in_for_a_website(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account("standard")
    await browser.get(await platform.link(account))
    await answer(browser, {"business_type": "individual"})
    await answer(browser, INDIVIDUAL)
    page = await answer(
        browser,
        BUSINESS
        | {
            "business_profile.url": "",
            "business_profile.product_description": "Books, sold online.",
        },
    )
    assert page.title.startswith("Where should your money go?")
    profile = (await platform.read(account))["business_profile"]
    assert profile["url"] is None
    assert profile["product_description"] == "Books, sold online."


async def test_good_answers_of_a_page_with_errors_are_kept(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account("custom")
    await browser.get(await platform.link(account))
    await answer(browser, {"business_type": "individual"})
    page = await answer(browser, INDIVIDUAL | {"individual.email": "nope", "individual.phone": ""})
    assert page.status == 422
    assert page.title.startswith("Error: ")
    form = page.form("step")
    wrong = [control.name for control in form.controls if control.is_invalid]
    assert wrong == ["individual.email", "individual.phone"]
    assert form.control("individual.email").value == "nope"
    assert "invalid_value_other" in page.text
    assert "information_missing" in page.text
    found = await platform.read(account)
    assert found["individual"]["first_name"] == "Ada"
    assert found["individual"]["ssn_last_4_provided"]
    due = found["requirements"]["currently_due"]
    assert {"individual.email", "individual.phone"} <= set(due)
    assert "individual.first_name" not in due


async def test_errors_follow_a_representative_who_came_into_being_on_that_page(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account("custom")
    await browser.get(await platform.link(account))
    await answer(browser, {"business_type": "company"})
    await answer(browser, COMPANY)
    person = {
        key.replace("individual.", "representative."): text for key, text in INDIVIDUAL.items()
    }
    person |= {"representative.relationship.title": "CEO"}
    old = browser.page
    page = await answer(browser, person | {"representative.address.postal_code": "Nowhere"})
    wrong = [item for item in page.form("step").controls if item.is_invalid]
    assert [item.value for item in wrong] == ["Nowhere"]
    assert wrong[0].name.startswith("person_")
    assert "invalid_address_city_state_postal_code" in page.text
    assert old is not None
    browser.page = old
    page = await browser.submit(old.form("step"), person)
    assert page.title.startswith("Owners and directors")


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("individual.dob.year", "2024", "invalid_dob_age_under_minimum"),
        ("individual.dob.month", "13", "invalid_value_other"),
        ("individual.address.line1", "PO Box 7", "invalid_street_address"),
        ("individual.address.postal_code", "1", "invalid_address_city_state_postal_code"),
        ("individual.ssn_last_4", "12", "invalid_value_other"),
        ("individual.first_name", "", "information_missing"),
    ],
)
async def test_refused_answer_shows_its_code_at_the_field(
    platform: Platform, browser: SellerBrowser, field: str, text: str, code: str
) -> None:
    await browser.get(await platform.link(await platform.account("custom")))
    await answer(browser, {"business_type": "individual"})
    page = await answer(browser, INDIVIDUAL | {field: text})
    assert page.status == 422
    form = page.form("step")
    assert [item.name for item in form.controls if item.is_invalid] == [field]
    assert f'id="{field}-error"' in page.html
    assert f"{field}-error" in form.control(field).described_by
    assert code in page.text


async def test_refused_secret_is_not_shown_again(
    platform: Platform, browser: SellerBrowser
) -> None:
    await browser.get(await platform.link(await platform.account("custom")))
    await answer(browser, {"business_type": "individual"})
    page = await answer(browser, INDIVIDUAL | {"individual.ssn_last_4": "98761"})
    assert "98761" not in page.html


async def test_partial_save_comes_back_with_the_next_link(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account()
    page = await sign_in(browser, await browser.get(await platform.link(account)))
    await answer(browser, {"business_type": "individual"})
    assert browser.page is not None
    page = await browser.submit(
        browser.page.form("step"),
        {"individual.first_name": "Ada", "individual.email": "nope"},
        button="Save for later",
    )
    assert page.location == RETURN
    page = await browser.get(await platform.link(account))
    form = page.form("step")
    assert (form.control("email").value, page.status) == ("ada@example.com", 200)
    page = await sign_in(browser, page)
    assert page.title.startswith("Your personal details")
    assert page.form("step").control("individual.first_name").value == "Ada"
    assert not (await platform.read(account))["details_submitted"]


async def test_prefilled_account_is_only_reviewed(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account(
        "custom", business_type="individual", individual=PERSON, **PREFILLED
    )
    page = await browser.get(await platform.link(account))
    assert page.title.startswith("Review and finish")
    assert "Jenny" in page.text
    page = await browser.submit(page.form("step"))
    assert page.location == RETURN


async def test_answers_can_be_changed_from_the_review(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account(
        "custom", business_type="individual", individual=PERSON, **PREFILLED
    )
    page = await browser.get(await platform.link(account))
    page = await browser.follow(
        next(link for link in page.links if link.text == "Change" and link.url.endswith("/person"))
    )
    page = await answer(browser, {"individual.last_name": "Riveter"})
    assert page.title.startswith("Review and finish")
    assert "Riveter" in page.text
    assert (await platform.read(account))["individual"]["last_name"] == "Riveter"


async def test_changing_the_type_of_business_changes_the_questions(
    platform: Platform, browser: SellerBrowser
) -> None:
    await browser.get(await platform.link(await platform.account("custom")))
    page = await answer(browser, {"business_type": "individual"})
    page = await browser.follow("Type of business")
    page = await answer(browser, {"business_type": "company"})
    assert page.title.startswith("Company details")


async def test_terms_must_be_accepted(platform: Platform, browser: SellerBrowser) -> None:
    account = await platform.account("custom")
    with pytest.raises(Exception, match="422"):
        await walk_onboarding(browser, await platform.link(account), {"tos_acceptance": "refused"})
    assert browser.page is not None
    assert "invalid_tos_acceptance" in browser.page.text
    assert (await platform.read(account))["tos_acceptance"]["date"] is None


async def test_every_step_is_told_to_the_platform(
    platform: Platform,
    browser: SellerBrowser,
    sdk: Any,  # noqa: ANN401 - the SDK's own
) -> None:
    account = await platform.account()
    await walk_onboarding(browser, await platform.link(account))
    events = await sdk.v1.events.list_async(
        {"type": "account.updated", "limit": 100}, {"stripe_account": account}
    )
    assert len(events.data) > 3
    assert events.data[0].data.object["details_submitted"]
    assert not events.data[-1].data.object["details_submitted"]


async def test_link_of_a_done_visit_still_bounces(
    platform: Platform, browser: SellerBrowser
) -> None:
    url = await platform.link(await platform.account())
    await walk_onboarding(browser, url)
    assert (await browser.get(url)).location == REFRESH
