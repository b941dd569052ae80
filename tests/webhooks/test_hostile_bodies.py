"""Does anything that a signed body can hold stop the intake or the worker behind it?

Whoever has a signing secret may still send nonsense: a broken relay, a test, a thief. Over the
whole application: never a 5xx, never a fault in the log, and the worker goes on.
"""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.app import build_app
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.start import start_onboarding
from aboard.flows.sync import sync_due
from aboard.stripe_api.objects import decode_event
from tests.scene import REFRESH_URL, RETURN_URL, Scene
from tests.webhooks.posting import CONNECT, PLATFORM, event, post

# No number of examples here: `make prove` brings its own.
PATIENT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
THIN: dict[str, Any] = {
    "id": "evt_thin",
    "object": "v2.core.event",
    "type": "v1.account.updated",
    "created": "2026-11-21T09:00:00.000Z",
    "livemode": False,
    "context": "acct_1",
    "related_object": {"id": "acct_1", "type": "account", "url": "/v1/accounts/acct_1"},
}
SNAPSHOT: dict[str, Any] = {**json.loads(event()), "account": "acct_1"}
LONG = "x" * 300
TAKEN: dict[str, bytes] = {
    "an unknown type": event(type="something.unheard_of"),
    "an account of somebody else": event(account="acct_nobody"),
    "an account that is no account": event(account="../../accounts/acct_1?x=#"),
    "nothing but what is needed": b'{"id":"e","object":"event","type":"t","created":0,'
    b'"livemode":false}',
    "what nobody asked for": event(data={"object": {"id": "\x00\n"}}, more=[1e308, "\x00"]),
    "a key twice": b'{"id":"evt_a","id":"evt_b","object":"event","type":"t","created":1,'
    b'"livemode":false}',
    "the last moment": event(created=253_402_300_799),
    "a thin event of nothing": json.dumps(
        {**THIN, "related_object": None, "context": None}
    ).encode(),
    "a thin event with odd places": json.dumps(
        {
            **THIN,
            "related_object": {"id": "acct_\x00", "type": "\x00", "url": "/accounts/acct_\x00"},
            "context": "acct_" + LONG,
        }
    ).encode(),
}
REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"text",
    "JSON, but not an object": b'["evt_1"]',
    "another of Stripe's objects": event(object="charge"),
    "cut off": event()[:-1],
    "two documents": event() + event(),
    "NaN": event().replace(b"1795000000", b"NaN"),
    "infinity": event().replace(b"1795000000", b"1e999"),
    "a huge number": event().replace(b"1795000000", b"9" * 5_000),
    "a moment before all others": event(created=-1),
    "a moment after all others": event(created=253_402_300_800),
    "a fraction of a moment": event(created=1.5),
    "no moment": event(created="yesterday"),
    "year one, elsewhere": json.dumps({**THIN, "created": "0001-01-01T00:00:00+14:00"}).encode(),
    "year 9999, elsewhere": json.dumps({**THIN, "created": "9999-12-31T23:59:59-14:00"}).encode(),
    "before the epoch": json.dumps({**THIN, "created": "1969-12-31T23:59:59Z"}).encode(),
    "absurd depth": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "absurd depth inside": event()[:-1] + b',"x":' + b"[" * 60_000 + b"]" * 60_000 + b"}",
    "invalid UTF-8": event().replace(b"evt_1", b"evt_\xff"),
    "half a pair in the id": event("evt_\ud800"),
    "half a pair where nobody looks": event(data={"object": {"id": "\ud800"}}),
    "NUL in the id": event("evt_\x00"),
    "NUL in the type": event(type="account\x00"),
    "NUL in the account": event(account="acct_\x00"),
    "a line break in the id": event("evt_1\nevent.accepted"),
    "a line break at the end": event("evt_1\n"),
    "an empty id": event(""),
    "an id that is too long": event("evt_" + LONG),
    "a type that is too long": event(type=LONG),
    "an account that is too long": event(account="acct_" + LONG),
    "an id that is a number": event(id=7),
    "no mode": event(livemode=None),
    "a mode in words": event(livemode="true"),
    "the wrong mode": event(livemode=True),
}


@pytest.fixture
async def front(scene: Scene) -> AsyncIterator[httpx2.AsyncClient]:
    """Return somebody who posts to the whole application."""
    app: Any = build_app(scene.platform, scene.settings)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:4242") as client:
        yield client


def faults(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]


@pytest.mark.parametrize("name", TAKEN)
async def test_what_is_odd_but_an_event_is_taken(
    scene: Scene, front: httpx2.AsyncClient, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await post(scene, front, CONNECT, TAKEN[name])
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    assert len(await scene.platform.store.list_events()) == 1
    assert faults(caplog) == []


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_event_is_refused(
    scene: Scene, front: httpx2.AsyncClient, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await post(scene, front, CONNECT, REFUSED[name])
    assert answer.status_code == 400, answer.text
    assert await scene.platform.store.list_events() == ()
    assert faults(caplog) == []


async def test_the_worker_goes_on_after_all_of_it(
    scene: Scene, front: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    owner = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
    begun = await start_onboarding(
        scene.platform, owner, return_url=RETURN_URL, refresh_url=REFRESH_URL
    )
    while await sync_due(scene.platform):
        pass
    for payload in (*TAKEN.values(), *REFUSED.values()):
        await post(scene, front, CONNECT, payload)
        await post(scene, front, PLATFORM, payload)
    await scene.complete(begun.stripe_account_id)
    ours = event("evt_ours", account=begun.stripe_account_id)
    assert (await post(scene, front, CONNECT, ours)).status_code == 200
    assert await sync_due(scene.platform) == 1
    stored = await scene.platform.store.find_event("evt_ours", Mode.TEST)
    assert stored is not None
    assert stored.status.value == "processed"
    assert faults(caplog) == []


WORDS = st.one_of(
    st.sampled_from(["", "\x00", "\ud800", "evt_1", "acct_1", "event", "v2.core.event", LONG]),
    st.sampled_from(["acct_\x00", "a/acct_1", "2026-11-21T09:00:00Z", "0001-01-01T00:00:00+14:00"]),
    st.text(max_size=20),
)
NUMBERS = st.one_of(
    st.integers(), st.sampled_from([10**19, -(10**400), 2**63, 253_402_300_799]), st.floats()
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({*SNAPSHOT, *THIN})


@st.composite
def nearly_events(draw: st.DrawFn) -> bytes:
    """Return an event with a few fields replaced, and perhaps a few bytes."""
    document = dict(draw(st.sampled_from([SNAPSHOT, THIN])))
    document["id"] = draw(st.sampled_from(["evt_1", "evt_2", "evt_3"]))
    document |= draw(st.dictionaries(st.sampled_from(FIELDS) | WORDS, VALUES, max_size=3))
    if draw(st.booleans()) and isinstance(document.get("related_object"), dict):
        inner = st.dictionaries(st.sampled_from(["id", "type", "url"]), VALUES, max_size=3)
        document["related_object"] = {**document["related_object"], **draw(inner)}
    text = json.dumps(document).encode()
    if draw(st.integers(0, 3)) == 0:
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 4)))
        text = text[:start] + draw(st.binary(max_size=6)) + text[end:]
    return text


@PATIENT
@given(payload=nearly_events() | st.binary(max_size=200), path=st.sampled_from([CONNECT, PLATFORM]))
async def test_no_body_is_our_fault(
    scene: Scene,
    front: httpx2.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    payload: bytes,
    path: str,
) -> None:
    answer = await post(scene, front, path, payload)
    assert answer.status_code in {200, 400}, answer.text
    assert faults(caplog) == []
    if answer.status_code == 200:
        head = decode_event(payload)
        for word in (head.id, head.type, head.account or "acct"):
            assert word.isascii()
            assert word.isprintable()
            assert len(word) <= 255
        assert await scene.platform.store.find_event(head.id, Mode.TEST) is not None


@PATIENT
@given(
    headers=st.dictionaries(
        st.sampled_from(["stripe-signature", "content-type", "x-request-id", "content-encoding"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=60),
        max_size=4,
    )
)
async def test_no_header_is_our_fault(
    front: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    given_headers: Any = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = await front.post(CONNECT, content=event(), headers=given_headers)
    assert answer.status_code in {400, 415}, answer.text
    assert faults(caplog) == []
