"""What does `aboard gateway calls list` do? Asks for calls, and shows each in a line.

Source: docs/gateway/callers.md, the record of calls.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aboard.cli.exits import Exit
from aboard.cli.gateway.asking import Asking
from aboard.cli.gateway.wishes import CallsWish
from aboard.cli.terminal import Mark
from aboard.cli.times import read_time_or_none
from aboard.core.clock import utc_now
from aboard.core.lending.calls import ANSWERED, OPEN, Call, CallFilter
from aboard.core.owner import Mode
from aboard.flows.export import call_row
from aboard.flows.lending.callers import caller_id_of
from aboard.flows.lending.calls import list_calls
from aboard.flows.platform import Platform

_FAILED = 500


class Record(Asking):
    """The record of calls, as it is listed."""

    def list_all(self, wish: CallsWish, *, limit: int) -> Exit:
        """List calls, the newest first."""
        now = utc_now()
        which = CallFilter(
            since=read_time_or_none(wish.since, "--since", now),
            before=read_time_or_none(wish.until, "--until", now),
            mode=None if wish.mode is None else Mode(wish.mode),
            outcome=wish.outcome,
            account=wish.account,
        )

        async def ask(platform: Platform) -> Sequence[Call]:
            caller_id = await caller_id_of(platform, wish.caller)
            return await list_calls(platform, replace(which, caller_id=caller_id), limit=limit)

        found = self._ask(ask)
        for call in found:
            self._row(call)
        if not found:
            self._terminal.say("No such call is on record.")
        self._terminal.document({"calls": [_document(each) for each in found]})
        return Exit.OK

    def _row(self, call: Call) -> None:
        if call.outcome == ANSWERED:
            mark = Mark.GOOD if (call.upstream_status or 0) < _FAILED else Mark.BAD
        else:
            mark = Mark.NOTE if call.outcome == OPEN else Mark.BAD
        who = call.caller_name or "stranger"
        what = call.operation or call.method
        status = f" {call.status}" if call.status is not None else ""
        lasted = f", {call.duration_ms} ms" if call.duration_ms is not None else ""
        told = f"{who} {call.mode or ''} {what}: {call.outcome}{status}{lasted}"
        self._terminal.row(mark, f"{call.at:%Y-%m-%d %H:%M:%S}", told)
        account = f", about {call.account}" if call.account else ""
        self._terminal.aside(f"{call.id}{account}, by {call.via}")


def _document(call: Call) -> dict[str, Any]:
    return {**call_row(call), "at": call.at.isoformat()}
