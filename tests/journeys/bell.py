"""Stripe's hand at the bell: signed events about accounts, and which of them were answered."""

import asyncio
import hmac
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp

PATH = "/v1/webhooks/stripe/connect"


@dataclass(slots=True)
class Bell:
    """Rings at an address. `answered` are the events that got 200; `answers` counts all else too.

    With `patience`, an event that gets no 200 is rung again, as Stripe does.
    """

    session: aiohttp.ClientSession
    address: Callable[[], str]
    secret: str
    chance: random.Random
    patience: bool
    answered: set[str] = field(default_factory=set)
    rung: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    slowest_seconds: float = 0.0

    async def ring_on(self, stop: asyncio.Event, accounts: Sequence[str], pause: float) -> None:
        """Ring about one account after another until `stop`, with pauses of about this length."""
        while not stop.is_set():
            await self.ring(self.chance.choice(accounts))
            await asyncio.sleep(self.chance.uniform(0, 2 * pause))

    async def ring(self, account_id: str) -> None:
        """Ring once about an account; with patience, until it is answered with 200."""
        self.rung += 1
        event_id = f"evt_{self.chance.getrandbits(80):020x}"
        while True:
            answer = await self._send(event_id, account_id)
            self.answers[answer] += 1
            if answer == "200":
                self.answered.add(event_id)
            if answer == "200" or not self.patience:
                return
            await asyncio.sleep(0.1)

    async def _send(self, event_id: str, account_id: str) -> str:
        stamp = int(time.time())
        payload = json.dumps(
            {
                "id": event_id,
                "object": "event",
                "type": "account.updated",
                "created": stamp,
                "livemode": False,
                "account": account_id,
                "data": {"object": {"id": account_id, "object": "account"}},
            }
        ).encode()
        mac = hmac.new(self.secret.encode(), b"%d." % stamp + payload, "sha256").hexdigest()
        headers = {"Stripe-Signature": f"t={stamp},v1={mac}", "Content-Type": "application/json"}
        began = time.perf_counter()
        try:
            async with self.session.post(
                self.address() + PATH,
                data=payload,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=30),
            ) as answer:
                await answer.read()
                return str(answer.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            return type(error).__name__
        finally:
            self.slowest_seconds = max(self.slowest_seconds, time.perf_counter() - began)
