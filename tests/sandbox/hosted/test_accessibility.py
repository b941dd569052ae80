"""Can everybody use the pages: by keyboard, by ear, on a small screen, without JavaScript?"""

import re
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from aboard.sandbox.browser import Page, SellerBrowser
from aboard.sandbox.samples import bank_sample, sample_for
from tests.sandbox.hosted.conftest import HOSTED, Platform, sign_in

_UNLABELLED = {"hidden"}


async def _all_pages(platform: Platform, browser: SellerBrowser) -> AsyncIterator[Page]:
    """Show every kind of page there is, each once as it comes and once with errors."""
    yield await browser.get(f"{HOSTED}/setup/e/acct_none/none")
    page = await browser.get(await platform.link(await platform.account("express", "US")))
    yield page
    yield await browser.submit(page.form("step"))
    await sign_in(browser, page)
    for _ in range(9):
        assert browser.page is not None
        yield browser.page
        yield await browser.submit(browser.page.form("step"))
        form = browser.page.form("step")
        if "tos_acceptance" in form.names:
            return
        wanted = {
            control.name: "company" if control.name == "business_type" else _valid(control.name)
            for control in form.controls
            if control.is_required
        }
        await browser.submit(form, wanted)


def _valid(name: str) -> str:
    bank = bank_sample("US")
    numbers = {"routing_number": bank.routing_number, "account_number": bank.account_number}
    return numbers.get(name.rpartition(".")[2]) or sample_for(name)


@pytest.fixture
async def pages(platform: Platform, browser: SellerBrowser) -> list[Page]:
    found = [page async for page in _all_pages(platform, browser)]
    assert len(found) >= 16
    assert {page.status for page in found} == {200, 404, 422}
    return found


async def test_every_field_has_a_label(pages: list[Page]) -> None:
    for page in pages:
        for form in page.forms:
            for control in form.controls:
                assert control.label or control.kind in _UNLABELLED, (page.title, control.name)


async def test_every_explanation_exists_and_every_id_is_unique(pages: list[Page]) -> None:
    for page in pages:
        ids = Counter(re.findall(r'\sid="([^"]*)"', page.html))
        assert set(ids.values()) == {1}, page.title
        for described in re.findall(r'aria-describedby="([^"]*)"', page.html):
            assert set(described.split()) <= set(ids), page.title
        for target in re.findall(r'href="#([^"]*)"', page.html):
            assert target in ids, page.title


async def test_errors_come_first_take_the_focus_and_lead_to_the_fields(pages: list[Page]) -> None:
    refused = [page for page in pages if page.status == 422]
    for page in refused:
        assert page.title.startswith("Error: ")
        assert 'role="alert" tabindex="-1" autofocus' in page.html
        assert page.html.index('role="alert"') < page.html.index("<h1>")
        shown = [control for control in page.form("step").controls if control.is_invalid]
        assert shown or 'aria-invalid="true"' in page.html
        linked = re.findall(r'<li><a href="#([^"]*)"', page.html)
        assert linked


async def test_every_page_has_its_landmarks_in_order(pages: list[Page]) -> None:
    for page in pages:
        assert '<html lang="en">' in page.html
        assert 'name="viewport"' in page.html
        places = [
            page.html.index(mark)
            for mark in ('class="jump" href="#main"', "<aside", '<main id="main"', "<footer")
        ]
        assert places == sorted(places)
        assert page.html.count("<h1>") == 1
        assert page.title.endswith("Aboard sandbox")


async def test_progress_names_the_current_step(pages: list[Page]) -> None:
    for page in pages[1:]:
        assert page.html.count('aria-current="step"') == 1, page.title


async def test_groups_have_legends(pages: list[Page]) -> None:
    for page in pages:
        assert page.html.count("<fieldset") == page.html.count("<legend>")


async def test_browsers_can_fill_in_what_they_know(pages: list[Page]) -> None:
    html = "".join(page.html for page in pages)
    for word in ("given-name", "family-name", "bday-year", "postal-code", "email", "tel"):
        assert f'autocomplete="{word}"' in html
    assert 'inputmode="numeric"' in html
