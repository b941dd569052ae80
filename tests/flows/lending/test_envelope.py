"""An envelope opens where it belongs under a key that it lies under, and nowhere else."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.lending.credentials import StripeKey
from aboard.core.lending.master_keys import MasterKeys
from aboard.core.owner import Mode
from aboard.flows.lending.envelope import (
    EnvelopeRefused,
    Place,
    open_envelope,
    rewrap_envelope,
    seal_key,
)

RAW = {name: b64encode(name.encode() * 16).decode() for name in ("k1", "k2")}
FIRST = MasterKeys.parse([f"k1:{RAW['k1']}"])
BOTH = MasterKeys.parse([f"k2:{RAW['k2']}", f"k1:{RAW['k1']}"])
SECOND = MasterKeys.parse([f"k2:{RAW['k2']}"])
# Another key under the same name.
FALSE = MasterKeys.parse([f"k1:{RAW['k2']}"])
KEY = StripeKey("rk_test_wordsofthisenvelope")
PLACE = Place(Mode.TEST, "gwk_1", 1)
# Sealed once: no two are alike, and what is drawn must not hang on chance of its own.
SEALED = seal_key(KEY, PLACE, BOTH)

places = st.builds(Place, st.sampled_from(Mode), st.text(max_size=20), st.integers(0, 2**31))
keys = st.text(min_size=1, max_size=600).map(StripeKey)


def cause_of(envelope: str, place: Place = PLACE, masters: MasterKeys | None = FIRST) -> str:
    with pytest.raises(EnvelopeRefused) as refused:
        open_envelope(envelope, place, masters)
    assert KEY.reveal() not in str(refused.value)
    return refused.value.cause


@given(keys, places)
def test_what_goes_in_comes_out(key: StripeKey, place: Place) -> None:
    envelope = seal_key(key, place, FIRST)
    assert open_envelope(envelope, place, FIRST) == key
    assert open_envelope(envelope, place, BOTH) == key
    moved = rewrap_envelope(envelope, place, BOTH)
    assert open_envelope(moved, place, SECOND) == key
    assert moved.split(".")[3] == envelope.split(".")[3]


@given(places, places)
def test_in_another_place_nothing_opens(here: Place, there: Place) -> None:
    envelope = seal_key(KEY, here, FIRST)
    if here == there:
        assert open_envelope(envelope, there, FIRST) == KEY
    else:
        assert cause_of(envelope, there) == "forged"


@given(st.data())
def test_one_character_changed_opens_nothing(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SEALED) - 1))
    other = data.draw(st.sampled_from("abcXYZ019-_=. \n").filter(lambda one: one != SEALED[at]))
    changed = SEALED[:at] + other + SEALED[at + 1 :]
    assert cause_of(changed, masters=BOTH) in {"form", "forged", "key_missing"}


@given(st.data())
def test_cut_off_or_longer_it_opens_nothing(data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(SEALED) - 1))
    assert cause_of(SEALED[:cut], masters=BOTH) in {"form", "forged", "key_missing"}
    longer = SEALED + data.draw(st.text("A=.", min_size=1))
    assert cause_of(longer, masters=BOTH) in {"form", "forged"}


@given(st.text(max_size=200))
def test_no_text_is_an_envelope(text: str) -> None:
    assert cause_of(text) in {"form", "forged", "key_missing"}


def test_the_same_key_twice_is_never_the_same_text() -> None:
    envelopes = [seal_key(KEY, PLACE, FIRST) for _ in range(50)]
    parts = [part for envelope in envelopes for part in envelope.split(".")[2:]]
    assert len(set(parts)) == 100
    assert not [envelope for envelope in envelopes if "wordsofthis" in envelope]


def test_parts_of_two_envelopes_do_not_fit_together() -> None:
    one, other = (seal_key(KEY, PLACE, FIRST).split(".") for _ in range(2))
    assert cause_of(".".join([*one[:3], other[3]])) == "forged"


def test_the_wrong_key_and_the_missing_key_are_told_apart() -> None:
    envelope = seal_key(KEY, PLACE, FIRST)
    assert cause_of(envelope, masters=FALSE) == "forged"
    assert cause_of(envelope, masters=SECOND) == "key_missing"
    assert cause_of(envelope, masters=None) == "key_missing"
    for wrong in (FALSE, SECOND):
        with pytest.raises(EnvelopeRefused):
            rewrap_envelope(envelope, PLACE, wrong)


def test_a_seal_that_does_not_hold_is_told_before_it_is_wrapped_again() -> None:
    parts = seal_key(KEY, PLACE, FIRST).split(".")
    other = seal_key(KEY, PLACE, FIRST).split(".")
    with pytest.raises(EnvelopeRefused):
        rewrap_envelope(".".join([*parts[:3], other[3]]), PLACE, BOTH)
