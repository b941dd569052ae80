"""Did this come from a page of ours, or of the platform's? One answer for every form and call.

Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`; where neither does, it was not.

Source: Fetch Metadata Request Headers; docs/owner-pages.md, what the pages promise.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from litestar.types import Scope

from aboard.web.exchange import find_header_text


def is_own_form(scope: Scope, public_url: str) -> bool:
    """Say whether a form was pressed at our own address, as its browser tells it."""
    site = find_header_text(scope, b"sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return find_header_text(scope, b"origin") == origin_of(public_url)


def is_own_call(scope: Scope, public_url: str, origins: Sequence[str]) -> bool:
    """Say whether a call that a cookie comes with may count: ours, or from one of these origins.

    What is no browser says nothing of where it comes from, and nobody can make it call for them.
    """
    site = find_header_text(scope, b"sec-fetch-site")
    if site in {"same-origin", "none"}:
        return True
    origin = find_header_text(scope, b"origin")
    if origin is None:
        return site is None
    return origin in {origin_of(public_url), *origins}


def origin_of(address: str) -> str:
    """Return scheme, host and port of an address, as browsers name an origin."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
