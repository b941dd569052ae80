"""What was called, by whom, and how did it end? One row for each call, and budgets by the day.

Source: ADR-0029, the gateway.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from aboard.core.lending.calls import Call, CallFilter, ClosedCall, Via
from aboard.core.owner import Mode
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.statements.compiler import Params, Value
from aboard.store.values import to_micros, to_time

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9999, 12, 31, tzinfo=UTC)
_ANYTHING = CallFilter()
_SECONDS_A_DAY = 86_400
DAYS_KEPT = 40
"""For how long counts of days are kept: long after any clock could still count into one."""
# Behind every id there can be: nothing sorts after it.
_LAST_ID = "\U0010ffff"


class CallKey(NamedTuple):
    """The place of a call among all, in the order of time."""

    at: datetime
    id: str


class GatewayCallQuestions(Questions):
    """The questions about calls through the gateway."""

    async def write_call(self, call: Call, *, per_day: int | None = None) -> bool:
        """Write a call down, durably, with its neighbours; False, and nothing, beyond the budget.

        With `per_day` it counts as one of so many that its caller may make in the day (UTC) of
        its time, exactly, whoever else counts at the same moment in whichever process.
        """
        sql = self._sql.gateway_calls
        params: Params = {**_params(call), "day": day_of(call.at), "per_day": per_day}
        alone = [Step(sql.write, params, required=True)]
        if per_day is not None:
            alone.insert(0, Step(sql.spend, params, required=True))
        return await self._driver.write_row(alone, sql.write_many, params)

    async def close_call(self, call_id: str, closed: ClosedCall) -> bool:
        """Write down how a call ended, durably, with its neighbours; False if there is none."""
        params: Params = {
            "id": call_id,
            "outcome": closed.outcome,
            "status": closed.status,
            "upstream_status": closed.upstream_status,
            "duration_ms": closed.duration_ms,
            "stripe_request_id": closed.stripe_request_id,
            "bytes_in": closed.bytes_in,
            "bytes_out": closed.bytes_out,
        }
        sql = self._sql.gateway_calls
        alone = (Step(sql.close, params, required=True),)
        return await self._driver.write_row(alone, sql.close_many, params)

    async def find_call(self, call_id: str) -> Call | None:
        """Return one call."""
        row = await self._driver.read_one(self._sql.gateway_calls.find, {"id": call_id})
        return None if row is None else _call_of(row)

    async def count_spent(self, caller_id: str, at: datetime) -> int:
        """Return how many calls a caller with a budget has made on the day (UTC) of a time."""
        params: Params = {"caller_id": caller_id, "day": day_of(at)}
        row = await self._driver.read_one(self._sql.gateway_calls.find_spent, params)
        return 0 if row is None else int(row[0])

    async def list_calls(
        self, which: CallFilter = _ANYTHING, limit: int = 100, *, before: CallKey | None = None
    ) -> Sequence[Call]:
        """Return calls that match, the newest first, those before a place alone."""
        sql = self._sql.gateway_calls
        if which.caller_id is not None:
            statement = sql.list_of_caller
        elif which.account is not None:
            statement = sql.list_of_account
        else:
            statement = sql.list_recent
        key = before or CallKey(_END, _LAST_ID)
        rows = await self._driver.read_all(statement, _list_params(which, key, limit))
        return tuple(map(_call_of, rows))

    async def walk_calls(
        self, which: CallFilter = _ANYTHING, *, after: CallKey | None, limit: int
    ) -> Sequence[Call]:
        """Return the next calls that match, in the order of time, behind a place."""
        key = after or CallKey(_BEGINNING, "")
        rows = await self._driver.read_all(
            self._sql.gateway_calls.walk, _list_params(which, key, limit)
        )
        return tuple(map(_call_of, rows))

    async def prune_gateway_calls(self, before: datetime, *, limit: int) -> int:
        """Delete calls of before a time, oldest first; return how many, `limit` at most."""
        params: Params = {"before": to_micros(before), "limit": limit}
        outcome = await self._driver.write((Step(self._sql.gateway_calls.prune, params),))
        return outcome[0].count if outcome else 0


def day_of(at: datetime) -> int:
    """Return the day of a time in UTC, counted from 1970."""
    return int(at.timestamp() // _SECONDS_A_DAY)


def _params(call: Call) -> dict[str, Value]:
    return {
        "id": call.id,
        "at": to_micros(call.at),
        "via": call.via.value,
        "method": call.method,
        "outcome": call.outcome,
        "caller_id": call.caller_id,
        "caller_name": call.caller_name,
        "token_hint": call.token_hint,
        "mode": None if call.mode is None else call.mode.value,
        "operation": call.operation,
        "account": call.account,
        "status": call.status,
        "upstream_status": call.upstream_status,
        "duration_ms": call.duration_ms,
        "stripe_request_id": call.stripe_request_id,
        "bytes_in": call.bytes_in,
        "bytes_out": call.bytes_out,
        "address": call.address,
    }


def _list_params(which: CallFilter, key: CallKey, limit: int) -> Params:
    return {
        "since": to_micros(which.since or _BEGINNING),
        "before": to_micros(which.before or _END),
        "mode": which.mode,
        "caller_id": which.caller_id,
        "account": which.account,
        "outcome": which.outcome,
        "key_at": to_micros(key.at),
        "key_id": key.id,
        "limit": limit,
    }


def _call_of(row: Row) -> Call:
    return Call(
        id=row[0],
        at=to_time(row[1]),
        via=Via(row[2]),
        method=row[3],
        outcome=row[4],
        caller_id=row[5],
        caller_name=row[6],
        token_hint=row[7],
        mode=None if row[8] is None else Mode(row[8]),
        operation=row[9],
        account=row[10],
        status=row[11],
        upstream_status=row[12],
        duration_ms=row[13],
        stripe_request_id=row[14],
        bytes_in=row[15],
        bytes_out=row[16],
        address=row[17],
    )
