"""A Stripe that costs next to nothing: accounts and account links alone, in its own process.

Every link is new (a serial number stands in it) and is for the account that was asked for, so
that an answer from a cache or for somebody else can be told apart. `GET /count` says how many
links were made.
"""

import asyncio
import json
import sys
import time
from typing import cast
from urllib.parse import parse_qs

_HEAD = (
    "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nRequest-Id: req_{serial}\r\n"
    "Content-Length: {length}\r\n\r\n"
)
_NEEDED = ("account", "refresh_url", "return_url", "type")


class Responder(asyncio.Protocol):
    """One keep-alive connection."""

    links = 0
    asked = 0

    def __init__(self) -> None:
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not registered as one

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while (end := self._heard.find(b"\r\n\r\n")) >= 0:
            head = self._heard[:end]
            lowered = head.lower()
            named = lowered.find(b"\r\ncontent-length:")
            length = int(lowered[named + 17 :].split(b"\r\n", 1)[0]) if named >= 0 else 0
            if len(self._heard) < end + 4 + length:
                return
            body = self._heard[end + 4 : end + 4 + length]
            self._heard = self._heard[end + 4 + length :]
            self._answer(head, lowered, body)

    def _answer(self, head: bytes, lowered: bytes, body: bytes) -> None:
        assert self._transport is not None
        Responder.asked += 1
        said: dict[str, object]
        if head.startswith(b"GET /count "):
            status, said = "200 OK", {"links": Responder.links}
        elif b"\r\nauthorization: bearer sk_test_" not in lowered:
            status, said = "401 Unauthorized", _error("You did not provide an API key.")
        elif head.startswith(b"POST /v1/account_links "):
            status, said = _link(body)
        elif head.startswith(b"POST /v1/accounts "):
            status, said = "200 OK", _account(Responder.asked)
        else:
            status, said = "404 Not Found", _error("Unrecognized request URL.")
        raw = json.dumps(said).encode()
        top = _HEAD.format(status=status, serial=Responder.asked, length=len(raw))
        self._transport.write(top.encode() + raw)


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


def _account(serial: int) -> dict[str, object]:
    return {
        "id": f"acct_bench{serial:012d}",
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

    uvloop.run(serve(int(sys.argv[1])))
