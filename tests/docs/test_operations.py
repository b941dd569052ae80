"""Is every operation of the APIs documented, and every documented one there?"""

import re
from pathlib import Path
from typing import Any, cast

import httpx2

from aboard.api.application import build_api
from aboard.core.secret import Secret
from aboard.web.auth import Tokens
from aboard.web.claims import ClaimRules
from aboard.web.keys import SharedSecrets
from aboard.webhooks.intake import ENDPOINTS
from aboard.webhooks.kyc import KYC_PATH
from tests.house.tree import ROOT
from tests.scene import open_scene

VERBS = {"delete", "get", "patch", "post", "put"}
OPERATION = re.compile(r"`(DELETE|GET|PATCH|POST|PUT) (/[^`?]*)")


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def documented(*pages: str) -> set[tuple[str, str]]:
    return {
        (method, re.sub(r"\{\w+\}", "{}", path))
        for name in pages
        for method, path in OPERATION.findall(page(name))
    }


async def test_the_operations_are_those_in_the_description(tmp_path: Path) -> None:
    async with open_scene(str(tmp_path / "aboard.sqlite3")) as scene:
        tokens = Tokens(SharedSecrets([Secret("words-" * 6)]), ClaimRules())
        app = build_api(scene.platform, tokens)
        transport = httpx2.ASGITransport(app=cast("Any", app))
        async with httpx2.AsyncClient(transport=transport, base_url="http://aboard.test") as client:
            description = (await client.get("/openapi.json")).json()
    offered = {
        (verb.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, verbs in description["paths"].items()
        for verb in verbs.keys() & VERBS
    }
    pages = ("creators.md", "organizations.md", "organizations-directory.md", "auth.md")
    assert documented(*(f"api/{name}" for name in pages)) == offered


def test_the_webhook_endpoints_are_documented() -> None:
    assert documented("webhooks.md") == {("POST", path) for path in (*ENDPOINTS, KYC_PATH)}
