"""Is the gateway below `/gateway/` of the service the same one, and is no way around it?"""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aboard.app import build_app
from aboard.cli import servers
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.gateway.listening import StrictProtocol
from tests.gateway.gate import MARKER, Gate, caller_token
from tests.gateway.recording import recording
from tests.gateway.speaking import request, say
from tests.scene import open_scene


@pytest.fixture
async def mount(database: str) -> AsyncIterator[Gate]:
    """Serve the whole service before a recorder."""
    async with recording() as recorder, open_scene(database) as scene:
        bases = dict.fromkeys(Mode, recorder.url)
        lending = replace(
            scene.platform.lending,
            own_keys={Mode.TEST: Secret(MARKER)},
            upstreams=bases,
            files=bases,
        )
        platform = scene.with_changes(lending=lending)
        app = build_app(platform, scene.settings)
        listener = servers.bind("127.0.0.1", 0)
        async with servers.listening(app, listener, protocol=StrictProtocol):
            yield Gate(platform, app, recorder, servers.port_of(listener))
        assert b"aboard_test_" not in recorder.everything


async def test_a_call_passes_with_its_path_as_it_came(mount: Gate) -> None:
    token = await caller_token(mount.platform)
    answered = await mount.ask("GET /gateway/v1/accounts/acct_1?expand[]=a&b=%20", token)
    assert answered.status == 200
    (heard,) = mount.recorder.heard
    assert heard.line == b"GET /v1/accounts/acct_1?expand[]=a&b=%20 HTTP/1.1"
    assert (await mount.row()).outcome == "answered"
    assert (await mount.ask("GET /gateway/whoami", token)).status == 200


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/gateway/../v1/accounts", 400),
        ("/gateway/v1/accounts/%2e%2e/payouts", 400),
        ("/gatewa%79/v1/accounts", 400),
        ("/gateway//v1/accounts", 400),
        ("/gateway/gateway/v1/accounts", 404),
        ("//gateway/v1/accounts", 404),
        ("/v1/accounts", 404),
        ("http://127.0.0.1/gateway/v1/accounts", 404),
        ("http://example.com/gateway/v1/accounts", 404),
    ],
)
async def test_no_other_way_leads_to_stripe(mount: Gate, target: str, status: int) -> None:
    token = await caller_token(mount.platform)
    assert (await mount.ask(f"GET {target}", token)).status == status
    assert mount.recorder.heard == []


async def test_trailers_never_become_headers_here_either(mount: Gate) -> None:
    token = await caller_token(mount.platform)
    head = request(
        "POST /gateway/v1/account_links",
        token,
        "Content-Type: application/x-www-form-urlencoded",
        "Transfer-Encoding: chunked",
    )
    data = head + b"e\r\naccount=acct_1\r\n0\r\nStripe-Account: acct_other\r\n\r\n"
    assert (await say(mount.port, data)).status == 200
    (heard,) = mount.recorder.heard
    assert heard.headers(b"stripe-account") == []


async def test_what_its_server_cannot_parse_reaches_nobody(mount: Gate) -> None:
    token = await caller_token(mount.platform)
    data = request(
        "POST /gateway/v1/account_links", token, "Content-Length: 5", "Transfer-Encoding: chunked"
    )
    assert (await say(mount.port, data + b"0\r\n\r\n")).status == 400
    assert mount.recorder.heard == []
    assert await mount.rows() == []


async def test_a_users_token_of_the_service_is_no_callers(mount: Gate) -> None:
    answered = await mount.ask("GET /gateway/v1/accounts", "eyJhbGciOiJIUzI1NiJ9.e30.x")
    assert (answered.status, answered.code) == (401, "caller_unknown")
