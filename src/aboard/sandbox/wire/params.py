"""Is each parameter what it must be? A small language to say so, and Stripe's words when not.

A kind reads what was sent at a path and returns the value meant: text, whole number, flag, hash
or list; `None` where the empty string unsets. Paths are written as sent: `individual[dob][day]`.

Source: Stripe's API reference, "Errors"; error codes `parameter_*`, `url_invalid`, `email_invalid`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from msgspec import Struct, field

from aboard.sandbox.wire.errors import bad, empty, missing, shown, unknown
from aboard.sandbox.wire.form import Form, Raw

LONGEST = 5000
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
MOST_METADATA, LONGEST_KEY, LONGEST_VALUE = 50, 40, 500


class Kind(Protocol):
    """How one parameter is read."""

    @property
    def is_required(self) -> bool:
        """Say whether the parameter must be there."""

    def read(self, raw: Raw, path: str) -> Any:  # noqa: ANN401 - each kind has its own
        """Return the value meant, or refuse in Stripe's words."""


def _text(raw: Raw, path: str) -> str:
    if not isinstance(raw, str):
        raise bad("Invalid string: a hash or a list was given", path)
    return raw


class Text(Struct, frozen=True):
    """Text. The empty string unsets, or is refused where it must not."""

    is_required: bool = False
    is_clearable: bool = True
    longest: int = LONGEST

    def read(self, raw: Raw, path: str) -> str | None:
        """Return the text, or `None` to unset."""
        text = _text(raw, path)
        if not text:
            if self.is_required or not self.is_clearable:
                raise empty(path)
            return None
        if len(text) > self.longest:
            raise bad(
                f"Invalid string: {shown(text[:20])}...; must be at most {self.longest} characters",
                path,
            )
        return text


class Integer(Struct, frozen=True):
    """A whole number between two bounds."""

    is_required: bool = False
    low: int = -(10**12)
    high: int = 10**12

    def read(self, raw: Raw, path: str) -> int:
        """Return the number."""
        text = _text(raw, path)
        if not text:
            raise empty(path)
        if not _INTEGER.fullmatch(text):
            raise bad(f"Invalid integer: {shown(text)}", path, "parameter_invalid_integer")
        number = int(text)
        if number < self.low:
            message = f"This value must be greater than or equal to {self.low}."
            raise bad(message, path, "parameter_invalid_integer")
        if number > self.high:
            message = f"This value must be less than or equal to {self.high}."
            raise bad(message, path, "parameter_invalid_integer")
        return number


class Decimal(Struct, frozen=True):
    """A number with a fraction."""

    is_required: bool = False

    def read(self, raw: Raw, path: str) -> float | None:
        """Return the number, or `None` to unset."""
        text = _text(raw, path)
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", text):
            raise bad(f"Invalid decimal: {shown(text)}", path)
        return float(text)


class Flag(Struct, frozen=True):
    """`true` or `false`."""

    is_required: bool = False

    def read(self, raw: Raw, path: str) -> bool:
        """Return which."""
        text = _text(raw, path)
        if not text:
            raise empty(path)
        if text not in {"true", "false"}:
            raise bad(f"Invalid boolean: {shown(text)}", path)
        return text == "true"


class Choice(Struct, frozen=True):
    """One of a closed list."""

    values: tuple[str, ...]
    is_required: bool = False
    is_clearable: bool = False

    def read(self, raw: Raw, path: str) -> str | None:
        """Return the one chosen, or `None` to unset."""
        text = _text(raw, path)
        if text in self.values:
            return text
        if not text:
            if self.is_clearable:
                return None
            raise empty(path)
        raise bad(f"Invalid {path}: must be one of {either(self.values)}", path)


def either(values: tuple[str, ...]) -> str:
    """Return `a`, `a or b`, or `a, b, or c`."""
    if len(values) < 3:  # noqa: PLR2004 - two need no comma
        return " or ".join(values)
    return f"{', '.join(values[:-1])}, or {values[-1]}"


class Email(Struct, frozen=True):
    """An email address of at most 800 characters."""

    is_required: bool = False

    def read(self, raw: Raw, path: str) -> str | None:
        """Return the address, or `None` to unset."""
        text = _text(raw, path)
        if not text:
            return None
        if len(text) > 800 or not _EMAIL.fullmatch(text):  # noqa: PLR2004 - Stripe's limit
            raise bad(f"Invalid email address: {shown(text)}", path, "email_invalid")
        return text


class Url(Struct, frozen=True):
    """An absolute http or https address."""

    is_required: bool = False

    def read(self, raw: Raw, path: str) -> str:
        """Return the address."""
        text = _text(raw, path)
        if not text:
            raise empty(path)
        if not is_url(text):
            raise bad("Not a valid URL", path, "url_invalid")
        return text


def is_url(text: str) -> bool:
    """Say whether a text is an absolute http or https address that a header can carry."""
    if len(text) > LONGEST or not text.isascii() or re.search(r"[\x00-\x20\x7f]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class Hash(Struct, frozen=True):
    """A hash with known keys."""

    kinds: Mapping[str, Kind]
    is_required: bool = False
    is_clearable: bool = False

    def read(self, raw: Raw, path: str) -> dict[str, Any] | None:
        """Return the values by key, or `None` to unset."""
        if raw == "":
            if self.is_clearable:
                return None
            raise empty(path)
        if not isinstance(raw, dict):
            raise bad("Invalid object", path)
        return read_all(self.kinds, raw, path)


class Items(Struct, frozen=True):
    """A list, written `x[]=...` or `x[0]=...` counted from 0 without gaps."""

    kind: Kind
    is_required: bool = False
    is_clearable: bool = False
    most: int = 300

    def read(self, raw: Raw, path: str) -> list[Any] | None:
        """Return the items in their order, or `None` to unset."""
        if raw == "":
            if self.is_clearable:
                return None
            raise empty(path)
        if isinstance(raw, dict):
            if set(raw) != {str(place) for place in range(len(raw))}:
                raise bad("Invalid array: indexes must count from 0 without gaps", path)
            raw = [raw[str(place)] for place in range(len(raw))]
        if not isinstance(raw, list) or len(raw) > self.most:
            raise bad("Invalid array", path)
        return [self.kind.read(item, f"{path}[{place}]") for place, item in enumerate(raw)]


class Metadata(Struct, frozen=True):
    """Up to 50 short texts by key; a `None` value or a `None` whole unsets."""

    is_required: bool = False

    def read(self, raw: Raw, path: str) -> dict[str, str | None] | None:
        """Return the texts to set and the keys to unset, or `None` to unset all."""
        if raw == "":
            return None
        if not isinstance(raw, dict):
            raise bad("Invalid object", path)
        found: dict[str, str | None] = {}
        for key, value in raw.items():
            where = f"{path}[{shown(key)}]"
            if len(key) > LONGEST_KEY:
                raise bad(f"Metadata keys must be under {LONGEST_KEY} characters long.", where)
            text = _text(value, where)
            if len(text) > LONGEST_VALUE:
                message = f"Metadata values must be under {LONGEST_VALUE} characters long."
                raise bad(message, where)
            found[key] = text or None
        return found


class Times(Struct, frozen=True):
    """A point in time, or a range by `gt`, `gte`, `lt`, `lte`; unix seconds."""

    is_required: bool = False

    def read(self, raw: Raw, path: str) -> Callable[[int], bool]:
        """Return the test that a point in time must pass."""
        if isinstance(raw, str):
            wanted = Integer().read(raw, path)
            return lambda at: at == wanted
        bounds = Hash(dict.fromkeys(("gt", "gte", "lt", "lte"), Integer())).read(raw, path) or {}
        low = max(bounds.get("gte", 0), bounds.get("gt", -1) + 1)
        high = min(bounds.get("lte", 10**13), bounds.get("lt", 10**13) - 1)
        return lambda at: low <= at <= high


class Either(Struct, frozen=True):
    """Text, or a hash."""

    text: Kind
    whole: Kind
    is_required: bool = False

    def read(self, raw: Raw, path: str) -> Any:  # noqa: ANN401 - one of two
        """Return the one or the other."""
        return (self.text if isinstance(raw, str) else self.whole).read(raw, path)


class Params(Struct, frozen=True):
    """All the parameters of one operation."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def read(self, form: Form) -> dict[str, Any]:
        """Return the values by name.

        Raises:
            StripeError: one is unknown, missing, or not what it must be.
        """
        return read_all(self.kinds, form, "")


def read_all(kinds: Mapping[str, Kind], form: Form, path: str) -> dict[str, Any]:
    """Read a hash by its kinds; `path` is where it stands, empty at the top."""

    def at(name: str) -> str:
        return f"{path}[{name}]" if path else name

    strange = [at(name) for name in form if name not in kinds]
    if strange:
        raise unknown(strange, kinds)
    found = {name: kinds[name].read(raw, at(name)) for name, raw in form.items()}
    for name, kind in kinds.items():
        if kind.is_required and name not in found:
            raise missing(at(name))
    return found


def merge_metadata(
    old: Mapping[str, str], change: Mapping[str, str | None] | None
) -> dict[str, str]:
    """Return metadata after a change: keys not named stay, `None` unsets.

    Raises:
        StripeError: there would be more than 50 keys.
    """
    if change is None:
        return {}
    merged = {**old, **change}
    kept = {key: value for key, value in merged.items() if value is not None}
    if len(kept) > MOST_METADATA:
        raise bad(f"Metadata can have at most {MOST_METADATA} keys.", "metadata")
    return kept
