"""What do we ask about the gate? Who opened it, and what closed it again?

Source: ADR-0014, the gate and its announcements.
"""

from datetime import datetime

import msgspec

from aboard.core.account import ConnectedAccount
from aboard.core.go_live import Gate
from aboard.store.consequences import Consequences, consequence_steps
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.statements.compiler import Params
from aboard.store.values import to_micros, to_time, to_time_or_none

_decoder = msgspec.json.Decoder(tuple[str, ...])


class GateQuestions(Questions):
    """The questions about the gate of an account.

    Every change turns the account's revision: a snapshot that was judged while the gate stood
    otherwise is not written.
    """

    async def find_gate(self, account_id: str) -> Gate | None:
        """Return the gate as it stands; None if nobody ever opened it."""
        row = await self._driver.read_one(self._sql.gates.find, {"account_id": account_id})
        return None if row is None else _gate_of(row)

    async def open_gate(
        self, seen: ConnectedAccount, opened_by: str, now: datetime, consequences: Consequences
    ) -> bool:
        """Open the gate, with what follows, if the account still is as it was judged.

        Says False, and changes nothing, when the account changed or the gate is open already.
        """
        params: Params = {
            **_turning(seen),
            "opened_at": to_micros(now),
            "opened_by": opened_by,
        }
        return await self._holds(
            Step(self._sql.accounts.turn, params, required=True),
            Step(self._sql.gates.open, params, required=True),
            *consequence_steps(self._sql, seen, consequences, now),
        )

    async def close_gate(
        self, seen: ConnectedAccount, now: datetime, consequences: Consequences
    ) -> bool:
        """Close the gate for `consequences.closing`, with what follows.

        Says False, and changes nothing, when the account changed or the gate is closed already.
        """
        return await self._holds(
            Step(self._sql.accounts.turn, _turning(seen), required=True),
            *consequence_steps(self._sql, seen, consequences, now),
        )


def _turning(seen: ConnectedAccount) -> Params:
    return {
        "account_id": seen.id,
        "stripe_account_id": seen.stripe_account_id,
        "seen_revision": seen.revision,
    }


def _gate_of(row: Row) -> Gate:
    opened_at, opened_by, closed_at, blockers = row
    return Gate(
        to_time(opened_at),
        opened_by,
        to_time_or_none(closed_at),
        () if blockers is None else _decoder.decode(blockers),
    )
