"""How are the data files beside this one read into operations?

A shape that stands in several places is written once, in `shapes.json`, and built once for each
place that a parameter can travel in.

Source: ADR-0029, the gateway.
"""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from aboard.core.lending.operations import (
    AccountPlace,
    BodyKind,
    Generation,
    Kind,
    Operation,
    Parameter,
    Place,
    Shape,
    Verb,
)

_SHAPES = "shapes.json"
_PLACES = {str(place): place for place in Place}
_KINDS = {str(kind): kind for kind in Kind}
_CONTEXT = (
    AccountPlace(Place.HEADER, "Stripe-Account"),
    AccountPlace(Place.HEADER, "Stripe-Context"),
)


def read_operations() -> tuple[str, tuple[Operation, ...]]:
    """Return Stripe's API version and every operation, sorted by namespace."""
    texts = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in (files(__package__) / "data").iterdir()
        if entry.name.endswith(".json")
    }
    common = json.loads(texts.pop(_SHAPES))
    builder = _Builder(common["shapes"])
    operations = tuple(
        _operation(name.removesuffix(".json"), told, builder)
        for name in sorted(texts)
        for told in json.loads(texts[name])
    )
    return common["version"], operations


def _operation(namespace: str, told: Mapping[str, Any], builder: "_Builder") -> Operation:
    named = (each.partition(".") for each in told["accounts"])
    return Operation(
        namespace=namespace,
        name=told["name"],
        resource=told["resource"],
        verb=Verb(told["verb"]),
        generation=Generation(told["generation"]),
        method=told["method"],
        path=told["path"],
        body=BodyKind(told["body"]),
        summary=told["summary"],
        description=told["description"],
        parameters=tuple(builder.parameters(told["parameters"], None)),
        permission=told["permission"],
        answers=told["answers"],
        accounts=(*(AccountPlace(_PLACES[place], name) for place, _, name in named), *_CONTEXT),
    )


class _Builder:
    """Builds shapes, those that are shared only once for each place."""

    def __init__(self, shared: Mapping[str, Mapping[str, Any]]) -> None:
        self._shared = shared
        self._built: dict[tuple[str, Place], Shape] = {}

    def parameters(
        self, told: Mapping[str, Mapping[str, Any]], place: Place | None
    ) -> Iterator[Parameter]:
        """Yield arguments, each at its own place, or members, which all travel where they stand."""
        for name, each in told.items():
            where = place or _PLACES[each["place"]]
            yield Parameter(
                name, where, self._shape(each, where), each["about"], each.get("required", False)
            )

    def _shape(self, told: Mapping[str, Any], place: Place) -> Shape:
        name = told.get("shape")
        if name is None:
            return self._new_shape(told, place)
        built = self._built.get((name, place))
        if built is None:
            built = self._built[name, place] = self._new_shape(self._shared[name], place)
        return built

    def _new_shape(self, told: Mapping[str, Any], place: Place) -> Shape:
        items = told.get("items")
        return Shape(
            kind=_KINDS[told["kind"]],
            enum=tuple(told.get("enum", ())),
            members=tuple(self.parameters(told.get("members", {}), place)),
            items=None if items is None else self._shape(items, place),
            is_clearable=told.get("clearable", False),
            others=tuple(self._shape(each, place) for each in told.get("others", ())),
        )
