"""Does the smallest set of settings in the guide start, and is it the smallest?"""

import re

import pytest

from aboard.core.errors import SettingsRefused
from aboard.core.owner import Mode
from aboard.settings import load_settings
from tests.house.tree import ROOT

GUIDE = (ROOT / "docs" / "self-hosting.md").read_text(encoding="utf-8")
SMALLEST = dict(re.findall(r"^(ABOARD_\w+)=(.+)$", GUIDE, re.MULTILINE))


def test_the_smallest_set_starts() -> None:
    settings = load_settings(SMALLEST)
    assert list(settings.stripe) == [Mode.TEST]
    assert settings.public_url == "https://aboard.platform.example"


@pytest.mark.parametrize("name", sorted(set(SMALLEST) - {"ABOARD_PUBLIC_URL"}))
def test_nothing_in_it_can_be_left_out(name: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load_settings({key: value for key, value in SMALLEST.items() if key != name})
    assert name in str(refused.value)
