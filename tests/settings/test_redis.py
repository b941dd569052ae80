"""Where do processes count together, and which addresses are refused?"""

import subprocess
import sys
from pathlib import Path

import pytest

from aboard.core.errors import SettingsRefused
from tests.house.tree import ROOT
from tests.settings.test_settings import load


def test_nobody_shares_without_a_word() -> None:
    assert load().redis_url is None


@pytest.mark.parametrize(
    "address",
    [
        "redis://localhost:6379",
        "redis://127.0.0.1:6380/3",
        "redis://[::1]/0",
        "rediss://aboard:words-of-redis@cache.platform.example:6380/1",
    ],
)
def test_addresses_that_hold(address: str) -> None:
    shared = load(REDIS_URL=address).redis_url
    assert shared is not None
    assert shared.reveal() == address
    assert "words" not in repr(load(REDIS_URL=address))


def test_the_address_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "redis"
    file.write_text("rediss://:words@cache.platform.example\n")
    file.chmod(0o600)
    shared = load(REDIS_URL_FILE=str(file)).redis_url
    assert shared is not None
    assert shared.reveal() == "rediss://:words@cache.platform.example"


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("localhost:6379", "is not an address"),
        ("http://localhost:6379", "is not an address"),
        ("redis://", "is not an address"),
        ("redis://localhost:words", "is not an address"),
        ("redis://localhost:0", "is not an address"),
        ("redis://[::1", "is not an address"),
        ("unix:///run/redis.sock", "is not an address"),
        ("redis://:words@cache.platform.example:6379/0", "must be rediss outside loopback"),
        ("redis://10.0.0.7", "must be rediss outside loopback"),
        ("rediss://cache.platform.example/0?ssl_cert_reqs=none", "may end in the number"),
        ("rediss://cache.platform.example/zero", "may end in the number"),
        ("rediss://cache.platform.example/0#part", "may end in the number"),
    ],
)
def test_addresses_that_are_refused(address: str, remedy: str) -> None:
    with pytest.raises(SettingsRefused) as caught:
        load(REDIS_URL=address)
    (problem,) = caught.value.problems
    assert problem.startswith("ABOARD_REDIS_URL: ")
    assert remedy in problem
    assert "words" not in problem


def test_without_the_extra_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['redis'] = None\n"
        "from tests.settings.test_settings import load\n"
        "try: load(REDIS_URL='redis://localhost')\n"
        "except Exception as refusal: print(refusal.problems)\n"
    )
    result = subprocess.run(  # noqa: S603 - our own words, in a process without the library
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert "ABOARD_REDIS_URL: needs the extra: install aboard[redis]" in result.stdout
