"""Where are the parts joined? Here, and nowhere else.

`open_platform` builds the collaborators of every flow from the settings and closes them again;
`build_app` puts the faces over them as one ASGI application, which can be served alone or mounted
into a FastAPI, Starlette or Django project.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from stripe import HTTPClient

from aboard.core.clock import Clock, utc_now
from aboard.core.go_live import GoLivePolicy
from aboard.core.links import LoopGuard
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.endpoint import Endpoint
from aboard.flows.platform import CreatorPlan, Platform, Switches
from aboard.settings import Settings
from aboard.store import open_store
from aboard.stripe_api.client import Stripe


@asynccontextmanager
async def open_platform(
    settings: Settings, *, clock: Clock = utc_now, http_client: HTTPClient | None = None
) -> AsyncIterator[Platform]:
    """Open the store and the Stripe clients, and close them when the block ends.

    The database must have been migrated. `http_client` replaces the road to Stripe, for tests and
    for a sandbox in the same process; whoever made it closes it.
    """
    store = open_store(settings.database)
    clients = {
        mode: Stripe(
            access.secret_key,
            mode=mode,
            api_base=access.api_base,
            http_client=http_client,
            timeout_seconds=settings.stripe_timeout.total_seconds(),
            max_retries=settings.stripe_retries,
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
                settings.creator_mode, settings.creator_return_url, settings.creator_refresh_url
            ),
            shapes=settings.shapes,
            webhook_secrets=_webhook_secrets(settings),
            switches=Switches(
                onboarding=settings.onboarding,
                live=settings.live_mode,
                webhooks=settings.webhooks,
            ),
            loop_guard=LoopGuard(settings.loop_limit, settings.loop_window),
            policy=GoLivePolicy(settings.go_live_capabilities),
            state_lifetime=settings.state_lifetime,
        )
    finally:
        for client in clients.values():
            await client.close()
        await store.close()


def _webhook_secrets(settings: Settings) -> dict[tuple[Endpoint, Mode], tuple[Secret, ...]]:
    secrets: dict[tuple[Endpoint, Mode], tuple[Secret, ...]] = {}
    for mode, access in settings.stripe.items():
        secrets[(Endpoint.PLATFORM, mode)] = access.platform_webhook_secrets
        secrets[(Endpoint.CONNECT, mode)] = access.connect_webhook_secrets
    return secrets
