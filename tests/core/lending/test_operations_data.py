"""Is the committed data what the script makes, and does it agree with Stripe's own description?"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.operations import Generation, Kind, Operation, Parameter, Place, Shape
from tests.house.tree import ROOT
from tests.sandbox.operations.oracle import OPERATIONS as DESCRIBED
from tests.sandbox.operations.oracle import needs_oracle

PROSE = ROOT / "scripts" / "operation_words"
LONGEST_SHARED_WORDS = 12


def test_the_data_is_what_the_script_makes_of_the_installed_sdk() -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, ROOT / "scripts" / "write_operations.py", "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "")


def described() -> dict[tuple[str, str], Any]:
    return {(each["method"], each["path"]): each for each in json.loads(DESCRIBED.read_text())}


@needs_oracle
def test_it_knows_the_operations_that_stripe_describes() -> None:
    assert {(each.method, each.path) for each in all_operations()} == described().keys()


@needs_oracle
@pytest.mark.parametrize("operation", all_operations(), ids=lambda each: each.id)
def test_it_agrees_with_stripes_description(operation: Operation) -> None:
    told = described()[operation.method, operation.path]["params"]
    known = {each.name: each for each in operation.parameters if each.place is not Place.PATH}
    if operation.generation is Generation.V2 and operation.name == "list":
        assert known.pop("page").shape.kind is Kind.STRING  # told in prose, in no type
    assert [*differences(known, told, operation.id)] == []


def differences(
    known: dict[str, Parameter], told: dict[str, Any], way: str
) -> Iterator[tuple[str, object, object]]:
    if known.keys() != told.keys():
        yield way, sorted(known), sorted(told)
        return
    for name, one in known.items():
        if one.is_required is not told[name]["required"]:
            yield f"{way}.{name}", one.is_required, told[name]["required"]
        yield from shape_differences(one.shape, told[name], f"{way}.{name}")


KINDS = {
    "str": {Kind.STRING, Kind.TIMESTAMP},
    "int": {Kind.INTEGER, Kind.TIMESTAMP},
    "float": {Kind.NUMBER},
    "bool": {Kind.BOOLEAN},
    "enum": {Kind.STRING},
    "array": {Kind.ARRAY},
    "object": {Kind.OBJECT},
    "map": {Kind.MAP},
    "Any": {Kind.FILE},
    "ref": {Kind.STRING, Kind.OBJECT},  # an amount, or a number with all its digits
}


def shape_differences(
    known: Shape, told: dict[str, Any], way: str
) -> Iterator[tuple[str, object, object]]:
    choices = told["of"] if told["type"] == "oneOf" else [told]
    choices = [each for each in choices if not each["type"].startswith("Untyped")]
    if len(choices) != 1 + len(known.others):
        yield way, len(known.others), choices
        return
    clears = any(each.get("emptyable") or each.get("nullable") for each in [told, *choices])
    if known.is_clearable is not clears:
        yield way, known.is_clearable, told
    for one, each in zip([known, *known.others], choices, strict=True):
        if one.kind not in KINDS[each["type"]]:
            yield way, one.kind, each["type"]
        elif each["type"] == "enum" and {*one.enum} != {*each["values"]}:
            yield way, one.enum, each["values"]
        elif each["type"] == "object":
            members = {member.name: member for member in one.members}
            yield from differences(members, each["fields"], way)
        elif one.items is not None:
            yield from shape_differences(one.items, each.get("items") or each["values"], way)


@needs_oracle
def test_no_sentence_is_stripes() -> None:
    """Compare runs of words: a run of a dozen in common would be a sentence taken over."""
    theirs: set[tuple[str, ...]] = set()
    for each in described().values():
        theirs.update(runs(each["doc"]))
        theirs.update(run for text in prose(each["params"]) for run in runs(text))
    ours = [each.description for each in all_operations()]
    ours += [path.read_text(encoding="utf-8") for path in PROSE.glob("*.toml")]
    assert [" ".join(run) for text in ours for run in runs(text) if run in theirs] == []


def prose(told: object) -> Iterator[str]:
    if isinstance(told, dict):
        for name, inner in told.items():
            if name == "doc" and isinstance(inner, str):
                yield inner
            else:
                yield from prose(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from prose(inner)


def runs(text: str) -> Iterator[tuple[str, ...]]:
    words = text.lower().split()
    for start in range(len(words) - LONGEST_SHARED_WORDS + 1):
        yield tuple(words[start : start + LONGEST_SHARED_WORDS])
