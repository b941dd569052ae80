"""Which cookies go with which request, as browsers decide it.

Ports do not make a site; a cookie without a SameSite word counts as Lax; a Secure cookie also
travels over plain http to loopback hosts. One simplification: a site is the last two labels of a
host name, because the public suffix list is not worth carrying for tests.
Source: RFC 6265bis (Cookies: HTTP State Management Mechanism).
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Tell whether a host name means this machine."""
    return host in _LOOPBACK or host.endswith(".localhost") or host.startswith("127.")


def site_of(url: SplitResult) -> str:
    """Return the site an address belongs to: scheme and registrable name, without the port."""
    host = url.hostname or ""
    labels = host.split(".")
    is_address = ":" in host or labels[-1].isdigit()
    name = host if is_address else ".".join(labels[-2:])
    return f"{url.scheme}://{name}"


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie with the attributes that decide where it goes. `expires_at` is Unix seconds."""

    name: str
    value: str
    domain: str
    path: str
    is_host_only: bool = True
    is_secure: bool = False
    is_http_only: bool = False
    same_site: str = "lax"
    expires_at: float | None = None

    def __repr__(self) -> str:
        """Name the cookie and hide its value, which is a credential more often than not."""
        return f"Cookie({self.name!r}, domain={self.domain!r}, path={self.path!r})"

    def matches(self, url: SplitResult) -> bool:
        """Tell whether host, path and scheme of an address fit, whoever asks."""
        host = url.hostname or ""
        if host != self.domain and (self.is_host_only or not host.endswith("." + self.domain)):
            return False
        path = url.path or "/"
        if not path.startswith(self.path) or (
            path != self.path and not self.path.endswith("/") and path[len(self.path)] != "/"
        ):
            return False
        return not self.is_secure or url.scheme == "https" or is_loopback(host)


class CookieJar:
    """All cookies of one browser."""

    def __init__(self) -> None:
        """Begin empty, as a new private window does."""
        self._cookies: dict[tuple[str, str, str], Cookie] = {}

    def __iter__(self) -> Iterator[Cookie]:
        """Go through the cookies that have not expired."""
        return iter(self._alive())

    def __len__(self) -> int:
        """Count the cookies that have not expired."""
        return len(self._alive())

    def clear(self) -> None:
        """Forget everything."""
        self._cookies.clear()

    def header_for(self, url: SplitResult, *, is_cross_site: bool, method: str) -> str:
        """Return the Cookie header of a top-level navigation; empty when nothing goes along."""
        if not self._cookies:
            return ""
        fitting = [
            cookie
            for cookie in self._alive()
            if cookie.matches(url) and _travels(cookie, is_cross_site=is_cross_site, method=method)
        ]
        fitting.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting)

    def visible_to_scripts(self, url: SplitResult) -> dict[str, str]:
        """Return what a script on the page could read: everything fitting but HttpOnly."""
        return {
            cookie.name: cookie.value
            for cookie in self._alive()
            if cookie.matches(url) and not cookie.is_http_only
        }

    def store(self, header: str, url: SplitResult) -> None:
        """Take one Set-Cookie header; what a browser would drop is dropped silently."""
        cookie = _parse(header, url)
        if cookie is None:
            return
        key = (cookie.domain, cookie.path, cookie.name)
        if cookie.expires_at is not None and cookie.expires_at <= time.time():
            self._cookies.pop(key, None)
        else:
            self._cookies[key] = cookie

    def _alive(self) -> list[Cookie]:
        now = time.time()
        return [
            cookie
            for cookie in self._cookies.values()
            if cookie.expires_at is None or cookie.expires_at > now
        ]


def _travels(cookie: Cookie, *, is_cross_site: bool, method: str) -> bool:
    if not is_cross_site or cookie.same_site == "none":
        return True
    return cookie.same_site == "lax" and method in {"GET", "HEAD"}


def _parse(header: str, url: SplitResult) -> Cookie | None:
    first, *rest = header.split(";")
    name, equals, value = first.partition("=")
    name = name.strip()
    if not equals or not name:
        return None
    attributes = {}
    for part in rest:
        key, _, text = part.partition("=")
        attributes[key.strip().lower()] = text.strip()
    host = url.hostname or ""
    domain = attributes.get("domain", "").lstrip(".").lower()
    if domain and host != domain and not host.endswith("." + domain):
        return None
    path = attributes.get("path", "")
    if not path.startswith("/"):
        path = (url.path or "/").rpartition("/")[0] or "/"
    same_site = attributes.get("samesite", "").lower()
    cookie = Cookie(
        name=name,
        value=value.strip(),
        domain=domain or host,
        path=path,
        is_host_only=not domain,
        is_secure="secure" in attributes,
        is_http_only="httponly" in attributes,
        same_site=same_site if same_site in {"strict", "none"} else "lax",
        expires_at=_expiry(attributes),
    )
    return cookie if _is_acceptable(cookie, url) else None


def _is_acceptable(cookie: Cookie, url: SplitResult) -> bool:
    is_trustworthy = url.scheme == "https" or is_loopback(url.hostname or "")
    if cookie.is_secure and not is_trustworthy:
        return False
    if cookie.same_site == "none" and not cookie.is_secure:
        return False
    if cookie.name.startswith("__Host-"):
        return cookie.is_secure and cookie.is_host_only and cookie.path == "/"
    return cookie.is_secure or not cookie.name.startswith("__Secure-")


def _expiry(attributes: dict[str, str]) -> float | None:
    max_age = attributes.get("max-age", "")
    if max_age.lstrip("-").isdigit():
        return time.time() + int(max_age)
    try:
        return parsedate_to_datetime(attributes["expires"]).timestamp()
    except (KeyError, ValueError):
        return None
