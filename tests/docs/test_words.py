"""Do the pages list all of what they list? Audit actions, blockers, conditions."""

import re

import pytest

from aboard.core import go_live
from aboard.core.go_live import Condition
from aboard.flows.audit import AuditAction
from tests.house.tree import ROOT


def first_cells(page: str, heading: str) -> str:
    """Return what stands in the first column of the first table below a heading."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return "\n".join(re.findall(r"^\| (`.+?) \|", section, re.MULTILINE))


def test_the_audit_lists_every_action_and_no_other() -> None:
    listed = re.findall(r"`([a-z_.]+)`", first_cells("architecture.md", "Audit"))
    assert sorted(listed) == sorted(action.value for action in AuditAction)


def test_every_blocker_is_listed_in_the_order_of_the_gate() -> None:
    named = [
        value
        for name, value in vars(go_live).items()
        if name.isupper() and isinstance(value, str) and name.lower() == value
    ]
    listed = re.findall(
        r"`([a-z_]+)(?::<name>)?`", first_cells("vocabulary.md", "What keeps the gate closed")
    )
    assert [word for word in listed if word != "capability_inactive"] == named
    assert "capability_inactive" in listed


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_is_listed(condition: Condition) -> None:
    text = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    assert f"| `{condition.value}` |" in text
