"""What becomes of each thing that a provider, or somebody who is none, may post about a check?"""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.core.caller import Caller
from aboard.core.kyc import KycMethod, KycPolicy, KycProvider, KycStanding, KycStatus
from aboard.core.secret import Secret
from aboard.flows.creators import become_creator
from aboard.flows.kyc import decide_kyc, read_kyc, start_kyc
from aboard.flows.platform import Platform
from aboard.webhooks import build_webhooks
from tests.scene import Scene

PATH = "/v1/webhooks/kyc"
OLD = "whsec_" + base64.b64encode(b"old words, old words, old words").decode()
NEW = "whsec_" + base64.b64encode(b"new words, new words, new words").decode()
OTHER = "whsec_" + base64.b64encode(b"other words, other words, others").decode()
ADA = Caller("ada")
OPERATOR = Caller("ops", is_operator=True)


def sign(payload: bytes, message_id: str, stamp: str, secret: str) -> str:
    """Sign as the specification says, written down here once more: a library is under test."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{message_id}.{stamp}.".encode() + payload, "sha256")
    return f"v1,{base64.b64encode(mac).decode()}"


@dataclass
class Provider:
    """Somebody who decides who creators are, and tells by webhook."""

    scene: Scene
    platform: Platform
    client: httpx2.AsyncClient
    sent: int = 0

    async def begin(self) -> str:
        """Let Ada begin a check and return its session."""
        return (await start_kyc(self.platform, ADA)).session_id

    async def post(self, payload: bytes, **changes: Any) -> httpx2.Response:  # noqa: ANN401 - any header
        self.sent += 1
        message_id = changes.get("message_id", f"msg_{self.sent}")
        at: datetime = changes.get("at", self.scene.clock())
        stamp = changes.get("stamp", str(int(at.timestamp())))
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": stamp,
            "webhook-signature": sign(payload, message_id, stamp, changes.get("secret", NEW)),
            **changes.get("headers", {}),
        }
        kept = {name: value for name, value in headers.items() if value is not None}
        return await self.client.post(PATH, content=changes.get("body", payload), headers=kept)

    async def tell(
        self,
        session_id: str,
        status: str = "APPROVED",
        *,
        minutes: float = 0,
        **changes: Any,  # noqa: ANN401 - any header
    ) -> httpx2.Response:
        """Tell what was so that many minutes ago, or rather then."""
        news = {"sessionId": session_id, "status": status}
        if minutes:
            at = self.scene.clock() + timedelta(minutes=minutes)
            news["occurredAt"] = at.isoformat()
        return await self.post(json.dumps({**news, **changes.pop("more", {})}).encode(), **changes)

    async def standing(self) -> KycStanding:
        return await read_kyc(self.platform, ADA)

    async def status(self) -> KycStatus:
        return (await self.standing()).status

    @property
    def counts(self) -> dict[str, int]:
        return self.platform.journal.counts


Open = Callable[[Platform], Any]


@pytest.fixture
async def provider(scene: Scene) -> AsyncIterator[Provider]:
    access = KycProvider("idcheck", "https://id.example/{sessionId}", (Secret(NEW), Secret(OLD)))
    platform = scene.with_changes(kyc=KycPolicy(KycMethod.WEBHOOK), kyc_provider=access)
    await become_creator(platform, ADA)
    async with AsyncExitStack() as stack:
        transport = httpx2.ASGITransport(app=build_webhooks(platform))
        client = httpx2.AsyncClient(transport=transport, base_url="http://aboard.test")
        yield Provider(scene, platform, await stack.enter_async_context(client))


def assert_refused(answer: httpx2.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json().keys() == {"code", "message", "request_id"}
    assert answer.json()["code"] == code
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"


def assert_received(answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.json()) == (200, {"received": True}), answer.text


class TestRefusing:
    async def test_without_a_provider_there_is_no_such_path(
        self, poster: httpx2.AsyncClient
    ) -> None:
        assert_refused(await poster.post(PATH, content=b"{}"), 404, "not_found")

    async def test_another_method(self, provider: Provider) -> None:
        for method in ("GET", "PUT", "DELETE"):
            answer = await provider.client.request(method, PATH)
            assert_refused(answer, 405, "method_not_allowed")
            assert answer.headers["allow"] == "POST"

    async def test_a_body_that_is_too_large_before_its_signature_is_looked_at(
        self, provider: Provider
    ) -> None:
        answer = await provider.post(b"x" * 70_000, headers={"webhook-signature": None})
        assert_refused(answer, 413, "body_too_large")
        assert "kyc.refused" not in provider.counts

    @pytest.mark.parametrize(
        ("headers", "check"),
        [
            ({"webhook-id": None}, "missing_header"),
            ({"webhook-timestamp": None}, "missing_header"),
            ({"webhook-signature": None}, "missing_header"),
            ({"webhook-signature": ""}, "missing_header"),
            ({"webhook-timestamp": "now"}, "invalid_header"),
            ({"webhook-timestamp": "1e9"}, "invalid_header"),
            ({"webhook-timestamp": "-5"}, "invalid_header"),
            ({"webhook-timestamp": "01795000000"}, "invalid_header"),
            ({"webhook-timestamp": "9" * 400}, "invalid_header"),
            ({"webhook-timestamp": "999999999999"}, "invalid_header"),
            ({"webhook-id": "two words"}, "invalid_header"),
            ({"webhook-id": "x" * 300}, "invalid_header"),
            ({"webhook-signature": " ".join(["v1,AAAA"] * 30)}, "invalid_header"),
            ({"webhook-signature": "v1,AAAA"}, "no_matching_signature"),
            ({"webhook-signature": "v1"}, "no_matching_signature"),
            ({"webhook-signature": "v1,not base64 at all"}, "no_matching_signature"),
            ({"webhook-signature": "v1,"}, "no_matching_signature"),
            ({"webhook-id": "msg_another"}, "no_matching_signature"),
        ],
    )
    async def test_headers_that_do_not_hold_are_counted_by_their_check(
        self,
        provider: Provider,
        headers: dict[str, str],
        check: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level("INFO", "aboard")
        session_id = await provider.begin()
        assert_refused(await provider.tell(session_id, headers=headers), 400, "signature_refused")
        assert await provider.status() is KycStatus.PENDING
        assert provider.counts["kyc.refused"] == 1
        assert f"kyc.refused check={check}" in caplog.text
        assert session_id not in caplog.text

    async def test_a_foreign_secret_and_a_changed_body(self, provider: Provider) -> None:
        session_id = await provider.begin()
        answer = await provider.tell(session_id, secret=OTHER)
        assert_refused(answer, 400, "signature_refused")
        rejected = json.dumps({"sessionId": session_id, "status": "REJECTED"}).encode()
        answer = await provider.tell(session_id, body=rejected)
        assert_refused(answer, 400, "signature_refused")
        assert await provider.status() is KycStatus.PENDING

    @pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400 * 365])
    async def test_a_message_from_too_long_ago_or_from_a_time_to_come(
        self, provider: Provider, seconds: int
    ) -> None:
        session_id = await provider.begin()
        at = provider.scene.clock() + timedelta(seconds=seconds)
        assert_refused(await provider.tell(session_id, at=at), 400, "signature_refused")
        assert await provider.status() is KycStatus.PENDING

    @pytest.mark.parametrize(
        "payload",
        [
            b"",
            b"[]",
            b"nothing",
            b'{"sessionId": "x"}',
            b'{"sessionId": "x", "status": "NOT_STARTED"}',
            b'{"sessionId": "x", "status": "approved"}',
            b'{"sessionId": "", "status": "APPROVED"}',
            b'{"sessionId": "\\ud800", "status": "APPROVED"}',
            b'{"sessionId": "x", "status": "APPROVED", "occurredAt": "yesterday"}',
            b'{"sessionId": "x", "status": "APPROVED", "occurredAt": "2026-11-21T09:00:00"}',
            b'{"sessionId": "x", "status": "APPROVED", "occurredAt": "2999-01-01T00:00:00Z"}',
            b'{"sessionId": "x", "status": "APPROVED", "occurredAt": "0001-01-01T00:00:00+10:00"}',
            b'{"sessionId": "x", "status": "APPROVED", "providerId": 5}',
        ],
    )
    async def test_what_is_signed_and_no_news(self, provider: Provider, payload: bytes) -> None:
        answer = await provider.post(payload)
        code = "invalid_request"
        assert_refused(answer, 400, code)

    async def test_bytes_that_are_no_text(self, provider: Provider) -> None:
        assert_refused(await provider.post(b"\xff\xfe"), 400, "signature_refused")


class TestHearing:
    async def test_the_story(self, provider: Provider) -> None:
        session_id = await provider.begin()
        assert_received(await provider.tell(session_id, "PENDING", more={"providerId": "chk_1"}))
        assert await provider.status() is KycStatus.PENDING
        assert_received(await provider.tell(session_id, minutes=-2, more={"x": {"own": 1}}))
        standing = await provider.standing()
        assert (standing.status, standing.provider, standing.provider_id) == (
            KycStatus.APPROVED,
            "idcheck",
            "chk_1",
        )
        assert standing.completed_at == provider.scene.clock() - timedelta(minutes=2)
        actors = [(row.actor, row.action, row.outcome) for row in await audit(provider)]
        assert actors[0] == ("provider", "kyc.news", "APPROVED")

    async def test_every_secret_of_a_rotation_and_several_signatures(
        self, provider: Provider
    ) -> None:
        session_id = await provider.begin()
        assert_received(await provider.tell(session_id, "REJECTED", secret=OLD))
        payload = json.dumps({"sessionId": session_id, "status": "APPROVED"}).encode()
        provider.scene.clock.advance(timedelta(seconds=9))
        stamp = str(int(provider.scene.clock().timestamp()))
        several = f"v1a,xyz v1,AAAA {sign(payload, 'msg_x', stamp, NEW)}"
        answer = await provider.post(
            payload, message_id="msg_x", headers={"webhook-signature": several}
        )
        assert_received(answer)
        assert await provider.status() is KycStatus.APPROVED

    async def test_a_message_counts_once(self, provider: Provider) -> None:
        session_id = await provider.begin()
        for _ in range(3):
            assert_received(await provider.tell(session_id, message_id="msg_same"))
        assert (provider.counts["kyc.changed"], provider.counts["kyc.duplicated"]) == (1, 2)
        assert len([row for row in await audit(provider) if row.action == "kyc.news"]) == 1

    async def test_a_session_that_nobody_waits_for_looks_like_any_other(
        self, provider: Provider
    ) -> None:
        known = await provider.tell(await provider.begin())
        unknown = await provider.tell("kyc_unheard_of")
        assert_received(unknown)
        assert unknown.content == known.content
        assert provider.counts["kyc.ignored"] == 1

    async def test_the_same_news_in_every_order_end_alike(self, provider: Provider) -> None:
        told = [("PENDING", -1.0), ("REJECTED", -9.0), ("APPROVED", -5.0), ("EXPIRED", -7.0)]
        for order in permutations(told):
            session_id = await provider.begin()
            for status, minutes in order:
                assert_received(await provider.tell(session_id, status, minutes=minutes))
            assert await provider.status() is KycStatus.APPROVED, order
            await decide_kyc(provider.platform, OPERATOR, "ada", KycStatus.EXPIRED)
            provider.scene.clock.advance(timedelta(hours=1))

    async def test_an_older_attempts_news_change_nothing(self, provider: Provider) -> None:
        first = await provider.begin()
        await provider.tell(first, "REJECTED")
        second = await provider.begin()
        assert second != first
        provider.scene.clock.advance(timedelta(minutes=1))
        assert_received(await provider.tell(first, "APPROVED"))
        assert await provider.status() is KycStatus.PENDING

    async def test_many_at_once_of_one_session(self, provider: Provider) -> None:
        session_id = await provider.begin()
        answers = await asyncio.gather(
            *(
                provider.tell(
                    session_id, ("APPROVED", "REJECTED")[number % 2], minutes=-1 - number / 10
                )
                for number in range(30)
            )
        )
        for answer in answers:
            assert_received(answer)
        # The one that was so last was number 0.
        assert await provider.status() is KycStatus.APPROVED

    async def test_without_a_database_it_may_come_again(self, provider: Provider) -> None:
        session_id = await provider.begin()
        await provider.platform.store.close()
        answer = await provider.tell(session_id)
        assert_refused(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "5"


async def audit(provider: Provider) -> Any:  # noqa: ANN401 - rows
    return await provider.platform.store.list_audit()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    body=st.dictionaries(
        st.sampled_from(["sessionId", "status", "providerId", "occurredAt", "x"]),
        JSON
        | st.sampled_from(
            ["APPROVED", "kyc_1", "2026-11-21T09:00:00Z", "9999-12-31T00:00:00-14:00"]
        ),
    )
    | JSON,
    message_id=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20),
)
async def test_whatever_is_signed_is_no_fault_of_ours(
    provider: Provider,
    body: Any,  # noqa: ANN401 - any JSON
    message_id: str,
) -> None:
    answer = await provider.post(json.dumps(body).encode(), message_id=message_id)
    assert answer.status_code in {200, 400}, answer.text
    assert answer.headers["x-request-id"]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=st.sampled_from(
        ["webhook-id", "webhook-timestamp", "webhook-signature", "content-length", "x-request-id"]
    ),
    value=st.binary(max_size=40),
)
async def test_whatever_the_headers_hold(provider: Provider, name: str, value: bytes) -> None:
    answer = await provider.tell("kyc_1", headers={name: value})
    assert answer.status_code in {200, 400, 413}, answer.text
