"""Whose key is it, what opens embedded components, and how does an account end?"""

from datetime import timedelta

import pytest

from aboard.core.account import AccountShape
from aboard.core.errors import AccountGone, StripeRefused, StripeUnavailable
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.sandbox import Sandbox
from aboard.stripe_api import v1
from aboard.stripe_api.client import CONNECT_BASE, Stripe
from aboard.stripe_api.in_process import AsgiClient
from tests.stripe_api.test_v1 import CannedStripe

ORIGIN = "http://localhost:12111"
KEY = "sk_test_aboard_endings"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(seed=7, hosted_url=ORIGIN)


@pytest.fixture
def stripe(sandbox: Sandbox) -> Stripe:
    return client(sandbox)


def client(sandbox: Sandbox, key: str = KEY, mode: Mode = Mode.TEST) -> Stripe:
    return Stripe(
        Secret(key),
        mode=mode,
        api_base=ORIGIN,
        connect_base=ORIGIN,
        http_client=AsgiClient({ORIGIN: sandbox.app}),
        max_retries=0,
    )


async def create(stripe: Stripe, account_type: str = "express") -> str:
    wanted = () if account_type == "standard" else ("transfers",)
    made = await v1.create_account(
        stripe,
        AccountShape(type=account_type, country="US", capabilities=wanted),
        metadata={},
        idempotency_key=f"create-{account_type}",
    )
    return made.snapshot.stripe_account_id


async def test_a_key_says_whose_it_is_and_is_asked_once(sandbox: Sandbox, stripe: Stripe) -> None:
    world = sandbox.world(KEY)
    assert await v1.get_own_account_id(stripe) == world.platform.id
    app = CannedStripe({"id": "acct_own", "object": "account"})
    asked = app.client()
    assert [await v1.get_own_account_id(asked) for _ in range(3)] == ["acct_own"] * 3
    assert app.asked == [("GET", "/v1/account", {})]
    other = client(sandbox, "sk_test_aboard_elsewhere")
    assert await v1.get_own_account_id(other) != world.platform.id


async def test_a_key_without_an_account_is_garbage_and_asked_again() -> None:
    app = CannedStripe({"object": "account"})
    asked = app.client()
    for _ in range(2):
        with pytest.raises(StripeUnavailable, match="garbage"):
            await v1.get_own_account_id(asked)
    assert len(app.asked) == 2


async def test_a_session_opens_the_components_asked_for(sandbox: Sandbox, stripe: Stripe) -> None:
    account_id = await create(stripe)
    issued = await v1.create_account_session(
        stripe, account_id, ("account_onboarding", "payouts"), "session-1"
    )
    assert issued.client_secret.reveal().startswith("accs_secret_")
    assert issued.client_secret.reveal() not in repr(issued)
    assert issued.expires_at > sandbox.clock.now() + timedelta(minutes=1)
    again = await v1.create_account_session(
        stripe, account_id, ("account_onboarding", "payouts"), "session-1"
    )
    assert again == issued
    other = await v1.create_account_session(stripe, account_id, ("payouts",), "session-2")
    assert other.client_secret != issued.client_secret


async def test_a_session_is_asked_for_as_stripe_wants_it() -> None:
    app = CannedStripe({"client_secret": "accs_secret_words", "expires_at": 1_790_000_300})
    await v1.create_account_session(app.client(), "acct_1", ("payments", "payouts"), "k")
    assert app.asked == [
        (
            "POST",
            "/v1/account_sessions",
            {
                "account": "acct_1",
                "components[payments][enabled]": "true",
                "components[payouts][enabled]": "true",
            },
        )
    ]


@pytest.mark.parametrize(
    "reply",
    [
        {"expires_at": 1},
        {"client_secret": "", "expires_at": 1},
        {"client_secret": 7, "expires_at": 1},
        {"client_secret": "accs_secret_MARK", "expires_at": "soon"},
    ],
)
async def test_a_session_without_its_secret_is_garbage(reply: object) -> None:
    with pytest.raises(StripeUnavailable, match="garbage") as caught:
        await v1.create_account_session(CannedStripe(reply).client(), "acct_1", ("payouts",), "k")
    assert "MARK" not in str(caught.value.__context__)


async def test_stripes_refusals_of_sessions_come_through(sandbox: Sandbox, stripe: Stripe) -> None:
    account_id = await create(stripe)
    with pytest.raises(StripeRefused, match="made_up"):
        await v1.create_account_session(stripe, account_id, ("made_up",), "k1")
    await stripe.request("post", f"/_sandbox/accounts/{account_id}/reject")
    with pytest.raises(StripeRefused, match="rejected"):
        await v1.create_account_session(stripe, account_id, ("payouts",), "k2")
    stranger = client(sandbox, "sk_test_aboard_stranger")
    with pytest.raises(AccountGone):
        await v1.create_account_session(stranger, account_id, ("payouts",), "k3")


async def test_a_deleted_account_is_gone_and_stays_so(sandbox: Sandbox, stripe: Stripe) -> None:
    account_id = await create(stripe)
    await v1.delete_account(stripe, account_id)
    assert len(sandbox.world(KEY).accounts) == 0
    with pytest.raises(AccountGone):
        await v1.delete_account(stripe, account_id)


async def test_stripes_refusal_to_delete_comes_through(sandbox: Sandbox) -> None:
    key = "sk_live_aboard_endings"
    live = client(sandbox, key, Mode.LIVE)
    account_id = await create(live, "standard")
    with pytest.raises(StripeRefused):
        await v1.delete_account(live, account_id)
    assert len(sandbox.world(key).accounts) == 1


@pytest.mark.parametrize("reply", [{"id": "acct_1"}, {"id": "acct_2", "deleted": True}, {}, []])
async def test_an_answer_that_deleted_nothing_is_garbage(reply: object) -> None:
    with pytest.raises(StripeUnavailable, match="garbage"):
        await v1.delete_account(CannedStripe(reply).client(), "acct_1")


async def test_a_connection_ends_and_the_account_stays(sandbox: Sandbox, stripe: Stripe) -> None:
    world = sandbox.world(KEY)
    account_id = await create(stripe, "standard")
    await v1.deauthorize_account(stripe, world.application_id, account_id)
    assert len(world.accounts) == 1
    with pytest.raises(AccountGone):
        await v1.get_account(stripe, account_id)
    with pytest.raises(StripeRefused) as caught:
        await v1.deauthorize_account(stripe, world.application_id, account_id)
    assert (caught.value.error_type, caught.value.error_code) == ("oauth_error", "invalid_client")


async def test_an_account_of_the_platforms_own_is_never_deauthorized(
    sandbox: Sandbox, stripe: Stripe
) -> None:
    account_id = await create(stripe)
    with pytest.raises(StripeRefused) as caught:
        await v1.deauthorize_account(stripe, sandbox.world(KEY).application_id, account_id)
    assert caught.value.error_code == "no_deauth_on_controlled_account"
    with pytest.raises(StripeRefused) as caught:
        await v1.deauthorize_account(stripe, "ca_somebody_elses", account_id)
    assert caught.value.error_code == "invalid_client"


async def test_connections_end_where_stripes_oauth_is() -> None:
    api, oauth = CannedStripe({}), CannedStripe({"stripe_user_id": "acct_1"})
    roads = AsgiClient({ORIGIN: api, CONNECT_BASE: oauth})
    stripe = Stripe(Secret(KEY), mode=Mode.TEST, api_base=ORIGIN, http_client=roads)
    await v1.deauthorize_account(stripe, "ca_words", "acct_1")
    assert api.asked == []
    assert oauth.asked == [
        ("POST", "/oauth/deauthorize", {"client_id": "ca_words", "stripe_user_id": "acct_1"})
    ]
    with pytest.raises(StripeUnavailable, match="garbage"):
        await v1.deauthorize_account(stripe, "ca_words", "acct_2")
