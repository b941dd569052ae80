"""Does it work as a real server, with the SDK's own clients and real webhooks?"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe
import uvicorn

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import CUSTOM, EXPRESS, KEY, Wire, free

PATIENCE_SECONDS = 20.0


@dataclass
class Receiver:
    """A real HTTP server that takes webhooks: refuses the first one, then takes the rest."""

    mail: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    refusals: int = 0
    url: str = ""
    redirect: int = 0
    slow_seconds: float = 0.0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    received = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_refused = len(received.mail) < received.refusals
            received.mail.append((dict(self.headers.items()), body))
            time.sleep(received.slow_seconds)
            self.send_response(500 if is_refused else received.redirect or 200)
            if received.redirect:
                self.send_header("Location", received.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield received
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def served() -> Iterator[tuple[Sandbox, str]]:
    sandbox = Sandbox()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # whoever comes before the server is ready waits instead of failing
        server = uvicorn.Server(uvicorn.Config(sandbox.app, log_level="error"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield sandbox, f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def wait_for(receiver: Receiver, count: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while len(receiver.mail) < count:
        assert time.monotonic() < until, f"{len(receiver.mail)} of {count} webhooks came"
        time.sleep(0.01)


def client(origin: str) -> stripe.StripeClient:
    return stripe.StripeClient(KEY, base_addresses={"api": origin}, max_network_retries=0)


def test_default_client_and_real_webhooks(served: tuple[Sandbox, str], receiver: Receiver) -> None:
    _, origin = served
    sdk = client(origin)
    endpoint = sdk.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["*"], "connect": True}
    )
    account = sdk.v1.accounts.create(EXPRESS)
    link = sdk.v1.account_links.create(
        {
            "account": account.id,
            "type": "account_onboarding",
            "refresh_url": "http://localhost/again",
            "return_url": "http://localhost/done",
        }
    )
    assert link.url.startswith(f"{origin}/setup/e/{account.id}/")
    assert sdk.v1.accounts.retrieve(account.id).id == account.id
    assert [each.id for each in sdk.v1.accounts.list().data] == [account.id]
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.accounts.create(free({"type": "deluxe"}))
    wait_for(receiver, 2)
    assert endpoint.secret is not None
    for headers, body in receiver.mail:
        event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], endpoint.secret)
        assert event.account == account.id
        assert headers["Content-Type"].startswith("application/json")


def test_a_refused_webhook_comes_again_when_the_clock_moves(
    served: tuple[Sandbox, str], receiver: Receiver
) -> None:
    sandbox, origin = served
    sdk = client(origin)
    account = sdk.v1.accounts.create(CUSTOM)
    sdk.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["account.updated"], "connect": True}
    )
    receiver.refusals = 1
    sdk.v1.accounts.update(account.id, {"metadata": {"a": "1"}})
    wait_for(receiver, 1)
    sandbox.clock.advance(3600)
    wait_for(receiver, 2)
    first, second = (json.loads(body)["id"] for _, body in receiver.mail)
    assert first == second


def test_a_dead_address_is_a_failed_attempt(served: tuple[Sandbox, str]) -> None:
    sandbox, origin = served
    sdk = client(origin)
    account = sdk.v1.accounts.create(CUSTOM)
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}/hook"
        sdk.v1.webhook_endpoints.create(
            {"url": url, "enabled_events": ["account.updated"], "connect": True}
        )
        sdk.v1.accounts.update(account.id, {"metadata": {"a": "1"}})
        until = time.monotonic() + PATIENCE_SECONDS
        while not (
            tries := [d.attempts for d in sandbox.world(KEY).deliveries.shelf if d.attempts]
        ):
            assert time.monotonic() < until
            time.sleep(0.01)
    assert tries[0][0].status is None
    assert tries[0][0].failure == "ClientConnectorError"


async def test_real_delivery_without_a_server_loop(receiver: Receiver) -> None:
    sandbox = Sandbox()
    world = sandbox.world(KEY)
    assert world.now()
    from tests.sandbox.conftest import client as in_process  # noqa: PLC0415 - only here

    sdk = in_process(sandbox)
    account = await sdk.v1.accounts.create_async(CUSTOM)
    await sdk.v1.webhook_endpoints.create_async(
        {"url": receiver.url, "enabled_events": ["account.updated"], "connect": True}
    )
    await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
    assert await sandbox.deliver_due() == 1
    await asyncio.sleep(0)
    await sandbox.close()
    assert len(receiver.mail) == 1


@pytest.mark.parametrize("redirect", [301, 302, 307, 308])
async def test_redirects_are_not_followed(receiver: Receiver, redirect: int) -> None:
    receiver.redirect = redirect
    sandbox = Sandbox()
    attempt = await _first_attempt(sandbox, receiver)
    assert (attempt["status"], len(receiver.mail)) == (redirect, 1)


async def test_a_receiver_that_takes_too_long_has_failed(receiver: Receiver) -> None:
    receiver.slow_seconds = 0.6
    sandbox = Sandbox()
    sandbox.policy.receiver_seconds = 0.2
    attempt = await _first_attempt(sandbox, receiver)
    assert (attempt["status"], attempt["failure"]) == (None, "TimeoutError")
    assert attempt["milliseconds"] >= 200


async def _first_attempt(sandbox: Sandbox, receiver: Receiver) -> dict[str, Any]:
    """Let one event go out, and return how its first attempt went."""
    wire = Wire(sandbox)
    made = (await wire.send("POST", "/v1/accounts", "type=express&country=US")).json
    form = {"url": receiver.url, "enabled_events[]": "account.updated", "connect": "true"}
    await wire.send("POST", "/v1/webhook_endpoints", form)
    await wire.send("POST", f"/v1/accounts/{made['id']}", "metadata[a]=1")
    await sandbox.deliver_due()
    await sandbox.close()
    (row,) = (await wire.send("GET", "/_sandbox/deliveries")).json["data"]
    attempt: dict[str, Any] = row["attempts"][0]
    return attempt
