"""A sandbox in this process, the official SDK in front of it, and a bare wire beside it."""

import json
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import stripe

from aboard.sandbox import Sandbox
from aboard.stripe_api.in_process import AsgiClient

API = "https://api.stripe.com"
HOSTS = (API, "https://files.stripe.com", "https://connect.stripe.com")
KEY = "sk_test_aboard_sandbox"
LIVE_KEY = "sk_live_aboard_sandbox_fake"
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
RETURN_URL = "http://localhost:3000/done"
REFRESH_URL = "http://localhost:3000/again"
LINK = {
    "type": "account_onboarding",
    "refresh_url": REFRESH_URL,
    "return_url": RETURN_URL,
}


@dataclass
class Answer:
    """What came back over the bare wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    @property
    def error(self) -> dict[str, Any]:
        error = self.json["error"]
        assert isinstance(error, dict)
        return error


@dataclass
class Wire:
    """Sends exactly the bytes and headers a test says."""

    sandbox: Sandbox
    key: str | None = KEY

    async def send(
        self,
        method: str,
        path: str,
        form: bytes | str | dict[str, Any] | None = None,
        **headers: str,
    ) -> Answer:
        path, _, query = path.partition("?")
        body = form if isinstance(form, bytes) else _encode(form)
        given = {"host": "api.stripe.com"}
        if body and method == "POST":
            given["content-type"] = "application/x-www-form-urlencoded"
        if self.key is not None:
            given["authorization"] = f"Bearer {self.key}"
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "scheme": "https",
            "path": path,
            "raw_path": path.encode("utf-8", "surrogatepass"),
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in given.items() if v],
        }
        return await self._run(scope, body)

    async def _run(self, scope: MutableMapping[str, Any], body: bytes) -> Answer:
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self.sandbox.app(scope, receive, send)
        headers = {k.decode(): v.decode("latin-1") for k, v in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(part["body"] for part in sent[1:]))


def _encode(form: str | dict[str, Any] | None) -> bytes:
    return (urlencode(form) if isinstance(form, dict) else form or "").encode()


@dataclass
class Mailbox:
    """A receiver of webhooks: answers what it is told to, and keeps what came."""

    answers: list[int | Exception] = field(default_factory=list)
    mail: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, url: str, headers: dict[str, str], body: bytes) -> int:
        self.mail.append((url, headers, body))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer

    def kinds(self, url: str | None = None) -> list[str]:
        """Return the types of the events that came (to one address), in order."""
        return [json.loads(body)["type"] for to, _, body in self.mail if url in {None, to}]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def sandbox(mailbox: Mailbox) -> Sandbox:
    return Sandbox(seed=1, at=NOW, deliver=mailbox)


@pytest.fixture
def wire(sandbox: Sandbox) -> Wire:
    return Wire(sandbox)


def client(sandbox: Sandbox, key: str = KEY, **options: Any) -> stripe.StripeClient:  # noqa: ANN401 - the SDK's own
    return stripe.StripeClient(
        key, http_client=AsgiClient(dict.fromkeys(HOSTS, sandbox.app)), **options
    )


@pytest.fixture
def sdk(sandbox: Sandbox) -> stripe.StripeClient:
    return client(sandbox)


@pytest.fixture
def live(sandbox: Sandbox) -> stripe.StripeClient:
    return client(sandbox, LIVE_KEY)


def free(params: Any) -> Any:  # noqa: ANN401 - see below
    """Return parameters without the SDK's type: tables of cases put them together."""
    return params


async def listen(sdk: stripe.StripeClient, **changes: object) -> stripe.WebhookEndpoint:
    """Register an endpoint for everything that connected accounts do."""
    return await sdk.v1.webhook_endpoints.create_async(free({**CONNECT, **changes}))


async def control(wire: Wire, account_id: str, verb: str, **params: str) -> dict[str, Any]:
    """Do something to an account through the sandbox's control."""
    answer = await wire.send("POST", f"/_sandbox/accounts/{account_id}/{verb}", params)
    assert answer.status == 200, answer.body
    return answer.json


HOOK = "http://localhost:3000/hook"
CONNECT: dict[str, object] = {"url": HOOK, "enabled_events": ["*"], "connect": True}
HOUR = 3600
CAPABILITIES: Any = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
EXPRESS: Any = {"type": "express", "country": "US", "capabilities": CAPABILITIES}
CUSTOM: Any = {"type": "custom", "country": "US", "capabilities": CAPABILITIES}
BANK: Any = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "110000000",
    "account_number": "000123456789",
}
ADDRESS: Any = {
    "line1": "address_full_match",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94103",
}
PERSON: Any = {
    "first_name": "Jenny",
    "last_name": "Rosen",
    "email": "jenny@example.com",
    "phone": "0000000000",
    "dob": {"day": 1, "month": 1, "year": 1901},
    "address": ADDRESS,
    "ssn_last_4": "0000",
}
BUSINESS: Any = {
    "business_profile": {"mcc": "5734", "url": "https://accessible.stripe.com"},
    "settings": {"payments": {"statement_descriptor": "ROSEN BOOKS"}},
    "tos_acceptance": {"date": 1767225600, "ip": "127.0.0.1"},
    "external_account": BANK,
}
COMPANY: Any = {
    "name": "Rosen Books",
    "phone": "0000000000",
    "tax_id": "000000000",
    "address": ADDRESS,
    "owners_provided": True,
}
