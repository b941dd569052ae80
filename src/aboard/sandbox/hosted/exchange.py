"""One request in, one answer out: the little of HTTP that the hosted pages need."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

BODY_LIMIT_BYTES = 64 * 1024
UPLOAD_LIMIT_BYTES = 64 * 1024 * 1024
"""Of a form with files in it: two sides of three documents at their largest."""
FIELD_LIMIT = 200

# Chromium holds a form's whole chain of redirects against form-action, and the way back to the
# platform is such a chain over addresses that nobody here can know: hence any http(s) address.
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self' http: https:; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex"),
]
_HTML = (b"content-type", b"text/html; charset=utf-8")


@dataclass(frozen=True, slots=True)
class SentPaper:
    """A file that came with a form."""

    name: str
    data: bytes = field(repr=False)


@dataclass(slots=True)
class Request:
    """What a page needs to know of a request. `form` holds the last value of each name."""

    method: str
    path: str
    cookies: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    files: dict[str, SentPaper] = field(default_factory=dict)
    client_ip: str = "127.0.0.1"
    user_agent: str = ""
    problem: int = 0
    """A status to answer with before anything else, because the body cannot be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers beyond those that every page carries, and a body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""


def page(html: str, *, status: int = 200) -> Answer:
    """Answer with a page."""
    return Answer(status, [_HTML, *_ALWAYS], html.encode())


def redirect(location: str) -> Answer:
    """Send the browser on with a GET; the address goes out exactly as given."""
    return Answer(303, [(b"location", location.encode("utf-8")), *_ALWAYS])


def with_cookie(answer: Answer, name: str, value: str, *, path: str, is_secure: bool) -> Answer:
    """Add a cookie that scripts cannot read and other sites' forms do not carry."""
    secure = "; Secure" if is_secure else ""
    text = f"{name}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}"
    return Answer(answer.status, [*answer.headers, (b"set-cookie", text.encode())], answer.body)


async def read_request(scope: Mapping[str, Any], receive: Receive) -> Request:
    """Read method, path, cookies and, of a POST, the form; never more than the limit."""
    request = Request(scope["method"], scope["path"])
    content_type = ""
    if scope.get("client"):
        request.client_ip = scope["client"][0]
    for name, value in scope["headers"]:
        if name == b"cookie":
            request.cookies.update(_cookies(value.decode("latin-1")))
        elif name == b"user-agent":
            request.user_agent = value.decode("latin-1")
        elif name == b"content-type":
            content_type = value.decode("latin-1")
    if request.method == "POST":
        await _read_form(request, content_type, receive)
    return request


async def _read_form(request: Request, content_type: str, receive: Receive) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    has_files = kind == "multipart/form-data"
    body = await _read_body(receive, UPLOAD_LIMIT_BYTES if has_files else BODY_LIMIT_BYTES)
    if body is None:
        request.problem = 413
    elif has_files:
        request.problem = _read_parts(request, content_type, body)
    elif body and kind != "application/x-www-form-urlencoded":
        request.problem = 415
    else:
        request.form, request.problem = _form(body)


async def send_answer(send: Send, answer: Answer, *, is_head: bool) -> None:
    """Send an answer; of a HEAD only its headers."""
    headers = [*answer.headers, (b"content-length", str(len(answer.body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else answer.body})


async def _read_body(receive: Receive, limit_bytes: int) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(chunks)
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit_bytes:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _form(body: bytes) -> tuple[dict[str, str], int]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            max_num_fields=FIELD_LIMIT,
            errors="strict",
        )
    except ValueError:  # not UTF-8 before or after decoding, or too many fields
        return {}, 400
    return dict(pairs), 0


def _read_parts(request: Request, content_type: str, body: bytes) -> int:
    """Take the fields and files of a form; return a status when it cannot be read."""
    from aboard.sandbox.wire.parts import (  # noqa: PLC0415 - only pages with documents pay for it
        boundary_of,
        read_parts,
    )

    boundary = boundary_of(content_type)
    if boundary is None:
        return 400
    try:
        for part in read_parts(boundary, body, FIELD_LIMIT):
            if part.filename is None and len(part.data) > BODY_LIMIT_BYTES:
                return 413
            if part.filename is None:
                request.form[part.name] = part.text
            elif part.filename:  # a browser sends a file field without a file as one without a name
                request.files[part.name] = SentPaper(part.filename[:200], part.data)
    except ValueError:
        return 400
    return 0


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}
