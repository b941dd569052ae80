"""B9: how long from nothing to something? The sandbox's first answer, and the library's import.

First answer: from starting the process to the first account it makes, asked for again and again
until the port is open. Guards: the account can be read back, and a second one is another one.
Import: a whole interpreter that imports one package, because that is what a command waits for.
"""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.contest import Contest, Contestant, Sample, WrongAnswer
from benchmarks.processes import Server, ServerFailed, cores, free_port, pinned
from benchmarks.ratios import Better, Target

ROOT = Path(__file__).parents[1]
NODE_PEERS = ROOT / "benchmarks" / "peers" / "node"
NODE_MOCK = NODE_PEERS / "node_modules" / "stripe-stateful-mock" / "dist" / "cli.js"
ABOARD = str(Path(sys.executable).with_name("aboard"))
TARGET = Target(reach=1, moonshot=0.3)
HEADERS = {
    "Authorization": "Bearer sk_test_aboard_benchmark",
    "Content-Type": "application/x-www-form-urlencoded",
}
_PATIENCE_SECONDS = 30.0
_IMPORTS_A_SAMPLE = 5
_PUBLIC_NAMES = "import aboard; [getattr(aboard, name) for name in getattr(aboard, '__all__', ())]"


@contextmanager
def sandbox_contest() -> Generator[Contest]:
    """Offer the cold start of `aboard sandbox` against stripe-stateful-mock."""
    left_out = missing_node()
    peers = (
        ()
        if left_out
        else (Contestant("stripe-stateful-mock (Node)", partial(first_answer, "node"), TARGET),)
    )
    with pinned(cores()[1]):
        yield Contest(
            id="B9",
            title="Cold start: from the command to the first account made",
            measure="ms",
            better=Better.LOWER,
            ours=Contestant("aboard sandbox", partial(first_answer, "aboard")),
            again=Contestant("aboard sandbox again (A/A)", partial(first_answer, "aboard")),
            peers=peers,
            notes=lambda: [f"stripe-stateful-mock was left out: {left_out}"] if left_out else [],
        )


@contextmanager
def import_contest() -> Generator[Contest]:
    """Offer `import aboard` against `import stripe`, and both against the interpreter alone."""
    with pinned(cores()[0]):
        yield Contest(
            id="B9",
            title="Import: a whole interpreter that imports one package",
            measure="ms",
            better=Better.LOWER,
            ours=Contestant("import aboard", partial(_import, "import aboard")),
            again=Contestant("import aboard again (A/A)", partial(_import, "import aboard")),
            peers=(
                Contestant("import stripe", partial(_import, "import stripe"), TARGET),
                Contestant("the interpreter alone", partial(_import, "pass")),
            ),
            notes=lambda: [f"with every public name used: {_import(_PUBLIC_NAMES).value:.0f} ms"],
        )


def missing_node() -> str:
    """Return why the Node peer cannot take part, after trying to install it; empty if it can."""
    if NODE_MOCK.exists():
        return ""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "there is no Node here"
    done = subprocess.run(  # noqa: S603 - installs what our own lock file names
        (npm, "ci", "--omit=dev", "--ignore-scripts"),
        cwd=NODE_PEERS,
        check=False,
        capture_output=True,
        text=True,
    )
    return "" if done.returncode == 0 else f"npm ci failed: {done.stderr.strip()[-300:]}"


def first_answer(which: str) -> Sample:
    """Start one sandbox, wait for its first account, judge it, and end it.

    Raises:
        WrongAnswer: what it made is not an account, cannot be read back, or is made twice.
        ServerFailed: it never listened.
    """
    port = free_port()
    commands = {
        "aboard": ((ABOARD, "sandbox", "--port", str(port)), {}),
        "node": (("node", str(NODE_MOCK)), {"PORT": str(port), "LOG_LEVEL": "error"}),
    }
    command, environ = commands[which]
    server = Server(which, command, core=cores()[0], port=port)
    try:
        began = time.perf_counter()
        server.start(environ, folder=ROOT)
        account = _insist_on_account(port, began + _PATIENCE_SECONDS)
        seconds = time.perf_counter() - began
        burnt = server.cpu_seconds()
        _check(port, account)
    finally:
        server.stop()
    return Sample(1000 * seconds, 1000 * burnt)


def _insist_on_account(port: int, deadline: float) -> str:
    while time.perf_counter() < deadline:
        try:
            return _make_account(port)
        except ConnectionRefusedError:
            time.sleep(0.0005)
    raise ServerFailed(f"nothing listened within {_PATIENCE_SECONDS:.0f} seconds")


def _make_account(port: int) -> str:
    said = _ask(port, "POST", "/v1/accounts", b"type=express&country=US")
    if said.get("object") != "account" or not str(said.get("id")).startswith("acct_"):
        raise WrongAnswer(f"not an account: {json.dumps(said)[:300]}")
    return str(said["id"])


def _check(port: int, account: str) -> None:
    if _ask(port, "GET", f"/v1/accounts/{account}").get("id") != account:
        raise WrongAnswer("the account that was made cannot be read back")
    if _make_account(port) == account:
        raise WrongAnswer("two accounts with one id")


def _ask(port: int, method: str, path: str, body: bytes | None = None) -> dict[str, object]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as line:
        line.request(method, path, body, HEADERS)
        answer = line.getresponse()
        raw = answer.read()
    if answer.status != 200:
        raise WrongAnswer(f"{method} {path}: status {answer.status}: {raw[:300]!r}")
    said: dict[str, object] = json.loads(raw)
    return said


def _import(statement: str) -> Sample:
    seconds, burnt = [], []
    for _ in range(_IMPORTS_A_SAMPLE):
        with pinned(cores()[0]):
            began = time.perf_counter()
            child = subprocess.Popen((sys.executable, "-c", statement), cwd=ROOT / "benchmarks")  # noqa: S603 - our own statements
            _, status, usage = os.wait4(child.pid, 0)
            seconds.append(time.perf_counter() - began)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise WrongAnswer(f"`{statement}` ended with {child.returncode}")
        burnt.append(usage.ru_utime + usage.ru_stime)
    return Sample(1000 * median(seconds), 1000 * median(burnt))
