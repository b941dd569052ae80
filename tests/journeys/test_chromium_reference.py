"""A front-end developer's Chromium: a link fetched from another origin, and the reference tried.

The front end is a page on a port of its own, as development servers have it. Nothing but this
machine can be looked up, and the reference asks nobody but the service.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cli.commands import running
from tests.dashboard.screen import CHROMIUM
from tests.house.tree import ROOT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: run scripts/install-chromium"),
]

_CLOSED = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
_REFRESH = "/api/v1/creators/stripe-connect/refresh-link"
_PLACE = f"/reference#tag/creators/POST{_REFRESH}"
_ASK = """async ([address, token, method]) => {
  const answer = await fetch(address, {
    method, credentials: "include", headers: {Authorization: `Bearer ${token}`},
  })
  const shown = ["x-request-id", "ratelimit-limit", "ratelimit-remaining", "retry-after"]
  return {
    status: answer.status,
    body: await answer.json(),
    headers: Object.fromEntries(shown.map(name => [name, answer.headers.get(name)])),
  }
}"""


# What a browser keeps of a page, and what the page shows of that when it is opened again.
_KEPT = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, await indexedDB.databases(), document.cookie,
  [...document.querySelectorAll("input, textarea")].map(each => each.value),
])"""


class Quiet(SimpleHTTPRequestHandler):
    """A server of one empty page that tells nobody what it was asked."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>A front end</title>")

    def log_message(self, *_: object) -> None:
        return


@dataclass(frozen=True, slots=True)
class Bench:
    """What a front-end developer has: the demo, a token, and a page of their own."""

    service: str
    sandbox: str
    token: str
    port: int


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    server = ThreadingHTTPServer(("localhost", 0), partial(Quiet))
    Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port
    command = ("demo", "--token", "you", "--origin", f"http://localhost:{port}")
    with running(*command, cwd=tmp_path_factory.mktemp("demo")) as process:
        process.wait_for("Ctrl-C ends it")
        service, sandbox = (
            process.wait_for(f"  {name} ").split()[1] for name in ("service", "sandbox")
        )
        token = process.wait_for("TOKEN=ey").strip().removeprefix("TOKEN=")
        yield Bench(service, sandbox, token, port)
        ended = process.stop()
    server.shutdown()
    server.server_close()
    assert ended.code == 0, ended.err


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[_CLOSED])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def ask(page: Page, bench: Bench, path: str, *, token: str | None = None) -> dict[str, Any]:
    given = bench.token if token is None else token
    answer: dict[str, Any] = page.evaluate(_ASK, [f"{bench.service}{path}", given, "POST"])
    return answer


def test_a_page_of_an_unnamed_origin_reads_nothing(bench: Bench, page: Page) -> None:
    page.goto(f"http://127.0.0.1:{bench.port}/")
    for token in (bench.token, "junk"):
        with pytest.raises(Exception, match="Failed to fetch"):
            ask(page, bench, _REFRESH, token=token)


def test_a_page_of_a_named_origin_gets_a_link_and_opens_it(bench: Bench, page: Page) -> None:
    page.goto(f"http://localhost:{bench.port}/")
    refused = ask(page, bench, _REFRESH, token="junk")
    assert (refused["status"], refused["body"]["error"]["code"]) == (401, "AUTH_UNAUTHORIZED")

    assert ask(page, bench, "/api/v1/creators/upgrade")["status"] == 201
    before = ask(page, bench, _REFRESH)
    assert before["status"] == 400
    assert before["body"]["error"]["i18nKey"] == "creator.stripe.account_not_found"
    assert before["headers"]["x-request-id"] == before["body"]["error"]["correlationId"]

    assert ask(page, bench, "/api/v1/creators/stripe-connect/initiate")["status"] == 201
    answer = ask(page, bench, _REFRESH)
    assert answer["status"] == 200
    left = int(answer["headers"]["ratelimit-remaining"])
    assert 0 < left < int(answer["headers"]["ratelimit-limit"])
    page.goto(answer["body"]["data"]["onboardingUrl"])
    assert page.url.startswith(bench.sandbox)
    assert page.get_by_role("button", name="Save for later").is_visible()


def test_what_the_page_of_refresh_link_says_works_as_it_stands(bench: Bench, page: Page) -> None:
    text = (ROOT / "docs" / "api" / "creators" / "refresh-link.md").read_text("utf-8")
    begin, call = re.findall(r"^```(?:bash|ts)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[:2]
    environment = {**os.environ, "ABOARD": bench.service, "TOKEN": bench.token}
    subprocess.run(["bash", "-euc", begin], env=environment, check=True, capture_output=True)  # noqa: S603, S607 - what our page says
    page.goto(f"http://localhost:{bench.port}/")
    words = {"baseUrl": bench.service, "token": bench.token}
    page.evaluate(f"async ({{baseUrl, token}}) => {{ {call} }}", words)
    page.wait_for_url(re.compile(re.escape(bench.sandbox)))
    assert page.get_by_role("button", name="Save for later").is_visible()


def test_the_reference_asks_nobody_else_and_a_try_shows_the_answer(
    bench: Bench, page: Page
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
    )
    page.goto(f"{bench.service}{_PLACE}")
    for step in ("/api/v1/creators/upgrade", "/api/v1/creators/stripe-connect/initiate"):
        assert ask(page, bench, step)["status"] == 201
    trier = page.get_by_role("button", name=re.compile(r"Test Request.*refresh-link", re.DOTALL))
    trier.first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_placeholder("Token").fill(bench.token)
    with page.expect_response(f"**{_REFRESH}") as sent:
        dialog.get_by_role("button", name=re.compile("Send")).first.click()
    answer = sent.value
    assert answer.request.headers["authorization"] == f"Bearer {bench.token}"
    assert answer.request.method == "POST"
    assert answer.status == 200
    dialog.get_by_text(answer.json()["data"]["onboardingUrl"]).first.wait_for()
    service = urlsplit(bench.service).netloc
    strange = [url for url in asked if urlsplit(url).netloc not in {service, ""}]
    assert strange == []
    assert complaints == []

    page.wait_for_timeout(1500)  # what the bundle keeps, it keeps a moment later
    page.reload()
    page.get_by_placeholder("Token").first.wait_for()
    kept = page.evaluate(_KEPT)
    assert bench.token not in kept
