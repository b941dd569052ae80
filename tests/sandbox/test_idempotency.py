"""Is a request with a key answered once, and its answer told again?"""

import asyncio

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import EXPRESS, LINK, LIVE_KEY, Wire


class TestIdempotency:
    async def test_replay(self, wire: Wire) -> None:
        first = await wire.send("POST", "/v1/accounts", {"type": "express"}, idempotency_key="k1")
        again = await wire.send("POST", "/v1/accounts", {"type": "express"}, idempotency_key="k1")
        assert again.json == first.json
        assert again.headers["idempotent-replayed"] == "true"
        assert "idempotent-replayed" not in first.headers
        assert first.headers["idempotency-key"] == "k1"
        assert len((await wire.send("GET", "/v1/accounts")).json["data"]) == 1

    async def test_order_of_parameters_does_not_matter(self, wire: Wire) -> None:
        one = await wire.send(
            "POST", "/v1/accounts", "type=express&country=US", idempotency_key="k"
        )
        two = await wire.send(
            "POST", "/v1/accounts", "country=US&type=express", idempotency_key="k"
        )
        assert one.json["id"] == two.json["id"]

    @pytest.mark.parametrize(
        ("path", "form", "account"),
        [
            ("/v1/accounts", {"type": "standard"}, ""),
            ("/v1/webhook_endpoints", {"type": "express"}, ""),
        ],
    )
    async def test_mismatch(
        self, wire: Wire, path: str, form: dict[str, str], account: str
    ) -> None:
        await wire.send("POST", "/v1/accounts", {"type": "express"}, idempotency_key="k1")
        answer = await wire.send("POST", path, form, idempotency_key="k1", stripe_account=account)
        assert answer.status == 400
        assert answer.error["type"] == "idempotency_error"
        assert "Try using a key other than 'k1'" in answer.error["message"]

    async def test_an_upload_may_have_another_boundary(self, wire: Wire) -> None:
        made = []
        for boundary in ("harbour", "lighthouse"):
            named = 'Content-Disposition: form-data; name="'
            body = (
                f'--{boundary}\r\n{named}purpose"\r\n\r\nidentity_document\r\n'
                f'--{boundary}\r\n{named}file"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n'
                f"--{boundary}--\r\n"
            )
            content_type = f"multipart/form-data; boundary={boundary}"
            made.append(
                await wire.send(
                    "POST", "/v1/files", body, idempotency_key="k", content_type=content_type
                )
            )
        assert made[0].status == 200
        assert made[0].json == made[1].json
        assert made[1].headers["idempotent-replayed"] == "true"

    async def test_validation_failures_are_not_kept(self, wire: Wire) -> None:
        bad = await wire.send("POST", "/v1/accounts", {"type": "none"}, idempotency_key="k1")
        assert bad.status == 400
        good = await wire.send("POST", "/v1/accounts", {"type": "express"}, idempotency_key="k1")
        assert good.status == 200

    async def test_refusals_after_validation_are_kept(self, wire: Wire) -> None:
        form = {**LINK, "account": "acct_nobody"}
        first = await wire.send("POST", "/v1/account_links", form, idempotency_key="k1")
        again = await wire.send("POST", "/v1/account_links", form, idempotency_key="k1")
        assert first.status == again.status == 400
        assert again.headers["idempotent-replayed"] == "true"

    async def test_worlds_do_not_share_keys(self, sandbox: Sandbox) -> None:
        form = {"type": "express"}
        one = await Wire(sandbox).send("POST", "/v1/accounts", form, idempotency_key="k1")
        two = await Wire(sandbox, LIVE_KEY).send("POST", "/v1/accounts", form, idempotency_key="k1")
        assert one.json["id"] != two.json["id"]

    async def test_a_day_later_it_is_a_new_request(self, sandbox: Sandbox, wire: Wire) -> None:
        form = {"type": "express"}
        one = await wire.send("POST", "/v1/accounts", form, idempotency_key="k1")
        sandbox.clock.advance(24 * 3600 - 1)
        two = await wire.send("POST", "/v1/accounts", form, idempotency_key="k1")
        sandbox.clock.advance(1)
        three = await wire.send("POST", "/v1/accounts", form, idempotency_key="k1")
        assert one.json["id"] == two.json["id"] != three.json["id"]

    async def test_too_long(self, wire: Wire) -> None:
        answer = await wire.send(
            "POST", "/v1/accounts", {"type": "express"}, idempotency_key="k" * 256
        )
        assert answer.status == 400

    async def test_get_and_delete_ignore_it(self, wire: Wire) -> None:
        made = await wire.send("POST", "/v1/accounts", {"type": "express"})
        path = f"/v1/accounts/{made.json['id']}"
        assert (await wire.send("GET", path, idempotency_key="k1")).status == 200
        assert (await wire.send("DELETE", path, idempotency_key="k1")).status == 200
        assert (await wire.send("DELETE", path, idempotency_key="k1")).status == 403

    async def test_in_use(self) -> None:
        wire = Wire(Sandbox(seed=1, latency_seconds=0.05))
        form = {"type": "express"}
        first, second = await asyncio.gather(
            wire.send("POST", "/v1/accounts", form, idempotency_key="k1"),
            wire.send("POST", "/v1/accounts", form, idempotency_key="k1"),
        )
        assert first.status == 200
        assert second.status == 409
        assert second.error["code"] == "idempotency_key_in_use"
        assert second.error["type"] == "idempotency_error"
        assert second.headers["stripe-should-retry"] == "true"
        third = await wire.send("POST", "/v1/accounts", form, idempotency_key="k1")
        assert third.json == first.json

    async def test_official_sdk_names_it(self, sdk: stripe.StripeClient) -> None:
        options: stripe.RequestOptions = {"idempotency_key": "k1"}
        await sdk.v1.accounts.create_async(EXPRESS, options)
        with pytest.raises(stripe.IdempotencyError):
            await sdk.v1.accounts.create_async({"type": "standard"}, options)
