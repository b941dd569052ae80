"""Start onboarding an owner, once: one connected account even when called twice or killed between.

The owner's row is reserved and claimed before Stripe is called, and the idempotency key is derived
from that row: a crash in between leaves a row to retry with the same key, never a second account.
Where a key can no longer help (older than Stripe keeps it, used with other parameters, or answered
with a stored failure), Stripe's own list is searched for the reservation's mark before a new key is
used.

Source: ADR-0007, no open transaction across the network; Stripe's idempotent requests.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from aboard.core.account import ConnectedAccount, Onboarding
from aboard.core.caller import Caller
from aboard.core.errors import (
    NothingDue,
    OnboardingBusy,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.links import Collect
from aboard.core.owner import Owner
from aboard.core.readiness import assess, is_anything_due
from aboard.flows.claim import creation_claim
from aboard.flows.journal import LogEvent
from aboard.flows.links import mint_link
from aboard.flows.own_account import require_own_key
from aboard.flows.plans import shape_for
from aboard.flows.platform import Platform
from aboard.flows.remember import remember_first
from aboard.flows.restart import Wish, is_usable, prepare, read_wish
from aboard.flows.sync import read_account
from aboard.stripe_api import v1
from aboard.stripe_api.v1 import AccountRead, IssuedLink

KEY_IN_USE = "conflict"
RESERVATION_MARK = "aboard_reservation"
OWNER_MARK = "aboard_owner"
# Stripe keeps idempotency keys for at least 24 hours; after this long we look before we leap.
_KEY_TRUST = timedelta(hours=23)
_CLOCK_SLACK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Started:
    """An owner on the way: the account and a link that is revealed once."""

    stripe_account_id: str
    link: IssuedLink


async def start_onboarding(  # noqa: PLR0913 - one call says all of it, by name
    platform: Platform,
    owner: Owner,
    *,
    return_url: str,
    refresh_url: str,
    collect: Collect = Collect.CURRENTLY_DUE,
    force: bool = False,
    restart: bool = False,
    country: str | None = None,
    business_type: str | None = None,
    email: str | None = None,
    caller: Caller | None = None,
    request_id: str | None = None,
) -> Started:
    """Make the owner's account at Stripe if there is none, and return a fresh link to the flow.

    Writes the reservation, the account's id, its first snapshot and the onboarding. An account
    that is there is read first, because it may have become complete without an event; `force`
    asks for a link even when nothing is due, and spares that read. `restart` lets an account go
    that is disconnected, rejected, or unfinished in another country than `country`: the owner's
    former account is linked again where it can be read, else a new one is made; audited under
    `caller`. `country`, `business_type` and `email` are what a new account begins with.

    Raises:
        FeatureDisabled: onboarding, or live mode, is switched off.
        AddressRefused: a return or refresh address is outside the allow-list.
        InputRefused: what can be no country, no business type or no e-mail address.
        NothingDue: Stripe's form would ask for nothing, and `force` was not given.
        OnboardingBusy: another process is creating this owner's account right now.
        AccountGone: the account is disconnected, and `restart` was not given.
        AccountRejected: Stripe rejected the account, and `restart` was not given.
        CountryMismatch: the account is in another country, and stays so.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal, or another platform's key (StripeKeySwapped).
        StripeUnavailable: no usable answer; safe to try again.
    """
    wish = read_wish(
        restart=restart,
        country=country,
        business_type=business_type,
        email=email,
        caller=caller,
        request_id=request_id,
    )
    platform.switches.require_onboarding(owner.mode)
    platform.addresses.check(return_url, owner.mode, "returnUrl")
    platform.addresses.check(refresh_url, owner.mode, "refreshUrl")
    platform.stripe_for(owner.mode)
    account = await _linked_account(platform, owner, wish, force=force)
    if not force and not is_anything_due(account, collect):
        raise NothingDue(assess(account).readiness.value)
    onboarding = await _onboarding(platform, account, return_url, refresh_url, collect)
    link = await mint_link(platform, account, onboarding)
    await platform.store.record_link(
        account.id,
        onboarding.id,
        purpose=onboarding.purpose.value,
        created_at=platform.clock(),
        expires_at=link.expires_at,
    )
    return Started(account.stripe_account_id or "", link)


async def _linked_account(
    platform: Platform, owner: Owner, wish: Wish, *, force: bool
) -> ConnectedAccount:
    account = await platform.store.find_account(owner)
    if account is not None and account.stripe_account_id is not None:
        if not force and not account.is_disconnected:
            reading = await read_account(platform, owner, fresh=True)
            account = reading.account or account
        if is_usable(account, wish):
            return account
    async with platform.flight(owner):
        # One round finds an account in the way, the next makes another; a third is for one that
        # an answer lost on the way had made before.
        for _ in range(3):
            account = await platform.store.reserve_account(owner, platform.clock())
            if account.stripe_account_id is None:
                account = await _claim_and_create(platform, account, wish)
            if is_usable(account, wish):
                return account
            usable = await prepare(platform, account, wish)
            if usable is not None:
                return usable
    raise OnboardingBusy


async def _claim_and_create(
    platform: Platform, account: ConnectedAccount, wish: Wish
) -> ConnectedAccount:
    async with creation_claim(platform, account):
        # Read again, because whoever held the claim before may have ended between the two.
        latest = await platform.store.find_account(account.owner) or account
        if latest.stripe_account_id is not None:
            return latest
        return await _create(platform, latest, wish)


async def _create(platform: Platform, account: ConnectedAccount, wish: Wish) -> ConnectedAccount:
    await require_own_key(platform, account.owner.mode)
    began_at = platform.clock()
    read = None
    if began_at - account.reserved_at > _KEY_TRUST:
        read = await _recover(platform, account)
    if read is None:
        read = await _create_at_stripe(platform, account, wish)
    stripe_account_id = read.snapshot.stripe_account_id
    await remember_first(platform, account, read, read_began_at=began_at)
    platform.journal.note(
        LogEvent.ACCOUNT_CREATED, owner=account.owner, stripe_account_id=stripe_account_id
    )
    # Read back, because another process may have attached its answer first.
    return await platform.store.find_account(account.owner) or account


async def _create_at_stripe(
    platform: Platform, account: ConnectedAccount, wish: Wish
) -> AccountRead:
    try:
        return await _send(platform, account, wish)
    except StripeRefused as refusal:
        if refusal.error_type != "idempotency_error":
            # A definite no. The next try may come with better settings, so under a new key.
            await platform.store.renew_attempt(account.id, account.attempt)
            raise
    except StripeUnavailable as away:
        if away.cause == KEY_IN_USE:
            raise OnboardingBusy from away
        if not away.is_replay:
            raise
    found = await _recover(platform, account)
    if found is not None:
        return found
    await platform.store.renew_attempt(account.id, account.attempt)
    renewed = await platform.store.reserve_account(account.owner, platform.clock())
    return await _send(platform, renewed, wish)


async def _send(platform: Platform, account: ConnectedAccount, wish: Wish) -> AccountRead:
    return await v1.create_account(
        platform.stripe_for(account.owner.mode),
        wish.over(await shape_for(platform, account.owner)),
        metadata={
            RESERVATION_MARK: account.id,
            OWNER_MARK: f"{account.owner.kind}:{account.owner.id}"[:500],
        },
        idempotency_key=creation_key(account),
    )


async def _recover(platform: Platform, account: ConnectedAccount) -> AccountRead | None:
    found = await v1.find_account_by_metadata(
        platform.stripe_for(account.owner.mode),
        RESERVATION_MARK,
        account.id,
        created_since=account.reserved_at - _CLOCK_SLACK,
    )
    if found is not None:
        platform.journal.note(LogEvent.ACCOUNT_RECOVERED, owner=account.owner)
    return found


def creation_key(account: ConnectedAccount) -> str:
    """Return the idempotency key of this reservation's attempt; the same after any crash."""
    seed = f"{account.owner}\n{account.id}\n{account.attempt}"
    return f"aboard-account-{hashlib.sha256(seed.encode()).hexdigest()[:40]}"


async def _onboarding(
    platform: Platform,
    account: ConnectedAccount,
    return_url: str,
    refresh_url: str,
    collect: Collect,
) -> Onboarding:
    latest = await platform.store.find_latest_onboarding(account.id)
    if latest is not None and (latest.return_url, latest.refresh_url, latest.collect) == (
        return_url,
        refresh_url,
        collect,
    ):
        return latest
    onboarding = Onboarding(
        id=f"onb_{secrets.token_hex(12)}",
        account_id=account.id,
        owner=account.owner,
        return_url=return_url,
        refresh_url=refresh_url,
        created_at=platform.clock(),
        collect=collect,
    )
    await platform.store.create_onboarding(onboarding)
    return onboarding
