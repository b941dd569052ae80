"""What do we ask about onboardings? Where they end, who came back, and which state is used up.

Source: ADR-0005, signed state.
"""

from collections.abc import Sequence
from datetime import datetime

from aboard.core.account import Onboarding
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store.accounts import onboarding_of
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.records import LinkRecord
from aboard.store.values import to_micros, to_micros_or_none, to_time, to_time_or_none


class OnboardingQuestions(Questions):
    """The questions about onboardings, visits and issued links."""

    async def create_onboarding(self, onboarding: Onboarding) -> None:
        """Remember a new onboarding of an account that is there."""
        await self._driver.write(
            (
                Step(
                    self._sql.onboardings.create,
                    {
                        "id": onboarding.id,
                        "account_id": onboarding.account_id,
                        "return_url": onboarding.return_url,
                        "refresh_url": onboarding.refresh_url,
                        "created_at": to_micros(onboarding.created_at),
                        "purpose": onboarding.purpose.value,
                        "collect": onboarding.collect.value,
                    },
                ),
            )
        )

    async def find_onboarding(self, onboarding_id: str) -> Onboarding | None:
        """Return an onboarding by its id."""
        row = await self._driver.read_one(
            self._sql.onboardings.find, {"onboarding_id": onboarding_id}
        )
        return None if row is None else _owned_onboarding_of(row)

    async def find_latest_onboarding(self, account_id: str) -> Onboarding | None:
        """Return the onboarding of this account that was created last."""
        row = await self._driver.read_one(
            self._sql.onboardings.find_latest, {"account_id": account_id, "limit": 1}
        )
        return None if row is None else _owned_onboarding_of(row)

    async def list_onboardings(self, account_id: str, limit: int = 100) -> Sequence[Onboarding]:
        """Return the onboardings of this account, newest first."""
        rows = await self._driver.read_all(
            self._sql.onboardings.find_latest, {"account_id": account_id, "limit": limit}
        )
        return tuple(_owned_onboarding_of(row) for row in rows)

    async def record_return(self, onboarding_id: str, nonce: str, now: datetime) -> bool:
        """Say whether this is the first return visit with this state. Repeats are harmless."""
        return await self._holds(
            Step(
                self._sql.onboardings.record_return,
                {"onboarding_id": onboarding_id, "nonce": nonce, "now": to_micros(now)},
                required=True,
            )
        )

    async def spend_state(
        self, nonce: str, onboarding_id: str, expires_at: datetime, now: datetime
    ) -> bool:
        """Use up a state; only one caller ever is told True.

        It stays used up beyond `expires_at`, until `forget_expired` comes by.
        """
        return await self._holds(
            Step(
                self._sql.onboardings.spend_state,
                {
                    "nonce": nonce,
                    "onboarding_id": onboarding_id,
                    "expires_at": to_micros(expires_at),
                    "now": to_micros(now),
                },
                required=True,
            )
        )

    async def is_state_spent(self, nonce: str) -> bool:
        """Say whether a state is used up already; only `spend_state` decides who uses it."""
        row = await self._driver.read_one(self._sql.onboardings.find_spent, {"nonce": nonce})
        return row is not None

    async def release_state(self, nonce: str) -> None:
        """Give a spent state back, because the link it was spent on was never minted."""
        await self._holds(Step(self._sql.onboardings.release_state, {"nonce": nonce}))

    async def count_spent_refreshes(self, onboarding_id: str, since: datetime) -> int:
        """Return how often this onboarding was refreshed at or after `since`."""
        row = await self._driver.read_one(
            self._sql.onboardings.count_spent,
            {"onboarding_id": onboarding_id, "since": to_micros(since)},
        )
        return 0 if row is None else int(row[0])

    async def record_link(
        self,
        account_id: str,
        onboarding_id: str | None,
        *,
        purpose: str,
        created_at: datetime,
        expires_at: datetime | None,
    ) -> None:
        """Remember that a link was issued. The link itself is nowhere written down."""
        await self._driver.write(
            (
                Step(
                    self._sql.onboardings.record_link,
                    {
                        "account_id": account_id,
                        "onboarding_id": onboarding_id,
                        "purpose": str(purpose),
                        "created_at": to_micros(created_at),
                        "expires_at": to_micros_or_none(expires_at),
                    },
                ),
            )
        )

    async def list_links(self, account_id: str, limit: int = 100) -> Sequence[LinkRecord]:
        """Return what was issued for this account, newest first."""
        rows = await self._driver.read_all(
            self._sql.onboardings.list_links, {"account_id": account_id, "limit": limit}
        )
        return tuple(
            LinkRecord(row[0], row[1], row[2], to_time(row[3]), to_time_or_none(row[4]))
            for row in rows
        )


def _owned_onboarding_of(row: Row) -> Onboarding:
    owner_kind, owner_id, mode = row[-3:]
    return onboarding_of(row, Owner(OwnerKind(owner_kind), owner_id, Mode(mode)))
