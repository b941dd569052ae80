"""An address is one thing to us, another to a browser: whatever passes must be the same to both.

What the allow-list lets pass is read again by two other parsers: yarl, and the URL parser of the
browsers' standard as Node has it (WHATWG, the same rules as Chromium's).
"""

import json
import random
import shutil
import subprocess
from collections.abc import Sequence
from functools import reduce
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from aboard.core.errors import AddressRefused
from aboard.core.links import AddressRules
from aboard.core.owner import Mode
from aboard.flows.callbacks import add_query

ROWS: Final = {
    "https://shop.example": "/connect",
    "https://all.example:8443": "",
    "https://xn--strae-oqa.example": "/zur%20Kasse",
    "http://localhost:3000": "",
    "http://[::1]:3000": "/a",
}
RULES: Final = AddressRules.parse([origin + path for origin, path in ROWS.items()])
DEFAULT_PORTS: Final = {"https": 443, "http": 80}

# Ways in which redirects were opened elsewhere. None may pass.
HOSTILE: Final = (
    # Backslashes are slashes to browsers.
    "https:\\\\shop.example\\connect",
    "https://evil.example\\@shop.example/connect",
    "https://shop.example\\.evil.example/connect",
    "https://evil.example\\.shop.example/connect",
    "https:/\\evil.example/connect",
    "/\\evil.example/connect",
    # Somebody in front of the host.
    "https://shop.example@evil.example/connect",
    "https://shop.example:443@evil.example/connect",
    "https://shop.example%40evil.example/connect",
    "https://@shop.example/connect",
    "https://:@shop.example/connect",
    "https://a:b@shop.example/connect",
    # Another alphabet, or a host that only looks like ours.
    "https://\u0455hop.example/connect",
    "https://shop.example。evil.example/connect",
    "https://shop.example\uff0fconnect",
    "https://shop.exampl\u2147/connect",
    "https://xn--hop-3dd.example/connect",
    "https://straße.example/zur%20Kasse",
    "https://xn--strae-oqa.example/zur Kasse",
    "https://sho\u00adp.example/connect",
    # Encoded once, twice, thrice.
    "https://shop%2eexample/connect",
    "https://%73hop.example/connect",
    "https://shop.example/%63onnect",
    "https://shop.example/connect/%2e%2e/",
    "https://shop.example/connect/.%2e/",
    "https://shop.example/connect/%252e%252e/",
    "https://shop.example/connect/%25252e%25252e/",
    "https://shop.example/connect/%2525252E./",
    "https://shop.example/connect%2f..%2f",
    "https://shop.example/connect/%252f%252fevil.example",
    "https://shop.example/connect/%255c..",
    "https://shop.example/connect/%00",
    "https://shop.example/connect/%0d%0aSet-Cookie:a",
    # What parsers drop in silence.
    "https://shop.ex\tample/connect",
    "https://shop.example/con\nnect",
    "\thttps://shop.example/connect",
    "https://shop.example/connect\r",
    "ht\ntps://shop.example/connect",
    "https://shop.example/connect\x0b",
    "\x00https://shop.example/connect",
    "\u00a0https://shop.example/connect",
    "https://shop.example/.\t./connect",
    # No scheme, or none of ours.
    "//shop.example/connect",
    "///shop.example/connect",
    "////shop.example/connect",
    "https:shop.example/connect",
    "https:/shop.example/connect",
    "https:///shop.example/connect",
    "http:///localhost:3000/",
    "javascript://shop.example/connect%0aalert(1)",
    "data:text/html,https://shop.example/connect",
    "view-source:https://shop.example/connect",
    "blob:https://shop.example/connect",
    "wss://shop.example/connect",
    "https;//shop.example/connect",
    # Ports.
    "https://shop.example:8443/connect",
    "https://shop.example:/connect",
    "https://shop.example:0/connect",
    "https://shop.example:443:443/connect",
    "https://shop.example:65979/connect",  # 443 + 65536
    "https://shop.example:+443/connect",
    "https://shop.example:4_43/connect",
    "https://shop.example:\uff14\uff14\uff13/connect",
    "https://shop.example:-443/connect",
    "https://all.example/",
    "http://localhost/",
    "http://shop.example:443/connect",
    # Dots at the end and in the middle.
    "https://shop.example./connect",
    "https://shop..example/connect",
    "https://shop.example.evil.example/connect",
    "https://evil.shop.example/connect",
    "https://evilshop.example/connect",
    # Other names of this machine, and words around a bracketed address.
    "http://evil.example[::1]:3000/a",
    "http://[::1]evil.example:3000/a",
    "http://[::1].evil.example:3000/a",
    "http://[[::1]]:3000/a",
    "http://[::1%25lo]:3000/a",
    "http://[0:0:0:0:0:0:0:1]:3000/a",
    "http://[::ffff:127.0.0.1]:3000/a",
    "http://[::1/a",
    "http://::1:3000/a",
    "http://127.1:3000/",
    "http://2130706433:3000/",
    "http://0x7f000001:3000/",
    # Where the prefix ends.
    "https://shop.example/connected",
    "https://shop.example/connect;/../admin",
    "https://shop.example/connect;x",
    "https://shop.example/connect/..;/admin",
    "https://shop.example/connect/;../admin",
    "https://shop.example/connect%3Fx",
    "https://shop.example/connect%23",
    "https://shop.example/CONNECT",
    "https://shop.example//connect",
    "https://shop.example/connect//evil.example",
    "https://shop.example/./connect",
    "https://shop.example?/connect",
    "https://shop.example#/connect",
    "https://shop.example/connect?#x",
)
FRIENDLY: Final = (
    "https://shop.example/connect",
    "https://shop.example/connect/",
    "HTTPS://SHOP.EXAMPLE/connect/a;b=c/d,e",
    "https://shop.example:443/connect/x",
    "https://shop.example:0443/connect",
    "https://shop.example/connect?next=//evil.example/..",
    "https://shop.example/connect?a=%2f%2e%2e&b[]=1&c='d'",
    "https://shop.example/connect/%C3%A9/%25",
    "https://all.example:8443",
    "https://all.example:8443?@evil.example",
    "https://all.example:8443/:80/@evil.example",
    "https://all.example:8443/;a",
    "https://XN--STRAE-OQA.example/zur%20Kasse/x",
    "http://[::1]:3000/a/b",
)
TOKENS: Final = (
    *("https://", "http://", "//", "/", "\\", "@", ":", ":443", ":8443", "#", "?", ";", "%", "."),
    *("..", "/../", "/./", "%2e", "%2E%2e", "%252e", "%2f", "%5c", "%00", "%09", "\t", "\n", " "),
    *("[", "]", "[::1]", "::1", "evil.example", "shop.example", "localhost", "/connect", "xn--"),
    *(
        "\u3002",
        "\uff0f",
        "\u00ad",
        "ß",
        "\u0455",
        "|",
        "^",
        "{",
        "'",
        '"',
        "<",
        "`",
        "*",
        "$",
        "&",
    ),
)

changes = st.tuples(
    st.integers(0, 60),
    st.sampled_from([0, 0, 0, 1, 4]),
    st.one_of(st.sampled_from(TOKENS), st.text(max_size=2)),
)
mutated = st.builds(
    lambda address, made: reduce(changed, made, address),
    st.sampled_from(FRIENDLY),
    st.lists(changes, min_size=1, max_size=3),
)
built = st.lists(st.sampled_from(TOKENS), max_size=8).map("".join)


def changed(address: str, change: tuple[int, int, str]) -> str:
    """Return the address with something put, dropped or replaced at a place."""
    place, dropped, put = change
    at = place % (len(address) + 1)
    return address[:at] + put + address[at + dropped :]


def many_mutations(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - a seed makes the run repeatable
    found: list[str] = []
    for _ in range(count):
        address = chance.choice(FRIENDLY)
        for _ in range(chance.choice((1, 1, 2, 3))):
            change = (chance.randrange(60), chance.choice((0, 0, 0, 1, 4)), chance.choice(TOKENS))
            address = changed(address, change)
        found.append(address)
    return found


def passes(address: str) -> bool:
    try:
        RULES.check(address, Mode.TEST, "returnUrl")
    except AddressRefused:
        return False
    return True


def is_ours(origin: str, path: str) -> bool:
    prefix = ROWS.get(origin)
    return prefix is not None and (path == prefix or path.startswith(f"{prefix}/"))


def assert_yarl_agrees(address: str) -> None:
    url = URL(address, encoded=True)
    assert url.user is None, address
    assert not url.fragment, address
    port = "" if url.port == DEFAULT_PORTS[url.scheme] else f":{url.port}"
    host = f"[{url.raw_host}]" if ":" in (url.raw_host or "") else url.raw_host
    assert is_ours(f"{url.scheme}://{(host or '').lower()}{port}", url.raw_path), address


READ = """
const addresses = JSON.parse(require("fs").readFileSync(0, "utf8"));
const read = (address) => {
  try {
    const { origin, pathname, username, password, hash } = new URL(address);
    return [origin, pathname, username + password + hash];
  } catch { return null; }
};
process.stdout.write(JSON.stringify(addresses.map(read)));
"""


def assert_browsers_agree(addresses: Sequence[str]) -> None:
    """Let the browsers' standard read all of them, in one process."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node here, whose URL parser is the browsers' own")
    done = subprocess.run(  # noqa: S603 - our own words
        [node, "-e", READ], input=json.dumps(addresses), capture_output=True, text=True, check=True
    )
    for address, read in zip(addresses, json.loads(done.stdout), strict=True):
        assert read is not None, address
        origin, path, rest = read
        assert rest == "", address
        assert is_ours(origin, path), (address, origin, path)


def with_words(addresses: Sequence[str]) -> list[str]:
    """Return the addresses, and what a return visit would make of each."""
    return [*addresses, *(add_query(each, outcome="complete") for each in addresses)]


@pytest.mark.parametrize("address", HOSTILE)
def test_a_known_way_to_open_a_redirect_is_shut(address: str) -> None:
    assert not passes(address)


@pytest.mark.parametrize("address", FRIENDLY)
def test_an_honest_address_passes_and_is_the_same_to_yarl(address: str) -> None:
    assert passes(address)
    for each in with_words([address]):
        assert_yarl_agrees(each)


def test_honest_addresses_are_the_same_to_browsers() -> None:
    assert_browsers_agree(with_words(FRIENDLY))


@given(st.one_of(mutated, built))
def test_whatever_passes_is_the_same_to_yarl(address: str) -> None:
    if passes(address):
        for each in with_words([address]):
            assert_yarl_agrees(each)


def test_of_many_mutations_those_that_pass_are_the_same_to_all_readers() -> None:
    passed = sorted(set(filter(passes, many_mutations(30_000, seed=20261126))))
    assert len(passed) > 500  # else nothing was tried
    for each in with_words(passed):
        assert_yarl_agrees(each)
    assert_browsers_agree(with_words(passed))
