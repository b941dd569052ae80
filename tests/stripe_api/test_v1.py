"""Are Stripe's v1 objects read as they are, and never as something they are not?"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aboard.core.account import AccountShape, Alternative, RequirementError
from aboard.core.errors import AccountGone, StripeUnavailable
from aboard.core.links import Collect, LinkPurpose
from aboard.core.owner import Mode
from aboard.stripe_api import v1
from aboard.stripe_api.client import Stripe
from aboard.stripe_api.in_process import AsgiClient, Message
from tests.stripe_api.wire import KEY

ORIGIN = "http://stripe.example"
SINCE = datetime(2026, 10, 28, tzinfo=UTC)
ACCOUNT: Mapping[str, Any] = {
    "id": "acct_1",
    "object": "account",
    "business_type": "company",
    "capabilities": {"card_payments": "active", "transfers": "pending"},
    "charges_enabled": True,
    "controller": {"type": "application", "stripe_dashboard": {"type": "express"}},
    "country": "US",
    "created": 1_790_000_000,
    "details_submitted": True,
    "future_requirements": {"currently_due": ["company.tax_id"], "current_deadline": None},
    "metadata": {"aboard_account": "a1"},
    "new_in_some_version": {"kept": [1, 2]},
    "payouts_enabled": False,
    "requirements": {
        "alternatives": [
            {
                "original_fields_due": ["business_profile.url"],
                "alternative_fields_due": ["business_profile.product_description"],
            }
        ],
        "current_deadline": 1_790_000_300,
        "currently_due": ["external_account", "company.tax_id"],
        "disabled_reason": "requirements.past_due",
        "errors": [
            {
                "code": "invalid_tax_id_format",
                "reason": "Nine digits.",
                "requirement": "company.tax_id",
            }
        ],
        "eventually_due": ["external_account", "company.tax_id", "company.phone"],
        "past_due": ["external_account"],
        "pending_verification": None,
    },
    "type": "express",
}

Reply = Callable[[str, dict[str, str]], object]


class CannedStripe:
    """An ASGI application that answers what it is told, for answers that Stripe should not give."""

    def __init__(self, reply: Reply | object) -> None:
        self.reply = reply
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        form = (await receive())["body"] or scope["query_string"]
        params = dict(parse_qsl(form.decode()))
        path = scope["raw_path"].decode()
        self.asked.append((scope["method"], path, params))
        reply = self.reply(path, params) if callable(self.reply) else self.reply
        content = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": content})

    def client(self) -> Stripe:
        return Stripe(KEY, mode=Mode.TEST, api_base=ORIGIN, http_client=AsgiClient({ORIGIN: self}))


async def read(reply: object) -> v1.AccountRead:
    return await v1.get_account(CannedStripe(reply).client(), "acct_1")


async def test_an_account_becomes_a_snapshot_and_keeps_its_bytes() -> None:
    got = await read(ACCOUNT)
    snapshot = got.snapshot
    assert snapshot.stripe_account_id == "acct_1"
    assert (snapshot.charges_enabled, snapshot.payouts_enabled) == (True, False)
    assert (snapshot.details_submitted, snapshot.generation) == (True, "v1")
    assert (snapshot.country, snapshot.business_type) == ("US", "company")
    assert (snapshot.account_type, snapshot.dashboard) == ("express", "express")
    assert snapshot.capabilities == {"card_payments": "active", "transfers": "pending"}
    due = snapshot.requirements
    assert due.currently_due == ("external_account", "company.tax_id")
    assert due.past_due == ("external_account",)
    assert due.eventually_due[-1] == "company.phone"
    assert due.pending_verification == ()
    assert due.errors == (
        RequirementError("invalid_tax_id_format", "Nine digits.", "company.tax_id"),
    )
    assert due.alternatives == (
        Alternative(("business_profile.url",), ("business_profile.product_description",)),
    )
    assert due.current_deadline == datetime.fromtimestamp(1_790_000_300, UTC)
    assert due.disabled_reason == "requirements.past_due"
    assert snapshot.future_requirements.currently_due == ("company.tax_id",)
    assert snapshot.future_requirements.current_deadline is None
    assert json.loads(got.raw) == ACCOUNT
    assert "kept" not in repr(got)


async def test_a_bare_account_is_enough_and_its_dashboard_follows_from_its_type() -> None:
    flags = {"charges_enabled": False, "payouts_enabled": False, "details_submitted": False}
    for account_type, dashboard in (
        ("standard", "full"),
        ("express", "express"),
        ("custom", "none"),
        ("none", None),
        (None, None),
    ):
        got = await read({"id": "acct_1", **flags, "type": account_type})
        assert got.snapshot.dashboard == dashboard
        assert got.snapshot.capabilities == {}
        assert got.snapshot.requirements.currently_due == ()


async def test_login_links_are_not_kept_because_a_bearer_url_may_stand_there() -> None:
    links = {"object": "list", "data": [{"url": "https://platform.example/MARK"}]}
    got = await read({**ACCOUNT, "login_links": links})
    assert b"MARK" not in got.raw
    assert json.loads(got.raw) == ACCOUNT


@pytest.mark.parametrize("flag", ["id", "charges_enabled", "payouts_enabled", "details_submitted"])
async def test_an_account_without_its_flags_is_garbage_not_a_default(flag: str) -> None:
    without = {name: value for name, value in ACCOUNT.items() if name != flag}
    for odd in (without, {**ACCOUNT, flag: None}, {**ACCOUNT, flag: "true"}, {**ACCOUNT, flag: 1}):
        with pytest.raises(StripeUnavailable, match="garbage"):
            await read(odd)


@settings(deadline=None)
@given(
    name=st.sampled_from(sorted(set(ACCOUNT) - {"id"})),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=4,
    ),
)
def test_whatever_one_field_holds_the_answer_is_read_or_refused(name: str, value: object) -> None:
    with suppress(StripeUnavailable):
        assert asyncio.run(read({**ACCOUNT, name: value})).snapshot.stripe_account_id == "acct_1"


@pytest.mark.parametrize("deadline", [-1, 10**20, "soon", 1.5, True])
async def test_a_deadline_outside_time_is_garbage(deadline: object) -> None:
    with pytest.raises(StripeUnavailable, match="garbage"):
        await read({**ACCOUNT, "requirements": {"current_deadline": deadline}})


async def test_somebody_elses_account_is_never_taken() -> None:
    with pytest.raises(StripeUnavailable, match="garbage"):
        await read({**ACCOUNT, "id": "acct_2"})


async def test_a_deleted_account_is_gone() -> None:
    with pytest.raises(AccountGone, match="deleted"):
        await read({"id": "acct_1", "object": "account", "deleted": True})
    assert (await read({**ACCOUNT, "metadata": {"deleted": "yes"}})).snapshot.charges_enabled


@pytest.mark.parametrize("odd_id", ["../accounts", "..", ".", "", "a/b", "a?b=c", "a#b", "\n", "ü"])
async def test_an_odd_id_stays_one_segment_of_the_path(odd_id: str) -> None:
    app = CannedStripe({**ACCOUNT, "id": odd_id, "url": "https://a.example/b"})
    await v1.get_account(app.client(), odd_id)
    await v1.create_login_link(app.client(), odd_id, idempotency_key="k")
    for _, path, _ in app.asked:
        assert re.fullmatch(r"/v1/accounts/[\w%]*(/login_links)?", path, re.ASCII)


async def test_creating_sends_the_shape_and_the_metadata() -> None:
    app = CannedStripe(ACCOUNT)
    shape = AccountShape(country="US", business_type="company", email="a@b.example")
    await v1.create_account(
        app.client(), shape, metadata={"aboard_account": "a1"}, idempotency_key="k"
    )
    controller = {
        "losses.payments": "application",
        "fees.payer": "application",
        "stripe_dashboard.type": "none",
        "requirement_collection": "application",
    }
    shape = AccountShape(type=None, controller=controller, capabilities=("transfers",))
    await v1.create_account(app.client(), shape, metadata={}, idempotency_key="k")
    assert app.asked == [
        (
            "POST",
            "/v1/accounts",
            {
                "type": "express",
                "country": "US",
                "business_type": "company",
                "email": "a@b.example",
                "capabilities[card_payments][requested]": "true",
                "capabilities[transfers][requested]": "true",
                "metadata[aboard_account]": "a1",
            },
        ),
        (
            "POST",
            "/v1/accounts",
            {
                "controller[losses][payments]": "application",
                "controller[fees][payer]": "application",
                "controller[stripe_dashboard][type]": "none",
                "controller[requirement_collection]": "application",
                "capabilities[transfers][requested]": "true",
            },
        ),
    ]


def pages(total: int) -> Reply:
    def reply(_path: str, params: dict[str, str]) -> object:
        assert params["created[gte]"] == str(int(SINCE.timestamp()))
        after = params.get("starting_after")
        start = 0 if after is None else int(after.removeprefix("acct_")) + 1
        end = min(start + int(params["limit"]), total)
        accounts = [
            {**ACCOUNT, "id": f"acct_{n}", "metadata": {"n": str(n)}} for n in range(start, end)
        ]
        return {"object": "list", "data": accounts, "has_more": end < total}

    return reply


@pytest.mark.parametrize(
    ("wanted", "requests"), [("0", 1), ("99", 1), ("100", 2), ("249", 3), ("250", 3)]
)
async def test_an_account_is_found_by_its_metadata_on_any_page(wanted: str, requests: int) -> None:
    app = CannedStripe(pages(250))
    got = await v1.find_account_by_metadata(app.client(), "n", wanted, created_since=SINCE)
    if wanted == "250":
        assert got is None
    else:
        assert got is not None
        assert got.snapshot.stripe_account_id == f"acct_{wanted}"
        assert json.loads(got.raw)["metadata"] == {"n": wanted}
    assert len(app.asked) == requests


@pytest.mark.parametrize(
    "reply",
    [
        {"data": [ACCOUNT], "has_more": True},
        {"data": [], "has_more": True},
        {"data": [7], "has_more": False},
        {"data": [{"id": "acct_1", "metadata": {"n": "x"}}], "has_more": False},
        {"data": ACCOUNT, "has_more": False},
        {"data": []},
    ],
    ids=["same page for ever", "no page", "numbers", "half an account", "no list", "no end"],
)
async def test_a_list_that_makes_no_sense_is_garbage(reply: object) -> None:
    app = CannedStripe(reply)
    with pytest.raises(StripeUnavailable, match="garbage"):
        await v1.find_account_by_metadata(app.client(), "n", "x", created_since=SINCE)
    assert len(app.asked) <= 2


async def link(reply: object) -> tuple[v1.IssuedLink, CannedStripe]:
    app = CannedStripe(reply)
    issued = await v1.create_account_link(
        app.client(),
        account_id="acct_1",
        purpose=LinkPurpose.UPDATE,
        refresh_url="https://platform.example/refresh?state=a&b=c",
        return_url="https://platform.example/return",
        collect=Collect.EVENTUALLY_DUE,
        idempotency_key="k",
    )
    return issued, app


async def test_a_link_is_a_bearer_url_with_an_end() -> None:
    url = "https://platform.example/hosted/MARK"
    issued, app = await link({"url": url, "expires_at": 1_790_000_300, "created": 1})
    assert issued.url.reveal() == url
    assert issued.expires_at == datetime.fromtimestamp(1_790_000_300, UTC)
    assert "MARK" not in repr(issued)
    assert app.asked[0] == (
        "POST",
        "/v1/account_links",
        {
            "account": "acct_1",
            "type": "account_update",
            "refresh_url": "https://platform.example/refresh?state=a&b=c",
            "return_url": "https://platform.example/return",
            "collection_options[fields]": "eventually_due",
        },
    )


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        7,
        "acct_1",
        "javascript:alert(1)",
        "//a.example/MARK",
        "https://a b",
        "https://a\nb",
        "https://",
        "https://ü.example",
    ],
)
async def test_a_link_that_is_no_web_address_is_garbage(url: object) -> None:
    with pytest.raises(StripeUnavailable, match="garbage") as caught:
        await link({"url": url, "expires_at": 1})
    assert "MARK" not in str(caught.value.__context__)
    with pytest.raises(StripeUnavailable, match="garbage"):
        await v1.create_login_link(
            CannedStripe({"url": url}).client(), "acct_1", idempotency_key="k"
        )


async def test_a_login_link_is_a_bearer_url() -> None:
    app = CannedStripe({"object": "login_link", "url": "https://platform.example/door"})
    url = await v1.create_login_link(app.client(), "acct_1", idempotency_key="k")
    assert url.reveal() == "https://platform.example/door"
    assert app.asked == [("POST", "/v1/accounts/acct_1/login_links", {})]
