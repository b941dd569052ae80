"""How does a fault happen? Waits, refuses, answers garbage, or cuts the connection.

Source: Stripe's documentation, "Advanced error handling".
"""

import asyncio

from aboard.sandbox.faults import GARBAGE, Fault, Unanswered
from aboard.sandbox.wire.http import Receive, Send

PATIENCE_SECONDS = 100
"""How long an unanswered call is kept by default: longer than the SDKs wait."""
_LOOK_AGAIN_SECONDS = 0.05


async def strike(fault: Fault, receive: Receive) -> None:
    """Let a fault happen; a slow one is over after its seconds.

    Raises:
        StripeError: the call is refused in JSON.
        Unanswered: the call gets no JSON.
    """
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds or 0)
        return
    if fault.kind == "timeout":
        await _until_gone(receive, fault.seconds or PATIENCE_SECONDS)
    if fault.kind in {"timeout", "reset"} or fault.kind in GARBAGE:
        raise Unanswered(fault.kind)
    raise fault.refusal()


async def _until_gone(receive: Receive, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            return
        if message["type"] == "http.disconnect":
            return
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def end(unanswered: Unanswered, send: Send) -> None:
    """End a call without JSON: with garbage, or by cutting the connection.

    Raises:
        OSError: there is no connection to cut; the caller in this process sees that.
    """
    if unanswered.kind in GARBAGE:
        status, body = GARBAGE[unanswered.kind]
        headers = [(b"content-type", b"text/html"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
        await asyncio.sleep(0)  # the server learns of it before we return
    elif unanswered.kind == "timeout":
        raise TimeoutError(unanswered.kind)
    else:
        raise ConnectionResetError(unanswered.kind)
