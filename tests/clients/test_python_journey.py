"""Does the Python client carry a whole journey against `aboard demo`, as anybody would try it?

The demo is a process of its own. Its market signs a visitor in with a cookie, which is the bearer
token that Aboard believes; a platform's own backend would hold it. Browsers go over HTTP.
"""

import asyncio
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from aboard import AsyncClient, Client
from aboard.client import Conflict, Secret
from aboard.client.described.words import CreatorStatus, Readiness, Source
from aboard.sandbox.browser import HttpFetch, SellerBrowser, walk_onboarding
from tests.cli.commands import Running, running
from tests.house.tree import ROOT
from tests.leaks import SecretsInPlay

pytestmark = [pytest.mark.load, pytest.mark.timeout(120)]

SESSION_COOKIE = "aboard_session"
PATIENCE_SECONDS = 20


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Running]:
    with running("demo", settings={"TMPDIR": str(tmp_path)}, cwd=tmp_path) as process:
        process.wait_for("Now click it yourself")
        yield process


def address_of(demo: Running, name: str) -> str:
    return demo.wait_for(f"  {name} ").split()[1].rstrip("/")


async def sign_in(browser: SellerBrowser, market: str) -> Secret:
    """Visit the market as somebody new, and return what its backend would send to Aboard."""
    await browser.get(market)
    cookies = {each.name: each.value for each in browser.cookies}
    return Secret(cookies[SESSION_COOKIE])


async def test_a_creator_and_the_async_client(
    demo: Running, secrets_in_play: SecretsInPlay
) -> None:
    service, market = address_of(demo, "service"), address_of(demo, "platform")
    async with SellerBrowser(fetch=HttpFetch()) as browser:
        token = await sign_in(browser, market)
        secrets_in_play.add(token.reveal())
        async with AsyncClient(service, token=token, language="pt") as client:
            await client.creators.upgrade()
            begun = await client.creators.initiate()
            fresh = await client.creators.refresh_link()
            assert fresh.onboarding_url != begun.onboarding_url
            await walk_onboarding(browser, fresh.onboarding_url.reveal())
            status = await client.creators.status()
            assert status.stripe_account_id == begun.account_id
            assert status.stripe_account_status is CreatorStatus.ACTIVE
            assert status.source is Source.LIVE
            door = await client.creators.dashboard_link()
            page = await browser.get(door.url.reveal())
            assert page.status == 200
    assert (demo.err, demo.process.poll()) == ([], None)


def test_an_organization_and_the_blocking_client(demo: Running) -> None:
    service, market = address_of(demo, "service"), address_of(demo, "platform")

    async def visit() -> Secret:
        async with SellerBrowser(fetch=HttpFetch()) as browser:
            return await sign_in(browser, market)

    async def walk(link: str) -> str:
        async with SellerBrowser(fetch=HttpFetch()) as browser:
            browser.cookies.store(
                f"{SESSION_COOKIE}={token.reveal()}; Path=/; HttpOnly; SameSite=Lax",
                urlsplit(market),
            )
            return await walk_onboarding(browser, link)

    token = asyncio.run(visit())
    with Client(service, token=lambda: token) as client:
        ours = client.organizations.create(name="Harbour Kilns").organization_id
        listed = client.organizations.list_organizations().organizations
        assert ours in {each.organization_id for each in listed}
        link = client.organizations.onboarding_link(
            ours,
            mode="test",
            return_url=f"{market}/organization/back",
            refresh_url=f"{market}/organization/again",
        )
        wanted = client.organizations.requirements(ours, mode="test", fresh=True)
        assert wanted.readiness is Readiness.INCOMPLETE
        ended = asyncio.run(walk(link.onboarding_url.reveal()))
        assert dict(parse_qsl(urlsplit(ended).query))["outcome"] == "complete"
        there = client.organizations.connection(ours, mode="test", fresh=True)
        assert (there.charges_enabled, there.payouts_enabled) == (True, True)
        with pytest.raises(Conflict, match="not_ready") as closed:
            client.organizations.go_live(ours, mode="test")
        assert "test_mode_only" in closed.value.details["blockers"]
        setup = client.organizations.setup_state(ours, mode="test")
        assert (setup.onboarded, setup.live) == (True, False)
    assert (demo.err, demo.process.poll()) == ([], None)


def test_a_shop_with_many_threads_makes_one_account(demo: Running) -> None:
    service, market = address_of(demo, "service"), address_of(demo, "platform")

    async def visit() -> Secret:
        async with SellerBrowser(fetch=HttpFetch()) as browser:
            return await sign_in(browser, market)

    made: set[str] = set()

    def click() -> None:
        try:
            made.add(client.creators.initiate().account_id)
        except Conflict as busy:
            made.add(busy.i18n_key)

    with Client(service, token=asyncio.run(visit())) as client:
        client.creators.upgrade()
        threads = [threading.Thread(target=click) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        made.discard("creator.stripe.connect_in_progress")
        assert made == {client.creators.status().stripe_account_id}


def test_the_first_steps_of_the_page(demo: Running) -> None:
    """Take the page's own words, with the ports that were free."""
    service, market = address_of(demo, "service"), address_of(demo, "platform")
    page = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    visit, script = (
        re.search(rf"^```{kind}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        for kind in ("sh", "python")
    )
    assert visit is not None
    assert script is not None
    steps = f'{visit[1]}\n"{sys.executable}" -c "$SCRIPT"'
    done = subprocess.run(  # noqa: S603 - the page's own words
        ["bash", "-euc", steps.replace("http://localhost:4280", market)],  # noqa: S607 - by its name
        env={**os.environ, "SCRIPT": script[1].replace("http://localhost:4242", service)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "PENDING as Stripe says" in done.stdout
