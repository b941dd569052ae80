"""Accept a webhook once: an event is a doorbell, not a letter.

The bytes are trusted only after a signature holds; then one durable insert keyed by the event's
id marks the account as due, in the same commit. What the event says of the account is not read.
Snapshot events and thin ones go the same way.

Source: ADR-0006, events are doorbells; ADR-0027, thin events; Stripe's webhook signatures.
"""

from dataclasses import dataclass

from aboard.core.errors import FeatureDisabled, InputRefused, SignatureRefused
from aboard.core.owner import Mode
from aboard.flows.endpoint import Endpoint
from aboard.flows.journal import LogEvent
from aboard.flows.meter import Tally
from aboard.flows.platform import Platform
from aboard.stripe_api.objects import EventHead, decode_event
from aboard.stripe_api.signature import verify

MODE_MISMATCH = "mode_mismatch"
NO_EVENT = "not_an_event"


@dataclass(frozen=True, slots=True)
class Receipt:
    """An event that is safely written down; `is_new` is false for a duplicate."""

    event_id: str
    is_new: bool
    mode: Mode


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
        _note_refusal(platform, endpoint, refusal.check)
        raise
    except InputRefused:
        # Signed, so that somebody meant it for us: nobody but the log will ever know.
        _note_refusal(platform, endpoint, NO_EVENT)
        raise
    mode = Mode.LIVE if event.livemode else Mode.TEST
    is_new = await platform.store.accept_event(
        event.id,
        endpoint=endpoint.value,
        mode=mode,
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
    platform.meter.count(
        Tally.EVENTS_ACCEPTED,
        endpoint=endpoint.value,
        mode=mode.value,
        outcome="new" if is_new else "duplicate",
    )
    return Receipt(event.id, is_new, mode)


def _note_refusal(platform: Platform, endpoint: Endpoint, reason: str) -> None:
    platform.journal.note(LogEvent.EVENT_REFUSED, endpoint=endpoint, check=reason)
    platform.meter.count(Tally.EVENTS_REFUSED, endpoint=endpoint.value, reason=reason)


def _trusted_event(
    platform: Platform, endpoint: Endpoint, payload: bytes, header: str | None
) -> EventHead:
    # All at once: a test webhook that is too old must not be told from the live secrets' side.
    held = [
        (mode, secret)
        for mode in Mode
        for secret in platform.webhook_secrets.get((endpoint, mode), ())
    ]
    secrets = [secret for _, secret in held]
    signed_for, _ = held[verify(payload, header, secrets=secrets, now=platform.clock())]
    event = decode_event(payload)
    # A live Connect endpoint also gets test events; a test secret never signs a live one.
    if signed_for is Mode.TEST and event.livemode:
        raise SignatureRefused(MODE_MISMATCH)
    return event
