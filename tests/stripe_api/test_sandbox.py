"""Does our client agree with a Stripe that really keeps accounts? The sandbox, in this process."""

import json
from datetime import timedelta

import pytest

from aboard.core.account import AccountShape
from aboard.core.errors import AccountGone, StripeRefused
from aboard.core.links import Collect, LinkPurpose
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.sandbox import Sandbox
from aboard.stripe_api import v1
from aboard.stripe_api.client import Stripe
from aboard.stripe_api.in_process import AsgiClient

ORIGIN = "http://localhost:12111"
SHAPE = AccountShape(country="US", business_type="individual", email="seller@shop.example")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(seed=7, hosted_url=ORIGIN)


@pytest.fixture
def stripe(sandbox: Sandbox) -> Stripe:
    return client(sandbox, "sk_test_aboard_demo")


def client(sandbox: Sandbox, key: str) -> Stripe:
    http_client = AsgiClient({ORIGIN: sandbox.app})
    return Stripe(Secret(key), mode=Mode.TEST, api_base=ORIGIN, http_client=http_client)


async def create(stripe: Stripe, mark: str) -> v1.AccountRead:
    return await v1.create_account(
        stripe, SHAPE, metadata={"aboard_reservation": mark}, idempotency_key=f"create-{mark}"
    )


async def ask_for_link(
    stripe: Stripe, account_id: str, *, key: str, purpose: LinkPurpose = LinkPurpose.ONBOARDING
) -> v1.IssuedLink:
    return await v1.create_account_link(
        stripe,
        account_id=account_id,
        purpose=purpose,
        refresh_url="http://localhost:8000/refresh",
        return_url="http://localhost:8000/return",
        collect=Collect.CURRENTLY_DUE,
        idempotency_key=key,
    )


async def test_a_fresh_account_is_read_as_it_was_made(stripe: Stripe) -> None:
    made = await create(stripe, "one")
    snapshot = made.snapshot
    assert snapshot.stripe_account_id.startswith("acct_")
    assert (snapshot.country, snapshot.business_type) == ("US", "individual")
    assert (snapshot.account_type, snapshot.dashboard) == ("express", "express")
    assert not snapshot.charges_enabled
    assert not snapshot.payouts_enabled
    assert not snapshot.details_submitted
    assert set(snapshot.capabilities) == {"card_payments", "transfers"}
    assert "external_account" in snapshot.requirements.currently_due
    assert snapshot.requirements.disabled_reason is not None

    again = await v1.get_account(stripe, snapshot.stripe_account_id)
    assert again.snapshot == snapshot
    assert json.loads(again.raw)["metadata"] == {"aboard_reservation": "one"}


async def test_the_same_key_brings_the_same_account(stripe: Stripe) -> None:
    first, second, other = [await create(stripe, mark) for mark in ("one", "one", "two")]
    assert first.snapshot.stripe_account_id == second.snapshot.stripe_account_id
    assert first.snapshot.stripe_account_id != other.snapshot.stripe_account_id
    with pytest.raises(StripeRefused) as caught:
        await v1.create_account(
            stripe, AccountShape(country="US"), metadata={}, idempotency_key="create-one"
        )
    assert caught.value.error_type == "idempotency_error"


async def test_an_account_is_found_by_its_mark_among_many(sandbox: Sandbox, stripe: Stripe) -> None:
    since = sandbox.clock.now() - timedelta(minutes=1)
    made = [await create(stripe, str(n)) for n in range(103)]
    for wanted in (0, 50, 102):
        found = await v1.find_account_by_metadata(
            stripe, "aboard_reservation", str(wanted), created_since=since
        )
        assert found is not None
        assert found.snapshot == made[wanted].snapshot
    missing = await v1.find_account_by_metadata(
        stripe, "aboard_reservation", "other", created_since=since
    )
    assert missing is None
    later = sandbox.clock.now() + timedelta(minutes=1)
    nothing = await v1.find_account_by_metadata(
        stripe, "aboard_reservation", "0", created_since=later
    )
    assert nothing is None


async def test_links_end_in_300_seconds_and_follow_their_keys(
    sandbox: Sandbox, stripe: Stripe
) -> None:
    account_id = (await create(stripe, "one")).snapshot.stripe_account_id
    issued = await ask_for_link(stripe, account_id, key="link-1")
    assert issued.url.origin == ORIGIN
    left = issued.expires_at - sandbox.clock.now()
    assert timedelta(seconds=298) < left <= timedelta(seconds=300)
    assert (await ask_for_link(stripe, account_id, key="link-1")).url == issued.url
    assert (await ask_for_link(stripe, account_id, key="link-2")).url != issued.url


async def test_stripes_own_refusals_come_through(stripe: Stripe) -> None:
    account_id = (await create(stripe, "one")).snapshot.stripe_account_id
    with pytest.raises(StripeRefused, match="account_update"):
        await ask_for_link(stripe, account_id, key="link", purpose=LinkPurpose.UPDATE)
    with pytest.raises(StripeRefused, match="has not completed onboarding"):
        await v1.create_login_link(stripe, account_id, idempotency_key="door")


async def test_an_onboarded_account_has_a_door(stripe: Stripe) -> None:
    account_id = (await create(stripe, "one")).snapshot.stripe_account_id
    await stripe.request("post", f"/_sandbox/accounts/{account_id}/complete")
    snapshot = (await v1.get_account(stripe, account_id)).snapshot
    assert snapshot.charges_enabled
    assert snapshot.payouts_enabled
    assert snapshot.details_submitted
    assert snapshot.requirements.currently_due == ()
    url = await v1.create_login_link(stripe, account_id, idempotency_key="door")
    assert url.origin == ORIGIN


async def test_an_event_is_read_by_its_id(sandbox: Sandbox, stripe: Stripe) -> None:
    account_id = (await create(stripe, "one")).snapshot.stripe_account_id
    await stripe.request("post", f"/v1/accounts/{account_id}", {"metadata": {"a": "b"}})
    page = await stripe.request("get", "/v1/events", stripe_account=account_id)
    listed = json.loads(page.body)["data"][0]
    head = await v1.get_event(stripe, listed["id"], stripe_account=account_id)
    assert (head.id, head.type, head.account) == (listed["id"], listed["type"], account_id)
    assert (head.livemode, head.is_thin) == (False, False)
    assert abs(head.created - sandbox.clock.now()) < timedelta(seconds=5)


async def test_gone_is_said_in_every_way_stripe_says_it(sandbox: Sandbox, stripe: Stripe) -> None:
    account_id = (await create(stripe, "one")).snapshot.stripe_account_id
    stranger = client(sandbox, "sk_test_aboard_stranger")
    for unknowing, known in ((stripe, "acct_1NoSuchAccount00"), (stranger, account_id)):
        with pytest.raises(AccountGone):
            await v1.get_account(unknowing, known)
        with pytest.raises(AccountGone):
            await ask_for_link(unknowing, known, key="link")
        with pytest.raises(AccountGone):
            await v1.create_login_link(unknowing, known, idempotency_key="door")
        with pytest.raises(AccountGone):
            await v1.get_event(unknowing, "evt_1", stripe_account=known)
    await stripe.request("delete", f"/v1/accounts/{account_id}")
    with pytest.raises(AccountGone):
        await v1.get_account(stripe, account_id)
    with pytest.raises(AccountGone):
        await ask_for_link(stripe, account_id, key="another")


async def test_no_such_event_is_no_such_account(stripe: Stripe) -> None:
    with pytest.raises(StripeRefused) as caught:
        await v1.get_event(stripe, "evt_1NoSuchEvent")
    assert caught.value.error_code == "resource_missing"


async def test_a_key_that_is_none_is_refused_without_being_shown(sandbox: Sandbox) -> None:
    with pytest.raises(StripeRefused) as caught:
        await v1.get_account(client(sandbox, "not-a-key"), "acct_1")
    assert caught.value.status == 401
    assert "not-a-key" not in caught.value.message
