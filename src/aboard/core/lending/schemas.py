"""How is an operation told to a machine that fills in arguments? As a JSON schema of all of them.

The schema says what `check_arguments` holds to, as far as the language of schemas reaches.

Source: ADR-0029, the gateway; JSON Schema, draft 2020-12.
"""

from collections.abc import Iterable, Mapping

from aboard.core.lending.arguments import HEADERS, header_arguments
from aboard.core.lending.operations import Generation, Kind, Operation, Parameter, Shape

Schema = dict[str, object]


def describe_arguments(operation: Operation) -> Schema:
    """Return the schema of the flat object of arguments that a tool takes."""
    properties = _properties(operation.parameters, operation.generation)
    for name in header_arguments(operation):
        _, form, description = HEADERS[name]
        pattern = f"^{form.pattern.removesuffix(_END)}$"
        properties[name] = {"type": "string", "pattern": pattern, "description": description}
    return _object(properties, operation.parameters)


_END = r"\Z"
_PLAIN: Mapping[Kind, str] = {
    Kind.STRING: "string",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.FILE: "string",
}


def _properties(parameters: Iterable[Parameter], generation: Generation) -> dict[str, Schema]:
    return {
        each.name: {**_shape(each.shape, generation), "description": each.description}
        for each in parameters
    }


def _object(properties: Mapping[str, Schema], parameters: Iterable[Parameter]) -> Schema:
    described: Schema = {"type": "object", "properties": properties}
    if required := [each.name for each in parameters if each.is_required]:
        described["required"] = required
    return {**described, "additionalProperties": False}


def _shape(shape: Shape, generation: Generation) -> Schema:
    choices = [_one(each, generation) for each in (shape, *shape.others)]
    if any(each.is_clearable for each in (shape, *shape.others)):
        choices.append({"const": ""} if generation is Generation.V1 else {"type": "null"})
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _one(shape: Shape, generation: Generation) -> Schema:
    if shape.kind is Kind.OBJECT:
        return _object(_properties(shape.members, generation), shape.members)
    inner = {} if shape.items is None else _shape(shape.items, generation)
    if shape.kind is Kind.MAP:
        return {"type": "object", "additionalProperties": inner}
    if shape.kind is Kind.ARRAY:
        return {"type": "array", "items": inner}
    if shape.kind is Kind.TIMESTAMP:
        is_v1 = generation is Generation.V1
        return {"type": "integer"} if is_v1 else {"type": "string", "format": "date-time"}
    return {"type": _PLAIN[shape.kind], **({"enum": [*shape.enum]} if shape.enum else {})}
