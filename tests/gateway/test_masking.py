"""Is a key found wherever the pieces break, and does half a token ever go up?"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.lending.refusals import CallRefused
from aboard.core.secret import Secret
from aboard.gateway.masking import Mask, TokenGuard

KEY = "sk_test_aabaab"
TOKEN = b"aboard_test_" + b"Az09_-" * 7 + b"x"

NEARLY_KEYS = (KEY.encode(), b"sk_test_aab", b"sk_", b"s", b"a", b"ab")
NO_TOKENS = (b"aboard_", b"aboard_test_abc.", b"%61", b"%", b"&", b"=x")


def cut(text: bytes, at: list[int]) -> list[bytes]:
    """Cut a text at these places."""
    places = [0, *sorted(place % (len(text) + 1) for place in at), len(text)]
    return [text[begin:end] for begin, end in pairwise(places)]


@given(
    st.lists(
        st.sampled_from([KEY.encode(), b"sk_test_aab", b"sk_", b"s", b"a", b"ab"]), max_size=9
    ),
    st.lists(st.integers(0, 200), max_size=12),
)
def test_the_mask_covers_as_if_there_were_no_pieces(parts: list[bytes], at: list[int]) -> None:
    text = b"".join(parts)
    mask = Mask(Secret(KEY))
    covered = b"".join(map(mask.feed, cut(text, at))) + mask.end()
    assert covered == text.replace(KEY.encode(), b"*" * len(KEY))
    assert KEY.encode() not in covered


@given(
    st.lists(
        st.sampled_from([b"aboard_", b"aboard_test_abc.", b"%61", b"%", b"&", b"=x"]), max_size=9
    ),
    st.lists(st.integers(0, 200), max_size=12),
    st.booleans(),
)
def test_what_is_no_token_passes_as_it_came(parts: list[bytes], at: list[int], form: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    text = b"".join(parts)
    guard = TokenGuard(is_form=form)
    pieces = cut(text, at)
    passed = b"".join(
        guard.feed(piece, is_last=number == len(pieces) - 1) for number, piece in enumerate(pieces)
    )
    assert passed == text


@pytest.mark.parametrize("spelling", [TOKEN, b"".join(b"%%%02X" % byte for byte in TOKEN)])
@given(at=st.lists(st.integers(0, 400), max_size=8), before=st.sampled_from([b"", b"a=", b"a=x_"]))
def test_nothing_of_a_token_goes_up(spelling: bytes, at: list[int], before: bytes) -> None:
    guard = TokenGuard(is_form=True)
    text = before + spelling + b"&b=1"
    pieces = cut(text, at)
    passed = b""
    is_stopped = False
    for number, piece in enumerate(pieces):
        try:
            passed += guard.feed(piece, is_last=number == len(pieces) - 1)
        except CallRefused:
            is_stopped = True
            break
    assert is_stopped
    assert before.startswith(passed)
