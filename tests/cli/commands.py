"""The command line as a shell sees it: arguments in; exit code and two streams out."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ABOARD = Path(sys.executable).with_name("aboard")
PATIENCE_SECONDS = 30

COMPLETE_SETTINGS = {
    "ABOARD_TEST_SECRET_KEY": "sk_test_aboard_words",
    "ABOARD_TEST_API_BASE": "http://127.0.0.1:1",
    "ABOARD_TEST_PLATFORM_WEBHOOK_SECRETS": "whsec_words_of_the_platform",
    "ABOARD_TEST_CONNECT_WEBHOOK_SECRETS": "whsec_words_of_connect",
    "ABOARD_STATE_KEYS": "k1:words-and-more-words-and-more-words",
    "ABOARD_TOKEN_SECRETS": "other-words-and-more-words-and-more-words",
    "ABOARD_ADDRESSES": "http://localhost:4280",
    "ABOARD_CREATOR_RETURN_URL": "http://localhost:4280/creator/back",
    "ABOARD_CREATOR_REFRESH_URL": "http://localhost:4280/creator/again",
}


def clean_environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without our settings, and with the given ones."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ABOARD_")}
    return {**kept, **(settings or {})}


@dataclass(frozen=True, slots=True)
class Ended:
    """What a finished command left behind."""

    code: int
    out: str
    err: str


def run(*arguments: str, settings: Mapping[str, str] | None = None, cwd: Path) -> Ended:
    """Run a command to its end."""
    done = subprocess.run(  # noqa: S603 - our own command
        [ABOARD, *arguments],
        cwd=cwd,
        env=clean_environment(settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS * 2,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class Running:
    """A command that stays up."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """Read both streams from the beginning, so that neither fills up."""
        self.process = process
        self.out: list[str] = []
        self.err: list[str] = []
        pairs = ((process.stdout, self.out), (process.stderr, self.err))
        self._readers = [threading.Thread(target=_read, args=pair, daemon=True) for pair in pairs]
        for reader in self._readers:
            reader.start()

    def wait_for(self, words: str) -> str:
        """Wait for a line on standard output that has these words, and return it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for line in list(self.out):
                if words in line:
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise AssertionError(f"never said {words!r}: {self.out} {self.err}")

    def address(self) -> str:
        """Wait for the first line with an address, and return the address."""
        line = self.wait_for("http://")
        return next(word.rstrip(",.") for word in line.split() if word.startswith("http://"))

    def stop(self, number: int = signal.SIGTERM) -> Ended:
        """Send a signal, wait for the end, and return what was left."""
        self.process.send_signal(number)
        self.process.wait(PATIENCE_SECONDS)
        for reader in self._readers:
            reader.join(PATIENCE_SECONDS)
        return Ended(self.process.returncode, "".join(self.out), "".join(self.err))


def _read(stream: IO[str], lines: list[str]) -> None:
    for line in stream:
        lines.append(line)  # noqa: PERF402 - each line must be there at once


@contextmanager
def running(
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    cwd: Path,
    program: Path = ABOARD,
) -> Iterator[Running]:
    """Start a command, and kill it if the block leaves it alive."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [program, *arguments],
        cwd=cwd,
        env=clean_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Running(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
