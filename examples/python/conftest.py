"""The market, served on a free port, with Stripe's part played by the sandbox."""

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import stripe

from aboard.sandbox.testing import Seller, StripeSandbox
from harbour_market import Market


class Quiet(WSGIRequestHandler):
    """Answers without writing a line for each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def market(stripe_sandbox: StripeSandbox, seller_browser: Seller) -> Iterator[Market]:
    """Serve a market that hears every Connect event of its world."""
    sdk = stripe.StripeClient(
        stripe_sandbox.key, base_addresses=stripe_sandbox.base_addresses, max_network_retries=0
    )
    market = Market(sdk, "")
    with make_server("127.0.0.1", 0, market, handler_class=Quiet) as server:
        market.address = f"http://127.0.0.1:{server.server_port}"
        market.webhook_secret = stripe_sandbox.webhook(f"{market.address}/webhooks")
        seller_browser.reach(market.address)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield market
        server.shutdown()
        thread.join()
