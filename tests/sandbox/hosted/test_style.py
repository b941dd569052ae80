"""Can the words be told from what is behind them, in light and in dark?"""

import re

import pytest

from aboard.sandbox.hosted.pages import stylesheet

TEXT = 4.5  # Source: WCAG 2.2, 1.4.3
SHAPE = 3.0  # Source: WCAG 2.2, 1.4.11
PAIRS = [
    ("ink", "card", TEXT),
    ("ink", "paper", TEXT),
    ("quiet", "card", TEXT),
    ("quiet", "paper", TEXT),
    ("accent", "card", TEXT),
    ("accent-ink", "accent", TEXT),
    ("ink", "accent-soft", TEXT),
    ("wrong", "card", TEXT),
    ("wrong", "wrong-soft", TEXT),
    ("ink", "wrong-soft", TEXT),
    ("sand-ink", "sand", TEXT),
    ("sand-ink", "sand-dark", TEXT),
    ("edge", "card", SHAPE),
    ("accent", "paper", SHAPE),
]


def _schemes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root \{([^}]*)\}", stylesheet().decode())
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", block)) for block in blocks)
    return {"light": light, "dark": dark}


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(scheme: str, front: str, back: str, least: float) -> None:
    colours = _schemes()[scheme]
    low, high = sorted((_luminance(colours[front]), _luminance(colours[back])))
    assert (high + 0.05) / (low + 0.05) >= least
