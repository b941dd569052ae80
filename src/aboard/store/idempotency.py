"""Was this request made before, with the same body, and what was it answered?

Kept are a digest of the body and the answer as the face wrote it. A bearer URL is never kept: its
answer is empty, and a repeated request is answered with a new link for the same account.

Source: docs/api/organizations.md, idempotency.
"""

from datetime import datetime, timedelta

from aboard.store.driver import Step
from aboard.store.questions import Questions
from aboard.store.records import IdempotencyScope, KeyClaim, KeyOutcome
from aboard.store.values import to_micros


class IdempotencyQuestions(Questions):
    """The questions about idempotency keys."""

    async def claim_idempotency_key(
        self,
        scope: IdempotencyScope,
        body_digest: str,
        now: datetime,
        *,
        ttl: timedelta,
        lease: timedelta,
    ) -> KeyClaim:
        """Claim a key for a body until the lease ends, or say what became of the first claim.

        A key whose time is over is new again; so is one that its holder left without an answer.
        """
        leased_until = now + lease
        params = {
            **scope._asdict(),
            "body_digest": body_digest,
            "now": to_micros(now),
            "expires_at": to_micros(now + ttl),
            "leased_until": to_micros(leased_until),
        }
        outcome = await self._driver.write(
            (
                Step(self._sql.records.claim_key, params),
                Step(self._sql.records.find_key, params, required=True),
            )
        )
        if outcome is None:
            raise LookupError("a key that was just claimed is not there")
        claimed, found = outcome
        if claimed.count:
            return KeyClaim(KeyOutcome.NEW, leased_until)
        digest, answer = found.rows[0]
        if digest != body_digest:
            return KeyClaim(KeyOutcome.CONFLICT)
        if answer is None:
            return KeyClaim(KeyOutcome.BUSY)
        return KeyClaim(KeyOutcome.SAME, answer=answer)

    async def settle_idempotency_key(
        self, scope: IdempotencyScope, leased_until: datetime, answer: str
    ) -> bool:
        """Keep the answer; False when the lease was lost to a later claim."""
        params = {**_lease(scope, leased_until), "answer": answer}
        return await self._holds(Step(self._sql.records.settle_key, params, required=True))

    async def leave_idempotency_key(self, scope: IdempotencyScope, leased_until: datetime) -> bool:
        """End the lease without an answer: the same body may try again, another may not."""
        params = _lease(scope, leased_until)
        return await self._holds(Step(self._sql.records.leave_key, params, required=True))

    async def forget_idempotency_key(self, scope: IdempotencyScope, leased_until: datetime) -> bool:
        """Forget the key: whatever comes with it next is the first request."""
        params = _lease(scope, leased_until)
        return await self._holds(Step(self._sql.records.forget_key, params, required=True))


def _lease(scope: IdempotencyScope, leased_until: datetime) -> dict[str, str | int]:
    return {**scope._asdict(), "leased_until": to_micros(leased_until)}
