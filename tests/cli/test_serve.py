"""`aboard serve` and `aboard work` from outside: they start, share a database, and end cleanly."""

import json
import signal
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aboard.cli.commands import app
from tests.cli.commands import COMPLETE_SETTINGS, running


@pytest.fixture
def settings(database: str) -> dict[str, str]:
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database, "ABOARD_PORT": "0"}


@pytest.mark.both
def test_it_serves_and_ends_cleanly_also_while_a_request_is_open(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with running("serve", settings=settings, cwd=tmp_path) as service:
        address = service.address()
        with urllib.request.urlopen(f"{address}/v1/health", timeout=10) as answer:  # noqa: S310 - ours
            assert json.loads(answer.read())["ok"] is True
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as half:
            half.sendall(b"POST /v1/webhooks/stripe HTTP/1.1\r\nHost: localhost\r\n")
            ended = service.stop(signal.SIGTERM)
    assert ended.code == 0
    assert "Traceback" not in ended.err


@pytest.mark.both
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
    ended = CliRunner().invoke(app, [command], env=settings)
    assert ended.exit_code == 1
    assert ended.stderr.splitlines()[-1] == "Next: Run `aboard migrate`."


def test_a_taken_port_is_told(settings: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = CliRunner().invoke(app, ["serve", "--port", str(port)], env=settings)
    assert ended.exit_code == 3
    assert f"Port {port} of 127.0.0.1 is taken." in ended.stderr


def test_a_taken_port_for_figures_is_told_by_its_setting(settings: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings["ABOARD_METRICS_PORT"] = str(taken.getsockname()[1])
        ended = CliRunner().invoke(app, ["serve", "--port", "0"], env=settings)
    assert ended.exit_code == 3
    assert "ABOARD_METRICS_PORT" in ended.stderr
    assert ended.stdout == ""


def test_nobody_registers_from_the_network_by_themselves(settings: dict[str, str]) -> None:
    settings["ABOARD_REGISTRATION"] = "open"
    ended = CliRunner().invoke(app, ["serve", "--host", "0.0.0.0"], env=settings)  # noqa: S104 - refused
    assert ended.exit_code == 2
    assert "Anybody on the network could register here" in ended.stderr
    assert "Next: " in ended.stderr


@pytest.fixture
def collector() -> Iterator[tuple[str, list[str]]]:
    """Stand in the place of a collector of traces; give its address and the paths it was sent."""
    paths: list[str] = []

    class Collecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collecting)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", paths
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_operators_watch_it_by_figures_lines_and_traces(
    tmp_path: Path, settings: dict[str, str], collector: tuple[str, list[str]]
) -> None:
    address, paths = collector
    settings |= {
        "ABOARD_METRICS_PORT": "0",
        "ABOARD_LOG_FORMAT": "json",
        "ABOARD_TRACES": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": address,
    }
    with running("serve", settings=settings, cwd=tmp_path) as service:
        figures = service.wait_for("Figures on").split()[2].rstrip(".")
        with urllib.request.urlopen(f"{service.address()}/v1/health", timeout=10) as answer:  # noqa: S310 - ours
            assert json.loads(answer.read())["status"] == "ok"
        with urllib.request.urlopen(figures, timeout=10) as answer:  # noqa: S310 - ours
            shown = answer.read().decode()
        assert "aboard_database_up 1.0" in shown
        assert 'route="/v1/health"' in shown
        ended = service.stop(signal.SIGTERM)
    assert ended.code == 0
    assert paths == ["/v1/traces"]
    lines = [json.loads(line) for line in ended.err.splitlines()]
    assert lines
    assert all({"time", "level", "logger"} <= line.keys() for line in lines)


def test_a_worker_is_watched_on_a_port_of_its_own(tmp_path: Path, settings: dict[str, str]) -> None:
    settings["ABOARD_WORKER_PORT"] = "0"
    with running("work", settings=settings, cwd=tmp_path) as worker:
        figures = worker.wait_for("Figures on").split()[2].rstrip(".")
        ready = figures.replace("/metrics", "/v1/health/ready")
        with urllib.request.urlopen(ready, timeout=10) as answer:  # noqa: S310 - ours
            assert json.loads(answer.read()) == {"status": "ready"}
        assert worker.stop(signal.SIGTERM).code == 0


def test_a_gateway_is_watched_on_a_port_of_its_own(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    settings |= {"ABOARD_GATEWAY_METRICS_PORT": "0", "ABOARD_GATEWAY_PORT": "0"}
    with running("gateway", "serve", settings=settings, cwd=tmp_path) as gateway:
        figures = gateway.wait_for("Figures on").split()[2].rstrip(".")
        address = gateway.wait_for("Gateway on").split()[2].rstrip(".")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{address}/v1/accounts", timeout=10)  # noqa: S310 - ours
        ready = figures.replace("/metrics", "/v1/health/ready")
        with urllib.request.urlopen(ready, timeout=10) as answer:  # noqa: S310 - ours
            assert json.loads(answer.read()) == {"status": "ready"}
        with urllib.request.urlopen(figures, timeout=10) as answer:  # noqa: S310 - ours
            shown = answer.read().decode()
        assert 'outcome="caller_missing"' in shown
        assert "aboard_database_up 1.0" in shown
        assert gateway.stop(signal.SIGTERM).code == 0
