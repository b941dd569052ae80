"""What is posted to the two endpoints, signed as Stripe signs, and by hand where that matters."""

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import httpx2

from aboard.webhooks.wire import Message, Receive, Scope
from tests.scene import CONNECT_SECRET, PLATFORM_SECRET, Scene

PLATFORM = "/v1/webhooks/stripe"
CONNECT = "/v1/webhooks/stripe/connect"
SECRETS = {PLATFORM: PLATFORM_SECRET, CONNECT: CONNECT_SECRET}


def event(event_id: str = "evt_1", **changes: Any) -> bytes:  # noqa: ANN401 - any field
    document = {
        "id": event_id,
        "object": "event",
        "type": "account.updated",
        "created": 1_795_000_000,
        "livemode": False,
        "data": {"object": {}},
        **changes,
    }
    return json.dumps(document).encode()


def sign(payload: bytes, secret: str, at: datetime) -> str:
    """Sign as Stripe does, written down here once more: our own signer is under test."""
    stamp = int(at.timestamp())
    mac = hmac.new(secret.encode(), b"%d." % stamp + payload, "sha256").hexdigest()
    return f"t={stamp},v1={mac}"


async def post(
    scene: Scene,
    poster: httpx2.AsyncClient,
    path: str,
    payload: bytes,
    **changes: Any,  # noqa: ANN401 - any of the five
) -> httpx2.Response:
    secret = changes.get("secret", SECRETS[path])
    header = changes.get("header", sign(payload, secret, changes.get("at", scene.clock())))
    headers = {} if header is None else {"stripe-signature": header}
    headers |= changes.get("headers", {})
    return await poster.post(path, content=changes.get("body", payload), headers=headers)


def assert_refused(answer: httpx2.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json().keys() == {"code", "message", "request_id"}
    assert answer.json()["code"] == code
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


class Told:
    """What a bare ASGI application told somebody."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        """Take what is sent."""
        self.messages.append(message)

    @property
    def status(self) -> int:
        """Return the status; 0 while there is none."""
        return int(self.messages[0]["status"]) if self.messages else 0

    @property
    def headers(self) -> Mapping[bytes, bytes]:
        """Return the headers by name."""
        return dict(self.messages[0]["headers"])

    @property
    def code(self) -> str:
        """Return the refusal's code."""
        return str(json.loads(self.messages[1]["body"])["code"])


def scope_of(path: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "http_version": "1.1",
        "headers": list(headers),
    }


def pieces(*bodies: bytes) -> Receive:
    """Return what hands out a body piece by piece, the last of which is the end."""
    coming = [
        {"type": "http.request", "body": body, "more_body": place < len(bodies) - 1}
        for place, body in enumerate(bodies)
    ]

    async def receive() -> Message:
        return coming.pop(0)

    return receive


def counted(scene: Scene, tally: str) -> dict[tuple[tuple[str, str], ...], int]:
    """Return what the meter counted of one tally, by its labels."""
    return {
        labels: number for name, labels, number in scene.platform.meter.counts() if name == tally
    }
