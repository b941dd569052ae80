"""Tickets and sessions of operators: what they say, and everything that is not one of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aboard.core.errors import StateExpired, StateForged
from aboard.core.operator_tickets import (
    OperatorPass,
    OperatorVisit,
    issue_operator_pass,
    verify_operator_pass,
)
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.core.state import KeyRing, sign_payload
from aboard.core.tickets import OwnerPage, PageSession, Ticket, Visit, issue_session, issue_ticket

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
KEYS = KeyRing("k1", {"k1": Secret("words-and-more-words-and-more-words")})
VISIT = OperatorVisit("ana", "nonce", NOW, NOW + timedelta(minutes=5))
GOOD: dict[str, Any] = {
    "u": "ana",
    "n": "nonce",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 300,
}


@pytest.mark.parametrize("kind", OperatorPass)
def test_what_is_issued_is_verified(kind: OperatorPass) -> None:
    token = issue_operator_pass(kind, VISIT, KEYS)
    visit = verify_operator_pass(kind, token, keys=KEYS, now=NOW)
    assert visit == VISIT
    assert visit.caller().is_operator
    assert visit.caller().user_id == "ana"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {**GOOD, "u": ""},
        {**GOOD, "u": 7},
        {**GOOD, "n": ""},
        {**GOOD, "n": None},
        {**GOOD, "iat": "1"},
        {**GOOD, "iat": True},
        {**GOOD, "exp": 1e300},
        {**GOOD, "exp": 10**18},
        {**GOOD, "exp": -(10**18)},
        {**GOOD, "iat": GOOD["iat"] + 61, "exp": GOOD["exp"] + 61},
        {**GOOD, "more": 1},
        {name: value for name, value in GOOD.items() if name != "n"},
    ],
    ids=str,
)
def test_other_words_are_a_forgery(payload: dict[str, object]) -> None:
    token = sign_payload(OperatorPass.TICKET.value, payload, KEYS)
    with pytest.raises(StateForged):
        verify_operator_pass(OperatorPass.TICKET, token, keys=KEYS, now=NOW)


def test_an_end_is_an_end_after_a_minute_of_skew() -> None:
    token = issue_operator_pass(OperatorPass.TICKET, VISIT, KEYS)
    late = VISIT.expires_at + timedelta(seconds=60)
    verify_operator_pass(OperatorPass.TICKET, token, keys=KEYS, now=late)
    with pytest.raises(StateExpired):
        verify_operator_pass(OperatorPass.TICKET, token, keys=KEYS, now=late + timedelta(seconds=1))


def test_no_other_token_stands_for_one() -> None:
    owner = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
    visit = Visit("ana", owner, None, NOW, VISIT.expires_at)
    others = [
        issue_ticket(Ticket(visit, OwnerPage.STATUS, "nonce"), KEYS),
        issue_session(PageSession(visit, "nonce"), KEYS),
        issue_operator_pass(OperatorPass.SESSION, VISIT, KEYS),
        issue_operator_pass(OperatorPass.TICKET, VISIT, KEYS)[:-1],
        issue_operator_pass(OperatorPass.TICKET, VISIT, KEYS).replace("to1", "so1"),
        "",
        "to1",
        "to1.k1..",
        "ü",
        "x" * 100_000,
    ]
    for token in others:
        with pytest.raises(StateForged):
            verify_operator_pass(OperatorPass.TICKET, token, keys=KEYS, now=NOW)
    ticket = issue_operator_pass(OperatorPass.TICKET, VISIT, KEYS)
    with pytest.raises(StateForged):
        verify_operator_pass(OperatorPass.SESSION, ticket, keys=KEYS, now=NOW)
