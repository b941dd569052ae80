"""A PostgreSQL server of a test's own, to be stopped, crashed, and filled to the brim."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

import pytest

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_SECONDS = 60


def _binary(name: str) -> str:
    for folder in _BINARIES:
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        pytest.skip("PostgreSQL's own programs (initdb, pg_ctl) are not on this machine")
    return found


def _run(*command: str) -> None:
    # The server refuses to be run by root.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # Whatever its children keep open must not be a pipe of ours: we would wait for them.
    subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        [*prefix, *command],
        check=True,
        timeout=_SECONDS,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@dataclass
class Cluster:
    """One server with an empty database."""

    folder: Path
    data: Path
    port: int = field(default_factory=_free_port)

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
            " -c max_wal_size=64MB -c shared_buffers=16MB"
        )
        log = str(self.folder / "server.log")
        _run(_binary("pg_ctl"), "-D", str(self.data), "-l", log, "-o", options, "-w", "start")

    def stop(self, mode: str) -> None:
        """Stop it: `fast` ends what runs, `immediate` is a crash."""
        _run(_binary("pg_ctl"), "-D", str(self.data), "-m", mode, "-w", "stop")

    def is_up(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
            return True
        return False


@contextmanager
def tmpfs(size: str) -> Iterator[Path]:
    """Yield a small disk; skip where we may not make one."""
    if os.geteuid() != 0:
        pytest.skip("only root may make a small disk to fill")
    folder = Path(mkdtemp(prefix="aboard-disk-"))
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None:
        pytest.skip("mount is not on this machine")
    made = subprocess.run(  # noqa: S603 - the system's own program
        [mount, "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
        timeout=_SECONDS,
    )
    if made.returncode:
        folder.rmdir()
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run([umount, "-l", str(folder)], check=True, timeout=_SECONDS)  # noqa: S603 - as above
        folder.rmdir()


@contextmanager
def open_cluster(disk: Path | None = None) -> Iterator[Cluster]:
    """Start a server of one's own, its data on `disk` and its log of changes elsewhere."""
    initdb = _binary("initdb")
    folder = Path(mkdtemp(prefix="aboard-cluster-"))
    folder.chmod(0o755)
    room = disk if disk is not None else folder
    data, changes = room / "data", folder / "changes"
    for each in (data, changes):
        each.mkdir()
        each.chmod(0o700)
    if os.geteuid() == 0:
        for each in (folder, data, changes):
            shutil.chown(each, "postgres")
    cluster = Cluster(folder, data)
    try:
        _run(
            initdb,
            *("-D", str(data), "-X", str(changes), "-U", "postgres", "-A", "trust"),
            *("--no-sync", "--wal-segsize=1", "-E", "UTF8", "--locale=C"),
        )
        cluster.start()
        yield cluster
    finally:
        with suppress(subprocess.SubprocessError):
            cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Leave no room on a disk while the block lasts."""
    ballast = disk / "ballast"
    # First in great pieces, then in small ones, until not even those have room.
    for size in (65_536, 4_096, 64):
        with ballast.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(b"x" * size) == size:
                continue
    try:
        yield
    finally:
        ballast.unlink()
