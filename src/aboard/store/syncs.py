"""Which accounts are due to be read from Stripe, and who is reading them?

A claim is a lease: a worker that is killed loses it by the clock, a worker that comes back too
late finds that its lease no longer opens anything.

Source: ADR-0006, events are doorbells.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aboard.core.owner import Mode
from aboard.store.accounts import account_of
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions, new_id
from aboard.store.records import Claim
from aboard.store.statements.compiler import Params, Statement
from aboard.store.values import to_micros, to_micros_or_none, to_time


class SyncQuestions(Questions):
    """The questions about due accounts."""

    async def claim_due_accounts(
        self, mode: Mode, limit: int, now: datetime, *, lease_seconds: int, scheduled: int = 0
    ) -> Sequence[Claim]:
        """Lease up to `limit` due accounts of a mode to the caller, longest due first.

        Accounts whose bell rang come before those whose time has come by the schedule, but
        `scheduled` places of the limit are kept for these as long as there are any. Nobody else
        is given them until the lease ends, by `write_snapshot`, one of the ends below, or the
        clock. A lease that ran out counts as a failed attempt.
        """
        params: Params = {
            "mode": mode.value,
            "now": to_micros(now),
            "wanted": limit,
            "share": min(scheduled, limit),
            "lease": new_id("lease"),
            "lease_until": to_micros(now + timedelta(seconds=lease_seconds)),
        }
        outcome = await self._driver.write(
            tuple(
                Step(statement, params)
                for statement in (
                    self._sql.syncs.take_back,
                    self._sql.syncs.claim_share,
                    self._sql.syncs.claim_rung,
                    self._sql.syncs.claim_scheduled,
                    self._sql.syncs.list_claimed,
                )
            )
        )
        rows = () if outcome is None else outcome[-1].rows
        return tuple(_claim_of(row, str(params["lease"]), now) for row in rows)

    async def release_claims(self, claims: Sequence[Claim]) -> None:
        """Give claims back as they were taken, uncounted: another worker takes them at once.

        Those whose lease is no longer the caller's are left alone.
        """
        if claims:
            await self._driver.write(
                tuple(Step(self._sql.syncs.release, _lease_params(claim)) for claim in claims)
            )

    async def put_back_claim(self, claim: Claim, due_at: datetime) -> bool:
        """Give a claim back uncounted, to be due at `due_at` or later.

        Says False when the lease is no longer the caller's.
        """
        params = {**_lease_params(claim), "due_at": to_micros(due_at)}
        return await self._holds(Step(self._sql.syncs.put_back, params, required=True))

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
        """Give a claim back as hopeless: its events that were there when it was claimed are dead.

        The account is looked at again at `next_sync_at`, or only when somebody asks. Says False
        when the lease is no longer the caller's.
        """
        params: Params = {
            **_claim_params(claim, error_code),
            "due_at": to_micros_or_none(next_sync_at),
            "claimed_at": to_micros(claim.claimed_at),
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
        questions: list[tuple[Statement, Params]] = [(self._sql.syncs.next_leased, {})]
        for mode in Mode:
            params = {"mode": mode.value}
            questions += [(self._sql.syncs.next_rung, params)]
            questions += [(self._sql.syncs.next_scheduled, params)]
        rows = [await self._driver.read_one(*question) for question in questions]
        times = [row[0] for row in rows if row is not None and row[0] is not None]
        return to_time(min(times)) if times else None


def _lease_params(claim: Claim) -> Params:
    return {"account_id": claim.account.id, "lease": claim.lease}


def _claim_params(claim: Claim, error_code: str) -> Params:
    return {**_lease_params(claim), "error_code": error_code}


def _claim_of(row: Row, lease: str, now: datetime) -> Claim:
    attempts, due_at, failing_since, last_error = row[-4:]
    return Claim(
        account=account_of(row),
        lease=lease,
        attempts=attempts,
        due_at=to_time(due_at),
        claimed_at=now,
        due_since=to_time(due_at if failing_since is None else failing_since),
        last_error=last_error,
    )
