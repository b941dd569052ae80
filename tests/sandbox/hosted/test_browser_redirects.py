"""Does the seller's browser cross origins as a real one does, and stop where it should?"""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from aboard.sandbox.browser import (
    HttpFetch,
    Reply,
    SellerBrowser,
    TooManyRedirects,
    UnknownOrigin,
    WalkStuck,
    walk_onboarding,
)

PLATFORM = "http://localhost:3000"
HOSTED = "http://127.0.0.1:12111"


class Server:
    """A small site: answers by path, and remembers what it was asked."""

    def __init__(self, **answers: tuple[int, dict[str, str], str]) -> None:
        self.answers = answers
        self.asked: list[dict[str, str]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        body = (await receive())["body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append(
            headers
            | {"method": scope["method"], "path": scope["path"], "body": body.decode()}
            | {"query": scope["query_string"].decode()}
        )
        status, extra, text = self.answers.get(scope["path"].strip("/"), (404, {}, "nothing"))
        raw = [(name.encode(), value.encode()) for name, value in extra.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": text.encode()})


FORM = '<form method=post action="/take"><input name=a value=1><button>Go</button></form>'


async def test_redirects_are_followed_over_origins() -> None:
    hosted = Server(setup=(303, {"location": f"{PLATFORM}/done?x=1"}, ""))
    platform = Server(done=(200, {}, "<title>Done</title>"))
    browser = SellerBrowser({PLATFORM: platform, HOSTED: hosted})
    page = await browser.get(f"{HOSTED}/setup")
    assert (page.title, page.url, page.status) == ("Done", f"{PLATFORM}/done?x=1", 200)
    assert page.address == page.url
    assert browser.visited == [f"{HOSTED}/setup", f"{PLATFORM}/done?x=1"]
    assert platform.asked[0]["sec-fetch-site"] == "cross-site"


async def test_unknown_origin_is_told_and_not_visited() -> None:
    hosted = Server(setup=(303, {"location": "https://elsewhere.example/x?code=1"}, ""))
    browser = SellerBrowser({HOSTED: hosted})
    page = await browser.get(f"{HOSTED}/setup")
    assert page.status == 303
    assert page.location == page.address == "https://elsewhere.example/x?code=1"
    assert len(hosted.asked) == 1
    assert not browser.knows("https://elsewhere.example/")


async def test_asking_for_an_unknown_origin_fails_without_the_path() -> None:
    browser = SellerBrowser({HOSTED: Server()})
    with pytest.raises(UnknownOrigin) as caught:
        await browser.get("https://elsewhere.example/very-secret")
    assert str(caught.value) == "this browser knows no server at https://elsewhere.example"


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [
        (301, "GET", ""),
        (302, "GET", ""),
        (303, "GET", ""),
        (307, "POST", "a=1"),
        (308, "POST", "a=1"),
    ],
)
async def test_which_redirects_keep_the_form(status: int, method: str, body: str) -> None:
    server = Server(
        form=(200, {}, FORM), take=(status, {"location": "/there"}, ""), there=(200, {}, "ok")
    )
    browser = SellerBrowser({HOSTED: server})
    page = await browser.get(f"{HOSTED}/form")
    await browser.submit(page.form())
    last = server.asked[-1]
    assert (last["path"], last["method"], last["body"]) == ("/there", method, body)


async def test_get_form_goes_into_the_query() -> None:
    html = "<form action='/find?old=1'><input name=q value='a b&c'></form>"
    server = Server(form=(200, {}, html), find=(200, {}, "ok"))
    browser = SellerBrowser({HOSTED: server})
    await browser.submit((await browser.get(f"{HOSTED}/form")).form())
    assert parse_qsl(server.asked[-1]["query"]) == [("q", "a b&c")]


async def test_endless_redirects_are_given_up() -> None:
    browser = SellerBrowser({HOSTED: Server(a=(302, {"location": "/a"}, ""))})
    with pytest.raises(TooManyRedirects):
        await browser.get(f"{HOSTED}/a")


async def test_strict_cookie_does_not_come_back_from_another_site() -> None:
    platform = Server(
        start=(200, {"set-cookie": "s=1; SameSite=Strict"}, f"<a href='{HOSTED}/form'>Go</a>"),
        back=(200, {}, ""),
    )
    hosted = Server(form=(200, {}, FORM), take=(303, {"location": f"{PLATFORM}/back"}, ""))
    browser = SellerBrowser({PLATFORM: platform, HOSTED: hosted})
    await browser.get(f"{PLATFORM}/start")
    page = await browser.follow("Go")
    page = await browser.submit(page.form())
    assert page.url == f"{PLATFORM}/back"
    assert "cookie" not in platform.asked[-1]
    await browser.get(f"{PLATFORM}/back")
    assert platform.asked[-1]["cookie"] == "s=1"


async def test_lax_cookie_comes_back_from_another_site() -> None:
    platform = Server(
        start=(
            200,
            {"set-cookie": "s=1; SameSite=Lax; HttpOnly"},
            f"<a href='{HOSTED}/out'>Go</a>",
        ),
        back=(200, {}, ""),
    )
    hosted = Server(out=(303, {"location": f"{PLATFORM}/back"}, ""))
    browser = SellerBrowser({PLATFORM: platform, HOSTED: hosted})
    await browser.get(f"{PLATFORM}/start")
    await browser.follow("Go")
    assert platform.asked[-1]["cookie"] == "s=1"


async def test_ports_do_not_make_a_site() -> None:
    other = "http://localhost:4000"
    platform = Server(
        start=(200, {"set-cookie": "s=1; SameSite=Strict"}, f"<a href='{other}/out'>Go</a>"),
        back=(200, {}, ""),
    )
    hosted = Server(out=(303, {"location": f"{PLATFORM}/back"}, ""))
    browser = SellerBrowser({PLATFORM: platform, other: hosted})
    await browser.get(f"{PLATFORM}/start")
    await browser.follow("Go")
    assert hosted.asked[-1]["sec-fetch-site"] == "same-site"
    assert platform.asked[-1]["cookie"] == "s=1"


@pytest.mark.parametrize(
    ("policy", "origin"), [({}, HOSTED), ({"referrer-policy": "no-referrer"}, "null")]
)
async def test_form_says_where_it_comes_from(policy: dict[str, str], origin: str) -> None:
    server = Server(form=(200, policy, FORM), take=(200, {}, ""))
    browser = SellerBrowser({HOSTED: server})
    await browser.submit((await browser.get(f"{HOSTED}/form")).form())
    assert server.asked[-1]["origin"] == origin
    assert server.asked[-1]["sec-fetch-site"] == "same-origin"


async def test_pluggable_fetch_reaches_loopback_or_what_it_is_told() -> None:
    async def fetch(_method: str, url: str, _headers: object, _body: bytes) -> Reply:
        return Reply(200, [], url.encode())

    page = await SellerBrowser(fetch=fetch).get("http://localhost:9/x#part")
    assert (page.html, page.url) == ("http://localhost:9/x", "http://localhost:9/x#part")
    with pytest.raises(UnknownOrigin):
        await SellerBrowser(fetch=fetch).get("https://api.stripe.com/x")
    with pytest.raises(UnknownOrigin):
        await SellerBrowser(fetch=fetch, origins=[HOSTED]).get("http://localhost:9/x")
    assert (
        await SellerBrowser(fetch=fetch, origins=["https://a.example/"]).get("https://a.example/y")
    ).html


async def test_closing_what_was_never_opened_is_harmless() -> None:
    async with SellerBrowser(fetch=HttpFetch()) as browser:
        assert browser.page is None


async def test_browser_without_a_page_says_so() -> None:
    with pytest.raises(RuntimeError, match="not opened a page"):
        await SellerBrowser().reload()


async def test_walk_says_what_was_refused() -> None:
    html = "<title>No</title><form name=step><input name=code aria-invalid=true required></form>"
    browser = SellerBrowser({HOSTED: Server(setup=(422, {}, html))})
    with pytest.raises(WalkStuck, match=r"status 422, 'No': refused: \['code'\]"):
        await walk_onboarding(browser, f"{HOSTED}/setup")


async def test_walk_does_not_go_in_circles_for_ever() -> None:
    html = "<form name=step action=/setup><input name=q></form>"
    browser = SellerBrowser({HOSTED: Server(setup=(200, {}, html))})
    with pytest.raises(WalkStuck, match="40 pages"):
        await walk_onboarding(browser, f"{HOSTED}/setup")


async def test_walk_of_a_spent_link_ends_where_it_is_sent() -> None:
    hosted = Server(setup=(303, {"location": f"{PLATFORM}/again"}, ""))
    browser = SellerBrowser({HOSTED: hosted})
    assert await walk_onboarding(browser, f"{HOSTED}/setup") == f"{PLATFORM}/again"
