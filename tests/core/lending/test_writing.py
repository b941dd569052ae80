"""Is a call written as Stripe's official SDK writes it?"""

import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode

from aboard.core.lending.arguments import check_arguments
from aboard.core.lending.catalogue import api_version, find_operation
from aboard.core.lending.writing import WrittenRequest, write_form, write_request


def written(operation_id: str, arguments: dict[str, object]) -> WrittenRequest:
    operation = find_operation(operation_id)
    assert operation is not None
    return write_request(operation, check_arguments(operation, arguments), api_version())


def test_arguments_go_to_where_they_belong() -> None:
    request = written(
        "accounts.update",
        {
            "account": "acct_1",
            "business_profile": {"name": "A & B=C", "url": "https://a.example/?q=1"},
            "capabilities": {"transfers": {"requested": True}},
            "expand": ["individual", "company"],
            "metadata": {"Zoë": "ü+%"},
            "stripe_account": "acct_2",
            "idempotency_key": "once",
        },
    )
    assert (request.method, request.path, request.query) == ("POST", "/v1/accounts/acct_1", "")
    assert request.headers == (
        ("Stripe-Account", "acct_2"),
        ("Idempotency-Key", "once"),
        ("Stripe-Version", "2026-10-28.endive"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )
    assert parse_qsl(request.body.decode()) == [
        ("business_profile[name]", "A & B=C"),
        ("business_profile[url]", "https://a.example/?q=1"),
        ("capabilities[transfers][requested]", "true"),
        ("expand[0]", "individual"),
        ("expand[1]", "company"),
        ("metadata[Zoë]", "ü+%"),
    ]


def test_a_read_has_a_query_and_no_body() -> None:
    request = written("accounts.list", {"created": {"gte": 5}, "limit": 3})
    assert (request.method, request.path) == ("GET", "/v1/accounts")
    assert request.query == "created[gte]=5&limit=3"
    assert request.body == b""
    assert request.headers == (("Stripe-Version", "2026-10-28.endive"),)


def test_the_second_generation_is_written_as_json() -> None:
    request = written(
        "v2_core_accounts.update",
        {"id": "acct_1", "metadata": {"a": None}, "display_name": "Zoë", "include": ["identity"]},
    )
    assert request.path == "/v2/core/accounts/acct_1"
    assert json.loads(request.body) == {
        "display_name": "Zoë",
        "include": ["identity"],
        "metadata": {"a": None},
    }
    assert ("Content-Type", "application/json") in request.headers
    assert written("v2_core_accounts.close", {"id": "acct_1"}).body == b"{}"


def test_another_version_is_spoken_when_it_is_named() -> None:
    headers = written("balance.retrieve", {"stripe_version": "2025-01-27.acacia"}).headers
    assert headers == (("Stripe-Version", "2025-01-27.acacia"),)


def test_what_is_cleared_is_sent_empty() -> None:
    request = written("accounts.update", {"account": "acct_1", "metadata": ""})
    assert request.body == b"metadata="


names = st.text(min_size=1, max_size=8).filter(lambda text: not {*text} & {*"[]"})
listed = st.text(max_size=20) | st.integers()
plain = listed | st.booleans()
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(listed | st.dictionaries(names, inner, max_size=3), max_size=3)
        | st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=6,
)  # no booleans in lists: nothing takes them, and the SDK writes them in Python's words


@given(st.dictionaries(names, values, max_size=4))
def test_a_form_is_read_as_the_official_sdks_is(given: dict[str, object]) -> None:
    theirs = urlencode(list(_api_encode(given)))
    ours = write_form(given)
    assert parse_qsl(ours, keep_blank_values=True) == parse_qsl(theirs, keep_blank_values=True)


@pytest.mark.parametrize("value", ["a&b=c", "a\r\nb", "\0", "é", "%41", "+ ", "#?/"])
def test_no_value_breaks_out_of_its_place(value: str) -> None:
    form = write_form({"metadata": {"note": value}})
    assert parse_qsl(form, keep_blank_values=True) == [("metadata[note]", value)]
    assert form.isascii()
    assert form.isprintable()
