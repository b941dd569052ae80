"""Does the issuer of bearer tokens answer, can its keys be used, and does it agree on the time?

Source: docs/self-hosting.md, tokens of your own issuer.
"""

import time
from collections import Counter
from collections.abc import Sequence

import aiohttp

from aboard.cli.doctor.findings import Finding, bad, good, note
from aboard.cli.doctor.stripe import skew_seconds
from aboard.settings import Settings
from aboard.web.discovery import WELL_KNOWN, find_key_set
from aboard.web.keys import (
    FETCH_TIMEOUT_SECONDS,
    KeySetRefused,
    algorithms_of,
    fetch_document,
    read_key_set,
)

_REASONS = {
    "another_issuer": "its discovery document names another issuer",
    "discovery_is_not_json": "its discovery document is no JSON object",
    "untrustworthy_jwks_uri": "its discovery document names no https address of a key set",
    "not_a_key_set": "its key set is none",
    "no_usable_key": "its key set has no key that can be used",
    "too_large": "it answers with more than 1 MiB",
}


async def look_at_issuer(settings: Settings) -> list[Finding]:
    """Say whether tokens of the issuer can be checked; nothing where shared secrets sign them."""
    trust = settings.tokens
    if not trust.is_published:
        return []
    issuer = trust.issuer or ""
    asked = "key set" if trust.jwks_url else "discovery"
    began = time.perf_counter()
    address = trust.jwks_url or issuer.rstrip("/") + WELL_KNOWN
    try:
        found = trust.jwks_url or await find_key_set(issuer)
        asked = "key set"
        keys = read_key_set(await fetch_document(found))
    except KeySetRefused as refusal:
        reason = _REASONS.get(refusal.reason, refusal.reason.replace("_", " "))
        return [bad("token issuer", f"{issuer}: {reason} ({asked})", _next_step(asked))]
    except (aiohttp.ClientError, OSError, ValueError) as error:
        word = f"gives no usable answer ({asked}, {type(error).__name__})"
        return [bad("token issuer", f"{issuer} {word}", _next_step(asked))]
    milliseconds = (time.perf_counter() - began) * 1000
    counted = Counter("/".join(sorted(algorithms_of(key))) for key in keys)
    kinds = ", ".join(f"{count} for {names}" for names, count in sorted(counted.items()))
    return [
        good("token issuer", f"{issuer} answered in {milliseconds:.0f} ms; keys: {kinds}"),
        *await _look_at_clock(address, settings.tokens.skew.total_seconds()),
    ]


def _next_step(asked: str) -> str:
    if asked == "discovery":
        return (
            "Is ABOARD_TOKEN_ISSUER right to the letter, and can this machine reach it? Without "
            "discovery, set ABOARD_TOKEN_JWKS_URL."
        )
    return "Is the address of the key set right, and can this machine reach it?"


async def _look_at_clock(address: str, allowed: float) -> Sequence[Finding]:
    """Compare with the Date header; silent where there is none."""
    timeout = aiohttp.ClientTimeout(total=FETCH_TIMEOUT_SECONDS)
    began = time.time()
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, allow_redirects=False) as answer,
        ):
            skew = skew_seconds(answer.headers, (began + time.time()) / 2)
    except (aiohttp.ClientError, OSError):
        return ()
    if skew is None:
        return ()
    found = f"{skew:.0f} seconds away from the issuer's"
    if skew > allowed:
        step = "Let both keep time (NTP): tokens are refused as too old or not yet valid."
        return (bad("issuer clock", found, step),)
    if skew > allowed / 2:
        return (note("issuer clock", found, "Does NTP run on both?"),)
    return (good("issuer clock", "agrees with the issuer's"),)
