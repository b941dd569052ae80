"""For the tests of platforms: a sandbox behind a real address, sellers, and people who click.

`aboard.sandbox.testing.plugin` is the pytest plugin that installing Aboard switches on; without
pytest, `serving` and `handle` do the same.
"""

from aboard.sandbox.testing.handle import ConnectedAccount, SandboxRefused, StripeSandbox
from aboard.sandbox.testing.seller import Seller
from aboard.sandbox.testing.serving import serving

__all__ = ["ConnectedAccount", "SandboxRefused", "Seller", "StripeSandbox", "serving"]
