"""Is the page about the clients true? Every snippet on it is run as it stands, from the top.

They run against the service in this process, over a real socket, as one user who has done nothing.
"""

import asyncio
import os
import re
import sys
from pathlib import Path

from aboard.cli import servers
from tests.house.tree import ROOT
from tests.journeys.town import MARKET, open_town

PAGE = ROOT / "docs" / "clients.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SCRIPTS = [text for text in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if ">>> " not in text]
SERVICE, SHOP = "http://localhost:4242", "http://localhost:4280"


async def run(script: str, token: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-c",
        script,
        env={**os.environ, "TOKEN": token},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, err.decode()) == (0, "")
    return out.decode()


async def test_every_snippet_runs(tmp_path: Path) -> None:
    async with open_town(tmp_path, ABOARD_CREATOR_LIMIT="100") as town:
        socket = servers.bind("127.0.0.1", 0)
        async with servers.listening(town.app, socket):
            address = servers.address_of("127.0.0.1", socket)
            told = [
                await run(
                    script.replace(SERVICE, address).replace(SHOP, MARKET),
                    town.token("mara", {}).reveal(),
                )
                for script in SCRIPTS
            ]
    first, in_a_loop, organization, tokens, errors = told
    assert re.match(r"acct_\w+ http://127\.0\.0\.1:\d+\nPENDING as Stripe says\n", first)
    assert in_a_loop == "PENDING True\n"
    assert "BearerUrl(***)" in organization
    assert "not_ready ['details_not_submitted'" in organization
    assert re.fullmatch(r"[\w-]{36}\n", tokens)
    assert errors.startswith("creator.stripe.not_active ")
