"""Write the generated parts of the documentation from the code; `--check` only says what is stale.

A generated part stands between two comments in a page: `<!-- generated: NAME -->` and
`<!-- end of generated -->`. Everything around it is written by hand.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from aboard.api.creators import errors as creators
from aboard.api.organizations import errors as organizations
from aboard.core import errors
from aboard.sandbox.control import CONTROLS
from aboard.sandbox.routes import ROUTES
from aboard.settings import NAMES, PREFIX, Name

ROOT = Path(__file__).parents[1]
_PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end of generated -->)", re.DOTALL)


def settings_table() -> Iterator[str]:
    """Yield one row for each setting, in the order of the code."""
    yield "| name | default | meaning |"
    yield "|---|---|---|"
    for name in NAMES:
        yield f"| `{PREFIX}{name.name}` | {_default(name)} | {_meaning(name)} |"


def errors_table() -> Iterator[str]:
    """Yield one row for each fact, in the order of the code."""
    yield "| code | fact | meaning |"
    yield "|---|---|---|"
    for fact in facts():
        meaning = (inspect.getdoc(fact) or "").partition("\n")[0]
        yield f"| `{fact.code}` | `{fact.__name__}` | {meaning} |"


def creators_errors_table() -> Iterator[str]:
    """Yield one row for each answer that the creators API has for a fact."""
    yield "| status | `i18nKey` | `code` | facts |"
    yield "|---|---|---|---|"
    known: dict[tuple[int, str, str], list[str]] = {}
    for fact, row in creators.TABLE.items():
        known.setdefault((row.status, row.key, row.code or row.key), []).append(fact.code)
    for row in creators.SITUATIONS.values():
        known.setdefault((row.status, row.key, row.code or row.key), [])
    for (status, key, code), names in sorted(known.items()):
        shown = "the key" if code == key else f"`{code}`"
        yield f"| {status} | `{key}` | {shown} | {_listed(names)} |"


def organizations_errors_table() -> Iterator[str]:
    """Yield one row for each answer that the organizations API has for a fact."""
    yield "| status | `code` | `message` | facts |"
    yield "|---|---|---|---|"
    known: dict[tuple[int, str, str], list[str]] = {}
    for fact, row in organizations.TABLE.items():
        known.setdefault((row.status, row.code, row.message), []).append(fact.code)
    for row in organizations.SITUATIONS.values():
        known.setdefault((row.status, row.code, row.message), [])
    for (status, code, message), names in sorted(known.items()):
        yield f"| {status} | `{code}` | {message} | {_listed(names)} |"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def sandbox_operations_table() -> Iterator[str]:
    """Yield one row for each path of the sandbox's API, with its methods."""
    methods: dict[str, list[str]] = {}
    for route in ROUTES:
        methods.setdefault(route.template, []).append(route.method)
    yield "| path | methods |"
    yield "|---|---|"
    for path, names in methods.items():
        yield f"| `{path}` | {', '.join(names)} |"


def sandbox_control_table() -> Iterator[str]:
    """Yield one row for each thing that can be looked at or done under `/_sandbox/`."""
    yield "| request | parameters | what it does |"
    yield "|---|---|---|"
    for one in CONTROLS:
        params = ", ".join(f"`{name}`" for name in sorted(one.params.kinds))
        meaning = (inspect.getdoc(one.handler) or "").partition("\n")[0]
        yield f"| `{one.method} {one.template}` | {params} | {meaning} |"


def facts() -> Iterator[type[errors.AboardError]]:
    """Yield every class of the errors' tree except its root, in the order of the code."""
    for value in vars(errors).values():
        if (
            isinstance(value, type)
            and issubclass(value, errors.AboardError)
            and value is not errors.AboardError
        ):
            yield value


def _default(name: Name) -> str:
    return "" if name.default is None else f"`{name.default}`"


def _meaning(name: Name) -> str:
    also = " A secret: may come from a file." if name.secret else ""
    return f"{name.help}{also}".replace("|", "\\|")


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "creators_errors": creators_errors_table,
    "organizations_errors": organizations_errors_table,
    "errors": errors_table,
    "sandbox_control": sandbox_control_table,
    "sandbox_operations": sandbox_operations_table,
    "settings": settings_table,
}


def written(text: str) -> str:
    """Return a page with its generated parts written anew."""
    return _PART.sub(
        lambda part: "\n".join([part[1].rstrip("\n"), *PARTS[part[2]](), part[3]]), text
    )


def main() -> int:
    """Write the pages, or with `--check` name the stale ones and return 1."""
    stale = []
    for page in sorted((ROOT / "docs").rglob("*.md")):
        before = page.read_text(encoding="utf-8")
        after = written(before)
        if after != before:
            stale.append(page.relative_to(ROOT).as_posix())
            if "--check" not in sys.argv:
                page.write_text(after, encoding="utf-8")
    word = "stale, run make docs" if "--check" in sys.argv else "written"
    sys.stdout.writelines(f"{name}: {word}\n" for name in stale)
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
