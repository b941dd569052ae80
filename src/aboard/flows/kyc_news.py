"""Take in what a provider says of a check, once, in whatever order it comes.

News are believed after their signature alone, which is checked before this. News of a session that
is not the newest of its creator, or that we never made, change nothing and are no error.

Source: ADR-0018, knowing your creators; Standard Webhooks.
"""

from datetime import timedelta
from enum import StrEnum

from aboard.core.errors import InputRefused, StoreUnavailable
from aboard.core.kyc import KycCheck, KycNews, hear
from aboard.flows.audit import AuditAction
from aboard.flows.journal import LogEvent
from aboard.flows.kyc import TRIES, owner_of
from aboard.flows.platform import Platform
from aboard.store.records import AuditEntry

_AHEAD = timedelta(minutes=5)
_ACTOR = "provider"


class Heard(StrEnum):
    """What became of a message."""

    CHANGED = "changed"
    IGNORED = "ignored"
    DUPLICATED = "duplicated"


async def hear_provider(
    platform: Platform,
    message_id: str,
    session_id: str,
    news: KycNews,
    *,
    request_id: str | None = None,
) -> Heard:
    """Take in one message; return when what it changes is durable, with its audit row.

    Raises:
        InputRefused: it tells of a time to come.
        StoreUnavailable: nothing could be read or written; the message may come again.
    """
    if news.occurred_at > platform.clock() + _AHEAD:
        raise InputRefused([("occurredAt", "is in the future")])
    for _ in range(TRIES):
        seen = await platform.store.find_kyc_session(session_id)
        check = None if seen is None else hear(seen, news)
        if seen is None or check is None:
            return await _keep(platform, message_id, "unknown_session" if seen is None else "old")
        audit = _row(platform, check, request_id)
        if await platform.store.take_kyc_message(
            message_id, seen, check, audit, now=platform.clock()
        ):
            owner = owner_of(platform, check.creator_id)
            platform.journal.note(
                LogEvent.KYC_CHANGED, owner=owner, outcome=check.status.value, source=_ACTOR
            )
            return Heard.CHANGED
        latest = await platform.store.find_kyc_session(session_id)
        if latest == seen:  # it was not the check: this message was here before
            platform.journal.note(LogEvent.KYC_DUPLICATED)
            return Heard.DUPLICATED
    raise StoreUnavailable("busy")


async def _keep(platform: Platform, message_id: str, reason: str) -> Heard:
    if await platform.store.keep_kyc_message(message_id, platform.clock()):
        platform.journal.note(LogEvent.KYC_IGNORED, reason=reason)
        return Heard.IGNORED
    platform.journal.note(LogEvent.KYC_DUPLICATED)
    return Heard.DUPLICATED


def _row(platform: Platform, check: KycCheck, request_id: str | None) -> AuditEntry:
    return AuditEntry(
        at=platform.clock(),
        actor=_ACTOR,
        action=AuditAction.KYC_NEWS.value,
        outcome=check.status.value,
        owner=owner_of(platform, check.creator_id),
        request_id=request_id,
        details={"attempt": check.attempt, "provider": check.provider},
    )
