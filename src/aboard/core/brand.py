"""How does a platform show itself on the owner's pages: name, colours, and where to turn to?

Whatever colour a platform has, text on it must be readable: black or white, whichever differs
more, and one of the two always differs enough.

Source: WCAG 2.1, relative luminance and contrast ratio; docs/owner-pages.md, your colours.
"""

import re
from dataclasses import dataclass
from typing import Final

BLACK: Final = "#000000"
WHITE: Final = "#ffffff"
_COLOR: Final = re.compile(r"#[0-9a-f]{6}\Z", re.IGNORECASE)
_DARKEST_LINEAR: Final = 0.04045


@dataclass(frozen=True, slots=True)
class Brand:
    """What a platform sets. Colours are `#rrggbb`, addresses absolute, or empty for none."""

    name: str = "Aboard"
    logo_url: str = ""
    color: str = "#0b6470"
    color_dark: str = "#5cc3cf"
    sign_in_url: str = ""
    support_url: str = ""


def is_color(text: str) -> bool:
    """Say whether a text is a colour as we take them.

    >>> is_color("#0B6470"), is_color("teal"), is_color("#fff")
    (True, False, False)
    """
    return _COLOR.match(text) is not None


def text_on(color: str) -> str:
    """Return the colour of text on this background: black or white, the more readable one.

    >>> text_on("#0b6470"), text_on("#ffcc00")
    ('#ffffff', '#000000')
    """
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, color))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21.

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return round((lighter + 0.05) / (darker + 0.05), 2)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    if part <= _DARKEST_LINEAR:
        return part / 12.92
    linear: float = ((part + 0.055) / 1.055) ** 2.4
    return linear
