"""`aboard sandbox` from outside: it answers, stays on this machine, and ends cleanly."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from aboard.cli.commands import app
from aboard.cli.sandbox import SandboxOptions, read_plain
from tests.cli.commands import run, running

KEY = "sk_test_aboard_words"


def ask(address: str, path: str) -> dict[str, object]:
    request = urllib.request.Request(  # noqa: S310 - our own address
        address + path, headers={"Authorization": f"Bearer {KEY}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
        content: dict[str, object] = json.loads(answer.read())
        return content


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_cleanly(tmp_path: Path, number: int) -> None:
    with running("sandbox", "--port", "0", cwd=tmp_path) as sandbox:
        account = ask(sandbox.address(), "/v1/account")
        assert account["object"] == "account"
        ended = sandbox.stop(number)
    assert ended.code == 0
    assert ended.err == ""


def test_the_same_seed_makes_the_same_ids(tmp_path: Path) -> None:
    ids = []
    for _ in range(2):
        with running("sandbox", "--port=0", "--seed=7", cwd=tmp_path) as sandbox:
            ids.append(ask(sandbox.address(), "/v1/account")["id"])
    assert ids[0] == ids[1]


def test_it_stays_on_this_machine_unless_told(tmp_path: Path) -> None:
    ended = run("sandbox", "--host", "0.0.0.0", cwd=tmp_path)  # noqa: S104 - refused
    assert ended.code == 2
    assert "--expose" in ended.err
    with running("sandbox", "--host=0.0.0.0", "--port=0", "--expose", cwd=tmp_path) as sandbox:
        assert "0.0.0.0" in sandbox.address()  # noqa: S104 - that is the wish


def test_a_taken_port_is_told_with_a_next_step() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = CliRunner().invoke(app, ["sandbox", "--port", port])
    assert ended.exit_code == 3
    assert ended.stderr.splitlines() == [
        f"Port {port} of 127.0.0.1 is taken.",
        "Next: Stop what listens there, or choose another --port.",
    ]


def test_an_address_that_is_not_here_is_told() -> None:
    ended = CliRunner().invoke(app, ["sandbox", "--host", "192.0.2.1", "--expose"])
    assert ended.exit_code == 3
    assert "no such address" in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--review", "soon"),
        ("--port", "70000"),
        ("--port", "-1"),
        ("--seed", "x"),
        ("--seed"),
        ("--nothing"),
        ("word"),
        ("--port=",),
    ],
    ids=str,
)
def test_nonsense_is_a_usage_error(arguments: tuple[str, ...] | str) -> None:
    words = (arguments,) if isinstance(arguments, str) else arguments
    assert read_plain(words) is None
    ended = CliRunner().invoke(app, ["sandbox", *words])
    assert ended.exit_code == 2
    assert ended.stderr


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], SandboxOptions()),
        (["--port", "0"], SandboxOptions(port=0)),
        (["--port=4444", "--host", "localhost"], SandboxOptions("localhost", 4444)),
        (["--seed", "3", "--review", "30"], SandboxOptions(seed=3, review_seconds=30)),
        (["--review=at-once"], SandboxOptions()),
    ],
)
def test_the_short_way_reads_what_the_full_parser_reads(
    words: list[str], options: SandboxOptions
) -> None:
    assert read_plain(words) == options
    assert asdict(options) == read_by_typer(words)


def read_by_typer(words: list[str]) -> dict[str, object]:
    """Return what the full parser makes of the words, by the names of the options."""
    command = get_command(app).commands["sandbox"]  # type: ignore[attr-defined]  # it is a group
    given = command.make_context("sandbox", list(words)).params
    review, is_exposed = given.pop("review"), given.pop("expose")
    seconds = None if review == "at-once" else int(review)
    latency, is_lenient = given.pop("latency"), given.pop("lenient")
    return {
        **given,
        "review_seconds": seconds,
        "is_exposed": is_exposed,
        "latency_seconds": latency,
        "is_lenient": is_lenient,
    }


def test_worlds_stay_in_a_file(tmp_path: Path) -> None:
    ids = []
    for _ in range(2):
        with running("sandbox", "--port=0", "--save=worlds.db", cwd=tmp_path) as sandbox:
            ids.append(ask(sandbox.address(), "/v1/account")["id"])
            assert sandbox.stop(signal.SIGTERM).code == 0
    assert ids[0] == ids[1]


def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("words " * 1000)
    ended = run("sandbox", "--port=0", "--save=poem.txt", cwd=tmp_path)
    assert ended.code == 3
    assert "poem.txt" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("--chaos", "drop=often"),
        ("--chaos", "drop=2"),
        ("--chaos", "delay=1.5"),
        ("--chaos", "fire"),
        ("--hosted-url", "localhost"),
        ("--country", "ZZ"),
        ("--latency", "-1"),
    ],
    ids=" ".join,
)
def test_impossible_wishes_are_usage_errors(words: tuple[str, str]) -> None:
    ended = CliRunner().invoke(app, ["sandbox", *words])
    assert ended.exit_code == 2
    assert words[0] in ended.stderr


def test_chaos_and_latency_reach_the_sandbox(tmp_path: Path) -> None:
    words = ("--chaos=duplicate=0.5,delay=60,reverse", "--latency=0.3", "--review-reads=2")
    with running("sandbox", "--port=0", *words, cwd=tmp_path) as sandbox:
        chaos = ask(sandbox.address(), "/_sandbox/chaos")
        review = ask(sandbox.address(), "/_sandbox/review")
        began = time.monotonic()
        ask(sandbox.address(), "/v1/account")
        took = time.monotonic() - began
    assert (chaos["duplicate"], chaos["delay"], chaos["reverse"]) == (0.5, 60, True)
    assert review["reads"] == 2
    assert took >= 0.3


def test_the_way_to_the_first_answer_is_short() -> None:
    code = (
        "import sys\n"
        "from aboard.cli.sandbox import read_plain\n"
        "from aboard.cli import main, servers\n"
        "from aboard.sandbox import Sandbox\n"
        "assert read_plain(['--port', '0'])\n"
        "Sandbox()\n"
        "heavy = ('aiohttp', 'alembic', 'litestar', 'rich', 'sqlalchemy', 'stripe', 'typer')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    told = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
