"""Is this text a signed token at all? Read strictly, before any key is looked for.

One reading only: base64url as RFC 7515 writes it, each name of an object once, UTF-8, finite
numbers. What two readers could take for two things is refused here.

Source: RFC 7515, sections 3 to 5; RFC 8725, sections 2.4 and 3.11.
"""

import base64
import json
import re
from collections.abc import Sequence
from typing import Any, Final, Never

from joserfc.errors import JoseError
from joserfc.jws import CompactSignature, extract_compact

from aboard.core.errors import Unauthenticated

MAX_TOKEN_CHARS: Final = 8192
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}")
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# The characters that may be last, by how many are over whole groups of four.
_LAST: Final = (_ALPHABET, "", _ALPHABET[::16], _ALPHABET[::4])
# Either changes what is signed or what must be understood. We understand neither.
_NOT_UNDERSTOOD: Final = ("b64", "crit")


def read_compact(token: str, types: frozenset[str] = frozenset()) -> CompactSignature:
    """Return a token in its three parts; nothing of it is trusted yet.

    `types` are the kinds of token that are taken, by the header's `typ`; empty for any that does
    not say that it is for something else.

    Raises:
        Unauthenticated: it is no signed token, or one for another purpose, with the check.
    """
    if len(token) > MAX_TOKEN_CHARS or not _TOKEN.fullmatch(token):
        raise Unauthenticated("format")
    if not all(_is_canonical(part) for part in token.split(".")):
        raise Unauthenticated("format")
    try:
        header = read_object(_decoded(token.partition(".")[0]))
        signed = extract_compact(token.encode())
    except (JoseError, ValueError, RecursionError):
        raise Unauthenticated("format") from None
    if not isinstance(header.get("alg"), str):
        raise Unauthenticated("format")
    if any(name in header for name in _NOT_UNDERSTOOD):
        raise Unauthenticated("critical")
    if not _is_wanted(header.get("typ"), types):
        raise Unauthenticated("typ")
    return signed


def read_claims(signed: CompactSignature) -> dict[str, Any]:
    """Return what a token says, once its signature holds.

    Raises:
        Unauthenticated: its payload is not one JSON object.
    """
    try:
        return read_object(signed.payload)
    except (ValueError, RecursionError):
        raise Unauthenticated("claims") from None


def read_object(document: bytes) -> dict[str, Any]:
    """Return one JSON object in UTF-8, each name of which is there once.

    Raises:
        ValueError: it is not.
        RecursionError: it is nested too deeply.
    """
    read = json.loads(
        document.decode("utf-8"),
        object_pairs_hook=_unique,
        parse_constant=_refuse_constant,
        parse_float=_finite,
    )
    if not isinstance(read, dict):
        raise ValueError("not an object")  # noqa: TRY004 - whatever is wrong, it is one error
    return read


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _is_canonical(part: str) -> bool:
    """Say whether no other text stands for the same bytes: else one token would have many.

    Whatever the last character says beyond whole bytes must be zero (RFC 4648, section 3.5).
    """
    return part[-1] in _LAST[len(part) % 4]


def _is_wanted(typ: object, types: frozenset[str]) -> bool:
    """Say whether the header's `typ` lets a token in; a logout token is no access token."""
    if typ is None:
        return not types
    if not isinstance(typ, str):
        return False
    word = typ.lower().removeprefix("application/")
    return word in types if types else word in {"jwt", "at+jwt", "jose"}


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a name is there twice")
    return fields


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError("a number beyond all bounds")
    return number


def _refuse_constant(_: str) -> Never:
    raise ValueError("not a number")
