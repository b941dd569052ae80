"""Write the Python client's shapes and methods from the service's own description of itself.

`make client-python` writes `src/aboard/client/described`; `--check` only says what is stale. The
description is asked of the service as anybody asks it, at `/openapi.json`, in this process. What
stands in the tables of `client_model` is all that is decided by hand.
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from client_model import Described, read_description
from client_text import files_of

from aboard.app import build_app, open_platform
from aboard.sandbox.browser import fetch_from_app
from aboard.settings import NAMES, load_settings
from aboard.store import migrate

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "aboard" / "client" / "described"
# Everything that can be switched on is on: the client knows all of it.
_SETTINGS = {
    "PUBLIC_URL": "http://localhost:4242",
    "TEST_SECRET_KEY": "sk_test_words_that_open_nothing",
    "TEST_API_BASE": "http://127.0.0.1:1",
    "TEST_PLATFORM_WEBHOOK_SECRETS": "whsec_words_that_open_nothing",
    "TEST_CONNECT_WEBHOOK_SECRETS": "whsec_words_that_open_nothing",
    "STATE_KEYS": "k1:words-that-open-nothing-words-that-open-nothing",
    "TOKEN_SECRETS": "words-that-open-nothing-words-that-open-nothing",
    "ADDRESSES": "http://localhost:4280",
    "CREATOR_RETURN_URL": "http://localhost:4280/back",
    "CREATOR_REFRESH_URL": "http://localhost:4280/again",
    "REGISTRATION": "open",
}


async def ask_for_description() -> dict[str, Any]:
    """Return the description as the service serves it."""
    known = {name.name for name in NAMES}
    with TemporaryDirectory() as folder:
        database = str(Path(folder) / "empty.sqlite3")
        migrate(database)
        environ = {f"ABOARD_{name}": value for name, value in _SETTINGS.items() if name in known}
        settings = load_settings({**environ, "ABOARD_DATABASE": database})
        async with open_platform(settings) as platform:
            address = urlsplit("http://localhost:4242/openapi.json")
            head = [("host", "localhost:4242")]
            reply = await fetch_from_app(build_app(platform, settings), "GET", address, head, b"")
    description: dict[str, Any] = json.loads(reply.body)
    return description


def formatted(name: str, source: str) -> str:
    """Return source as this house formats it."""
    ruff = Path(sys.executable).with_name("ruff")
    for verb in (["check", "--fix-only", "--quiet", "--select", "I,F401"], ["format", "--quiet"]):
        source = subprocess.run(  # noqa: S603 - our own formatter
            [ruff, *verb, "--stdin-filename", TARGET / name, "-"],
            input=source,
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout
    return source


def main() -> int:
    """Write the files, or with `--check` name the stale ones and return 1."""
    described: Described = read_description(asyncio.run(ask_for_description()))
    wanted = {name: formatted(name, source) for name, source in files_of(described).items()}
    there = {path.name: path.read_text(encoding="utf-8") for path in TARGET.glob("*.py")}
    stale = sorted(
        name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)
    )
    is_check = "--check" in sys.argv
    if not is_check:
        TARGET.mkdir(exist_ok=True)
        for name in stale:
            if name in wanted:
                (TARGET / name).write_text(wanted[name], encoding="utf-8")
            else:
                (TARGET / name).unlink()
    word = "stale, run make client-python" if is_check else "written"
    sys.stdout.writelines(f"{name}: {word}\n" for name in stale)
    return int(bool(stale) and is_check)


if __name__ == "__main__":
    sys.exit(main())
