"""Was this asked before? Remembers the first answer to each idempotency key, for a day.

A key is claimed before its request runs and released when nothing was executed.

Source: Stripe's API reference, "Idempotent requests" (v1).
"""

from http import HTTPStatus

from msgspec import Struct

from aboard.sandbox.wire.errors import StripeError

LONGEST_KEY = 255
KEPT_SECONDS = 24 * 3600


class Reply(Struct):
    """The first answer to a key; without a status while the request still runs."""

    fingerprint: bytes
    claimed_at: int
    status: int | None = None
    body: bytes = b""
    request_id: str = ""


class Replies:
    """The answers of one world."""

    __slots__ = ("_replies",)

    def __init__(self) -> None:
        """Begin with none."""
        self._replies: dict[str, Reply] = {}

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
        reply = self._replies.get(key)
        if reply is None:
            self._replies[key] = Reply(fingerprint, now)
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
        reply = self._replies.get(key)
        if reply is None:
            return
        reply.status, reply.body, reply.request_id = status, body, request_id

    def release(self, key: str) -> None:
        """Forget a claimed key: nothing was executed."""
        self._replies.pop(key, None)

    def _forget_old(self, now: int) -> None:
        while self._replies:
            oldest = next(iter(self._replies))
            if self._replies[oldest].claimed_at + KEPT_SECONDS > now:
                return
            del self._replies[oldest]
