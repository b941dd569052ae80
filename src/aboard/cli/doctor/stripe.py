"""Can Stripe be reached with each key, and does it agree with us about the time?

Source: Stripe's v1 API, `GET /v1/account`: the platform's own account, which changes nothing.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime

import aiohttp

from aboard.cli.doctor.findings import Finding, bad, good, note
from aboard.core.errors import AccountGone, StripeRefused, StripeUnavailable
from aboard.core.owner import Mode
from aboard.settings import Settings, StripeAccess
from aboard.stripe_api.client import Stripe
from aboard.stripe_api.v1 import get_own_account_id

_UNAUTHORIZED = 401
_NOTEWORTHY_SKEW_SECONDS = 5
_BROKEN_SKEW_SECONDS = 60
_LOOK_SECONDS = 10.0


async def look_at_stripe(settings: Settings, known: Mapping[Mode, str]) -> list[Finding]:
    """Say for each mode whether its key opens Stripe, and how far the clocks are apart.

    `known` is the platform account that each mode belonged to when it was first used.
    """
    findings: list[Finding] = []
    for mode, access in settings.stripe.items():
        findings.append(await _look_at_key(mode, access, known.get(mode)))
        findings += await _look_at_clock(mode, access)
    return findings


async def _look_at_key(mode: Mode, access: StripeAccess, known: str | None) -> Finding:
    name = f"{mode} key"
    is_restricted = access.secret_key.reveal().startswith("rk_")
    kind = "restricted key" if is_restricted else "secret key"
    stripe = Stripe(
        access.secret_key,
        mode=mode,
        api_base=access.api_base,
        timeout_seconds=_LOOK_SECONDS,
        max_retries=0,
    )
    began = time.perf_counter()
    try:
        found = await get_own_account_id(stripe)
    except StripeRefused as refusal:
        return _refused(name, kind, mode, access, refusal, is_known=known is not None)
    except AccountGone:
        return bad(name, f"{kind}; Stripe gives it no account", "Make a new key in the dashboard.")
    except StripeUnavailable as error:
        return bad(
            name,
            f"{kind}; no usable answer from {access.api_base} ({error.cause})",
            f"Is ABOARD_{mode.name}_API_BASE right, and can this machine reach it?",
        )
    finally:
        await stripe.close()
    milliseconds = (time.perf_counter() - began) * 1000
    if known not in {None, found}:
        return bad(
            name,
            f"{kind} of {found}, but this mode belongs to {known}: no account is read or made",
            f"Put the key of {known} back, or, if the platform changed on purpose, run "
            f"`aboard accept --mode {mode}`.",
        )
    return good(name, f"{kind} of {found}; {access.api_base} answered in {milliseconds:.0f} ms")


def _refused(
    name: str,
    kind: str,
    mode: Mode,
    access: StripeAccess,
    refusal: StripeRefused,
    *,
    is_known: bool,
) -> Finding:
    if refusal.status == _UNAUTHORIZED:
        return bad(
            name,
            f"{kind}; {access.api_base} does not know it",
            f"Copy the {mode} key from Stripe's dashboard into ABOARD_{mode.name}_SECRET_KEY.",
        )
    if kind == "restricted key":
        return note(
            name,
            f"{kind}; it may not read the platform's own account",
            "Nothing, if it may read and write connected accounts and account links."
            if not is_known
            else "Let it read that: accounts that are gone are not believed to be until then.",
        )
    return bad(
        name,
        f"{kind}; Stripe refused with {refusal.status} ({refusal.error_code or 'no code'})",
        "Look up the request in Stripe's dashboard"
        + (f": {refusal.request_id}." if refusal.request_id else "."),
    )


async def _look_at_clock(mode: Mode, access: StripeAccess) -> Sequence[Finding]:
    """Compare with the Date header, asked without the key; silent where nobody answers."""
    timeout = aiohttp.ClientTimeout(total=_LOOK_SECONDS)
    began = time.time()
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{access.api_base}/v1/account", allow_redirects=False) as answer,
        ):
            skew = skew_seconds(answer.headers, (began + time.time()) / 2)
    except (aiohttp.ClientError, OSError):
        return ()
    if skew is None:
        return ()
    name = f"{mode} clock"
    if skew > _BROKEN_SKEW_SECONDS:
        return (
            bad(
                name,
                f"{skew:.0f} seconds away from Stripe's",
                "Let this machine keep time (NTP): webhooks and callbacks are refused otherwise.",
            ),
        )
    if skew > _NOTEWORTHY_SKEW_SECONDS:
        return (note(name, f"{skew:.0f} seconds away from Stripe's", "Does NTP run here?"),)
    return (good(name, "agrees with Stripe's"),)


def skew_seconds(headers: Mapping[str, str], here: float) -> float | None:
    """Return how far the clock behind an answer is from `here`, in seconds; None if it is mute."""
    try:
        there = parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError):
        return None
    if there.tzinfo is None:
        there = there.replace(tzinfo=UTC)
    # The header has whole seconds, cut off; half of one is its fair middle.
    return abs(here - there.timestamp() - 0.5)
