"""Write down who did what, or was refused and why. Reasons are exact here and nowhere else.

Source: docs/architecture.md, audit.
"""

from collections.abc import Mapping
from enum import StrEnum

from aboard.core.caller import Caller
from aboard.core.errors import TooManyRequests
from aboard.core.owner import Owner
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.store.records import AuditEntry, Detail

ANONYMOUS = "anonymous"
NAMELESS_ROWS = 1000
"""How many rows an hour nobody in particular may leave about one owner, or about none."""
REFUSED_ROWS = 1000
"""How many rows an hour one caller may leave of what they were refused."""
_REFUSED = "refused"
_HOUR_SECONDS = 3600


class AuditAction(StrEnum):
    """Everything that leaves an audit row."""

    ORGANIZATION_ACCESS = "organization.access"
    ORGANIZATION_CREATED = "organization.created"
    ORGANIZATION_CHANGED = "organization.changed"
    MEMBER_ROLE = "member.role"
    ACCOUNT_SHAPE = "plan.account_shape"
    GO_LIVE_POLICY = "plan.go_live_policy"
    ACCOUNT_DISCONNECT = "account.disconnect"
    ACCOUNT_RESTART = "account.restart"
    RETURN_VISIT = "return.visit"
    REFRESH_VISIT = "refresh.visit"
    EVENT_CATCH_UP = "event.catch_up"
    EVENT_REPLAY = "event.replay"
    GATE_OPEN = "gate.open"
    GATE_CLOSE = "gate.close"
    AUTH_REGISTER = "auth.register"
    AUTH_CONFIRM = "auth.confirm"
    AUTH_LOGIN = "auth.login"
    AUTH_REFRESH = "auth.refresh"
    AUTH_LOGOUT = "auth.logout"
    AUTH_REVOKE = "auth.revoke"
    USER_CHANGE = "user.change"
    KYC_START = "kyc.start"
    KYC_DECISION = "kyc.decision"
    KYC_NEWS = "kyc.news"
    SUBSCRIBER_CHANGE = "subscriber.change"
    DELIVERY_REPLAY = "delivery.replay"
    GATEWAY_CALLER = "gateway.caller"
    GATEWAY_TOKEN = "gateway.token"  # noqa: S105 - a word, no token
    GATEWAY_CREDENTIAL = "gateway.credential"
    PAGE_LINK = "page.link"
    PAGE_ENTRY = "page.entry"
    PAGE_PROCEED = "page.proceed"
    PAGE_START_OVER = "page.start_over"
    OPERATOR_LINK = "operator.link"
    OPERATOR_ENTRY = "operator.entry"


async def write_audit(
    platform: Platform,
    action: AuditAction,
    *,
    outcome: str,
    caller: Caller | None,
    owner: Owner | None = None,
    request_id: str | None = None,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Append one row, in a commit of its own. `outcome` is a word, or the code of a fact.

    `details` says what the outcome alone does not, in small plain values; never a secret. What
    nobody in particular does is written down up to `NAMELESS_ROWS` times an hour, and what
    somebody is refused up to `REFUSED_ROWS`, then counted alone: a stranger could else fill the
    disk, signed in or not.
    """
    if caller is None:
        may_write = await _may_write(platform, f"{owner or ANONYMOUS}", "audit", NAMELESS_ROWS)
    elif outcome.startswith(_REFUSED):
        # By their one owner too: whoever comes by links of one backend comes under one name.
        who = f"{caller.user_id} {caller.only or ''}"
        may_write = await _may_write(platform, who, "audit.refused", REFUSED_ROWS)
    else:
        may_write = True
    if not may_write:
        return
    await platform.store.append_audit(
        AuditEntry(
            at=platform.clock(),
            actor=caller.user_id if caller else ANONYMOUS,
            action=action.value,
            outcome=outcome,
            owner=owner,
            request_id=request_id,
            details=details or {},
        )
    )


async def _may_write(platform: Platform, who: str, what: str, most: int) -> bool:
    try:
        await platform.limits.take(who, what, limit=most, window_seconds=_HOUR_SECONDS)
    except TooManyRequests:
        platform.journal.note(LogEvent.LIMIT_REACHED, case="audit")
        return False
    return True
