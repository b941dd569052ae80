"""How is an answer sent? As bytes that are ready: encoded once, with a short list of headers.

`Answer[T]` keeps `T` for the type checker and for the OpenAPI description; nothing is rendered
later. Answers are private: none may be stored by a cache.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec
from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

T = TypeVar("T")
Header = tuple[bytes, bytes]

NO_STORE: Final[Header] = (b"cache-control", b"no-store")
_HTML: Final[Header] = (b"content-type", b"text/html; charset=utf-8")
_JSON: Final[Header] = (b"content-type", b"application/json")
_encode: Final = msgspec.json.Encoder().encode


class _ReadyBytes(ASGIResponse):
    """What Litestar sends; it has nothing left to do."""

    __slots__ = ("_head", "_payload", "_status")

    def __init__(self, status: int, head: list[Header], payload: bytes) -> None:
        # The parent's constructor renders and counts; there is nothing to render.
        self._status = status
        self._head = head
        self._payload = payload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Send the head and the whole body."""
        await send({"type": "http.response.start", "status": self._status, "headers": self._head})
        await send({"type": "http.response.body", "body": self._payload, "more_body": False})


class Answer(Response[T]):
    """A JSON answer. `content` is encoded at once and not kept."""

    def __init__(self, content: T, *, status: int = 200, headers: Sequence[Header] = ()) -> None:
        """Encode the content; the extra headers are sent as given."""
        self._ready = _ready(_encode(content), _JSON, status=status, headers=headers)

    def to_asgi_response(self, *_: object, **__: object) -> ASGIResponse:
        """Return the ready bytes; nothing of the layers above changes them."""
        return self._ready


class PageAnswer(Response[str]):
    """A whole text: an HTML page for a person, or a redirect with an empty one."""

    def __init__(
        self,
        page: str,
        *,
        status: int = 200,
        headers: Sequence[Header] = (),
        kind: Header = _HTML,
    ) -> None:
        """Encode the page; the extra headers are sent as given."""
        self._ready = _ready(page.encode(), kind, status=status, headers=headers)

    def to_asgi_response(self, *_: object, **__: object) -> ASGIResponse:
        """Return the ready bytes; nothing of the layers above changes them."""
        return self._ready


class EmptyAnswer(Response[None]):
    """A 204: nothing but a head."""

    def __init__(self, *, headers: Sequence[Header] = ()) -> None:
        """Send the extra headers as given."""
        self._ready = _ReadyBytes(204, [NO_STORE, *headers], b"")

    def to_asgi_response(self, *_: object, **__: object) -> ASGIResponse:
        """Return the ready head; nothing of the layers above changes it."""
        return self._ready


def _ready(payload: bytes, kind: Header, *, status: int, headers: Sequence[Header]) -> ASGIResponse:
    """Return a whole answer as bytes, not to be stored by any cache."""
    length = (b"content-length", b"%d" % len(payload))
    return _ReadyBytes(status, [kind, length, NO_STORE, *headers], payload)


def see_other(location: str) -> PageAnswer:
    """Return a 303 to this address, which may be a bearer URL: it is told to nobody else."""
    return PageAnswer(
        "",
        status=303,
        headers=[
            (b"location", location.encode("ascii")),
            (b"referrer-policy", b"no-referrer"),
        ],
    )
