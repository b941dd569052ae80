"""Do the official SDKs, unmodified, do all of their work through the gateway, with a caller token?

A caller's token where the key would stand and the gateway's address in place of Stripe's is all
that differs. What was driven is read from the gateway's own rows.
"""

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import stripe

from aboard.app import GATEWAY_PATH, build_app, build_gateway
from aboard.cli import servers
from aboard.core.lending.calls import CallFilter
from aboard.core.lending.catalogue import all_operations
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.lending.calls import walk_calls
from aboard.gateway.listening import GatewayProtocol, StrictProtocol
from aboard.sandbox.testing import StripeSandbox
from tests.gateway.gate import caller_token
from tests.sandbox.operations.drive import Drive
from tests.scene import Scene, open_scene

NODE = Path(__file__).parents[1] / "sandbox" / "operations" / "node"
TIMEOUT_SECONDS = 240
BRACES = re.compile(r"\{\w+\}")
UNLENT = ("charges", "refunds", "balance_transactions")


class Split:
    """The SDK's families: those that the gateway lends by way of it, the others straight."""

    def __init__(self, lent: Any, direct: Any) -> None:  # noqa: ANN401 - the SDK's own
        self._lent, self._direct = lent, direct

    def __getattr__(self, family: str) -> Any:  # noqa: ANN401 - the SDK's own
        return getattr(self._direct if family in UNLENT else self._lent, family)


class LentDrive(Drive):
    """The drive of all operations, of which those that the gateway lends go through it."""

    def __init__(self, sandbox: StripeSandbox, address: str, token: str) -> None:
        super().__init__(sandbox)
        addresses: Any = dict.fromkeys(("api", "connect", "files", "meter_events"), address)
        self.sdk = stripe.StripeClient(token, base_addresses=addresses, max_network_retries=0)
        self.v1 = Split(self.sdk.v1, self.v1)

    def oauth(self) -> None:
        """Skip what no gateway lends."""

    def legacy_paths(self) -> None:
        """Skip what no gateway lends."""


@asynccontextmanager
async def opened(database: str, sandbox: StripeSandbox) -> AsyncIterator[Scene]:
    """Open a platform whose gateway lends the sandbox's key."""
    async with open_scene(database) as scene:
        bases = {Mode.TEST: sandbox.url}
        lending = replace(
            scene.platform.lending,
            own_keys={Mode.TEST: Secret(sandbox.key)},
            upstreams=bases,
            files=bases,
        )
        yield replace(scene, platform=scene.with_changes(lending=lending))


@asynccontextmanager
async def served(scene: Scene, *, is_mounted: bool) -> AsyncIterator[str]:
    """Serve the gateway alone or in the service, and yield where Stripe's paths begin."""
    listener = servers.bind("127.0.0.1", 0)
    app = build_app(scene.platform, scene.settings) if is_mounted else build_gateway(scene.platform)
    protocol = StrictProtocol if is_mounted else GatewayProtocol
    async with servers.listening(app, listener, protocol=protocol):
        address = servers.address_of("127.0.0.1", listener)
        yield address + GATEWAY_PATH if is_mounted else address


def shared_operations(sandbox: StripeSandbox) -> set[str]:
    """Return which of the gateway's operations the sandbox has, too."""
    coverage = sandbox.get("/_sandbox/coverage")["operations"]
    there = {(each["method"], BRACES.sub("{}", each["path"])) for each in coverage}
    return {
        each.id for each in all_operations() if (each.method, BRACES.sub("{}", each.path)) in there
    }


async def lent_operations(scene: Scene) -> set[str]:
    """Return which operations were answered well through the gateway."""
    found = set()
    async for page in walk_calls(scene.platform, CallFilter()):
        assert all(call.outcome == "answered" for call in page)
        found |= {call.operation for call in page if call.status == 200 and call.operation}
    return found


@pytest.mark.parametrize("is_mounted", [False, True], ids=["listener", "mount"])
async def test_the_python_sdk_does_everything(
    database: str, stripe_sandbox: StripeSandbox, *, is_mounted: bool
) -> None:
    async with (
        opened(database, stripe_sandbox) as scene,
        served(scene, is_mounted=is_mounted) as address,
    ):
        token = await caller_token(scene.platform)
        drive = LentDrive(stripe_sandbox, address, token)
        await asyncio.to_thread(drive.everything)
        driven = await lent_operations(scene)
    assert shared_operations(stripe_sandbox) - driven == set()
    assert len(driven) > 70


@pytest.mark.load
@pytest.mark.timeout(TIMEOUT_SECONDS)
@pytest.mark.skipif(shutil.which("npm") is None, reason="Node and npm are not on this machine")
async def test_the_node_sdk_does_everything(
    database: str, stripe_sandbox: StripeSandbox, tmp_path: Path
) -> None:
    folder = shutil.copytree(NODE, tmp_path / "node", ignore=shutil.ignore_patterns("node_modules"))
    async with (
        opened(database, stripe_sandbox) as scene,
        served(scene, is_mounted=False) as address,
    ):
        token = await caller_token(scene.platform)
        code, client_id = await asyncio.to_thread(Drive(stripe_sandbox).permission)
        arguments = [stripe_sandbox.url, stripe_sandbox.key, code, client_id, address, token]
        for command in (
            ["npm", "ci", "--no-audit", "--no-fund"],
            ["node", "drive.mjs", *arguments],
        ):
            done = await asyncio.to_thread(
                subprocess.run, command, cwd=folder, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
        driven = await lent_operations(scene)
    assert shared_operations(stripe_sandbox) - driven == set()
    assert len(driven) > 70
