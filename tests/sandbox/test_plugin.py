"""Do the fixtures do for a platform's test-suite what docs/sandbox.md says?"""

from collections.abc import Callable

import pytest
import stripe

from aboard.sandbox.testing import ConnectedAccount, SandboxRefused, Seller, StripeSandbox

DONE = "https://platform.example/done"
AGAIN = "https://platform.example/again"
SUITE = """
    import stripe

    IDS = []

    def client(stripe_sandbox):
        return stripe.StripeClient(
            stripe_sandbox.key, base_addresses=stripe_sandbox.base_addresses
        )

    def test_a_seller_comes_aboard(stripe_sandbox, seller_browser):
        sdk = client(stripe_sandbox)
        account = sdk.v1.accounts.create({"type": "express", "country": "US"})
        link = sdk.v1.account_links.create(
            {
                "account": account.id,
                "type": "account_onboarding",
                "return_url": "https://platform.example/done",
                "refresh_url": "https://platform.example/again",
            }
        )
        assert seller_browser.onboard(link.url) == "https://platform.example/done"
        assert sdk.v1.accounts.retrieve(account.id).details_submitted
        assert seller_browser.get(link.url).location == "https://platform.example/again"

    def test_nothing_is_left_of_other_tests(stripe_sandbox):
        assert client(stripe_sandbox).v1.accounts.list().data == []

    def test_the_module_itself(stripe_sandbox, connected_account):
        stripe_sandbox.point(stripe)
        made = connected_account("complete")
        assert stripe.Account.retrieve(made.id).charges_enabled

    def test_the_module_is_put_back():
        assert stripe.api_key is None
        assert stripe.api_base == "https://api.stripe.com"
"""


def client(sandbox: StripeSandbox) -> stripe.StripeClient:
    return stripe.StripeClient(sandbox.key, base_addresses=sandbox.base_addresses)  # type: ignore[arg-type]  # a plain dict will do


def test_a_suite_that_only_installed_us(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_market=SUITE)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=4)


def test_a_suite_that_asks_for_nothing_starts_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys, threading

        def test_quiet():
            assert threading.active_count() == 1
            assert "uvicorn" not in sys.modules
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("state", "is_charging"),
    [("fresh", False), ("half_done", False), ("complete", True), ("rejected", False)],
)
def test_states(
    connected_account: Callable[..., ConnectedAccount], state: str, *, is_charging: bool
) -> None:
    account = connected_account(state)
    assert account.read()["charges_enabled"] is is_charging
    assert str(account) == account.id


def test_what_stripe_does_to_an_account(
    stripe_sandbox: StripeSandbox, connected_account: Callable[..., ConnectedAccount]
) -> None:
    account = connected_account("complete")
    account.require("individual.verification.document", **{"in": 3600})
    assert account.read()["requirements"]["current_deadline"]
    stripe_sandbox.freeze()
    stripe_sandbox.advance(3601)
    assert not account.read()["charges_enabled"]
    account.complete()
    assert account.review()["requirements"]["disabled_reason"] == "under_review"
    assert account.verify()["charges_enabled"]
    account.lose("transfers")
    assert account.reject()["requirements"]["disabled_reason"] == "rejected.other"
    account.deauthorize()
    with pytest.raises(SandboxRefused, match="does not have access") as refused:
        account.read()
    assert refused.value.status == 403
    assert refused.value.error["code"] == "account_invalid"


def test_events(
    stripe_sandbox: StripeSandbox, connected_account: Callable[..., ConnectedAccount]
) -> None:
    secret = stripe_sandbox.webhook("http://127.0.0.1:9/nobody", "account.updated")
    assert secret.startswith("whsec_")
    account = connected_account("complete")
    kinds = {event["type"] for event in stripe_sandbox.events(account.id)}
    assert "account.updated" in kinds
    assert stripe_sandbox.events(account.id, type="payout.paid") == []


def test_faults(stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.fail_next("POST /v1/accounts", "error")
    with pytest.raises(SandboxRefused) as refused:
        stripe_sandbox.post("/v1/accounts", {"type": "express"})
    assert refused.value.status == 500
    assert stripe_sandbox.post("/v1/accounts", {"type": "express"})["id"].startswith("acct_")


def test_a_seller_who_leaves_and_comes_back(
    stripe_sandbox: StripeSandbox, seller_browser: Seller
) -> None:
    sdk = client(stripe_sandbox)
    account = stripe_sandbox.account(sdk.v1.accounts.create({"type": "express"}).id)
    page = seller_browser.get(account.link(DONE, AGAIN))
    assert page.status == 200
    assert seller_browser.page is page
    assert seller_browser.reload().location == AGAIN
    assert seller_browser.onboard(account.link(DONE, AGAIN), country="US") == DONE
    assert account.read()["details_submitted"]


def test_waiting_has_an_end(stripe_sandbox: StripeSandbox) -> None:
    with pytest.raises(AssertionError, match="still waiting after 0"):
        stripe_sandbox.wait_for(lambda: None, seconds=0)
    assert stripe_sandbox.wait_for(lambda: 5) == 5


def test_a_world_is_shown_without_its_key(stripe_sandbox: StripeSandbox) -> None:
    assert stripe_sandbox.key not in repr(stripe_sandbox)
