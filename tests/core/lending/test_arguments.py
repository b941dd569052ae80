"""Are arguments checked to the last depth, and is the field named that does not fit?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.lending.arguments import check_arguments
from aboard.core.lending.catalogue import all_operations, find_operation
from aboard.core.lending.operations import Operation
from aboard.core.lending.refusals import CallRefused, RefusalCode

LINK = {"account": "acct_1", "type": "account_onboarding"}
BANK = {"object": "bank_account", "country": "US", "account_number": "000123456789"}
MISSING = RefusalCode.ARGUMENT_MISSING
UNKNOWN = RefusalCode.ARGUMENT_UNKNOWN
INVALID = RefusalCode.ARGUMENT_INVALID


def operation(operation_id: str) -> Operation:
    found = find_operation(operation_id)
    assert found is not None
    return found


def refusal(operation_id: str, arguments: object) -> CallRefused:
    with pytest.raises(CallRefused) as caught:
        check_arguments(operation(operation_id), arguments)
    return caught.value


@pytest.mark.parametrize(
    ("operation_id", "arguments"),
    [
        ("account_links.create", LINK),
        ("account_links.create", {**LINK, "collection_options": {"fields": "currently_due"}}),
        ("account_links.create", {**LINK, "expand": [], "idempotency_key": "k-1"}),
        ("account_links.create", {**LINK, "stripe_version": "2025-01-27.acacia"}),
        ("accounts.create", {}),
        ("accounts.create", {"capabilities": {"transfers": {"requested": True}}}),
        ("accounts.create", {"external_account": "btok_us"}),
        ("accounts.create", {"external_account": BANK}),
        ("accounts.create", {"external_account": {"object": "card", "token": "tok_visa"}}),
        ("accounts.create", {"metadata": {"a": "", "Zoë": "b"}}),
        ("accounts.create", {"metadata": ""}),
        ("accounts.create", {"tos_acceptance": {"date": 1700000000, "ip": "192.0.2.1"}}),
        ("accounts.create", {"settings": {"payouts": {"schedule": {"delay_days": "minimum"}}}}),
        ("accounts.create", {"settings": {"payouts": {"schedule": {"delay_days": 7}}}}),
        ("accounts.create", {"individual": {"relationship": {"percent_ownership": 12.5}}}),
        ("accounts.create", {"individual": {"relationship": {"percent_ownership": 100}}}),
        ("accounts.create", {"individual": {"dob": ""}}),
        ("accounts.list", {"created": 1700000000, "limit": 3}),
        ("accounts.list", {"created": {"gte": 1700000000}}),
        ("accounts.list", {"stripe_account": "acct_1"}),
        ("balance.retrieve", {}),
        ("v2_core_accounts.update", {"id": "acct_1", "metadata": {"a": None}}),
        ("v2_core_accounts.list", {"applied_configurations": ["merchant"], "closed": False}),
        ("v2_core_events.list", {"created": {"gt": "2026-10-28T12:00:00Z"}}),
    ],
)
def test_what_fits_passes(operation_id: str, arguments: dict[str, object]) -> None:
    assert check_arguments(operation(operation_id), arguments) is arguments


LINK_ROWS: list[tuple[dict[str, object], RefusalCode, str]] = [
    ({"tpye": "x"}, UNKNOWN, "tpye"),
    ({"type": "onboarding"}, INVALID, "type"),
    ({"type": ["account_update"]}, INVALID, "type"),
    ({"account": 1}, INVALID, "account"),
    ({"account": None}, INVALID, "account"),
    ({"account": "\ud800"}, INVALID, "account"),
    ({"expand": "x"}, INVALID, "expand"),
    ({"expand": ["x", 1]}, INVALID, "expand.1"),
    ({"expand": ["x"] * 1001}, INVALID, "expand"),
    ({"collection_options": {"field": "x"}}, UNKNOWN, "collection_options.field"),
    ({"collection_options": {"fields": "x"}}, INVALID, "collection_options.fields"),
    ({"collection_options": []}, INVALID, "collection_options"),
    ({"a\r\nb: c": 1}, UNKNOWN, "?"),
    ({"x" * 500: 1}, UNKNOWN, "?"),
    ({"account[x]": "y"}, UNKNOWN, "?"),
    ({"": "y"}, UNKNOWN, "?"),
    ({"idempotency_key": "a\r\nHost: evil"}, INVALID, "idempotency_key"),
    ({"idempotency_key": "a\n"}, INVALID, "idempotency_key"),
    ({"idempotency_key": "k" * 256}, INVALID, "idempotency_key"),
    ({"idempotency_key": 7}, INVALID, "idempotency_key"),
    ({"stripe_account": "acct_1, acct_2"}, INVALID, "stripe_account"),
    ({"stripe_version": "latest"}, INVALID, "stripe_version"),
    ({"authorization": "Bearer x"}, UNKNOWN, "authorization"),
]
CREATE_ROWS: list[tuple[dict[str, object], RefusalCode, str]] = [
    ({"metadata": {"a": 1}}, INVALID, "metadata.a"),
    ({"metadata": {"a]b": "c"}}, INVALID, "metadata"),
    ({"metadata": {"": "c"}}, INVALID, "metadata"),
    ({"metadata": None}, INVALID, "metadata"),
    (
        {"business_profile": {"annual_revenue": {"amount": 1}}},
        MISSING,
        "business_profile.annual_revenue.currency",
    ),
    (
        {"capabilities": {"transfers": {"requested": "yes"}}},
        INVALID,
        "capabilities.transfers.requested",
    ),
    ({"capabilities": {"levitation": {"requested": True}}}, UNKNOWN, "capabilities.levitation"),
    ({"external_account": 5}, INVALID, "external_account"),
    ({"external_account": {**BANK, "iban": "x"}}, UNKNOWN, "external_account.iban"),
    (
        {"settings": {"payouts": {"schedule": {"delay_days": "soon"}}}},
        INVALID,
        "settings.payouts.schedule.delay_days",
    ),
    (
        {"individual": {"relationship": {"percent_ownership": float("nan")}}},
        INVALID,
        "individual.relationship.percent_ownership",
    ),
]
ROWS: list[tuple[str, object, RefusalCode, str | None]] = [
    ("account_links.create", {}, MISSING, "account"),
    ("account_links.create", {"account": "acct_1"}, MISSING, "type"),
    ("accounts.list", {"idempotency_key": "k"}, UNKNOWN, "idempotency_key"),
    ("accounts.list", {"limit": "3"}, INVALID, "limit"),
    ("accounts.list", {"limit": True}, INVALID, "limit"),
    ("accounts.list", {"limit": 3.0}, INVALID, "limit"),
    ("accounts.list", {"limit": 2**63}, INVALID, "limit"),
    ("accounts.list", {"created": {"gte": "now"}}, INVALID, "created.gte"),
    ("accounts.list", {"created": "now"}, INVALID, "created"),
    ("accounts.list", {"created": {"than": 1}}, UNKNOWN, "created.than"),
    ("accounts.retrieve", {"account": "../balance"}, INVALID, "account"),
    ("accounts.retrieve", {"account": ".."}, INVALID, "account"),
    ("accounts.retrieve", {"account": "acct_1/persons"}, INVALID, "account"),
    ("accounts.retrieve", {"account": "acct_1%2fpersons"}, INVALID, "account"),
    ("accounts.retrieve", {"account": "acct_1?expand[]=x"}, INVALID, "account"),
    ("accounts.retrieve", {"account": "acct_1\n"}, INVALID, "account"),
    ("accounts.retrieve", {"account": ""}, INVALID, "account"),
    ("accounts.retrieve", {"account": ["acct_1"]}, INVALID, "account"),
    ("accounts.retrieve", {}, MISSING, "account"),
    ("v2_core_accounts.update", {"id": "acct_1", "display_name": 1}, INVALID, "display_name"),
    ("v2_core_accounts.update", {"id": "acct_1", "metadata": ""}, INVALID, "metadata"),
    ("v2_core_events.list", {"created": {"gt": "2026-10-28"}}, INVALID, "created.gt"),
    ("v2_core_events.list", {"created": {"gt": "2026-10-28T12:00:00"}}, INVALID, "created.gt"),
    ("v2_core_events.list", {"created": {"gt": 1700000000}}, INVALID, "created.gt"),
    ("balance.retrieve", [], INVALID, "args"),
    ("balance.retrieve", None, INVALID, "args"),
    ("balance.retrieve", "{}", INVALID, "args"),
    (
        "files.create",
        {"file": "x", "purpose": "identity_document"},
        RefusalCode.MEDIA_TYPE_REFUSED,
        None,
    ),
    *(("account_links.create", {**LINK, **more}, code, field) for more, code, field in LINK_ROWS),
    *(("accounts.create", arguments, code, field) for arguments, code, field in CREATE_ROWS),
]


@pytest.mark.parametrize(("operation_id", "arguments", "code", "field"), ROWS)
def test_what_does_not_fit_is_named(
    operation_id: str, arguments: object, code: RefusalCode, field: str | None
) -> None:
    refused = refusal(operation_id, arguments)
    assert (refused.code, refused.parameter) == (code, field)


def test_a_refusal_says_what_would_fit_and_never_the_value() -> None:
    refused = refusal("account_links.create", {**LINK, "type": "a-secret-of-mine"})
    assert refused.detail == "It is one of account_onboarding, account_update."
    refused = refusal("accounts.list", {"created": "a-secret-of-mine"})
    assert refused.detail == "It takes a time in whole Unix seconds."
    refused = refusal("accounts.list", {"created": ["a-secret-of-mine"]})
    assert refused.detail == "It takes an object or a time in whole Unix seconds."


def test_a_long_list_of_choices_is_cut() -> None:
    refused = refusal(
        "webhook_endpoints.create", {"url": "https://a.example", "enabled_events": ["x"]}
    )
    assert refused.parameter == "enabled_events.0"
    assert refused.detail is not None
    assert refused.detail.endswith("and more.")
    assert len(refused.detail) < 1000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(all_operations()), st.data())
def test_whatever_comes_passes_or_is_refused_with_a_code(
    operation: Operation, data: st.DataObject
) -> None:
    names = [each.name for each in operation.parameters] or ["expand"]
    arguments = data.draw(st.dictionaries(st.sampled_from(names) | st.text(), json_values))
    try:
        checked = check_arguments(operation, arguments)
    except CallRefused as refused:
        answer = json.dumps([refused.parameter, refused.detail])
        answer.encode("ascii")
        return
    assert checked is arguments
