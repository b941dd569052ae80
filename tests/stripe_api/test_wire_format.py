"""Does Stripe see from us what it sees from its own library? The official SDK is the judge."""

import asyncio
from collections.abc import Mapping
from typing import Any

import stripe as sdk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.core.owner import Mode
from aboard.stripe_api.client import Method, Stripe
from aboard.stripe_api.requestor import API_VERSION
from tests.stripe_api.wire import KEY

Sent = tuple[str, str, Mapping[str, str], Any]

texts = st.text(max_size=12)
leaves = st.one_of(texts, st.booleans(), st.integers(), st.none())
names = st.text("abcdefghijklmnop_", min_size=1, max_size=8).filter(
    lambda name: name not in {"id", "base", "api_key", "headers"}
)
params = st.dictionaries(
    names,
    st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=5,
)


class Recorder(sdk.HTTPClient):
    """A transport that notes what it is given and answers with nothing."""

    name = "recorder"

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Sent] = []

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: object = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        self.sent.append((method, url, dict(headers), post_data))
        return b"{}", 200, {}


async def both(
    method: Method, path: str, form: Mapping[str, Any], keys: tuple[str, str] | None = None
) -> tuple[Sent, Sent]:
    named = zip(("idempotency_key", "stripe_account"), keys or (), strict=False)
    options = dict(named)
    ours, theirs = Recorder(), Recorder()
    stripe = Stripe(KEY, mode=Mode.TEST, http_client=ours)
    await stripe.request(
        method,
        path,
        form,
        idempotency_key=options.get("idempotency_key"),
        stripe_account=options.get("stripe_account"),
    )
    client = sdk.StripeClient(KEY.reveal(), stripe_version=API_VERSION, http_client=theirs)
    await client.raw_request_async(method, path, **form, **options)
    return ours.sent[0], theirs.sent[0]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(form=params)
def test_forms_and_queries_are_the_sdks(form: dict[str, Any]) -> None:
    for method in ("get", "post", "delete"):
        ours, theirs = asyncio.run(both(method, "/v1/accounts", form))
        assert ours[:2] == theirs[:2]
        assert ours[3] == theirs[3]


async def test_headers_are_the_sdks_less_what_they_tell_about_the_machine() -> None:
    for method in ("get", "post", "delete"):
        ours, theirs = await both(method, "/v1/accounts", {"a": "b"}, ("key", "acct_1"))
        about_us = {"X-Stripe-Client-User-Agent", "User-Agent"}
        expected = {name: value for name, value in theirs[2].items() if name not in about_us}
        if method != "post":
            expected.pop("Idempotency-Key", None)  # the SDK sends it; Stripe ignores it
        assert {name: value for name, value in ours[2].items() if name not in about_us} == expected
        assert about_us < set(ours[2])


async def test_every_write_has_a_key_of_its_own() -> None:
    recorder = Recorder()
    stripe = Stripe(KEY, mode=Mode.TEST, http_client=recorder)
    for _ in range(3):
        await stripe.request("post", "/v1/accounts")
    keys = [headers["Idempotency-Key"] for _, _, headers, _ in recorder.sent]
    assert len(set(keys)) == 3
    await stripe.request("get", "/v1/accounts")
    assert "Idempotency-Key" not in recorder.sent[-1][2]


async def test_v2_is_spoken_as_json_and_oauth_on_its_own_host() -> None:
    ours, theirs = await both("post", "/v2/core/accounts", {"contact_email": "a@b.example"})
    assert ours[3] == theirs[3] == '{"contact_email": "a@b.example"}'
    assert ours[2]["Content-Type"] == "application/json"

    recorder = Recorder()
    stripe = Stripe(
        KEY,
        mode=Mode.TEST,
        http_client=recorder,
        api_base="http://localhost:1/",
        connect_base="http://localhost:2/",
    )
    await stripe.request("post", "/oauth/deauthorize")
    await stripe.request("post", "/v1/accounts")
    assert [url for _, url, _, _ in recorder.sent] == [
        "http://localhost:2/oauth/deauthorize",
        "http://localhost:1/v1/accounts",
    ]
