"""Is the code honest? No mocks, no stubs, no silent exceptions to a rule, no opened secrets."""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, SOURCE, kept, name_of, parsed

MOCK_NAMES = {"AsyncMock", "MagicMock", "Mock", "PropertyMock", "create_autospec", "mocker"}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
EXCEPTION_TO_A_RULE = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma)\b.*")
# A code, and after it a reason of at least two words.
WITH_REASON = re.compile(
    r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])[\s(#-]+\S+\s+\S+.*"
)
LOG_METHODS = {"critical", "debug", "error", "exception", "info", "log", "warning"}


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))


def comments(path: Path, worth: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield a file's comments with their lines, if there is anything in it that is worth it."""
    if not worth.search(path.read_text(encoding="utf-8")):
        return
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def words(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr
        elif isinstance(each, ast.arg):
            yield each.arg
        elif isinstance(each, ast.Import):
            yield from (alias.name for alias in each.names)
        elif isinstance(each, ast.ImportFrom):
            yield each.module or ""
            yield from (f"{each.module}.{alias.name}" for alias in each.names)


def test_no_mocks() -> None:
    assert not {
        f"{name_of(path)}: {word}"
        for path in (*kept(ROOT / "tests", ".py"), *kept(ROOT / "benchmarks", ".py"))
        for word in words(parsed(path))
        if word in MOCK_NAMES or word.startswith(("unittest.mock", "mock."))
    }


def names_of_ours(path: Path) -> set[str]:
    """Return the names in a test file that stand for something imported from `aboard`."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).partition(".")[0] == "aboard"
    }


def reaches_in(call: ast.Call, ours: set[str]) -> bool:
    """Say whether a call is `setattr` or `delattr` of a fixture on something of ours."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in {"setattr", "delattr"}):
        return False
    target = call.args[0] if call.args else call
    if isinstance(target, ast.Constant):
        return str(target.value).startswith("aboard")
    while isinstance(target, ast.Attribute):
        target = target.value
    return isinstance(target, ast.Name) and target.id in ours


def test_no_test_reaches_into_our_modules() -> None:
    assert not [
        f"{name_of(path)}:{call.lineno}"
        for path in kept(ROOT / "tests", ".py")
        for ours in [names_of_ours(path)]
        for call in calls(path)
        if reaches_in(call, ours)
    ]


def test_nothing_is_left_unfinished() -> None:
    assert not [
        f"{name_of(path)}:{number}: {comment}"
        for path in kept(ROOT, ".py")
        for number, comment in comments(path, UNFINISHED)
        if UNFINISHED.search(comment)
    ]
    assert not [
        name_of(path)
        for path in kept(SOURCE, ".py")
        if "NotImplementedError" in set(words(parsed(path)))
    ]


def test_every_exception_to_a_rule_has_a_code_and_a_reason() -> None:
    assert not [
        f"{name_of(path)}:{number}: {found.group()}"
        for path in kept(ROOT, ".py")
        for number, comment in comments(path, EXCEPTION_TO_A_RULE)
        if (found := EXCEPTION_TO_A_RULE.search(comment)) and not WITH_REASON.match(found.group())
    ]


def is_log_call(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in LOG_METHODS


def test_no_secret_is_opened_where_it_would_be_seen() -> None:
    """A `reveal()` inside a log call, a formatted string or a raised exception is a leak."""
    seen: list[str] = []
    for path in kept(SOURCE, ".py"):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(parsed(path)):
            shows = (
                (isinstance(node, ast.Call) and is_log_call(node))
                or isinstance(node, ast.Raise)
                or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print")
            )
            if shows and "reveal" in set(words(node)):
                seen.append(f"{name_of(path)}:{getattr(node, 'lineno', 0)}")
    assert not seen
