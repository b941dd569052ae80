"""Does the seller's browser treat cookies as real ones do?"""

import time
from urllib.parse import urlsplit

import pytest

from aboard.sandbox.browser import CookieJar

HERE = urlsplit("https://shop.example.com/a/b")


def _sent(
    header: str,
    to: str,
    *,
    by: str = "https://shop.example.com/a/b",
    is_cross_site: bool = False,
    method: str = "GET",
) -> str:
    jar = CookieJar()
    jar.store(header, urlsplit(by))
    return jar.header_for(urlsplit(to), is_cross_site=is_cross_site, method=method)


@pytest.mark.parametrize(
    ("header", "to", "goes"),
    [
        ("s=1", "https://shop.example.com/a/c", True),
        ("s=1", "https://shop.example.com/a", True),
        ("s=1", "https://shop.example.com/ab", False),
        ("s=1", "https://shop.example.com/", False),
        ("s=1; Path=/", "https://shop.example.com/z", True),
        ("s=1; Path=/a", "https://shop.example.com/a/b/c", True),
        ("s=1; Path=/a", "https://shop.example.com/ab", False),
        ("s=1; Path=/", "https://example.com/", False),
        ("s=1; Path=/", "https://x.shop.example.com/", False),
        ("s=1; Path=/; Domain=example.com", "https://other.example.com/", True),
        ("s=1; Path=/; Domain=.example.com", "https://example.com/", True),
        ("s=1; Path=/; Domain=example.com", "https://notexample.com/", False),
        ("s=1; Path=/; Domain=other.com", "https://other.com/", False),
        ("s=1; Path=/; Domain=other.com", "https://shop.example.com/", False),
        ("s=1; Path=/; Secure", "https://shop.example.com/", True),
        ("s=1; Path=/; Secure", "http://shop.example.com/", False),
        ("s=1; Path=/", "https://shop.example.com:8443/", True),
        ("s=1; Path=/; Max-Age=0", "https://shop.example.com/", False),
        ("s=1; Path=/; Max-Age=60", "https://shop.example.com/", True),
        ("s=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://shop.example.com/", False),
        ("s=1; Path=/; Expires=garbage", "https://shop.example.com/", True),
        ("__Host-s=1; Path=/; Secure", "https://shop.example.com/", True),
        ("__Host-s=1; Path=/a; Secure", "https://shop.example.com/a", False),
        ("__Host-s=1; Path=/", "https://shop.example.com/", False),
        ("__Host-s=1; Path=/; Secure; Domain=example.com", "https://shop.example.com/", False),
        ("__Secure-s=1; Path=/", "https://shop.example.com/", False),
        ("s=1; Path=/; SameSite=None", "https://shop.example.com/", False),
        ("garbage", "https://shop.example.com/a/b", False),
        ("=1", "https://shop.example.com/a/b", False),
    ],
)
def test_where_a_cookie_goes(header: str, to: str, *, goes: bool) -> None:
    assert bool(_sent(header, to)) is goes


@pytest.mark.parametrize(
    ("same_site", "method", "goes"),
    [
        ("; SameSite=Strict", "GET", False),
        ("; SameSite=Lax", "GET", True),
        ("; SameSite=Lax", "POST", False),
        ("", "GET", True),
        ("", "POST", False),
        ("; SameSite=nonsense", "POST", False),
        ("; SameSite=None; Secure", "POST", True),
    ],
)
def test_what_travels_across_sites(same_site: str, method: str, *, goes: bool) -> None:
    header = f"s=1; Path=/{same_site}"
    to = "https://shop.example.com/"
    assert bool(_sent(header, to, is_cross_site=True, method=method)) is goes
    assert _sent(header, to, method=method) == "s=1"


def test_secure_cookie_works_on_plain_loopback() -> None:
    for host in ("localhost", "127.0.0.1", "app.localhost"):
        by = f"http://{host}:8000/"
        assert _sent("s=1; Path=/; Secure", by, by=by) == "s=1"


def test_plain_http_cannot_set_a_secure_cookie() -> None:
    assert _sent("s=1; Path=/; Secure", "https://a.example/", by="http://a.example/") == ""


def test_loopback_names_do_not_share_cookies() -> None:
    assert _sent("s=1; Path=/", "http://127.0.0.1:1/", by="http://localhost:1/") == ""


def test_scripts_do_not_see_http_only_cookies() -> None:
    jar = CookieJar()
    jar.store("seen=1; Path=/", HERE)
    jar.store("hidden=2; Path=/; HttpOnly", HERE)
    assert jar.visible_to_scripts(HERE) == {"seen": "1"}
    assert jar.header_for(HERE, is_cross_site=False, method="GET") == "seen=1; hidden=2"


def test_longer_path_comes_first_and_the_same_name_is_replaced() -> None:
    jar = CookieJar()
    jar.store("s=root; Path=/", HERE)
    jar.store("s=old; Path=/a", HERE)
    jar.store("s=deep; Path=/a", HERE)
    assert jar.header_for(HERE, is_cross_site=False, method="GET") == "s=deep; s=root"
    jar.store("s=gone; Path=/a; Max-Age=-1", HERE)
    assert jar.header_for(HERE, is_cross_site=False, method="GET") == "s=root"
    assert len(jar) == 1
    jar.clear()
    assert list(jar) == []


def test_cookie_that_grows_old_stops_travelling() -> None:
    jar = CookieJar()
    jar.store("s=1; Path=/; Max-Age=1", HERE)
    (cookie,) = jar
    assert cookie.expires_at is not None
    assert cookie.expires_at <= time.time() + 1


def test_value_of_a_cookie_is_not_printed() -> None:
    jar = CookieJar()
    jar.store("s=very-secret; Path=/", HERE)
    (cookie,) = jar
    assert "very-secret" not in f"{cookie!r}{cookie}{jar!r}"
