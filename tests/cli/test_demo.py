"""`aboard demo` from outside: a journey that ends well, or says where it differs."""

import asyncio
import json
import signal
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from typer.testing import CliRunner

from aboard.cli import servers
from aboard.cli.commands import app
from aboard.cli.demo.going_live import GoingLive
from aboard.cli.demo.journey import Journey
from aboard.cli.demo.own_page import open_own_page
from aboard.cli.demo.seller import Seller
from aboard.cli.demo.stage import Stage, open_stage
from aboard.cli.demo.steps import Step, StepDiffers, Story
from aboard.cli.terminal import Terminal
from aboard.sandbox import Sandbox
from aboard.sandbox.browser import FormMismatch, HttpFetch, SellerBrowser, walk_onboarding
from tests.cli.commands import PATIENCE_SECONDS, run, running
from tests.leaks import SecretsInPlay

STEPS = (
    "The organization signs up",
    "The organization asks for a link",
    "The checklist says what is wanted",
    "The seller walks the hosted pages",
    "Stripe's return lands",
    "The signed webhook arrives",
    "Nobody has to act",
    "The checklist is worked off",
    "A link opens their page, once",
    "Used again, it asks to sign in",
    "Mara becomes a creator, and begins",
    "She opens the link, and leaves",
    "A fresh link takes her through",
    "Her status reads ACTIVE",
    "She opens Stripe's dashboard",
    "A used link goes to refresh",
    "A stranger gets no link from it",
    "A forged state is refused",
    "Going live is refused, by name",
    "An operator allows a rehearsal",
    "The seller opens the gate",
    "A capability lost closes it",
    "The platform is told each change",
)


def test_once_walks_every_step_and_prints_nothing_that_opens_anything(
    tmp_path: Path, secrets_in_play: SecretsInPlay
) -> None:
    ended = run("demo", "--once", cwd=tmp_path)
    assert ended.code == 0, ended.out + ended.err
    for step in STEPS:
        assert f"✓ {step}" in ended.out
    assert f"{len(STEPS)} steps, all as they should be" in ended.out
    assert ended.err == ""
    assert "/setup/" not in ended.out
    assert "ticket=" not in ended.out
    assert "409 not_ready: platform_webhook_silent, test_mode_only" in ended.out
    assert "in one commit with the news: capability_inactive:card_payments" in ended.out
    assert ended.out.index("golive.opened") < ended.out.index("golive.closed")
    assert "\x1b" not in ended.out
    secrets_in_play.look(ended.out, where="the demo's output")
    assert list(tmp_path.iterdir()) == []


def test_the_document_tells_the_same(tmp_path: Path, secrets_in_play: SecretsInPlay) -> None:
    database = tmp_path / "kept" / "demo.sqlite3"
    ended = CliRunner().invoke(app, ["demo", "--once", "--json", "--database", str(database)])
    assert ended.exit_code == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert document["ok"] is True
    assert document["failure"] is None
    assert [step["name"] for step in document["steps"]] == list(STEPS)
    assert all(step["ok"] and step["milliseconds"] > 0 for step in document["steps"])
    assert set(document["addresses"]) == {"sandbox", "service", "platform", "gateway"}
    assert database.exists()
    secrets_in_play.look(ended.stdout, where="the demo's document")


def test_it_stays_up_until_told_and_leaves_nothing(tmp_path: Path) -> None:
    with running("demo", settings={"TMPDIR": str(tmp_path)}, cwd=tmp_path) as demo:
        demo.wait_for("Now click it yourself")
        address = demo.wait_for("  platform ").split()[1]
        with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - our own address
            assert b"Onboard the organization" in page.read()
        assert len(list(tmp_path.iterdir())) == 1
        ended = demo.stop(signal.SIGINT)
    assert ended.code == 0
    assert ended.err == ""
    assert "Stopped. Nothing is left behind." in ended.out
    assert list(tmp_path.iterdir()) == []


def test_a_journey_that_differs_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    # A review that takes an hour: the seller comes back, and is not complete yet.
    story = Story(Terminal())

    async def walk() -> None:
        async with open_stage(sandbox=Sandbox(review_seconds=3600)) as stage:
            await Journey(stage, story).walk()

    with pytest.raises(StepDiffers, match="outcome: expected 'complete', got 'pending'"):
        servers.run(walk())
    assert story.steps[-1].name == "Stripe's return lands"
    document = story.as_json()
    assert document["ok"] is False
    assert document["failure"] == {
        "step": "Stripe's return lands",
        "what": "outcome",
        "expected": "'complete'",
        "actual": "'pending'",
    }
    assert "✗ Stripe's return lands" in capsys.readouterr().out


@asynccontextmanager
async def someone_new() -> AsyncIterator[tuple[Stage, Seller]]:
    """Open a stage, and sign in a seller who has done nothing yet."""
    async with open_stage() as stage, SellerBrowser(fetch=HttpFetch()) as browser:
        yield stage, Seller(stage.visitors.sign_in(), browser)


def test_a_gate_that_is_closed_for_other_reasons_differs() -> None:
    story = Story(Terminal(is_json=True))

    async def walk() -> None:
        async with someone_new() as (stage, seller):
            await GoingLive(stage, story, seller, "acct_nobody").walk()

    with pytest.raises(StepDiffers, match="code: expected 'not_ready', got 'not_connected'"):
        servers.run(walk())


def test_a_page_that_tells_something_else_differs() -> None:
    story = Story(Terminal(is_json=True))

    async def walk() -> None:
        async with someone_new() as (stage, seller):
            await open_own_page(stage, story, seller, seller.browser)

    with pytest.raises(StepDiffers, match="the page names the shop: expected yes, got no"):
        servers.run(walk())


def test_the_market_sells_only_while_the_gate_is_open() -> None:
    async def walk() -> None:
        async with someone_new() as (stage, seller):
            browser = seller.browser
            home = await browser.get(stage.addresses.platform)
            assert "there is no account at Stripe yet" in home.text
            assert "<button disabled>Sell a vase" in home.html
            # Who sends the form in spite of that is told no by the market itself.
            refused = await browser.submit(home.form("sell"))
            assert (refused.status, "Nothing was sold" in refused.text) == (409, True)

            page = await browser.submit(refused.form("own-page"))
            assert urlsplit(page.address).path.startswith("/connect/organizations/org_")
            assert "Harbour Ceramics" in page.text
            assert "Payments are not set up yet" in page.text

            home = await browser.get(stage.addresses.platform)
            hosted = await browser.submit(home.form("onboard-organization"))
            await walk_onboarding(browser, hosted.url)
            home = await browser.get(stage.addresses.platform)
            assert "this is test mode" in home.text
            assert "go-live" not in home.html
            home = await browser.submit(home.form("rehearse"))
            home = await browser.submit(home.form("go-live"))
            assert "<button>Sell a vase" in home.html
            sold = await browser.submit(home.form("sell"))
            assert "Sold: one vase" in sold.text

            sandbox = await browser.follow("Play Stripe with this account in the sandbox")
            await lose(stage, sandbox.url.rsplit("/", 1)[1])
            while True:
                home = await browser.get(stage.addresses.platform)
                if "<button disabled>Sell a vase" in home.html:
                    break
                await asyncio.sleep(0.02)
            assert "The gate was closed" in home.text
            assert "Stripe has not switched on card_payments" in home.text
            assert "Harbour Market has the next step" in home.text
            with pytest.raises(FormMismatch):
                home.form("onboard-organization")

    servers.run(asyncio.wait_for(walk(), PATIENCE_SECONDS))


async def lose(stage: Stage, account_id: str) -> None:
    url = f"{stage.addresses.sandbox}/_sandbox/accounts/{account_id}/lose"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data={"capability": "card_payments"}) as answer,
    ):
        assert answer.status == 200


def test_a_fault_in_a_step_is_told_without_its_words() -> None:
    story = Story(Terminal(is_json=True))
    with pytest.raises(StepDiffers, match="got LookupError"), story.step("Anything"):
        raise LookupError("http://127.0.0.1/words-that-open-something")
    assert "words-that-open" not in json.dumps(story.as_json())


def test_an_expectation_names_both_sides() -> None:
    step = Step("chapter", "name")
    step.expect("status", 200, 200, 201)
    with pytest.raises(StepDiffers, match="status: expected 200 or 201, got 404"):
        step.expect("status", 404, 200, 201)
