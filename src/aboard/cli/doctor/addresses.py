"""Do the addresses make sense: our own, those where sellers end, and those that Stripe calls?"""

from urllib.parse import urlsplit

from aboard.cli.doctor.findings import Finding, bad, good, note
from aboard.core.links import LOOPBACK, AllowedAddress
from aboard.core.owner import Mode
from aboard.settings import Settings

_REAL_STRIPE = "api.stripe.com"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def look_at_addresses(settings: Settings) -> list[Finding]:
    """Say whether browsers and Stripe will find us, and where sellers may be sent."""
    return [_own_address(settings), _allow_list(settings), _creator_addresses(settings)]


def _own_address(settings: Settings) -> Finding:
    name = "public address"
    is_local = urlsplit(settings.public_url).hostname in LOOPBACK
    speaks_to_stripe = any(
        urlsplit(access.api_base).hostname == _REAL_STRIPE for access in settings.stripe.values()
    )
    if is_local and Mode.LIVE in settings.stripe:
        return bad(
            name,
            f"{settings.public_url} is this machine, and there is a live key",
            "Set ABOARD_PUBLIC_URL to the https address that sellers' browsers use.",
        )
    if is_local and speaks_to_stripe:
        return note(
            name,
            f"{settings.public_url}: only browsers on this machine come back to it",
            "To receive Stripe's webhooks here, forward them: `stripe listen --forward-to"
            f" {settings.public_url}/v1/webhooks/stripe --forward-connect-to"
            f" {settings.public_url}/v1/webhooks/stripe/connect`.",
        )
    return good(name, settings.public_url)


def _allow_list(settings: Settings) -> Finding:
    name = "allow-list"
    rows = settings.addresses.allowed
    shown = ", ".join(map(_written, rows))
    if Mode.LIVE in settings.stripe and all(row.scheme != "https" for row in rows):
        return bad(
            name,
            f"{shown}: no https among them, which live mode asks for",
            "Add the https address of your platform to ABOARD_ADDRESSES.",
        )
    return good(name, shown)


def _written(row: AllowedAddress) -> str:
    port = "" if row.port == _DEFAULT_PORTS.get(row.scheme) else f":{row.port}"
    host = f"[{row.host}]" if ":" in row.host else row.host
    return f"{row.scheme}://{host}{port}{row.path_prefix}"


def _creator_addresses(settings: Settings) -> Finding:
    return good(
        "creators end at",
        f"{settings.creator_return_urls[settings.creator_mode]} ({settings.creator_mode} mode)",
    )
