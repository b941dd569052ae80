"""Which accounts are due to be read from Stripe, and who is reading them?

A claim is a lease: a worker that is killed loses it by the clock, a worker that comes back too
late finds that its lease no longer opens anything.

Source: ADR-0006, events are doorbells.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aboard.store.accounts import account_of
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions, new_id
from aboard.store.records import Claim
from aboard.store.statements.compiler import Params
from aboard.store.values import to_micros, to_micros_or_none, to_time


class SyncQuestions(Questions):
    """The questions about due accounts."""

    async def claim_due_accounts(
        self, limit: int, now: datetime, *, lease_seconds: int
    ) -> Sequence[Claim]:
        """Lease up to `limit` due accounts to the caller, longest due first.

        Nobody else is given them until the lease ends, by `write_snapshot`, `fail_sync`,
        `give_up_sync` or the clock. A lease that ran out counts as a failed attempt.
        """
        params: Params = {
            "now": to_micros(now),
            "limit": limit,
            "lease": new_id("lease"),
            "lease_until": to_micros(now + timedelta(seconds=lease_seconds)),
        }
        outcome = await self._driver.write(
            (
                Step(self._sql.syncs.take_back, params),
                Step(self._sql.syncs.claim, params),
                Step(self._sql.syncs.list_claimed, params),
            )
        )
        rows = () if outcome is None else outcome[-1].rows
        return tuple(_claim_of(row, str(params["lease"])) for row in rows)

    async def fail_sync(self, claim: Claim, retry_at: datetime, error_code: str) -> bool:
        """Give a claim back to be tried again at `retry_at`; its events count the attempt too.

        Says False when the lease is no longer the caller's.
        """
        params: Params = {**_claim_params(claim, error_code), "due_at": to_micros(retry_at)}
        return await self._holds(
            Step(self._sql.syncs.postpone, params, required=True),
            Step(self._sql.events.fail, params),
        )

    async def give_up_sync(
        self, claim: Claim, error_code: str, *, next_sync_at: datetime | None
    ) -> bool:
        """Give a claim back as hopeless: its pending events are dead letters.

        The account is looked at again at `next_sync_at`, or only when somebody asks. Says False
        when the lease is no longer the caller's.
        """
        params: Params = {
            **_claim_params(claim, error_code),
            "due_at": to_micros_or_none(next_sync_at),
        }
        return await self._holds(
            Step(self._sql.syncs.give_up, params, required=True),
            Step(self._sql.events.bury, params),
        )

    async def request_sync(self, account_id: str, now: datetime) -> bool:
        """Make an attached account due at once, as an event of its own would."""
        params: Params = {"account_id": account_id, "now": to_micros(now)}
        return await self._holds(Step(self._sql.syncs.hurry, params, required=True))

    async def next_due_at(self) -> datetime | None:
        """Return the earliest time at which there may be something to claim, past or future."""
        free = await self._driver.read_one(self._sql.syncs.next_free, {})
        leased = await self._driver.read_one(self._sql.syncs.next_leased, {})
        times = [row[0] for row in (free, leased) if row is not None and row[0] is not None]
        return to_time(min(times)) if times else None


def _claim_params(claim: Claim, error_code: str) -> Params:
    return {
        "account_id": claim.account.id,
        "lease": claim.lease,
        "error_code": error_code,
    }


def _claim_of(row: Row, lease: str) -> Claim:
    attempts, due_at = row[-2:]
    return Claim(account_of(row), lease, attempts, to_time(due_at))
