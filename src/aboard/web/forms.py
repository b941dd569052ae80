"""Was this button pressed on a page of ours? The one answer for every form of every face.

Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`; where neither does, it was not.

Source: Fetch Metadata Request Headers; docs/owner-pages.md, what the pages promise.
"""

from urllib.parse import urlsplit

from litestar.types import Scope

from aboard.web.exchange import find_header_text


def is_own_form(scope: Scope, public_url: str) -> bool:
    """Say whether a form was pressed at our own address, as its browser tells it."""
    site = find_header_text(scope, b"sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    parts = urlsplit(public_url)
    return find_header_text(scope, b"origin") == f"{parts.scheme}://{parts.netloc}"
