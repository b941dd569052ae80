"""Do thin events tell what happened to what, in a form that the official library reads?"""

import json
from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    BANK,
    CUSTOM,
    HOOK,
    HOUR,
    PERSON,
    Mailbox,
    Wire,
    client,
    free,
    listen,
)
from tests.sandbox.test_destinations import VERSION, register

EVERYTHING = ["*"]
THIN_URL, FAT_URL = "http://localhost/thin", "http://localhost/fat"


async def busy_account(sdk: stripe.StripeClient) -> str:
    """Make an account, and let everything happen to it that has a thin form and needs no page."""
    account = await sdk.v1.accounts.create_async(free({**CUSTOM, "business_type": "company"}))
    people = sdk.v1.accounts.persons
    person = await people.create_async(
        account.id, {"first_name": "Ada", "relationship": {"owner": True}}
    )
    await people.update_async(account.id, person.id, {"email": PERSON["email"]})
    await people.delete_async(account.id, person.id)
    await sdk.v1.accounts.update_async(account.id, {"external_account": BANK})
    return str(account.id)


async def test_the_official_library_parses_what_is_sent(
    sdk: stripe.StripeClient, sandbox: Sandbox, mailbox: Mailbox, wire: Wire
) -> None:
    made = await register(sdk, enabled_events=EVERYTHING)
    account_id = await busy_account(sdk)
    await sandbox.deliver_due()
    kinds = set()
    for url, headers, body in mailbox.mail:
        assert url == HOOK
        notice: Any = sdk.parse_event_notification(
            body, headers["Stripe-Signature"], made.webhook_endpoint.signing_secret, tolerance=10**9
        )
        kinds.add(notice.type)
        assert str(notice.context) == account_id
        assert (notice.created, notice.livemode) == ("2026-11-21T09:00:00.000Z", False)
        assert notice.reason.request.id.startswith("req_")
        assert set(json.loads(body)) <= {
            *("id", "object", "type", "created", "livemode", "context", "reason", "related_object")
        }
        event: Any = await notice.fetch_event_async()
        assert (event.id, event.type) == (notice.id, notice.type)
        fat = await sdk.v1.events.retrieve_async(
            event.snapshot_event, {}, {"stripe_account": account_id}
        )
        assert (f"v1.{fat.type}", fat.id != event.id) == (event.type, True)
        related = json.loads(body).get("related_object")
        if related is not None and "persons" not in related["url"]:  # that one is gone since
            thing = await wire.send("GET", related["url"], stripe_context=account_id)
            assert (thing.json["id"], thing.json["object"]) == (related["id"], related["type"])
    assert kinds == {
        "v1.account.external_account.created",
        "v1.account.updated",
        "v1.capability.updated",
        "v1.person.created",
        "v1.person.deleted",
        "v1.person.updated",
    }


async def test_who_gets_what_in_which_form(
    sdk: stripe.StripeClient, sandbox: Sandbox, mailbox: Mailbox
) -> None:
    await register(sdk, enabled_events=EVERYTHING, webhook_endpoint={"url": THIN_URL})
    await register(
        sdk,
        enabled_events=EVERYTHING,
        event_payload="snapshot",
        snapshot_api_version="2025-04-30.basil",
        webhook_endpoint={"url": FAT_URL},
    )
    await register(
        sdk,
        enabled_events=EVERYTHING,
        events_from=["@self"],
        webhook_endpoint={"url": "http://own"},
    )
    await register(
        sdk, webhook_endpoint={"url": "http://some"}, enabled_events=["v1.person.created"]
    )
    await listen(sdk, url="http://first-generation")
    await busy_account(sdk)
    await sandbox.deliver_due()
    fat = mailbox.kinds("http://first-generation")
    assert mailbox.kinds(FAT_URL) == fat
    assert mailbox.kinds(THIN_URL) == [f"v1.{kind}" for kind in fat]
    assert mailbox.kinds("http://own") == []
    assert mailbox.kinds("http://some") == ["v1.person.created"]
    versions = {json.loads(body)["api_version"] for url, _, body in mailbox.mail if url == FAT_URL}
    assert versions == {"2025-04-30.basil"}
    objects = {json.loads(body)["object"] for url, _, body in mailbox.mail if url == THIN_URL}
    assert objects == {"v2.core.event"}
    ids = [json.loads(body)["id"] for url, _, body in mailbox.mail if url in {THIN_URL, FAT_URL}]
    assert len(set(ids)) == len(ids) == 2 * len(fat)


async def test_what_changed_is_told_to_who_asks(sdk: stripe.StripeClient) -> None:
    account_id = await busy_account(sdk)
    await sdk.v1.accounts.update_async(account_id, {"metadata": {"a": "1"}})
    await sdk.v1.accounts.update_async(account_id, {"metadata": {"a": "2"}})
    options: Any = {"stripe_context": account_id}
    newest: Any = (await sdk.v2.core.events.list_async({"limit": 1}, options)).data[0]
    assert newest.to_dict()["changes"] == {
        "before": {"metadata": {"a": "1"}},
        "after": {"metadata": {"a": "2"}},
    }
    assert newest.related_object.to_dict() == {
        "id": account_id,
        "type": "account",
        "url": f"/v1/accounts/{account_id}",
    }


async def test_the_list_and_its_filters(
    sdk: stripe.StripeClient, sandbox: Sandbox, wire: Wire
) -> None:
    account_id = await busy_account(sdk)
    options: Any = {"stripe_context": account_id}

    async def kinds(**filters: Any) -> list[str]:  # noqa: ANN401 - any filter
        listed = await sdk.v2.core.events.list_async(free({"limit": 2, **filters}), options)
        return [event.type async for event in listed.auto_paging_iter()]

    everything = await kinds()
    assert len(everything) > 6
    assert await kinds(types=["v1.person.created"]) == ["v1.person.created"]
    assert set(await kinds(object_id=account_id)) == {"v1.account.updated"}
    assert await kinds(created={"gt": "2026-11-21T09:00:00Z"}) == []
    assert await kinds(created={"gte": "2026-11-21T10:00:00.000+01:00"}) == everything
    assert (await sdk.v2.core.events.list_async()).data == [], "of the platform itself"
    for query in ("created[gt]=soon", "created[gt]=0001-01-01T00:00:00", "limit=0", "types[0]="):
        answer = await wire.send("GET", f"/v2/core/events?{query}", stripe_version=VERSION)
        assert answer.status == 400, query
    sandbox.clock.advance(30 * 24 * HOUR)
    assert await kinds() == []


async def test_an_event_is_found_by_its_own_id_alone(
    sdk: stripe.StripeClient, sandbox: Sandbox, wire: Wire
) -> None:
    account_id = await busy_account(sdk)
    options: Any = {"stripe_context": account_id}
    thin: Any = (await sdk.v2.core.events.list_async({}, options)).data[0]
    for path, head in (
        (f"/v2/core/events/{thin.id}", None),  # another's, for the platform
        (f"/v2/core/events/{thin.snapshot_event}", account_id),
        (f"/v1/events/{thin.id}", account_id),
    ):
        headers = {"stripe_version": VERSION} | ({} if head is None else {"stripe_context": head})
        answer = await wire.send("GET", path, **headers)
        assert answer.status == 404, path
    with pytest.raises(stripe.InvalidRequestError):
        await client(sandbox, "sk_test_other").v2.core.events.retrieve_async(thin.id)


async def test_a_ping_goes_to_one_and_is_no_event_of_v1(
    sdk: stripe.StripeClient, sandbox: Sandbox, mailbox: Mailbox, wire: Wire
) -> None:
    await register(sdk, enabled_events=EVERYTHING, events_from=["@self"])
    fat = await register(
        sdk,
        event_payload="snapshot",
        enabled_events=["account.updated"],
        webhook_endpoint={"url": FAT_URL},
    )
    await listen(sdk, connect=False)
    pinged = await sdk.v2.core.event_destinations.ping_async(fat.id)
    await sandbox.deliver_due()
    ((url, headers, body),) = mailbox.mail
    notice: Any = sdk.parse_event_notification(
        body,
        headers["Stripe-Signature"],
        fat.webhook_endpoint.signing_secret,
        tolerance=10**9,
    )
    assert (url, notice.id, notice.type) == (FAT_URL, pinged.id, "v2.core.event_destination.ping")
    assert (await notice.fetch_related_object_async()).id == fat.id
    assert (await sdk.v1.events.list_async()).data == []
    (shown,) = (await wire.send("GET", "/_sandbox/events")).json["data"]
    assert (shown["id"], shown["object"]) == (pinged.id, "v2.core.event")
    await sdk.v2.core.event_destinations.disable_async(fat.id)
    with pytest.raises(stripe.InvalidRequestError, match="disabled"):
        await sdk.v2.core.event_destinations.ping_async(fat.id)


async def test_it_is_tried_again_and_resent_as_any_other(
    sdk: stripe.StripeClient, sandbox: Sandbox, mailbox: Mailbox, wire: Wire
) -> None:
    made = await register(sdk)
    account = await sdk.v1.accounts.create_async(CUSTOM)
    mailbox.answers = [500, 200, 200, 200]
    await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "1"}})
    await sandbox.deliver_due()
    sandbox.clock.advance(HOUR)
    await sandbox.deliver_due()
    bodies = [json.loads(body) for _, _, body in mailbox.mail]
    assert (len(bodies), bodies[0]) == (2, bodies[1])
    thin_id = bodies[0]["id"]
    again = await wire.send("POST", f"/_sandbox/events/{thin_id}/resend")
    assert [each["endpoint"] for each in again.json["data"]] == [made.id]
    assert json.loads(mailbox.mail[-1][2]) == bodies[0]
    (shown,) = (await wire.send("GET", "/_sandbox/deliveries")).json["data"]
    assert (shown["type"], shown["state"], len(shown["attempts"])) == (
        "v1.account.updated",
        "succeeded",
        3,
    )
    chaos = {"endpoint": made.id, "drop": "1.0"}
    assert (await wire.send("POST", "/_sandbox/chaos", chaos)).status == 200
    await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "2"}})
    assert await sandbox.deliver_due() == 0
    assert (await wire.send("DELETE", "/_sandbox/chaos")).status == 200
    await sdk.v2.core.event_destinations.disable_async(made.id)
    await sdk.v1.accounts.update_async(account.id, {"metadata": {"a": "3"}})
    assert await sandbox.deliver_due() == 0


async def test_a_deauthorised_account_is_told_of_thinly(
    sdk: stripe.StripeClient, sandbox: Sandbox, mailbox: Mailbox, wire: Wire
) -> None:
    await register(sdk, enabled_events=EVERYTHING)
    account = await sdk.v1.accounts.create_async({"type": "standard"})
    await wire.send("POST", f"/_sandbox/accounts/{account.id}/deauthorize")
    await sandbox.deliver_due()
    told = json.loads(mailbox.mail[-1][2])
    assert (told["type"], told["context"]) == ("v1.account.application.deauthorized", account.id)
    assert "related_object" not in told
