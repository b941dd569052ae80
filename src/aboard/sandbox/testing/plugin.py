"""pytest fixtures for platforms that use Stripe Connect: switched on by installing Aboard.

- `stripe_sandbox`: a `StripeSandbox` with a world of its own for each test; one server for all.
- `connected_account`: makes connected accounts: `connected_account("complete", country="DE")`.
- `seller_browser`: a `Seller` who walks onboarding pages.

Every test gets the same ids each time. After each test the clock runs with the machine's again, and
whatever else was set at the control is taken back.
Nothing starts unless a test asks for a fixture.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b

import pytest

from aboard.sandbox.app import Sandbox
from aboard.sandbox.testing.handle import ConnectedAccount, StripeSandbox
from aboard.sandbox.testing.seller import Seller
from aboard.sandbox.testing.serving import serving

_SEED = 1


@pytest.fixture(scope="session")
def stripe_sandbox_url() -> Iterator[str]:
    """Serve one sandbox on a free loopback port for the whole run."""
    with serving(Sandbox(seed=_SEED)) as url:
        yield url


@pytest.fixture
def stripe_sandbox(
    stripe_sandbox_url: str, request: pytest.FixtureRequest
) -> Iterator[StripeSandbox]:
    """Give a test its own world: own key, own accounts, own events; forgotten afterwards."""
    digest = blake2b(request.node.nodeid.encode(), digest_size=12).hexdigest()
    with StripeSandbox(stripe_sandbox_url, f"sk_test_{digest}") as sandbox:
        yield sandbox
        sandbox.post("/_sandbox/reset")


@pytest.fixture
def connected_account(stripe_sandbox: StripeSandbox) -> Callable[..., ConnectedAccount]:
    """Make connected accounts in a state: `connected_account("half_done", country="FR")`."""
    return stripe_sandbox.connected_account


@pytest.fixture
def seller_browser(stripe_sandbox: StripeSandbox) -> Iterator[Seller]:
    """Give a seller a browser that reaches the sandbox's pages."""
    seller = Seller(stripe_sandbox.url)
    yield seller
    seller.close()
