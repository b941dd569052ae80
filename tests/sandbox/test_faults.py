"""Does an ordered fault strike the call it was meant for, once, and in the way it was ordered?"""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
import stripe
import uvicorn

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import EXPRESS, KEY, LINK, Answer, Wire, client


async def order(wire: Wire, **params: str) -> dict[str, object]:
    answer = await wire.send("POST", "/_sandbox/faults", params)
    assert answer.status == 200, answer.body
    return answer.json


async def accounts(wire: Wire) -> int:
    return len((await wire.send("GET", "/v1/accounts")).json["data"])


class TestRefusals:
    @pytest.mark.parametrize(
        ("kind", "status", "code", "kind_of_error"),
        [
            ("rate_limit", 429, "rate_limit", "invalid_request_error"),
            ("lock_timeout", 429, "lock_timeout", "invalid_request_error"),
            ("error", 500, None, "api_error"),
        ],
    )
    async def test_in_json(
        self, wire: Wire, kind: str, status: int, code: str | None, kind_of_error: str
    ) -> None:
        await order(wire, kind=kind, operation="POST /v1/accounts")
        answer = await wire.send("POST", "/v1/accounts", "type=express", idempotency_key="one")
        assert (answer.status, answer.error.get("code")) == (status, code)
        assert answer.error["type"] == kind_of_error
        assert await accounts(wire) == 0
        again = await wire.send("POST", "/v1/accounts", "type=express", idempotency_key="one")
        assert again.status == 200
        assert "idempotent-replayed" not in again.headers

    async def test_rate_limits_say_their_reason(self, wire: Wire) -> None:
        await order(wire, kind="rate_limit", reason="endpoint-rate")
        answer = await wire.send("GET", "/v1/accounts")
        assert answer.headers["stripe-rate-limited-reason"] == "endpoint-rate"
        assert answer.headers["stripe-should-retry"] == "false"

    async def test_lock_timeouts_may_be_tried_again(self, wire: Wire) -> None:
        await order(wire, kind="lock_timeout")
        answer = await wire.send("GET", "/v1/accounts")
        assert answer.headers["stripe-should-retry"] == "true"
        assert "stripe-rate-limited-reason" not in answer.headers

    @pytest.mark.parametrize(("kind", "status"), [("bad_gateway", 502), ("unavailable", 503)])
    async def test_without_json(self, wire: Wire, kind: str, status: int) -> None:
        await order(wire, kind=kind)
        answer = await wire.send("GET", "/v1/accounts")
        assert answer.status == status
        assert answer.headers["content-type"] == "text/html"
        assert not answer.body.startswith(b"{")

    async def test_the_sdk_gets_over_it(self, sandbox: Sandbox, wire: Wire) -> None:
        await order(wire, kind="lock_timeout", calls="2")
        sdk = client(sandbox, max_network_retries=3)
        made = await sdk.v1.accounts.create_async(EXPRESS)
        assert (await sdk.v1.accounts.list_async()).data[0].id == made.id


class TestLostConnections:
    @pytest.mark.parametrize("kind", ["reset", "timeout"])
    async def test_nothing_has_happened(
        self, sdk: stripe.StripeClient, wire: Wire, kind: str
    ) -> None:
        await order(wire, kind=kind, operation="POST /v1/accounts", seconds="0.1")
        with pytest.raises(stripe.APIConnectionError):
            await client(wire.sandbox, max_network_retries=0).v1.accounts.create_async(EXPRESS)
        assert (await sdk.v1.accounts.list_async()).data == []

    @pytest.mark.parametrize("kind", ["reset", "timeout", "bad_gateway", "error"])
    async def test_after_means_that_it_has_happened(self, wire: Wire, kind: str) -> None:
        await order(wire, kind=kind, operation="POST /v1/accounts", after="true", seconds="0.1")
        try:
            answer = await wire.send("POST", "/v1/accounts", "type=express", idempotency_key="k")
        except OSError:
            assert kind in {"reset", "timeout"}
        else:
            assert answer.status >= 500
        assert await accounts(wire) == 1
        again = await wire.send("POST", "/v1/accounts", "type=express", idempotency_key="k")
        assert again.headers["idempotent-replayed"] == "true"
        assert await accounts(wire) == 1

    async def test_the_sdk_repeats_a_lost_answer_and_makes_one_account(
        self, sandbox: Sandbox, wire: Wire
    ) -> None:
        await order(wire, kind="reset", operation="POST /v1/accounts", after="true")
        made = await client(sandbox, max_network_retries=2).v1.accounts.create_async(EXPRESS)
        assert made.id.startswith("acct_")
        assert await accounts(wire) == 1

    async def test_requests_that_got_no_answer_are_remembered(self, wire: Wire) -> None:
        await order(wire, kind="reset")
        with pytest.raises(ConnectionResetError):
            await wire.send("GET", "/v1/accounts")
        row = (await wire.send("GET", "/_sandbox/requests")).json["data"][0]
        assert (row["status"], row["code"]) == (0, "fault_reset")


async def test_slow_calls_are_answered_later(wire: Wire) -> None:
    await order(wire, kind="slow", seconds="0.2")
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert (await wire.send("GET", "/v1/accounts")).status == 200
    assert loop.time() - began >= 0.2


class TestWhichCall:
    @pytest.mark.parametrize(
        ("operation", "strikes"),
        [
            ("*", True),
            ("POST /v1/account_links", True),
            ("* /v1/account_links", True),
            ("POST /v1/account*", True),
            ("GET /v1/accounts", False),
            ("POST /v1/accounts", False),
            ("POST /v1/accounts/{account}", False),
        ],
    )
    async def test_by_operation(self, wire: Wire, operation: str, *, strikes: bool) -> None:
        made = await wire.send("POST", "/v1/accounts", {"type": "express"})
        await order(wire, kind="error", operation=operation)
        form = {**LINK, "account": made.json["id"]}
        answer = await wire.send("POST", "/v1/account_links", form)
        assert answer.status == (500 if strikes else 200)

    async def test_by_one_account_of_many(self, wire: Wire) -> None:
        one, other = [
            (await wire.send("POST", "/v1/accounts", {"type": "express"})).json["id"]
            for _ in range(2)
        ]
        await order(wire, kind="error", operation=f"GET /v1/accounts/{one}", calls="2")
        assert (await wire.send("GET", f"/v1/accounts/{other}")).status == 200
        assert (await wire.send("GET", f"/v1/accounts/{one}")).status == 500

    async def test_by_world(self, wire: Wire) -> None:
        await order(wire, kind="error", key=KEY)
        other = Wire(wire.sandbox, key="sk_test_another")
        assert (await other.send("GET", "/v1/accounts")).status == 200
        assert (await wire.send("GET", "/v1/accounts")).status == 500

    async def test_so_many_times(self, wire: Wire) -> None:
        await order(wire, kind="error", calls="2")
        statuses = [(await wire.send("GET", "/v1/accounts")).status for _ in range(3)]
        assert statuses == [500, 500, 200]

    async def test_not_before_the_key_is_known(self, wire: Wire) -> None:
        await order(wire, kind="error")
        assert (await Wire(wire.sandbox, key=None).send("GET", "/v1/accounts")).status == 401
        assert (await wire.send("GET", "/v1/accounts")).status == 500


class TestOrders:
    async def test_listed_and_taken_back(self, wire: Wire) -> None:
        first = await order(wire, kind="error", calls="3")
        await order(wire, kind="reset")
        await wire.send("GET", "/v1/accounts")
        rows = (await wire.send("GET", "/_sandbox/faults")).json["data"]
        assert [(row["kind"], row["calls"], row["taken"]) for row in rows] == [
            ("error", 2, 1),
            ("reset", 1, 0),
        ]
        gone = await wire.send("DELETE", f"/_sandbox/faults/{first['id']}")
        assert gone.json["deleted"] is True
        assert (await wire.send("DELETE", f"/_sandbox/faults/{first['id']}")).status == 404
        await wire.send("DELETE", "/_sandbox/faults")
        assert (await wire.send("GET", "/v1/accounts")).status == 200

    async def test_reset_takes_them_back(self, wire: Wire) -> None:
        await order(wire, kind="error", calls="9")
        await wire.send("POST", "/_sandbox/reset")
        assert (await wire.send("GET", "/v1/accounts")).status == 200

    @pytest.mark.parametrize(
        ("form", "param"),
        [
            ({}, "kind"),
            ({"kind": "boredom"}, "kind"),
            ({"kind": "error", "calls": "0"}, "calls"),
            ({"kind": "error", "operation": "POST /v1/nothing"}, "operation"),
            ({"kind": "error", "operation": "accounts"}, "operation"),
            ({"kind": "error", "operation": "PUT /v1/accounts"}, "operation"),
            ({"kind": "slow"}, "seconds"),
            ({"kind": "timeout", "seconds": "601"}, "seconds"),
            ({"kind": "rate_limit", "reason": "mood"}, "reason"),
            ({"kind": "error", "platform": "acct_nobody"}, "platform"),
        ],
    )
    async def test_refused(self, wire: Wire, form: dict[str, str], param: str) -> None:
        answer: Answer = await wire.send("POST", "/_sandbox/faults", form)
        assert (answer.status, answer.error["param"]) == (400, param)


@pytest.fixture
def served() -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(Sandbox().app, log_level="error"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("after", ["true", "false"])
def test_a_real_connection_is_cut(
    served: str, after: str, caplog: pytest.LogCaptureFixture
) -> None:
    http = stripe.RequestsClient()
    form = f"kind=reset&operation=POST+/v1/accounts&after={after}"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    http.request("POST", f"{served}/_sandbox/faults", headers, form)
    sdk = stripe.StripeClient(KEY, base_addresses={"api": served}, max_network_retries=0)
    with pytest.raises(stripe.APIConnectionError):
        sdk.v1.accounts.create(EXPRESS)
    assert len(sdk.v1.accounts.list().data) == (1 if after == "true" else 0)
    assert "Traceback" not in caplog.text
