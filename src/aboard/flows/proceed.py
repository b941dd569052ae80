"""What an owner does from their own page: go on at Stripe, begin again, or in another country.

Aboard knows where they come back to, so that nobody has to bring an address. Before a link is
made Stripe is asked how things stand: nobody is sent there for nothing.

Source: docs/owner-pages.md; Stripe's account links.
"""

from aboard.core.caller import Caller
from aboard.core.errors import AccountGone, AccountNotLinked, NothingDue
from aboard.core.links import BearerUrl
from aboard.core.owner import Owner, OwnerKind
from aboard.core.readiness import Actor, Readiness
from aboard.core.tickets import OwnerPage
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.entry import owner_address
from aboard.flows.kyc import require_kyc
from aboard.flows.platform import Platform
from aboard.flows.resume import issue_link
from aboard.flows.start import Started, start_onboarding
from aboard.flows.sync import read_account


async def proceed(
    platform: Platform, owner: Owner, caller: Caller, *, request_id: str | None = None
) -> BearerUrl:
    """Return a link to go on with, from where the owner stopped or from the beginning.

    An onboarding that was begun elsewhere keeps its addresses. It is audited.

    Raises:
        NothingDue: Stripe has no question for this owner now (+ readiness).
        FeatureDisabled: onboarding, or live mode, is switched off.
        KycRequired: the platform does not know this creator yet.
        AddressRefused: our own pages are not reachable as this mode needs it.
        OnboardingBusy: another process is creating this owner's account right now.
        AccountGone: the account is no longer ours; starting over is a decision of its own.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal.
        StripeUnavailable: no usable answer; safe to try again.
    """
    platform.switches.require_onboarding(owner.mode)
    reading = await read_account(platform, owner, fresh=True)
    assessment = reading.assessment
    if assessment.readiness is Readiness.DISCONNECTED:
        raise AccountGone("disconnected")
    if assessment.who_must_act is not Actor.OWNER:
        raise NothingDue(assessment.readiness.value)
    try:
        link = await issue_link(platform, owner)
    except AccountNotLinked:
        link = (await _start(platform, owner, caller, request_id)).link
    await _audit(platform, AuditAction.PAGE_PROCEED, caller, owner, request_id)
    return link.url


async def start_over(
    platform: Platform,
    owner: Owner,
    caller: Caller,
    *,
    country: str | None = None,
    request_id: str | None = None,
) -> BearerUrl:
    """Give up the owner's account for a new one, and return a link to begin it with.

    With a country, the new account is made there. It is audited.

    Raises:
        FeatureDisabled: onboarding, or live mode, is switched off.
        KycRequired: the platform does not know this creator yet.
        AddressRefused: our own pages are not reachable as this mode needs it.
        OnboardingBusy: another process is creating this owner's account right now.
        AccountGone: the new account vanished at once.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal, such as of the country.
        StripeUnavailable: no usable answer; safe to try again.
    """
    started = await _start(platform, owner, caller, request_id, restart=True, country=country)
    await _audit(platform, AuditAction.PAGE_START_OVER, caller, owner, request_id)
    return started.link.url


async def _start(
    platform: Platform,
    owner: Owner,
    caller: Caller,
    request_id: str | None,
    *,
    restart: bool = False,
    country: str | None = None,
) -> Started:
    await require_kyc(platform, owner)
    # Then: without a key for live mode, our own address need not be what that mode asks for.
    platform.stripe_for(owner.mode)
    is_creator = owner.kind is OwnerKind.CREATOR
    own = (owner_address(platform, owner, OwnerPage.BACK), owner_address(platform, owner))
    creators = (platform.creator.return_urls[owner.mode], platform.creator.refresh_urls[owner.mode])
    return_url, refresh_url = creators if is_creator else own
    return await start_onboarding(
        platform,
        owner,
        return_url=return_url,
        refresh_url=refresh_url,
        restart=restart,
        country=country,
        caller=caller,
        request_id=request_id,
    )


async def _audit(
    platform: Platform,
    action: AuditAction,
    caller: Caller,
    owner: Owner,
    request_id: str | None,
) -> None:
    await write_audit(
        platform,
        action,
        outcome="link_issued",
        caller=caller,
        owner=owner,
        request_id=request_id,
    )
