"""Does Harbour Market bring its sellers aboard? Everything a seller and Stripe may do to it."""

from collections.abc import Callable

import pytest

from aboard.sandbox.testing import ConnectedAccount, Seller, StripeSandbox
from harbour_market import Market, Stall


def heading(seller: Seller, market: Market, stall: Stall) -> str:
    """Return what the stall's page says."""
    return seller.get(f"{market.address}/stalls/{stall.name}").title


def test_a_seller_fills_in_everything_and_may_sell(
    market: Market, seller_browser: Seller, stripe_sandbox: StripeSandbox
) -> None:
    stall = market.open_stall("oysters")
    assert not market.may_sell(stall)
    ended_at = seller_browser.onboard(f"{market.address}/stalls/oysters/onboard")
    assert ended_at == f"{market.address}/stalls/oysters"
    stripe_sandbox.wait_for(lambda: market.may_sell(stall))


@pytest.mark.parametrize("country", ["US", "GB", "DE", "PT"])
def test_sellers_of_several_countries(market: Market, seller_browser: Seller, country: str) -> None:
    stall = market.open_stall("bakery", country)
    seller_browser.onboard(f"{market.address}/stalls/bakery/onboard", country=country)
    assert heading(seller_browser, market, stall) == "bakery is open for business"


def test_coming_back_proves_nothing(market: Market, seller_browser: Seller) -> None:
    stall = market.open_stall("kiosk")
    assert heading(seller_browser, market, stall) == "kiosk is not finished yet"
    assert not market.may_sell(stall)


def test_a_used_link_leads_to_a_fresh_one(market: Market, seller_browser: Seller) -> None:
    stall = market.open_stall("florist")
    used = market.fresh_link(stall)
    seller_browser.get(used)
    page = seller_browser.get(used)  # by way of the refresh URL into the form again
    assert page.url != used
    assert seller_browser.onboard(used) == f"{market.address}/stalls/florist"


def test_an_expired_link_leads_to_a_fresh_one(
    market: Market, seller_browser: Seller, stripe_sandbox: StripeSandbox
) -> None:
    late = market.fresh_link(market.open_stall("potter"))
    stripe_sandbox.advance(301)
    assert seller_browser.onboard(late) == f"{market.address}/stalls/potter"


@pytest.mark.parametrize(
    ("state", "words", "may_sell"),
    [
        ("fresh", "is not finished yet", False),
        ("half_done", "is not finished yet", False),
        ("in_review", "is being checked by Stripe", False),
        ("past_due", "needs your attention", False),
        ("restricted_soon", "is open, and Stripe will soon need more", True),
        ("complete", "is open for business", True),
        ("rejected", "cannot be opened", False),
    ],
)
def test_every_state_that_stripe_may_put_a_seller_into(
    market: Market,
    seller_browser: Seller,
    connected_account: Callable[..., ConnectedAccount],
    state: str,
    words: str,
    *,
    may_sell: bool,
) -> None:
    stall = market.stalls["stall"] = Stall("stall", connected_account(state).id)
    assert heading(seller_browser, market, stall) == f"stall {words}"
    assert market.may_sell(stall) is may_sell


def test_the_gate_closes_when_stripe_says_so(
    market: Market, seller_browser: Seller, stripe_sandbox: StripeSandbox
) -> None:
    stall = market.open_stall("smith")
    seller_browser.onboard(f"{market.address}/stalls/smith/onboard")
    stripe_sandbox.wait_for(lambda: market.may_sell(stall))
    stripe_sandbox.account(stall.account_id).require("individual.verification.document")
    stripe_sandbox.wait_for(lambda: not market.may_sell(stall))
    assert heading(seller_browser, market, stall) == "smith needs your attention"


def test_a_forged_webhook_changes_nothing(market: Market) -> None:
    stall = market.open_stall("grocer")
    body = b'{"account": "%s", "type": "account.updated"}' % stall.account_id.encode()
    with pytest.raises(Exception, match="signature"):
        market.hear(body, "t=1,v1=00")
    assert not market.may_sell(stall)


def test_stripe_is_down_and_nothing_is_lost(
    market: Market, seller_browser: Seller, stripe_sandbox: StripeSandbox
) -> None:
    stall = market.open_stall("baker")
    stripe_sandbox.fail_next("POST /v1/account_links", "error")
    assert seller_browser.get(f"{market.address}/stalls/baker/onboard").status == 503
    assert seller_browser.onboard(f"{market.address}/stalls/baker/onboard").endswith("/baker")
    stripe_sandbox.wait_for(lambda: market.may_sell(stall))
