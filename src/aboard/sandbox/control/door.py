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
        return
    if site is not None:
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
        body = await read_body(receive)
        if body is None:
            return
        check_origin(method, headers, worlds.policy.hosted_base)
        visitor_method = "GET" if method == "HEAD" else method
        one, ids = find_control(visitor_method, scope["path"])
        form = _read_form(scope, method, headers, body, is_browser=is_browser)
        visitor = Visitor(worlds, postman, ids, one.params.read(form), origin_of(scope, headers))
        found = one.handler(visitor)
        answer = found if isinstance(found, dict) else await found
    except StripeError as refusal:
        status, answer = refusal.status, refusal.envelope()
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
