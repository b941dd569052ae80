"""Is a webhook's signature taken exactly when Stripe made it, lately, with one of our secrets?"""

from datetime import UTC, datetime, timedelta

import pytest
import stripe as sdk
from hypothesis import assume, given
from hypothesis import strategies as st

from aboard.core.errors import SignatureRefused
from aboard.core.secret import Secret
from aboard.stripe_api.signature import sign, verify

NOW = datetime(2026, 10, 28, 12, 0, 0, tzinfo=UTC)
SECRET = Secret("whsec_aboard_demo")
OTHER = Secret("whsec_aboard_other")
PAYLOAD = '{"id": "evt_1", "name": "Zoë"}'.encode()
HEADER = sign(PAYLOAD, SECRET, at=NOW)
T, V1 = HEADER.split(",")


def refusal(header: str | None, payload: bytes = PAYLOAD, now: datetime = NOW) -> str:
    with pytest.raises(SignatureRefused) as caught:
        verify(payload, header, secrets=[SECRET], now=now)
    return caught.value.check


def is_taken(header: str, payload: bytes = PAYLOAD, now: datetime = NOW) -> bool:
    try:
        verify(payload, header, secrets=[SECRET], now=now)
    except SignatureRefused:
        return False
    return True


def test_a_genuine_header_is_taken() -> None:
    verify(PAYLOAD, HEADER, secrets=[SECRET], now=NOW)


@given(payload=st.text(), at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_we_and_the_sdk_write_the_same_header(payload: str, at: datetime) -> None:
    at = at.replace(tzinfo=UTC)
    theirs = sdk.WebhookSignature.generate_signature_header(
        payload, SECRET.reveal(), int(at.timestamp())
    )
    ours = sign(payload.encode(), SECRET, at=at)
    assert ours == theirs
    verify(payload.encode(), theirs, secrets=[SECRET], now=at)
    assert sdk.WebhookSignature.verify_header(payload, ours, SECRET.reveal())


@pytest.mark.parametrize(
    ("header", "check"),
    [
        (None, "missing_header"),
        ("", "missing_header"),
        (" \t", "missing_header"),
        ("words", "invalid_header"),
        (",", "invalid_header"),
        (V1, "invalid_header"),
        (f"{HEADER},", "invalid_header"),
        (f",{HEADER}", "invalid_header"),
        (f"{T},{HEADER}", "invalid_header"),
        (f"t=,{V1}", "invalid_header"),
        (f"t,{V1}", "invalid_header"),
        (f"{T},v1=", "invalid_header"),
        (f"{T},{V1},=x", "invalid_header"),
        (f"t=-1,{V1}", "invalid_header"),
        (f"t=+1,{V1}", "invalid_header"),
        (f"t=1_0,{V1}", "invalid_header"),
        (f"t= 1,{V1}", "invalid_header"),
        (f"t=1.5,{V1}", "invalid_header"),
        (f"t={'9' * 13},{V1}", "invalid_header"),
        (f"t=\u0661\u0662,{V1}", "invalid_header"),
        (f"{HEADER},note=\u00eb", "invalid_header"),
        (T, "no_matching_signature"),
        (f"{T},v0={V1[3:]}", "no_matching_signature"),
        (f"{T},V1={V1[3:]}", "no_matching_signature"),
        (f"{T}, {V1}", "no_matching_signature"),
        (f"{T},{V1.upper().replace('V1', 'v1')}", "no_matching_signature"),
        (f"{T},{V1[:-1]}", "no_matching_signature"),
        (f"{T},{V1}=", "no_matching_signature"),
        (f"t=0{T[2:]},{V1}", "no_matching_signature"),
        (f"t={int(T[2:]) + 1},{V1}", "no_matching_signature"),
    ],
)
def test_any_other_header_is_refused_with_its_reason(header: str | None, check: str) -> None:
    assert refusal(header) == check


def test_another_or_a_cut_payload_is_refused() -> None:
    assert refusal(HEADER, payload=PAYLOAD[:-1]) == "no_matching_signature"
    assert refusal(HEADER, payload=PAYLOAD + b" ") == "no_matching_signature"
    assert refusal(HEADER, payload=b"") == "no_matching_signature"


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_near_enough_in_time_is_taken(seconds: int) -> None:
    assert is_taken(HEADER, now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, -86_400 * 365 * 5, 86_400, 300.5, -300.5])
def test_too_old_and_too_new_are_refused(seconds: float) -> None:
    now = NOW + timedelta(seconds=seconds)
    assert refusal(HEADER, now=now) == "timestamp_out_of_tolerance"
    assert refusal(f"{T},v1={'0' * 64}", now=now) == "no_matching_signature", "genuine ones only"


def test_no_tolerance_does_not_mean_no_check() -> None:
    for tolerance_seconds in (0, -1):
        with pytest.raises(SignatureRefused, match="timestamp_out_of_tolerance"):
            verify(
                PAYLOAD,
                HEADER,
                secrets=[SECRET],
                now=NOW + timedelta(seconds=1),
                tolerance_seconds=tolerance_seconds,
            )


def test_during_a_rotation_either_side_may_have_several() -> None:
    old = sign(PAYLOAD, OTHER, at=NOW)
    for header in (HEADER, old, f"{HEADER},{old.split(',')[1]}", f"v0=decoy,v9=new,{HEADER}"):
        verify(PAYLOAD, header, secrets=[OTHER, SECRET], now=NOW)
    verify(PAYLOAD, f"{T},v1={'0' * 64},{V1}", secrets=[SECRET], now=NOW)
    assert refusal(old) == "no_matching_signature"


@pytest.mark.parametrize("empty", [[], [Secret("")], [Secret("  ")]])
def test_an_empty_secret_opens_nothing(empty: list[Secret]) -> None:
    header = sign(PAYLOAD, empty[0] if empty else Secret(""), at=NOW)
    with pytest.raises(SignatureRefused, match="no_matching_signature"):
        verify(PAYLOAD, header, secrets=empty, now=NOW)


@given(data=st.data())
def test_a_mutated_header_never_verifies(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(HEADER)))
    end = data.draw(st.integers(start, min(len(HEADER), start + 4)))
    mutated = HEADER[:start] + data.draw(st.text(max_size=4)) + HEADER[end:]
    items = mutated.split(",")
    assume(not (T in items and V1 in items))  # then it says the same, and something unknown
    assert not is_taken(mutated)


@given(payload=st.binary(max_size=64), header=st.text(max_size=100))
def test_nothing_made_up_verifies_or_breaks(payload: bytes, header: str) -> None:
    assert not is_taken(header, payload=payload)


@given(extra=st.text(st.characters(exclude_characters=","), max_size=12))
def test_what_we_take_the_sdk_takes_too(extra: str) -> None:
    at = datetime.now(UTC)
    header = f"{sign(PAYLOAD, SECRET, at=at)},{extra}"
    if is_taken(header, now=at):
        assert sdk.WebhookSignature.verify_header(PAYLOAD, header, SECRET.reveal())
