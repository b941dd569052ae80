"""A service that is asked to end says so first, serves on for a while, and loses no caller."""

import asyncio
import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from aboard.cli.notices import READY, STOPPING, notify
from aboard.cli.servers import Stop
from aboard.store import migrate
from tests.cli.commands import COMPLETE_SETTINGS, PATIENCE_SECONDS, Running, running

HALF = (
    b"POST /v1/webhooks/stripe HTTP/1.1\r\nHost: localhost\r\n"
    b"Stripe-Signature: t=1,v1=00\r\nContent-Length: 2\r\n\r\n{"
)


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    database = str(tmp_path / "aboard.sqlite3")
    migrate(database)
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database, "ABOARD_PORT": "0"}


@contextmanager
def calling(address: str) -> Iterator[http.client.HTTPConnection]:
    """Yield one connection that stays open from call to call while the service lets it."""
    parts = urlsplit(address)
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)) as line:
        yield line


def ask(line: http.client.HTTPConnection, path: str = "/v1/health") -> tuple[int, str | None]:
    """Ask once; return the status, and what the answer says of the connection."""
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    return answer.status, answer.getheader("connection")


def wait_until_parting(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with calling(address) as line:
            if ask(line)[1] == "close":
                return
        time.sleep(0.01)
    raise AssertionError("it never said that it is leaving")


def ended(service: Running) -> int:
    return service.process.wait(PATIENCE_SECONDS)


def test_it_serves_on_for_the_seconds_that_are_set(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    settings["ABOARD_DRAIN_SECONDS"] = "2"
    with running("serve", settings=settings, cwd=tmp_path) as service:
        address = service.address()
        with calling(address) as kept:
            assert ask(kept) == (200, None)
            began = time.monotonic()
            service.process.send_signal(signal.SIGTERM)
            wait_until_parting(address)
            # Also on the connection that was open before: it ends in order, with this answer.
            assert ask(kept) == (200, "close")
        while service.process.poll() is None and time.monotonic() - began < 1.5:
            with calling(address) as line:
                assert ask(line) == (200, "close")
        assert service.process.poll() is None
        assert ended(service) == 0
        assert 2 <= time.monotonic() - began < PATIENCE_SECONDS
        with pytest.raises(ConnectionRefusedError), calling(address) as line:
            ask(line)


def test_by_hand_it_ends_at_once(tmp_path: Path, settings: dict[str, str]) -> None:
    with running("serve", settings=settings, cwd=tmp_path) as service:
        service.address()
        began = time.monotonic()
        assert service.stop(signal.SIGTERM).code == 0
        # Three quarters of a second here, when nobody else works on this machine.
        assert time.monotonic() - began < PATIENCE_SECONDS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_twice_it_waits_for_nothing(
    tmp_path: Path, settings: dict[str, str], number: int
) -> None:
    settings["ABOARD_DRAIN_SECONDS"] = "300"
    with running("serve", settings=settings, cwd=tmp_path) as service:
        address = service.address()
        port = urlsplit(address).port or 0
        with socket.create_connection(("127.0.0.1", port)) as half:
            half.sendall(HALF)
            service.process.send_signal(number)
            wait_until_parting(address)
            began = time.monotonic()
            assert service.stop(number).code == 0
            assert time.monotonic() - began < PATIENCE_SECONDS


def test_what_was_begun_is_finished(tmp_path: Path, settings: dict[str, str]) -> None:
    with running("serve", settings=settings, cwd=tmp_path) as service:
        port = urlsplit(service.address()).port or 0
        with socket.create_connection(("127.0.0.1", port), timeout=10) as half:
            half.sendall(HALF)
            # Taken before the end is asked for: its answer shows that it was.
            with calling(service.address()) as line:
                ask(line)
            service.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            half.sendall(b"}")
            answer = half.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 400")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "signature_refused"
        assert ended(service) == 0


def test_a_connection_that_was_just_taken_is_heard(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with running("serve", settings=settings, cwd=tmp_path) as service:
        port = urlsplit(service.address()).port or 0
        with socket.create_connection(("127.0.0.1", port), timeout=10) as silent:
            with calling(service.address()) as line:
                ask(line)
            service.process.send_signal(signal.SIGTERM)
            # The port is shut by now, or soon; what was taken before may still speak.
            wait_until_shut(port)
            silent.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = silent.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"connection: close" in answer.lower()
        assert ended(service) == 0


def wait_until_shut(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            # This very connection stood in the port's queue, taken by nobody, when it shut.
            continue
    raise AssertionError("the port never shut")


def test_whoever_started_it_is_told(tmp_path: Path, settings: dict[str, str]) -> None:
    path = str(tmp_path / "notices")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(path)
        notices.settimeout(PATIENCE_SECONDS)
        for command in ("serve", "work"):
            with running(
                command, settings={**settings, "NOTIFY_SOCKET": path}, cwd=tmp_path
            ) as process:
                assert notices.recv(100).decode() == READY
                process.process.send_signal(signal.SIGTERM)
                assert notices.recv(100).decode() == STOPPING
                assert ended(process) == 0


@pytest.mark.parametrize("address", ["", "nowhere", "/nowhere/at/all", "@nobody-listens-here"])
def test_a_notice_that_nobody_hears_does_no_harm(address: str) -> None:
    notify({"NOTIFY_SOCKET": address}, READY)


def test_abstract_names_are_understood() -> None:
    name = f"aboard-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(f"\0{name}")
        notify({"NOTIFY_SOCKET": f"@{name}"}, STOPPING)
        assert notices.recv(100).decode() == STOPPING


async def test_a_stop_is_asked_once_and_hurried_after() -> None:
    stop = Stop()
    stop.ask()
    await stop.wait()
    assert not stop.hurried.is_set()
    asyncio.get_running_loop().call_later(0.01, stop.ask)
    await stop.linger(timedelta(seconds=300))
    assert stop.hurried.is_set()
