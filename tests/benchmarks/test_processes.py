"""Is the server alone on its core, is its cost its own, and is nothing left running?"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import Server, ServerFailed, cores, cpu_seconds, free_port, pinned

BUSY_CHILD = """
import os, socket, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time\\nend = time.process_time() + 0.2\\n"
    "while time.process_time() < end: pass\\ntime.sleep(60)"])
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
time.sleep(60)
"""


def test_a_server_is_pinned_and_its_childrens_cpu_time_is_counted(tmp_path: Path) -> None:
    port = free_port()
    core = cores()[0]
    server = Server("busy", (sys.executable, "-c", BUSY_CHILD, str(port)), core=core, port=port)
    try:
        server.start({}, folder=tmp_path)
        server.wait()
        deadline = time.monotonic() + 20
        while server.cpu_seconds() < 0.2 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.cpu_seconds() >= 0.2
        assert server.is_on(core)
    finally:
        server.stop()


def test_a_server_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "print('the port is taken')")
    server = Server("brief", command, core=cores()[0], port=free_port())
    try:
        server.start({}, folder=tmp_path)
        with pytest.raises(ServerFailed, match="the port is taken"):
            server.wait()
    finally:
        server.stop()


def test_stopping_ends_the_children_too(tmp_path: Path) -> None:
    port = free_port()
    code = (
        "import socket, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\n"
        f"listener = socket.create_server(('127.0.0.1', {port}))\ntime.sleep(60)"
    )
    server = Server("parent", (sys.executable, "-c", code), core=cores()[0], port=port)
    try:
        server.start({}, folder=tmp_path)
        server.wait()
        child = int((tmp_path / "pid").read_text())
    finally:
        server.stop()
    deadline = time.monotonic() + 10
    while _is_running(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _is_running(child)


def test_pinning_ends_with_its_block() -> None:
    before = os.sched_getaffinity(0)
    with pinned(cores()[1]):
        assert os.sched_getaffinity(0) == {cores()[1]}
    assert os.sched_getaffinity(0) == before


def test_a_process_that_is_gone_costs_nothing() -> None:
    with subprocess.Popen((sys.executable, "-c", "")) as child:
        pass
    assert cpu_seconds(child.pid) == 0


def _is_running(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
