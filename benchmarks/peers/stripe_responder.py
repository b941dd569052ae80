"""A Stripe that costs next to nothing: accounts and account links alone, in its own process.

Every link is new (a serial number stands in it) and is for the account that was asked for, so
that an answer from a cache or for somebody else can be told apart. Every account that is read
says which one it is, and reads are counted by account. `GET /count` says how many links were
made, `GET /reads` how often each account was read and when the first read came; `DELETE /reads`
forgets that. Given a latency in seconds, it answers that much later, whoever asks meanwhile.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import ClassVar
from urllib.parse import parse_qs

from benchmarks.peers.raw_http import RawServer

_HEAD = (
    "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nRequest-Id: req_{serial}\r\n"
    "Content-Length: {length}\r\n\r\n"
)
_NEEDED = ("account", "refresh_url", "return_url", "type")
_ACCOUNT = b"GET /v1/accounts/"
_OURS = (b"GET /count ", b"GET /reads ", b"DELETE /reads ")


class Responder(RawServer):
    """Answers each request of a connection."""

    links = 0
    asked = 0
    latency_seconds = 0.0
    reads: ClassVar[Counter[str]] = Counter()
    first_read_at = 0.0

    def heard(self, transport: asyncio.Transport, head: bytes, lowered: bytes, body: bytes) -> None:
        Responder.asked += 1
        if is_ours := head.startswith(_OURS):
            status, said = "200 OK", _told(head)
        elif b"\r\nauthorization: bearer sk_test_" not in lowered:
            status, said = "401 Unauthorized", _error("You did not provide an API key.")
        else:
            status, said = _stripe(head, body)
        raw = json.dumps(said).encode()
        top = _HEAD.format(status=status, serial=Responder.asked, length=len(raw))
        answer = top.encode() + raw
        if Responder.latency_seconds and not is_ours:
            loop = asyncio.get_running_loop()
            loop.call_later(Responder.latency_seconds, transport.write, answer)
        else:
            transport.write(answer)


def _told(head: bytes) -> dict[str, object]:
    if head.startswith(b"GET /count "):
        return {"links": Responder.links}
    if head.startswith(b"DELETE "):
        Responder.reads.clear()
        Responder.first_read_at = 0.0
    return {"reads": dict(Responder.reads), "first_read_at": Responder.first_read_at}


def _stripe(head: bytes, body: bytes) -> tuple[str, dict[str, object]]:
    if head.startswith(_ACCOUNT):
        key = head[len(_ACCOUNT) :].split(None, 1)[0].split(b"?", 1)[0].decode()
        if not Responder.reads:
            Responder.first_read_at = time.time()
        Responder.reads[key] += 1
        return "200 OK", _account(key)
    if head.startswith(b"POST /v1/account_links "):
        return _link(body)
    if head.startswith(b"POST /v1/accounts "):
        return "200 OK", _account(f"acct_bench{Responder.asked:012d}")
    if head.startswith(b"GET /v1/accounts?"):
        return "200 OK", {"object": "list", "data": [], "has_more": False, "url": "/v1/accounts"}
    if head.startswith(b"GET /v1/account "):
        return "200 OK", _account("acct_benchplatform")
    return "404 Not Found", _error("Unrecognized request URL.")


def _link(body: bytes) -> tuple[str, dict[str, object]]:
    fields = parse_qs(body.decode())
    for name in _NEEDED:
        if name not in fields:
            return "400 Bad Request", _error(f"Missing required param: {name}.", name)
    Responder.links += 1
    now = int(time.time())
    account = fields["account"][0]
    return "200 OK", {
        "object": "account_link",
        "created": now,
        "expires_at": now + 300,
        "url": f"http://localhost/setup/e/{account}/{Responder.links:012d}",
    }


def _account(key: str) -> dict[str, object]:
    return {
        "id": key,
        "object": "account",
        "type": "express",
        "country": "US",
        "charges_enabled": False,
        "payouts_enabled": False,
        "details_submitted": False,
        "capabilities": {"card_payments": "inactive", "transfers": "inactive"},
        "requirements": {
            "currently_due": ["business_type"],
            "disabled_reason": "requirements.past_due",
        },
    }


def _error(message: str, param: str | None = None) -> dict[str, object]:
    said: dict[str, object] = {"message": message, "type": "invalid_request_error"}
    return {"error": {**said, "param": param} if param else said}


async def serve(port: int) -> None:
    """Listen on loopback until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Responder, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    Responder.latency_seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    uvloop.run(serve(int(sys.argv[1])))
