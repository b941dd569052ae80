"""Who speaks, in which framing, about what? The head of a request, read once and strictly.

Whatever could be read in two ways is refused: two hosts, two lengths, a length beside chunks, a
name that another server takes for a different one.

Source: RFC 9110, sections 5.3, 7.2 and 7.6; RFC 9112, section 6; ADR-0029, the gateway.
"""

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aboard.core.lending.callers import CallerToken
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.gateway.headers import UP, headers_up
from aboard.gateway.masking import holds_token
from aboard.gateway.wire import Header, find_all

MAX_HEAD_BYTES: Final = 64 * 1024
_HOST: Final = re.compile(
    rb"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?\Z"
)
_LENGTH: Final = re.compile(rb"[0-9]{1,18}\Z")
_NAME: Final = re.compile(rb"[a-z0-9!#$%&'*+.^`|~-]+\Z")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
# Headers about the connection, with the words in them that change nothing.
_SPOKEN: Final = {
    b"connection": frozenset({b"", b"close", b"keep-alive", b"te"}),
    b"expect": frozenset({b"100-continue"}),
    b"upgrade": frozenset[bytes](),
}
_VERSIONS: Final = frozenset({"1.0", "1.1"})


@dataclass(frozen=True, slots=True)
class Heads:
    """What a request says before its body. `length` is None where chunks say where it ends."""

    up: tuple[Header, ...]
    length: int | None
    media_type: str
    charset: str
    stripe_account: str | None
    stripe_context: str | None
    is_repeatable: bool

    @property
    def has_body(self) -> bool:
        """Say whether a body is announced. One that comes in chunks may still be empty."""
        return self.length is None or self.length > 0


def read_token(headers: Sequence[Header]) -> CallerToken:
    """Return the caller token: a bearer token, or a user name, as `curl -u` sends it.

    Raises:
        CallRefused: none, more than one, or no form of ours.
    """
    found = find_all(headers, b"authorization")
    if not found:
        raise CallRefused(RefusalCode.CALLER_MISSING)
    if len(found) > 1:
        raise CallRefused(RefusalCode.CALLER_AMBIGUOUS)
    scheme, _, rest = found[0].partition(b" ")
    credentials = rest.strip(b" ")
    if scheme.lower() == b"bearer":
        return CallerToken(credentials.decode("latin-1"))
    if scheme.lower() == b"basic":
        return _read_basic(credentials)
    raise CallRefused(RefusalCode.CALLER_MISSING)


def read_heads(headers: Sequence[Header], *, version: str = "1.1") -> Heads:
    """Read a request's headers; names are in lower case.

    Raises:
        CallRefused: what says one thing in two ways, or with a caller token where none belongs.
    """
    if version not in _VERSIONS:
        raise CallRefused(RefusalCode.REQUEST_MALFORMED)
    _require_plain(headers)
    _require_host(headers)
    length = _read_length(headers, version)
    up = tuple(headers_up(headers))
    for name, value in up:
        if holds_token(value):
            raise CallRefused(RefusalCode.TOKEN_MISPLACED, parameter=name.decode())
    values = dict(up)
    media_type, charset = _read_type(values.get(b"content-type", b""))
    if find_all(headers, b"content-encoding") not in ([], [b"identity"]):
        raise CallRefused(RefusalCode.MEDIA_TYPE_REFUSED, parameter="content-encoding")
    return Heads(
        up=up,
        length=length,
        media_type=media_type,
        charset=charset,
        stripe_account=_text(values.get(b"stripe-account")),
        stripe_context=_text(values.get(b"stripe-context")),
        is_repeatable=b"idempotency-key" in values,
    )


def _read_basic(credentials: bytes) -> CallerToken:
    try:
        name, _, password = b64decode(credentials, validate=True).partition(b":")
    except ValueError:
        raise CallRefused(RefusalCode.CALLER_UNKNOWN) from None
    if password:
        raise CallRefused(RefusalCode.CALLER_AMBIGUOUS, detail="The password must be empty.")
    return CallerToken(name.decode("latin-1"))


def _require_plain(headers: Sequence[Header]) -> None:
    if sum(len(name) + len(value) for name, value in headers) > MAX_HEAD_BYTES:
        raise CallRefused(RefusalCode.HEADER_REFUSED, detail="The headers are too long.")
    once: set[bytes] = set()
    for name, value in headers:
        if not _NAME.match(name):  # an underscore, too: some servers read it as a hyphen
            raise CallRefused(RefusalCode.HEADER_REFUSED)
        if _CONTROL.search(value) or name in once:
            raise CallRefused(RefusalCode.HEADER_REFUSED, parameter=name.decode())
        if name in UP:
            once.add(name)
        elif name in _SPOKEN and not _is_usual(name, value):
            raise CallRefused(RefusalCode.HEADER_REFUSED, parameter=name.decode())


def _is_usual(name: bytes, value: bytes) -> bool:
    """Say whether a header about the connection asks for nothing that changes the request."""
    words = {word.strip().lower() for word in value.split(b",")}
    return words <= _SPOKEN[name]


def _require_host(headers: Sequence[Header]) -> None:
    hosts = find_all(headers, b"host")
    if len(hosts) != 1 or not _HOST.match(hosts[0]):
        raise CallRefused(RefusalCode.HOST_REFUSED)


def _read_length(headers: Sequence[Header], version: str) -> int | None:
    lengths = find_all(headers, b"content-length")
    codings = find_all(headers, b"transfer-encoding")
    if codings:
        is_plain = [coding.lower() for coding in codings] == [b"chunked"]
        if lengths or not is_plain or version == "1.0":
            raise CallRefused(RefusalCode.FRAMING_REFUSED)
        return None
    if not lengths:
        return 0
    if len(lengths) > 1 or not _LENGTH.match(lengths[0]):
        raise CallRefused(RefusalCode.FRAMING_REFUSED)
    return int(lengths[0])


def _read_type(given: bytes) -> tuple[str, str]:
    media_type, _, parameters = given.decode("latin-1").partition(";")
    charset = ""
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset":
            charset = value.strip('"').lower()
    return media_type.strip().lower(), charset


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
