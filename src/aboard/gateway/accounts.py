"""Which connected accounts does a call name? Asked where a caller acts for named owners alone.

Read as Stripe would, and refused wherever another reading is possible: the same name twice, in
the query and in the body, or in a spelling that only some readers take for it.

Source: ADR-0029, the gateway; the WHATWG URL standard, "application/x-www-form-urlencoded".
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.gateway.objects import read_object

Name = tuple[str, ...]
_BRACKETS: Final = re.compile(r"[\[\]]+")
_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def in_form(raw: bytes, names: Collection[Name]) -> Iterator[tuple[Name, str]]:
    """Yield what a query or a form says under these names, such as `("account",)`.

    Raises:
        CallRefused: it is no form, or one of the names is written in an unusual way.
    """
    if b";" in raw or b"\0" in raw or _ESCAPE.search(raw):
        raise CallRefused(RefusalCode.BODY_MALFORMED)
    for pair in raw.split(b"&"):
        if not pair:
            continue
        key, _, value = pair.partition(b"=")
        written = _text(key)
        name = tuple(part.strip() for part in _BRACKETS.split(written) if part.strip())
        for wanted in names:
            if name[: len(wanted)] != wanted:
                continue
            if written != _spell(wanted):
                raise CallRefused(RefusalCode.ACCOUNT_AMBIGUOUS, parameter=_spell(wanted))
            yield wanted, _text(value)


def in_json(raw: bytes, names: Collection[Name]) -> Iterator[tuple[Name, str]]:
    """Yield what a JSON body says under these names.

    Raises:
        CallRefused: it is no JSON object, says a key twice, or has no text under a name.
    """
    content = read_object(raw, twice=RefusalCode.ACCOUNT_AMBIGUOUS)
    for wanted in names:
        found: object = content
        for part in wanted:
            found = found.get(part) if isinstance(found, dict) else None
        if found is None:
            continue
        if not isinstance(found, str):
            raise CallRefused(RefusalCode.ACCOUNT_AMBIGUOUS, parameter=".".join(wanted))
        yield wanted, found


def require_once(found: Sequence[tuple[Name, str]]) -> list[str]:
    """Return the accounts of what was found, each name once.

    Raises:
        CallRefused: the same name more than once, whatever it says.
    """
    names = [name for name, _ in found]
    for name in names:
        if names.count(name) > 1:
            raise CallRefused(RefusalCode.ACCOUNT_AMBIGUOUS, parameter=_spell(name))
    return [value for _, value in found]


def _spell(name: Name) -> str:
    return name[0] + "".join(f"[{part}]" for part in name[1:])


def _text(raw: bytes) -> str:
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise CallRefused(RefusalCode.BODY_MALFORMED) from None
