"""Can anybody but the one visitor read or fill in these pages, or make them say something?"""

import re
from urllib.parse import urlsplit

import pytest

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import Page, Reply, SellerBrowser, fetch_from_app
from tests.sandbox.hosted.conftest import HOSTED, Platform, answer, sign_in

FORM = ("content-type", "application/x-www-form-urlencoded")
EVIL = '"><script>alert(1)</script>'


async def _opened(platform: Platform, browser: SellerBrowser, kind: str = "custom") -> Page:
    return await browser.get(await platform.link(await platform.account(kind)))


async def _send(
    sandbox: Sandbox, method: str, url: str, body: bytes = b"", *headers: tuple[str, str]
) -> Reply:
    return await fetch_from_app(sandbox.app, method, urlsplit(url), headers, body)


async def test_every_answer_is_private(platform: Platform, browser: SellerBrowser) -> None:
    page = await _opened(platform, browser)
    for shown in (page, await browser.reload(), await browser.get(f"{HOSTED}/setup/e/a/b")):
        assert shown.header("cache-control") == "no-store"
        assert shown.header("referrer-policy") == "no-referrer"
        assert shown.header("x-content-type-options") == "nosniff"
        policy = shown.header("content-security-policy") or ""
        assert "default-src 'none'" in policy
        assert "script" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


async def test_pages_have_no_script_no_style_and_nothing_from_outside(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _opened(platform, browser)
    assert not re.search(r"<script|<style|style=|\bon\w+=|<img|<iframe", page.html)
    assert re.findall(r'<link rel="stylesheet" href="([^"]*)"', page.html) == [
        "/hosted/style-" + page.html.partition("/hosted/style-")[2].partition('"')[0]
    ]


async def test_style_sheet_is_served_and_cached(platform: Platform, browser: SellerBrowser) -> None:
    page = await _opened(platform, browser)
    path = re.findall(r"/hosted/style-[0-9a-f]+\.css", page.html)[0]
    sheet = await browser.get(HOSTED + path)
    assert sheet.header("content-type") == "text/css; charset=utf-8"
    assert "immutable" in (sheet.header("cache-control") or "")
    assert "http" not in sheet.html
    assert "@import" not in sheet.html


async def test_cookie_is_for_this_visit_alone(platform: Platform, browser: SellerBrowser) -> None:
    page = await _opened(platform, browser)
    header = page.header("set-cookie") or ""
    assert "; HttpOnly; SameSite=Lax; Secure" in header
    folder = page.form("step").action.rpartition("/")[0]
    assert f"; Path={urlsplit(folder).path};" in header
    assert browser.cookies.visible_to_scripts(urlsplit(page.form("step").action)) == {}


async def test_cookie_is_not_secure_over_plain_http(sandbox: Sandbox, platform: Platform) -> None:
    url = (await platform.link(await platform.account())).replace(HOSTED, "http://localhost:12111")
    page = await SellerBrowser({"http://localhost:12111": sandbox.app}).get(url)
    assert "Secure" not in (page.header("set-cookie") or "")


async def test_other_browser_sees_nothing(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    page = await _opened(platform, browser)
    other = await SellerBrowser({HOSTED: sandbox.app}).get(page.form("step").action)
    assert other.status == 404
    assert "Nothing is open here" in other.title


async def test_address_of_the_pages_does_not_carry_the_cookie(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _opened(platform, browser)
    (cookie,) = browser.cookies
    assert cookie.value not in page.html
    assert cookie.value not in page.form("step").action


async def test_visit_does_not_open_another_visits_pages(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    mine = await _opened(platform, browser)
    other = SellerBrowser({HOSTED: sandbox.app})
    theirs = await _opened(platform, other)
    (cookie,) = browser.cookies
    reply = await _send(
        sandbox, "GET", theirs.form("step").action, b"", ("cookie", f"{cookie.name}={cookie.value}")
    )
    assert reply.status == 404
    assert mine.form("step").action != theirs.form("step").action


@pytest.mark.parametrize("token", ["", "0" * 24, "ü"])
async def test_form_without_its_token_is_refused(
    platform: Platform, browser: SellerBrowser, token: str
) -> None:
    page = await _opened(platform, browser)
    page = await answer(browser, {"csrf": token, "business_type": "company"})
    assert page.status == 403
    assert (await browser.get(browser.visited[1])).form("step").names == ["business_type"]


async def test_token_of_another_visit_is_refused(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    theirs = await _opened(platform, SellerBrowser({HOSTED: sandbox.app}))
    await _opened(platform, browser)
    token = theirs.form("step").control("csrf").value
    page = await answer(browser, {"csrf": token, "business_type": "company"})
    assert page.status == 403


async def test_shortcut_without_its_token_is_refused(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _opened(platform, browser)
    page = await browser.submit(page.form("shortcuts"), {"csrf": "x"}, button="Reject account")
    assert page.status == 403


async def test_what_is_typed_is_never_markup(platform: Platform, browser: SellerBrowser) -> None:
    account = await platform.account("custom", business_type="company")
    page = await browser.get(await platform.link(account))
    page = await answer(browser, {"company.name": EVIL, "company.phone": EVIL})
    assert page.status == 422
    assert "<script" not in page.html
    assert page.form("step").control("company.name").value == EVIL
    assert page.form("step").control("company.phone").value == EVIL
    assert EVIL in page.text


async def test_questions_are_closed_until_the_sign_in(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _opened(platform, browser, "express")
    folder = page.form("step").action.rpartition("/")[0]
    shown = await browser.get(f"{folder}/business-type")
    assert shown.form("step").names == ["email", "phone"]
    form = shown.form("step")
    form.action = f"{folder}/business-type"
    page = await browser.submit(form)
    assert page.form("step").names == ["email", "phone"]


async def test_wrong_code_does_not_let_in(platform: Platform, browser: SellerBrowser) -> None:
    page = await _opened(platform, browser, "express")
    page = await browser.submit(
        page.form("step"), {"email": "ada@example.com", "phone": "0000000000"}
    )
    page = await answer(browser, {"code": "111-111"})
    assert page.status == 422
    page = await browser.get(page.url.replace("/code", "/review"))
    assert page.form("step").names == ["email", "phone"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"a=" + b"x" * 70_000, (FORM,), 413),
        (b'{"do": "continue"}', (("content-type", "application/json"),), 415),
        (b"csrf=x", (), 415),
        (b"csrf=%ff", (FORM,), 400),
        (b"csrf=\xff", (FORM,), 400),
        (b"&".join(b"a=1" for _ in range(500)), (FORM,), 400),
        (b"", (FORM,), 403),
    ],
)
async def test_bad_bodies_are_refused(
    platform: Platform,
    browser: SellerBrowser,
    sandbox: Sandbox,
    body: bytes,
    headers: tuple[tuple[str, str], ...],
    status: int,
) -> None:
    page = await _opened(platform, browser)
    (cookie,) = browser.cookies
    carried = ("cookie", f"{cookie.name}={cookie.value}")
    reply = await _send(sandbox, "POST", page.form("step").action, body, carried, *headers)
    assert reply.status == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_other_methods_are_refused(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox, method: str
) -> None:
    page = await _opened(platform, browser)
    assert (await _send(sandbox, method, page.form("step").action)).status == 405


async def test_posting_to_a_link_does_not_spend_it(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    url = await platform.link(await platform.account())
    assert (await _send(sandbox, "POST", url, b"", FORM)).status == 405
    assert (await browser.get(url)).status == 200


async def test_head_answers_without_a_body(platform: Platform, sandbox: Sandbox) -> None:
    reply = await _send(sandbox, "HEAD", await platform.link(await platform.account()))
    assert (reply.status, reply.body) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/setup/",
        "/setup/e/acct_x",
        "/setup/e/acct_x/a/b",
        "/express/acct_x",
        "/hosted/",
        "/hosted/x",
    ],
)
async def test_odd_addresses_are_404(browser: SellerBrowser, path: str) -> None:
    assert (await browser.get(HOSTED + path)).status == 404


async def test_question_that_is_not_asked_leads_back(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await sign_in(browser, await _opened(platform, browser, "express"))
    page = await browser.get(page.url.replace("business-type", "no-such-step"))
    assert page.form("step").names == ["business_type"]
