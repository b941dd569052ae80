"""Which key is lent to a borrower, and how does it come into the database and out of it?

The caller's named credential, else the mode's in the database, else the settings': the gateway's
own key or the platform's. A credential that is there and does not open is never passed over for
the next: what an operator took away must not come back by another way.

Source: ADR-0030, lent credentials; docs/gateway/credentials.md.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from aboard.core.caller import Caller
from aboard.core.errors import InputRefused, StoreUnavailable
from aboard.core.lending.callers import Borrower
from aboard.core.lending.credentials import (
    CURRENT,
    Credential,
    KeyRefused,
    StripeKey,
    read_credential_name,
)
from aboard.core.lending.master_keys import MasterKeys
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.audit import AuditAction
from aboard.flows.journal import LogEvent
from aboard.flows.lending.envelope import (
    EnvelopeRefused,
    Place,
    open_envelope,
    rewrap_envelope,
    seal_key,
)
from aboard.flows.platform import Platform
from aboard.store import AuditEntry
from aboard.store.records import Detail

_ID_BYTES: Final = 12
_TRIES: Final = 20


class NoMasterKeys(Exception):
    """There are no keys in the settings that a credential could be kept under."""


class CredentialUnknown(Exception):
    """There is no credential of this name in this mode."""


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """What became of one credential when envelopes were changed; `cause` where it did not open."""

    credential: Credential
    cause: str | None = None


async def lend_key(platform: Platform, borrower: Borrower) -> Secret:
    """Return the key that is lent to a borrower; whoever gets it puts it upstream and nowhere else.

    A key that was replaced is lent for half a second more at most.

    Raises:
        CallRefused: there is no key for the mode, the one that is there does not open, or the
            store gives no answer.
    """
    mode, name = borrower.mode, borrower.caller.credential or CURRENT
    memory = platform.lending.memory.keys
    key = memory.find((mode, name))
    if key is not None:
        return key
    asked_at = time.monotonic()
    try:
        credential = await platform.store.find_credential(mode, name)
    except StoreUnavailable:
        raise CallRefused(RefusalCode.STORE_UNAVAILABLE) from None
    if credential is None:
        key = platform.lending.own_keys.get(mode) if name == CURRENT else None
        if key is None:
            raise CallRefused(RefusalCode.MODE_NOT_CONFIGURED)
    else:
        key = _opened(platform, credential)
    memory.keep((mode, name), key, asked_at=asked_at)
    return key


def _opened(platform: Platform, credential: Credential) -> StripeKey:
    try:
        return open_envelope(
            credential.envelope, _place_of(credential), platform.lending.master_keys
        )
    except EnvelopeRefused as refused:
        platform.journal.note(
            LogEvent.CREDENTIAL_UNREADABLE, mode=credential.mode, cause=refused.cause
        )
        raise CallRefused(RefusalCode.CREDENTIAL_UNREADABLE) from None


async def set_credential(
    platform: Platform, caller: Caller, mode: Mode, key: Secret, *, name: str = CURRENT
) -> Credential:
    """Keep a key of Stripe's in the database, under a name; lent from now on, within a second.

    What was kept under the name is forgotten. Calls on their way end with the key they have.

    Raises:
        InputRefused: it is no key of this mode, or the name will not do.
        NoMasterKeys: the settings have no keys to keep it under.
        StoreUnavailable: it cannot be written down, or too many replace it at once.
    """
    masters = _masters(platform)
    try:
        name, stripe_key = read_credential_name(name), StripeKey.read(key, mode)
    except KeyRefused as refused:
        raise InputRefused([("key", str(refused))]) from None
    except ValueError as refused:
        raise InputRefused([("name", str(refused))]) from None
    for _ in range(_TRIES):
        seen = await platform.store.find_credential(mode, name)
        place = Place(
            mode,
            f"gwk_{secrets.token_hex(_ID_BYTES)}" if seen is None else seen.id,
            1 if seen is None else seen.generation + 1,
        )
        credential = Credential(
            id=place.credential_id,
            mode=mode,
            name=name,
            generation=place.generation,
            hint=stripe_key.hint,
            is_restricted=stripe_key.is_restricted,
            created_at=platform.clock(),
            created_by=caller.user_id,
            envelope=seal_key(stripe_key, place, masters),
        )
        outcome = "set" if seen is None else "replaced"
        audit = _audit(platform, caller, credential, outcome)
        if await _write(platform, seen, credential, audit):
            platform.lending.memory.keys.forget()
            _note(platform, credential, outcome)
            return credential
    raise StoreUnavailable("contended")


async def _write(
    platform: Platform, seen: Credential | None, credential: Credential, audit: AuditEntry
) -> bool:
    if seen is None:
        return await platform.store.add_credential(credential, audit)
    return await platform.store.replace_credential(seen, credential, audit)


async def list_credentials(platform: Platform) -> Sequence[Credential]:
    """Return all credentials, by mode and name; none of them is opened.

    Raises:
        StoreUnavailable: they cannot be read.
    """
    return [each for mode in Mode for each in await platform.store.list_credentials(mode)]


async def find_closed(platform: Platform) -> Sequence[Rewrapped]:
    """Return the credentials that do not open with the keys of the settings, each with its cause.

    Raises:
        StoreUnavailable: they cannot be read.
    """
    causes = [
        Rewrapped(each, why_closed(each, platform.lending.master_keys))
        for each in await list_credentials(platform)
    ]
    return [each for each in causes if each.cause is not None]


def why_closed(credential: Credential, masters: MasterKeys | None) -> str | None:
    """Return why a credential does not open with these keys, in one word; None if it does."""
    try:
        open_envelope(credential.envelope, _place_of(credential), masters)
    except EnvelopeRefused as refused:
        return refused.cause
    return None


async def rewrap_credentials(platform: Platform, caller: Caller) -> Sequence[Rewrapped]:
    """Bring every credential under the current master key; return those that moved or would not.

    One that lies under it already is left alone. Harmless when repeated.

    Raises:
        NoMasterKeys: the settings have no keys.
        StoreUnavailable: what was not moved cannot be, now.
    """
    masters = _masters(platform)
    moved: list[Rewrapped] = []
    for seen in await list_credentials(platform):
        try:
            if seen.master_key_id == masters.current:
                continue
            envelope = rewrap_envelope(seen.envelope, _place_of(seen), masters)
        except EnvelopeRefused as refused:
            moved.append(Rewrapped(seen, refused.cause))
            continue
        credential = replace(seen, envelope=envelope)
        audit = _audit(platform, caller, credential, "rewrapped")
        # Another key under the same name meanwhile lies under the current master key anyway.
        if await platform.store.rewrap_credential(seen, envelope, audit):
            _note(platform, credential, "rewrapped")
            moved.append(Rewrapped(credential))
    return moved


async def remove_credential(
    platform: Platform, caller: Caller, mode: Mode, *, name: str = CURRENT
) -> None:
    """Forget a key for good. Whoever had it is lent the settings' key from now on, or none.

    Raises:
        CredentialUnknown: there is none of this name in this mode.
        StoreUnavailable: it cannot be written down.
    """
    credential = await platform.store.find_credential(mode, name)
    if credential is None:
        raise CredentialUnknown
    audit = _audit(platform, caller, credential, "removed")
    if not await platform.store.remove_credential(mode, name, audit):
        raise CredentialUnknown
    platform.lending.memory.keys.forget()
    _note(platform, credential, "removed")


def _masters(platform: Platform) -> MasterKeys:
    if platform.lending.master_keys is None:
        raise NoMasterKeys
    return platform.lending.master_keys


def _place_of(credential: Credential) -> Place:
    return Place(credential.mode, credential.id, credential.generation)


def _audit(platform: Platform, caller: Caller, credential: Credential, outcome: str) -> AuditEntry:
    details: dict[str, Detail] = {
        "credential": credential.id,
        "mode": credential.mode.value,
        "name": credential.name,
        "generation": credential.generation,
        "restricted": credential.is_restricted,
        "master_key": credential.master_key_id,
    }
    return AuditEntry(
        at=platform.clock(),
        actor=caller.user_id,
        action=AuditAction.GATEWAY_CREDENTIAL.value,
        outcome=outcome,
        details=details,
    )


def _note(platform: Platform, credential: Credential, outcome: str) -> None:
    platform.journal.note(LogEvent.CREDENTIAL_CHANGED, mode=credential.mode, outcome=outcome)
