"""Do event destinations live by the rules of Stripe's second generation?"""

import json
from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.destinations import Destination
from tests.sandbox.conftest import EXPRESS, HOOK, HOUR, LIVE_KEY, Wire, client, free

VERSION = "2026-10-28.endive"
PATH = "/v2/core/event_destinations"
FORM: dict[str, Any] = {
    "name": "ours",
    "type": "webhook_endpoint",
    "event_payload": "thin",
    "enabled_events": ["v1.account.updated"],
    "events_from": ["@accounts"],
    "webhook_endpoint": {"url": HOOK},
}
SHOWN = ["webhook_endpoint.signing_secret", "webhook_endpoint.url"]


async def register(
    sdk: stripe.StripeClient,
    options: stripe.RequestOptions | None = None,
    **changes: object,
) -> Any:  # noqa: ANN401 - attributes of the SDK's own
    form = free({**FORM, "include": SHOWN, **changes})
    return await sdk.v2.core.event_destinations.create_async(form, options)


async def test_a_life(sdk: stripe.StripeClient, sandbox: Sandbox) -> None:
    destinations = sdk.v2.core.event_destinations
    made = await register(sdk, metadata={"a": "1"}, description="words")
    assert made.id.startswith("ed_test_")
    assert made.created == made.updated == "2026-11-21T09:00:00.000Z"
    assert made.webhook_endpoint.signing_secret.startswith("whsec_")
    assert (made.webhook_endpoint.url, made.status, made.status_details) == (HOOK, "enabled", None)
    assert (made.event_payload, made.events_from, made.livemode) == ("thin", ["@accounts"], False)
    sandbox.clock.advance(HOUR)
    seen = await destinations.retrieve_async(made.id)
    assert seen.webhook_endpoint is not None
    assert (seen.webhook_endpoint.url, seen.webhook_endpoint.signing_secret) == (None, None)
    changed: Any = await destinations.update_async(
        made.id,
        {
            "name": "yours",
            "enabled_events": ["v1.person.created"],
            "metadata": {"a": None, "b": "2"},
            "webhook_endpoint": {"url": "https://x.example/hook"},
            "include": ["webhook_endpoint.url"],
        },
    )
    assert changed.to_dict()["metadata"] == {"b": "2"}
    assert (changed.name, changed.enabled_events) == ("yours", ["v1.person.created"])
    assert changed.webhook_endpoint.url == "https://x.example/hook"
    assert changed.description == "words"
    assert (changed.created, changed.updated) == (made.created, "2026-11-21T10:00:00.000Z")
    off: Any = await destinations.disable_async(made.id)
    assert (off.status, off.status_details.disabled.reason) == ("disabled", "user")
    assert (await destinations.enable_async(made.id)).status == "enabled"
    gone = await destinations.delete_async(made.id)
    assert gone.to_dict() == {"id": made.id, "object": "v2.core.event_destination"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await destinations.retrieve_async(made.id)
    assert (refused.value.http_status, refused.value.code) == (404, "not_found")


async def test_pages_go_both_ways(sdk: stripe.StripeClient, wire: Wire) -> None:
    ids = [(await register(sdk, name=f"no {number}")).id for number in range(5)][::-1]
    listed = await sdk.v2.core.event_destinations.list_async(
        {"limit": 2, "include": ["webhook_endpoint.url"]}
    )
    found = [each async for each in listed.auto_paging_iter()]
    assert [each.id for each in found] == ids
    assert {each.webhook_endpoint.url for each in found if each.webhook_endpoint} == {HOOK}
    first = await ask(wire, "GET", f"{PATH}?limit=2")
    assert (first["previous_page_url"], len(first["data"])) == (None, 2)
    second = await ask(wire, "GET", first["next_page_url"])
    third = await ask(wire, "GET", second["next_page_url"])
    assert (third["next_page_url"], [each["id"] for each in third["data"]]) == (None, ids[4:])
    assert await ask(wire, "GET", third["previous_page_url"]) == second
    # The filters that a token came with stay as they were.
    token = first["next_page_url"].partition("page=")[2]
    for query in (f"page={token}&include[0]=webhook_endpoint.url", "page=words", "page=YSBi"):
        refused = await wire.send("GET", f"{PATH}?{query}", stripe_version=VERSION)
        assert (refused.status, "page" in refused.error["message"]) == (400, True)


async def ask(wire: Wire, method: str, path: str) -> dict[str, Any]:
    answer = await wire.send(method, path, stripe_version=VERSION)
    assert answer.status == 200, answer.body
    return answer.json


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"enabled_events": []}, "enabled_events"),
        ({"enabled_events": ["account.updated"]}, "thin event"),
        ({"enabled_events": ["v1.account.exploded"]}, "enabled_events[0]"),
        ({"event_payload": "snapshot"}, "snapshot event"),
        ({"event_payload": "fat"}, "event_payload"),
        ({"events_from": ["@organization_members"]}, "events_from[0]"),
        ({"include": ["everything"]}, "include[0]"),
        ({"metadata": {"a": True}}, "metadata.a"),
        ({"snapshot_api_version": VERSION}, "snapshot_api_version"),
        ({"type": "amazon_eventbridge"}, "type"),
        ({"webhook_endpoint": {}}, "webhook_endpoint[url]"),
        ({"webhook_endpoint": {"url": "nowhere"}}, "webhook_endpoint[url]"),
        ({"surprise": "x"}, "surprise"),
    ],
)
async def test_refused(wire: Wire, changes: dict[str, Any], word: str) -> None:
    answer = await wire.send("POST", PATH, json.dumps({**FORM, **changes}), **JSON)
    assert answer.status == 400, answer.body
    assert answer.error.keys() <= {"type", "code", "message"}
    assert word in answer.error["message"]


JSON = {"content_type": "application/json", "stripe_version": VERSION}


async def test_it_speaks_json_and_names_a_version(wire: Wire) -> None:
    body = json.dumps(FORM)
    for text, headers, word in (
        (body, {"content_type": "application/json"}, "Stripe-Version"),
        (body, {**JSON, "stripe_version": "soon"}, "version"),
        (body, {"stripe_version": VERSION}, "application/json"),
        (body[:-1], JSON, "JSON"),
        ("[]", JSON, "JSON object"),
        ('{"a":' * 2000 + "1" + "}" * 2000, JSON, "JSON"),
        ('{"name":' + '{"a":' * 20 + "1" + "}" * 21, JSON, "name"),
        ('{"name":"\\ud800"}', JSON, "JSON"),
    ):
        answer = await wire.send("POST", PATH, text, **headers)
        assert answer.status == 400, answer.body
        assert word in answer.error["message"]
    unknown = await wire.send("GET", "/v2/core/nothing", stripe_version=VERSION)
    assert unknown.status == 404
    assert set(unknown.error) == {"type", "message"}


async def test_keys_repeat_posts_and_deletes_for_thirty_days(wire: Wire, sandbox: Sandbox) -> None:
    body = json.dumps(FORM)
    headers = {**JSON, "idempotency_key": "mine"}
    made = await wire.send("POST", PATH, body, **headers)
    sandbox.clock.advance(29 * 24 * HOUR)
    again = await wire.send("POST", PATH, body, **headers)
    assert (again.json, again.headers["idempotent-replayed"]) == (made.json, "true")
    other = await wire.send("POST", PATH, body.replace("ours", "yours"), **headers)
    assert (other.status, other.error["code"]) == (409, "idempotency_error")
    assert other.headers["stripe-should-retry"] == "false"
    sandbox.clock.advance(2 * 24 * HOUR)
    assert (await wire.send("POST", PATH, body, **headers)).json["id"] != made.json["id"]
    for _ in range(2):
        gone = await wire.send(
            "DELETE", f"{PATH}/{made.json['id']}", idempotency_key="end", stripe_version=VERSION
        )
        assert (gone.status, gone.json["id"]) == (200, made.json["id"])
    # What v1 knows by a key is another thing; and what failed in v2 may be tried again.
    v1 = await wire.send("POST", "/v1/accounts", "type=express", idempotency_key="mine")
    assert v1.status == 200
    path = f"{PATH}/{made.json['id']}/ping"
    assert (await wire.send("POST", path, "", **JSON, idempotency_key="again")).status == 404
    made = await wire.send("POST", PATH, body, **JSON)
    one = f"{PATH}/{made.json['id']}"
    await wire.send("POST", f"{one}/disable", "", **JSON)
    for verb, status in (("ping", 400), ("enable", 200), ("ping", 200)):
        key = {"idempotency_key": "ping"} if verb == "ping" else {}
        answer = await wire.send("POST", f"{one}/{verb}", "", **JSON, **key)
        assert answer.status == status


async def test_sixteen_at_most_and_https_in_live(
    sdk: stripe.StripeClient, sandbox: Sandbox
) -> None:
    for _ in range(16):
        await register(sdk)
    with pytest.raises(stripe.InvalidRequestError, match="maximum of 16"):
        await register(sdk)
    live = client(sandbox, LIVE_KEY)
    with pytest.raises(stripe.InvalidRequestError, match="HTTPS"):
        await register(live)
    made = await register(live, webhook_endpoint={"url": "https://x.example/hook"})
    assert (made.livemode, made.id.startswith("ed_test")) == (True, False)


async def test_those_of_an_account_are_its_own(sdk: stripe.StripeClient) -> None:
    account = await sdk.v1.accounts.create_async(EXPRESS)
    own = await register(sdk, {"stripe_context": account.id}, events_from=["@self"])
    destinations = sdk.v2.core.event_destinations
    assert (await destinations.list_async()).data == []
    listed = await destinations.list_async({}, {"stripe_context": account.id})
    assert [each.id for each in listed.data] == [own.id]


async def test_it_is_saved_and_carried(sdk: stripe.StripeClient, sandbox: Sandbox) -> None:
    made = await register(sdk)
    other = Sandbox()
    other.load(sandbox.export())
    seen = await client(other).v2.core.event_destinations.retrieve_async(made.id)
    assert seen.to_dict() | {"webhook_endpoint": 0} == made.to_dict() | {"webhook_endpoint": 0}


async def test_the_control_knows_it(sdk: stripe.StripeClient, wire: Wire) -> None:
    made = await register(sdk)
    (shown,) = (await wire.send("GET", "/_sandbox/endpoints")).json["data"]
    assert (shown["id"], shown["object"], shown["connect"]) == (made.id, "event_destination", True)
    secret = made.webhook_endpoint.signing_secret
    assert secret not in json.dumps(shown)
    assert secret not in repr(list(wire.sandbox.worlds[0].shelf(Destination)))
