"""Aboard as separate processes, with a sandbox process in Stripe's place and a shared database.

For what only processes can show: being killed at any moment, and starting again.
"""

import asyncio
import json
import secrets
import signal
import sqlite3
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from aboard.cli.servers import bind, port_of
from aboard.core.secret import Secret
from aboard.store import migrate
from aboard.web.auth import issue_token
from tests.cli.commands import ABOARD, clean_environment, running

KEY = "sk_test_aboard_words"
TOKEN_SECRET = Secret("token-words-and-more-token-words-and-more")
_PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Village:
    """A service that can be killed and started again, on one port over one database.

    Others may stand beside it, over the same database and the same place of Stripe.
    """

    settings: dict[str, str]
    sandbox: str
    service: str
    folder: Path
    session: aiohttp.ClientSession
    process: asyncio.subprocess.Process | None = None
    log_name: str = "service.log"

    def beside(self, number: int) -> "Village":
        """Return one more service on a port of its own, not started."""
        with bind("127.0.0.1", 0) as taken:
            port = port_of(taken)
        return replace(
            self,
            settings={**self.settings, "ABOARD_PORT": str(port)},
            service=f"http://127.0.0.1:{port}",
            process=None,
            log_name=f"service-{number}.log",
        )

    async def start(self) -> None:
        """Start the service and wait until it answers."""
        with (self.folder / self.log_name).open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                ABOARD,
                "serve",
                env=clean_environment(self.settings),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            try:
                async with self.session.get(f"{self.service}/v1/health") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.01)
            if self.process.returncode is not None:
                break
        raise AssertionError(f"the service did not start: {self.log_text()[-2000:]}")

    async def kill(self) -> None:
        """End the service in the middle of whatever it does, without a word."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    def let_claims_run_out(self) -> None:
        """Make the claims of processes that were killed as old as a minute makes them."""
        database = self.settings["ABOARD_DATABASE"]
        with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
            connection.execute(
                "UPDATE idempotency_keys SET leased_until = 0, expires_at = 0"
                " WHERE operation = 'account.create'"
            )

    async def stop(self) -> int:
        """End the service as an operator does; return its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
        return await self.process.wait()

    def log_text(self) -> str:
        """Return everything the service ever said."""
        return (self.folder / self.log_name).read_text("utf-8", "replace")

    def token(self, user_id: str) -> Secret:
        """Return a bearer token for a user without organizations."""
        return issue_token(
            TOKEN_SECRET, user_id=user_id, now=datetime.now(UTC), lifetime=timedelta(hours=2)
        )

    async def post(self, path: str, token: Secret) -> tuple[int, dict[str, Any]]:
        """Call one of the creators' operations."""
        headers = {"Authorization": f"Bearer {token.reveal()}"}
        url = f"{self.service}/api/v1/creators{path}"
        async with self.session.post(url, headers=headers) as answer:
            body: dict[str, Any] = await answer.json()
            return answer.status, body

    async def accounts_of(self, user_id: str) -> list[str]:
        """Ask Stripe's place for every account that was ever made for a creator."""
        return (await self.accounts_by_owner()).get(f"creator:{user_id}", [])

    async def accounts_by_owner(self) -> dict[str, list[str]]:
        """Ask Stripe's place for every account that was ever made, by the mark of its owner."""
        found: dict[str, list[str]] = {}
        after = ""
        headers = {"Authorization": f"Bearer {KEY}"}
        while True:
            url = f"{self.sandbox}/v1/accounts?limit=100{after}"
            async with self.session.get(url, headers=headers) as answer:
                page = await answer.json()
            for account in page["data"]:
                owner = account["metadata"].get("aboard_owner", "nobody")
                found.setdefault(owner, []).append(account["id"])
            if not page["has_more"]:
                return found
            after = f"&starting_after={page['data'][-1]['id']}"


def register_endpoint(sandbox: str, url: str, *, is_connect: bool) -> str:
    """Register a webhook endpoint and return its signing secret."""
    form = {"url": url, "enabled_events[]": "*", "connect": str(is_connect).lower()}
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{sandbox}/v1/webhook_endpoints",
        data=urllib.parse.urlencode(form).encode(),
        headers={"Authorization": f"Bearer {KEY}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
        secret: str = json.loads(answer.read())["secret"]
        return secret


def settings_of(sandbox: str, service: str) -> dict[str, str]:
    """Return what services at one address are told, with endpoints that are registered for them."""
    return {
        "ABOARD_PUBLIC_URL": service,
        "ABOARD_TEST_SECRET_KEY": KEY,
        "ABOARD_TEST_API_BASE": sandbox,
        "ABOARD_TEST_PLATFORM_WEBHOOK_SECRETS": register_endpoint(
            sandbox, f"{service}/v1/webhooks/stripe", is_connect=False
        ),
        "ABOARD_TEST_CONNECT_WEBHOOK_SECRETS": register_endpoint(
            sandbox, f"{service}/v1/webhooks/stripe/connect", is_connect=True
        ),
        "ABOARD_STATE_KEYS": f"k1:{secrets.token_hex(20)}",
        "ABOARD_TOKEN_SECRETS": TOKEN_SECRET.reveal(),
        "ABOARD_ADDRESSES": "http://localhost:4280",
        "ABOARD_CREATOR_RETURN_URL": "http://localhost:4280/creator/back",
        "ABOARD_CREATOR_REFRESH_URL": "http://localhost:4280/creator/again",
        "ABOARD_CREATOR_LIMIT": "1000",
    }


@asynccontextmanager
async def open_village(folder: Path) -> AsyncIterator[Village]:
    """Start everything, and end it when the block ends."""
    with bind("127.0.0.1", 0) as taken:
        port = port_of(taken)
    service = f"http://127.0.0.1:{port}"
    database = str(folder / "aboard.sqlite3")
    migrate(database)
    with running("sandbox", "--port", "0", cwd=folder) as sandbox:
        address = sandbox.address()
        settings = {
            "ABOARD_DATABASE": database,
            "ABOARD_PORT": str(port),
            **settings_of(address, service),
        }
        async with aiohttp.ClientSession() as session:
            village = Village(settings, address, service, folder, session)
            try:
                yield village
            finally:
                if village.process is not None and village.process.returncode is None:
                    await village.kill()
