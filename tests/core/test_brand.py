"""Whatever colour a platform has, text on its buttons can be read."""

from hypothesis import given
from hypothesis import strategies as st

from aboard.core.brand import contrast, text_on

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLORS)
def test_text_on_any_colour_can_be_read(color: str) -> None:
    assert contrast(text_on(color), color) >= 4.5


@given(COLORS, COLORS)
def test_contrast_is_the_same_both_ways_and_within_its_bounds(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21
