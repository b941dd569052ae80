"""Does the sandbox say truly what it imitates? The router, `/_sandbox/coverage` and LIMITS.md.

The judge of what there is to imitate is the official SDK: every operation of its services for
Connect is answered, or named as missing in both places.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import stripe

import aboard.sandbox
from aboard.sandbox.call import Route
from aboard.sandbox.control import CONTROLS
from aboard.sandbox.routes import all_routes, find
from tests.sandbox.conftest import Wire

LIMITS = (Path(aboard.sandbox.__file__).parent / "LIMITS.md").read_text(encoding="utf-8")
HEADINGS = [
    "Not there",
    "Accounts, persons and capabilities",
    "Requirements",
    "Verification",
    "Links and pages",
    "Tokens, external accounts and files",
    "Money",
    "Account sessions",
    "OAuth",
    "Events and webhooks",
    "State",
    "Wording",
]
FAMILIES = (
    "account",
    "account_capability",
    "account_external_account",
    "account_link",
    "account_login_link",
    "account_person",
    "account_session",
    "application_fee",
    "application_fee_refund",
    "balance",
    "balance_settings",
    "balance_transaction",
    "charge",
    "country_spec",
    "event",
    "file",
    "file_link",
    "payout",
    "refund",
    "token",
    "topup",
    "transfer",
    "transfer_reversal",
    "webhook_endpoint",
)
SECOND = (
    "v2/core/_account_link_service",
    "v2/core/_account_service",
    "v2/core/_account_token_service",
    "v2/core/_event_destination_service",
    "v2/core/_event_service",
    "v2/core/accounts/_person_service",
    "v2/core/accounts/_person_token_service",
)
_CALL = re.compile(r'self\._request\(\s*"(\w+)",\s*"(/v[12]/[^"]+)"')
Operation = tuple[str, str]


def shape(method: str, path: str) -> Operation:
    return method.upper(), re.sub(r"\{\w+\}", "{}", path)


def in_the_sdk() -> set[Operation]:
    folder = Path(stripe.__file__).parent
    names = [*(f"_{name}_service" for name in FAMILIES), *SECOND]
    texts = [(folder / f"{name}.py").read_text(encoding="utf-8") for name in names]
    return {shape(*call) for text in texts for call in _CALL.findall(text)}


def said(rows: list[dict[str, Any]]) -> set[Operation]:
    return {shape(row["method"], row["path"]) for row in rows}


def not_there() -> str:
    return LIMITS.partition("\n## Not there\n")[2].partition("\n## ")[0]


@pytest.fixture
def inside(wire: Wire) -> Wire:
    return Wire(wire.sandbox, key=None)


async def test_every_operation_is_there_or_named_as_missing(inside: Wire) -> None:
    shown = (await inside.send("GET", "/_sandbox/coverage")).json
    there, missing = said(shown["operations"]), said(shown["missing"])
    assert there == {shape(route.method, route.template) for route in all_routes()}
    assert not there & missing
    assert len(in_the_sdk()) > 70
    assert in_the_sdk() <= there | missing
    assert missing <= in_the_sdk()
    for method, path in missing:
        assert f"`{method} {path.replace('{}', '{id}')}`" in not_there(), (method, path)


async def test_what_is_there_answers_and_what_is_missing_does_not(inside: Wire) -> None:
    shown = (await inside.send("GET", "/_sandbox/coverage")).json
    wire = Wire(inside.sandbox)
    for name, is_there in (("operations", True), ("missing", False)):
        for each in shown[name]:
            path = re.sub("[{}]", "", each["path"])
            answer = await wire.send(each["method"], path)
            is_unknown = "Unrecognized request URL" in answer.body.decode()
            assert not (is_there and is_unknown), each
            assert is_there or answer.status == 404, each


@pytest.mark.parametrize("route", all_routes(), ids=lambda route: route.method + route.template)
def test_every_operation_is_found_where_its_path_is(route: Route) -> None:
    path = re.sub(r"{\w+}", "some_id", route.template)
    assert find(route.method, path)[0] is route


def test_no_control_is_there_twice() -> None:
    controls = [(one.method, one.template) for one in CONTROLS]
    assert sorted(controls) == sorted(set(controls))


def test_the_limits_have_a_place_for_each_subject() -> None:
    assert re.findall(r"^## (.+)$", LIMITS, re.MULTILINE) == HEADINGS


def test_no_limit_is_written_twice() -> None:
    points = re.findall(r"^- .+?(?=\n- |\n\n|\Z)", LIMITS, re.MULTILINE | re.DOTALL)
    assert sorted(points) == sorted(set(points))
    assert max(len(line) for line in LIMITS.splitlines()) <= 140
