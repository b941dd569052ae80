"""When do the clients ask again? Only where a second request does nothing more than the first."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from aboard.client import (
    CallFailed,
    Conflict,
    ConnectionFailed,
    TooManyRequests,
    Unavailable,
)
from tests.client.conftest import TOKEN, Caller
from tests.client.hostile import (
    STATUS,
    Behaviour,
    answer,
    envelope,
    free_port,
    hostile,
    refusal,
    reset,
)
from tests.client.test_asking import SETUP

FINE = answer(envelope(STATUS))
LINKED = answer(envelope({"accountId": "acct_1", "onboardingUrl": "https://stripe.example/words"}))
AWAY = answer(refusal("stripe_unavailable"), status=503)
Ask = Callable[[Any], Any]


def status(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
    return client.creators.status()


def initiate(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
    return client.creators.initiate()


def go_live(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
    return client.organizations.go_live("org_1", mode="test")


AGAIN: dict[str, tuple[Ask, Behaviour, Behaviour]] = {
    "a read, and Stripe is away": (status, AWAY, FINE),
    "a read, and a proxy is in trouble": (status, answer(b"<html>", status=502), FINE),
    "a read that a proxy waited for too long": (status, answer(b"<html>", status=504), FINE),
    "a keyed change that broke off": (go_live, reset, answer(SETUP)),
    "a keyed change, and Stripe is away": (go_live, AWAY, answer(SETUP)),
    "a keyed change whose first try is at work": (
        go_live,
        answer(refusal("idempotency_in_progress"), status=409),
        answer(SETUP),
    ),
}
ONCE: dict[str, tuple[Ask, Behaviour, type[CallFailed]]] = {
    "initiate that broke off": (initiate, reset, ConnectionFailed),
    "initiate, and Stripe is away": (initiate, AWAY, Unavailable),
    "a refresh that broke off": (
        lambda client: client.creators.refresh_link(),
        reset,
        ConnectionFailed,
    ),
    "a read over the limit": (
        status,
        answer(refusal("rate_limited"), status=429, headers={"Retry-After": "1"}),
        TooManyRequests,
    ),
    "a read that is to wait an hour": (
        status,
        answer(refusal("away"), status=503, headers={"Retry-After": "3600"}),
        Unavailable,
    ),
    "a change that conflicts": (
        go_live,
        answer(refusal("idempotency_conflict"), status=409),
        Conflict,
    ),
    "a change that is not ready": (go_live, answer(refusal("not_ready"), status=409), Conflict),
    "a fault of the service": (status, answer(refusal("internal"), status=500), CallFailed),
}


@pytest.mark.parametrize("name", AGAIN)
def test_it_asks_again(call: Caller, name: str) -> None:
    ask, first, second = AGAIN[name]
    with hostile(first, second) as server:
        call(server.address, ask, token=TOKEN)
    assert len(server.heard) == 2
    keys = {heard.headers.get("idempotency-key") for heard in server.heard}
    assert len(keys) == 1


@pytest.mark.parametrize("name", ONCE)
def test_it_asks_once(call: Caller, name: str) -> None:
    ask, behaviour, kind = ONCE[name]
    with hostile(behaviour) as server, pytest.raises(kind):
        call(server.address, ask, token=TOKEN)
    assert len(server.heard) == 1


def test_it_waits_as_long_as_it_is_told(call: Caller) -> None:
    away = answer(refusal("away"), status=503, headers={"Retry-After": "1"})
    begun = time.monotonic()
    with hostile(away, FINE) as server:
        call(server.address, status, token=TOKEN)
    assert 1 <= time.monotonic() - begun < 3


def test_it_gives_up_after_its_retries(call: Caller) -> None:
    away = answer(
        refusal("away", details={"reason": "out"}), status=503, headers={"Retry-After": "0"}
    )
    with hostile(away) as server, pytest.raises(Unavailable) as failed:
        call(server.address, status, token=TOKEN, retries=2)
    assert len(server.heard) == 3
    assert failed.value.retry_after_seconds == 0
    assert failed.value.details == {"reason": "out"}


def test_without_retries_it_asks_once(call: Caller) -> None:
    with hostile(AWAY) as server, pytest.raises(Unavailable):
        call(server.address, status, token=TOKEN, retries=0)
    assert len(server.heard) == 1


def test_each_change_has_a_key_of_its_own_unless_it_is_given_one(call: Caller) -> None:
    def with_key(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
        return client.organizations.go_live("org_1", mode="test", idempotency_key="mine")

    with hostile(answer(SETUP)) as server:
        call(server.address, go_live, go_live, with_key, token=TOKEN)
    first, second, third = (heard.headers["idempotency-key"] for heard in server.heard)
    assert first != second
    assert len(first) == 32
    assert third == "mine"


@pytest.mark.parametrize("key", ["", "two words", "a\r\nb", "w" * 256, "caf\xe9"])
def test_a_key_that_no_head_can_carry(call: Caller, key: str) -> None:
    with hostile(answer(SETUP)) as server, pytest.raises(ValueError, match="idempotency_key"):
        call(
            server.address,
            lambda client: client.organizations.go_live("org_1", mode="test", idempotency_key=key),
        )
    assert server.heard == []


def test_even_initiate_is_tried_again_where_nobody_listened_yet(call: Caller) -> None:
    port = free_port()
    served: list[bytes] = []

    def open_late() -> None:
        time.sleep(0.15)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as listener:
            listener.settimeout(5)
            connection, _ = listener.accept()
            with connection:
                served.append(connection.recv(65536))
                heard = None
                LINKED(connection, heard)  # type: ignore[arg-type] # it does not look

    thread = threading.Thread(target=open_late)
    thread.start()
    (told,) = call(f"http://127.0.0.1:{port}", initiate, token=TOKEN, retries=6)
    thread.join()
    assert told.account_id == "acct_1"
    assert len(served) == 1
