"""Can a bearer URL, a form or the key get out through the SDK's log, its console or a repr?"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe as sdk

from aboard.core.errors import StripeRefused
from aboard.core.links import Collect, LinkPurpose
from aboard.stripe_api.client import Stripe
from aboard.stripe_api.v1 import create_account_link, get_account
from tests.stripe_api.wire import KEY, answer, close, connected, error, listening

LINK = {"url": "https://platform.example/MARK-IN-ANSWER", "expires_at": 300, "created": 0}


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Turn every log switch of the SDK on: its own, the console's, and logging's."""
    before, sdk.log = sdk.log, "debug"
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="stripe")
    yield
    sdk.log = before


async def ask_for_a_link(stripe: Stripe) -> None:
    await create_account_link(
        stripe,
        account_id="acct_1",
        purpose=LinkPurpose.ONBOARDING,
        refresh_url="https://platform.example/refresh?state=MARK-IN-FORM",
        return_url="https://platform.example/return?state=MARK-IN-FORM",
        collect=Collect.CURRENTLY_DUE,
        idempotency_key="key",
    )


@pytest.mark.usefixtures("loud")
async def test_no_log_setting_shows_a_form_or_an_answer(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with listening() as wire, connected(wire.address) as stripe:
        wire.will(close, answer(500, LINK), answer(200, LINK, request_id="req_1"))
        await ask_for_a_link(stripe)
        assert len(wire.requests) == 3
    output = capsys.readouterr()
    said = caplog.text + output.out + output.err
    assert "Initiating retry" in said, "the log is on"
    assert "MARK" not in said
    assert "aboard_demo" not in said


@pytest.mark.usefixtures("loud")
async def test_the_sdk_by_itself_would_have_shown_both(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with listening() as wire:
        wire.will(answer(200, LINK))
        transport = sdk.AIOHTTPClient()
        client = sdk.StripeClient(
            KEY.reveal(), base_addresses={"api": wire.address}, http_client=transport
        )
        await client.raw_request_async("post", "/v1/account_links", return_url="MARK-IN-FORM")
        await transport.close_async()  # type: ignore[no-untyped-call]  # the SDK has no hints here
    output = capsys.readouterr()
    for said in (caplog.text, output.err):
        assert "MARK-IN-FORM" in said
        assert "MARK-IN-ANSWER" in said


async def test_nothing_that_is_handed_out_prints_its_secret() -> None:
    async with listening() as wire, connected(wire.address) as stripe:
        wire.will(answer(200, LINK))
        got = await stripe.request("post", "/v1/account_links")
        for text in (repr(got), str(got), repr(stripe), str(vars(stripe))):
            assert "MARK" not in text
            assert "aboard_demo" not in text


async def test_an_error_keeps_keys_and_addresses_to_itself() -> None:
    message = (
        f"Invalid API Key provided: {KEY.reveal()}, see https://platform.example/MARK-IN-ANSWER"
    )
    async with listening() as wire, connected(wire.address) as stripe:
        wire.will(answer(401, error(message=message, param=f"x{KEY.reveal()}", code="a://MARK")))
        with pytest.raises(StripeRefused) as caught:
            await get_account(stripe, "acct_1")
    assert caught.value.message == "Invalid API Key provided: sk_test_***, see [address]"
    assert "MARK" not in str(vars(caught.value))
    assert "aboard_demo" not in str(vars(caught.value))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the SDK a home of its own to write to, and expect nothing there afterwards."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == [], "no telemetry id in the user's home"


@pytest.mark.usefixtures("home")
async def test_telemetry_is_off_for_us_and_untouched_for_others() -> None:
    before = {name: getattr(sdk, name) for name in sorted(vars(sdk)) if name.islower()}
    async with listening() as wire, connected(wire.address) as stripe:
        wire.will(answer(200, {}, request_id="req_1"))
        for _ in range(2):
            await stripe.request("get", "/v1/account")
        for request in wire.requests:
            assert "x-stripe-client-telemetry" not in request.headers
            assert "telemetry_id" not in request.headers["x-stripe-client-user-agent"]
            assert os.uname().release not in str(request.headers)
    assert sdk.enable_telemetry is True
    assert {name: getattr(sdk, name) for name in before} == before
