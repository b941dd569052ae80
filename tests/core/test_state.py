"""State tokens: what holds, what is refused, and that no mutation is ever accepted."""

import base64
import json
import random
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.errors import StateExpired, StateForged, StateInvalid, StateMismatch
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.core.state import SKEW, KeyRing, Purpose, State, check_state, issue_state, read_state

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OLD_KEY = Secret("old-state-key-words-of-32-bytes-and-more")
NEW_KEY = Secret("new-state-key-words-of-32-bytes-and-more")
RING = KeyRing("k1", {"k1": OLD_KEY})
STATE = State(
    purpose=Purpose.REFRESH,
    onboarding_id="onb_1",
    owner=Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST),
    issued_at=NOW,
    expires_at=NOW + timedelta(hours=24),
    nonce="nonce-words",
)
TOKEN = issue_state(STATE, RING)


def verify(
    token: str,
    *,
    now: datetime = NOW,
    keys: KeyRing = RING,
    purpose: Purpose = Purpose.REFRESH,
) -> State:
    state = read_state(token, keys=keys)
    check_state(state, purpose=purpose, now=now)
    return state


def test_a_token_carries_its_state() -> None:
    assert verify(TOKEN) == STATE


def test_a_token_is_url_safe() -> None:
    assert set(TOKEN) <= set(string.ascii_letters + string.digits + "-_.")


def test_a_rotated_key_still_verifies_and_a_dropped_one_does_not() -> None:
    rotated = KeyRing("k2", {"k2": NEW_KEY, "k1": OLD_KEY})
    assert verify(TOKEN, keys=rotated) == STATE
    assert issue_state(STATE, rotated).startswith("v1.k2.")
    with pytest.raises(StateForged):
        verify(TOKEN, keys=KeyRing("k2", {"k2": NEW_KEY}))


def test_the_key_id_is_not_interchangeable() -> None:
    both = KeyRing("k1", {"k1": OLD_KEY, "k2": NEW_KEY})
    with pytest.raises(StateForged):
        verify(TOKEN.replace("v1.k1.", "v1.k2."), keys=both)


def test_expiry_with_its_skew() -> None:
    assert verify(TOKEN, now=STATE.expires_at + SKEW) == STATE
    with pytest.raises(StateExpired) as caught:
        verify(TOKEN, now=STATE.expires_at + SKEW + timedelta(seconds=1))
    assert caught.value.age > timedelta(hours=24)


def test_a_token_from_the_future_is_forged() -> None:
    assert verify(TOKEN, now=NOW - SKEW) == STATE
    with pytest.raises(StateForged):
        verify(TOKEN, now=NOW - SKEW - timedelta(seconds=1))


def test_another_purpose_is_refused() -> None:
    with pytest.raises(StateMismatch):
        verify(TOKEN, purpose=Purpose.RETURN)


def mutations(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 -- a seed makes the run repeatable
    alphabet = string.ascii_letters + string.digits + "-_.=+/% é\x00"
    found: list[str] = []
    while len(found) < count:
        token = list(TOKEN)
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            at = chance.randrange(len(token))
            match chance.randrange(5):
                case 0:
                    token[at] = chance.choice(alphabet)
                case 1:
                    del token[at]
                case 2:
                    token.insert(at, chance.choice(alphabet))
                case 3:
                    other = chance.randrange(len(token))
                    token[at], token[other] = token[other], token[at]
                case _:
                    token = token[:at]
            if len(token) < len("v1"):
                break
        mutated = "".join(token)
        if mutated != TOKEN:
            found.append(mutated)
    return found


def test_ten_thousand_mutated_tokens_are_all_refused() -> None:
    accepted = []
    for token in mutations(10_000, seed=20261121):
        try:
            accepted.append((token, verify(token)))
        except StateInvalid:
            continue
    assert accepted == []


def test_a_payload_signed_with_another_key_is_refused() -> None:
    foreign = KeyRing("k1", {"k1": NEW_KEY})
    with pytest.raises(StateForged):
        verify(issue_state(STATE, foreign))


@pytest.mark.parametrize(
    "payload",
    [
        b"not json",
        b"[]",
        b"{}",
        json.dumps({"p": "refresh"}).encode(),
        json.dumps(dict.fromkeys(("p", "o", "k", "i", "m", "iat", "exp", "n"), "refresh")).encode(),
        b'{"p":"refresh","o":"o","k":"organization","i":"i","m":"test","iat":1e400,"exp":1,"n":""}',
        b"\xff",
    ],
)
def test_a_well_signed_but_senseless_payload_is_refused_not_a_crash(payload: bytes) -> None:
    import hmac  # noqa: PLC0415 -- only here are tokens signed by hand

    body = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    signed = f"v1.k1.{body}"
    mac = hmac.digest(OLD_KEY.reveal().encode(), signed.encode(), "sha256")
    token = f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    with pytest.raises(StateForged):
        verify(token)


@given(st.text(max_size=300))
def test_any_text_is_refused_in_the_same_way(text: str) -> None:
    with pytest.raises(StateForged):
        verify(text)


@given(st.sampled_from(list(Purpose)), st.text(max_size=40), st.text(max_size=40))
def test_any_owner_survives_the_round_trip(purpose: Purpose, owner_id: str, nonce: str) -> None:
    state = State(
        purpose,
        "onb_2",
        Owner(OwnerKind.CREATOR, owner_id, Mode.LIVE),
        NOW,
        NOW + timedelta(seconds=300),
        nonce,
    )
    token = issue_state(state, RING)
    if len(token) <= 2048:
        assert verify(token, purpose=purpose) == state


@pytest.mark.parametrize(
    ("current", "keys"),
    [
        ("k1", {}),
        ("k2", {"k1": OLD_KEY}),
        ("k1", {"k1": Secret("short")}),
        ("k.1", {"k.1": OLD_KEY}),
    ],
)
def test_a_senseless_ring_is_refused(current: str, keys: dict[str, Secret]) -> None:
    with pytest.raises(ValueError, match="key"):
        KeyRing(current, keys)
