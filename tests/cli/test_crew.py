"""Processes over one socket: it outlives each of them, and none is replaced by one that fails."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aboard.cli.commands import app
from aboard.store import migrate
from tests.cli.commands import (
    COMPLETE_SETTINGS,
    PATIENCE_SECONDS,
    Running,
    clean_environment,
    running,
)

# The third descriptor, and the id of the very process.
_AS_SYSTEMD_DOES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.executable, [sys.executable, "-m", "aboard.cli", "serve"])
"""


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    database = str(tmp_path / "aboard.sqlite3")
    migrate(database)
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database, "ABOARD_PORT": "0"}


def answers(address: str) -> bool:
    with urllib.request.urlopen(f"{address}/v1/health", timeout=30) as answer:  # noqa: S310 - ours
        return bool(answer.status == 200)


def children(process: "subprocess.Popen[str]") -> set[int]:
    """Return the processes that this one leads."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process.pid and fields[0] != "Z":
            found.add(int(path.parent.name))
    return found


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@contextmanager
def led(settings: dict[str, str], folder: Path) -> Iterator[tuple[Running, str]]:
    with running("serve", "--processes", "1", settings=settings, cwd=folder) as leader:
        yield leader, leader.address()


def test_a_process_that_dies_is_followed_by_another(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with led(settings, tmp_path) as (leader, address):
        assert answers(address)
        (first,) = children(leader.process)
        os.kill(first, signal.SIGKILL)
        # Whoever calls meanwhile waits in the socket's queue.
        assert answers(address)
        assert first not in children(leader.process)
        ended = leader.stop(signal.SIGTERM)
        assert ended.code == 0
        assert "process.ended code=-9" in ended.err
        assert "Traceback" not in ended.err


def test_sighup_replaces_it_while_somebody_calls_all_the_time(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with led(settings, tmp_path) as (leader, address):
        (old,) = children(leader.process)
        leader.process.send_signal(signal.SIGHUP)
        calls = 0
        deadline = time.monotonic() + PATIENCE_SECONDS
        while old in children(leader.process):
            assert answers(address)
            calls += 1
            assert time.monotonic() < deadline
        (new,) = children(leader.process)
        assert (new != old, answers(address), calls > 0) == (True, True, True)
        assert leader.stop(signal.SIGINT).code == 0


def test_what_does_not_start_replaces_nobody(tmp_path: Path, settings: dict[str, str]) -> None:
    database = Path(settings["ABOARD_DATABASE"])
    with led(settings, tmp_path) as (leader, address):
        (old,) = children(leader.process)
        # A new process finds no database where the old one has it open.
        database.rename(tmp_path / "away.sqlite3")
        leader.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "process.refused" in "".join(leader.err), "it did not refuse")
        (tmp_path / "away.sqlite3").rename(database)
        assert children(leader.process) == {old}
        assert answers(address)
        assert leader.stop(signal.SIGTERM).code == 0


def test_without_their_leader_they_end(tmp_path: Path, settings: dict[str, str]) -> None:
    with led(settings, tmp_path) as (leader, _):
        (led_one,) = children(leader.process)
        leader.process.kill()
        wait_until(lambda: not Path(f"/proc/{led_one}").exists(), "it stayed alone")


def test_what_keeps_them_from_starting_is_told_once(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    settings["ABOARD_DATABASE"] = str(tmp_path / "nothing.sqlite3")
    with running("serve", "--processes", "1", settings=settings, cwd=tmp_path) as leader:
        leader.process.wait(PATIENCE_SECONDS)
        ended = leader.stop()
    assert ended.code == 3
    assert ended.err.count("Run `aboard migrate`") == 1


def test_several_over_one_sqlite_file_are_refused(settings: dict[str, str]) -> None:
    ended = CliRunner().invoke(app, ["serve", "--processes", "2"], env=settings)
    assert ended.exit_code == 2
    assert "wait for each other" in ended.stderr
    assert "Next: Take PostgreSQL" in ended.stderr


def test_a_socket_can_be_named(tmp_path: Path, settings: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "aboard.cli", "serve", "--fd", str(listener.fileno())]
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=tmp_path,
            env=clean_environment(settings),
            pass_fds=(listener.fileno(),),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        # Nobody listens yet, but the socket is there: the call waits.
        assert answers(f"http://127.0.0.1:{port}")
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0
        assert f"Aboard on http://127.0.0.1:{port}" in (process.stdout or sys.stdin).read()
        (process.stdout or sys.stdin).close()


def test_the_socket_that_systemd_hands_over_is_taken(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port, number = listener.getsockname()[1], listener.fileno()
        command = [sys.executable, "-c", _AS_SYSTEMD_DOES, str(number)]
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=tmp_path,
            env=clean_environment(settings),
            pass_fds=(number,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert answers(f"http://127.0.0.1:{port}")
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(
    ("arguments", "environ", "told"),
    [
        (["--fd", "9999"], {}, "Descriptor 9999 is no TCP socket"),
        (["--fd", "3", "--port", "80"], {}, "--fd names a socket that has its address already"),
        ([], {"LISTEN_FDS": "2", "LISTEN_PID": str(os.getpid())}, "2 sockets were handed over"),
    ],
)
def test_what_is_no_socket_is_told(
    settings: dict[str, str], arguments: list[str], environ: dict[str, str], told: str
) -> None:
    ended = CliRunner().invoke(app, ["serve", *arguments], env={**settings, **environ})
    assert ended.exit_code == 2
    assert told in ended.stderr
    assert re.search(r"^Next: ", ended.stderr, re.MULTILINE)


def test_a_socket_that_does_not_listen_is_refused(settings: dict[str, str]) -> None:
    with socket.socket() as idle:
        ended = CliRunner().invoke(app, ["serve", "--fd", str(idle.fileno())], env=settings)
        assert ended.exit_code == 2
        assert "no TCP socket that listens" in ended.stderr
        # It was not ours to close.
        idle.getsockname()
