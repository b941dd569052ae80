"""How do tools ask through the gateway without a network? As any caller does, through the chain.

Source: ADR-0029, the gateway.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aboard.core.lending.callers import CallerToken
from aboard.core.lending.calls import Via
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.gateway.chain import Answering
from aboard.gateway.conversation import Conversation
from aboard.gateway.wire import Header, Message, Receive, Scope


@dataclass(frozen=True, slots=True)
class Question:
    """One call from inside. `target` is a path with its query; names of headers in lower case.

    `outside` is where whoever waits outside is heard hanging up, which ends the call at Stripe too.
    """

    method: str
    target: bytes
    token: CallerToken
    via: Via
    headers: Sequence[Header] = ()
    body: bytes = b""
    address: str | None = None
    outside: Receive | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the gateway answered. `id` is the call's row."""

    id: str
    status: int
    headers: Sequence[Header]
    body: bytes
    upstream_status: int | None
    stripe_request_id: str | None
    duration_ms: int


async def ask(answering: Answering, question: Question) -> Told:
    """Have a call answered, and return the whole answer; a refusal is an answer, too.

    `answering` is the chain's own way, or that of a face beside it.

    Raises:
        CallRefused: the answer broke off before it was whole.
    """
    mouth, ear = _Mouth(question.body, question.outside), _Ear()
    talk = Conversation(_scope_of(question), mouth, ear, question.via)
    await answering(talk)
    if not ear.is_whole:
        raise CallRefused(RefusalCode.UPSTREAM_BROKEN_OFF)
    return Told(
        id=talk.id,
        status=ear.status,
        headers=ear.headers,
        body=bytes(ear.body),
        upstream_status=talk.upstream_status,
        stripe_request_id=talk.stripe_request_id,
        duration_ms=talk.duration_ms,
    )


def _scope_of(question: Question) -> Scope:
    path, _, query = question.target.partition(b"?")
    token = question.token.reveal().encode("utf-8", "surrogatepass")
    headers: list[Header] = [
        (b"host", b"gateway"),
        (b"authorization", b"Bearer " + token),
        *question.headers,
    ]
    if question.body:
        headers.append((b"content-length", b"%d" % len(question.body)))
    client = None if question.address is None else (question.address, 0)
    return {
        "type": "http",
        "http_version": "1.1",
        "method": question.method,
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": query,
        "headers": headers,
        "client": client,
    }


class _Mouth:
    """Says the body once; then what is heard outside, where the caller's body is over too."""

    def __init__(self, body: bytes, outside: Receive | None) -> None:
        self._body: bytes | None = body
        self._outside = outside

    async def __call__(self) -> Message:
        if self._body is None:
            if self._outside is not None:
                return await self._outside()
            await asyncio.Event().wait()  # nobody is there to hang up
        body, self._body = self._body, None
        return {"type": "http.request", "body": body or b"", "more_body": False}


class _Ear:
    """Keeps the answer."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Sequence[Header] = ()
        self.body = bytearray()
        self.is_whole = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        else:
            self.body += message.get("body", b"")
            self.is_whole = not message.get("more_body", False)
