"""Write down who did what, or was refused and why. Reasons are exact here and nowhere else.

Source: docs/architecture.md, audit.
"""

from enum import StrEnum

from aboard.core.owner import Owner
from aboard.flows.platform import Platform
from aboard.store.records import AuditEntry


class AuditAction(StrEnum):
    """Everything that leaves an audit row."""

    ORGANIZATION_REFUSED = "organization.refused"
    RETURN_VISITED = "return.visited"
    RETURN_REFUSED = "return.refused"
    REFRESH_VISITED = "refresh.visited"
    REFRESH_REFUSED = "refresh.refused"


async def write_audit(
    platform: Platform,
    action: AuditAction,
    *,
    owner: Owner | None = None,
    caller_id: str | None = None,
    reason: str | None = None,
    request_id: str | None = None,
) -> None:
    """Append one row, in a commit of its own."""
    await platform.store.append_audit(
        AuditEntry(
            at=platform.clock(),
            action=action.value,
            owner=owner,
            caller_id=caller_id,
            reason=reason,
            request_id=request_id,
        )
    )
