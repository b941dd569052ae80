"""Write the generated parts of the documentation from the code; `--check` only says what is stale.

A generated part stands between two comments in a page: `<!-- generated: NAME -->` and
`<!-- end of generated -->`. Everything around it is written by hand.
"""

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args, get_type_hints

from gateway_pages import cookbook_table as gateway_cookbook_table
from gateway_pages import operations_table as gateway_operations_table
from litestar import Router
from operation_pages import find_part

from aboard.api.description import describe
from aboard.api.envelope import errors as envelope
from aboard.api.organizations import errors as organizations
from aboard.api.organizations.connections import ConnectionsApi
from aboard.api.organizations.doors import DoorsApi
from aboard.api.organizations.examples import SHOWCASE
from aboard.cli.commands import sandbox
from aboard.core import errors, errors_identity, errors_kyc
from aboard.core.lending.refusals import RULINGS, RefusalCode
from aboard.flows.platform import Platform
from aboard.operations.catalogue import FIGURES
from aboard.sandbox.account import Value
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.control import CONTROLS
from aboard.sandbox.magic import BAD_PAPERS, BANK_FAILURES, COMPANY_RULES, PERSON_RULES, Rule
from aboard.sandbox.routes import all_routes
from aboard.sandbox.scenarios import SCENARIOS
from aboard.sandbox.sources import CARDS, TOKENS
from aboard.settings import NAMES, PREFIX, Name

ROOT = Path(__file__).parents[1]
_PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end of generated -->)", re.DOTALL)


def settings_table() -> Iterator[str]:
    """Yield one row for each setting, in the order of the code."""
    yield "| name | default | meaning |"
    yield "|---|---|---|"
    for name in NAMES:
        yield f"| `{PREFIX}{name.name}` | {_default(name)} | {_meaning(name)} |"


def metrics_table() -> Iterator[str]:
    """Yield one row for each metric, in the order of the catalogue."""
    yield "| name | kind | labels | meaning |"
    yield "|---|---|---|---|"
    for figure in FIGURES:
        labels = ", ".join(f"`{label}`" for label in figure.labels)
        yield f"| `{figure.name}` | {figure.kind} | {labels} | {figure.help} |"


def refusals_table() -> Iterator[str]:
    """Yield one row for each way in which a call through the gateway can be refused."""
    yield "| code | status | type | what to do |"
    yield "|---|---|---|---|"
    for code in RefusalCode:
        ruling = RULINGS[code]
        yield f"| `{code}` | {ruling.status} | `{ruling.kind}` | {ruling.message} |"


def errors_table() -> Iterator[str]:
    """Yield one row for each fact, in the order of the code."""
    yield "| code | fact | meaning |"
    yield "|---|---|---|"
    for fact in facts():
        meaning = (inspect.getdoc(fact) or "").partition("\n")[0]
        yield f"| `{fact.code}` | `{fact.__name__}` | {meaning} |"


def creators_errors_table() -> Iterator[str]:
    """Yield one row for each answer that the creators API has for a fact."""
    yield from _envelope_errors(is_sign_in=False)


def auth_errors_table() -> Iterator[str]:
    """Yield one row for each answer that signing in alone has for a fact."""
    yield from _envelope_errors(is_sign_in=True)


def _envelope_errors(*, is_sign_in: bool) -> Iterator[str]:
    yield "| status | `i18nKey` | `code` | facts |"
    yield "|---|---|---|---|"
    known: dict[tuple[int, str, str], list[str]] = {}
    for fact, row in envelope.TABLE.items():
        if (fact.__module__ == errors_identity.__name__) is not is_sign_in:
            continue
        known.setdefault((row.status, row.key, row.code or row.key), []).append(fact.code)
    for row in () if is_sign_in else envelope.SITUATIONS.values():
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
        if fact.__module__ == errors_identity.__name__:  # signing in speaks the envelope
            continue
        known.setdefault((row.status, row.code, row.message), []).append(fact.code)
    for row in organizations.SITUATIONS.values():
        known.setdefault((row.status, row.code, row.message), [])
    for (status, code, message), names in sorted(known.items()):
        yield f"| {status} | `{code}` | {message} | {_listed(names)} |"


def operation_example(operation_id: str) -> Iterator[str]:
    """Yield how one operation of the organizations API is asked with curl, and what it answers."""
    method, path, operation = _operations()[operation_id]
    asked = {parameter["name"] for parameter in operation.get("parameters", ())}
    address = f"$ABOARD{path}".replace("{organizationId}", "org_1").replace("{userId}", "user_2")
    (answer,) = (row for status, row in operation["responses"].items() if status < "300")
    shown = _example(answer) if "content" in answer else ""
    if "mode" in asked:
        address += "?mode=live" if '"mode": "live"' in shown else "?mode=test"
    lines = [f'curl -X {method} "{address}"', '-H "Authorization: Bearer $TOKEN"']
    if "Idempotency-Key" in asked:
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if "requestBody" in operation:
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d '{_example(operation['requestBody'])}'")
    yield "```bash"
    yield " \\\n  ".join(lines)
    yield "```"
    if shown:
        yield ""
        yield "```json"
        yield shown
        yield "```"


@cache
def _operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    platform = cast("Platform", None)  # nothing is asked: only the routes are read
    handlers = [*DoorsApi(platform).handlers(), *ConnectionsApi(platform).handlers()]
    routes = Router("/v1/connect/accounts", route_handlers=handlers)
    paths = json.loads(describe([routes], [SHOWCASE]))["paths"]
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


def _example(part: dict[str, Any]) -> str:
    (content,) = part["content"].values()
    return json.dumps(content["examples"]["example"]["value"], indent=2, ensure_ascii=False)


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def sandbox_operations_table() -> Iterator[str]:
    """Yield one row for each path of the sandbox's API, with its methods."""
    methods: dict[str, list[str]] = {}
    for route in all_routes():
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


def sandbox_flags_table() -> Iterator[str]:
    """Yield one row for each flag of `aboard sandbox`."""
    yield "| flag | default | meaning |"
    yield "|---|---|---|"
    kinds = get_type_hints(sandbox, include_extras=True)
    for name, parameter in inspect.signature(sandbox).parameters.items():
        kind, option = get_args(kinds[name])
        flag = (option.param_decls or (f"--{name.replace('_', '-')}",))[0]
        is_told = parameter.default not in {None, "", False}
        default = f"`{parameter.default}`" if is_told else ""
        value = "" if kind is bool else f" {name.upper().rpartition('_')[2]}"
        yield f"| `{flag}{value}` | {default} | {option.help} |"


def sandbox_scenarios_table() -> Iterator[str]:
    """Yield one row for each state in which an account can be made."""
    yield "| state | what is done to get there |"
    yield "|---|---|"
    for name, do in SCENARIOS.items():
        yield f"| `{name}` | {inspect.getdoc(do)} |"


def sandbox_checks_table() -> Iterator[str]:
    """Yield one row for each value that does not pass, with the error that it leads to."""
    yield "| field | value | `errors[].code` |"
    yield "|---|---|---|"
    rules: dict[str, Mapping[Value, Rule] | Mapping[str, Rule]] = {
        **{f"individual.{path}": by_value for path, by_value in PERSON_RULES.items()},
        **COMPANY_RULES,
        "documents.*.files": BAD_PAPERS,
    }
    for path, by_value in rules.items():
        for value, rule in by_value.items():
            yield f"| `{path}` | `{value}` | `{rule.code}` |"


def sandbox_cards_table() -> Iterator[str]:
    """Yield one row for each test card that does something, by what it does."""
    yield "| what happens | token | number |"
    yield "|---|---|---|"
    for number, card in CARDS.items():
        done = ["it is available at once"] if card.is_available_at_once else []
        done += [f"the account: {card.effect.replace('_', ' ')}"] if card.effect else []
        done += [f"`{card.refusal.decline_code or card.refusal.code}`"] if card.refusal else []
        names = [f"`{name}`" for name, of in TOKENS.items() if of == number]
        if done:
            yield f"| {', '.join(done)} | {', '.join(names)} | `{number}` |"


def sandbox_banks_table() -> Iterator[str]:
    """Yield one row for each country with test bank accounts to which payouts fail."""
    kinds = list(BANK_FAILURES["US"].values())
    yield f"| country | {' | '.join(f'`{kind}`' for kind in kinds)} |"
    yield "|---" * (len(kinds) + 1) + "|"
    for country, failures in BANK_FAILURES.items():
        cells = [
            ", ".join(f"`{number}`" for number, kind in failures.items() if kind == each)
            for each in kinds
        ]
        yield f"| {country} | {' | '.join(cells)} |"


def sandbox_countries_table() -> Iterator[str]:
    """Yield one row for each currency with the countries that have it as their default."""
    yield "| default currency | countries |"
    yield "|---|---|"
    by_currency: dict[str, list[str]] = {}
    for code, country in COUNTRIES.items():
        by_currency.setdefault(country.currency, []).append(code)
    for currency, codes in sorted(by_currency.items(), key=lambda row: (-len(row[1]), row[0])):
        yield f"| `{currency}` | {', '.join(codes)} |"


def facts() -> Iterator[type[errors.AboardError]]:
    """Yield every class of the errors' tree except its root, in the order of the code."""
    for part in (errors, errors_identity, errors_kyc):
        for value in vars(part).values():
            is_fact = isinstance(value, type) and issubclass(value, errors.AboardError)
            if is_fact and value.__module__ == part.__name__ and value is not errors.AboardError:
                yield value


def _default(name: Name) -> str:
    return "" if name.default is None else f"`{name.default}`"


def _meaning(name: Name) -> str:
    also = " A secret: may come from a file." if name.secret else ""
    return f"{name.help}{also}".replace("|", "\\|")


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "auth_errors": auth_errors_table,
    "creators_errors": creators_errors_table,
    "gateway_cookbook": gateway_cookbook_table,
    "gateway_operations": gateway_operations_table,
    "metrics": metrics_table,
    "refusals": refusals_table,
    "organizations_errors": organizations_errors_table,
    "errors": errors_table,
    "sandbox_banks": sandbox_banks_table,
    "sandbox_cards": sandbox_cards_table,
    "sandbox_checks": sandbox_checks_table,
    "sandbox_control": sandbox_control_table,
    "sandbox_countries": sandbox_countries_table,
    "sandbox_flags": sandbox_flags_table,
    "sandbox_operations": sandbox_operations_table,
    "sandbox_scenarios": sandbox_scenarios_table,
    "settings": settings_table,
}
_EXAMPLE = "organizations_example_"


def written(text: str) -> str:
    """Return a page with its generated parts written anew."""
    return _PART.sub(
        lambda part: "\n".join([part[1].rstrip("\n"), *_lines(part[2]), part[3]]), text
    )


def _lines(name: str) -> Iterator[str]:
    if (part := find_part(name)) is not None:
        return part
    if name.startswith(_EXAMPLE):
        return operation_example(name.removeprefix(_EXAMPLE))
    return PARTS[name]()


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
