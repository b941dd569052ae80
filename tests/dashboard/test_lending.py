"""The operator's pages: callers and their tokens, the record of calls, the keys that are held."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from aboard.core.lending.callers import CallerToken, CallLimits
from aboard.core.lending.calls import Via
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.lending.borrowing import find_borrower
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.callers import add_caller, get_caller
from aboard.flows.lending.calls import RefusedCall, refuse_call
from aboard.flows.lending.credentials import set_credential
from aboard.flows.lending.tokens import add_token, list_tokens
from aboard.sandbox.browser import Page, SellerBrowser
from tests.dashboard.office import ANA, OFFICE, Office, open_office
from tests.journeys.town import ABOARD, KEY
from tests.leaks import SecretsInPlay

MASTER = "k1:" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
TOKEN = re.compile(r"aboard_(?:test|live)_[\w-]{43}")
ROW = re.compile(r'<code class="quiet">(req_\w+)</code>')
OURS = {"sec-fetch-site": "same-origin"}
POLICY = '[policies.reader]\ntest = ["*:read"]\n'


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY, "utf-8")
    settings = {"ABOARD_GATEWAY_KEYS": MASTER, "ABOARD_GATEWAY_POLICY": str(policy)}
    async with open_office(tmp_path, **settings) as built:
        yield built


async def go(browser: SellerBrowser, path: str) -> Page:
    return await browser.get(f"{ABOARD}{OFFICE}{path}")


async def add(office: Office, browser: SellerBrowser, **values: str) -> Page:
    await go(browser, "/callers/new")
    return await office.press(browser, "/callers", **values)


def told_once(page: Page) -> CallerToken:
    (token,) = set(TOKEN.findall(page.html))
    return CallerToken(token)


async def test_a_callers_life(office: Office, secrets_in_play: SecretsInPlay) -> None:
    platform, browser = office.town.platform, await office.browser()
    assert "There is no caller yet" in (await go(browser, "/callers")).text
    page = await add(
        office,
        browser,
        name="storefront",
        test="accounts:read  account_links:create",
        owners="creator:ada\norganization:acme",
        per_second="3",
        per_day="100",
    )
    assert page.status == 200
    place = page.url.removeprefix(f"{ABOARD}{OFFICE}")
    for told in ("storefront", "Active", "account_links:create accounts:read", "creator:ada"):
        assert told in page.text, told
    caller = await get_caller(platform, "storefront")
    assert (caller.created_by, caller.limits) == ("ana", CallLimits(3, 100))

    page = await office.press(browser, "/tokens", mode="test", days="7")
    token = told_once(page)
    secrets_in_play.add(token.reveal())
    assert page.header("cache-control") == "no-store"
    assert (await find_borrower(platform, token)).caller.id == caller.id
    page = await go(browser, place)
    assert not TOKEN.search(page.html)
    assert token.hint in page.text

    page = await office.press(browser, "/rotate")
    newer = told_once(page)
    secrets_in_play.add(newer.reveal())
    assert {(await find_borrower(platform, each)).caller.id for each in (token, newer)}
    await go(browser, place)
    kept = await list_tokens(platform, caller.id)
    (token_id,) = [each.id for each in kept if each.digest == newer.digest]
    await office.press(browser, f"/{token_id}/revoke")
    with pytest.raises(CallRefused) as refused:
        await find_borrower(platform, newer)
    assert refused.value.code is RefusalCode.CALLER_REVOKED

    await office.press(browser, "/disable")
    with pytest.raises(CallRefused):
        await find_borrower(platform, token)
    assert "Disabled" in (await go(browser, place)).text
    await office.press(browser, "/enable")
    await find_borrower(platform, token)

    await browser.follow("Change")
    page = await office.press(browser, "/change", test="*:read", owners="", per_day="")
    assert "Saved." in page.text
    caller = await get_caller(platform, "storefront")
    assert (caller.owners, caller.limits and caller.limits.per_day) == (None, None)

    page = await office.press(browser, "/remove")
    assert page.status == 422
    await go(browser, place)
    page = await office.press(browser, "/remove", confirmed=True)
    assert page.url == f"{ABOARD}{OFFICE}/callers"
    assert (await go(browser, place)).status == 404
    with pytest.raises(CallRefused):
        await find_borrower(platform, token)
    done = [row.outcome for row in await office.audit("gateway.caller")]
    assert sorted(done) == ["added", "changed", "disabled", "enabled", "removed"]
    assert {row.actor for row in await office.audit("gateway.token")} == {"ana"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "<script>alert(1)</script>"}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"name": "ok", "test": "everything"}, "words"),
        ({"name": "ok", "live": "accounts:destroy"}, "words"),
        ({"name": "ok", "owners": "ada"}, "owners"),
        ({"name": "ok", "per_second": "many"}, "per_second"),
        ({"name": "ok", "per_day": "0"}, "per_day"),
        ({"name": "ok", "per_day": "99999999999999999999"}, "per_day"),
        ({"name": "ok", "credential": "NO WAY"}, "credential"),
        ({"name": "ok", "policy": "unheard-of"}, "policy"),
        ({"name": "ok", "policy": "reader", "test": "*:read"}, "policy"),
    ],
    ids=str,
)
async def test_what_cannot_be_saved_is_said_at_its_field(
    office: Office, values: dict[str, str], field: str
) -> None:
    session = office.town.operator()
    reply = await office.send("POST", f"{OFFICE}/callers", OURS, session=session, form=values)
    page = reply.body.decode()
    assert reply.status == 422
    assert f'id="{field}-problem"' in page
    assert "<script>alert" not in page
    assert not await office.audit("gateway.caller")


async def test_a_policy_and_a_taken_name(office: Office) -> None:
    browser = await office.browser()
    page = await add(office, browser, name="mobile", policy="reader")
    assert "reader" in page.text
    page = await add(office, browser, name="mobile")
    assert (page.status, "another caller of this name" in page.text) == (422, True)


@pytest.mark.parametrize("days", ["-1", "0", "1.5", "ten", "99999", "٣"])
async def test_days_that_are_none(office: Office, days: str) -> None:
    caller = await add_caller(office.town.platform, ANA, "mobile", CallerTerms())
    path = f"{OFFICE}/callers/{caller.id}/tokens"
    session = office.town.operator()
    reply = await office.send("POST", path, OURS, session=session, form={"days": days})
    assert reply.status == 422
    assert not TOKEN.search(reply.body.decode())


async def test_a_token_is_its_own_callers(office: Office) -> None:
    platform = office.town.platform
    one, other = [await add_caller(platform, ANA, name, CallerTerms()) for name in ("a", "b")]
    issued = await add_token(platform, ANA, one.id, Mode.TEST)
    for act in ("rotate", "revoke"):
        path = f"{OFFICE}/callers/{other.id}/tokens/{issued.record.id}/{act}"
        session = office.town.operator()
        assert (await office.send("POST", path, OURS, session=session, form={})).status == 404
    await find_borrower(platform, issued.token)


async def call(office: Office, name: str, code: RefusalCode, number: int = 0) -> None:
    platform = office.town.platform
    borrower = None
    if name:
        caller = await add_caller(platform, ANA, name, CallerTerms())
        issued = await add_token(platform, ANA, caller.id, Mode.TEST)
        borrower = await find_borrower(platform, issued.token)
    await refuse_call(
        platform,
        RefusedCall(
            f"req_{name or 'nobody'}_{number}",
            code,
            Via.PROXY,
            "POST",
            borrower=borrower,
            operation="accounts.create" if name else None,
        ),
    )


async def test_the_record_of_calls(office: Office) -> None:
    browser = await office.browser()
    assert "Nothing was called yet" in (await go(browser, "")).text
    assert "No call fits" in (await go(browser, "/calls")).text
    await call(office, "storefront", RefusalCode.OPERATION_NOT_ALLOWED)
    office.town.sandbox.clock.advance(86_400)
    await call(office, "", RefusalCode.CALLER_UNKNOWN)
    browser = await office.browser()
    page = await go(browser, "/calls")
    rows = ROW.findall(page.html)
    assert rows == ["req_nobody_0", "req_storefront_0"]
    caller = await get_caller(office.town.platform, "storefront")
    day = (office.town.platform.clock() - timedelta(days=1)).date().isoformat()
    for query in (
        f"caller={caller.id}",
        "mode=test",
        "outcome=operation_not_allowed",
        f"day={day}",
    ):
        page = await go(browser, f"/calls?{query}")
        assert ROW.findall(page.html) == ["req_storefront_0"], query
        for kind in ("csv", "jsonl"):
            reply = await go(browser, f"/calls/export.{kind}?{query}")
            assert (reply.status, "req_nobody" in reply.html) == (200, False)
            assert "attachment" in str(reply.header("content-disposition"))
    for query in ("mode=both", "outcome=%22%3E%3Cscript%3E", "day=yesterday", "before=x", "x=1"):
        page = await go(browser, f"/calls?{query}")
        assert page.status == 200
        assert "<script>" not in page.html.replace("<script src", "")
    lines = (await go(browser, "/calls/export.jsonl")).html.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["req_storefront_0", "req_nobody_0"]
    rows = list(csv.DictReader(io.StringIO((await go(browser, "/calls/export.csv")).html)))
    assert [row["outcome"] for row in rows] == ["operation_not_allowed", "caller_unknown"]


async def test_pages_of_calls_hold_each_call_once(office: Office) -> None:
    for number in range(120):
        await call(office, "", RefusalCode.CALLER_UNKNOWN, number)
    browser = await office.browser()
    page = await go(browser, "/calls?outcome=caller_unknown")
    seen: list[str] = []
    for _ in range(3):
        seen += ROW.findall(page.html)
        if "Older" in page.text:
            page = await browser.follow("Older")
    assert len(seen) == len(set(seen)) == 120


async def test_no_page_shows_a_key(office: Office) -> None:
    platform, browser = office.town.platform, await office.browser()
    page = await go(browser, "/credentials")
    assert "Settings" in page.text
    assert KEY not in page.html
    given = "rk_test_" + "words" * 8
    await set_credential(platform, ANA, Mode.TEST, Secret(given))
    page = await go(browser, "/credentials")
    for told in ("Restricted key", "ords", "Database, encrypted", "ana"):
        assert told in page.text, told
    for path in ("", "/credentials", "/callers", "/calls", "/explore"):
        html = (await go(browser, path)).html
        assert given not in html
        assert KEY not in html


async def test_every_page_is_for_this_reader_alone(office: Office) -> None:
    browser = await office.browser()
    for path in ("", "/callers", "/callers/new", "/calls", "/credentials", "/explore"):
        page = await go(browser, path)
        assert page.header("cache-control") == "no-store"
        assert "default-src 'none'" in str(page.header("content-security-policy"))
        assert "unsafe" not in str(page.header("content-security-policy"))
        assert page.header("x-frame-options") == "DENY"
