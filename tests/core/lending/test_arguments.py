"""Are arguments checked to the last depth, and is the field named that does not fit?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.lending.arguments import check_arguments
from aboard.core.lending.catalogue import all_operations, find_operation
from aboard.core.lending.operations import Operation
from aboard.core.lending.refusals import CallRefused, RefusalCode
from tests.core.lending.arguing import FITTING, LINK, ROWS


def operation(operation_id: str) -> Operation:
    found = find_operation(operation_id)
    assert found is not None
    return found


def refusal(operation_id: str, arguments: object) -> CallRefused:
    with pytest.raises(CallRefused) as caught:
        check_arguments(operation(operation_id), arguments)
    return caught.value


@pytest.mark.parametrize(("operation_id", "arguments"), FITTING)
def test_what_fits_passes(operation_id: str, arguments: dict[str, object]) -> None:
    assert check_arguments(operation(operation_id), arguments) is arguments


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
