"""Does the page at /_sandbox/ show what there is, keep shut what must be, and do its buttons?"""

import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
import pytest_asyncio
import stripe
from playwright.async_api import async_playwright, expect

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    EXPRESS,
    HOOK,
    KEY,
    LINK,
    LIVE_KEY,
    Answer,
    Mailbox,
    Wire,
    free,
    listen,
)
from tests.sandbox.hosted.street import CHROMIUM, FLAGS, serve

HOST = "localhost:12111"
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


async def look(sandbox: Sandbox, path: str = "/_sandbox/", **headers: str) -> Answer:
    given = {"accept": HTML, "host": HOST, "sec_fetch_site": "none", **headers}
    return await Wire(sandbox, key=None).send("GET", path, **given)


async def press(sandbox: Sandbox, path: str, back: str = "/_sandbox/", **form: str) -> Answer:
    headers = {
        "accept": HTML,
        "host": HOST,
        "sec_fetch_site": "same-origin",
        "referer": f"http://{HOST}{back}",
    }
    return await Wire(sandbox, key=None).send("POST", path, urlencode(form), **headers)


class TestWhatIsShown:
    async def test_an_empty_sandbox_says_how_to_begin(self, sandbox: Sandbox) -> None:
        answer = await look(sandbox)
        assert answer.status == 200
        assert "There is no world yet" in answer.body.decode()

    async def test_everything(self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire) -> None:
        endpoint = await listen(sdk)
        account = await sdk.v1.accounts.create_async(
            free({**EXPRESS, "email": "jenny@example.com"})
        )
        await wire.send("POST", "/v1/account_links", {**LINK, "account": account.id})
        await wire.send(
            "POST", "/_sandbox/faults", {"kind": "reset", "operation": "GET /v1/files*"}
        )
        await sandbox.deliver_due()
        text = (await look(sandbox)).body.decode()
        for shown in (
            account.id,
            "jenny@example.com",
            "account_onboarding",
            "unused",
            "capability.updated",
            endpoint.id,
            HOOK,
            "succeeded",
            "POST /v1/account_links",
            "GET /v1/files*",
            "2026-11-21 09:00:00",
            "13 past due",
        ):
            assert shown in text, shown

    async def test_no_key_code_or_secret(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, live: stripe.StripeClient, wire: Wire
    ) -> None:
        endpoint = await listen(sdk)
        await live.v1.accounts.list_async()
        account = await sdk.v1.accounts.create_async(EXPRESS)
        link = await wire.send("POST", "/v1/account_links", {**LINK, "account": account.id})
        await wire.send("POST", f"/_sandbox/accounts/{account.id}/complete")
        login = await sdk.v1.accounts.login_links.create_async(account.id)
        secrets = [KEY, LIVE_KEY, str(endpoint.secret), link.json["url"], login.url]
        secrets += [url.rpartition("/")[2] for url in secrets[-2:]]
        for path in ("/_sandbox/", f"/_sandbox/accounts/{account.id}"):
            text = (await look(sandbox, path)).body.decode()
            assert account.id in text
            for secret in secrets:
                assert secret not in text

    async def test_one_account(self, sandbox: Sandbox, wire: Wire) -> None:
        made = await wire.send("POST", "/_sandbox/scenarios/past_due", {"key": KEY})
        text = (await look(sandbox, f"/_sandbox/accounts/{made.json['id']}")).body.decode()
        assert "individual.verification.document" in text
        assert "requirements.past_due" in text

    async def test_what_people_wrote_is_only_text(
        self, sandbox: Sandbox, sdk: stripe.StripeClient
    ) -> None:
        words = "<script>alert(1)</script>"
        account = await sdk.v1.accounts.create_async(
            free({**EXPRESS, "business_profile": {"name": words}})
        )
        for path in ("/_sandbox/", f"/_sandbox/accounts/{account.id}"):
            text = (await look(sandbox, path)).body.decode()
            assert "&lt;script&gt;" in text
            assert "<script" not in text

    async def test_an_unknown_account_says_so(self, sandbox: Sandbox) -> None:
        answer = await look(sandbox, "/_sandbox/accounts/acct_nobody")
        assert answer.status == 404
        assert "acct_nobody" in answer.body.decode()
        assert answer.headers["content-type"].startswith("text/html")

    async def test_programs_get_json(self, sandbox: Sandbox) -> None:
        answer = await Wire(sandbox, key=None).send("GET", "/_sandbox/")
        assert answer.json["object"] == "coverage"

    async def test_nothing_may_run_or_frame_it(self, sandbox: Sandbox) -> None:
        policy = (await look(sandbox)).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy

    async def test_its_style_sheet(self, sandbox: Sandbox) -> None:
        (path,) = re.findall(r'href="([^"]+\.css)"', (await look(sandbox)).body.decode())
        answer = await look(sandbox, path, accept="text/css,*/*;q=0.1")
        assert answer.headers["content-type"].startswith("text/css")
        assert b".badge" in answer.body


class TestButtons:
    async def test_come_back_to_where_they_are(self, sandbox: Sandbox, wire: Wire) -> None:
        made = (await wire.send("POST", "/v1/accounts", EXPRESS_FORM)).json["id"]
        here = f"/_sandbox/accounts/{made}"
        for back, expected in ((here, here), ("/_sandbox/", "/_sandbox/"), ("/else", "/_sandbox/")):
            answer = await press(sandbox, f"{here}/complete", back)
            assert (answer.status, answer.headers["location"]) == (303, expected)
        assert (await wire.send("GET", f"/v1/accounts/{made}")).json["charges_enabled"] is True

    async def test_a_new_account_is_shown(self, sandbox: Sandbox, wire: Wire) -> None:
        await wire.send("GET", "/v1/accounts")
        answer = await press(sandbox, "/_sandbox/scenarios", scenario="complete", country="DE")
        (made,) = (await wire.send("GET", "/v1/accounts")).json["data"]
        assert answer.headers["location"] == f"/_sandbox/accounts/{made['id']}"
        assert made["country"] == "DE"

    async def test_blank_fields_were_not_filled_in(self, sandbox: Sandbox) -> None:
        answer = await press(
            sandbox, "/_sandbox/faults", operation="*", kind="error", calls="1", seconds=""
        )
        assert answer.status == 303

    async def test_what_is_refused_is_explained(self, sandbox: Sandbox) -> None:
        answer = await press(sandbox, "/_sandbox/faults", kind="slow")
        assert answer.status == 400
        assert "how many seconds" in answer.body.decode()

    async def test_another_site_has_none(self, sandbox: Sandbox) -> None:
        answer = await Wire(sandbox, key=None).send(
            "POST",
            "/_sandbox/reset",
            accept=HTML,
            host=HOST,
            sec_fetch_site="cross-site",
            origin="https://evil.example",
        )
        assert answer.status == 403

    async def test_nobody_is_sent_to_another_site(self, sandbox: Sandbox) -> None:
        answer = await Wire(sandbox, key=None).send(
            "POST",
            "/_sandbox/clock",
            {"advance": "1"},
            accept=HTML,
            host=HOST,
            sec_fetch_site="same-origin",
            referer="https://evil.example/_sandbox/",
        )
        assert answer.headers["location"] == "/_sandbox/"


EXPRESS_FORM = {"type": "express", "country": "US", "capabilities[transfers][requested]": "true"}


@pytest_asyncio.fixture
async def address(sandbox: Sandbox) -> AsyncIterator[str]:
    async with serve(sandbox.app) as port:
        yield f"http://localhost:{port}"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: apt-get install chromium")
@pytest.mark.parametrize("javascript", [True, False])
async def test_a_real_browser_presses_everything(
    address: str, sandbox: Sandbox, wire: Wire, mailbox: Mailbox, *, javascript: bool
) -> None:
    await wire.send("GET", "/v1/accounts")
    await wire.send("POST", "/v1/webhook_endpoints", f"url={HOOK}&enabled_events[]=*&connect=true")
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(java_script_enabled=javascript)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        await page.goto(f"{address}/_sandbox/")
        await page.select_option("[name=scenario]", "fresh")
        await page.get_by_role("button", name="Make account").click()
        await expect(page.get_by_text("Not submitted")).to_be_visible()
        await page.get_by_role("button", name="Complete with test data").click()
        await expect(page.get_by_text("Not submitted")).to_have_count(0)
        for name, reason in (("Put under review", "under_review"), ("Pause", "platform_paused")):
            await page.get_by_role("button", name=name).click()
            await expect(page.locator(".tile").last).to_contain_text(reason)
            await page.get_by_role("button", name="Verify").click()
            await expect(page.locator(".tile").last).to_contain_text("nothing")
        await page.get_by_role("button", name="Take it away").click()
        await expect(page.locator(".badge", has_text="inactive").first).to_be_visible()
        await page.get_by_role("button", name="Resend").first.click()
        await page.get_by_role("button", name="Reject", exact=True).click()
        await expect(page.locator(".tile").last).to_contain_text("rejected.other")
        await page.get_by_role("link", name="Overview").click()
        now = sandbox.clock.unix()
        await page.get_by_role("button", name="+ 1 day").click()
        await expect(page.get_by_text("2026-11-22")).to_be_visible()
        assert sandbox.clock.unix() == now + 86_400
        await page.get_by_role("button", name="Order fault").click()
        await page.get_by_role("button", name="Take back").click()
        await expect(page.get_by_text("None waits.")).to_be_visible()
        await page.get_by_role("button", name="Set", exact=True).click()
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await page.evaluate("document.documentElement.scrollWidth") == 320
        await page.get_by_role("button", name="Reset the sandbox").click()
        await expect(page.get_by_text("There is no world yet")).to_be_visible()
        await browser.close()
    assert complaints == []
    assert len(mailbox.mail) == 1
