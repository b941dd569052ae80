"""What must not pass? The platform's key on the way down, callers' tokens on the way up.

Both are looked for across the borders of the pieces in which a body comes. Of a piece only so
much is held back as could be the beginning of what is looked for.

Source: ADR-0029, the gateway.
"""

import re
import string
from typing import Final
from urllib.parse import unquote_to_bytes

from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.secret import Secret

_TOKEN: Final = re.compile(rb"aboard_(?:test|live)_[A-Za-z0-9_-]{43}")
_LETTERS: Final = string.ascii_letters.encode() + string.digits.encode() + b"_-"
_TOKEN_BYTES: Final = 55
_ESCAPED_BYTES: Final = 3


def holds_token(text: bytes) -> bool:
    """Say whether a caller token, anybody's, stands in a text."""
    return b"aboard_" in text and _TOKEN.search(text) is not None


class TokenGuard:
    """Watches the pieces of a body for caller tokens, written plainly or, in forms, escaped.

    What may be a token's beginning waits for the next piece: half a token is nearly a whole one.
    """

    __slots__ = ("_held", "_is_form", "_letters", "_most")

    def __init__(self, *, is_form: bool) -> None:
        """Begin before the first piece."""
        self._is_form = is_form
        self._letters = _LETTERS + b"%" if is_form else _LETTERS
        self._most = _TOKEN_BYTES * (_ESCAPED_BYTES if is_form else 1) - 1
        self._held = b""

    def feed(self, piece: bytes, *, is_last: bool) -> bytes:
        """Return what may go up now.

        Raises:
            CallRefused: the piece completes a caller token; nothing of that token has gone up.
        """
        text = self._held + piece if self._held else piece
        if holds_token(text):
            raise CallRefused(RefusalCode.TOKEN_MISPLACED, parameter="body")
        if self._is_form and b"%" in text and holds_token(unquote_to_bytes(text)):
            raise CallRefused(RefusalCode.TOKEN_MISPLACED, parameter="body")
        if is_last:
            self._held = b""
            return text
        tail = text[-self._most :]
        held = len(tail) - len(tail.rstrip(self._letters))
        if not held:
            self._held = b""
            return text
        self._held = text[-held:]
        return text[:-held]


class Mask:
    """Covers one secret in a stream by as many asterisks."""

    __slots__ = ("_cover", "_held", "_secret")

    def __init__(self, secret: Secret) -> None:
        """Take what must not be seen."""
        self._secret = secret.reveal().encode()
        self._cover = b"*" * len(self._secret)
        self._held = b""

    def cover(self, text: bytes) -> bytes:
        """Return a whole text with the secret covered."""
        return text.replace(self._secret, self._cover)

    def feed(self, piece: bytes) -> bytes:
        """Return what can be let go: the piece without what may be a beginning of the secret."""
        text = self._held + piece if self._held else piece
        if self._secret in text:
            text = text.replace(self._secret, self._cover)
        held = self._beginning_in(text)
        if not held:
            self._held = b""
            return text
        self._held = text[-held:]
        return text[:-held]

    def end(self) -> bytes:
        """Return what was held back: the stream is over, so it was no secret."""
        held, self._held = self._held, b""
        return held

    def _beginning_in(self, text: bytes) -> int:
        """Return how many bytes at the end could begin the secret."""
        at = text.find(self._secret[:1], max(0, len(text) - len(self._secret) + 1))
        while at >= 0:
            if self._secret.startswith(text[at:]):
                return len(text) - at
            at = text.find(self._secret[:1], at + 1)
        return 0
