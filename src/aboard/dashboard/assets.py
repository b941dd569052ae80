"""Which files do the pages load? Stylesheets, scripts and an icon, whose names change with them.

The first stylesheet is the shipped one with the platform's colours behind it. All are made once and
kept for a year by browsers: another content has another name.

Source: docs/owner-pages.md, your colours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from litestar.types import Receive, Scope, Send

from aboard.core.brand import Brand, text_on
from aboard.web.answer import Header

ASSETS_PATH: Final = "/connect/assets/"
_FOLDER: Final = Path(__file__).parent / "assets"
_KEPT: Final = (b"cache-control", b"public, max-age=31536000, immutable")
_PLAIN: Final = (b"x-content-type-options", b"nosniff")
_KINDS: Final = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "svg": b"image/svg+xml",
}
_READ: Final = frozenset({"GET", "HEAD"})
EXPLORER_PARTS: Final = ("requests", "snippets", "fields", "answers", "page")


@dataclass(frozen=True, slots=True)
class Assets:
    """The files by the names under which they are served."""

    stylesheet: str
    script: str
    icon: str
    staff_stylesheet: str
    explorer_script: str
    files: Mapping[str, bytes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Answer with a file, or say that there is none of this name."""
        name = scope["path"].rpartition("/")[2]
        content = self.files.get(name) if scope.get("method") in _READ else None
        headers: list[Header] = [_PLAIN]
        if content is not None:
            headers += [_KEPT, (b"content-type", _KINDS[name.rpartition(".")[2]])]
        body = content or b""
        headers.append((b"content-length", b"%d" % len(body)))
        status = 404 if content is None else 200
        await send({"type": "http.response.start", "status": status, "headers": headers})
        shown = b"" if scope.get("method") == "HEAD" else body
        await send({"type": "http.response.body", "body": shown, "more_body": False})


def make_assets(brand: Brand) -> Assets:
    """Return the stylesheets and the icon in the platform's colours, and the scripts."""
    contents = (
        ("connect", "css", (_FOLDER / "connect.css").read_bytes() + colors_of(brand).encode()),
        ("htmx", "js", (_FOLDER / "htmx.min.js").read_bytes()),
        ("i", "svg", icon_of(brand).encode()),
        ("staff", "css", (_FOLDER / "staff.css").read_bytes()),
        ("explorer", "js", explorer_script().encode()),
    )
    names = [_named(*each) for each in contents]
    style, script, icon, staff_style, explorer = names
    files = {name: content for name, (_, _, content) in zip(names, contents, strict=True)}
    return Assets(style, script, icon, staff_style, explorer, files)


def explorer_script() -> str:
    """Return the explorer's script: its parts in the order in which they stand on each other."""
    parts = [(_FOLDER / "explorer" / f"{part}.js").read_text("utf-8") for part in EXPLORER_PARTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"


def icon_of(brand: Brand) -> str:
    """Return a tick on the platform's colour, for the tab of the browser."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="7" fill="{brand.color}"/>'
        f'<path d="M8 17l6 6 11-13" fill="none" stroke="{text_on(brand.color)}" '
        'stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def colors_of(brand: Brand) -> str:
    """Return the rules that put the platform's colours over ours.

    >>> colors_of(Brand(color="#ffcc00")).splitlines()[0]
    ':root { --brand: #ffcc00; --on-brand: #000000; }'
    """
    light = f":root {{ --brand: {brand.color}; --on-brand: {text_on(brand.color)}; }}\n"
    dark = f":root {{ --brand: {brand.color_dark}; --on-brand: {text_on(brand.color_dark)}; }}"
    return f"{light}@media (prefers-color-scheme: dark) {{ {dark} }}\n"


def _named(name: str, kind: str, content: bytes) -> str:
    return f"{name}-{sha256(content).hexdigest()[:12]}.{kind}"
