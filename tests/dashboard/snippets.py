"""The explorer's script without a page: what it would send, and what it writes, run for real."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aboard.dashboard.assets import EXPLORER_PARTS
from tests.house.tree import ROOT, SOURCE

NODE = shutil.which("node")
NPM = shutil.which("npm")
_FOLDER = Path(__file__).parent / "explorer"
_PARTS = [SOURCE / "dashboard" / "assets" / "explorer" / f"{name}.js" for name in EXPLORER_PARTS]
_WITHOUT_PAGE = _PARTS[:2]


@dataclass(frozen=True, slots=True)
class Written:
    """What the explorer makes of one form: the request, the first gap in it, the snippets."""

    request: Mapping[str, Any]
    missing: str | None
    snippets: Mapping[str, str]


def form(operation: Mapping[str, Any], gateway: str, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - a tree
    """Return one filled form; places that are not named are empty."""
    places = {place: values.get(place, {}) for place in ("path", "query", "body", "header")}
    return {"operation": operation, "gateway": gateway, "values": places}


def write(forms: Sequence[Mapping[str, Any]]) -> list[Written]:
    """Return what the explorer makes of these forms."""
    done = subprocess.run(  # noqa: S603 - our own script
        [str(NODE), _FOLDER / "write.mjs", *_WITHOUT_PAGE],
        input=json.dumps(forms),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Written(**each) for each in json.loads(done.stdout)]


def install(folder: Path) -> Path:
    """Install the official SDK for Node and the TypeScript compiler in a folder."""
    place = Path(shutil.copytree(_FOLDER, folder / "explorer"))
    subprocess.run(  # noqa: S603 - npm by its path
        [str(NPM), "ci", "--no-audit", "--no-fund"],
        cwd=place,
        env={**os.environ, "npm_config_cache": str(ROOT / ".cache" / "npm")},
        check=True,
        capture_output=True,
        timeout=180,
    )
    return place


@dataclass(frozen=True, slots=True)
class Ran:
    """How a snippet ended."""

    code: int
    out: str
    err: str


def compile_all(snippets: Mapping[str, str], place: Path) -> None:
    """Let the TypeScript compiler judge these snippets by name, and make programs of them."""
    for name, snippet in snippets.items():
        (place / f"{name}.ts").write_text(snippet, "utf-8")
    compiled = _run(["node", "node_modules/typescript/bin/tsc", "--project", "."], {}, place)
    assert compiled.code == 0, compiled.out


def run(language: str, snippet: str, token: str, place: Path, name: str = "") -> Ran:
    """Run a snippet as whoever copied it does: with the token in the environment.

    One in TypeScript was compiled by its name before.
    """
    if language == "curl":
        command = ["bash", "-c", f"{snippet} --silent --show-error --noproxy '*'"]
    elif language == "python":
        command = [sys.executable, "-c", snippet]
    else:
        command = ["node", f"{name}.js"]
    return _run(command, {"CALLER_TOKEN": token}, place)


def _run(command: Sequence[str], environment: Mapping[str, str], place: Path) -> Ran:
    done = subprocess.run(  # noqa: S603 - our own words
        command,
        cwd=place,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
