"""Say who may borrow the key, for what, for whom and how often.

Whatever is done here is audited, in the commit that does it, and holds in every process within a
second.

Source: ADR-0029, the gateway; docs/gateway/callers.md.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from aboard.core.caller import Caller
from aboard.core.lending.callers import GatewayCaller, read_caller_name
from aboard.core.owner import Mode
from aboard.flows.audit import AuditAction
from aboard.flows.journal import LogEvent
from aboard.flows.lending.caller_terms import CallerTerms, with_terms
from aboard.flows.platform import Platform
from aboard.store import AuditEntry
from aboard.store.records import Detail

_ID_BYTES: Final = 12


class CallerAbsent(Exception):
    """There is no such caller, or none any more."""


class CallerNameTaken(Exception):
    """Another caller has this name."""


async def add_caller(
    platform: Platform, operator: Caller, name: str, terms: CallerTerms
) -> GatewayCaller:
    """Add a caller, who has no token yet.

    Raises:
        InputRefused: the name or the terms will not do; each problem with its field.
        CallerNameTaken: another has the name.
        StoreUnavailable: it cannot be written down.
    """
    caller = with_terms(
        platform,
        GatewayCaller(
            id=f"gwc_{secrets.token_hex(_ID_BYTES)}",
            name=read_caller_name(name),
            created_at=platform.clock(),
            created_by=operator.user_id,
        ),
        terms,
    )
    audit = audit_of(platform, operator, caller, "added", **_told(caller))
    if not await platform.store.add_gateway_caller(caller, audit):
        raise CallerNameTaken
    note_caller(platform, caller, "added")
    return caller


async def list_callers(platform: Platform) -> Sequence[GatewayCaller]:
    """Return all callers by name.

    Raises:
        StoreUnavailable: they cannot be read.
    """
    found: list[GatewayCaller] = []
    while page := await platform.store.list_gateway_callers(after=found[-1].name if found else ""):
        found += page
    return found


async def get_caller(platform: Platform, id_or_name: str) -> GatewayCaller:
    """Return one caller.

    Raises:
        CallerAbsent: there is none, or none any more.
        StoreUnavailable: it cannot be read.
    """
    caller = await platform.store.find_gateway_caller(id_or_name)
    if caller is None:
        raise CallerAbsent
    return caller


async def caller_id_of(platform: Platform, id_or_name: str | None) -> str | None:
    """Return a caller's id, to look for its calls; what is not there counts as an id.

    Whoever was removed is known by the id alone.

    Raises:
        StoreUnavailable: it cannot be read.
    """
    if id_or_name is None:
        return None
    caller = await platform.store.find_gateway_caller(id_or_name)
    return id_or_name if caller is None else caller.id


async def change_caller(
    platform: Platform, operator: Caller, id_or_name: str, terms: CallerTerms
) -> GatewayCaller:
    """Give a caller other terms, whole; its tokens and its name stay.

    Raises:
        InputRefused: the terms will not do; each problem with its field.
        CallerAbsent: there is none, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    caller = with_terms(platform, await get_caller(platform, id_or_name), terms)
    audit = audit_of(platform, operator, caller, "changed", **_told(caller))
    if not await platform.store.change_gateway_caller(caller, audit):
        raise CallerAbsent
    note_change(platform, caller, "changed")
    return caller


async def disable_caller(platform: Platform, operator: Caller, id_or_name: str) -> GatewayCaller:
    """Refuse every token of a caller, until it is enabled. Harmless when repeated.

    Raises:
        CallerAbsent: there is none, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    caller = await get_caller(platform, id_or_name)
    return await _set_disabled(platform, operator, caller, caller.disabled_at or platform.clock())


async def enable_caller(platform: Platform, operator: Caller, id_or_name: str) -> GatewayCaller:
    """Take a caller's tokens again, those that are still good. Harmless when repeated.

    Raises:
        CallerAbsent: there is none, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    caller = await get_caller(platform, id_or_name)
    return await _set_disabled(platform, operator, caller, None)


async def _set_disabled(
    platform: Platform, operator: Caller, caller: GatewayCaller, at: datetime | None
) -> GatewayCaller:
    if caller.disabled_at == at:
        return caller
    outcome = "enabled" if at is None else "disabled"
    audit = audit_of(platform, operator, caller, outcome)
    if not await platform.store.disable_gateway_caller(caller.id, at, audit):
        raise CallerAbsent
    note_change(platform, caller, outcome)
    return replace(caller, disabled_at=at)


async def remove_caller(platform: Platform, operator: Caller, id_or_name: str) -> GatewayCaller:
    """Forget a caller and its tokens for good; what it called stays on record.

    Raises:
        CallerAbsent: there is none, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    caller = await get_caller(platform, id_or_name)
    audit = audit_of(platform, operator, caller, "removed")
    if not await platform.store.remove_gateway_caller(caller.id, audit):
        raise CallerAbsent
    note_change(platform, caller, "removed")
    return caller


def _told(caller: GatewayCaller) -> Mapping[str, Detail]:
    """Say in small plain values what holds for a caller."""
    details: dict[str, Detail] = {"policy": caller.policy, "credential": caller.credential}
    if caller.allow_list is not None:
        details |= {mode.value: " ".join(caller.allow_list.words(mode)) for mode in Mode}
    if caller.owners is not None:
        details["owners"] = len(caller.owners)
    if caller.limits is not None:
        details |= {"per_second": caller.limits.per_second, "per_day": caller.limits.per_day}
    return {name: value for name, value in details.items() if value is not None}


def audit_of(
    platform: Platform, operator: Caller, caller: GatewayCaller, outcome: str, **details: Detail
) -> AuditEntry:
    """Return the audit row of what an operator did to a caller."""
    return AuditEntry(
        at=platform.clock(),
        actor=operator.user_id,
        action=AuditAction.GATEWAY_CALLER.value,
        outcome=outcome,
        details={"caller": caller.id, "name": caller.name, **details},
    )


def note_change(platform: Platform, caller: GatewayCaller, outcome: str) -> None:
    """Forget what this process knew of callers, and write a line about one of them."""
    # Others see it within half a second; who did it, at once.
    platform.lending.memory.borrowers.forget()
    note_caller(platform, caller, outcome)


def note_caller(platform: Platform, caller: GatewayCaller, outcome: str) -> None:
    """Write a line about a caller."""
    platform.journal.note(LogEvent.CALLER_CHANGED, caller_id=caller.id, outcome=outcome)
