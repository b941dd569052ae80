"""`aboard serve` and `aboard work` from outside: they start, share a database, and end cleanly."""

import json
import signal
import socket
import time
import urllib.request
from pathlib import Path

import pytest

from aboard.store import migrate
from tests.cli.commands import COMPLETE_SETTINGS, PATIENCE_SECONDS, run, running


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    database = str(tmp_path / "aboard.sqlite3")
    migrate(database)
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database, "ABOARD_PORT": "0"}


def test_it_serves_and_ends_cleanly(tmp_path: Path, settings: dict[str, str]) -> None:
    with running("serve", settings=settings, cwd=tmp_path) as service:
        address = service.address()
        with urllib.request.urlopen(f"{address}/v1/health", timeout=10) as answer:  # noqa: S310 - ours
            assert json.loads(answer.read())["ok"] is True
        ended = service.stop(signal.SIGTERM)
    assert ended.code == 0
    assert "Traceback" not in ended.err


def test_service_and_worker_can_live_apart(tmp_path: Path, settings: dict[str, str]) -> None:
    with (
        running("serve", "--no-worker", settings=settings, cwd=tmp_path) as service,
        running("work", settings=settings, cwd=tmp_path) as worker,
    ):
        service.address()
        worker.wait_for("Working.")
        assert worker.stop(signal.SIGTERM).code == 0
        assert service.stop(signal.SIGINT).code == 0


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_database_without_tables_is_told_with_the_next_step(
    tmp_path: Path, command: str, settings: dict[str, str]
) -> None:
    settings["ABOARD_DATABASE"] = str(tmp_path / "nothing.sqlite3")
    ended = run(command, settings=settings, cwd=tmp_path)
    assert ended.code == 1
    assert ended.err.splitlines()[-1] == "Next: Run `aboard migrate`."
    assert "Traceback" not in ended.err


def test_a_taken_port_is_told(tmp_path: Path, settings: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", str(port), settings=settings, cwd=tmp_path)
    assert ended.code == 3
    assert f"Port {port} of 127.0.0.1 is taken." in ended.err


def test_it_stops_while_a_request_is_open(tmp_path: Path, settings: dict[str, str]) -> None:
    with running("serve", settings=settings, cwd=tmp_path) as service:
        port = int(service.address().rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as half:
            half.sendall(b"POST /v1/webhooks/stripe HTTP/1.1\r\nHost: localhost\r\n")
            began = time.monotonic()
            ended = service.stop(signal.SIGTERM)
    assert ended.code == 0
    assert time.monotonic() - began < PATIENCE_SECONDS
