"""Are the sandbox's pages true? Every command and every snippet on them is run as it stands."""

import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aboard.sandbox import Sandbox
from aboard.sandbox.testing import ConnectedAccount, Seller, StripeSandbox
from tests.house.tree import ROOT, kept, name_of

MAIN = ROOT / "docs" / "sandbox.md"
PAGES = [MAIN, *kept(ROOT / "docs" / "sandbox", ".md")]
ADDRESS = "http://127.0.0.1:12111"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ABOARD = str(Path(sys.executable).with_name("aboard"))
NAMES = [name_of(page) for page in PAGES]
FIRST_STEPS_SECONDS = 300


def blocks(page: Path, language: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def suites(page: Path) -> list[str]:
    return [text for text in blocks(page, "python") if "def test_" in text]


def scripts(page: Path) -> list[str]:
    plain = [text for text in blocks(page, "python") if "def test_" not in text]
    return [text for text in plain if ">>> " not in text]


SCRIPTS = [(page, text) for page in PAGES for text in scripts(page)]
SHELLS = [(page, text) for page in PAGES for text in blocks(page, "bash")]
STARTS = [
    line
    for page in PAGES
    for text in blocks(page, "sh")
    for line in text.splitlines()
    if line.startswith("aboard ")
]
STEPS = [
    text for text in blocks(MAIN, "sh") if "pip install" in text or "pytest" in text.splitlines()[0]
]


@pytest.fixture
def address() -> Iterator[str]:
    """Start a sandbox on a free port and give its address."""
    with subprocess.Popen(  # noqa: S603 - our own command
        [ABOARD, "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1]
        server.terminate()


def run(command: list[str], folder: Path, seconds: float = 60) -> str:
    """Run a reader's command in a folder of their own, and return what it printed."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(  # noqa: S603 - the page's own words
        command,
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("kind", [ConnectedAccount, Seller, StripeSandbox])
def test_every_part_of_the_fixtures_is_told(kind: type) -> None:
    part = MAIN.read_text(encoding="utf-8").partition("\n## Fixtures\n")[2].partition("\n## ")[0]
    for name in [name for name in vars(kind) if not name.startswith("_")]:
        assert re.search(rf"`{name}[`(]", part), name


def test_every_choice_of_a_sandbox_is_told() -> None:
    text = (ROOT / "docs" / "sandbox" / "in-process.md").read_text(encoding="utf-8")
    for name in inspect.signature(Sandbox).parameters:
        assert f"`{name}`" in text, name


def test_no_block_escapes_the_tests_below() -> None:
    kinds = {kind for page in PAGES for kind, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert kinds == {"bash", "js", "python", "sh", "text"}
    lines = [line for page in PAGES for text in blocks(page, "sh") for line in text.splitlines()]
    assert set(lines) == {*STARTS, *(line for text in STEPS for line in text.splitlines())}


@pytest.mark.parametrize("page", [page for page in PAGES if suites(page)], ids=name_of)
def test_the_snippets_that_are_tests_pass(page: Path, pytester: pytest.Pytester) -> None:
    found = suites(page)
    pytester.makepyfile(**{f"test_{place}": text for place, text in enumerate(found)})
    result = pytester.runpytest_subprocess("-p", "no:asyncio", "-W", "error")
    assert result.parseoutcomes().keys() == {"passed"}
    assert result.parseoutcomes()["passed"] >= len(found)


@pytest.mark.parametrize(("page", "text"), SCRIPTS)
def test_the_other_snippets_run(page: Path, text: str, address: str, tmp_path: Path) -> None:
    assert ADDRESS in text, page
    told = run([sys.executable, "-c", text.replace(ADDRESS, address)], tmp_path)
    assert told.startswith("acct_")


@pytest.mark.parametrize(("page", "text"), SHELLS)
def test_the_commands_to_a_sandbox_work(
    page: Path, text: str, address: str, tmp_path: Path
) -> None:
    assert ADDRESS in text, page
    quiet = text.replace(ADDRESS, address).replace("curl -s", "curl -sS --fail-with-body")
    known = f"curl -sS {address}/v1/account -u sk_test_any_words:\n"
    told = run(["bash", "-e", "-c", known + quiet], tmp_path)
    assert '"object"' in told


@pytest.mark.parametrize("line", STARTS)
def test_the_sandbox_starts_as_it_says(line: str, tmp_path: Path) -> None:
    words = shlex.split(line, comments=True)[1:]
    port = [] if "--port" in words else ["--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own command
        [ABOARD, *words, *port], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    ) as server:
        assert server.stdout is not None
        greeting = [server.stdout.readline() for _ in range(3)]
        server.terminate()
    assert greeting[0].startswith("Stripe Connect sandbox on http://127.0.0.1:")
    assert server.returncode == 0


@pytest.mark.load
@pytest.mark.timeout(FIRST_STEPS_SECONDS)
def test_from_nothing_to_a_passing_test(tmp_path: Path) -> None:
    install, start = STEPS
    assert "pip install aboard " in install
    (suite,) = suites(MAIN)
    (tmp_path / "test_sellers.py").write_text(suite, encoding="utf-8")
    steps = install.replace("pip install aboard ", f"pip install {shlex.quote(str(ROOT))} ") + start
    told = run(["bash", "-e", "-c", steps], tmp_path, FIRST_STEPS_SECONDS)
    (shown,) = blocks(MAIN, "text")
    assert shown.splitlines()[0] in told
    assert re.search(
        rf"^{re.escape(shown.splitlines()[1].partition(' in ')[0])} in ", told, re.MULTILINE
    )


@pytest.mark.load
@pytest.mark.skipif(shutil.which("npm") is None, reason="Node and npm are not on this machine")
def test_the_snippet_for_node_runs(address: str, tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / "examples" / "node" / name, tmp_path)
    (snippet,) = blocks(MAIN, "js")
    place = 'host: "127.0.0.1", port: 12111'
    assert place in snippet
    port = address.rpartition(":")[2]
    script = snippet.replace(place, f'host: "127.0.0.1", port: {port}')
    (tmp_path / "first.mjs").write_text(script, encoding="utf-8")
    run(["npm", "ci", "--no-audit", "--no-fund"], tmp_path, 240)
    assert run(["node", "first.mjs"], tmp_path).startswith("acct_")
