"""Every operation of the sandbox once, by the official SDK, unmodified, over real HTTP.

Each function walks one family and returns what was answered. What was driven is read afterwards
from the sandbox's own log of requests, so that nothing can be forgotten here.
"""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import stripe

from aboard.sandbox.testing import Seller, StripeSandbox
from tests.sandbox.conftest import BANK, BUSINESS, CUSTOM, EXPRESS, PERSON
from tests.sandbox.consent import filled_in

BACK = "https://platform.example/connected"
HOOK = "http://127.0.0.1:9/nobody"
LINK: Any = {
    "type": "account_onboarding",
    "refresh_url": "https://platform.example/again",
    "return_url": "https://platform.example/done",
}
MANY: Any = {"limit": 100}


def picture() -> bytes:
    """Return a small PNG in colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x20\x60\xa0" * 8 for _ in range(8))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


class Drive:
    """One platform that does everything, and keeps what it was answered."""

    def __init__(self, sandbox: StripeSandbox) -> None:
        """Open a client as the SDK's documentation shows."""
        self.sandbox = sandbox
        addresses: Any = sandbox.base_addresses
        self.sdk = stripe.StripeClient(sandbox.key, base_addresses=addresses, max_network_retries=0)
        self.v1: Any = self.sdk.v1  # forms stand here as plain dictionaries
        self.answers: list[stripe.StripeObject] = []

    def keep(self, answer: Any) -> Any:  # noqa: ANN401 - each operation has its own
        """Keep an answer, and hand it on."""
        self.answers.append(answer)
        return answer

    def everything(self) -> None:
        """Walk all families."""
        steps: tuple[Callable[[], None], ...] = (
            self.accounts,
            self.people,
            self.capabilities,
            self.external_accounts,
            self.tokens,
            self.files,
            self.links_and_sessions,
            self.money,
            self.top_ups,
            self.country_specs,
            self.endpoints_and_events,
            self.destinations_and_thin_events,
            self.oauth,
            self.legacy_paths,
        )
        for step in steps:
            step()

    def custom(self, **changes: object) -> str:
        """Make an account whose requirements the platform collects, ready for money."""
        form: Any = {**CUSTOM, **BUSINESS, "business_type": "individual", "individual": PERSON}
        return str(self.keep(self.v1.accounts.create({**form, **changes})).id)

    def accounts(self) -> None:
        keep, accounts = self.keep, self.v1.accounts
        account_id = self.custom()
        keep(accounts.retrieve_current())
        keep(accounts.retrieve(account_id))
        keep(accounts.update(account_id, {"metadata": {"stall": "7"}}))
        keep(accounts.list(MANY))
        rejected = keep(accounts.reject(account_id, {"reason": "fraud_other"}))
        assert rejected.requirements.disabled_reason.startswith("rejected.")
        keep(accounts.unreject(account_id))
        assert keep(accounts.delete(account_id)).deleted

    def people(self) -> None:
        form: Any = {**CUSTOM, "business_type": "company"}
        account_id = self.keep(self.v1.accounts.create(form)).id
        people = self.v1.accounts.persons
        person: Any = {"first_name": "Ada", "last_name": "Okafor", "relationship": {"owner": True}}
        made = self.keep(people.create(account_id, person))
        self.keep(people.retrieve(account_id, made.id))
        self.keep(people.update(account_id, made.id, {"email": "ada@example.com"}))
        self.keep(people.list(account_id, MANY))
        assert self.keep(people.delete(account_id, made.id)).deleted

    def capabilities(self) -> None:
        account_id = self.keep(self.v1.accounts.create(EXPRESS)).id
        capabilities = self.v1.accounts.capabilities
        self.keep(capabilities.list(account_id))
        self.keep(capabilities.retrieve(account_id, "transfers"))
        assert self.keep(capabilities.retrieve(account_id, "jcb_payments")).status == "unrequested"
        self.keep(capabilities.update(account_id, "jcb_payments", {"requested": True}))

    def external_accounts(self) -> None:
        account_id = self.custom()
        banks = self.v1.accounts.external_accounts
        bank = self.keep(banks.create(account_id, {"external_account": BANK}))
        card: Any = {
            "object": "card",
            "number": "4000056655665556",
            "exp_month": 12,
            "exp_year": 2040,
            "currency": "usd",
        }
        self.keep(banks.create(account_id, {"external_account": card}))
        self.keep(banks.retrieve(account_id, bank.id))
        self.keep(banks.update(account_id, bank.id, {"metadata": {"of": "the harbour"}}))
        self.keep(banks.list(account_id, MANY))
        assert self.keep(banks.delete(account_id, bank.id)).deleted

    def tokens(self) -> None:
        bank: Any = {key: value for key, value in BANK.items() if key != "object"}
        kinds: tuple[Any, ...] = (
            {"bank_account": bank},
            {"account": {"business_type": "individual", "tos_shown_and_accepted": True}},
            {"person": {"first_name": "Ada"}},
            {"pii": {"id_number": "000000000"}},
            {"card": {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040"}},
        )
        for kind in kinds:
            token = self.keep(self.v1.tokens.create(kind))
            self.keep(self.v1.tokens.retrieve(token.id))

    def files(self) -> None:
        form: Any = {"purpose": "identity_document", "file": io.BytesIO(picture())}
        made = self.keep(self.v1.files.create(form))
        self.keep(self.v1.files.retrieve(made.id))
        self.keep(self.v1.files.list(MANY))
        documents: Any = {"individual": {"verification": {"document": {"front": made.id}}}}
        self.keep(self.v1.accounts.update(self.custom(), documents))

    def links_and_sessions(self) -> None:
        account = self.sandbox.connected_account("complete", type="express")
        self.keep(self.v1.accounts.retrieve(account.id))
        for country in ("DE", "GB", "JP", "AU"):
            abroad = self.sandbox.connected_account("complete", country=country, type="custom")
            self.keep(self.v1.accounts.retrieve(abroad.id))
        fresh = self.v1.accounts.create(EXPRESS).id
        self.keep(self.v1.account_links.create({**LINK, "account": fresh}))
        components: Any = {"account_onboarding": {"enabled": True}, "payouts": {"enabled": True}}
        session: Any = {"account": account.id, "components": components}
        self.keep(self.v1.account_sessions.create(session))
        self.keep(self.v1.accounts.login_links.create(account.id))

    def money(self) -> None:
        seller = self.sandbox.connected_account("complete", type="custom").id
        charge: Any = {
            "amount": 5_000,
            "currency": "usd",
            "source": "tok_bypassPending",
            "application_fee_amount": 700,
            "transfer_data": {"destination": seller},
        }
        made = self.keep(self.v1.charges.create(charge))
        self.keep(
            self.v1.charges.create({"amount": 9_000, "currency": "usd", "source": charge["source"]})
        )
        self.keep(self.v1.charges.retrieve(made.id))
        self.keep(self.v1.charges.list(MANY))
        self.keep(self.v1.charges.update(made.id, {"description": "oysters"}))
        self.fees()
        self.transfers(seller)
        self.payouts(seller)
        self.keep(self.v1.balance.retrieve())
        transactions = self.keep(self.v1.balance_transactions.list(MANY))
        self.keep(self.v1.balance_transactions.retrieve(transactions.data[0].id))
        self.keep(self.v1.balance_settings.retrieve())
        settings: Any = {"payments": {"payouts": {"schedule": {"interval": "manual"}}}}
        self.keep(self.v1.balance_settings.update(settings))
        self.keep(self.v1.refunds.create({"charge": made.id, "amount": 100}))

    def fees(self) -> None:
        fees = self.v1.application_fees
        fee = self.keep(fees.list(MANY)).data[0]
        self.keep(fees.retrieve(fee.id))
        refund = self.keep(fees.refunds.create(fee.id, {"amount": 200}))
        self.keep(fees.refunds.retrieve(fee.id, refund.id))
        self.keep(fees.refunds.update(fee.id, refund.id, {"metadata": {"why": "late"}}))
        self.keep(fees.refunds.list(fee.id, MANY))

    def transfers(self, seller: str) -> None:
        transfers = self.v1.transfers
        form: Any = {"amount": 2_000, "currency": "usd", "destination": seller}
        made = self.keep(transfers.create(form))
        self.keep(transfers.retrieve(made.id))
        self.keep(transfers.update(made.id, {"description": "for the oysters"}))
        self.keep(transfers.list(MANY))
        taken_back = self.keep(transfers.reversals.create(made.id, {"amount": 500}))
        self.keep(transfers.reversals.retrieve(made.id, taken_back.id))
        self.keep(transfers.reversals.update(made.id, taken_back.id, {"metadata": {"why": "x"}}))
        self.keep(transfers.reversals.list(made.id, MANY))

    def payouts(self, seller: str) -> None:
        payouts, options = self.v1.payouts, stripe.RequestOptions(stripe_account=seller)
        form: Any = {"amount": 300, "currency": "usd"}
        made = self.keep(payouts.create(form, options))
        self.keep(payouts.retrieve(made.id, {}, options))
        self.keep(payouts.update(made.id, {"metadata": {"week": "47"}}, options))
        self.keep(payouts.list(MANY, options))
        self.keep(payouts.cancel(made.id, {}, options))
        paid = payouts.create(form, options)
        self.sandbox.advance(7 * 24 * 3600)
        assert self.keep(payouts.retrieve(paid.id, {}, options)).status == "paid"
        self.keep(payouts.reverse(paid.id, {}, options))

    def top_ups(self) -> None:
        topups = self.v1.topups
        form: Any = {"amount": 2_000, "currency": "usd", "description": "for the harbour"}
        made = self.keep(topups.create(form))
        self.keep(topups.retrieve(made.id))
        self.keep(topups.update(made.id, {"metadata": {"by": "hand"}}))
        self.keep(topups.list(MANY))
        self.keep(topups.cancel(made.id))

    def country_specs(self) -> None:
        self.keep(self.v1.country_specs.list(MANY))
        self.keep(self.v1.country_specs.retrieve("US"))

    def endpoints_and_events(self) -> None:
        endpoints = self.v1.webhook_endpoints
        form: Any = {"url": HOOK, "enabled_events": ["*"], "connect": True}
        made = self.keep(endpoints.create(form))
        self.keep(endpoints.retrieve(made.id))
        self.keep(endpoints.update(made.id, {"description": "nobody listens"}))
        self.keep(endpoints.list(MANY))
        assert self.keep(endpoints.delete(made.id)).deleted
        event = self.keep(self.v1.events.list(MANY)).data[0]
        self.keep(self.v1.events.retrieve(event.id))

    def destinations_and_thin_events(self) -> None:
        core: Any = self.sdk.v2.core
        form: Any = {
            "name": "the harbour",
            "type": "webhook_endpoint",
            "event_payload": "thin",
            "enabled_events": ["v1.account.updated"],
            "events_from": ["@self", "@accounts"],
            "webhook_endpoint": {"url": HOOK},
            "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
        }
        destinations = core.event_destinations
        made = self.keep(destinations.create(form))
        assert made.webhook_endpoint.signing_secret.startswith("whsec_")
        self.keep(destinations.retrieve(made.id, {"include": ["webhook_endpoint.url"]}))
        self.keep(destinations.update(made.id, {"description": "nobody listens"}))
        self.keep(destinations.list(MANY))
        pinged = self.keep(destinations.ping(made.id))
        self.keep(core.events.list(MANY))
        assert self.keep(core.events.retrieve(pinged.id)).type == pinged.type
        assert self.keep(destinations.disable(made.id)).status == "disabled"
        assert self.keep(destinations.enable(made.id)).status == "enabled"
        assert self.keep(destinations.delete(made.id)).id == made.id

    def oauth(self) -> None:
        code, client_id = self.permission()
        made: Any = self.sdk.oauth.token({"grant_type": "authorization_code", "code": code})
        gone: Any = self.sdk.oauth.deauthorize(
            {"client_id": client_id, "stripe_user_id": made.stripe_user_id}
        )
        assert gone.stripe_user_id == made.stripe_user_id

    def permission(self) -> tuple[str, str]:
        """Let a seller allow the platform on the authorize page, and return the code for it."""
        here = self.v1.accounts.retrieve_current().id
        worlds = self.sandbox.get("/_sandbox/applications")["data"]
        client_id = next(each["id"] for each in worlds if each["platform"] == here)
        asked = {"client_id": client_id, "redirect_uri": BACK, "scope": "read_write"}
        authorize_url: Any = self.sdk.oauth.authorize_url
        address = authorize_url({"response_type": "code", **asked})
        seller = Seller(self.sandbox.url)
        try:
            page = seller.get(address)
            page = seller.submit(page.form("authorize"), filled_in(page), button="Skip this form")
        finally:
            seller.close()
        assert page.location is not None
        return parse_qs(urlsplit(page.location).query)["code"][0], client_id

    def legacy_paths(self) -> None:
        account_id = self.custom()
        for path in ("people", "bank_accounts"):
            self.keep(
                self.sdk.deserialize(
                    self.sdk.raw_request("get", f"/v1/accounts/{account_id}/{path}"), api_mode="V1"
                )
            )
