"""How is the API reference served? One page, our few lines that start it, and Scalar's bundle.

The bundle is an asset of the package, compressed, and read when somebody first asks for it: a
service that nobody reads the reference of pays nothing. Bare ASGI.

Source: docs/self-hosting.md, the API reference; assets/scalar.json says which bundle it is.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from litestar.types import Receive, Scope, Send

from aboard.web.answer import NO_STORE, Header
from aboard.web.exchange import find_header, path_of

REFERENCE_PATH: Final = "/reference"
_ASSETS: Final = Path(__file__).parent / "assets"
_KEPT: Final[Header] = (b"cache-control", b"public, max-age=31536000, immutable")
_HTML: Final[Header] = (b"content-type", b"text/html; charset=utf-8")
_SCRIPT: Final[Header] = (b"content-type", b"text/javascript; charset=utf-8")
_GZIPPED: Final[Header] = (b"content-encoding", b"gzip")
_READ: Final = frozenset({"GET", "HEAD"})
# Styles are the one loose end: the bundle brings its own as elements and attributes that it writes
# while it draws. Scripts come from this origin alone, and so does everything that is asked for.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_GUARDED: Final[tuple[Header, ...]] = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Aboard: API reference</title>
<link rel="icon" href="data:,">
</head>
<body>
<div id="reference"></div>
<noscript>This needs JavaScript. <a href="openapi.json">The description</a> does not.</noscript>
<script src="reference/{bundle}"></script>
<script src="reference/{start}"></script>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class _Asset:
    """One file as it is sent: compressed where that pays."""

    content: bytes
    is_gzipped: bool = False


async def reference(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI
    """Answer with the page, with a file that it loads, or say that there is none of this name."""
    if scope.get("method") not in _READ:
        await _send(scope, send, 405, b"", [(b"allow", b"GET, HEAD")])
        return
    name = path_of(scope).removeprefix(REFERENCE_PATH)
    if not name:
        await _send(scope, send, 200, _page(), [_HTML, NO_STORE])
        return
    if name == "/":
        await _send(scope, send, 308, b"", [(b"location", b"../reference"), NO_STORE])
        return
    asset = _files().get(name.removeprefix("/"))
    if asset is None:
        await _send(scope, send, 404, b"", [NO_STORE])
        return
    headers = [_SCRIPT, _KEPT]
    content = asset.content
    if asset.is_gzipped:
        headers.append((b"vary", b"accept-encoding"))
        if _takes_gzip(scope):
            headers.append(_GZIPPED)
        else:
            content = _bundle_unpacked()
    await _send(scope, send, 200, content, headers)


async def _send(scope: Scope, send: Send, status: int, body: bytes, headers: list[Header]) -> None:
    length = (b"content-length", b"%d" % len(body))
    head = [*headers, *_GUARDED, length]
    await send({"type": "http.response.start", "status": status, "headers": head})
    shown = b"" if scope.get("method") == "HEAD" else body
    await send({"type": "http.response.body", "body": shown, "more_body": False})


def _takes_gzip(scope: Scope) -> bool:
    given = (find_header(scope, b"accept-encoding") or b"").decode("latin-1").lower()
    parts = (part.partition(";") for part in given.split(","))
    weights = {name.strip(): weight.replace(" ", "") for name, _, weight in parts}
    weight = weights.get("gzip", weights.get("*", "q=0"))
    return weight not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}


@cache
def _files() -> Mapping[str, _Asset]:
    bundle = _Asset((_ASSETS / "scalar.js.gz").read_bytes(), is_gzipped=True)
    start = _Asset((_ASSETS / "start.js").read_bytes())
    return {
        f"{name}-{sha256(asset.content).hexdigest()[:12]}.js": asset
        for name, asset in (("scalar", bundle), ("start", start))
    }


@cache
def _page() -> bytes:
    bundle, start = _files()
    return _PAGE.format(bundle=bundle, start=start).encode()


@cache
def _bundle_unpacked() -> bytes:
    """Return the bundle for the few who take no gzip; unpacked once."""
    return gzip.decompress((_ASSETS / "scalar.js.gz").read_bytes())
