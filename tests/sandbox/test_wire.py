"""Does the wire answer as Stripe's does: keys, addresses, headers?"""

import json
from base64 import b64encode

import pytest
import stripe

from aboard.sandbox import Clock, Sandbox
from tests.sandbox.conftest import EXPRESS, KEY, LIVE_KEY, Wire, client

NO_ACCESS = "account_invalid"


class TestKeys:
    async def test_no_key(self, wire: Wire) -> None:
        wire.key = None
        answer = await wire.send("GET", "/v1/accounts")
        assert answer.status == 401
        assert answer.error["type"] == "invalid_request_error"
        assert answer.error["message"].startswith("You did not provide an API key.")
        assert set(answer.error) == {"message", "type"}

    @pytest.mark.parametrize(
        "header", ["Bearer", "Bearer  ", "Digest x", "Basic %%%", "Basic", "sk_test_words"]
    )
    async def test_header_without_a_key(self, wire: Wire, header: str) -> None:
        answer = await wire.send("GET", "/v1/accounts", authorization=header)
        assert answer.status == 401
        assert "You did not provide an API key" in answer.error["message"]

    async def test_bad_key_is_masked(self, wire: Wire) -> None:
        answer = await wire.send(
            "GET", "/v1/accounts", authorization="Bearer sk_test_né-words-1234"
        )
        assert answer.status == 401
        assert answer.error["message"] == "Invalid API Key provided: sk_test_*********1234"

    async def test_publishable_key(self, wire: Wire) -> None:
        answer = await wire.send("GET", "/v1/accounts", authorization="Bearer pk_test_words")
        assert answer.status == 400
        assert answer.error["code"] == "secret_key_required"

    async def test_basic_and_bearer_open_the_same_world(self, wire: Wire) -> None:
        made = await wire.send("POST", "/v1/accounts", {"type": "express"})
        basic = b64encode(f"{KEY}:".encode()).decode()
        answer = await wire.send(
            "GET", f"/v1/accounts/{made.json['id']}", authorization=f"Basic {basic}"
        )
        assert answer.json == made.json

    async def test_worlds_are_apart(self, sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(EXPRESS)
        for key in (LIVE_KEY, "sk_test_another", "rk_test_aboard_sandbox"):
            with pytest.raises(stripe.PermissionError) as refused:
                await client(sandbox, key).v1.accounts.retrieve_async(made.id)
            assert refused.value.error is not None
            assert refused.value.error.code == NO_ACCESS
            assert (await client(sandbox, key).v1.accounts.list_async()).data == []


class TestAddresses:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/"),
            ("GET", "/v1"),
            ("GET", "/v1/nothing"),
            ("PUT", "/v1/accounts"),
            ("PATCH", "/v1/accounts/acct_1"),
            ("GET", "/v2/core/nothing"),
            ("GET", "/v1/accounts//"),
            ("GET", "/v1/account_links"),
            ("GET", "//v1/accounts"),
            ("GET", "/v1//accounts"),
            ("GET", "/V1/accounts"),
        ],
    )
    async def test_unrecognized(self, wire: Wire, method: str, path: str) -> None:
        answer = await wire.send(method, path)
        assert answer.status == 404
        assert answer.error["message"].startswith(
            f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs"
        )

    async def test_trailing_slash_gets_a_hint(self, wire: Wire) -> None:
        answer = await wire.send("GET", "/v1/accounts/")
        assert answer.status == 404
        assert "trailing slash" in answer.error["message"]

    async def test_unknown_url_needs_no_key(self, wire: Wire) -> None:
        wire.key = None
        assert (await wire.send("GET", "/v1/nothing")).status == 404


async def test_a_caller_who_went_away_has_done_nothing(sandbox: Sandbox, wire: Wire) -> None:
    async def receive() -> dict[str, object]:
        return parts.pop(0)

    async def send(message: object) -> None:
        sent.append(message)

    parts: list[dict[str, object]] = [
        {"type": "http.request", "body": b"type=express", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[object] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/accounts",
        "headers": [(b"authorization", f"Bearer {KEY}".encode())],
    }
    await sandbox.app(scope, receive, send)
    assert sent == []
    assert (await wire.send("GET", "/v1/accounts")).json["data"] == []


class TestHeaders:
    async def test_every_answer_has_an_id_and_a_version(self, wire: Wire) -> None:
        answer = await wire.send("GET", "/v1/accounts", stripe_version="2025-04-30.basil")
        assert answer.headers["request-id"].startswith("req_")
        assert answer.headers["stripe-version"] == "2025-04-30.basil"
        assert answer.headers["content-type"] == "application/json"
        other = await wire.send("GET", "/v1/accounts")
        assert other.headers["request-id"] != answer.headers["request-id"]
        assert other.headers["stripe-version"] == "2026-10-28.endive"

    @pytest.mark.parametrize("version", ["latest", "2025", "2025-04-30.", "x" * 300])
    async def test_bad_version(self, wire: Wire, version: str) -> None:
        answer = await wire.send("GET", "/v1/accounts", stripe_version=version)
        assert answer.status == 400
        assert answer.error["message"].startswith("Invalid Stripe API version: ")

    async def test_answers_are_printed_with_two_spaces(self, wire: Wire) -> None:
        answer = await wire.send("GET", "/v1/accounts")
        assert answer.body.decode() == json.dumps(answer.json, indent=2)
        assert answer.headers["content-length"] == str(len(answer.body))

    async def test_acting_account_is_echoed(self, wire: Wire) -> None:
        made = await wire.send("POST", "/v1/accounts", {"type": "express"})
        answer = await wire.send("GET", "/v1/account", stripe_account=made.json["id"])
        assert answer.json["id"] == made.json["id"]
        assert answer.headers["stripe-account"] == made.json["id"]

    async def test_acting_as_an_unknown_account(self, wire: Wire) -> None:
        answer = await wire.send("GET", "/v1/account", stripe_account="acct_nobody")
        assert answer.status == 403
        assert answer.error["code"] == NO_ACCESS
        assert answer.error["message"] == (
            "The provided key 'sk_test_**********dbox' does not have access to account "
            "'acct_nobody' (or that account does not exist). Application access may have been "
            "revoked."
        )


class TestErrors:
    async def test_say_where_they_are_logged(self, wire: Wire) -> None:
        answer = await wire.send("GET", "/v1/accounts?limit=0")
        now = wire.sandbox.clock.unix()
        assert answer.error["request_log_url"] == (
            f"https://dashboard.stripe.com/test/logs/{answer.headers['request-id']}?t={now}"
        )
        live = await Wire(wire.sandbox, key=LIVE_KEY).send("GET", "/v1/accounts?limit=0")
        assert live.error["request_log_url"].startswith("https://dashboard.stripe.com/logs/req_")

    async def test_not_before_the_key_is_known(self, wire: Wire) -> None:
        wire.key = None
        assert "request_log_url" not in (await wire.send("GET", "/v1/accounts")).error


class TestIdempotencyHeaders:
    async def test_first_and_replayed(self, wire: Wire) -> None:
        first = await wire.send("POST", "/v1/accounts", "type=express", idempotency_key="one")
        again = await wire.send("POST", "/v1/accounts", "type=express", idempotency_key="one")
        for answer in (first, again):
            assert answer.headers["idempotency-key"] == "one"
            assert answer.headers["original-request"] == first.headers["request-id"]
            assert answer.headers["stripe-should-retry"] == "false"
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["request-id"] != first.headers["request-id"]
        assert "idempotent-replayed" not in first.headers

    async def test_without_a_key(self, wire: Wire) -> None:
        answer = await wire.send("POST", "/v1/accounts", "type=express")
        for name in ("idempotency-key", "original-request", "stripe-should-retry"):
            assert name not in answer.headers


class TestOtherOrigins:
    async def test_answers_may_be_read_by_any_page(self, wire: Wire) -> None:
        answer = await wire.send("GET", "/v1/accounts", origin="https://shop.example")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Request-Id" in answer.headers["access-control-expose-headers"]

    async def test_preflight_needs_no_key(self, wire: Wire) -> None:
        wire.key = None
        answer = await wire.send(
            "OPTIONS",
            "/v1/accounts",
            origin="https://shop.example",
            access_control_request_headers="authorization",
        )
        assert (answer.status, answer.body) == (200, b"")
        assert answer.headers["access-control-allow-headers"] == "authorization"


class TestActing:
    async def test_by_context(self, wire: Wire) -> None:
        made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json["id"]
        answer = await wire.send("GET", "/v1/account", stripe_context=made)
        assert answer.json["id"] == made
        assert answer.headers["stripe-context"] == made
        unknown = await wire.send("GET", "/v1/account", stripe_context="acct_nobody")
        assert unknown.error["code"] == NO_ACCESS

    async def test_as_two_at_once(self, wire: Wire) -> None:
        answer = await wire.send(
            "GET", "/v1/account", stripe_context="acct_1", stripe_account="acct_2"
        )
        assert answer.status == 400


class TestBodies:
    @pytest.mark.parametrize(
        "headers",
        [
            {"content_type": "application/json"},
            {"content_type": "multipart/form-data; boundary=x"},
            {"content_type": "text/plain"},
            {"content_type": "application/x-www-form-urlencoded; charset=utf-16"},
            {"content_encoding": "gzip"},
        ],
        ids=str,
    )
    async def test_refused(self, wire: Wire, headers: dict[str, str]) -> None:
        answer = await wire.send("POST", "/v1/accounts", b"type=express", **headers)
        assert answer.status == 400
        assert answer.error["message"].startswith("Invalid request")
        assert (await wire.send("GET", "/v1/accounts")).json["data"] == []

    @pytest.mark.parametrize(
        "kind",
        [
            "application/x-www-form-urlencoded",
            "Application/X-WWW-Form-Urlencoded; Charset=UTF-8",
            "",
        ],
    )
    async def test_taken(self, wire: Wire, kind: str) -> None:
        answer = await wire.send("POST", "/v1/accounts", b"type=express", content_type=kind)
        assert answer.status == 200

    async def test_of_a_delete_is_read_and_of_a_get_is_not(self, wire: Wire) -> None:
        made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json["id"]
        kind = "application/x-www-form-urlencoded"
        seen = await wire.send("GET", f"/v1/accounts/{made}", b"limit=1", content_type=kind)
        assert seen.status == 200
        refused = await wire.send("DELETE", f"/v1/accounts/{made}", b"limit=1", content_type=kind)
        assert refused.error["code"] == "parameter_unknown"

    async def test_head_has_none(self, wire: Wire) -> None:
        answer = await wire.send("HEAD", "/v1/accounts")
        assert (answer.status, answer.body) == (404, b"")


class TestEncodedPaths:
    @pytest.mark.parametrize("path", ["/v1/accounts/acct_1%2Fpersons", "/v1/accounts/acct%201"])
    async def test_stay_one_id(self, wire: Wire, path: str) -> None:
        answer = await wire.send("GET", path)
        assert answer.status == 403
        assert answer.error["code"] == NO_ACCESS


async def test_same_seed_same_ids() -> None:
    ids = set()
    for _ in range(2):
        answer = await Wire(Sandbox(seed=7)).send("POST", "/v1/accounts", {"type": "express"})
        ids.add(answer.json["id"])
    other = await Wire(Sandbox(seed=8)).send("POST", "/v1/accounts", {"type": "express"})
    assert len(ids) == 1
    assert other.json["id"] not in ids


class BrokenClock(Clock):
    """A clock that fails with words that nobody may read."""

    def exact(self) -> float:
        raise RuntimeError("words that nobody may read")


async def test_a_fault_of_its_own_is_logged_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await Wire(Sandbox(clock=BrokenClock())).send("GET", "/v1/accounts")
    assert answer.status == 500
    assert answer.error["type"] == "api_error"
    assert "error=RuntimeError at=exact:" in caplog.text
    assert "nobody may read" not in caplog.text
