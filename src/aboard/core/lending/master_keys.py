"""Under which keys do the credentials in the database lie? A ring of the settings' own.

Source: ADR-0030, lent credentials.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aboard.core.secret import Secret

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")


class MasterKey(Secret):
    """32 bytes as base64, which alone open the data keys."""

    __slots__ = ()

    @property
    def raw(self) -> bytes:
        """Return the bytes. The caller must not log, store or trace them.

        Raises:
            ValueError: it is no base64 of 32 bytes; the text says no more.
        """
        try:
            found = b64decode(self.reveal(), validate=True)
        except (Error, ValueError):
            raise ValueError("is no base64") from None
        if len(found) != KEY_BYTES:
            raise ValueError(f"has {len(found)} bytes, not {KEY_BYTES}")
        return found


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The keys by id. New envelopes lie under `current`; every key in the ring opens its own."""

    current: str
    keys: Mapping[str, MasterKey]

    @classmethod
    def parse(cls, rows: Iterable[str]) -> "MasterKeys":
        """Read `id:base64` rows, the current one first.

        Raises:
            ValueError: a row without an id, an id twice, or a key of another length. The text
                names an id at most, and never a key.
        """
        keys: dict[str, MasterKey] = {}
        for number, row in enumerate(rows, 1):
            key_id, separator, word = row.partition(":")
            if not separator or not _KEY_ID.match(key_id):
                raise ValueError(f"key {number} is no `id:base64`, with letters, digits, - or _")
            if key_id in keys:
                raise ValueError("names two keys alike; each id stands for one key")
            key = MasterKey(word)
            try:
                _ = key.raw
            except ValueError as wrong:
                raise ValueError(f"key {key_id!r} {wrong}; `openssl rand -base64 32`") from None
            keys[key_id] = key
        if not keys:
            raise ValueError("there is no key")
        return cls(next(iter(keys)), keys)
