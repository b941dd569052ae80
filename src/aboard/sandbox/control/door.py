"""Who may come in? One request to the control, in JSON for programs and in HTML for browsers.

The control needs no key, so a page of another site must neither do nor learn anything here:
browsers say where a request comes from, and what comes from elsewhere is refused. A name that
anybody could own is no name of this sandbox either, or such a name could be pointed at it.

Source: Fetch Metadata Request Headers (W3C), and the Origin header (RFC 6454).
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from aboard.sandbox.control.desk import Answer, Visitor
from aboard.sandbox.control.table import find_control
from aboard.sandbox.wire.errors import StripeError, shown
from aboard.sandbox.wire.form import Form, decode
from aboard.sandbox.wire.http import (
    Headers,
    Receive,
    Scope,
    Send,
    origin_of,
    read_body,
    read_headers,
    write_json,
)
from aboard.sandbox.wire.request import check_encoding, form_of
from aboard.sandbox.worlds import Worlds

if TYPE_CHECKING:
    from aboard.sandbox.delivery import Postman

LARGEST_IMPORT = 1 << 30
_READS = frozenset({"GET", "HEAD"})
_OWN_HOST = re.compile(
    r"(localhost|[a-z0-9-]+\.localhost|[a-z0-9_-]+|[0-9.]+|\[[0-9a-f:.]+\])(:[0-9]+)?",
    re.IGNORECASE,
)
_GUARDS = [
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]


def check_origin(method: str, headers: Headers, hosted_base: str | None) -> None:
    """Refuse what a browser sends from somewhere else.

    Raises:
        StripeError: 403.
    """
    host, origin = headers.get("host", ""), headers.get("origin")
    site = headers.get("sec-fetch-site")
    if site is None and origin is None:
        return  # not a browser, or one that reads an address typed in
    own = urlsplit(hosted_base or "").netloc
    if not _OWN_HOST.fullmatch(host) and host != own:
        raise _foreign(f"{shown(host)} is not a name of this sandbox; name it by --hosted-url.")
    if method in _READS:
        # Whoever follows a link from elsewhere may look; what a page fetches may not.
        is_own = site != "cross-site" or headers.get("sec-fetch-mode") == "navigate"
    elif site is not None:
        is_own = site in {"same-origin", "none"}
    else:
        is_own = urlsplit(origin or "").netloc == host
    if not is_own:
        raise _foreign("This request comes from a page of another site.")


def _foreign(message: str) -> StripeError:
    return StripeError(message, status=HTTPStatus.FORBIDDEN, is_early=True)


async def handle(
    worlds: Worlds,
    postman: "Callable[[], Postman]",
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Answer one request to the control."""
    headers = read_headers(scope)
    method: str = scope["method"]
    is_browser = "text/html" in headers.get("accept", "")
    status: int = HTTPStatus.OK
    answer: Answer = {}
    try:
        check_origin(method, headers, worlds.policy.hosted_base)
        body = await read_body(receive, LARGEST_IMPORT)
        if body is None:
            return
        is_page = method in _READS and (is_browser or scope["path"].endswith(".css"))
        if is_page:
            from aboard.sandbox.control import page  # noqa: PLC0415 - templates for pages only

            if await page.write_page(send, worlds, scope["path"], is_head=method == "HEAD"):
                return
        visitor_method = "GET" if method == "HEAD" else method
        one, ids = find_control(visitor_method, scope["path"])
        sent = b"" if one.takes_lines else body
        form = _read_form(scope, method, headers, sent, is_browser=is_browser)
        params = one.params.read(form)
        found = one.handler(Visitor(worlds, postman, ids, params, origin_of(scope, headers), body))
        if isinstance(found, bytes):
            await _write_lines(send, found)
            return
        answer = found if isinstance(found, dict) else await found
    except StripeError as refusal:
        status, answer = refusal.status, refusal.envelope()
    if is_browser and (method == "POST" or status != HTTPStatus.OK):
        from aboard.sandbox.control import page  # noqa: PLC0415 - as above

        if method == "POST":
            await page.write_outcome(send, scope["path"], headers, int(status), answer)
        else:
            await page.write_refusal(send, int(status), answer, is_head=method == "HEAD")
        return
    shown_json = msgspec.json.encode(answer)
    await write_json(send, int(status), shown_json, _GUARDS, is_head=method == "HEAD")


def _read_form(
    scope: Scope, method: str, headers: Headers, body: bytes, *, is_browser: bool
) -> Form:
    query: bytes = scope.get("query_string", b"")
    if method != "POST":
        return decode(query)
    check_encoding(headers)
    form = form_of(method, query, headers, body)
    if is_browser:  # a field that was left blank was not filled in
        return {name: value for name, value in form.items() if value != ""}
    return form


async def _write_lines(send: Send, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/x-ndjson"),
        (b"content-disposition", b'attachment; filename="sandbox.jsonl"'),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *_GUARDS,
    ]
    await send({"type": "http.response.start", "status": int(HTTPStatus.OK), "headers": headers})
    await send({"type": "http.response.body", "body": body})
