"""Do the answers keep the word of the description? Schemathesis asks, in process, and compares.

For each operation it makes up requests that fit the description, and others that do not: no answer
is a fault of ours, and each has a status, a type, headers and a body as described.
"""

import json
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31

from aboard.api.application import CallLimits
from aboard.api.auth.examples import SHOWCASE as AUTH
from aboard.api.creators.examples import SHOWCASE as CREATORS
from aboard.api.organizations.examples import SHOWCASE as ORGANIZATIONS
from tests.api.asking import CONNECT, ORIGIN, Desk
from tests.api.conftest import OpenDesk
from tests.api.organizations.counter import LINKS, OWNER, start
from tests.scene import REFRESH_URL, RETURN_URL

Operation = APIOperation[Any, Any, Any, Any]
NAMES = sorted({**CREATORS.operations, **ORGANIZATIONS.operations, **AUTH.operations})
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
A_FEW, MANY = (
    settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=number < 100,
        suppress_health_check=list(HealthCheck),
    )
    for number in (8, 150)
)
MODES = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@cache
def operations(description: str) -> dict[str, Operation]:
    schema = schemathesis.openapi.from_dict(json.loads(description))
    found: dict[str, Operation] = {}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        found[operation.definition.raw["operationId"]] = operation
    return found


@pytest.fixture
async def ready(open_desk: OpenDesk) -> Desk:
    """Open a desk without limits, for a member of an organization whose account is complete."""
    desk = await open_desk(limits=CallLimits(10**9, 10**9))
    await desk.scene.complete(await start(desk))
    await desk.ask("POST", "/api/v1/creators/upgrade")
    return desk


@pytest.fixture
async def described(ready: Desk) -> dict[str, Operation]:
    answer = await ready.ask("GET", "/openapi.json", user=None)
    return operations(answer.text)


def body_of(sent: dict[str, Any]) -> bytes | None:
    if "json" in sent:
        return json.dumps(sent["json"]).encode()
    data = sent.get("data")
    return data.encode() if isinstance(data, str) else data


async def compare(desk: Desk, operation: Operation, data: st.DataObject) -> None:
    """Ask once as Schemathesis makes it up, mostly about our organization, and compare."""
    is_operator = data.draw(st.booleans())
    case = data.draw(operation.as_strategy(generation_mode=data.draw(MODES)))
    if "organizationId" in case.path_parameters and data.draw(st.integers(0, 3)):
        case.path_parameters["organizationId"] = "org_1"
    if operation.path == LINKS and isinstance(case.body, dict) and data.draw(st.booleans()):
        ours = {"organizationId": "org_1", "returnUrl": RETURN_URL, "refreshUrl": REFRESH_URL}
        case.body = {**case.body, **ours}
    bearer = {"Authorization": f"Bearer {desk.token('ada', OWNER, is_operator=is_operator)}"}
    sent = case.as_transport_kwargs(base_url=ORIGIN, headers=bearer)
    answer = await desk.client.request(
        sent["method"],
        sent["url"],
        params=sent["params"],
        headers=[(key, str(word).encode("latin-1")) for key, word in sent["headers"].items()],
        content=body_of(sent),
    )
    case.validate_response(answer, checks=CHECKS)


async def test_every_operation_has_an_example(described: dict[str, Operation]) -> None:
    assert sorted(described) == NAMES


async def test_the_description_is_one_of_openapi_3_1(ready: Desk) -> None:
    description = (await ready.ask("GET", "/openapi.json", user=None)).json()
    assert description["openapi"].startswith("3.1.")
    meta_schema = jsonschema_rs.validator_for(OPENAPI_31)
    assert [error.message for error in meta_schema.iter_errors(description)] == []
    broken = {**description, "paths": {"no-slash": {}}}
    assert not meta_schema.is_valid(broken)


async def test_the_limits_are_those_of_the_service(open_desk: OpenDesk) -> None:
    desk = await open_desk(limits=CallLimits(creators=7, organizations=8, window_seconds=60))
    description = (await desk.ask("GET", "/openapi.json", user=None)).json()
    paths = description["paths"]
    for path, calls in ((f"{CONNECT}/refresh-link", 7), (LINKS, 8)):
        operation = paths[path]["post"]
        told = {"calls": calls, "windowSeconds": 60, "per": "caller"}
        assert operation["x-aboard-limit"] == told
        assert f"{calls} calls a minute" in operation["description"]
    assert "x-aboard-limit" not in paths["/v1/health"]["get"]


def test_every_example_fits_its_schema(described: dict[str, Operation]) -> None:
    for operation in described.values():
        raw = operation.definition.raw
        parts = [*raw["responses"].values(), raw.get("requestBody", {})]
        for part in parts:
            for shown in part.get("content", {}).values():
                for example in shown.get("examples", {}).values():
                    schema = {
                        **shown["schema"],
                        "components": operation.schema.raw_schema["components"],
                    }
                    jsonschema_rs.validate(schema, example["value"])


@pytest.mark.parametrize("name", NAMES)
@A_FEW
@given(data=st.data())
async def test_the_answers_are_as_described(
    ready: Desk, described: dict[str, Operation], name: str, data: st.DataObject
) -> None:
    await compare(ready, described[name], data)


@pytest.mark.load
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data())
async def test_many_answers_are_as_described(
    ready: Desk, described: dict[str, Operation], name: str, data: st.DataObject
) -> None:
    await compare(ready, described[name], data)
