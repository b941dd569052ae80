"""Does the control show who is connected and what is open, and never with what?"""

import json

import pytest

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import EXPRESS, KEY, Wire
from tests.sandbox.consent import BACK, Platform


@pytest.fixture
def inside(sandbox: Sandbox) -> Wire:
    return Wire(sandbox, key=None)


@pytest.fixture
def platform(sandbox: Sandbox) -> Platform:
    return Platform(sandbox)


async def test_applications(platform: Platform, inside: Wire) -> None:
    (shown,) = (await inside.send("GET", f"/_sandbox/applications?key={KEY}")).json["data"]
    assert shown["id"] == platform.client_id
    assert (shown["livemode"], shown["redirect_uris"]) == (False, [])
    assert KEY not in json.dumps(shown)


async def test_registered_redirect_uris_are_the_only_ones(platform: Platform, inside: Wire) -> None:
    path = f"/_sandbox/applications/{platform.client_id}"
    shown = await inside.send("POST", path, {"redirect_uris[0]": BACK})
    assert shown.json["redirect_uris"] == [BACK]
    assert (await platform.consent())["code"]
    wrong = platform.url(redirect_uri="http://localhost:3000/other")
    assert (await platform.browser().get(wrong)).status == 400
    assert (await inside.send("POST", path)).json["redirect_uris"] == []
    assert (await platform.browser().get(wrong)).status == 200


@pytest.mark.parametrize(
    ("client_id", "uri", "status"), [("ca_nobody", BACK, 404), (None, "done", 400)]
)
async def test_wrong_registrations(
    platform: Platform, inside: Wire, client_id: str | None, uri: str, status: int
) -> None:
    path = f"/_sandbox/applications/{client_id or platform.client_id}"
    assert (await inside.send("POST", path, {"redirect_uris[0]": uri})).status == status


async def test_sessions(platform: Platform, inside: Wire, sandbox: Sandbox) -> None:
    account = await platform.sdk.v1.accounts.create_async(EXPRESS)
    session = await platform.sdk.v1.account_sessions.create_async(
        {"account": account.id, "components": {"payouts": {"enabled": True}}}
    )
    answer = await inside.send("GET", f"/_sandbox/sessions?account={account.id}")
    (shown,) = answer.json["data"]
    assert (shown["components"], shown["state"]) == (["payouts"], "open")
    assert session.client_secret not in answer.body.decode()
    sandbox.clock.advance(10**5)
    (shown,) = (await inside.send("GET", "/_sandbox/sessions")).json["data"]
    assert shown["state"] == "expired"
