"""Where is the refresh cookie of the built-in sign-in? In memory, unprintable, for its own paths.

Only operations that speak in cookies are sent any, so that a refresh token does not travel with
every call. The service sets them for one host, and this client talks to one.

Source: RFC 6265, section 5.2, the part of it that one service needs.
"""

import re
from collections.abc import Iterable
from threading import Lock
from typing import Final

from aboard.core.secret import Secret

_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}"
_VALUE: Final = r"[!#-+\--:<-\[\]-~]*"
_PAIR: Final = re.compile(rf"\s*({_NAME})\s*=\s*\"?({_VALUE})\"?\s*\Z")
_MAX_COOKIES: Final = 16
_MAX_VALUE_CHARS: Final = 4096


class Jar:
    """The cookies of one client. Threads may share it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._cookies: dict[str, Secret] = {}

    def cookies(self) -> dict[str, Secret]:
        """Return what is there now."""
        with self._lock:
            return dict(self._cookies)

    def take(self, headers: Iterable[tuple[str, str]]) -> None:
        """Keep what an answer sets, and forget what it ends. What is no cookie is passed over."""
        for name, value in headers:
            if name.lower() == "set-cookie":
                self._take_one(value)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._cookies.clear()

    def _take_one(self, line: str) -> None:
        pair, *attributes = line.split(";")
        found = _PAIR.match(pair)
        if found is None or len(found[2]) > _MAX_VALUE_CHARS:
            return
        is_over = not found[2] or any(_ends(attribute) for attribute in attributes)
        with self._lock:
            if is_over:
                self._cookies.pop(found[1], None)
            elif found[1] in self._cookies or len(self._cookies) < _MAX_COOKIES:
                self._cookies[found[1]] = Secret(found[2])


def _ends(attribute: str) -> bool:
    name, _, value = attribute.strip().partition("=")
    return name.lower() == "max-age" and re.fullmatch(r"0+|-[0-9]+", value.strip()) is not None
