"""Give away what is stored, in portions: events, announcements, the audit, accounts, calls.

A portion is all that is held at a time. The columns are a promise to whoever reads them; a new one
may join at the end. Nothing here can hold a link, a key or a token, because no row does.

Source: docs/exports.md; ADR-0024, what was missed is asked for, and what is old is forgotten.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from aboard.core.account import ConnectedAccount
from aboard.core.lending.calls import Call, CallFilter
from aboard.core.readiness import assess
from aboard.flows.lending.calls import walk_calls
from aboard.flows.platform import Platform
from aboard.store.records import (
    AuditEntry,
    EventFilter,
    EventKey,
    Place,
    StoredAnnouncement,
    StoredEvent,
    Walked,
    Window,
)

PORTION = 500

Row = Mapping[str, Any]
"""Plain values by column: text, numbers, truth, points in time, or something with parts."""
_T = TypeVar("_T")


class Kind(StrEnum):
    """What can be exported."""

    EVENTS = "events"
    ANNOUNCEMENTS = "announcements"
    AUDIT = "audit"
    ACCOUNTS = "accounts"
    GATEWAY_CALLS = "gateway-calls"


COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    Kind.EVENTS: (
        "id",
        "mode",
        "endpoint",
        "type",
        "stripe_account_id",
        "created_at",
        "received_at",
        "processed_at",
        "status",
        "attempts",
        "last_error",
        "source",
    ),
    Kind.ANNOUNCEMENTS: (
        "id",
        "type",
        "occurred_at",
        "owner_kind",
        "owner_id",
        "mode",
        "payload",
    ),
    Kind.AUDIT: (
        "at",
        "actor",
        "action",
        "outcome",
        "owner_kind",
        "owner_id",
        "mode",
        "request_id",
        "details",
    ),
    Kind.ACCOUNTS: (
        "owner_kind",
        "owner_id",
        "mode",
        "stripe_account_id",
        "readiness",
        "who_must_act",
        "reserved_at",
        "synced_at",
        "disconnected_at",
        "disconnected_reason",
        "snapshot",
    ),
    Kind.GATEWAY_CALLS: tuple(each.name for each in fields(Call)),
}


async def export_rows(
    platform: Platform,
    kind: Kind,
    window: Window,
    *,
    with_raw: bool = False,
    calls: CallFilter | None = None,
) -> AsyncIterator[Sequence[Row]]:
    """Yield all rows of a kind within a window, portion by portion, each row in the columns' order.

    The window counts by when events were received, announcements told, audit rows written,
    accounts reserved and calls begun. `with_raw` adds to each account Stripe's own last answer, as
    bytes; `calls` narrows calls further.

    Raises:
        StoreUnavailable: the database gives no answer.
    """
    if kind is Kind.EVENTS:
        portions = _events(platform, window)
    elif kind is Kind.ANNOUNCEMENTS:
        portions = _announcements(platform, window)
    elif kind is Kind.AUDIT:
        portions = _audit(platform, window)
    elif kind is Kind.GATEWAY_CALLS:
        portions = _calls(platform, window, calls or CallFilter())
    else:
        portions = _accounts(platform, window, with_raw=with_raw)
    async for rows in portions:
        yield rows


async def _events(platform: Platform, window: Window) -> AsyncIterator[Sequence[Row]]:
    which = EventFilter(mode=window.mode, since=window.since, before=window.before)
    after: EventKey | None = None
    while page := await platform.store.walk_events(which, after=after, limit=PORTION):
        after = page[-1].key
        yield [_event(one.event) for one in page]


def _event(event: StoredEvent) -> Row:
    return {name: getattr(event, name) for name in COLUMNS[Kind.EVENTS]}


async def _announcements(platform: Platform, window: Window) -> AsyncIterator[Sequence[Row]]:
    after: Place | None = None
    while page := await platform.store.walk_announcements(window, after=after, limit=PORTION):
        after = _end(page)
        yield [_announcement(one.row) for one in page]


def _announcement(told: StoredAnnouncement) -> Row:
    return {
        "id": told.id,
        "type": told.type,
        "occurred_at": told.occurred_at,
        "owner_kind": told.owner.kind,
        "owner_id": told.owner.id,
        "mode": told.owner.mode,
        "payload": told.payload,
    }


async def _audit(platform: Platform, window: Window) -> AsyncIterator[Sequence[Row]]:
    after: Place | None = None
    while page := await platform.store.walk_audit(window, after=after, limit=PORTION):
        after = _end(page)
        yield [_entry(one.row) for one in page]


def _entry(entry: AuditEntry) -> Row:
    return {
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "outcome": entry.outcome,
        "owner_kind": entry.owner.kind if entry.owner else None,
        "owner_id": entry.owner.id if entry.owner else None,
        "mode": entry.owner.mode if entry.owner else None,
        "request_id": entry.request_id,
        "details": entry.details,
    }


async def _calls(
    platform: Platform, window: Window, which: CallFilter
) -> AsyncIterator[Sequence[Row]]:
    narrowed = replace(which, since=window.since, before=window.before, mode=window.mode)
    async for page in walk_calls(platform, narrowed):
        yield [call_row(call) for call in page]


def call_row(call: Call) -> Row:
    """Return a call by its columns."""
    return {name: getattr(call, name) for name in COLUMNS[Kind.GATEWAY_CALLS]}


async def _accounts(
    platform: Platform, window: Window, *, with_raw: bool
) -> AsyncIterator[Sequence[Row]]:
    after = ""
    while page := await platform.store.walk_accounts(window, after=after, limit=PORTION):
        after = page[-1].id
        rows = [_account(account) for account in page]
        if with_raw:
            for account, row in zip(page, rows, strict=True):
                row["raw"] = await platform.store.find_raw_document(account.id)
        yield rows


def _account(account: ConnectedAccount) -> dict[str, Any]:
    assessment = assess(account)
    return {
        "owner_kind": account.owner.kind,
        "owner_id": account.owner.id,
        "mode": account.owner.mode,
        "stripe_account_id": account.stripe_account_id,
        "readiness": assessment.readiness,
        "who_must_act": assessment.who_must_act,
        "reserved_at": account.reserved_at,
        "synced_at": account.synced_at,
        "disconnected_at": account.disconnected_at,
        "disconnected_reason": account.disconnected_reason,
        "snapshot": account.snapshot,
    }


def _end(page: Sequence[Walked[_T]]) -> Place:
    return page[-1].place
