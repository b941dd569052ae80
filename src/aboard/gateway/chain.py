"""How does a call run through the gateway? The steps, the way up and down, and the end of its row.

Whatever happens, a call leaves exactly one row: refused before it went up, or opened before and
closed after.

Source: ADR-0029, the gateway; docs/gateway/index.md, the way of a call.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from traceback import extract_tb
from typing import Final

from aboard.core.lending.calls import ANSWERED
from aboard.core.lending.operations import BodyKind
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.journal import LogEvent
from aboard.flows.lending.borrowing import find_borrower
from aboard.flows.lending.calls import close_call, refuse_call
from aboard.gateway.bodies import spill
from aboard.gateway.conversation import Conversation
from aboard.gateway.forwarding import Exchange, Outgoing
from aboard.gateway.headers import headers_down
from aboard.gateway.heads import read_token
from aboard.gateway.masking import Mask
from aboard.gateway.refusing import Reply, reply_refusal
from aboard.gateway.steps import CHAIN, Ground, Step, there
from aboard.gateway.upstream import Answer, Pool, Upstream
from aboard.gateway.wire import HANG_UP, Header

_SPILLED_BYTES: Final = 1 << 20
_SPILLING_SECONDS: Final = 1.0
_SAFE: Final = "GET"
_CLOSE: Final[Header] = (b"connection", b"close")
_REQUEST_ID: Final = b"request-id"
_log = logging.getLogger("aboard")

Answering = Callable[[Conversation], Awaitable[None]]


class Chain:
    """The way of a call. `upstreams` are Stripe's addresses by mode, `files` those for files."""

    def __init__(
        self,
        ground: Ground,
        upstreams: Mapping[Mode, Upstream],
        files: Mapping[Mode, Upstream],
    ) -> None:
        """Take what the steps stand on, and where calls go; nothing is opened yet."""
        self._ground = ground
        self._upstreams, self._files = upstreams, files
        self._pool = Pool(ground.bounds.connections)

    def close(self) -> None:
        """End the connections that are kept."""
        self._pool.close()

    async def run(self, talk: Conversation) -> None:
        """Let a call pass and answer it."""
        await self.guard(talk, CHAIN, self._relay)

    async def guard(self, talk: Conversation, steps: tuple[Step, ...], answer: Answering) -> None:
        """Run steps, then answer; whatever is refused on the way is told and written down."""
        try:
            for step in steps:
                await step(self._ground, talk)
            await answer(talk)
        except CallRefused as refusal:
            await self._end(talk, refusal)
        except asyncio.CancelledError:
            await asyncio.shield(self._write_down(talk, RefusalCode.CALLER_GONE))
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the call needs its row
            self._note_fault(talk, error)
            await self._end(talk, CallRefused(RefusalCode.GATEWAY_FAULT))

    async def _relay(self, talk: Conversation) -> None:
        """Send the call up and its answer down, then close its row."""
        body, key = there(talk.body), there(talk.key)
        patience = self._ground.bounds.patience
        exchange = Exchange(self._pool, self._outgoing(talk, key), body, patience)
        mask = Mask(key)
        is_ended = False
        try:
            answer = await exchange.ask()
            talk.upstream_status = answer.status
            await self._pass_head(talk, answer, mask)
            async for piece in exchange.pieces():
                is_ended = exchange.is_over and body.is_whole
                covered = mask.feed(piece) + (mask.end() if is_ended else b"")
                await self._send(talk, covered, more=not is_ended)
        finally:
            exchange.close()
        if not is_ended:
            await self._send(talk, mask.end(), more=not body.is_whole)
        if not body.is_whole:
            await self._spill(talk)
        await self._write_down(talk, None)

    def _outgoing(self, talk: Conversation, key: Secret) -> Outgoing:
        heads, target, match = there(talk.heads), there(talk.target), there(talk.match)
        mode = there(talk.borrower).mode
        is_file = match.operation.body is BodyKind.MULTIPART
        upstream = (self._files if is_file else self._upstreams).get(mode)
        if upstream is None:
            raise CallRefused(RefusalCode.MODE_NOT_CONFIGURED)
        path = target.path.encode("ascii") + (b"?" + target.query if target.query else b"")
        lines = [
            b"%b %b%b HTTP/1.1" % (talk.method.encode("ascii"), upstream.prefix, path),
            b"host: " + upstream.authority,
            b"authorization: Bearer " + key.reveal().encode("ascii"),
            b"accept-encoding: identity",
            *(b"%b: %b" % pair for pair in heads.up),
        ]
        if heads.length is None:
            lines.append(b"transfer-encoding: chunked")
        elif heads.length or talk.method != _SAFE:
            lines.append(b"content-length: %d" % heads.length)
        return Outgoing(
            upstream=upstream,
            head=b"\r\n".join(lines) + b"\r\n\r\n",
            is_chunked=heads.length is None,
            is_repeatable=talk.method == _SAFE or heads.is_repeatable,
        )

    async def _pass_head(self, talk: Conversation, answer: Answer, mask: Mask) -> None:
        headers = headers_down(answer.headers, answer.status, mask)
        said = dict(headers)
        if said.get(b"content-encoding", b"identity").lower() != b"identity":
            raise CallRefused(RefusalCode.UPSTREAM_GARBAGE)  # the key could not be seen in it
        talk.stripe_request_id = said.get(_REQUEST_ID, b"").decode("latin-1") or None
        talk.status = answer.status
        headers += talk.own_headers()
        if not there(talk.body).is_whole:
            headers.append(_CLOSE)
        talk.has_answered = True
        await talk.send(
            {"type": "http.response.start", "status": answer.status, "headers": headers}
        )

    async def _send(self, talk: Conversation, piece: bytes, *, more: bool) -> None:
        talk.bytes_out += len(piece)
        try:
            async with asyncio.timeout(self._ground.bounds.patience.between_bytes):
                await talk.send({"type": "http.response.body", "body": piece, "more_body": more})
        except TimeoutError:  # it does not read what it asked for
            raise CallRefused(RefusalCode.CALLER_GONE) from None

    async def _spill(self, talk: Conversation) -> None:
        """Read on for a moment, so that the answer is read before the connection ends."""
        await spill(talk.receive, most=_SPILLED_BYTES, seconds=_SPILLING_SECONDS)
        await talk.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _end(self, talk: Conversation, refusal: CallRefused) -> None:
        """Write down that a call was refused or broke off, then say so if that can still be."""
        await self._attribute(talk)
        if talk.has_answered:
            hang_up = talk.scope.get(HANG_UP)
            if hang_up is not None:
                hang_up()
            await self._write_down(talk, refusal.code)
            return
        is_unread = _may_have_more(talk)
        headers = [*talk.own_headers(), *([_CLOSE] if is_unread else [])]
        reply = reply_refusal(refusal, *headers)
        talk.status, talk.bytes_out = reply.status, len(reply.body)
        talk.has_answered = True
        await self._write_down(talk, refusal.code)
        await self.tell(talk, reply, is_unread=is_unread)

    async def tell(self, talk: Conversation, reply: Reply, *, is_unread: bool = False) -> None:
        """Answer with words of our own."""
        await talk.send(
            {"type": "http.response.start", "status": reply.status, "headers": [*reply.headers]}
        )
        await talk.send({"type": "http.response.body", "body": reply.body, "more_body": is_unread})
        if is_unread:
            await self._spill(talk)

    async def _attribute(self, talk: Conversation) -> None:
        """Find out whose call it was that was refused before anybody was asked for."""
        if talk.borrower is None and "headers" in talk.scope:
            with suppress(CallRefused):
                talk.borrower = await find_borrower(
                    self._ground.platform, read_token(talk.scope["headers"])
                )

    async def _write_down(self, talk: Conversation, code: RefusalCode | None) -> None:
        """Write the call's one row, or the end of it; a second time does nothing."""
        if talk.is_closed:
            return
        talk.is_closed = True
        platform, borrower = self._ground.platform, talk.borrower
        if talk.is_open and borrower is not None:
            closed = talk.closed(ANSWERED if code is None else code.value)
            await close_call(platform, talk.id, closed, mode=borrower.mode)
        elif code is not None:
            await refuse_call(platform, talk.refused(code))

    def _note_fault(self, talk: Conversation, error: Exception) -> None:
        # The type and the place, never the text: it may quote what must stay shut.
        kind = type(error).__name__
        frames = extract_tb(error.__traceback__)
        places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-5:]))
        self._ground.platform.journal.note(
            LogEvent.REQUEST_FAILED, request_id=talk.id, error_code=kind
        )
        _log.error("request.failed request_id=%s error=%s at=%s", talk.id, kind, places)


def _may_have_more(talk: Conversation) -> bool:
    """Say whether the caller may still be sending."""
    if talk.body is not None:
        return not talk.body.is_whole
    return talk.heads is None or talk.heads.has_body
