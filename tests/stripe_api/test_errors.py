"""Is each refusal read as what it is, and is "gone" said only when the account is?"""

import json

import pytest

from aboard.core.errors import AccountGone, StripeRefused, StripeUnavailable
from aboard.stripe_api.errors import GONE, MAX_TEXT_CHARS, clean, fault

REVOKED = (
    "The provided key 'sk_test_***' does not have access to account 'acct_1' (or that account "
    "does not exist). Application access may have been revoked."
)
LINK_OLD = (
    "You requested an account link for an account that is not connected to your platform or "
    "does not exist."
)
LINK_NEW = "The requested account link is for an account that your platform cannot see."
OTHER_MODE = (
    "No such account: 'acct_1'; a similar object exists in live mode, but a test mode key was "
    "used to make this request."
)


def body(**detail: str) -> bytes:
    return json.dumps({"error": {"type": "invalid_request_error", **detail}}).encode()


@pytest.mark.parametrize(
    ("status", "detail", "case"),
    [
        (403, {"code": "account_invalid", "message": REVOKED}, "access_revoked"),
        (403, {"code": "account_invalid", "message": "In new words."}, "access_revoked"),
        (403, {"message": REVOKED}, "access_revoked"),
        (
            404,
            {"code": "resource_missing", "message": "No such account: 'acct_1'"},
            "no_such_account",
        ),
        (
            400,
            {"code": "resource_missing", "message": "No such account: acct_1"},
            "no_such_account",
        ),
        (400, {"message": LINK_OLD}, "link_refused"),
        (400, {"message": LINK_NEW}, "link_refused"),
    ],
)
def test_gone(status: int, detail: dict[str, str], case: str) -> None:
    fact = fault(status, {"request-id": "req_1"}, body(**detail))
    assert isinstance(fact, AccountGone)
    assert (fact.case, fact.request_id) == (case, "req_1")


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        (404, {"code": "resource_missing", "message": OTHER_MODE}),
        (404, {"code": "resource_missing", "message": "No such external account: 'ba_1'"}),
        (404, {"code": "resource_missing", "message": "No such event: 'evt_1'"}),
        (404, {"message": "Unrecognized request URL (GET: /v1/account/x)."}),
        (404, {"code": "resource_missing"}),
        (403, {"message": "The provided key does not have the required permissions."}),
        (403, {"code": "account_invalid", "message": "It lacks the required permission 'x'."}),
        (401, {"message": "Invalid API Key provided: sk_test_***demo"}),
        (400, {"code": "account_invalid", "message": "In new words."}),
        (400, {"message": "You must have a client application set."}),
        (402, {"type": "card_error", "code": "card_declined", "message": "No."}),
        (400, {"type": "idempotency_error", "message": "Keys for idempotent requests..."}),
        (409, {"type": "idempotency_error", "code": "idempotency_error", "message": "v2's"}),
    ],
)
def test_refused_but_not_gone(status: int, detail: dict[str, str]) -> None:
    fact = fault(status, {}, body(**detail))
    assert isinstance(fact, StripeRefused)
    assert fact.status == status


def test_every_row_of_the_closed_table_is_reached_by_a_case_above() -> None:
    messages = (REVOKED, "No such account: 'acct_1'", LINK_OLD, LINK_NEW)
    for row in GONE:
        assert any(row.wording.search(message) for message in messages), row


def test_a_conflict_that_stripe_calls_final_is_a_refusal() -> None:
    detail = body(code="lock_timeout", message="busy")
    assert isinstance(fault(409, {}, detail), StripeUnavailable)
    assert isinstance(fault(409, {"stripe-should-retry": "false"}, detail), StripeRefused)


def test_oauths_errors_are_words() -> None:
    fact = fault(400, {}, b'{"error": "invalid_grant", "error_description": "Code was used."}')
    assert isinstance(fact, StripeRefused)
    assert (fact.error_code, fact.message) == ("invalid_grant", "Code was used.")
    fact = fault(400, {}, b'{"error": "invalid_grant"}')
    assert isinstance(fact, StripeRefused)
    assert fact.message == "invalid_grant"


def test_an_error_without_words_still_says_something() -> None:
    fact = fault(400, {}, b'{"error": {}}')
    assert isinstance(fact, StripeRefused)
    assert fact.message == "Stripe gave no message."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        (
            "Plain words, acct_1 and individual.address.line1.",
            "Plain words, acct_1 and individual.address.line1.",
        ),
        ("key 'sk_live_demowords' here", "key 'sk_live_***' here"),
        ("rk_test_demo,pk_live_demo;xsk_test_demo)", "rk_test_***,pk_live_***;xsk_test_***)"),
        ("signed by whsec_demowords", "signed by whsec_***"),
        ("secret accs_secret__demo pi_1_secret_demo", "secret accs_secret_*** pi_1_secret_***"),
        ("See https://a.example/b?c=d for more", "See [address] for more"),
        ("'HTTPS://A.EXAMPLE/setup/e/x'", "'[address]'"),
        ("go to connect.stripe.com/setup/e/acct_1/words now", "go to [address] now"),
        ("localhost:12111 and 127.0.0.1:12111/setup/e", "localhost:12111 and [address]"),
    ],
)
def test_stripes_words_pass_without_what_opens_a_door(
    text: str | None, expected: str | None
) -> None:
    assert clean(text) == expected


def test_words_without_end_are_cut() -> None:
    assert clean("word " * 100_000) == ("word " * 100_000)[:MAX_TEXT_CHARS]
    for hostile in ("a" * 100_000, "a." * 100_000, "a_secret" * 100_000, "-" * 100_000):
        assert len(clean(hostile) or "") <= MAX_TEXT_CHARS


@pytest.mark.parametrize("request_id", ["", "req 1", "req_1\n", "x" * 101, "<b>"])
def test_an_odd_request_id_is_dropped(request_id: str) -> None:
    fact = fault(500, {"request-id": request_id}, b"")
    assert isinstance(fact, StripeUnavailable)
    assert fact.request_id is None
