"""Is every kept file fit for strangers? No machine's paths, no index, no secret, only hashes."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.house.tree import ROOT, kept, kept_files, name_of

MACHINE_PATHS = re.compile(r"(?<![\w.$}~])/(?:home|root|Users|work|opt/wheels)/\w")
INDEX_WORDS = re.compile(r"pypi\.(?:org|python)|python[h]osted|registry\.[n]pmjs|/sim[p]le/")
LIVELY = re.compile(
    r"\b[sr]k_(?:test|live)_(?=\w*\d)(?=\w*[A-Z])[A-Za-z0-9]{16,}"
    r"|\bwhsec_(?=\w*\d)(?=\w*[A-Z])[A-Za-z0-9+/]{24,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]{32,}"
)
LOCKS = kept(ROOT / "requirements", ".txt")


def texts() -> list[tuple[str, str]]:
    found = []
    for path in kept_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found.append((name_of(path), content.decode("utf-8")))
    return found


@pytest.mark.parametrize(
    "unwanted", [MACHINE_PATHS, INDEX_WORDS, LIVELY], ids=["paths", "indexes", "secrets"]
)
def test_no_file_speaks_of_one_machine_or_holds_a_secret(unwanted: re.Pattern[str]) -> None:
    assert not [
        f"{name}: {found.group()[:24]}"
        for name, text in texts()
        if (found := unwanted.search(text))
    ]


def test_no_file_names_the_index_of_this_machine() -> None:
    configured = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    ).stdout
    hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s'\"]+", configured)}
    assert not [(name, host) for name, text in texts() for host in hosts if host and host in text]


@pytest.mark.parametrize("lock", LOCKS, ids=[path.stem for path in LOCKS])
def test_a_lock_holds_names_versions_and_hashes_only(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = re.findall(
        r"^([a-z0-9][\w.-]*)==\S+(?: ;[^\\\n]*)? \\\n((?:    --hash=\S+.*\n)+)", text, re.MULTILINE
    )
    lines = [line for line in text.splitlines() if line and line[0] not in "# "]
    assert len(pins) == len(lines)
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("lock", "extras"), [("runtime", []), ("dev", ["dev"]), ("bench", ["dev", "bench"])]
)
def test_every_dependency_is_locked(lock: str, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9][\w.-]*)==", text, re.MULTILINE))
    assert {re.split(r"[^\w-]", line)[0] for line in wanted} <= locked


def test_every_exception_in_the_tools_settings_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.pydocstyle]")]
    rules = [line for line in lint.splitlines() if re.match(r'\s+"[A-Z]+\d*"', line)]
    assert rules
    assert not [line for line in rules if not re.search(r"#\s+\S+\s+\S+", line)]
