"""Was this request made before, and with the same body?

Kept are a digest of the body and the onboarding it led to. A bearer URL is never kept: a
repeated request is answered with a new link for the same account.

Source: docs/vocabulary.md.
"""

from datetime import datetime, timedelta

from aboard.store.driver import Step
from aboard.store.questions import Questions
from aboard.store.records import IdempotencyScope, KeyClaim, KeyOutcome
from aboard.store.values import to_micros


class IdempotencyQuestions(Questions):
    """The questions about idempotency keys."""

    async def claim_idempotency_key(
        self, scope: IdempotencyScope, body_digest: str, now: datetime, ttl: timedelta
    ) -> KeyClaim:
        """Claim a key for a body, or say whether it was claimed for the same one before.

        A key whose time is over is new again.
        """
        params = {
            **scope._asdict(),
            "body_digest": body_digest,
            "now": to_micros(now),
            "expires_at": to_micros(now + ttl),
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
            return KeyClaim(KeyOutcome.NEW)
        digest, onboarding_id = found.rows[0]
        if digest != body_digest:
            return KeyClaim(KeyOutcome.CONFLICT)
        return KeyClaim(KeyOutcome.SAME, onboarding_id)

    async def settle_idempotency_key(self, scope: IdempotencyScope, onboarding_id: str) -> bool:
        """Remember which onboarding a claimed key led to; False when the key is forgotten."""
        return await self._holds(
            Step(
                self._sql.records.settle_key,
                {**scope._asdict(), "onboarding_id": onboarding_id},
                required=True,
            )
        )
