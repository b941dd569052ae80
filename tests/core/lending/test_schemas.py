"""Does a schema say what is checked? Judged by the reference validator for JSON Schema."""

import json

import jsonschema
import pytest
from jsonschema.validators import Draft202012Validator

from aboard.core.lending.catalogue import all_operations, find_operation
from aboard.core.lending.operations import Operation
from aboard.core.lending.refusals import RefusalCode
from aboard.core.lending.schemas import describe_arguments
from tests.core.lending.arguing import FITTING, ROWS

# What no schema says: half a character, dots for an id, names in maps, times, counts, sizes.
BEYOND_SCHEMAS = {
    "?",
    "account",
    "created.gt",
    "expand",
    "idempotency_key",  # `$` stands before a last line feed, too, for some readers
    "limit",
    "metadata",
}


def validator(operation_id: str) -> Draft202012Validator:
    operation = find_operation(operation_id)
    assert operation is not None
    return Draft202012Validator(describe_arguments(operation))


@pytest.mark.parametrize("operation", all_operations(), ids=lambda each: each.id)
def test_every_schema_is_one(operation: Operation) -> None:
    schema = describe_arguments(operation)
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(("operation_id", "arguments"), FITTING)
def test_what_fits_passes(operation_id: str, arguments: dict[str, object]) -> None:
    validator(operation_id).validate(arguments)


@pytest.mark.parametrize(
    ("operation_id", "arguments", "code", "field"),
    [row for row in ROWS if row[2] is not RefusalCode.MEDIA_TYPE_REFUSED],
)
def test_what_does_not_fit_is_refused_by_both(
    operation_id: str, arguments: object, code: RefusalCode, field: str
) -> None:
    try:
        validator(operation_id).validate(arguments)
    except jsonschema.ValidationError:
        return
    assert code is RefusalCode.ARGUMENT_INVALID
    assert field in BEYOND_SCHEMAS or field.endswith("percent_ownership")  # NaN is a number there
