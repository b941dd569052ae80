"""Was this asked before? Remembers the first answer to each idempotency key, for a day or a month.

A key is claimed before its request runs and released when nothing was executed.

Source: Stripe's API reference, "Idempotent requests" (v1).
"""

from http import HTTPStatus

from msgspec import Struct

from aboard.sandbox.ledger import Ledger
from aboard.sandbox.wire.errors import StripeError

LONGEST_KEY = 255
KEPT_SECONDS = 24 * 3600
MOST_KEPT = 20_000
MOST_KEPT_BYTES = 32 * 1024 * 1024


class Reply(Struct):
    """The first answer to a key; without a status while the request still runs."""

    fingerprint: bytes
    claimed_at: int
    status: int | None = None
    body: bytes = b""
    request_id: str = ""


class Replies:
    """The answers of one world, the latest of them: `MOST_KEPT`, and `MOST_KEPT_BYTES` together."""

    __slots__ = ("_kept_bytes", "_kept_seconds", "ledger")

    def __init__(self, ledger: Ledger[Reply], kept_seconds: int = KEPT_SECONDS) -> None:
        """Begin with those on a shelf."""
        self.ledger = ledger
        self._kept_seconds = kept_seconds
        self._kept_bytes = 0

    def claim(self, key: str, fingerprint: bytes, now: int) -> Reply | None:
        """Return the answer given before, or claim the key for the request that comes now.

        Raises:
            StripeError: the key is too long, in use, or was used for something else.
        """
        if len(key) > LONGEST_KEY:
            raise StripeError(
                f"Idempotency keys can be at most {LONGEST_KEY} characters long.", is_early=True
            )
        self._forget_old(now)
        reply = self.ledger.get(key)
        if reply is None:
            self.ledger.add(key, Reply(fingerprint, now))
            return None
        if reply.fingerprint != fingerprint:
            raise StripeError(
                "Keys for idempotent requests can only be used with the same parameters they were "
                f"first used with. Try using a key other than '{key}' if you meant to execute a "
                "different request.",
                kind="idempotency_error",
                is_early=True,
            )
        if reply.status is None:
            raise StripeError(
                "There is currently another in-progress request using this Idempotent Key (that "
                "probably means you submitted twice, and the other request is still going "
                f"through): {key}. Please try again later.",
                status=HTTPStatus.CONFLICT,
                kind="idempotency_error",
                code="idempotency_key_in_use",
                is_early=True,
            )
        return reply

    def keep(self, key: str, status: int, body: bytes, request_id: str) -> None:
        """Remember the answer to a claimed key."""
        reply = self.ledger.get(key)
        if reply is None:
            return
        reply.status, reply.body, reply.request_id = status, body, request_id
        self._kept_bytes += len(body)

    def release(self, key: str) -> None:
        """Forget a claimed key: nothing was executed."""
        if key in self.ledger:
            self.ledger.remove(key)

    def _forget_old(self, now: int) -> None:
        while (oldest := self.ledger.oldest()) is not None:
            reply = self.ledger.get(oldest)
            if reply is None or reply.status is None:
                return
            is_too_much = len(self.ledger) >= MOST_KEPT or self._kept_bytes > MOST_KEPT_BYTES
            if not is_too_much and reply.claimed_at + self._kept_seconds > now:
                return
            self._kept_bytes -= len(reply.body)
            self.ledger.remove(oldest)
