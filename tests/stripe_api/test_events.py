"""Does a webhook's label say which event it is and which account to read again?"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.errors import InputRefused, StripeUnavailable
from aboard.stripe_api.objects import EventHead, decode_event
from aboard.stripe_api.v1 import get_event
from tests.stripe_api.test_v1 import CannedStripe

AT = datetime.fromtimestamp(1_790_000_000, UTC)
SNAPSHOT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "account.updated",
    "account": "acct_1",
    "livemode": False,
    "created": 1_790_000_000,
    "api_version": "2026-10-28.endive",
    "data": {"object": {"id": "acct_1", "object": "account", "account": "acct_inside"}},
}
THIN: dict[str, Any] = {
    "id": "evt_test_2",
    "object": "v2.core.event",
    "type": "v2.core.account[requirements].updated",
    "livemode": True,
    "created": "2026-09-21T14:13:20.000Z",
    "related_object": {
        "id": "acct_2",
        "type": "v2.core.account",
        "url": "/v2/core/accounts/acct_2",
    },
}


def head(event: dict[str, Any], **changes: object) -> EventHead:
    return decode_event(json.dumps({**event, **changes}).encode())


def test_a_snapshot_events_label() -> None:
    assert head(SNAPSHOT) == EventHead(
        id="evt_1",
        type="account.updated",
        account="acct_1",
        livemode=False,
        created=AT,
        is_thin=False,
    )
    without = {name: value for name, value in SNAPSHOT.items() if name != "account"}
    assert head(without).account is None, "the platform's own event"


def test_a_thin_events_label() -> None:
    assert head(THIN) == EventHead(
        id="evt_test_2",
        type="v2.core.account[requirements].updated",
        account="acct_2",
        livemode=True,
        created=AT,
        is_thin=True,
    )
    assert head(THIN, created="2026-09-21T16:13:20+02:00").created == AT


@pytest.mark.parametrize(
    ("related", "context", "account"),
    [
        (
            {
                "id": "person_1",
                "type": "v2.core.account_person",
                "url": "/v2/core/accounts/acct_3/persons/person_1",
            },
            None,
            "acct_3",
        ),
        ({"id": "acct_4", "type": "account"}, "acct_9", "acct_4"),
        (None, "acct_5", "acct_5"),
        (None, "org_1/acct_6", "acct_6"),
        (None, "org_1", None),
        (None, None, None),
        ({"id": "tr_1", "type": "transfer", "url": "/v1/transfers/tr_1"}, "acct_7", "acct_7"),
    ],
)
def test_a_thin_event_names_its_account_in_one_of_three_places(
    related: object, context: str | None, account: str | None
) -> None:
    assert head(THIN, related_object=related, context=context).account == account


@pytest.mark.parametrize(
    "payload",
    [b"", b"{}", b"null", b"[]", b"\xff", b"[" * 10_000, json.dumps(SNAPSHOT).encode()[:-1]],
)
def test_what_is_not_an_event_is_refused(payload: bytes) -> None:
    with pytest.raises(InputRefused) as caught:
        decode_event(payload)
    assert caught.value.problems == (("body", "is not a Stripe event"),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", None),
        ("id", 7),
        ("type", None),
        ("livemode", "false"),
        ("livemode", None),
        ("created", None),
        ("created", -1),
        ("created", 10**15),
        ("created", "2026-09-21T14:13:20"),
        ("account", {"id": "acct_1"}),
    ],
)
def test_an_event_with_an_odd_field_is_refused(name: str, value: object) -> None:
    with pytest.raises(InputRefused):
        head(SNAPSHOT, **{name: value})


@given(payload=st.binary(max_size=50))
def test_no_payload_breaks_it(payload: bytes) -> None:
    with pytest.raises(InputRefused):
        decode_event(payload)


async def test_an_event_is_looked_up_and_must_be_the_one_asked_for() -> None:
    app = CannedStripe(SNAPSHOT)
    got = await get_event(app.client(), "evt_1", stripe_account="acct_1")
    assert got == head(SNAPSHOT)
    assert app.asked == [("GET", "/v1/events/evt_1", {})]
    for reply in ({**SNAPSHOT, "id": "evt_2"}, {"id": "evt_1"}):
        with pytest.raises(StripeUnavailable, match="garbage"):
            await get_event(CannedStripe(reply).client(), "evt_1")
