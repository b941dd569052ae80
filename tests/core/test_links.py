"""The allow-list is the only open-redirect surface: what passes, what is refused, and a fuzz."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aboard.core.errors import AddressRefused
from aboard.core.links import AddressRules, AllowedAddress, BearerUrl, LoopGuard
from aboard.core.owner import Mode

RULES = AddressRules.parse(
    ["https://shop.example/connect", "http://localhost:3000", "https://all.example/"]
)

ALLOWED = [
    "https://shop.example/connect",
    "https://shop.example/connect/",
    "https://shop.example/connect/done?step=2&x=%20y",
    "https://shop.example:443/connect/a",
    "https://SHOP.example/connect/a",
    "http://localhost:3000",
    "http://localhost:3000/any",
    "https://all.example/x",
    "https://all.example",
]

REFUSED = [
    "",
    " https://shop.example/connect",
    "https://shop.example/connect ",
    "https://shop.example/connec",
    "https://shop.example/connected",
    "https://shop.example/",
    "https://shop.example.evil.example/connect",
    "https://evil.example/connect",
    "https://shop.example./connect",
    "https://shop.example:8443/connect",
    "http://shop.example/connect",
    "//shop.example/connect",
    "///shop.example/connect",
    "/connect",
    "connect",
    "https:/shop.example/connect",
    "https:shop.example/connect",
    "https:///shop.example/connect",
    "https://shop.example@evil.example/connect",
    "https://user:words@shop.example/connect",
    "https://shop.example%40evil.example/connect",
    "https://shop.example/connect#done",
    "https://shop.example/connect#",
    "https://shop.example/connect/../admin",
    "https://shop.example/connect/%2e%2e/admin",
    "https://shop.example/connect/%252e%252e/admin",
    "https://shop.example/connect/..%2fadmin",
    "https://shop.example/connect/..;/admin",
    "https://shop.example/connect%2f..%2fadmin",
    "https://shop.example/connect//evil",
    "https://shop.example\\@evil.example/connect",
    "https://shop.example/connect\\..\\admin",
    "https://shop.example/connect/%5c..",
    "https://shop.example/connect\r\nLocation: x",
    "https://shop.example/connect/%0d%0aLocation:x",
    "https://shop.example/connect\x00",
    "https://shop.example/connect/%zz",
    "https://shop.exämple/connect",
    "https://shop。example/connect",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://shop.example/connect",
    "https://",
    "https://:443/connect",
    "https://shop.example:/connect",
    "https://shop.example:0/connect",
    "https://shop.example:99999/connect",
    "https://[::1/connect",
    "https://shop.example/connect/" + "a" * 3000,
]


@pytest.mark.parametrize("address", ALLOWED)
def test_allowed(address: str) -> None:
    assert RULES.check(address, Mode.TEST, "returnUrl") == address


@pytest.mark.parametrize("address", REFUSED)
def test_refused_with_the_field_and_without_the_address(address: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        RULES.check(address, Mode.TEST, "returnUrl")
    assert caught.value.field == "returnUrl"
    assert not address.strip() or address not in str(caught.value)


def test_live_mode_wants_https() -> None:
    with pytest.raises(AddressRefused, match="https in live"):
        RULES.check("http://localhost:3000/x", Mode.LIVE, "returnUrl")


def test_http_outside_loopback_is_refused_even_when_listed() -> None:
    rules = AddressRules.parse(["http://shop.example/connect"])
    with pytest.raises(AddressRefused, match="https outside loopback"):
        rules.check("http://shop.example/connect", Mode.TEST, "returnUrl")


@pytest.mark.parametrize(
    "row", ["shop.example", "https://shop.example/?x=1", "https://u@x.example"]
)
def test_a_senseless_row_of_the_allow_list_is_refused(row: str) -> None:
    with pytest.raises(AddressRefused):
        AllowedAddress.parse(row)


PARTS = (
    "https://",
    "shop.example",
    "/connect",
    "..",
    "%2e",
    "@",
    "\\",
    "#",
    "?",
    "//",
    ":",
    "%",
    "evil",
)


@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=3)), max_size=8).map("".join))
@example("https://shop.example/connect/..%2f..%2f")
def test_whatever_passes_leads_to_an_allowed_origin_and_path(address: str) -> None:
    try:
        RULES.check(address, Mode.LIVE, "returnUrl")
    except AddressRefused:
        return
    parts = urlsplit(address)
    assert parts.scheme == "https"
    assert parts.hostname in {"shop.example", "all.example"}
    assert "@" not in parts.netloc
    assert ".." not in parts.path
    if parts.hostname == "shop.example":
        assert parts.path == "/connect" or parts.path.startswith("/connect/")


def test_a_bearer_url_shows_only_its_origin() -> None:
    url = BearerUrl("https://user:words@connect.example:8443/setup/e/acct_1/words")
    assert url.origin == "https://connect.example:8443"
    assert "words" not in f"{url}{url!r}{[url]}{url.origin}"


def test_the_third_refresh_in_the_window_is_a_loop() -> None:
    guard = LoopGuard()
    assert [guard.is_loop(before) for before in range(4)] == [False, False, True, True]
