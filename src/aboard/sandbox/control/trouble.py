"""What shall go wrong with the next calls to the API? Faults, ordered one by one."""

import re

from aboard.sandbox.control.desk import Answer, Visitor, chosen_worlds
from aboard.sandbox.faults import LONGEST_SECONDS, Fault
from aboard.sandbox.routes import find
from aboard.sandbox.wire.errors import bad, no_such, shown

_OPERATION = re.compile(r"\*|(?:\*|GET|POST|DELETE) /[^\s]+")


def _show(fault: Fault) -> Answer:
    return {
        "id": fault.id,
        "object": "fault",
        "after": fault.is_after,
        "calls": fault.calls,
        "kind": fault.kind,
        "operation": fault.operation,
        "platform": fault.platform,
        "reason": fault.reason if fault.kind == "rate_limit" else None,
        "seconds": fault.seconds,
        "taken": fault.taken,
    }


def show_faults(visitor: Visitor) -> Answer:
    """List the faults that still wait for a call, oldest first."""
    rows = [_show(fault) for fault in visitor.worlds.faults]
    return {"object": "list", "data": rows, "has_more": False}


def order_fault(visitor: Visitor) -> Answer:
    """Let the next `calls` calls of an `operation` go wrong; `after`: done, but the answer lost.

    `operation` is `*` or a method and a path, such as `POST /v1/accounts/{account}`; a `*` in it
    stands for anything. The kinds: `rate_limit` (with a `reason`) and `lock_timeout` are 429,
    `error` is 500, `bad_gateway` 502 and `unavailable` 503 without JSON, `timeout` never answers,
    `slow` answers after `seconds`, `reset` cuts the connection.
    """
    params = visitor.params
    operation = params.get("operation") or "*"
    if not _OPERATION.fullmatch(operation):
        raise bad("Name an operation like POST /v1/account_links, or *.", "operation")
    method, _, path = operation.partition(" ")
    if "*" not in operation and find(method, path)[0] is None:
        raise bad(f"There is no operation {shown(operation)} that could fail.", "operation")
    seconds = params.get("seconds")
    if seconds is not None and not 0 <= seconds <= LONGEST_SECONDS:
        raise bad(f"A call may wait from 0 to {LONGEST_SECONDS} seconds.", "seconds")
    if params["kind"] == "slow" and not seconds:
        raise bad("Say how many seconds a slow call takes.", "seconds")
    worlds = chosen_worlds(visitor)
    is_limited = any(params.get(name) is not None for name in ("key", "platform", "account"))
    fault = visitor.worlds.faults.order(
        operation,
        params["kind"],
        calls=params.get("calls", 1),
        is_after=params.get("after", False),
        seconds=seconds,
        reason=params.get("reason") or "global-rate",
        platform=worlds[0].platform.id if is_limited else None,
    )
    return _show(fault)


def cancel_fault(visitor: Visitor) -> Answer:
    """Take one order back."""
    fault = visitor.worlds.faults.cancel(visitor.ids[0])
    if fault is None:
        raise no_such("fault", visitor.ids[0], "id", is_in_path=True)
    return {"id": fault.id, "object": "fault", "deleted": True}


def cancel_faults(visitor: Visitor) -> Answer:
    """Take all orders back."""
    visitor.worlds.faults.clear()
    return show_faults(visitor)
