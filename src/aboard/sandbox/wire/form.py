"""What was sent? Decodes Stripe's forms: `a[b]=1`, `list[]=x`, `list[0][k]=v`.

The result nests dictionaries and lists of text; what each must be is `params`'s question, also
whether a hash with the keys 0, 1, 2 was meant as a list.

Source: Stripe's API reference, "Request and response encoding" (v1).
"""

import re
from typing import Union
from urllib.parse import parse_qsl

from aboard.sandbox.wire.errors import bad, shown

Raw = Union[str, "dict[str, Raw]", "list[Raw]"]
Form = dict[str, Raw]

MOST_FIELDS = 2000
DEEPEST = 8
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")


def decode(body: bytes) -> Form:
    """Decode a form or a query.

    Raises:
        StripeError: it is not UTF-8, too large, too deep, or contradicts itself.
    """
    form: Form = {}
    if not body:
        return form
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise bad("Invalid UTF-8 in the request's parameters.") from None
    except ValueError:
        raise bad(f"Too many parameters: at most {MOST_FIELDS} are allowed.") from None
    for name, value in pairs:
        match = _NAME.fullmatch(name)
        if match is None:
            raise bad(f"Invalid parameter name: {shown(name)}", shown(name))
        parts = _PART.findall(match[2])
        if len(parts) > DEEPEST:
            raise bad(f"Parameter nested too deeply: {shown(name)}", shown(name))
        _put(form, match[1], parts, value, name)
    return form


def _put(form: Form, first: str, parts: list[str], value: str, name: str) -> None:
    place: Form = form
    key = first
    for depth, part in enumerate(parts):
        is_last = depth == len(parts) - 1
        if part == "":
            items = place.setdefault(key, [])
            if not isinstance(items, list):
                raise _contradiction(name)
            if is_last:
                items.append(value)
                return
            place = _item(items, parts[depth + 1], name)
            key = parts[depth + 1]
            if key == "":
                raise _contradiction(name)
            _put_rest(place, parts[depth + 1 :], value, name)
            return
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            raise _contradiction(name)
        place, key = inner, part
    if isinstance(place.get(key), dict | list):
        raise _contradiction(name)
    place[key] = value


def _put_rest(place: Form, parts: list[str], value: str, name: str) -> None:
    _put(place, parts[0], parts[1:], value, name)


def _item(items: "list[Raw]", key: str, name: str) -> Form:
    """Return the list's last hash, or a new one when that has the key already."""
    last = items[-1] if items else None
    if isinstance(last, str):
        raise _contradiction(name)
    if isinstance(last, dict) and key not in last:
        return last
    fresh: Form = {}
    items.append(fresh)
    return fresh


def _contradiction(name: str) -> Exception:
    return bad(f"Invalid parameter: {shown(name)} is given in two ways", shown(name))
