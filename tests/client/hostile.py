"""A service on loopback that answers as it is told: late, never, too much, garbage, half.

It speaks raw bytes over real sockets, so that nothing polite stands between it and the client. Each
connection is served by a thread; each request takes the next of the behaviours, the last for good.
"""

import json
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Heard:
    """One request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


Behaviour = Callable[[socket.socket, Heard], bool]
"""Answer on this socket; say whether the connection may be used again."""


@dataclass
class Hostile:
    """The service, what it will do, and what it heard."""

    address: str
    behaviours: list[Behaviour]
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_behaviour(self, heard: Heard) -> Behaviour:
        with self.lock:
            self.heard.append(heard)
            return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]


@contextmanager
def hostile(*behaviours: Behaviour, certificate: Path | None = None) -> Iterator[Hostile]:
    """Listen on a free port until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    scheme = "http" if certificate is None else "https"
    server = Hostile(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", list(behaviours))
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    def serve(plain: socket.socket) -> None:
        plain.settimeout(PATIENCE_SECONDS)
        with suppress(OSError), plain:
            connection = context.wrap_socket(plain, server_side=True) if context else plain
            while (heard := read_request(connection)) is not None:
                if not server.next_behaviour(heard)(connection, heard):
                    break
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE_SECONDS)


def read_request(connection: socket.socket) -> Heard | None:
    read = b""
    while b"\r\n\r\n" not in read:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        read += chunk
    head, _, body = read.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.partition(":") for line in lines]
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    method, target, _ = first.split(" ")
    return Heard(method, target, headers, body)


def raw(*parts: bytes | float, keep: bool = False) -> Behaviour:
    """Send these bytes as they stand; a number is a pause in seconds."""

    def behave(connection: socket.socket, _: Heard) -> bool:
        for part in parts:
            if isinstance(part, bytes):
                connection.sendall(part)
            else:
                time.sleep(part)
        return keep

    return behave


def answer(
    body: object = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    kind: str = "application/json",
) -> Behaviour:
    """Answer politely; a body that is no bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    content = b"" if body is None else content
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = [f"HTTP/1.1 {status} Words", f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in pairs]
    return raw("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content, keep=True)


def reset(connection: socket.socket, _: Heard) -> bool:
    """Break the connection off as a dying process does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def drip(head: bytes, drop: bytes, every_seconds: float = 0.02) -> Behaviour:
    """Send a head, and then a drop again and again until nobody listens any more."""

    def behave(connection: socket.socket, _: Heard) -> bool:
        connection.sendall(head)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            connection.sendall(drop)
            time.sleep(every_seconds)
        return False

    return behave


def refusal(code: str, **rest: object) -> dict[str, Any]:
    """Return a body of the organizations API that says no."""
    return {"code": code, "message": "Words.", "request_id": "req_1", **rest}


def envelope(data: object) -> dict[str, Any]:
    """Return a body of the creators API that says yes."""
    return {"success": True, "data": data}


STATUS = {
    "stripeAccountId": "acct_1",
    "stripeAccountStatus": "ACTIVE",
    "chargesEnabled": True,
    "payoutsEnabled": True,
    "detailsSubmitted": True,
}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as there:
        port: int = there.getsockname()[1]
        return port


def words_of(target: str) -> list[str]:
    """Return the segments of a target's path, as they were sent."""
    return re.split(r"[/?]", target)
