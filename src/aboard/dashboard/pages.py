"""From a template and its words to a page with its headers. Everything is escaped by default.

Source: docs/owner-pages.md, what the pages promise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aboard.core.brand import Brand
from aboard.dashboard.assets import ASSETS_PATH, make_assets
from aboard.dashboard.dates import UTC_NAME, written
from aboard.dashboard.words import own_names, words_in
from aboard.web.answer import Header, PageAnswer
from aboard.web.collaborator import Collaborator

_TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is written: their language, their zone, and what the frame may offer."""

    language: str
    may_choose_language: bool = False
    may_leave: bool = False
    zone: str = UTC_NAME


@dataclass(frozen=True, slots=True)
class Way:
    """A button that leads on: the name of its words, and where it leads."""

    name: str
    address: str


class Pages(Collaborator):
    """Makes pages in the platform's brand."""

    def __init__(self, brand: Brand, public_url: str) -> None:
        """Take the brand, and our own address as browsers see it, without a slash."""
        self.brand = brand
        self.public_url = public_url
        # What every path of ours begins with: nothing, or where we are mounted.
        self.prefix = urlsplit(public_url).path
        self.assets = make_assets(brand)
        self._headers = _headers(brand, public_url)
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        place = f"{self.prefix}{ASSETS_PATH}"
        self._templates.globals |= {
            "brand": brand,
            "prefix": self.prefix,
            "languages": own_names(),
            "stylesheet": place + self.assets.stylesheet,
            "icon": place + self.assets.icon,
            "script": place + self.assets.script,
            "staff_stylesheet": place + self.assets.staff_stylesheet,
            "explorer_script": place + self.assets.explorer_script,
        }

    def page(
        self,
        template: str,
        reader: Reader,
        *,
        status: int = 200,
        headers: Sequence[Header] = (),
        **values: object,
    ) -> PageAnswer:
        """Return a page from its template; every value is escaped."""
        html = self._templates.get_template(template).render(
            words=words_in(reader.language),
            reader=reader,
            written=partial(written, language=reader.language, zone_name=reader.zone),
            **values,
        )
        return PageAnswer(html, status=status, headers=[*self._headers, *headers])

    def message(
        self,
        name: str,
        reader: Reader,
        *,
        status: int = 200,
        headers: Sequence[Header] = (),
        request_id: str = "",
        way: Way | None = None,
    ) -> PageAnswer:
        """Return a page that says what happened and what to do next."""
        said: Mapping[str, Any] = words_in(reader.language)[name]
        return self.page(
            "message.html",
            reader,
            status=status,
            headers=headers,
            said=said,
            request_id=request_id,
            way=way,
        )


def _headers(brand: Brand, public_url: str) -> tuple[Header, ...]:
    return (
        (b"content-security-policy", _policy(brand, public_url).encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
        (b"vary", b"accept-language, cookie"),
    )


def _policy(brand: Brand, public_url: str) -> str:
    logo = urlsplit(brand.logo_url)
    images = f"'self' {logo.scheme}://{logo.netloc}" if logo.netloc else "'self'"
    # Browsers hold the redirect after a form against form-action too, and it leads to Stripe, or
    # to the sandbox, which is plain http on this machine.
    targets = "'self' https:" + ("" if public_url.startswith("https:") else " http:")
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        f"img-src {images}; form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
    )
