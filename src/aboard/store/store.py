"""What may be asked of the store? The narrow questions, by name, and nothing like "run this SQL".

Every question is asynchronous, takes the time as a parameter and answers with frozen records.

Source: ADR-0008, SQLite first.
"""

from datetime import datetime, timedelta

from aboard.core.database import SqliteFile, read_database
from aboard.store.accounts import AccountQuestions
from aboard.store.announcements import AnnouncementQuestions
from aboard.store.audit import AuditQuestions
from aboard.store.budgets import BudgetQuestions
from aboard.store.creators import CreatorQuestions
from aboard.store.deliveries import DeliveryQuestions
from aboard.store.driver import Driver, Step, WriteMetrics
from aboard.store.events import EventQuestions
from aboard.store.gates import GateQuestions
from aboard.store.gateway_callers import GatewayCallerQuestions
from aboard.store.gateway_calls import DAYS_KEPT, GatewayCallQuestions, day_of
from aboard.store.gateway_credentials import GatewayCredentialQuestions
from aboard.store.gauges import GaugeQuestions
from aboard.store.idempotency import IdempotencyQuestions
from aboard.store.kyc import KycQuestions
from aboard.store.migrations.reading import check_revision
from aboard.store.onboardings import OnboardingQuestions
from aboard.store.organizations import OrganizationQuestions
from aboard.store.plans import PlanQuestions
from aboard.store.platform_accounts import PlatformAccountQuestions
from aboard.store.pruning import PruningQuestions
from aboard.store.sqlite import SqliteDriver
from aboard.store.statements import statements_for
from aboard.store.subscribers import SubscriberQuestions
from aboard.store.syncs import SyncQuestions
from aboard.store.tickets import TicketQuestions
from aboard.store.user_sessions import UserSessionQuestions
from aboard.store.users import UserQuestions
from aboard.store.values import to_micros
from aboard.store.walks import WalkQuestions

POOL_SIZE = 10
# Providers repeat a message for days; a message this old is refused for its time anyway.
_REMEMBER_MESSAGES = timedelta(days=30)
# A state verifies a little beyond its end, so it stays spent well beyond that.
_REMEMBER_SPENT = timedelta(days=1)


class Store(
    AccountQuestions,
    SyncQuestions,
    BudgetQuestions,
    OnboardingQuestions,
    EventQuestions,
    AuditQuestions,
    GateQuestions,
    AnnouncementQuestions,
    SubscriberQuestions,
    DeliveryQuestions,
    CreatorQuestions,
    KycQuestions,
    IdempotencyQuestions,
    PlatformAccountQuestions,
    TicketQuestions,
    OrganizationQuestions,
    PlanQuestions,
    UserQuestions,
    UserSessionQuestions,
    GaugeQuestions,
    WalkQuestions,
    PruningQuestions,
    GatewayCallerQuestions,
    GatewayCredentialQuestions,
    GatewayCallQuestions,
):
    """Everything that Aboard remembers."""

    def __init__(self, driver: Driver) -> None:
        """Take the driver, and every question in its dialect."""
        super().__init__(driver, statements_for(driver.dialect))

    @property
    def metrics(self) -> WriteMetrics:
        """Return what was written since the store was opened."""
        return self._driver.metrics

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            StoreUnavailable: there is none.
        """
        await self._driver.read_one(self._sql.records.ping, {})

    async def wait_for_ring(self, timeout_seconds: float, since: int | None = None) -> int:
        """Rest until some process made an account due or wrote an announcement, or time is over.

        Returns the number of rings heard so far. Give it as `since` the next time, so that a ring
        that comes while you work is not missed; without it only a ring from now on counts. Over
        one SQLite file other processes are not heard: rest as long as you would poll. Never fails.
        """
        return await self._driver.wait_for_ring(timeout_seconds, since)

    async def forget_expired(self, now: datetime) -> int:
        """Delete what has had its time: keys, spent states and tickets, sessions, messages.

        Returns how many.
        """
        spent = {"before": to_micros(now - _REMEMBER_SPENT)}
        outcome = await self._driver.write(
            (
                Step(self._sql.records.forget_keys, {"before": to_micros(now)}),
                Step(self._sql.records.forget_states, spent),
                Step(self._sql.tickets.forget, spent),
                Step(self._sql.user_sessions.forget, spent),
                Step(self._sql.users.forget_pending, {"before": to_micros(now)}),
                Step(self._sql.user_sessions.forget_old_failures, {"before": to_micros(now)}),
                Step(self._sql.gateway_calls.forget_days, {"day": day_of(now) - DAYS_KEPT}),
                Step(
                    self._sql.kyc.forget_messages,
                    {"before": to_micros(now - _REMEMBER_MESSAGES)},
                ),
            )
        )
        return sum(done.count for done in outcome or ())

    async def close(self) -> None:
        """Finish every accepted write, then let go of the database. Harmless when repeated."""
        await self._driver.close()


def open_store(database: str, *, pool_size: int = POOL_SIZE) -> Store:
    """Open a migrated database: a path, or a `sqlite:///` or `postgresql://` address.

    `pool_size` bounds the connections to a server, beside one that listens for other processes.

    Raises:
        SettingsRefused: it names no database that we can use, or an extra is missing.
        DatabaseNotMigrated: `migrate` has not been run on it, or not since the upgrade.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: it cannot be opened.
    """
    address = read_database(database)
    check_revision(address)
    if isinstance(address, SqliteFile):
        return Store(SqliteDriver(address.path))
    from aboard.store.postgres import PostgresDriver  # noqa: PLC0415 -- an extra

    return Store(PostgresDriver(address, pool_size=pool_size))
