"""What is known of one call on its way through the chain? Filled in step by step.

Source: ADR-0029, the gateway.
"""

import random
import time
from dataclasses import dataclass, field

from aboard.core.lending.callers import Borrower
from aboard.core.lending.calls import ANSWERED, ClosedCall, Via, account_word
from aboard.core.lending.catalogue import Match
from aboard.core.lending.operations import Operation
from aboard.core.lending.refusals import RefusalCode
from aboard.core.secret import Secret
from aboard.flows.lending.calls import OpenedCall, RefusedCall
from aboard.flows.limits import Allowance
from aboard.gateway.bodies import Body
from aboard.gateway.heads import Heads
from aboard.gateway.target import Target
from aboard.gateway.wire import Header, Receive, Scope, Send, remote_of


def new_id() -> str:
    """Return an id that no other call has. It is no secret, and asks the system for nothing.

    The system's own chance costs a system call, after which a busy process waits for its turn.
    """
    return f"{random.getrandbits(128):032x}"


@dataclass(slots=True)
class Conversation:
    """One call. `id` is ours alone and the row's: an id that came in could be said twice."""

    scope: Scope
    receive: Receive
    send: Send
    via: Via = Via.PROXY
    id: str = field(default_factory=new_id)
    began: float = field(default_factory=time.perf_counter)
    target: Target | None = None
    heads: Heads | None = None
    borrower: Borrower | None = None
    match: Match | None = None
    body: Body | None = None
    allowance: Allowance | None = None
    key: Secret | None = None
    is_open: bool = False
    is_closed: bool = False
    has_answered: bool = False
    status: int | None = None
    upstream_status: int | None = None
    stripe_request_id: str | None = None
    bytes_out: int = 0

    @property
    def method(self) -> str:
        """Return the method as it came."""
        return str(self.scope["method"])

    @property
    def account(self) -> str | None:
        """Return the account that path or header names, if it has the look of one."""
        if self.heads is not None and (named := account_word(self.heads.stripe_account)):
            return named
        if self.match is None:
            return None
        return next(filter(None, map(account_word, self.match.arguments.values())), None)

    @property
    def bytes_in(self) -> int:
        """Return how much of a body came."""
        return 0 if self.body is None else self.body.size

    @property
    def duration_ms(self) -> int:
        """Return whole milliseconds since the call came."""
        return int((time.perf_counter() - self.began) * 1000)

    def opened(self, borrower: Borrower, operation: Operation) -> OpenedCall:
        """Return the call as it is written down before it goes up."""
        return OpenedCall(
            id=self.id,
            borrower=borrower,
            via=self.via,
            method=self.method,
            operation=operation.id,
            account=self.account,
            address=remote_of(self.scope),
        )

    def refused(self, code: RefusalCode) -> RefusedCall:
        """Return the call as it is written down when it never went up."""
        return RefusedCall(
            id=self.id,
            code=code,
            via=self.via,
            method=self.method,
            borrower=self.borrower,
            operation=None if self.match is None else self.match.operation.id,
            account=self.account,
            status=self.status,
            duration_ms=self.duration_ms,
            bytes_in=self.bytes_in,
            bytes_out=self.bytes_out,
            address=remote_of(self.scope),
        )

    def closed(self, outcome: str = ANSWERED) -> ClosedCall:
        """Return how the call ended."""
        return ClosedCall(
            outcome=outcome,
            status=self.status,
            upstream_status=self.upstream_status,
            duration_ms=self.duration_ms,
            stripe_request_id=self.stripe_request_id,
            bytes_in=self.bytes_in,
            bytes_out=self.bytes_out,
        )

    def own_headers(self) -> list[Header]:
        """Return what every answer of the gateway carries."""
        name = self.id.encode()
        headers: list[Header] = [(b"aboard-request-id", name), (b"x-request-id", name)]
        if self.allowance is not None:
            headers += (
                (b"ratelimit-limit", b"%d" % self.allowance.limit),
                (b"ratelimit-remaining", b"%d" % self.allowance.remaining),
                (b"ratelimit-reset", b"%d" % self.allowance.reset_seconds),
            )
        return headers
