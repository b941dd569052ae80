"""What is written in the same commit as the news? What we tell and whom, what closes, the audit.

The steps are part of somebody else's batch: all of it is written or none of it.

Source: ADR-0014, the gate and its announcements; ADR-0025, outgoing events.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from aboard.core.account import ConnectedAccount
from aboard.core.announcements import Announcement
from aboard.store.audit import audit_step
from aboard.store.driver import Step
from aboard.store.questions import new_id
from aboard.store.records import AuditEntry
from aboard.store.statements import Statements
from aboard.store.statements.compiler import Params
from aboard.store.values import owner_params, to_micros

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from a change of an account.

    `closing` names what closes the gate, which must be open; None leaves the gate as it is.
    `owner_acts_since` is empty while it is not the owner who must act.
    """

    announcements: tuple[Announcement, ...] = ()
    closing: tuple[str, ...] | None = None
    audit: tuple[AuditEntry, ...] = ()
    owner_acts_since: datetime | None = None


NONE = Consequences()


def consequence_steps(
    sql: Statements, account: ConnectedAccount, consequences: Consequences, now: datetime
) -> Iterator[Step]:
    """Yield what writes the consequences, in the order in which they are told."""
    if consequences.closing is not None:
        yield Step(
            sql.gates.close,
            {
                "account_id": account.id,
                "closed_at": to_micros(now),
                "blockers": _encoder.encode(consequences.closing).decode(),
            },
            required=True,
        )
    for announcement in consequences.announcements:
        params: Params = {
            "id": new_id("ann"),
            "type": announcement.type.value,
            "occurred_at": to_micros(now),
            "says": _encoder.encode(announcement.payload).decode(),
            **owner_params(account.owner),
        }
        yield Step(sql.announcements.announce, params)
        yield Step(sql.deliveries.tell, {**params, "wanted": f'%"{announcement.type.value}"%'})
    for entry in consequences.audit:
        yield audit_step(sql, entry)
