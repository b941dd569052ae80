"""Does a link that includes future requirements ask for them, and any other link not?"""

from typing import Any

import pytest

from aboard.sandbox import Sandbox
from aboard.sandbox.account import Demand
from aboard.sandbox.browser import SellerBrowser, walk_onboarding
from aboard.sandbox.transitions import changing
from tests.sandbox.hosted.conftest import REFRESH, RETURN, Platform, answer, sign_in

DOCUMENT = "individual.verification.document"


@pytest.mark.parametrize(("future", "is_asked"), [("include", True), ("omit", False)])
async def test_announced_requirements(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox, future: str, *, is_asked: bool
) -> None:
    account = await platform.account()
    await walk_onboarding(browser, await platform.link(account))
    world = sandbox.world_of(account)
    found = world.account(account) if world else None
    assert world is not None
    assert found is not None
    with changing(world, found):
        found.demands.append(Demand(DOCUMENT, starts_at=world.now() + 86_400))
    params: Any = {
        "account": account,
        "type": "account_onboarding",
        "return_url": RETURN,
        "refresh_url": REFRESH,
        "collection_options": {"future_requirements": future},
    }
    link = await platform.sdk.v1.account_links.create_async(params)
    page = await sign_in(browser, await browser.get(link.url))
    assert page.title.startswith("Documents") is is_asked
    if is_asked:
        page = await answer(browser, {DOCUMENT: "file_identity_document_success"})
    page = await answer(browser, {})
    assert page.location == RETURN
    owed = (await platform.read(account))["future_requirements"]["currently_due"]
    assert owed == ([] if is_asked else [DOCUMENT])
