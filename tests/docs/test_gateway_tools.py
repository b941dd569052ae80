"""Do the samples on the page about tools run, as they stand, by curl alone?"""

import asyncio
import json
import os
import re
from typing import Any

from aboard.core.lending.refusals import RULINGS, RefusalCode
from tests.gateway.gate import open_gate
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "gateway" / "tools.md").read_text(encoding="utf-8")
COMMANDS = [
    command
    for block in re.findall(r"^```bash\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for command in re.split(r"\n(?=curl )", block.strip())
]


async def run(command: str, **variables: str) -> Any:  # noqa: ANN401 - whatever JSON came back
    process = await asyncio.create_subprocess_shell(
        command, env={**os.environ, **variables}, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, command
    return json.loads(out)


async def test_the_samples_run_in_order(database: str, stripe_sandbox_url: str) -> None:
    assert len(COMMANDS) == 7
    async with open_gate(database) as recorded, recorded.towards(stripe_sandbox_url) as gate:
        token = await recorded.caller()
        variables = {"GATEWAY": f"http://127.0.0.1:{gate.port}", "CALLER_TOKEN": token}
        for command in COMMANDS[:5]:
            assert "error" not in await run(command, **variables)
        made = await run(COMMANDS[5], **variables)
        account = made["data"]["id"]
        link = await run(COMMANDS[6], **variables, ACCOUNT=account)
    assert set(link["data"]) == set(shown()["data"])
    assert set(link["meta"]) == set(shown()["meta"])


def shown() -> Any:  # noqa: ANN401 - whatever JSON the page shows
    (answer, _) = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return json.loads(answer)


def test_every_code_on_the_page_is_one() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (\d{3}) \|", PAGE, re.MULTILINE)
    assert rows
    for codes, status in rows:
        for code in re.findall(r"`(\w+)`", codes):
            assert RULINGS[RefusalCode(code)].status == int(status)
