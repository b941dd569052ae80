"""Services and workers as processes over one database, with a sandbox in Stripe's place.

Each can be killed, stopped in the middle, let go on, ended in order and started again.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from aboard.web.auth import issue_token
from tests.cli.commands import ABOARD, clean_environment, running
from tests.flows.redis_server import free_port
from tests.journeys.ground import Ground
from tests.journeys.village import TOKEN_SECRET, settings_of

PATIENCE_SECONDS = 120.0


@dataclass(slots=True)
class Member:
    """One process: a service on a port of its own, or a worker."""

    name: str
    command: tuple[str, ...]
    settings: dict[str, str]
    folder: Path
    port: int = 0
    process: asyncio.subprocess.Process | None = None
    starts: int = 0

    @property
    def address(self) -> str:
        """Return where a service is found."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Return where it writes what it says."""
        return self.folder / f"{self.name}.log"

    async def start(self) -> None:
        """Start it and wait until it serves or works."""
        self.starts += 1
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                ABOARD,
                *self.command,
                env=clean_environment(self.settings),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        word = "Aboard on " if self.port else "Working."
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while self.log.read_text("utf-8", "replace").count(word) < self.starts:
            assert self.process.returncode is None, self.log.read_text("utf-8")[-2000:]
            assert asyncio.get_running_loop().time() < deadline, f"{self.name} did not start"
            await asyncio.sleep(0.02)

    def send(self, number: int) -> None:
        """Send a signal: SIGSTOP in the middle of something, SIGCONT to go on."""
        assert self.process is not None
        self.process.send_signal(number)

    async def kill(self) -> None:
        """End it in the middle of whatever it does, without a word."""
        self.send(signal.SIGKILL)
        await self.ended()

    async def stop(self) -> int:
        """End it as an operator does; return its exit code."""
        self.send(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for its end; return its exit code."""
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), PATIENCE_SECONDS)


@dataclass(slots=True)
class Fleet:
    """Everything that runs, over one ground."""

    ground: Ground
    folder: Path
    sandbox: str
    settings: dict[str, str]
    session: aiohttp.ClientSession
    members: list[Member] = field(default_factory=list)

    @property
    def connect_secret(self) -> str:
        """Return what events of connected accounts are signed with."""
        return self.settings["ABOARD_TEST_CONNECT_WEBHOOK_SECRETS"]

    async def service(self, **settings: str) -> Member:
        """Start one more service, without a worker in it."""
        port = free_port()
        return await self._start(
            ("serve", "--no-worker"), port, {"ABOARD_PORT": str(port), **settings}
        )

    async def worker(self, **settings: str) -> Member:
        """Start one more worker."""
        return await self._start(("work",), 0, settings)

    async def workers(self, number: int) -> list[Member]:
        """Start so many more workers, at once."""
        return await asyncio.gather(*(self.worker() for _ in range(number)))

    async def _start(
        self, command: tuple[str, ...], port: int, settings: Mapping[str, str]
    ) -> Member:
        name = f"{command[0]}-{len(self.members)}"
        member = Member(name, command, {**self.settings, **settings}, self.folder, port)
        self.members.append(member)
        await member.start()
        return member

    async def make_accounts(self, service: Member, number: int) -> list[str]:
        """Let so many creators start; return their accounts' ids, complete and verified."""
        return await asyncio.gather(
            *(self._make_account(service, f"user_{each}") for each in range(number))
        )

    async def _make_account(self, service: Member, user_id: str) -> str:
        token = issue_token(
            TOKEN_SECRET, user_id=user_id, now=datetime.now(UTC), lifetime=timedelta(hours=2)
        )
        headers = {"Authorization": f"Bearer {token.reveal()}"}
        base = f"{service.address}/api/v1/creators"
        account_id = ""
        for path in ("/upgrade", "/stripe-connect/initiate"):
            async with self.session.post(base + path, headers=headers) as answer:
                body = await answer.json()
                assert answer.status == 201, body
                account_id = body["data"].get("accountId", "")
        await self.force(account_id, "complete")
        return account_id

    async def force(self, account_id: str, what: str, **parameters: str) -> None:
        """Let something happen to an account at Stripe."""
        url = f"{self.sandbox}/_sandbox/accounts/{account_id}/{what}"
        async with self.session.post(url, data=parameters) as answer:
            assert answer.status == 200, await answer.text()

    async def at_stripe(self, account_id: str) -> dict[str, Any]:
        """Return an account as it is at Stripe at this moment."""
        async with self.session.get(f"{self.sandbox}/_sandbox/accounts/{account_id}") as answer:
            account: dict[str, Any] = await answer.json()
            return compared(account)

    async def remembered(self) -> dict[str, dict[str, Any]]:
        """Return every account as Aboard remembers it, as Stripe told it, by its id."""
        rows = await self.ground.ask(
            "SELECT accounts.stripe_account_id, account_documents.raw FROM accounts"
            " JOIN account_documents ON account_documents.account_id = accounts.id"
        )
        return {account_id: compared(json.loads(bytes(raw))) for account_id, raw in rows}

    async def differing(self, account_ids: list[str]) -> list[str]:
        """Return the accounts that are not remembered exactly as they are at Stripe."""
        known = await self.remembered()
        return [each for each in account_ids if known.get(each) != await self.at_stripe(each)]

    async def are_all_told_apart(self, account_ids: list[str]) -> bool:
        """Say whether every account is remembered exactly as it is at Stripe."""
        return not await self.differing(account_ids)

    async def unheard(self) -> dict[str, str]:
        """Return the newest deliveries that got no 200 and are tried again later; whose each is."""
        url = f"{self.sandbox}/_sandbox/deliveries?limit=1000"
        async with self.session.get(url) as answer:
            listed = (await answer.json())["data"]
        return {
            each["id"]: each["account"]
            for each in listed
            if each["state"] == "pending" and each["attempts"]
        }

    async def try_again(self) -> int:
        """Let Stripe try again now what it would try again in an hour; return how much that was."""
        waiting = await self.unheard()
        for delivery_id in waiting:
            url = f"{self.sandbox}/_sandbox/deliveries/{delivery_id}/resend"
            async with self.session.post(url) as answer:
                assert answer.status == 200, await answer.text()
        return len(waiting)


def compared(account: dict[str, Any]) -> dict[str, Any]:
    """Return what is compared of an account: all but a list that Stripe shows or leaves out."""
    return {name: told for name, told in account.items() if name != "login_links"}


@asynccontextmanager
async def open_fleet(
    ground: Ground, folder: Path, *, public_url: str, latency_seconds: float = 0.0
) -> AsyncIterator[Fleet]:
    """Start a sandbox that rings at `public_url`, and end everything when the block ends."""
    options = ["--latency", str(latency_seconds)] if latency_seconds else []
    with running("sandbox", "--port", "0", *options, cwd=folder) as sandbox:
        address = sandbox.address()
        settings = {
            "ABOARD_DATABASE": ground.address,
            "ABOARD_DRAIN_SECONDS": "1",
            **settings_of(address, public_url),
        }
        async with aiohttp.ClientSession() as session:
            fleet = Fleet(ground, folder, address, settings, session)
            try:
                yield fleet
            finally:
                for member in fleet.members:
                    if member.process is not None and member.process.returncode is None:
                        await member.kill()
