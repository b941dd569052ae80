"""Is the README's tour true? Its snippet runs, as it stands, against the server it speaks of."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house.tree import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:12111"


@pytest.fixture
def sandbox() -> Iterator[str]:
    """Start the tour's server on a free port and give its address."""
    command = [sys.executable, "-c", "import sys; from aboard.cli import main; sys.exit(main())"]
    with subprocess.Popen(  # noqa: S603 - our own command
        [*command, "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1]
        server.terminate()


def test_the_tours_snippet_runs(sandbox: str) -> None:
    (snippet,) = SNIPPETS
    assert ADDRESS in snippet
    result = subprocess.run(  # noqa: S603 - the README's own words
        [sys.executable, "-c", snippet.replace(ADDRESS, sandbox)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert result.stdout.startswith(f"{sandbox}/setup/e/acct_")
