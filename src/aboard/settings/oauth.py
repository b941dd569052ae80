"""How does the platform end a connection by OAuth? Its client id, and where Stripe's OAuth is.

Source: Stripe's OAuth reference: `POST https://connect.stripe.com/oauth/deauthorize`.
"""

from aboard.core.owner import Mode
from aboard.settings.bases import check_base
from aboard.settings.names import STRIPE_API, STRIPE_CONNECT
from aboard.settings.sources import Sources
from aboard.settings.values import OAuthAccess


def read_oauth(given: Sources, mode: Mode, api_base: str) -> OAuthAccess:
    """Return one mode's OAuth settings; a sandbox or gateway serves OAuth where its API is."""
    word = mode.name
    client_id = given.text(f"{word}_CLIENT_ID") or None
    if client_id is not None and not client_id.startswith("ca_"):
        given.problem(f"{word}_CLIENT_ID", "is not a client id; it must start with ca_")
    otherwise = STRIPE_CONNECT if api_base == STRIPE_API else api_base
    base = given.text(f"{word}_CONNECT_BASE").rstrip("/") or otherwise
    if base != api_base:
        check_base(given, f"{word}_CONNECT_BASE", base, STRIPE_CONNECT)
    return OAuthAccess(client_id, base)
