"""A sandbox in a process of its own, for commands that look at it."""

from collections.abc import Iterator

import pytest

from tests.cli.commands import running


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running("sandbox", "--port", "0", cwd=tmp_path_factory.mktemp("sandbox")) as process:
        yield process.address()
