"""An OpenID Connect issuer on this machine: real HTTP, real keys, and every kind of trouble.

`trouble` says what the next answers are: `slow`, `500`, `garbage`, `huge`, `redirect`,
`another_issuer`, `plain_http`; nothing for honest ones. `at` limits it to one of the two documents.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from aboard.web.keys import MAX_KEY_SET_BYTES

AUDIENCE = "aboard"
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
NEW = ECKey.generate_key("P-256", {"kid": "new"})
DISCOVERY = "/.well-known/openid-configuration"
KEY_SET = "/keys"


@dataclass
class LocalIssuer:
    """The issuer, what it publishes, and what it was asked."""

    address: str
    keys: list[Key] = field(default_factory=lambda: [RSA, EC])
    trouble: str = ""
    at: str = ""
    asked: list[str] = field(default_factory=list)
    skew: timedelta = timedelta()
    released: threading.Event = field(default_factory=threading.Event)

    def mint(
        self,
        now: datetime,
        *,
        key: Key = EC,
        algorithm: str = "ES256",
        header: dict[str, Any] | None = None,
        **changes: Any,  # noqa: ANN401 - any claim
    ) -> str:
        """Return a token of this issuer; a change to None takes a claim away."""
        head = {"alg": algorithm, "kid": key.kid, "typ": "JWT", **(header or {})}
        claims = self.claims(now, **changes)
        return jwt.encode(
            {name: value for name, value in head.items() if value is not None},
            claims,
            key,
            [algorithm],
        )

    def claims(self, now: datetime, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any claim
        """Return what a good token says, with changes."""
        second = int(now.timestamp())
        whole = {
            "iss": self.address,
            "aud": AUDIENCE,
            "sub": "ada",
            "iat": second,
            "nbf": second,
            "exp": second + 300,
            **changes,
        }
        return {name: value for name, value in whole.items() if value is not None}

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and headers for a path."""
        self.asked.append(path)
        trouble = self.trouble if self.at in {"", path} else ""
        if trouble == "slow":
            self.released.wait(20)
        bad: dict[str, tuple[int, bytes, dict[str, str]]] = {
            "500": (500, b"{}", {}),
            "garbage": (200, b"<html>\xff", {}),
            "huge": (200, b" " * (MAX_KEY_SET_BYTES + 1), {}),
            "redirect": (302, b"", {"Location": f"{self.address}/elsewhere{path}"}),
        }
        if trouble in bad:
            return bad[trouble]
        if path.endswith(KEY_SET):
            published = [key.as_dict(private=False) for key in self.keys]
            return 200, json.dumps({"keys": published}).encode(), {}
        if path.endswith(DISCOVERY):
            names = {
                "issuer": "https://evil.example" if trouble == "another_issuer" else self.address,
                "jwks_uri": "http://keys.example/keys"
                if trouble == "plain_http"
                else f"{self.address}{KEY_SET}",
            }
            return 200, json.dumps(names).encode(), {}
        return 404, b"{}", {}


@contextmanager
def open_issuer() -> Iterator[LocalIssuer]:
    """Serve an issuer on a free port for the length of the block."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, headers = issuer.answer(self.path)
            self.send_response_only(status)
            # The address serves no clock of a test: a real one, moved as the test says.
            at = datetime.now().astimezone() + issuer.skew
            self.send_header("Date", format_datetime(at))
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    issuer = LocalIssuer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield issuer
    finally:
        issuer.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
