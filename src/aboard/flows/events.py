"""Accept a webhook once: an event is a doorbell, not a letter.

The bytes are trusted only after a signature holds; then one durable insert keyed by the event's
id marks the account as due, in the same commit. What the event says of the account is not read.

Source: ADR-0006, events are doorbells; Stripe's webhook signatures.
"""

from dataclasses import dataclass

from aboard.core.errors import FeatureDisabled, InputRefused, SignatureRefused
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.endpoint import Endpoint
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.stripe_api.objects import EventHead, decode_event
from aboard.stripe_api.signature import verify

MODE_MISMATCH = "mode_mismatch"


@dataclass(frozen=True, slots=True)
class Receipt:
    """An event that is safely written down; `is_new` is false for a duplicate."""

    event_id: str
    is_new: bool


async def accept_event(
    platform: Platform, endpoint: Endpoint, payload: bytes, header: str | None
) -> Receipt:
    """Verify, write down once, ring the account's bell; return when that is durable.

    Raises:
        FeatureDisabled: webhooks are switched off.
        SignatureRefused: with the check that failed; nothing is written.
        InputRefused: signed, but not an event.
    """
    if not platform.switches.webhooks:
        raise FeatureDisabled("webhooks")
    try:
        event = _trusted_event(platform, endpoint, payload, header)
    except SignatureRefused as refusal:
        platform.journal.note(LogEvent.EVENT_REFUSED, endpoint=endpoint, check=refusal.check)
        raise
    is_new = await platform.store.accept_event(
        event.id,
        endpoint=endpoint.value,
        mode=Mode.LIVE if event.livemode else Mode.TEST,
        type=event.type,
        stripe_account_id=event.account,
        created_at=event.created,
        received_at=platform.clock(),
    )
    platform.journal.note(
        LogEvent.EVENT_ACCEPTED if is_new else LogEvent.EVENT_DUPLICATED,
        endpoint=endpoint,
        event_id=event.id,
        event_type=event.type,
    )
    return Receipt(event.id, is_new)


def _trusted_event(
    platform: Platform, endpoint: Endpoint, payload: bytes, header: str | None
) -> EventHead:
    signed_for = _matching_mode(platform, endpoint, payload, header)
    try:
        event = decode_event(payload)
    except ValueError:
        raise InputRefused([("body", "is not a Stripe event")]) from None
    # A live Connect endpoint also gets test events; a test secret never signs a live one.
    if signed_for is Mode.TEST and event.livemode:
        raise SignatureRefused(MODE_MISMATCH)
    return event


def _matching_mode(
    platform: Platform, endpoint: Endpoint, payload: bytes, header: str | None
) -> Mode:
    refusal = SignatureRefused("no_matching_signature")
    for mode in Mode:
        secrets: tuple[Secret, ...] = platform.webhook_secrets.get((endpoint, mode), ())
        if not secrets:
            continue
        try:
            verify(payload, header, secrets=secrets, now=platform.clock())
        except SignatureRefused as error:
            refusal = error
        else:
            return mode
    raise refusal
