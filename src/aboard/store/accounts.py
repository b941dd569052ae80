"""What do we ask about connected accounts? Who has one, and what did Stripe last say of it?

Every change is one conditional batch: its condition decides who wins, not a lock held while
somebody waits for the network.

Source: ADR-0007, no open transaction across the network; ADR-0006, events are doorbells.
"""

from collections.abc import Sequence
from datetime import datetime

from aboard.core.account import ConnectedAccount, Onboarding, Snapshot
from aboard.core.announcements import Announcement
from aboard.core.links import Collect, LinkPurpose
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Actor, Readiness
from aboard.store.consequences import NONE, Consequences, consequence_steps
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions, new_id
from aboard.store.statements.compiler import Params
from aboard.store.values import (
    owner_params,
    snapshot_of,
    snapshot_text,
    to_micros,
    to_micros_or_none,
    to_time,
    to_time_or_none,
)

_ACCOUNT_WIDTH = 15


class AccountQuestions(Questions):
    """The questions about connected accounts."""

    async def find_account(self, owner: Owner) -> ConnectedAccount | None:
        """Return the owner's account or its reservation, in one indexed read."""
        row = await self._driver.read_one(self._sql.accounts.find_by_owner, owner_params(owner))
        return None if row is None else account_of(row, owner)

    async def find_account_by_id(self, account_id: str) -> ConnectedAccount | None:
        """Return the account with our own id."""
        row = await self._driver.read_one(self._sql.accounts.find_by_id, {"account_id": account_id})
        return None if row is None else account_of(row)

    async def find_account_by_stripe_id(
        self, stripe_account_id: str, mode: Mode
    ) -> ConnectedAccount | None:
        """Return the account that Stripe knows by this id, unless it was replaced."""
        row = await self._driver.read_one(
            self._sql.accounts.find_by_stripe_id,
            {"stripe_account_id": stripe_account_id, "mode": mode.value},
        )
        return None if row is None else account_of(row)

    async def find_account_and_onboarding(
        self, owner: Owner
    ) -> tuple[ConnectedAccount, Onboarding | None] | None:
        """Return the owner's account with its latest onboarding, in one read."""
        row = await self._driver.read_one(
            self._sql.accounts.find_with_onboarding, owner_params(owner)
        )
        if row is None:
            return None
        rest = row[_ACCOUNT_WIDTH:]
        onboarding = None if rest[0] is None else onboarding_of(rest, owner)
        return account_of(row, owner), onboarding

    async def find_raw_document(self, account_id: str) -> bytes | None:
        """Return Stripe's last answer about the account, byte for byte."""
        row = await self._driver.read_one(self._sql.accounts.find_raw, {"account_id": account_id})
        return None if row is None else bytes(row[0])

    async def list_former_stripe_ids(self, account_id: str) -> tuple[str, ...]:
        """Return the Stripe ids that this account had before, oldest first."""
        rows = await self._driver.read_all(
            self._sql.accounts.list_former, {"account_id": account_id}
        )
        return tuple(row[0] for row in rows)

    async def reserve_account(self, owner: Owner, now: datetime) -> ConnectedAccount:
        """Return the owner's one account, reserving it if there is none.

        Any number of callers at once, in any number of processes, are given the same row.
        """
        params = owner_params(owner)
        reserve = Step(
            self._sql.accounts.reserve,
            {**params, "id": new_id("ca"), "reserved_at": to_micros(now)},
        )
        find = Step(self._sql.accounts.find_by_owner, params, required=True)
        outcome = await self._driver.write((reserve, find))
        if outcome is None:
            raise LookupError("an account that was just reserved is not there")
        return account_of(outcome[-1].rows[0], owner)

    async def renew_attempt(self, account_id: str, attempt: int) -> bool:
        """Count one more idempotency key used up, if `attempt` still is the current one."""
        return await self._holds(
            Step(
                self._sql.accounts.renew_attempt,
                {"account_id": account_id, "attempt": attempt},
                required=True,
            )
        )

    async def attach_stripe_account(
        self, account_id: str, stripe_account_id: str, now: datetime
    ) -> bool:
        """Remember Stripe's id for a reservation that has none; a sync is due at once.

        Events that came in before we knew the id find their account now. Says False when there
        is an id already: the caller lost the race and reads the row again.
        """
        return await self._holds(*self._attaching(account_id, stripe_account_id, now))

    def _attaching(
        self, account_id: str, stripe_account_id: str, now: datetime
    ) -> tuple[Step, ...]:
        params: Params = {
            "account_id": account_id,
            "stripe_account_id": stripe_account_id,
            "due_at": to_micros(now),
        }
        return (
            Step(self._sql.accounts.attach, params, required=True),
            Step(self._sql.syncs.begin, params),
            Step(self._sql.events.match, params),
        )

    async def write_snapshot(  # noqa: PLR0913 - one commit, and all of it by name
        self,
        seen: ConnectedAccount,
        snapshot: Snapshot,
        raw: bytes,
        *,
        readiness: Readiness,
        who_must_act: Actor,
        read_began_at: datetime,
        next_sync_at: datetime | None,
        now: datetime,
        attach: bool = False,
        consequences: Consequences = NONE,
    ) -> bool:
        """Remember what Stripe told us, with what follows from it, if the row still is as `seen`.

        In the same commit: any lease ends, events received before the read began are processed,
        the next sync is set, except that a bell that rang after the read began stays due, and the
        consequences are written. With `attach` the account that Stripe has just made becomes the
        reservation's first, as by `attach_stripe_account`, in this commit too. Says False, and
        changes nothing, when the row changed since it was read, or a read that began later was
        written: whoever wants to know which reads the row again.
        """
        since = consequences.owner_acts_since
        params: Params = {
            **_seen_params(seen),
            "stripe_account_id": snapshot.stripe_account_id,
            "snapshot": snapshot_text(snapshot),
            "raw": raw,
            "readiness": readiness.value,
            "who_must_act": who_must_act.value,
            "owner_acts_since": to_micros_or_none(since),
            "reminded_at": None if since is None else to_micros_or_none(seen.reminded_at),
            "read_began_at": to_micros(read_began_at),
            "synced_at": to_micros(now),
            "processed_at": to_micros(now),
            "next_sync_at": to_micros_or_none(next_sync_at),
        }
        return await self._holds(
            *(self._attaching(seen.id, snapshot.stripe_account_id, now) if attach else ()),
            Step(self._sql.accounts.write_snapshot, params, required=True),
            Step(self._sql.accounts.write_raw, params),
            Step(self._sql.syncs.finish, params),
            Step(self._sql.events.process, params),
            *consequence_steps(self._sql, seen, consequences, now),
        )

    async def mark_disconnected(
        self,
        seen: ConnectedAccount,
        reason: str,
        now: datetime,
        consequences: Consequences = NONE,
    ) -> bool:
        """Remember that Stripe or the holder took the account away, with what follows from it.

        No further sync is due, and nobody waits for its owner. Says False, and changes nothing,
        when the row is not as it was `seen` any more.
        """
        params: Params = {
            **_seen_params(seen),
            "disconnected_at": to_micros(now),
            "reason": reason,
            "readiness": Readiness.DISCONNECTED.value,
            "who_must_act": Actor.PLATFORM.value,
            "read_began_at": to_micros(now),
            "processed_at": to_micros(now),
        }
        return await self._holds(
            Step(self._sql.accounts.disconnect, params, required=True),
            Step(self._sql.syncs.stop, params),
            Step(self._sql.events.process, params),
            *consequence_steps(self._sql, seen, consequences, now),
        )

    async def list_waiting_owners(
        self, *, waiting_since: datetime, reminded_before: datetime, limit: int
    ) -> Sequence[ConnectedAccount]:
        """Return accounts whose owner must act, longest waiting first.

        Those only whose owner has had something to do since `waiting_since` or longer, and was
        reminded at `reminded_before` or earlier, or never.
        """
        rows = await self._driver.read_all(
            self._sql.accounts.list_waiting,
            {
                "waiting_since": to_micros(waiting_since),
                "reminded_before": to_micros(reminded_before),
                "who_must_act": Actor.OWNER.value,
                "limit": limit,
            },
        )
        return tuple(account_of(row) for row in rows)

    async def mark_reminded(
        self, seen: ConnectedAccount, announcement: Announcement, now: datetime
    ) -> bool:
        """Remember that the owner is reminded now, and tell it, if the row still is as `seen`."""
        params: Params = {**_seen_params(seen), "reminded_at": to_micros(now)}
        return await self._holds(
            Step(self._sql.accounts.remind, params, required=True),
            *consequence_steps(self._sql, seen, Consequences((announcement,)), now),
        )

    async def restart_account(self, account_id: str, now: datetime) -> bool:
        """Turn a disconnected account into a fresh reservation with a new attempt.

        Its old Stripe id goes into the history. Says False when it is not disconnected.
        """
        params: Params = {"account_id": account_id, "now": to_micros(now)}
        return await self._holds(
            Step(self._sql.accounts.remember_former, params, required=True),
            Step(self._sql.accounts.restart, params, required=True),
            Step(self._sql.accounts.forget_raw, params),
        )


def _seen_params(seen: ConnectedAccount) -> Params:
    return {
        "account_id": seen.id,
        "stripe_account_id": seen.stripe_account_id,
        "seen_revision": seen.revision,
    }


def account_of(row: Row, owner: Owner | None = None) -> ConnectedAccount:
    """Build an account from the columns that every question about accounts begins with."""
    (
        account_id,
        owner_kind,
        owner_id,
        mode,
        reserved_at,
        attempt,
        stripe_account_id,
        read_began_at,
        synced_at,
        disconnected_at,
        disconnected_reason,
        snapshot,
        owner_acts_since,
        reminded_at,
        revision,
    ) = row[:_ACCOUNT_WIDTH]
    return ConnectedAccount(
        account_id,
        owner or Owner(OwnerKind(owner_kind), owner_id, Mode(mode)),
        to_time(reserved_at),
        attempt,
        stripe_account_id,
        snapshot_of(snapshot),
        to_time_or_none(read_began_at),
        to_time_or_none(synced_at),
        to_time_or_none(disconnected_at),
        disconnected_reason,
        to_time_or_none(owner_acts_since),
        to_time_or_none(reminded_at),
        revision,
    )


def onboarding_of(row: Row, owner: Owner) -> Onboarding:
    """Build an onboarding from its columns."""
    onboarding_id, account_id, return_url, refresh_url, created_at, purpose, collect = row[:7]
    return Onboarding(
        onboarding_id,
        account_id,
        owner,
        return_url,
        refresh_url,
        to_time(created_at),
        LinkPurpose(purpose),
        Collect(collect),
    )
