"""Is the key still this platform's? Another platform's key makes every account look gone.

The platform's own account at Stripe is remembered for each mode when it is first needed. Before
an account is created, and before "no access" disconnects anybody, the key is asked whose it is.
Whoever changes the platform on purpose says so once: `aboard accept`.

Source: Stripe's v1 API, `GET /v1/account`; docs/self-hosting.md, keys of another platform.
"""

from dataclasses import dataclass

from aboard.core.errors import AccountGone, StripeKeySwapped, StripeRefused
from aboard.core.owner import Mode
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.stripe_api import v1
from aboard.stripe_api.errors import GONE

NO_ACCESS = frozenset(case.name for case in GONE)
"""The cases of "gone" that another platform's key would bring about as well."""

_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Adoption:
    """Which platform account a mode belonged to, if it was known, and belongs to now."""

    before: str | None
    now: str


async def require_own_key(platform: Platform, mode: Mode, *, is_sure: bool = False) -> None:
    """Let pass while the key belongs to the platform account that this mode always had.

    The account is remembered at the first call. A restricted key may be forbidden to say whose it
    is: it passes, unless `is_sure` asks for certainty and there is an account to compare with.

    Raises:
        StripeKeySwapped: it belongs to another platform.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: no valid key; with `is_sure`, also one that may not say whose it is.
        StripeUnavailable: no usable answer; safe to try again.
    """
    try:
        found = await _ask(platform, mode)
    except StripeRefused as refusal:
        if refusal.status != _FORBIDDEN:
            raise
        if is_sure and await platform.store.find_platform_account(mode) is not None:
            raise
        return
    known = await platform.store.find_platform_account(mode)
    if known is None:
        known = await platform.store.learn_platform_account(mode, found, platform.clock())
    if known != found:
        platform.journal.note(LogEvent.KEY_SWAPPED, mode=mode.value, stripe_account_id=found)
        raise StripeKeySwapped(mode.value, known=known, found=found)


async def adopt_own_account(platform: Platform, mode: Mode) -> Adoption:
    """Let the mode belong to the platform account that its key opens from now on.

    Accounts of the former platform will then be found gone, one by one, and be disconnected.

    Raises:
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: no valid key, or a restricted one that may not say whose it is.
        StripeUnavailable: no usable answer; nothing was changed.
    """
    found = await _ask(platform, mode)
    before = await platform.store.find_platform_account(mode)
    if before != found:
        await platform.store.replace_platform_account(mode, found, platform.clock())
    return Adoption(before, found)


async def _ask(platform: Platform, mode: Mode) -> str:
    try:
        return await v1.get_own_account_id(platform.stripe_for(mode))
    except AccountGone as gone:
        # The platform's own account: nothing that any owner has to do with.
        raise StripeRefused(
            "Stripe gives this key no account.", status=403, request_id=gone.request_id
        ) from gone
