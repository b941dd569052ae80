"""Do the alerts, the dashboard and the runbooks speak of figures and commands that exist?"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest
import typer

from aboard.cli.commands import app
from aboard.operations.catalogue import FIGURES, Kind
from tests.docs.test_pages import anchors
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "operations.md"
ALERTS = ROOT / "docs" / "operations" / "alerts.yml"
DASHBOARD = ROOT / "docs" / "operations" / "dashboard.json"
METRIC = re.compile(r"\baboard_\w+")
OF_PROMETHEUS = {"up"}
WORDS_OF_PROMQL = {"le", "job"}
COMMAND = re.compile(r"`aboard ([a-z-]+)((?: [a-z-]+)?)[^`]*`")


@cache
def rules() -> tuple[dict[str, Any], ...]:
    """Return every alert of the shipped file."""
    found = msgspec.yaml.decode(ALERTS.read_bytes(), type=dict[str, Any])
    return tuple(rule for group in found["groups"] for rule in group["rules"])


def panels() -> Iterator[tuple[str, str]]:
    """Yield each expression of the dashboard with its panel's title."""
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def expressions() -> dict[str, str]:
    alerts = {rule["alert"]: rule["expr"] for rule in rules()}
    shown = {f"{title} {number}": expr for number, (title, expr) in enumerate(panels())}
    return alerts | shown


def series() -> dict[str, set[str]]:
    """Return each name that can be asked for, with its labels."""
    names: dict[str, set[str]] = {}
    for figure in FIGURES:
        ends = ("_bucket", "_count", "_sum") if figure.kind is Kind.HISTOGRAM else ("",)
        names |= {figure.name + end: set(figure.labels) for end in ends}
    return names


@pytest.mark.parametrize("name", sorted(expressions()))
def test_an_expression_asks_for_what_is_shown(name: str) -> None:
    expr = expressions()[name]
    asked = set(METRIC.findall(expr))
    assert asked <= series().keys(), asked - series().keys()
    assert asked or OF_PROMETHEUS & set(re.findall(r"\w+", expr))
    labels = {label for metric in asked for label in series()[metric]} | WORDS_OF_PROMQL
    by = re.findall(r"(?:by|on) \(([^)]*)\)", expr) + re.findall(r"\{(\w+)=", expr)
    assert {label.strip() for each in by for label in each.split(",")} <= labels
    assert all(expr.count(pair[0]) == expr.count(pair[1]) for pair in ("()", "{}", "[]"))


@pytest.mark.parametrize("rule", rules(), ids=[rule["alert"] for rule in rules()])
def test_an_alert_says_how_bad_it_is_and_where_to_go_on(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert ROOT / page == PAGE
    assert anchor in anchors(PAGE)
    section = re.split(r"^### ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert any(anchor == _anchor(part.partition("\n")[0]) for part in section[1:])


def test_every_runbook_says_symptom_check_and_act() -> None:
    runbooks = PAGE.read_text(encoding="utf-8").partition("## Runbooks")[2].split("\n### ")[1:]
    assert len(runbooks) >= 11
    for runbook in runbooks:
        for word in ("*Symptom*", "*Check*", "*Act*"):
            assert word in runbook, runbook.partition("\n")[0]


def test_the_page_names_no_figure_that_is_not_shown() -> None:
    named = set(METRIC.findall(PAGE.read_text(encoding="utf-8")))
    assert named <= series().keys() | {figure.name for figure in FIGURES}


def test_every_command_on_the_page_exists() -> None:
    top = typer.main.get_command(app)
    missing = [
        f"{name}{inner}"
        for name, inner in COMMAND.findall(PAGE.read_text(encoding="utf-8"))
        if not _exists(top, name, inner.strip())
    ]
    assert missing == []


def _exists(top: Any, name: str, inner: str) -> bool:  # noqa: ANN401 - of the library's own classes
    command = top.commands.get(name)
    if command is None:
        return False
    inside = getattr(command, "commands", None)
    return inside is None or not inner or inner in inside


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
