"""What does Stripe post in a benchmark? Signed events, every id its own, some of them twice.

One in five is an event that was posted a moment ago, byte for byte, as when Stripe tries again.
Signatures are made with the official library's own recipe, on the clock of the moment.
"""

import hashlib
import hmac
import json
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain

from benchmarks.load import Request

PATH = "/v1/webhooks/stripe/connect"
SECRET = "whsec_benchmark_of_no_value_000000000001"
TYPE = "account.updated"
DUPLICATES_EVERY = 5
_RECENT = 256


class Postbag:
    """The events for one side. A request's `caller` is the number of its event."""

    def __init__(self, accounts: Sequence[str], seed: int = 0) -> None:
        """Take the accounts that events are about."""
        self.posted = 0
        self._accounts = accounts
        self._chance = random.Random(seed)  # noqa: S311 - which event comes twice is no secret
        self._recent: deque[Request] = deque(maxlen=_RECENT)
        self._turn = 0
        self._ready: list[Request] = []

    def prepare(self, count: int) -> None:
        """Sign so many before the clock runs, so that signing takes no core from anybody."""
        self._ready = [self._next() for _ in range(count)]

    def requests(self) -> Iterator[Request]:
        """Yield what was prepared, and more for as long as it is wanted."""
        ready, self._ready = self._ready, []
        return chain(ready, iter(self._next, None))

    def _next(self) -> Request:
        self._turn += 1
        if self._turn % DUPLICATES_EVERY == 0 and self._recent:
            return self._chance.choice(self._recent)
        request = self._event(self.posted)
        self.posted += 1
        self._recent.append(request)
        return request

    def _event(self, number: int) -> Request:
        account = self._accounts[number % len(self._accounts)]
        now = int(time.time())
        about = account.encode()
        payload = _LETTER % (event_id(number).encode(), about, now, about, about)
        mark = hmac.digest(SECRET.encode(), b"%d.%b" % (now, payload), hashlib.sha256).hex()
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json; charset=utf-8\r\n"
            f"User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n"
            f"Stripe-Signature: t={now},v1={mark}\r\nContent-Length: {len(payload)}\r\n\r\n"
        )
        return Request(number, head.encode() + payload)


def event_id(number: int) -> str:
    """Return the id of an event."""
    return f"evt_bench{number:014d}"


def _letter() -> bytes:
    """Return an `account.updated` of the usual size, with places for what differs."""
    due = ["external_account", "tos_acceptance.date", "tos_acceptance.ip", "individual.id_number"]
    wanted = {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": due,
        "disabled_reason": "requirements.past_due",
        "errors": [],
        "eventually_due": due,
        "past_due": due,
        "pending_verification": [],
    }
    account = {
        "id": "@account",
        "object": "account",
        "business_profile": {
            "annual_revenue": None,
            "estimated_worker_count": None,
            "mcc": "5734",
            "name": "Harbour Street Bicycles",
            "product_description": "Bicycles, repaired and sold on from a workshop by the sea.",
            "support_address": None,
            "support_email": None,
            "support_phone": None,
            "support_url": None,
            "url": "https://bicycles.example",
        },
        "business_type": "individual",
        "capabilities": {"card_payments": "inactive", "transfers": "inactive"},
        "charges_enabled": False,
        "controller": {
            "fees": {"payer": "application_express"},
            "is_controller": True,
            "losses": {"payments": "application"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "express"},
            "type": "application",
        },
        "country": "US",
        "created": 1_780_000_000,
        "default_currency": "usd",
        "details_submitted": False,
        "email": "owner@bicycles.example",
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "total_count": 0,
            "url": "/v1/accounts/@account/external_accounts",
        },
        "future_requirements": {**wanted, "currently_due": [], "past_due": []},
        "metadata": {"owner": "organization", "mode": "test"},
        "payouts_enabled": False,
        "requirements": wanted,
        "settings": {
            "card_payments": {"decline_on": {"avs_failure": False, "cvc_failure": False}},
            "payments": {"statement_descriptor": "BICYCLES", "statement_descriptor_kana": None},
            "payouts": {
                "debit_negative_balances": True,
                "schedule": {"delay_days": 2, "interval": "daily"},
                "statement_descriptor": None,
            },
        },
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": "express",
    }
    event = {
        "id": "@event",
        "object": "event",
        "account": "@account",
        "api_version": "2026-10-28.endive",
        "created": "@now",
        "data": {"object": account, "previous_attributes": {"requirements": {"errors": []}}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": TYPE,
    }
    return json.dumps(event, indent=2).encode()


def _with_places(letter: bytes) -> bytes:
    letter = letter.replace(b"%", b"%%").replace(b'"@now"', b"%d").replace(b"@event", b"%b")
    return letter.replace(b"@account", b"%b")


_LETTER = _with_places(_letter())
