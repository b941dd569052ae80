"""A Stripe behind a gateway: two answers, and a count of what should never have come so far.

`GET /v1/accounts/ID` answers with 6 KB about that account, `POST /v1/account_links` with a new
link for the account in the form. Whoever comes without the platform's key, with a cookie, or with
anything that looks like a caller's own credential, is counted as a leak. `GET /count` tells.
"""

import asyncio
import json
import sys

from benchmarks.peers.raw_http import RawServer
from benchmarks.serving import STRIPE_KEY

PADDING = "x" * 5_800
_KEY = b"\r\nauthorization: bearer " + STRIPE_KEY.encode() + b"\r\n"
_MARKS = (b"aboard_test_", b"\r\ncookie:", b"caller-secret")


class Upstream(RawServer):
    """Answers each request of a connection."""

    asked = 0
    leaked = 0

    def heard(self, transport: asyncio.Transport, head: bytes, lowered: bytes, body: bytes) -> None:
        if head.startswith(b"GET /count "):
            said: dict[str, object] = {"asked": Upstream.asked, "leaked": Upstream.leaked}
        else:
            Upstream.asked += 1
            whole = lowered + body
            Upstream.leaked += _KEY not in lowered or any(mark in whole for mark in _MARKS)
            said = _said(head, body)
        raw = json.dumps(said).encode()
        top = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            f"Request-Id: req_{Upstream.asked}\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        transport.write(top.encode() + raw)


def _said(head: bytes, body: bytes) -> dict[str, object]:
    if head.startswith(b"GET /v1/accounts/"):
        key = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
        return {"id": key, "object": "account", "metadata": {"padding": PADDING}}
    account = body.decode().partition("account=")[2].partition("&")[0]
    return {
        "object": "account_link",
        "url": f"http://localhost/setup/e/{account}/{Upstream.asked:012d}",
    }


async def serve(port: int) -> None:
    """Listen on loopback until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(int(sys.argv[1])))
