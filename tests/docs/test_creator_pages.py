"""Has each operation of the creators API its page, with all its parts, and do its samples run?

curl and Python run here, against the demo on this machine. TypeScript and React are compiled by
the TypeScript client's own check; what a browser runs as it stands is run in one, in
tests/journeys/test_chromium_reference.py.
"""

import importlib
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
import pytest

from aboard.api.creators.examples import SHOWCASE
from tests.cli.commands import running
from tests.house.tree import ROOT, kept

FOLDER = ROOT / "docs" / "api" / "creators"
PAGES = {shown.page: name for name, shown in SHOWCASE.operations.items()}
HEADINGS = [
    "Request",
    "Response",
    "Errors",
    "What happens, in order",
    "Samples",
    "The other operations",
]
SAMPLES = {"curl": "bash", "Python": "python", "TypeScript": "ts", "React": "tsx"}
OPERATORS = {"kyc-pending", "kyc-decision"}  # asked by a backend, which draws no page
PARTS = ("head", "request", "answer", "refusals", "effects", "siblings")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
HAS_CLIENT = hasattr(importlib.import_module("aboard"), "Client")


def text_of(page: str) -> str:
    return (FOLDER / f"{page}.md").read_text(encoding="utf-8")


def fences(page: str, kind: str) -> list[str]:
    return [code for name, code in FENCE.findall(text_of(page)) if name == kind]


def test_every_operation_has_a_page_and_every_page_an_operation() -> None:
    assert sorted(PAGES) == sorted(path.stem for path in kept(FOLDER, ".md"))


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_has_all_its_parts(page: str) -> None:
    text = text_of(page)
    found = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [heading for heading in found if heading in HEADINGS] == HEADINGS
    generated = re.findall(r"<!-- generated: creators_(\w+?)_(\w+) -->", text)
    assert generated == [(part, PAGES[page]) for part in PARTS]
    samples = text.partition("\n## Samples\n")[2].partition("\n## ")[0]
    wanted = {
        name: kind for name, kind in SAMPLES.items() if page not in OPERATORS or name != "React"
    }
    assert re.findall(r"^### (.+)$", samples, re.MULTILINE)[: len(wanted)] == [*wanted]
    for heading, kind in wanted.items():
        sample = samples.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
        # What the demo cannot do is in `sh`, and is not run.
        assert f"```{kind}\n" in sample or (kind == "bash" and "```sh\n" in sample)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_tells_each_refusal_and_each_effect(page: str) -> None:
    text = text_of(page)
    shown = SHOWCASE.operations[PAGES[page]]
    for row in shown.refusals:
        assert f"| {row.status} | `{row.key}` |" in text
        assert f"| {row.when} | {row.remedy} |" in text
    for number, effect in enumerate(shown.effects, 1):
        assert f"\n{number}. {effect}\n" in text


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who does what the pages say: a creator of the demo, whose account is complete."""

    service: str
    environment: Mapping[str, str]

    def run(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603 - what our own pages say
            command, env=self.environment, check=False, capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with running("demo", "--token", "you", cwd=tmp_path_factory.mktemp("demo")) as process:
        process.wait_for("Ctrl-C ends it")
        service, sandbox = (
            process.wait_for(f"  {name} ").split()[1] for name in ("service", "sandbox")
        )
        token = process.wait_for("TOKEN=ey").strip().removeprefix("TOKEN=")
        creators = f"{service}/api/v1/creators"
        _post(f"{creators}/upgrade", token)
        account = _post(f"{creators}/stripe-connect/initiate", token)["data"]["accountId"]
        _post(f"{sandbox}/_sandbox/accounts/{account}/complete", token)
        # Who opens a link in a browser opens nothing here.
        given = {"ABOARD": service, "TOKEN": token, "BROWSER": shutil.which("true") or "true"}
        yield Reader(service, {**os.environ, **given})
        assert process.stop().code == 0


def _post(address: str, token: str) -> dict[str, dict[str, str]]:
    request = urllib.request.Request(  # noqa: S310 - on this machine
        address, data=b"", method="POST", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - on this machine
        decoded: dict[str, dict[str, str]] = msgspec.json.decode(answer.read())
    return decoded


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_curl_samples_run(reader: Reader, page: str) -> None:
    for sample in fences(page, "bash"):
        said = reader.run("bash", "-euc", sample)
        assert said.count('"success":true') == sample.count("curl ")


@pytest.mark.skipif(not HAS_CLIENT, reason="the Python client is not in this tree yet")
@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_python_samples_run(reader: Reader, page: str) -> None:
    for sample in fences(page, "python"):
        code = sample.replace("http://localhost:4242", reader.service)
        reader.run(sys.executable, "-c", code)
