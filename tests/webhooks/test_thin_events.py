"""Do thin events walk the same road as snapshot events, to the same end?

Sent by the sandbox, signed by the official library, and made up: each makes its account due once.
"""

import json
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import stripe as sdk

from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Readiness
from aboard.core.secret import Secret
from aboard.flows.endpoint import Endpoint
from aboard.flows.start import start_onboarding
from aboard.flows.sync import read_account, sync_due
from aboard.sandbox import Sandbox
from aboard.webhooks import build_webhooks
from tests.scene import API, CONNECT_SECRET, KEY, REFRESH_URL, RETURN_URL, Scene
from tests.webhooks.posting import CONNECT, PLATFORM, SECRETS, event, post

OWNER = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
ACCOUNT = "acct_1"
HOST = "http://localhost:4242"
THIN: dict[str, Any] = {
    "id": "evt_test_61",
    "object": "v2.core.event",
    "type": "v1.account.updated",
    "created": "2026-11-21T09:00:00.123Z",
    "livemode": False,
    "context": ACCOUNT,
    "related_object": {"id": ACCOUNT, "type": "account", "url": f"/v1/accounts/{ACCOUNT}"},
}


def thin(**changes: object) -> bytes:
    return json.dumps({**THIN, **changes}).encode()


def part(kind: str, below: str, key: str) -> dict[str, str]:
    return {"id": key, "type": kind, "url": f"/v1/accounts/{ACCOUNT}/{below}/{key}"}


ABOUT_THE_ACCOUNT: dict[str, bytes] = {
    "the account": thin(context=None),
    "the account, elsewhere in v2": thin(
        type="v2.core.account[requirements].updated",
        context=None,
        related_object={
            "id": ACCOUNT,
            "type": "v2.core.account",
            "url": f"/v2/core/accounts/{ACCOUNT}",
        },
    ),
    "its closing": thin(type="v2.core.account.closed", context=None),
    "a person, by its path": thin(
        type="v1.person.created", context=None, related_object=part("person", "persons", "person_1")
    ),
    "a capability, by its path": thin(
        type="v1.capability.updated",
        context=None,
        related_object=part("capability", "capabilities", "card_payments"),
    ),
    "a bank account, by its context": thin(
        type="v1.account.external_account.created", related_object=None
    ),
    "the end of a connection": thin(
        type="v1.account.application.deauthorized", related_object=None
    ),
    "a context below an organization": thin(related_object=None, context=f"org_1/{ACCOUNT}"),
    "a snapshot that only has a context": event("evt_test_61", context=ACCOUNT),
}
ABOUT_NO_ACCOUNT: dict[str, bytes] = {
    "a ping": thin(
        type="v2.core.event_destination.ping",
        context=None,
        related_object={
            "id": "ed_test_61",
            "type": "v2.core.event_destination",
            "url": "/v2/core/event_destinations/ed_test_61",
        },
    ),
    "one that stands alone": thin(
        context=None, related_object={"type": "balance_settings", "url": "/v1/balance_settings"}
    ),
    "an account of another kind": thin(
        context=None,
        related_object={"id": "fca_1", "type": "x", "url": "/v1/financial/accounts/fca_1"},
    ),
}


@pytest.mark.parametrize("path", [CONNECT, PLATFORM])
@pytest.mark.parametrize("name", ABOUT_THE_ACCOUNT)
async def test_it_names_its_account(
    scene: Scene, poster: httpx2.AsyncClient, name: str, path: str
) -> None:
    answer = await post(scene, poster, path, ABOUT_THE_ACCOUNT[name])
    assert answer.status_code == 200
    stored = await scene.platform.store.find_event("evt_test_61", Mode.TEST)
    assert stored is not None
    assert stored.stripe_account_id == ACCOUNT
    assert stored.endpoint == ("connect" if path == CONNECT else "platform")


@pytest.mark.parametrize("name", ABOUT_NO_ACCOUNT)
async def test_it_is_stored_where_it_names_none(
    scene: Scene, poster: httpx2.AsyncClient, name: str
) -> None:
    assert (await post(scene, poster, CONNECT, ABOUT_NO_ACCOUNT[name])).status_code == 200
    stored = await scene.platform.store.find_event("evt_test_61", Mode.TEST)
    assert stored is not None
    assert stored.stripe_account_id is None


@pytest.mark.parametrize("payload", [thin(), event("evt_test_61")], ids=["thin", "snapshot"])
async def test_what_the_official_library_signs_is_taken(
    scene: Scene, poster: httpx2.AsyncClient, payload: bytes
) -> None:
    header = sdk.WebhookSignature.generate_signature_header(
        payload.decode(), CONNECT_SECRET, int(scene.clock().timestamp())
    )
    assert (await post(scene, poster, CONNECT, payload, header=header)).status_code == 200
    again = await post(scene, poster, CONNECT, payload, header=header)
    assert again.status_code == 200
    assert len(await scene.platform.store.list_events()) == 1


@pytest.mark.parametrize("path", [CONNECT, PLATFORM])
async def test_the_same_checks_hold(scene: Scene, poster: httpx2.AsyncClient, path: str) -> None:
    other = SECRETS[CONNECT if path == PLATFORM else PLATFORM]
    for changes in ({"secret": other}, {"header": None}, {"body": thin() + b" "}):
        assert (await post(scene, poster, path, thin(), **changes)).status_code == 400
    assert (await post(scene, poster, path, thin(livemode=True))).status_code == 400
    assert await scene.platform.store.list_events() == ()


@dataclass
class Street:
    """A platform that registered at Stripe for events in one form or both, and its own account."""

    scene: Scene
    account_id: str
    secrets: list[str]
    statuses: list[int]
    bodies: list[bytes]

    async def deliver(self) -> None:
        """Carry everything that Stripe has told so far to the intake."""
        secrets = {(Endpoint.CONNECT, Mode.TEST): tuple(Secret(each) for each in self.secrets)}
        app: Any = build_webhooks(self.scene.with_changes(webhook_secrets=secrets))

        async def deliver(url: str, headers: dict[str, str], body: bytes) -> int:
            transport = httpx2.ASGITransport(app=app)
            async with httpx2.AsyncClient(transport=transport) as client:
                answer = await client.post(url, content=body, headers=headers)
            self.statuses.append(answer.status_code)
            self.bodies.append(body)
            return answer.status_code

        postman = Sandbox(at=self.scene.clock(), deliver=deliver)
        postman.load(self.scene.sandbox.export())
        await postman.deliver_due()
        await postman.close()

    async def readiness(self) -> Readiness:
        """Return what Aboard knows without asking Stripe."""
        return (await read_account(self.scene.platform, OWNER, fresh=False)).assessment.readiness


@pytest.fixture
async def street(scene: Scene) -> Street:
    started = await start_onboarding(
        scene.platform, OWNER, return_url=RETURN_URL, refresh_url=REFRESH_URL
    )
    while await sync_due(scene.platform):
        pass
    return Street(scene, started.stripe_account_id, [], [], [])


async def register(street: Street, form: str) -> None:
    """Register for all events of connected accounts, as docs/webhooks.md says."""
    client = sdk.StripeClient(
        KEY, base_addresses={"api": API}, http_client=street.scene.client, max_network_retries=0
    )
    kinds = ["account.updated", "account.application.deauthorized", "capability.updated"]
    wishes: Any = {
        "name": "Aboard",
        "type": "webhook_endpoint",
        "event_payload": form,
        "events_from": ["@accounts"],
        "enabled_events": [f"v1.{kind}" if form == "thin" else kind for kind in kinds],
        "webhook_endpoint": {"url": f"{HOST}{CONNECT}"},
        "include": ["webhook_endpoint.signing_secret"],
    }
    made: Any = await client.v2.core.event_destinations.create_async(wishes)
    street.secrets.append(made.webhook_endpoint.signing_secret)


@pytest.mark.parametrize("forms", [["thin"], ["snapshot"], ["thin", "snapshot"]])
async def test_what_the_sandbox_sends_leads_to_the_same_end(
    street: Street, forms: list[str]
) -> None:
    for form in forms:
        await register(street, form)
    scene = street.scene
    await scene.complete(street.account_id)
    assert await street.readiness() is not Readiness.COMPLETE
    await street.deliver()
    assert set(street.statuses) == {200}
    objects = {json.loads(body)["object"] for body in street.bodies}
    assert objects == {"v2.core.event" if form == "thin" else "event" for form in forms}
    # Told twice, in two forms and many events: read once.
    scene.road.calls.clear()
    assert await sync_due(scene.platform) == 1
    assert scene.road.calls == [("GET", f"/v1/accounts/{street.account_id}")]
    assert await street.readiness() is Readiness.COMPLETE
    events = await scene.platform.store.list_events(limit=500)
    assert len(events) == len(street.bodies)
    assert {each.status.value for each in events} == {"processed"}


async def test_the_end_of_a_connection_is_found_out(street: Street) -> None:
    await register(street, "thin")
    await street.scene.control(street.account_id, "deauthorize")
    await street.deliver()
    told = [json.loads(body)["type"] for body in street.bodies]
    assert told[-1] == "v1.account.application.deauthorized"
    assert await sync_due(street.scene.platform) == 1
    assert await street.readiness() is Readiness.DISCONNECTED
