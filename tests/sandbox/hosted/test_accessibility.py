"""Can everybody use the pages: by keyboard, by ear, on a small screen, without JavaScript?"""

import re
from collections import Counter
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest

from aboard.sandbox.browser import Form, Page, SellerBrowser
from aboard.sandbox.samples import bank_sample, sample_for
from tests.sandbox.hosted.conftest import HOSTED, Platform, sign_in

_UNLABELLED = {"hidden"}
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_BLOCKS = frozenset({"div", "dl", "fieldset", "form", "h1", "h2", "p", "section", "ul", "ol"})


class _Nesting(HTMLParser):
    """Reads a page strictly: what opens is closed, in order, and stands where it may."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"<{tag}> says something twice: {names}")
        if any(name.startswith("on") or name == "style" for name in names):
            self.problems.append(f"<{tag}> has what the policy forbids: {names}")
        if tag in _BLOCKS and "p" in self.open:
            self.problems.append(f"<{tag}> within <p>")
        if tag in {"a", "button", "form"} and tag in self.open:
            self.problems.append(f"<{tag}> within <{tag}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes something else, on line {self.getpos()[0]}")


def problems_of(page: Page) -> list[str]:
    """Return what is wrong with a page: its form as HTML, its labels, ids, landmarks and links."""
    html = page.html
    reader = _Nesting()
    reader.feed(html)
    reader.close()
    found = [*reader.problems, *(f"<{tag}> is never closed" for tag in reader.open)]
    for form in page.forms:
        found += [
            f"{control.name} has no label"
            for control in form.controls
            if not control.label and control.kind not in _UNLABELLED
        ]
        found += ["a button without words" for button in form.buttons if not button.text]
    ids = Counter(re.findall(r'\sid="([^"]*)"', html))
    found += [f"id {name} is there {count} times" for name, count in ids.items() if count > 1]
    wanted = {
        name
        for pattern in (r'aria-describedby="([^"]*)"', r'\sfor="([^"]*)"', r'href="#([^"]*)"')
        for names in re.findall(pattern, html)
        for name in names.split()
    }
    found += [f"nothing is called {name}" for name in sorted(wanted - set(ids))]
    if html.count("<fieldset") != html.count("<legend"):
        found.append("a fieldset without a legend")
    if html.count("<h1") != 1:
        found.append("not exactly one first heading")
    found += [
        f"no {mark}"
        for mark in ('<html lang="en">', 'name="viewport"', '<main id="main"', 'href="#main"')
        if mark not in html
    ]
    outside = re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', html)
    return found + [f"something from outside: {address}" for address in outside]


async def test_every_page_is_sound(pages: list[Page]) -> None:
    for page in pages:
        assert problems_of(page) == [], page.title


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


@pytest.mark.parametrize("country", ["US", "DE", "JP", "AE"])
@pytest.mark.parametrize("business_type", ["individual", "company", "non_profit"])
async def test_every_page_of_every_kind_is_sound(
    platform: Platform, browser: SellerBrowser, country: str, business_type: str
) -> None:
    account = await platform.account("express", country)
    seen: list[str] = []
    page = await sign_in(browser, await browser.get(await platform.link(account)))
    page = await browser.submit(page.form("step"), {"business_type": business_type})
    for _ in range(12):
        refused = await browser.submit(page.form("step"))
        seen += problems_of(page) + problems_of(refused)
        form = refused.form("step")
        if "tos_acceptance" in form.names:
            break
        page = await browser.submit(form, _filled_in(form, country))
    else:
        pytest.fail(f"no end, at {page.title}")
    assert seen == []


def _filled_in(form: Form, country: str) -> dict[str, str]:
    bank = bank_sample(country)
    numbers = {"routing_number": bank.routing_number, "account_number": bank.account_number}
    return {
        control.name: numbers.get(control.name.rpartition(".")[2])
        or sample_for(control.name, country=country)
        for control in form.controls
        if control.is_required and (control.kind in {"checkbox", "radio"} or not control.value)
    }


async def test_dashboard_is_sound(platform: Platform, browser: SellerBrowser) -> None:
    account = await platform.account()
    page = await browser.get(await platform.link(account))
    await browser.submit(page.form("shortcuts"), button="Reject document")
    page = await browser.get(await platform.login_link(account))
    assert problems_of(page) == []
    page = await browser.submit(page.form("step"), {"code": "000-000"})
    assert problems_of(page) == []
    for words in ("Provide what is needed", "Edit details"):
        home = page
        assert problems_of(await browser.follow(words)) == []
        browser.page = home
