"""Write the gateway's catalogue of operations: the installed SDK's structure and our own words.

`make operations` writes `src/aboard/core/lending/catalogue/data`; `--check`
only says what is stale. Stripe's prose goes nowhere near it: `operation_words` holds ours.
"""

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from operation_wording import FOLDER, OPERATIONS, Wording
from sdk_operations import VERSION, Described, Tree, read_service

TARGET = Path(__file__).parents[1] / "src/aboard/core/lending/catalogue/data"
_NO_WORDS = frozenset({"service", "resource", "permissions"})
_WORTH_SHARING = 60  # characters
_PATH_NAME = re.compile(r"{(\w+)}")
# The SDK follows the addresses of further pages as they are, and so has no parameter for them.
_PAGE = {"kind": "string"}
_VERBS = {"list": "read", "create": "create", "delete": "delete"}


def build() -> dict[str, str]:
    """Return the text of each data file by its name."""
    words = tomllib.loads((FOLDER / OPERATIONS).read_text(encoding="utf-8"))
    wording = Wording()
    files: dict[str, list[Tree]] = {}
    for namespace, told in words.items():
        found = {each.name: each for each in read_service(told["service"])}
        named = [name for name in told if name not in _NO_WORDS]
        if found.keys() != set(named):
            raise SystemExit(f"{namespace}: {sorted(found.keys() ^ set(named))} on one side only")
        files[namespace] = [_operation(namespace, told, found[name], wording) for name in named]
    if unused := wording.unused():
        raise SystemExit(f"words that describe nothing: {', '.join(unused)}")
    shared = _share([each["parameters"] for listed in files.values() for each in listed])
    texts = {f"{name}.json": _lines(listed) for name, listed in files.items()}
    return {**texts, "shapes.json": _shapes(shared)}


def _operation(namespace: str, told: Mapping[str, Any], found: Described, wording: Wording) -> Tree:
    summary, description, *extras = told[found.name]
    resource = told.get("resource", namespace)
    generation = found.path.split("/")[1]
    verb = "read" if found.method == "GET" else _VERBS.get(found.name, "update")
    level = "read" if verb == "read" else "write"
    parameters = {
        name: {"kind": "string", "required": True, "place": "path"}
        for name in _PATH_NAME.findall(found.path)
    }
    place = "body" if found.method == "POST" else "query"
    parameters |= {name: {**tree, "place": place} for name, tree in found.parameters.items()}
    if found.name == "list" and generation == "v2":
        parameters["page"] = {**_PAGE, "place": "query"}
    named = extras[0]["accounts"] if extras else ()
    accounts = [
        f"path.{name}" for name in _PATH_NAME.findall(found.path) if _is_account(name, found)
    ]
    return {
        "name": found.name,
        "resource": resource,
        "verb": verb,
        "generation": generation,
        "method": found.method,
        "path": found.path,
        "body": _body_kind(found, generation),
        "summary": summary,
        "description": description,
        "permission": told["permissions"].get(level, "unknown"),
        "answers": found.answers,
        "accounts": [*accounts, *(f"{place}.{name}" for name in named)],
        "parameters": {
            name: _worded(tree, (namespace, found.name), (name,), wording)
            for name, tree in parameters.items()
        },
    }


def _is_account(name: str, found: Described) -> bool:
    return name in {"account", "account_id"} or found.path.startswith("/v2/core/accounts/{id}")


def _body_kind(found: Described, generation: str) -> str:
    if found.base == "files":
        return "multipart"
    if found.method != "POST":
        return "none"
    return "json" if generation == "v2" else "form"


def _worded(tree: Tree, operation: tuple[str, str], way: tuple[str, ...], wording: Wording) -> Tree:
    """Return one parameter with its description, and all that lies in it with theirs."""
    about = wording.describe(operation, way)
    return {"about": about, **_worded_shape(tree, operation, way, wording)}


def _worded_shape(
    tree: Tree, operation: tuple[str, str], way: tuple[str, ...], wording: Wording
) -> Tree:
    found = dict(tree)
    if "members" in tree:
        found["members"] = {
            name: _worded(inner, operation, (*way, name), wording)
            for name, inner in tree["members"].items()
        }
    if "items" in tree:
        found["items"] = _worded_shape(tree["items"], operation, way, wording)
    if "others" in tree:
        found["others"] = [_worded_shape(each, operation, way, wording) for each in tree["others"]]
    return found


def _share(calls: list[dict[str, Tree]]) -> dict[str, Tree]:
    """Put each shape that stands in several places in one, and its name where it stood.

    Inner shapes come before outer ones, so that each names only what was put away already.
    """
    counted: Counter[str] = Counter()
    for call in calls:
        for name, tree in call.items():
            for _, inner in _within(name, tree):
                counted[_core_text(inner)] += 1
    shared: dict[str, tuple[str, Tree]] = {}
    for call in calls:
        for name, tree in call.items():
            call[name] = _shared(name, tree, counted, shared)
    return dict(shared.values())


def _within(name: str, tree: Tree) -> Iterator[tuple[str, Tree]]:
    for inner_name, inner in tree.get("members", {}).items():
        yield from _within(inner_name, inner)
    for inner in (*tree.get("others", ()), *([tree["items"]] if "items" in tree else ())):
        yield from _within(name, inner)
    yield name, tree


_OUTSIDE = ("about", "place", "required")


def _core(tree: Tree) -> Tree:
    return {key: value for key, value in tree.items() if key not in _OUTSIDE}


def _core_text(tree: Tree) -> str:
    return json.dumps(_core(tree), sort_keys=True)


def _shared(
    name: str, tree: Tree, counted: Counter[str], shared: dict[str, tuple[str, Tree]]
) -> Tree:
    text = _core_text(tree)
    outside = {key: tree[key] for key in _OUTSIDE if key in tree}
    if text in shared:
        return {**outside, "shape": shared[text][0]}
    core = _core(tree)
    if "members" in core:
        core["members"] = {
            inner: _shared(inner, each, counted, shared) for inner, each in core["members"].items()
        }
    if "items" in core:
        core["items"] = _shared(name, core["items"], counted, shared)
    if "others" in core:
        core["others"] = [_shared(name, each, counted, shared) for each in core["others"]]
    if counted[text] > 1 and len(text) > _WORTH_SHARING:
        taken = {known for known, _ in shared.values()}
        label = next(
            each
            for each in (name, *(f"{name}_{number}" for number in range(2, 99)))
            if each not in taken
        )
        shared[text] = (label, core)
        return {**outside, "shape": label}
    return {**outside, **core}


def _lines(listed: list[Tree]) -> str:
    """Write operations so that a change of one parameter changes one line."""
    written = []
    for each in listed:
        rows = [
            f"   {json.dumps(name)}: {json.dumps(tree, ensure_ascii=False)}"
            for name, tree in each["parameters"].items()
        ]
        fields = [
            f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in each.items()
            if key != "parameters"
        ]
        inner = "{\n" + ",\n".join(rows) + "\n  }" if rows else "{}"
        written.append(" {\n" + ",\n".join([*fields, f'  "parameters": {inner}']) + "\n }")
    return "[\n" + ",\n".join(written) + "\n]\n"


def _shapes(shared: Mapping[str, Tree]) -> str:
    rows = [
        f"  {json.dumps(name)}: {json.dumps(tree, ensure_ascii=False)}"
        for name, tree in shared.items()
    ]
    return f'{{\n "version": "{VERSION}",\n "shapes": {{\n' + ",\n".join(rows) + "\n }\n}\n"


def main() -> int:
    """Write the files, or with `--check` name the stale ones and return 1."""
    wanted = build()
    there = {path.name: path.read_text(encoding="utf-8") for path in TARGET.glob("*.json")}
    stale = sorted(
        name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)
    )
    is_check = "--check" in sys.argv
    for name in () if is_check else stale:
        if name in wanted:
            (TARGET / name).write_text(wanted[name], encoding="utf-8")
        else:
            (TARGET / name).unlink()
    word = "stale, run make operations" if is_check else "written"
    sys.stdout.writelines(f"{name}: {word}\n" for name in stale)
    return int(bool(stale) and is_check)


if __name__ == "__main__":
    sys.exit(main())
