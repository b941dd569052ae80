"""Where does a browser keep its refresh token? In a cookie that no script and no other site sees.

Over https it is one that browsers take from this very host alone, so that no neighbour can put a
session of theirs into somebody's browser.

Source: docs/api/auth.md, the cookie; RFC 6265bis.
"""

from typing import Final

from aboard.core.secret import Secret
from aboard.flows.sign_in import SESSION_LIFETIME
from aboard.web.answer import Header

_NAME: Final = "aboard_refresh"


def refresh_cookie(public_url: str) -> str:
    """Return the cookie's name at our address.

    >>> refresh_cookie("https://connect.example"), refresh_cookie("http://localhost:4242")
    ('__Host-aboard_refresh', 'aboard_refresh')
    """
    return f"__Host-{_NAME}" if _is_secure(public_url) else _NAME


def keep(token: Secret, public_url: str) -> Header:
    """Return the header that lets a browser keep a token."""
    return _header(token.reveal(), int(SESSION_LIFETIME.total_seconds()), public_url)


def drop(public_url: str) -> Header:
    """Return the header that lets a browser forget it."""
    return _header("", 0, public_url)


def _header(value: str, max_age_seconds: int, public_url: str) -> Header:
    secure = "; Secure" if _is_secure(public_url) else ""
    cookie = f"{refresh_cookie(public_url)}={value}; Max-Age={max_age_seconds}; Path=/"
    return b"set-cookie", f"{cookie}; HttpOnly{secure}; SameSite=Strict".encode("ascii")


def _is_secure(public_url: str) -> bool:
    return public_url.startswith("https:")
