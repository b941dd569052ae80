"""Who did what, and how did it end? Appended, never changed.

Source: docs/vocabulary.md.
"""

from collections.abc import Sequence

import msgspec

from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.records import AuditEntry, Detail
from aboard.store.statements import Statements
from aboard.store.values import owner_params, to_micros, to_time

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, Detail])
_NO_OWNER = {"owner_kind": None, "owner_id": None, "mode": None}


class AuditQuestions(Questions):
    """The questions about the audit."""

    async def append_audit(self, entry: AuditEntry) -> None:
        """Write one entry.

        A secret or a bearer URL among the details cannot be written: it has no JSON form.
        """
        await self._driver.write((audit_step(self._sql, entry),))

    async def list_audit(
        self, owner: Owner | None = None, *, action: str | None = None, limit: int = 100
    ) -> Sequence[AuditEntry]:
        """Return entries, newest first: of one owner or of all, of one action or of any."""
        if owner is None:
            rows = await self._driver.read_all(
                self._sql.records.list_audit, {"action": action, "limit": limit}
            )
        else:
            rows = await self._driver.read_all(
                self._sql.records.list_audit_of_owner,
                {**owner_params(owner), "action": action, "limit": limit},
            )
        return tuple(entry_of(row) for row in rows)


def audit_step(sql: Statements, entry: AuditEntry) -> Step:
    """Return what appends one entry, for the commit of what it tells of."""
    return Step(
        sql.records.append_audit,
        {
            "at": to_micros(entry.at),
            "actor": entry.actor,
            "action": entry.action,
            "outcome": entry.outcome,
            "request_id": entry.request_id,
            "details": _encoder.encode(entry.details).decode(),
            **(_NO_OWNER if entry.owner is None else owner_params(entry.owner)),
        },
    )


def entry_of(row: Row) -> AuditEntry:
    """Build an entry from its columns."""
    at, actor, action, outcome, owner_kind, owner_id, mode, request_id, details = row
    owner = None if owner_kind is None else Owner(OwnerKind(owner_kind), owner_id, Mode(mode))
    return AuditEntry(
        to_time(at), actor, action, outcome, owner, request_id, _decoder.decode(details)
    )
