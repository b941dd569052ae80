"""Do the clients know every operation of the service, and speak it as the description says?

The service is asked for its description. Each operation is then called by its method, with the
description's own example, against a server that keeps what it hears and answers the example.
"""

import inspect
import json
import re
import subprocess
import sys
from collections import defaultdict
from typing import Any, get_type_hints

from aboard import AsyncClient, Client
from aboard.client import BearerUrl, Secret
from aboard.client.asking import AsyncCalls, Calls
from aboard.client.operation import Operation
from tests.api.conftest import OpenDesk, open_desk, scene
from tests.client.conftest import TOKEN
from tests.client.hostile import Behaviour, answer, hostile, raw
from tests.house.tree import ROOT

__all__ = ["open_desk", "scene"]  # fixtures of the API's tests

WORDS = defaultdict(lambda: "word_1", mode="test", reason="a b&c")
NOT_CALLED = {"visitReturn", "visitRefresh"}  # a browser goes there, sent by Stripe


def test_what_is_written_is_fresh() -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, ROOT / "scripts" / "write_client.py", "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


Place = tuple[str, str]


def place(http: str, path: str) -> Place:
    """Return where an operation is, however the words in its path are spelled."""
    return http.upper(), re.sub(r"\{\w+\}", "{}", path)


def methods_of(client: Client | AsyncClient) -> dict[Place, tuple[Any, Operation[Any]]]:
    """Return each method of a client, with its operation, by where that is."""
    found: dict[Place, tuple[Any, Operation[Any]]] = {}
    for group in vars(client).values():
        if isinstance(group, Calls | AsyncCalls):
            for name, method in inspect.getmembers(group, inspect.ismethod):
                if not name.startswith("_"):
                    constants = vars(method.__func__.__globals__["operations"])
                    operation: Operation[Any] = constants[name.upper()]
                    found[place(operation.method, operation.path)] = (method, operation)
    return found


def snake(wire: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", wire.replace(".", "_")).lower()


def example(part: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    examples = part["content"]["application/json"]["examples"]
    return next(iter(examples.values()))["value"]


def good_answer(operation: dict[str, Any]) -> tuple[Behaviour, Any]:
    (status, part), *_ = [
        (int(status), part) for status, part in operation["responses"].items() if status < "300"
    ]
    if "content" not in part:
        return raw(b"HTTP/1.1 204 No Content\r\nX-Request-Id: req_1\r\n\r\n", keep=True), None
    body = example(part)
    return answer(body, status=status, headers={"X-Request-Id": "req_1"}), body


async def test_every_operation_is_a_method_that_asks_and_reads_as_described(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    description = (await desk.ask("GET", "/openapi.json", user=None)).json()
    called = {
        (http, path): operation
        for path, methods in description["paths"].items()
        for http, operation in methods.items()
        if operation["operationId"] not in NOT_CALLED
    }
    for kind in (Client, AsyncClient):
        known = methods_of(kind("https://aboard.example"))
        assert set(known) == {place(*each) for each in called}
        for (http, path), operation in called.items():
            await called_as_described(kind, http.upper(), path, operation)


async def called_as_described(
    kind: type[Client] | type[AsyncClient], http: str, path: str, operation: dict[str, Any]
) -> None:
    takes = operation.get("parameters", [])
    in_path = [each["name"] for each in takes if each["in"] == "path"]
    in_query = [each["name"] for each in takes if each["in"] == "query" and each.get("required")]
    body = example(operation["requestBody"]) if "requestBody" in operation else None
    given = {snake(name): WORDS[name] for name in (*in_path, *in_query)}
    given |= {snake(wire): value for wire, value in (body or {}).items()}
    behaviour, told = good_answer(operation)
    with hostile(behaviour) as server:
        client = kind(server.address, token=TOKEN)
        method, _ = methods_of(client)[place(http, path)]
        returned = method(**given)
        if isinstance(client, AsyncClient):
            returned = await returned
            await client.close()
        else:
            client.close()
    (heard,) = server.heard
    target = re.sub(r"\{(\w+)\}", lambda slot: WORDS[slot[1]], path)
    query = "&".join(f"{name}={WORDS[name]}" for name in in_query)
    query = query.replace(" ", "%20").replace("b&c", "b%26c")
    assert (heard.method, heard.target) == (http, target + (f"?{query}" if query else ""))
    assert (json.loads(heard.body) if heard.body else None) == body
    is_keyed = any(each["name"] == "Idempotency-Key" for each in takes)
    assert ("idempotency-key" in heard.headers) == is_keyed
    assert ("authorization" in heard.headers) == (operation.get("security", [{}]) != [{}])
    assert returned.meta.request_id == "req_1"
    if told is not None:
        compare(returned, told["data"] if "success" in told else told)


def compare(returned: Any, told: Any) -> None:  # noqa: ANN401 - JSON, and what became of it
    """Look at every field of an answer: all that was told is there, under its name in Python."""
    if isinstance(told, dict) and hasattr(returned, "__struct_fields__"):
        assert {snake(wire) for wire in told} <= set(returned.__struct_fields__)
        for wire, value in told.items():
            compare(getattr(returned, snake(wire)), value)
    elif isinstance(told, dict) and isinstance(returned, dict):
        assert returned.keys() == told.keys()
        for name, value in told.items():
            compare(returned[name], value)
    elif isinstance(told, list):
        assert len(returned) == len(told)
        for left, right in zip(returned, told, strict=True):
            compare(left, right)
    elif isinstance(returned, Secret):
        assert returned.reveal() == told
    elif hasattr(returned, "isoformat"):
        assert returned.isoformat().replace("+00:00", "Z") == told
    else:
        assert returned == told


def test_whatever_opens_something_is_a_type_that_hides_it() -> None:
    """In each answer: a link, or a secret, by the look of its name, is none that prints."""
    for _, operation in methods_of(Client("https://aboard.example")).values():
        for name, kind in get_type_hints(operation.shape).items():
            if name == "url" or re.search(r"(onboarding|redirect|login)_url$", name):
                assert kind in {BearerUrl, BearerUrl | None}, (operation.path, name)
            if re.search(r"secret$|token$", name):
                assert kind in {Secret, Secret | None}, (operation.path, name)


def test_both_clients_have_the_same_methods() -> None:
    plain = methods_of(Client("https://aboard.example"))
    coroutine = methods_of(AsyncClient("https://aboard.example"))
    assert list(plain) == list(coroutine)
    for where, (method, operation) in plain.items():
        other, same = coroutine[where]
        assert (method.__name__, operation) == (other.__name__, same)
        assert inspect.signature(method) == inspect.signature(other)
        assert inspect.iscoroutinefunction(other)
