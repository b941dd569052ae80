"""Where are the parts joined? Here, and nowhere else.

`open_platform` builds the collaborators of every flow from the settings and closes them again;
`build_app` puts the faces over them as one ASGI application, which can be served alone or mounted
into a FastAPI, Starlette or Django project.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

from stripe import HTTPClient

from aboard.api.application import CallLimits, build_api
from aboard.api.reference.page import REFERENCE_PATH, reference
from aboard.core.clock import Clock, utc_now
from aboard.core.identity import Registration
from aboard.core.lending.calls import Via
from aboard.core.links import LoopGuard
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.dashboard.application import Lender, build_dashboard
from aboard.dashboard.lending.explorer import SEND_PATH
from aboard.dashboard.pages import Pages
from aboard.dashboard.returning import DashboardPages
from aboard.flows.contact import Contact, StripeWatch
from aboard.flows.endpoint import Endpoint
from aboard.flows.entry import PAGES_PATH, find_page_session
from aboard.flows.health import HealthWatch
from aboard.flows.identity import Identity
from aboard.flows.journal import Journal
from aboard.flows.lending_terms import Lending
from aboard.flows.limits import MemoryLimits
from aboard.flows.mail import Postbox
from aboard.flows.meter import Meter
from aboard.flows.platform import CreatorPlan, Platform, ReminderPlan, Retention, Switches
from aboard.flows.shared_limits import SharedLimits
from aboard.flows.tracing import Tracer
from aboard.flows.user_sessions import is_session_open
from aboard.gateway import Gateway
from aboard.gateway.desk import build_desk
from aboard.operations.health import PROBES, build_probes
from aboard.settings import Settings
from aboard.store import open_store
from aboard.stripe_api.client import Stripe
from aboard.web.access_tokens import AccessTokens
from aboard.web.auth import Tokens, build_tokens
from aboard.web.claims import ClaimRules, Demand
from aboard.web.door import Visitors, page_cookie
from aboard.web.ending import ending
from aboard.web.exchange import Stamping
from aboard.web.parting import parting
from aboard.web.watching import Watched
from aboard.webhooks import WEBHOOK_PATHS, build_webhooks
from aboard.webhooks.courier import Courier

GATEWAY_PATH = "/gateway"
WEBHOOKS_PATH = "/v1/webhooks/"
_DESK_PATHS = (f"{GATEWAY_PATH}/callers", f"{GATEWAY_PATH}/tokens/")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


@asynccontextmanager
async def open_platform(
    settings: Settings, *, clock: Clock = utc_now, http_client: HTTPClient | None = None
) -> AsyncIterator[Platform]:
    """Open the store and the Stripe clients, and close them when the block ends.

    The database must have been migrated. `http_client` replaces the road to Stripe, for tests and
    for a sandbox in the same process; whoever made it closes it.
    """
    journal, meter, tracer = Journal(), Meter(), _tracer(settings)
    contacts = {mode: Contact() for mode in settings.stripe}
    shared = settings.redis_url
    limits = MemoryLimits() if shared is None else SharedLimits(shared, journal)
    identity = Identity(settings.registration)
    store = open_store(settings.database.reveal(), pool_size=settings.database_pool)
    courier = Courier()
    clients = {
        mode: Stripe(
            access.secret_key,
            mode=mode,
            api_base=access.api_base,
            connect_base=access.oauth.base,
            http_client=http_client,
            timeout_seconds=settings.stripe_timeout.total_seconds(),
            max_retries=settings.stripe_retries,
            watch=StripeWatch(mode, contacts[mode], meter, tracer),
        )
        for mode, access in settings.stripe.items()
    }
    try:
        yield Platform(
            store=store,
            stripe=clients,
            clock=clock,
            state_keys=settings.state_keys,
            addresses=settings.addresses,
            public_url=settings.public_url,
            creator=CreatorPlan(
                settings.creator_mode,
                settings.creator_return_urls,
                settings.creator_refresh_urls,
                settings.bio_page_url,
            ),
            shapes=settings.shapes,
            webhook_secrets=_webhook_secrets(settings),
            switches=Switches(
                onboarding=settings.onboarding,
                live=settings.live_mode,
                webhooks=settings.webhooks,
                creator_upgrade=settings.creator_upgrade,
                kyc=settings.kyc_starts,
            ),
            loop_guard=LoopGuard(settings.loop_limit, settings.loop_window),
            policy=settings.policy,
            kyc=settings.kyc,
            kyc_provider=settings.kyc_provider,
            state_lifetime=settings.state_lifetime,
            limits=limits,
            journal=journal,
            meter=meter,
            contacts=contacts,
            tracer=tracer,
            status_timeout=settings.status_timeout,
            schedule=settings.schedule,
            reads_per_second=settings.reads_per_second,
            reminders=ReminderPlan(settings.remind_after, settings.remind_every),
            retention=Retention(
                settings.kept.events,
                settings.kept.announcements,
                settings.kept.audit,
                settings.kept.gateway_calls,
            ),
            postbox=None if settings.mail is None else Postbox(settings.mail),
            identity=identity,
            outgoing_keys=settings.outgoing_keys,
            post=courier.send,
            lending=_lending(settings),
            client_ids={
                mode: access.oauth.client_id
                for mode, access in settings.stripe.items()
                if access.oauth.client_id is not None
            },
        )
    finally:
        await identity.close()
        await limits.close()
        await courier.close()
        for client in clients.values():
            await client.close()
        await store.close()
        await asyncio.to_thread(tracer.close)  # the last spans are sent by a blocking call


def build_app(platform: Platform, settings: Settings) -> AsgiApp:
    """Return every face of the service as one ASGI application.

    The platform stays open for as long as the application serves. The worker is not started here:
    `aboard.webhooks.run_worker` runs beside it, in this process or in another.
    """
    limits = CallLimits(
        creators=settings.creator_limit,
        organizations=settings.organization_limit,
        window_seconds=int(settings.limit_window.total_seconds()),
    )
    # The framework names the same three things more narrowly than ASGI does.
    tokens = _tokens(platform, settings)
    page_session = partial(find_page_session, platform)
    pages = Pages(settings.brand, platform.public_url)
    api = cast(
        "AsgiApp",
        build_api(
            platform,
            tokens,
            limits,
            pages=DashboardPages(pages),
            find_page_session=page_session,
            browser_origins=settings.browser_origins,
            access_tokens=_access_tokens(platform, settings),
        ),
    )
    visitors = Visitors(tokens, page_session, page_cookie(platform.public_url))
    explorer = Gateway(platform, mount=SEND_PATH, via=Via.EXPLORER)
    address = settings.gateway.address or f"{platform.public_url}{GATEWAY_PATH}"
    lender = Lender(address, explorer)
    dashboard = cast("AsgiApp", build_dashboard(platform, visitors.find, pages, lender))
    webhooks = build_webhooks(platform)
    probes = build_probes(HealthWatch(platform))
    read_reference = cast("AsgiApp", Stamping(reference))
    gateway = Gateway(platform, mount=GATEWAY_PATH)
    desk = build_desk(platform, tokens.identify, GATEWAY_PATH)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if platform.draining.is_on:
            send = parting(send)
        # The intake is bare ASGI: the busiest route passes no framework on its way.
        path = _path_of(scope) if scope["type"] == "http" else ""
        if path.startswith(WEBHOOKS_PATH):
            await webhooks(scope, receive, send)
        elif path in PROBES:
            await probes(scope, receive, send)
        elif path.startswith(_DESK_PATHS):
            await desk(scope, receive, send)
        elif path.startswith(f"{GATEWAY_PATH}/"):
            await gateway(scope, receive, send)
        elif path.startswith(f"{PAGES_PATH}/") or path == PAGES_PATH:
            await dashboard(scope, receive, send)
        elif settings.reference and (
            path == REFERENCE_PATH or path.startswith(f"{REFERENCE_PATH}/")
        ):
            await read_reference(scope, receive, send)
        else:
            await api(scope, receive, send)

    return Watched(
        ending(ending(application, gateway.close), explorer.close),
        platform,
        bare=PROBES | WEBHOOK_PATHS | {REFERENCE_PATH},
        unmeasured=(WEBHOOKS_PATH, f"{GATEWAY_PATH}/"),
    )


def build_gateway(platform: Platform) -> AsgiApp:
    """Return the gateway alone, with Stripe's paths at the root, for a listener of its own."""
    gateway = Gateway(platform)
    probes = build_probes(HealthWatch(platform))

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if platform.draining.is_on:
            send = parting(send)
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http" and _path_of(scope) in PROBES:
            await probes(scope, receive, send)
        else:
            await gateway(scope, receive, send)

    return ending(application, gateway.close)


async def _live(receive: Receive, send: Send) -> None:
    for word in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{word}.complete"})


def _path_of(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _lending(settings: Settings) -> Lending:
    terms = settings.gateway
    return Lending(
        policies=terms.policies.policies,
        master_keys=terms.master_keys,
        own_keys=terms.own_keys,
        upstreams=terms.upstreams,
        files=terms.files,
        writes=terms.writes,
        body_timeout=terms.body_timeout,
        upstream_timeout=terms.upstream_timeout,
    )


def _tracer(settings: Settings) -> Tracer:
    if not settings.watching.traces:
        return Tracer()
    from aboard.flows.otel import open_tracer  # noqa: PLC0415 - needs an extra, and costs a start

    return open_tracer()


def _tokens(platform: Platform, settings: Settings) -> Tokens:
    trust = settings.tokens
    return build_tokens(
        secrets=trust.secrets,
        jwks_url=trust.jwks_url,
        rules=claim_rules(settings),
        clock=platform.clock,
        is_session_open=(
            None
            if settings.registration is Registration.OFF
            else partial(is_session_open, platform)
        ),
    )


def _access_tokens(platform: Platform, settings: Settings) -> AccessTokens | None:
    """Return the pen for tokens of those who sign in here, if anybody does."""
    if settings.registration is Registration.OFF:
        return None
    secret = settings.tokens.secrets[0]
    return AccessTokens(secret, claim_rules(settings), clock=platform.clock)


def claim_rules(settings: Settings) -> ClaimRules:
    """Return what the settings look for in a token, and where."""
    trust = settings.tokens
    return ClaimRules(
        issuer=trust.issuer,
        audience=trust.audience,
        user_claim=trust.user_claim,
        organizations_claim=trust.organizations_claim,
        role_claim=trust.role_claim,
        id_key=trust.id_key,
        role_key=trust.role_key,
        roles=trust.roles,
        operator=Demand(*trust.operator),
        required=tuple(Demand(*pair) for pair in trust.required),
        skew_seconds=int(trust.skew.total_seconds()),
        types=trust.types,
    )


def _webhook_secrets(settings: Settings) -> dict[tuple[Endpoint, Mode], tuple[Secret, ...]]:
    secrets: dict[tuple[Endpoint, Mode], tuple[Secret, ...]] = {}
    for mode, access in settings.stripe.items():
        secrets[(Endpoint.PLATFORM, mode)] = access.platform_webhook_secrets
        secrets[(Endpoint.CONNECT, mode)] = access.connect_webhook_secrets
    return secrets
