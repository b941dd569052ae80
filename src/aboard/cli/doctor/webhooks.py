"""Does Stripe ring? Which endpoint has never spoken, and when was each last heard?

Source: Stripe's documentation, "Connect webhooks": two endpoints, two signing secrets.
"""

from datetime import datetime, timedelta

from aboard.cli.doctor.findings import Finding, bad, good, note
from aboard.core.owner import Mode
from aboard.core.silence import are_events_missing
from aboard.flows.endpoint import Endpoint
from aboard.settings import Settings
from aboard.store import Store

PATHS = {
    Endpoint.PLATFORM: "/v1/webhooks/stripe",
    Endpoint.CONNECT: "/v1/webhooks/stripe/connect",
}
_LONG_SILENCE = timedelta(days=7)


async def look_at_webhooks(settings: Settings, store: Store, now: datetime) -> list[Finding]:
    """Say for each mode and endpoint when it last spoke."""
    if not settings.webhooks:
        return [
            note(
                "webhooks",
                "switched off; accounts are only read on a schedule and when somebody asks",
                "Set ABOARD_WEBHOOKS=true and the signing secrets.",
            )
        ]
    has_accounts = await store.next_due_at() is not None
    changes = await store.last_changes()
    findings: list[Finding] = []
    for mode in settings.stripe:
        seen = await store.endpoint_last_seen(mode)
        for endpoint in Endpoint:
            name = f"{mode} {endpoint} endpoint"
            address = settings.public_url + PATHS[endpoint]
            last = seen.get(endpoint.value)
            changed = changes.get(mode)
            is_told = endpoint is not Endpoint.CONNECT or not are_events_missing(last, changed, now)
            if changed is not None and not is_told:
                silences = None if last is None else now - last, now - changed
                findings.append(_missing(name, mode, address, *silences))
            elif last is None:
                findings.append(_never(name, endpoint, address, has_accounts=has_accounts))
            else:
                findings.append(_heard(name, now - last))
    return findings


def _never(name: str, endpoint: Endpoint, address: str, *, has_accounts: bool) -> Finding:
    if endpoint is Endpoint.CONNECT and has_accounts:
        return bad(
            name,
            "has never spoken, though there are connected accounts",
            f"At Stripe, add an endpoint {address} that listens to events on connected accounts,"
            " and check its signing secret here.",
        )
    if endpoint is Endpoint.CONNECT:
        return note(
            name,
            "has never spoken; there is no connected account yet",
            f"At Stripe, add {address} and let it listen to events on connected accounts.",
        )
    return note(
        name,
        "has never spoken; only events on your own account go there",
        f"At Stripe, add {address} and send it a test event.",
    )


def _missing(
    name: str, mode: Mode, address: str, silence: timedelta | None, since_change: timedelta
) -> Finding:
    told = "has never spoken" if silence is None else f"last spoke {ago(silence)} ago"
    return bad(
        name,
        f"{told}, though an account changed {ago(since_change)} ago: events do not arrive",
        f"At Stripe, look at the endpoint {address}: is it enabled, does it listen to events on "
        "connected accounts, do deliveries fail? Is its signing secret the one here? Then "
        f"`aboard events catch-up --mode {mode}` asks for what was missed.",
    )


def _heard(name: str, silence: timedelta) -> Finding:
    told = f"last spoke {ago(silence)} ago"
    if silence > _LONG_SILENCE:
        return note(name, told, "Does Stripe's dashboard show failed deliveries?")
    return good(name, told)


def ago(silence: timedelta) -> str:
    """Return a span of time in one unit that a person would choose."""
    seconds = max(0, int(silence.total_seconds()))
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} seconds"
