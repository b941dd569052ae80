"""How shall the owner's pages look, and where do they send people? The platform's own words.

Source: docs/owner-pages.md, your colours.
"""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from aboard.core.brand import Brand, is_color
from aboard.core.links import LOOPBACK
from aboard.settings.sources import Sources

_LONGEST_NAME: Final = 60
_LONGEST_ADDRESS: Final = 2048


def read_brand(given: Sources) -> Brand:
    """Return the platform's brand, or note what is wrong with it."""
    name = given.text("BRAND_NAME").strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        given.problem("BRAND_NAME", f"must have 1 to {_LONGEST_NAME} printable characters")
    color = _color(given, "BRAND_COLOR")
    is_own_color = given.is_given("BRAND_COLOR") and not given.is_given("BRAND_COLOR_DARK")
    return Brand(
        name=name,
        logo_url=_address(given, "BRAND_LOGO_URL"),
        color=color,
        color_dark=color if is_own_color else _color(given, "BRAND_COLOR_DARK"),
        sign_in_url=_address(given, "SIGN_IN_URL"),
        support_url=_address(given, "SUPPORT_URL", may_be_mail=True),
    )


def _color(given: Sources, name: str) -> str:
    color = given.text(name).lower()
    if is_color(color):
        return color
    given.problem(name, "must be a colour such as #0b6470")
    return Brand().color


def _address(given: Sources, name: str, *, may_be_mail: bool = False) -> str:
    address = given.text(name)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if len(address) > _LONGEST_ADDRESS or not address.isascii() or not address.isprintable():
        given.problem(name, f"must have up to {_LONGEST_ADDRESS} plain characters")
    elif any(char in address for char in " \"'<>\\;,") or "@" in parts.netloc:
        given.problem(name, "has characters that do not belong in an address")
    elif _is_shown(parts) or (may_be_mail and parts.scheme == "mailto" and parts.path):
        return address
    else:
        given.problem(name, "must be https" + (", or mailto:" if may_be_mail else ""))
    return ""


def _is_shown(parts: SplitResult) -> bool:
    """Say whether a browser may be sent there: https, or this machine."""
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in LOOPBACK
