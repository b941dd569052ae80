"""The API reference as it is served: what it may load, who may frame it, and which bundle it is.

What it does in a browser is shown in tests/journeys/test_chromium_reference.py.
"""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest

from aboard.app import build_app
from aboard.settings import load_settings
from tests.cli.commands import COMPLETE_SETTINGS
from tests.house.tree import ROOT
from tests.scene import Scene

ASSETS = ROOT / "src" / "aboard" / "api" / "reference" / "assets"
ORIGIN = "http://aboard.test"
MOST_BYTES = 1_500_000


def app_of(scene: Scene, **given: str) -> httpx2.ASGITransport:
    settings = load_settings({**COMPLETE_SETTINGS, **given})
    return httpx2.ASGITransport(app=build_app(scene.platform, settings))


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=app_of(scene), base_url=ORIGIN) as opened:
        yield opened


async def scripts_of(client: httpx2.AsyncClient) -> list[str]:
    page = await client.get("/reference")
    assert page.status_code == 200
    return re.findall(r'<script src="([^"]+)"></script>', page.text)


async def test_switched_off_there_is_nothing(scene: Scene) -> None:
    transport = app_of(scene, ABOARD_REFERENCE="false")
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        for path in ("/reference", "/reference/", "/reference/scalar.js"):
            assert (await client.get(path)).status_code == 404
        assert (await client.get("/openapi.json")).status_code == 200


@pytest.mark.parametrize("path", ["/reference", "/reference/nothing.js"])
async def test_it_may_load_from_its_own_origin_and_be_framed_by_nobody(
    client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.get(path)
    rules = dict(
        rule.strip().partition(" ")[::2]
        for rule in answer.headers["content-security-policy"].split(";")
    )
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"]


async def test_the_page_has_no_script_of_its_own_and_names_no_host(
    client: httpx2.AsyncClient,
) -> None:
    page = (await client.get("/reference")).text
    assert len(await scripts_of(client)) == 2
    assert "//" not in page
    assert not re.search(r"<script>|\son\w+=|style=", page)


@pytest.mark.parametrize("path", ["/reference/../app.py", "/reference/scalar.json", "/reference/x"])
async def test_nothing_else_can_be_read(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404


async def test_it_is_read_and_nothing_else(client: httpx2.AsyncClient) -> None:
    for path in ("/reference", f"/{(await scripts_of(client))[0]}"):
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            answer = await client.request(method, path)
            assert answer.status_code == 405
            assert answer.headers["allow"] == "GET, HEAD"
        head = await client.head(path)
        assert head.status_code == 200
        assert head.content == b""
        assert int(head.headers["content-length"]) > 100


async def test_a_slash_behind_it_leads_to_it(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/reference/", follow_redirects=True)
    assert str(answer.url) == f"{ORIGIN}/reference"


async def test_mounted_under_a_path_it_finds_its_files(scene: Scene) -> None:
    transport = httpx2.ASGITransport(app=app_of(scene).app, root_path="/payments")
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        page = await client.get("/payments/reference")
        for script in re.findall(r'<script src="([^"]+)">', page.text):
            assert (await client.get(str(page.url.join(script)))).status_code == 200


@pytest.mark.parametrize(
    ("taken", "encoding"),
    [
        ("gzip", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("gzip;q=0, *", None),
        ("", None),
        ("\xff;;q=,", None),
    ],
)
async def test_the_bundle_comes_compressed_to_whom_it_suits(
    client: httpx2.AsyncClient, taken: str, encoding: str | None
) -> None:
    bundle = (await scripts_of(client))[0]
    async with client.stream(
        "GET", f"/{bundle}", headers=[(b"accept-encoding", taken.encode("latin-1"))]
    ) as answer:
        sent = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers.get("content-encoding") == encoding
    content = gzip.decompress(sent) if encoding else sent
    assert sha256(content).hexdigest() == json.loads((ASSETS / "scalar.json").read_text())["sha256"]


def test_the_bundle_is_the_one_that_is_written_down() -> None:
    note = json.loads((ASSETS / "scalar.json").read_text("utf-8"))
    packed = (ASSETS / "scalar.js.gz").read_bytes()
    bundle = gzip.decompress(packed)
    assert sha256(bundle).hexdigest() == note["sha256"]
    assert len(packed) < MOST_BYTES
    assert note["version"].encode() in bundle
    assert note["license"] == "MIT"
    assert (ASSETS / "scalar.LICENSE.txt").read_text("utf-8").startswith("MIT License")


def test_who_never_reads_it_does_not_pay_for_it() -> None:
    code = (
        "import sys, aboard.app; from aboard.api.reference import page; "
        "print([each.cache_info().currsize for each in (page._files, page._bundle_unpacked)])"
    )
    result = subprocess.run(  # noqa: S603 - our own words, in a process that asked for no page
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=Path(ROOT)
    )
    assert result.stdout.strip() == "[0, 0]"
