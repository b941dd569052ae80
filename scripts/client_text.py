"""How do words, shapes and methods read as Python? Source text, formatted by whoever writes it."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from client_model import Described, Method, Shape, snake

_LINE: Final = 100
_QUOTES: Final = '""""""'
_WIDTH: Final = 88
_ITEM: Final = re.compile(r"(?:[0-9]+\.|[-*]) ")
_LONGEST_DOC_LINES: Final = 24
_WRITTEN: Final = "Written from the service's description by `make client-python`; not by hand."


def files_of(described: Described) -> Mapping[str, str]:
    """Return the source of each file, by its name."""
    parts = sorted({method.part for method in described.methods})
    files = {
        "__init__.py": _module("What does the service say of itself? Its words, shapes, calls.")
    }
    files["words.py"] = _words_file(described)
    for group in sorted({group for each in described.shapes.values() for group in each.used_by}):
        shapes = [each for each in described.shapes.values() if each.used_by == {group}]
        question = f"What does `{group}` answer?"
        files[f"{group}_shapes.py"] = _shapes_file(question, shapes, described)
    shared = [each for each in described.shapes.values() if len(each.used_by) > 1]
    if shared:
        files["shapes.py"] = _shapes_file("What do several groups answer?", shared, described)
    for part in parts:
        methods = [each for each in described.methods if each.part == part]
        files[f"{part}_operations.py"] = _operations_file(part, methods, described)
        files[f"{part}_calls.py"] = _calls_file(part, methods, described, is_async=False)
        files[f"{part}_calls_async.py"] = _calls_file(part, methods, described, is_async=True)
    files["groups.py"] = _groups_file(described)
    return files


def _module(question: str) -> str:
    return f'"""{question}\n\n{_WRITTEN}\n"""\n\n'


def _words_file(described: Described) -> str:
    lines = [
        _module("Which words may a field have? Lists that may grow."),
        "from typing import Literal, TypeAlias\n\nfrom aboard.client.answers import Word\n",
    ]
    for words in sorted(described.words.values(), key=lambda each: each.name):
        lines.append(
            f"\n\nclass {words.name}(Word):\n{_doc(words.doc, 'Words of the service.', 4)}\n"
        )
        lines += [f"    {_constant(word)} = {word!r}\n" for word in words.words]
        if words.name in described.asked_words:
            given = ", ".join(repr(word) for word in words.words)
            lines.append(f"\n\n{words.name}Name: TypeAlias = {words.name} | Literal[{given}]\n")
    return "".join(lines)


def _shapes_file(question: str, shapes: Iterable[Shape], described: Described) -> str:
    text = "".join(_shape(each, described.methods) for each in _inner_first(list(shapes)))
    head = "from datetime import datetime\nfrom typing import Any\n\nimport msgspec\n\n"
    head += "from aboard.client.answers import Answer\n"
    head += _imports(described, text, but={each.name for each in shapes})
    return _module(question) + head + text


def _inner_first(shapes: list[Shape]) -> Iterator[Shape]:
    """Yield each shape after those it holds."""
    waiting = {each.name: each for each in shapes}
    while waiting:
        ready = [
            each
            for each in waiting.values()
            if not any(
                name in waiting and name != each.name
                for inner in each.fields
                for name in re.findall(r"\w+", inner.kind)
            )
        ]
        for each in ready or list(waiting.values())[:1]:
            yield waiting.pop(each.name)


def _shape(shape: Shape, methods: Iterable[Method]) -> str:
    base = "Answer" if shape.is_whole else "msgspec.Struct"
    names = [f"`{each.group}.{each.name}`" for each in methods if each.shape == shape.name]
    told = f"What {' and '.join(names)} answers" if names else f"{_spoken(shape.name)} of an answer"
    lines = [f'\n\nclass {shape.name}({base}, frozen=True, kw_only=True, rename="camel"):\n']
    lines.append(_doc(shape.doc or told, f"{_spoken(shape.name)} of an answer.", 4) + "\n")
    for each in shape.fields:
        is_optional = not each.is_required or "None" in each.kind
        kind = each.kind if not is_optional or "None" in each.kind else f"{each.kind} | None"
        if _camel(each.name) != each.wire:
            default = ", default=None" if is_optional else ""
            lines.append(f"    {each.name}: {kind} = msgspec.field(name={each.wire!r}{default})\n")
        else:
            lines.append(f"    {each.name}: {kind}{' = None' if is_optional else ''}\n")
        if each.doc:
            lines.append(_doc(each.doc, "", 4) + "\n")
    if shape.has_source_header:
        lines += [
            "\n    @property\n    def source(self) -> Source:\n",
            '        """Return whether Stripe says this now, or it was stored before."""\n',
            '        return Source(self.meta.facts.get("x-status-source", "stored"))\n',
        ]
    return "".join(lines)


def _operations_file(part: str, methods: Iterable[Method], described: Described) -> str:
    lines = []
    for each in methods:
        extra = f", query={each.query!r}" if each.query else ""
        extra += f", body={each.body!r}" if each.body is not None else ""
        extra += "".join(f", {flag}=True" for flag in each.flags)
        lines.append(
            f"\n{_constant(each.name)}: Final = "
            f'Operation("{each.http}", "{each.path}", {each.shape}{extra})\n'
        )
    text = "".join(lines)
    head = "from typing import Final\n\nfrom aboard.client.answers import Done\n"
    head += "from aboard.client.operation import Operation\n"
    question = f"Where is each operation of `{part}`, and what does it take?"
    return _module(question) + head + _imports(described, text) + text


def _calls_file(
    part: str, methods: Iterable[Method], described: Described, *, is_async: bool
) -> str:
    kind = "Async" if is_async else ""
    text = f"\n\nclass {kind}{_title(part)}Calls({kind}Calls):\n"
    text += f'    """The operations of `{part}`: each raises `CallFailed`, or a kind of it."""\n'
    text += "".join(_method(each, is_async=is_async) for each in methods)
    head = "from collections.abc import Mapping, Sequence\nfrom datetime import datetime\n"
    head += "from typing import Any, Literal\n\nfrom msgspec import UNSET, UnsetType\n\n"
    head += (
        f"from aboard.client.answers import Done\nfrom aboard.client.asking import {kind}Calls\n"
    )
    head += f"from aboard.client.described import {part}_operations as operations\n"
    head += "from aboard.core.secret import Secret\n"
    how = " in an event loop" if is_async else ""
    question = f"How are the operations of `{part}` called{how}?"
    return _module(question) + head + _imports(described, text) + text


def _method(method: Method, *, is_async: bool) -> str:
    needed = [f"{each.name}: {each.kind}" for each in method.positional]
    named = [
        f"{each.name}: {each.kind}"
        if each.is_required
        else f"{each.name}: {_left_open(each.kind)} = UNSET"
        for each in method.arguments
    ]
    given = [each.name for each in (*method.positional, *method.arguments)]
    if "is_keyed" in method.flags:
        named.append("idempotency_key: str | UnsetType = UNSET")
        given.append("idempotency_key")
    signature = ", ".join(["self", *needed, *(["*", *named] if named else [])])
    passed = "".join(f", {name}={name}" for name in given)
    notes = [
        f"`{each.name}`: {each.doc[0].lower()}{each.doc[1:]}"
        for each in (*method.positional, *method.arguments)
        if each.doc
    ]
    doc = _doc(method.doc, f"Call {method.http} {method.path}.", 8, notes)
    define, wait = ("async def", "await ") if is_async else ("def", "")
    return (
        f"\n    {define} {method.name}({signature}) -> {method.shape}:\n{doc}\n"
        f"        return {wait}self._ask(operations.{_constant(method.name)}{passed})\n"
    )


def _left_open(kind: str) -> str:
    """Return the annotation of an argument that may be left out."""
    words = kind.split(" | ")
    return " | ".join([*(word for word in words if word != "None"), "UnsetType"]) + (
        " | None" if "None" in words else ""
    )


def _groups_file(described: Described) -> str:
    groups: dict[str, list[str]] = {}
    for method in described.methods:
        parts = groups.setdefault(method.group, [])
        if method.part not in parts:
            parts.append(method.part)
    lines = ["from aboard.client.asking import Ask, AskAsync\n"]
    for part in sorted(part for parts in groups.values() for part in parts):
        module = f"aboard.client.described.{part}_calls"
        lines.append(f"from {module} import {_title(part)}Calls\n")
        lines.append(f"from {module}_async import Async{_title(part)}Calls\n")
    for kind in ("", "Async"):
        for group, parts in sorted(groups.items()):
            bases = ", ".join(f"{kind}{_title(part)}Calls" for part in parts)
            lines.append(f"\n\nclass {kind}{_title(group)}({bases}):\n")
            lines.append(f'    """Everything about `{group}`."""\n')
        ask = "AskAsync" if kind else "Ask"
        lines.append(f'\n\nclass {kind}Groups:\n    """All groups of operations."""\n')
        lines.append(f"\n    def __init__(self, ask: {ask}) -> None:\n")
        lines.append('        """Give every group who asks."""\n')
        lines += [
            f"        self.{group} = {kind}{_title(group)}(ask)\n" for group in sorted(groups)
        ]
    return _module("Which groups of operations has a client?") + "".join(lines)


def _imports(described: Described, text: str, but: Iterable[str] = ()) -> str:
    """Return the imports of the words, shapes and secrets that a text names."""
    named = set(re.findall(r"\w+", text)) - set(but)
    words = {name for each in described.words for name in (each, f"{each}Name")} & named
    lines = [f"from aboard.client.described.words import {', '.join(sorted(words))}\n"] * bool(
        words
    )
    for shape in sorted(named & described.shapes.keys()):
        groups = described.shapes[shape].used_by
        file = f"{next(iter(groups))}_shapes" if len(groups) == 1 else "shapes"
        lines.append(f"from aboard.client.described.{file} import {shape}\n")
    lines += ["from aboard.core.links import BearerUrl\n"] * ("BearerUrl" in named)
    lines += ["from aboard.core.secret import Secret\n"] * ("Secret" in named)
    return "".join(lines)


def _doc(doc: str, otherwise: str, indent: int, notes: Iterable[str] = ()) -> str:
    """Return a docstring: one line, then the rest, both within the house's width."""
    paragraphs = [_unbroken(each) for each in doc.replace("**", "").split("\n\n") if each.strip()]
    width = _LINE - indent - len(_QUOTES)
    first = paragraphs.pop(0) if paragraphs and len(paragraphs[0]) <= width else otherwise
    if not first:
        first, *rest = textwrap.wrap(paragraphs.pop(0), width, break_on_hyphens=False)
        paragraphs[:0] = [" ".join(rest)] if rest else []
    lines: list[str] = []
    for paragraph in (*paragraphs, *notes):
        wrapped = [
            piece
            for line in paragraph.split("\n")
            for piece in textwrap.wrap(
                line,
                _WIDTH,
                break_on_hyphens=False,
                subsequent_indent="   " if _ITEM.match(line) else "",
            )
        ]
        if len(lines) + len(wrapped) < _LONGEST_DOC_LINES:
            lines += ["", *wrapped]
    first = first if first[-1] in ".?!" else f"{first}."
    body = "\n".join([first, *lines, *([""] if lines else [])]).replace('"""', "'''")
    raw = "r" if "\\" in body else ""
    return textwrap.indent(f'{raw}"""{body}"""', " " * indent, lambda line: bool(line.strip()))


def _unbroken(paragraph: str) -> str:
    """Return a paragraph as one line, or with a line for each item of a list."""
    lines: list[str] = []
    for line in paragraph.strip().splitlines():
        if lines and not _ITEM.match(line.strip()):
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.strip())
    return "\n".join(" ".join(line.split()) for line in lines)


def _constant(word: str) -> str:
    return snake(re.sub(r"\W+", "_", word) if not word.isupper() else word.lower()).upper()


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _spoken(name: str) -> str:
    return snake(name).replace("_", " ").capitalize()
