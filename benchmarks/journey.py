"""B6: how long does one whole journey take in process, from no account to ready?

An organization asks for its link (the account is made), a seller fills in every hosted page, the
return visit lands, the signed webhook is delivered and taken in durably, the worker reads the
account again, and the connection is read. Everything is real but the sockets; rows go to a file.
Guards: facts typed into the form differ on every journey and must stand in the account; the
webhook must be about this account and be taken; the connection must be ready with nobody to act.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import uvloop

from aboard.app import build_app, open_platform
from aboard.core.caller import Role
from aboard.core.clock import utc_now
from aboard.core.secret import Secret
from aboard.flows.platform import Platform
from aboard.flows.sync import sync_due
from aboard.sandbox import Sandbox
from aboard.sandbox.browser import AsgiApp, Reply, SellerBrowser, fetch_from_app, walk_onboarding
from aboard.settings import load_settings
from aboard.store import migrate
from aboard.stripe_api.in_process import AsgiClient
from aboard.web.auth import issue_token
from benchmarks.contest import Contest, Contestant, Sample, WrongAnswer
from benchmarks.processes import cores, pinned
from benchmarks.ratios import Better, Target

SANDBOX = "http://127.0.0.1:12111"
SERVICE = "http://localhost:4242"
MARKET = "http://localhost:4280"
STRIPE_KEY = "sk_test_aboard_benchmark"
TOKEN_SECRET = Secret("benchmark-token-secret-of-no-value-0001")
JOURNEYS, QUICK_JOURNEYS = 20, 4
READY = {"complete", "enabled"}
# What docs/webhooks.md tells a platform to choose.
EVENTS = (
    "account.updated",
    "account.application.deauthorized",
    "account.external_account.created",
    "account.external_account.deleted",
    "account.external_account.updated",
    "capability.updated",
    "person.updated",
)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One webhook as it arrived at the service."""

    status: int
    type: str
    account: str | None


@dataclass(slots=True)
class Stage:
    """Sandbox, service and worker in one process, over one database file."""

    sandbox: Sandbox
    platform: Platform
    service: AsgiApp
    arrivals: list[Arrival] = field(default_factory=list)
    walked: int = 0

    async def walk(self) -> float:
        """Walk one journey and return its seconds; what is judged afterwards is not timed.

        Raises:
            WrongAnswer: the journey did not end where it must.
        """
        self.walked += 1
        organization = f"org_bench{self.walked:06d}"
        facts = {
            "business_type": "individual",
            "business_profile.product_description": f"Lace of pattern {self.walked}, by post.",
            "business_profile.url": f"https://lace-{self.walked}.example.com",
            "settings.payments.statement_descriptor": f"LACE BY POST {self.walked}",
        }
        bearer = _bearer(organization)
        self.arrivals.clear()
        began = time.perf_counter()
        asked = await self._ask_for_link(organization, bearer)
        ended_at = await walk_onboarding(
            SellerBrowser({SANDBOX: self.sandbox.app, SERVICE: self.service}),
            json.loads(asked.body)["onboardingUrl"],
            facts,
        )
        await self.sandbox.deliver_due()
        synced = await sync_due(self.platform)
        read = await self._call("GET", f"/v1/connect/accounts/{organization}?mode=test", bearer)
        seconds = time.perf_counter() - began
        connection = json.loads(read.body)
        self._judge(ended_at, synced, connection)
        await self._judge_facts(connection["stripeAccountId"], facts)
        return seconds

    async def _ask_for_link(self, organization: str, bearer: str) -> Reply:
        wish = {
            "organizationId": organization,
            "mode": "test",
            "returnUrl": f"{MARKET}/connect/back",
            "refreshUrl": f"{MARKET}/connect/again",
        }
        path = "/v1/connect/accounts/onboarding-links"
        reply = await self._call("POST", path, bearer, json.dumps(wish).encode())
        if reply.status != 200:
            raise WrongAnswer(f"no link: status {reply.status}: {reply.body[:300]!r}")
        return reply

    async def _call(self, method: str, path: str, bearer: str, body: bytes = b"") -> Reply:
        headers = [("authorization", bearer), ("host", "localhost:4242")]
        if body:
            headers += [("content-type", "application/json"), ("content-length", str(len(body)))]
        return await fetch_from_app(self.service, method, urlsplit(SERVICE + path), headers, body)

    def _judge(self, ended_at: str, synced: int, connection: Mapping[str, Any]) -> None:
        outcome = parse_qs(urlsplit(ended_at).query).get("outcome")
        if not ended_at.startswith(f"{MARKET}/connect/back") or outcome != ["complete"]:
            raise WrongAnswer(f"the seller ended with outcome {outcome}")
        if connection["readiness"] not in READY or connection["whoMustAct"] != "nobody":
            raise WrongAnswer(f"{connection['readiness']}, {connection['whoMustAct']} must act")
        if not (connection["chargesEnabled"] and connection["payoutsEnabled"]):
            raise WrongAnswer("ready, but cannot be paid")
        account = connection["stripeAccountId"]
        if any(arrival.status != 200 for arrival in self.arrivals):
            raise WrongAnswer("a webhook was not taken")
        if ("account.updated", account) not in {(a.type, a.account) for a in self.arrivals}:
            raise WrongAnswer("no webhook told of this account")
        if synced != 1:
            raise WrongAnswer(f"{synced} accounts were due after the webhooks of one")

    async def _judge_facts(self, account: str, facts: Mapping[str, str]) -> None:
        reply = await fetch_from_app(
            self.sandbox.app,
            "GET",
            urlsplit(f"{SANDBOX}/v1/accounts/{account}"),
            [("authorization", f"Bearer {STRIPE_KEY}"), ("host", "127.0.0.1:12111")],
            b"",
        )
        found = json.loads(reply.body)
        for path, typed in facts.items():
            value: Any = found
            for name in path.split("."):
                value = value.get(name) if isinstance(value, dict) else None
            if value != typed:
                raise WrongAnswer(f"{path} was typed and is not in the account")


def _bearer(organization: str) -> str:
    token = issue_token(
        TOKEN_SECRET,
        user_id=f"usr_of_{organization}",
        organizations={organization: Role.OWNER},
        now=utc_now(),
        lifetime=timedelta(hours=1),
    )
    return f"Bearer {token.reveal()}"


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncGenerator[Stage]:
    """Join sandbox and service without a socket between them, over a migrated database."""
    database = str(folder / "aboard.sqlite3")
    async with AsyncExitStack() as stack:
        arrivals: list[Arrival] = []

        async def deliver(url: str, headers: dict[str, str], body: bytes) -> int:
            sent = [(name.lower(), value) for name, value in headers.items()]
            reply = await fetch_from_app(service, "POST", urlsplit(url), sent, body)
            event = json.loads(body)
            arrivals.append(Arrival(reply.status, event["type"], event.get("account")))
            return reply.status

        sandbox = Sandbox(deliver=deliver)
        stack.push_async_callback(sandbox.close)
        environ = {
            "ABOARD_ADDRESSES": MARKET,
            "ABOARD_CREATOR_REFRESH_URL": f"{MARKET}/creator/again",
            "ABOARD_CREATOR_RETURN_URL": f"{MARKET}/creator/back",
            "ABOARD_DATABASE": database,
            "ABOARD_ORGANIZATION_COUNTRY": "US",
            "ABOARD_PUBLIC_URL": SERVICE,
            "ABOARD_STATE_KEYS": "k1:benchmark-state-key-of-no-value-00001",
            "ABOARD_TEST_API_BASE": SANDBOX,
            "ABOARD_TEST_CONNECT_WEBHOOK_SECRETS": await _endpoint(sandbox, "/connect", "true"),
            "ABOARD_TEST_PLATFORM_WEBHOOK_SECRETS": await _endpoint(sandbox, "", "false"),
            "ABOARD_TEST_SECRET_KEY": STRIPE_KEY,
            "ABOARD_TOKEN_SECRETS": TOKEN_SECRET.reveal(),
        }
        settings = load_settings(environ)
        road = AsgiClient({SANDBOX: sandbox.app})
        platform = await stack.enter_async_context(open_platform(settings, http_client=road))
        service = build_app(platform, settings)
        yield Stage(sandbox, platform, service, arrivals)


async def _endpoint(sandbox: Sandbox, tail: str, is_connect: str) -> str:
    url = f"{SERVICE}/v1/webhooks/stripe{tail}"
    wish = [("url", url), ("connect", is_connect), *(("enabled_events[]", it) for it in EVENTS)]
    body = urlencode(wish).encode()
    headers = [
        ("authorization", f"Bearer {STRIPE_KEY}"),
        ("content-length", str(len(body))),
        ("content-type", FORM),
        ("host", "127.0.0.1:12111"),
    ]
    reply = await fetch_from_app(
        sandbox.app, "POST", urlsplit(f"{SANDBOX}/v1/webhook_endpoints"), headers, body
    )
    if reply.status != 200:
        raise WrongAnswer(f"the sandbox refused a webhook endpoint: {reply.status}")
    return str(json.loads(reply.body)["secret"])


@contextmanager
def contest(*, is_quick: bool) -> Generator[Contest]:
    """Build the stage twice and offer journeys on both."""
    journeys = QUICK_JOURNEYS if is_quick else JOURNEYS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="aboard-bench-")))
        stack.enter_context(pinned(cores()[0]))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        stages = [stack.enter_context(_opened(folder / name, runner)) for name in ("ours", "again")]
        measures = [partial(_measure, stage, journeys, runner) for stage in stages]
        yield Contest(
            id="B6",
            title="One whole journey in process: account, link, form, return, webhook, ready",
            measure="ms",
            better=Better.LOWER,
            ours=Contestant("aboard", measures[0], Target(reach=20, moonshot=5)),
            again=Contestant("aboard again (A/A)", measures[1]),
            notes=lambda: _notes(stages, folder),
        )


@contextmanager
def _opened(folder: Path, runner: asyncio.Runner) -> Generator[Stage]:
    folder.mkdir()
    migrate(str(folder / "aboard.sqlite3"))
    opened = open_stage(folder)
    stage = runner.run(opened.__aenter__())
    try:
        yield stage
    finally:
        runner.run(opened.__aexit__(None, None, None))


def _notes(stages: Sequence[Stage], folder: Path) -> list[str]:
    journeys = sum(stage.walked for stage in stages)
    commits = sum(stage.platform.store.metrics.commits for stage in stages) / journeys
    return [
        f"{journeys} journeys judged, {commits:.0f} durable commits each",
        f"one durable write alone takes {1000 * _fsync_seconds(folder):.2f} ms on this disk",
    ]


def _fsync_seconds(folder: Path) -> float:
    found = []
    with (folder / "probe").open("wb") as probe:
        for _ in range(21):
            probe.write(bytes(4096))
            probe.flush()
            began = time.perf_counter()
            os.fsync(probe.fileno())
            found.append(time.perf_counter() - began)
    return median(found)


def _measure(stage: Stage, journeys: int, runner: asyncio.Runner) -> Sample:
    before = time.process_time()
    seconds = sum(runner.run(stage.walk()) for _ in range(journeys))
    burnt = time.process_time() - before
    return Sample(1000 * seconds / journeys, 1000 * burnt / journeys)
