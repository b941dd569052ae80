"""Do several real processes of one platform count together, and say on every answer what is left?

Each is `aboard serve` as a shell starts it, over one database and one Redis.
"""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from urllib.error import HTTPError
from uuid import uuid4

import pytest

from aboard.core.secret import Secret
from aboard.store import migrate
from aboard.web.auth import issue_token
from tests.cli.commands import COMPLETE_SETTINGS, running
from tests.flows.redis_server import open_shelf

PROCESSES = 3
WINDOW_SECONDS = 300
CREATORS = "/api/v1/creators"
OPERATIONS = [
    ("POST", f"{CREATORS}/upgrade", 30),
    ("POST", f"{CREATORS}/stripe-connect/initiate", 10),
    ("POST", f"{CREATORS}/stripe-connect/refresh-link", 10),
    ("GET", f"{CREATORS}/stripe-connect/status", 10),
    ("POST", f"{CREATORS}/stripe-connect/dashboard-link", 10),
    ("GET", f"{CREATORS}/payout-settings", 120),
    ("POST", f"{CREATORS}/kyc/start", 5),
]


def ask(address: str, method: str, path: str, token: str | None) -> tuple[int, dict[str, str], str]:
    """Ask one process, and return status, headers in lower case, and the envelope's code."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(address + path, method=method, headers=headers)  # noqa: S310 - ours
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - ours
            status, given, body = answer.status, answer.headers, answer.read()
    except HTTPError as error:
        with error:
            status, given, body = error.code, error.headers, error.read()
    told = {name.lower(): value for name, value in given.items()}
    return status, told, json.loads(body).get("error", {}).get("code", "")


def token_of(user: str) -> str:
    secret = Secret(COMPLETE_SETTINGS["ABOARD_TOKEN_SECRETS"])
    return issue_token(secret, user_id=user, now=datetime.now(UTC)).reveal()


def assert_headers(headers: dict[str, str], limit: int, left: int) -> None:
    assert headers["ratelimit-limit"] == str(limit)
    assert headers["ratelimit-remaining"] == str(left)
    assert 0 < int(headers["ratelimit-reset"]) <= WINDOW_SECONDS


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory, sandbox: str) -> Iterator[list[str]]:
    folder = tmp_path_factory.mktemp("nodes")
    database = str(folder / "aboard.sqlite3")
    migrate(database)
    with open_shelf() as shelf, ExitStack() as stack:
        settings = {
            **COMPLETE_SETTINGS,
            "ABOARD_DATABASE": database,
            "ABOARD_PORT": "0",
            "ABOARD_TEST_API_BASE": sandbox,
            "ABOARD_STRIPE_RETRIES": "0",
            "ABOARD_CREATOR_COUNTRY": "US",
            "ABOARD_LIMIT_WINDOW_SECONDS": str(WINDOW_SECONDS),
            "ABOARD_REDIS_URL": shelf.address,
        }
        started = [
            stack.enter_context(running("serve", "--no-worker", settings=settings, cwd=folder))
            for _ in range(PROCESSES)
        ]
        yield [process.address() for process in started]


@pytest.mark.parametrize(("method", "path", "limit"), OPERATIONS)
def test_one_call_too_many_over_all_processes_is_refused(
    nodes: list[str], method: str, path: str, limit: int
) -> None:
    token = token_of(f"user_{uuid4().hex}")
    for number in range(limit):
        status, headers, _ = ask(nodes[number % PROCESSES], method, path, token)
        assert status in {200, 201, 400, 404}
        assert_headers(headers, limit, limit - 1 - number)
    for node in nodes:
        status, headers, code = ask(node, method, path, token)
        assert (status, code) == (429, "RATE_LIMITED")
        assert_headers(headers, limit, 0)
        assert 0 < int(headers["retry-after"]) <= WINDOW_SECONDS
        assert headers["x-request-id"]
    # Another creator has a window of their own, and so has another operation.
    status, headers, _ = ask(nodes[0], method, path, token_of(f"user_{uuid4().hex}"))
    assert_headers(headers, limit, limit - 1)
    verb, other, most = next(row for row in OPERATIONS if row != (method, path, limit))
    assert_headers(ask(nodes[1], verb, other, token)[1], most, most - 1)
    # Who is nobody uses up nothing, and is told of no window.
    status, headers, _ = ask(nodes[2], method, path, None)
    assert status == 401
    assert not [name for name in headers if name.startswith("ratelimit-")]
