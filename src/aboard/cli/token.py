"""`aboard token USER`: a short-lived bearer token to try things with, on one's own machine.

Only where Aboard itself holds the secret that tokens are signed with, in test mode, on loopback:
anywhere else tokens come from whoever signs the platform's users in.

Source: docs/self-hosting.md, a trial by hand.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from aboard.app import claim_rules
from aboard.cli.exits import Exit, Refusal
from aboard.cli.terminal import Terminal
from aboard.core.caller import Role
from aboard.core.clock import utc_now
from aboard.core.links import LOOPBACK
from aboard.core.owner import Mode
from aboard.settings import Settings, load_settings
from aboard.web.auth import issue_token
from aboard.web.claims import MAX_NAME_CHARS


def print_token(
    environ: Mapping[str, str],
    *,
    user_id: str,
    organizations: Sequence[str],
    minutes: int,
    is_json: bool,
) -> Exit:
    """Print a token of this user, an owner of these organizations, and nothing else.

    Raises:
        SettingsRefused: the settings make no sense.
        Refusal: tokens are not for this machine to give, or no token can have this name.
    """
    settings = load_settings(environ)
    _require_own_machine(settings)
    for name in (user_id, *organizations):
        if not 0 < len(name) <= MAX_NAME_CHARS or not name.isprintable():
            raise Refusal(
                "No user and no organization can have this name.",
                f"Give 1 to {MAX_NAME_CHARS} printable characters.",
                Exit.USAGE,
            )
    token = issue_token(
        settings.tokens.secrets[0],
        user_id=user_id,
        organizations=dict.fromkeys(organizations, Role.OWNER),
        now=utc_now(),
        lifetime=timedelta(minutes=minutes),
        rules=claim_rules(settings),
    ).reveal()
    terminal = Terminal(is_json=is_json)
    terminal.say(token)
    terminal.document({"token": token, "userId": user_id, "expiresIn": minutes * 60})
    return Exit.OK


def _require_own_machine(settings: Settings) -> None:
    if not settings.tokens.secrets:
        raise Refusal(
            "Tokens come from your issuer here (ABOARD_TOKEN_JWKS_URL).",
            "Get one from there, or try things with `aboard demo --token USER`.",
            Exit.USAGE,
        )
    if Mode.LIVE in settings.stripe:
        raise Refusal(
            "There is a live-mode key here, and a token would open real accounts.",
            "Use settings with a test-mode key alone, or let your platform make the token.",
            Exit.USAGE,
        )
    if urlsplit(settings.public_url).hostname not in LOOPBACK:
        raise Refusal(
            "This service is not on this machine alone (ABOARD_PUBLIC_URL).",
            "Let your platform make the token, or try things with `aboard demo --token USER`.",
            Exit.USAGE,
        )
