"""What has to stand before the journey? Sandbox, service with worker, platform; all local.

The sandbox answers on 127.0.0.1, service and platform on localhost: two sites to a browser, as
Stripe and a real platform are. Settings are read by the same reader as in production, from names
and values made up here; keys are words and chance, and open nothing but this sandbox.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from aboard.app import build_gateway
from aboard.cli import servers
from aboard.cli.demo.client import PlatformBackend
from aboard.cli.demo.market.app import HarbourMarket
from aboard.cli.demo.market.visitors import Visitors
from aboard.cli.exits import Refusal
from aboard.cli.migrate import make_room
from aboard.cli.serve import serving
from aboard.core.caller import Caller, Role
from aboard.core.clock import utc_now
from aboard.core.lending.callers import CallerToken
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.callers import CallerNameTaken, add_caller
from aboard.flows.lending.tokens import add_token
from aboard.flows.operator_entry import issue_operator_link
from aboard.flows.platform import Platform
from aboard.gateway.listening import GatewayProtocol
from aboard.sandbox import Sandbox
from aboard.settings import load_settings
from aboard.store import migrate
from aboard.web.auth import issue_token

SANDBOX_PORT, SERVICE_PORT, MARKET_PORT, GATEWAY_PORT = 12111, 4242, 4280, 8003
_SESSION_LIFETIME = timedelta(hours=12)
DEVELOPMENT_ORIGINS = ("http://localhost:3000", "http://localhost:5173")
STAFF = Caller("harbour staff", is_operator=True)
CALLER_NAME = "demo"
_CREATED = 200


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything listens."""

    sandbox: str
    service: str
    platform: str
    gateway: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The demo's own keys."""

    stripe: Secret = field(default_factory=lambda: _made_up("sk_test_aboard_demo_"))
    state: Secret = field(default_factory=lambda: _made_up("demo-state-key-"))
    token: Secret = field(default_factory=lambda: _made_up("demo-token-secret-"))
    outgoing: Secret = field(default_factory=lambda: _made_up("demo-outgoing-key-"))


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything, running."""

    addresses: Addresses
    platform: Platform
    backend: PlatformBackend
    visitors: Visitors
    market: HarbourMarket
    operator: Secret
    """The token of the platform's own backend."""
    token_of: Callable[[str], Secret]
    """A token of a user of the platform, by the user's id."""
    caller_token: CallerToken
    """What a caller of the gateway presents in the place of Stripe's key."""


@asynccontextmanager
async def open_stage(
    database: str | None = None,
    *,
    sandbox: Sandbox | None = None,
    origins: Collection[str] = (),
) -> AsyncIterator[Stage]:
    """Start everything, and stop it in reverse order when the block ends.

    A `sandbox` of one's own can behave in its own way; a fresh one is used otherwise. Pages of
    `origins` may call the service from a browser, beside those of the usual development servers.

    Raises:
        Refusal: a part could not be started.
        SettingsRefused: the given database or an origin is none that we can use.
        StoreUnavailable: the given database cannot be opened.
        DatabaseTooNew: the given database is a newer Aboard's.
    """
    keys = Keys()
    async with AsyncExitStack() as stack:
        sockets = [
            servers.bind("127.0.0.1", port, or_free=True)
            for port in (SANDBOX_PORT, SERVICE_PORT, MARKET_PORT, GATEWAY_PORT)
        ]
        for each in sockets:
            stack.callback(each.close)
        addresses = _addresses(*sockets)
        if database is None:
            folder = stack.enter_context(TemporaryDirectory(prefix="aboard-demo-"))
            database = str(Path(folder) / "demo.sqlite3")
        make_room(database)
        migrate(database)
        sandbox = sandbox or Sandbox()
        stack.push_async_callback(sandbox.close)
        await stack.enter_async_context(servers.listening(sandbox.app, sockets[0]))
        webhook_secrets = await register_endpoints(addresses, keys.stripe)
        environ = demo_environ(addresses, keys, webhook_secrets, database)
        allowed = ",".join([*DEVELOPMENT_ORIGINS, *origins])
        settings = load_settings({**environ, "ABOARD_BROWSER_ORIGINS": allowed})
        platform = await stack.enter_async_context(serving(settings, sockets[1], has_worker=True))
        gateway = build_gateway(platform)
        await stack.enter_async_context(
            servers.listening(gateway, sockets[3], protocol=GatewayProtocol)
        )
        backend = PlatformBackend(addresses.service)
        stack.push_async_callback(backend.close)
        visitors = Visitors(lambda user, organization: _token(keys.token, user, organization))
        operator = _operator_token(keys.token)
        market = HarbourMarket(
            addresses.platform,
            backend,
            visitors,
            operator=operator,
            sandbox_url=addresses.sandbox,
            enter_office=partial(issue_operator_link, platform, STAFF),
        )
        await stack.enter_async_context(servers.listening(market.build(), sockets[2]))
        yield Stage(
            addresses,
            platform,
            backend,
            visitors,
            market,
            operator,
            partial(_token, keys.token, organization_id=None),
            await lend_to_demo(platform),
        )


async def lend_to_demo(platform: Platform) -> CallerToken:
    """Register a caller of the gateway who may read, and make links; return a token of theirs.

    Raises:
        StoreUnavailable: it cannot be written down.
    """
    with suppress(CallerNameTaken):  # in a database that is kept, from the time before
        await add_caller(platform, STAFF, CALLER_NAME, CallerTerms())
    issued = await add_token(platform, STAFF, CALLER_NAME, Mode.TEST, lifetime=_SESSION_LIFETIME)
    return issued.token


async def register_endpoints(addresses: Addresses, key: Secret) -> Mapping[str, Secret]:
    """Register both webhook endpoints at the sandbox, as one does at Stripe; return their secrets.

    Raises:
        Refusal: the sandbox would not have them.
    """
    found: dict[str, Secret] = {}
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {key.reveal()}"},
    ) as session:
        for name, path, is_connect in (
            ("platform", "/v1/webhooks/stripe", "false"),
            ("connect", "/v1/webhooks/stripe/connect", "true"),
        ):
            form = {
                "url": addresses.service + path,
                "enabled_events[]": "*",
                "connect": is_connect,
            }
            async with session.post(
                f"{addresses.sandbox}/v1/webhook_endpoints", data=form
            ) as answer:
                body: dict[str, Any] = await answer.json()
                if answer.status != _CREATED:
                    raise Refusal(
                        f"The sandbox refused the {name} endpoint with {answer.status}.",
                        "This is a fault of Aboard; please report it.",
                    )
                found[name] = Secret(body["secret"])
    return found


def demo_environ(
    addresses: Addresses, keys: Keys, webhook_secrets: Mapping[str, Secret], database: str
) -> dict[str, str]:
    """Return the settings of the demo, as an operator would write them."""
    return {
        "ABOARD_DATABASE": database,
        "ABOARD_PUBLIC_URL": addresses.service,
        "ABOARD_TEST_SECRET_KEY": keys.stripe.reveal(),
        "ABOARD_TEST_API_BASE": addresses.sandbox,
        "ABOARD_TEST_PLATFORM_WEBHOOK_SECRETS": webhook_secrets["platform"].reveal(),
        "ABOARD_TEST_CONNECT_WEBHOOK_SECRETS": webhook_secrets["connect"].reveal(),
        "ABOARD_STATE_KEYS": f"demo:{keys.state.reveal()}",
        "ABOARD_TOKEN_SECRETS": keys.token.reveal(),
        "ABOARD_OUTGOING_KEYS": f"demo:{keys.outgoing.reveal()}",
        "ABOARD_ADDRESSES": addresses.platform,
        "ABOARD_CREATOR_RETURN_URL": f"{addresses.platform}/creator/back",
        "ABOARD_CREATOR_REFRESH_URL": f"{addresses.platform}/creator/again",
        "ABOARD_CREATOR_COUNTRY": "US",
        "ABOARD_ORGANIZATION_COUNTRY": "US",
        "ABOARD_BRAND_NAME": "Harbour Market",
        "ABOARD_BRAND_COLOR": "#0b6470",
        "ABOARD_BRAND_COLOR_DARK": "#5cc3cf",
        "ABOARD_SIGN_IN_URL": addresses.platform,
        "ABOARD_GATEWAY_URL": addresses.gateway,
        # A person who clicks around should not meet the hourly limit; tests do.
        "ABOARD_CREATOR_LIMIT": "1000",
        "ABOARD_ORGANIZATION_LIMIT": "1000",
    }


def _addresses(sandbox: socket, service: socket, market: socket, gateway: socket) -> Addresses:
    return Addresses(
        servers.address_of("127.0.0.1", sandbox),
        servers.address_of("localhost", service),
        servers.address_of("localhost", market),
        servers.address_of("127.0.0.1", gateway),
    )


def _token(secret: Secret, user_id: str, organization_id: str | None) -> Secret:
    return issue_token(
        secret,
        user_id=user_id,
        organizations={} if organization_id is None else {organization_id: Role.OWNER},
        now=utc_now(),
        lifetime=_SESSION_LIFETIME,
    )


def _operator_token(secret: Secret) -> Secret:
    return issue_token(
        secret,
        user_id="harbour_backend",
        now=utc_now(),
        lifetime=_SESSION_LIFETIME,
        is_operator=True,
    )


def _made_up(words: str) -> Secret:
    return Secret(words + secrets.token_hex(20))
