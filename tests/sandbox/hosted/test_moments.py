"""Do the pages and the API tell of this very moment, whatever was remembered of the one before?"""

from collections.abc import Callable

import msgspec
import pytest
import stripe

from aboard.sandbox import Sandbox, requirements
from aboard.sandbox.account import Account, Demand, Finding, Person, Review
from aboard.sandbox.browser import SellerBrowser, walk_onboarding
from aboard.sandbox.hosted.steps import outline
from tests.sandbox.conftest import EXPRESS, KEY, Wire, control
from tests.sandbox.hosted.conftest import Platform, answer, sign_in

DOCUMENT = "individual.verification.document"
NOW = 1_800_000_000


async def test_the_control_asks_while_the_form_is_open(
    platform: Platform, browser: SellerBrowser, wire: Wire
) -> None:
    account = await platform.account()
    page = await browser.get(await platform.link(account))
    await sign_in(browser, page)
    page = await answer(browser, {"business_type": "individual"})
    assert "Documents" not in page.text
    await control(wire, account, "require", requirement=DOCUMENT)
    page = await browser.reload()
    assert "Documents" in page.text
    page = await browser.get(page.url.rpartition("/")[0] + "/documents")
    assert page.form("step").names[0] == DOCUMENT


async def test_the_clock_moves_while_the_dashboard_is_open(
    platform: Platform, browser: SellerBrowser, wire: Wire, sandbox: Sandbox
) -> None:
    account = await platform.account()
    await walk_onboarding(browser, await platform.link(account))
    await control(wire, account, "require", requirement=DOCUMENT, **{"in": "60"})
    page = await browser.get(await platform.login_link(account))
    page = await browser.submit(page.form("step"), {"code": "000-000"})
    seen = []
    for seconds in (0, 59, 1):
        sandbox.clock.advance(seconds)
        page = await browser.reload()
        shown = await platform.read(account)
        debts = shown["requirements"]
        seen.append(("Payouts On" in page.text, shown["payouts_enabled"], debts["past_due"]))
    assert seen == [(True, True, []), (True, True, []), (False, False, [DOCUMENT])]


async def test_the_clock_goes_back(platform: Platform, wire: Wire, sandbox: Sandbox) -> None:
    account = await platform.account()
    await control(wire, account, "complete", collect="eventually_due")
    await control(wire, account, "require", requirement=DOCUMENT, **{"in": "60"})
    before = sandbox.clock.now()
    sandbox.clock.advance(60)
    assert (await platform.read(account))["charges_enabled"] is False
    sandbox.clock.set(before)
    assert (await platform.read(account))["charges_enabled"] is True


def _is_person(account: Account) -> Person:
    person = account.representative
    assert person is not None
    return person


CHANGES: dict[str, Callable[[Account], object]] = {
    "a fact": lambda it: it.given.pop("business_profile.mcc"),
    "a fact unsaid": lambda it: it.given.update({"business_profile.mcc": False}),
    "a person's fact": lambda it: _is_person(it).given.pop("first_name"),
    "a person's role": lambda it: _is_person(it).given.pop("relationship.representative"),
    "nobody": lambda it: it.people.clear(),
    "no bank": lambda it: it.banks.clear(),
    "a bank that fails": lambda it: setattr(it.banks[0], "status", "errored"),
    "another type": lambda it: setattr(it, "business_type", "company"),
    "another country": lambda it: setattr(it, "country", "DE"),
    "nothing requested": lambda it: it.requested.clear(),
    "a demand": lambda it: it.demands.append(Demand(DOCUMENT, NOW)),
    "a finding": lambda it: setattr(it, "findings", (Finding(DOCUMENT, "invalid", "No."),)),
    "a review": lambda it: setattr(it, "review", Review((DOCUMENT,), ())),
    "a rejection": lambda it: setattr(it, "rejected", "rejected.other"),
    "a pause": lambda it: setattr(it, "is_paused", True),
    "scrutiny": lambda it: setattr(it, "is_under_review", True),
    "no approval": lambda it: setattr(it, "is_approved", False),
    "not submitted": lambda it: setattr(it, "details_submitted", False),
    "a platform": lambda it: setattr(it, "is_platform", True),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_every_fact_counts_at_once(
    sdk: stripe.StripeClient, sandbox: Sandbox, wire: Wire, name: str
) -> None:
    """What is told after a change is what another account with the same facts would be told."""
    made = await sdk.v1.accounts.create_async(EXPRESS)
    await control(wire, made.id, "complete")
    account = sandbox.world(KEY).account(made.id)
    assert account is not None
    before = requirements.owed(account, NOW), _pages(account)
    CHANGES[name](account)
    after = requirements.owed(account, NOW), _pages(account)
    other = msgspec.structs.replace(account, id="acct_other", metadata={"never": name})
    assert after == (requirements.owed(other, NOW), _pages(other))
    assert after != before


def _pages(account: Account) -> object:
    plan = outline(account, collect="eventually_due", now=NOW, is_full=False)
    return plan.due, dict(plan.asked), dict(plan.owed)
