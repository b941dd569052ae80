"""What becomes of each thing that may be posted to the two endpoints?"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.correlation import REQUEST_ID
from aboard.flows.endpoint import Endpoint
from aboard.flows.meter import Measure
from aboard.flows.platform import Switches
from aboard.webhooks import build_webhooks
from tests.scene import CONNECT_SECRET, Scene
from tests.webhooks.posting import (
    CONNECT,
    PLATFORM,
    SECRETS,
    Told,
    assert_refused,
    counted,
    event,
    pieces,
    post,
    scope_of,
    sign,
)

BOTH = pytest.mark.parametrize("path", [PLATFORM, CONNECT])


async def stored(scene: Scene) -> list[str]:
    return [row.id for row in await scene.platform.store.list_events()]


class TestAccepting:
    @BOTH
    async def test_the_receipt(self, scene: Scene, poster: httpx2.AsyncClient, path: str) -> None:
        answer = await post(scene, poster, path, event())
        assert (answer.status_code, answer.json()) == (200, {"received": True})
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-request-id"]
        row = await scene.platform.store.find_event("evt_1", Mode.TEST)
        assert row is not None
        assert row.endpoint == ("platform" if path == PLATFORM else "connect")

    async def test_it_is_on_the_disk_before_the_answer(
        self, scene: Scene, poster: httpx2.AsyncClient, tmp_path: Path
    ) -> None:
        await post(scene, poster, CONNECT, event())
        with closing(sqlite3.connect(tmp_path / "aboard.sqlite3")) as beside:
            rows = beside.execute("SELECT count(*) FROM events").fetchone()
        assert rows == (1,)

    async def test_its_lines_name_the_request(
        self, scene: Scene, poster: httpx2.AsyncClient
    ) -> None:
        named: list[str] = []

        class Listening(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                named.append(f"{REQUEST_ID.get()} {record.getMessage().partition(' ')[0]}")

        ear, log = Listening(), logging.getLogger("aboard")
        log.addHandler(ear)
        before = log.level
        log.setLevel(logging.INFO)
        try:
            await post(scene, poster, CONNECT, event(), headers={"x-request-id": "req-7"})
        finally:
            log.removeHandler(ear)
            log.setLevel(before)
        assert named == ["req-7 event.accepted"]
        assert REQUEST_ID.get() == ""

    async def test_a_duplicate_is_received_too(
        self, scene: Scene, poster: httpx2.AsyncClient
    ) -> None:
        for _ in range(3):
            answer = await post(scene, poster, CONNECT, event())
            assert answer.json() == {"received": True}
        assert await stored(scene) == ["evt_1"]
        counts = scene.platform.journal.counts
        assert (counts["event.accepted"], counts["event.duplicated"]) == (1, 2)
        endpoint, mode = ("endpoint", "connect"), ("mode", "test")
        assert counted(scene, "events_accepted") == {
            (endpoint, mode, ("outcome", "new")): 1,
            (endpoint, mode, ("outcome", "duplicate")): 2,
        }
        [(labels, spread)] = [
            (labels, spread)
            for measure, labels, spread in scene.platform.meter.spreads()
            if measure is Measure.EVENT_ACKNOWLEDGED
        ]
        assert labels == (endpoint, mode)
        assert (spread.count, 0 < spread.total_seconds < 60) == (3, True)

    async def test_many_at_once(self, scene: Scene, poster: httpx2.AsyncClient) -> None:
        posts = (post(scene, poster, CONNECT, event(f"evt_{n % 40}")) for n in range(50))
        assert {answer.status_code for answer in await asyncio.gather(*posts)} == {200}
        assert len(await stored(scene)) == 40

    async def test_an_unknown_type_is_received(
        self, scene: Scene, poster: httpx2.AsyncClient
    ) -> None:
        payload = event(type="something.unheard_of", account="acct_nobody")
        assert (await post(scene, poster, CONNECT, payload)).status_code == 200

    async def test_a_trailing_slash_is_the_same_path(
        self, scene: Scene, poster: httpx2.AsyncClient
    ) -> None:
        payload = event()
        header = sign(payload, CONNECT_SECRET, scene.clock())
        answer = await poster.post(
            f"{CONNECT}/", content=payload, headers={"stripe-signature": header}
        )
        assert answer.status_code == 200

    async def test_the_request_id_is_kept(self, poster: httpx2.AsyncClient) -> None:
        for sent, kept in (("a.B-c_1", True), ("a b", False), ("x" * 129, False)):
            answer = await poster.get(PLATFORM, headers={"x-request-id": sent})
            assert (answer.headers["x-request-id"] == sent) is kept


class TestSignatures:
    @BOTH
    async def test_each_check_is_counted_and_nothing_is_stored(
        self, scene: Scene, poster: httpx2.AsyncClient, path: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        payload, now = event(), scene.clock()
        other = SECRETS[CONNECT if path == PLATFORM else PLATFORM]
        cases: Mapping[str, list[dict[str, Any]]] = {
            "missing_header": [{"header": None}, {"header": ""}],
            "invalid_header": [{"header": "nonsense"}, {"header": "t=x,v1=y"}],
            "no_matching_signature": [
                {"secret": "whsec_wrong_words"},
                {"secret": other},
                {"body": payload[:-1]},  # truncated on its way
                {"body": payload + b" "},
                {"body": b""},
            ],
            "timestamp_out_of_tolerance": [
                {"at": now - timedelta(seconds=301)},
                {"at": now + timedelta(seconds=301)},
            ],
        }
        for check, changes in cases.items():
            for change in changes:
                caplog.clear()
                answer = await post(scene, poster, path, payload, **change)
                assert_refused(answer, 400, "signature_refused")
                assert f"check={check}" in caplog.text
                assert check not in answer.text
        assert scene.platform.journal.counts["event.refused"] == sum(map(len, cases.values()))
        endpoint = "platform" if path == PLATFORM else "connect"
        assert counted(scene, "events_refused") == {
            (("endpoint", endpoint), ("reason", check)): len(changes)
            for check, changes in cases.items()
        }
        assert await stored(scene) == []

    async def test_the_edges_of_the_tolerance_hold(
        self, scene: Scene, poster: httpx2.AsyncClient
    ) -> None:
        for number, seconds in enumerate((-300, 300)):
            at = scene.clock() + timedelta(seconds=seconds)
            answer = await post(scene, poster, CONNECT, event(f"evt_{number}"), at=at)
            assert answer.status_code == 200

    async def test_either_of_two_secrets_while_one_is_rotated(self, scene: Scene) -> None:
        both = (Secret("whsec_new_words"), Secret("whsec_old_words"))
        platform = scene.with_changes(webhook_secrets={(Endpoint.CONNECT, Mode.TEST): both})
        transport = httpx2.ASGITransport(app=build_webhooks(platform))
        async with httpx2.AsyncClient(transport=transport, base_url="http://a.test") as poster:
            for number, secret in enumerate(("whsec_new_words", "whsec_old_words")):
                answer = await post(scene, poster, CONNECT, event(f"evt_{number}"), secret=secret)
                assert answer.status_code == 200

    async def test_with_both_modes_the_reason_is_that_of_the_secret_that_signed(
        self, scene: Scene, caplog: pytest.LogCaptureFixture
    ) -> None:
        secrets = {
            (Endpoint.CONNECT, Mode.TEST): (Secret(CONNECT_SECRET),),
            (Endpoint.CONNECT, Mode.LIVE): (Secret("whsec_live_words"),),
        }
        platform = scene.with_changes(webhook_secrets=secrets)
        transport = httpx2.ASGITransport(app=build_webhooks(platform))
        late = scene.clock() - timedelta(seconds=301)
        async with httpx2.AsyncClient(transport=transport, base_url="http://a.test") as poster:
            for secret in (CONNECT_SECRET, "whsec_live_words"):
                caplog.clear()
                await post(scene, poster, CONNECT, event(), secret=secret, at=late)
                assert "check=timestamp_out_of_tolerance" in caplog.text
            # A live Connect endpoint is told of test accounts too.
            for number, livemode in enumerate((True, False)):
                payload = event(f"evt_{number}", livemode=livemode)
                answer = await post(scene, poster, CONNECT, payload, secret="whsec_live_words")
                assert answer.status_code == 200
        assert await scene.platform.store.find_event("evt_0", Mode.LIVE) is not None
        assert await scene.platform.store.find_event("evt_1", Mode.TEST) is not None

    async def test_without_any_secret_nothing_is_taken(self, scene: Scene) -> None:
        platform = scene.with_changes(webhook_secrets={})
        transport = httpx2.ASGITransport(app=build_webhooks(platform))
        async with httpx2.AsyncClient(transport=transport, base_url="http://a.test") as poster:
            answer = await post(scene, poster, CONNECT, event(), secret="")
            assert_refused(answer, 400, "signature_refused")

    async def test_two_headers_are_not_chosen_between(
        self, scene: Scene, caplog: pytest.LogCaptureFixture
    ) -> None:
        payload = event()
        good = (b"stripe-signature", sign(payload, CONNECT_SECRET, scene.clock()).encode())
        for headers in ([good, good], [good, (b"stripe-signature", b"t=1,v1=a")]):
            caplog.clear()
            told = Told()
            scope = scope_of(CONNECT, headers)
            await build_webhooks(scene.platform)(scope, pieces(payload), told.send)
            assert (told.status, told.code) == (400, "signature_refused")
            assert "check=invalid_header" in caplog.text

    async def test_a_test_secret_signs_no_live_event(
        self, scene: Scene, poster: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = await post(scene, poster, CONNECT, event(livemode=True))
        assert_refused(answer, 400, "signature_refused")
        assert "check=mode_mismatch" in caplog.text
        assert await stored(scene) == []

    async def test_signed_but_not_an_event(self, scene: Scene, poster: httpx2.AsyncClient) -> None:
        for payload in (b"", b"{}", b"[]", b"text", b"\xff", b'{"id":7}'):
            assert_refused(await post(scene, poster, CONNECT, payload), 400, "invalid_request")
        labels = (("endpoint", "connect"), ("reason", "not_an_event"))
        assert counted(scene, "events_refused") == {labels: 6}
        assert scene.platform.journal.counts["event.refused"] == 6


class TestThePost:
    @BOTH
    async def test_another_method(self, poster: httpx2.AsyncClient, path: str) -> None:
        for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS"):
            answer = await poster.request(method, path)
            assert answer.status_code == 405
            assert answer.headers["allow"] == "POST"

    async def test_another_path(self, poster: httpx2.AsyncClient) -> None:
        for path in ("/v1/webhooks", "/v1/webhooks/stripe/else", "/", "/v1/webhooks//stripe"):
            assert_refused(await poster.post(path), 404, "not_found")

    @pytest.mark.parametrize(
        "kind",
        [None, "", "application/json", "application/json; charset=utf-8", "Application/JSON;x=y"],
    )
    async def test_json_by_its_own_word_or_without_one(
        self, scene: Scene, poster: httpx2.AsyncClient, kind: str | None
    ) -> None:
        headers = {} if kind is None else {"content-type": kind}
        answer = await post(scene, poster, CONNECT, event(), headers=headers)
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "kind",
        ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", ";"],
    )
    async def test_another_kind_of_content_is_refused_unread(
        self, scene: Scene, poster: httpx2.AsyncClient, kind: str
    ) -> None:
        headers = {"content-type": kind}
        answer = await post(scene, poster, CONNECT, event(), headers=headers)
        assert_refused(answer, 415, "unsupported_media_type")
        assert answer.headers["connection"] == "close"
        assert await stored(scene) == []
        labels = (("endpoint", "connect"), ("reason", "unsupported_media_type"))
        assert counted(scene, "events_refused") == {labels: 1}

    async def test_the_first_check_that_fails_is_the_answer(self, scene: Scene) -> None:
        app = build_webhooks(scene.platform)
        large = (b"content-length", b"99999999")
        other = (b"content-type", b"text/plain")
        for headers, status in ([other, large], 415), ([large], 413), ([], 400):
            told = Told()
            await app(scope_of(CONNECT, headers), pieces(b"text"), told.send)
            assert told.status == status

    async def test_too_large_by_its_own_word(self, poster: httpx2.AsyncClient) -> None:
        answer = await poster.post(CONNECT, content=b" " * ((1 << 20) + 1))
        assert_refused(answer, 413, "body_too_large")

    async def test_too_large_without_a_word(self, poster: httpx2.AsyncClient) -> None:
        taken = 0

        async def chunks() -> AsyncIterator[bytes]:
            nonlocal taken
            for _ in range(1000):
                taken += 1
                yield b" " * 100_000

        assert_refused(await poster.post(CONNECT, content=chunks()), 413, "body_too_large")
        assert taken < 15

    async def test_in_pieces(self, scene: Scene, poster: httpx2.AsyncClient) -> None:
        payload = event()
        header = sign(payload, CONNECT_SECRET, scene.clock())

        async def chunks() -> AsyncIterator[bytes]:
            for place in range(0, len(payload), 7):
                yield payload[place : place + 7]

        answer = await poster.post(CONNECT, content=chunks(), headers={"stripe-signature": header})
        assert answer.status_code == 200

    async def test_broken_off_in_the_middle(self, scene: Scene) -> None:
        payload = event()
        header = sign(payload, CONNECT_SECRET, scene.clock()).encode()
        coming: list[dict[str, Any]] = [
            {"type": "http.request", "body": payload[:20], "more_body": True},
            {"type": "http.disconnect"},
        ]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return coming.pop(0)

        async def send(message: Any) -> None:  # noqa: ANN401 - any message
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": CONNECT,
            "headers": [(b"stripe-signature", header)],
        }
        await build_webhooks(scene.platform)(scope, receive, send)
        assert sent == []
        assert await stored(scene) == []

    async def test_switched_off(self, scene: Scene) -> None:
        platform = scene.with_changes(switches=Switches(webhooks=False))
        transport = httpx2.ASGITransport(app=build_webhooks(platform))
        async with httpx2.AsyncClient(transport=transport, base_url="http://a.test") as poster:
            answer = await post(scene, poster, CONNECT, event())
        assert_refused(answer, 503, "features.webhooks_disabled")
        assert int(answer.headers["retry-after"]) > 0

    async def test_a_database_that_is_away_lets_stripe_ring_again(
        self, scene: Scene, poster: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        await scene.platform.store.close()
        answer = await post(scene, poster, CONNECT, event())
        assert_refused(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "5"
        assert f"request_id={answer.headers['x-request-id']}" in caplog.text
        assert "error_code=store.unavailable cause=closed" in caplog.text


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.binary(max_size=100),
    header=st.binary(max_size=60) | st.just(b"t=1,v1=" + b"a" * 64),
    path=st.sampled_from([PLATFORM, CONNECT]),
)
async def test_nothing_unsigned_is_ever_taken(
    poster: httpx2.AsyncClient, body: bytes, header: bytes, path: str
) -> None:
    headers: Any = {"stripe-signature": header}
    answer = await poster.post(path, content=body, headers=headers)
    assert_refused(answer, 400, "signature_refused")
