"""Every question the store asks, as SQL: one file for each noun, compiled once at the start.

Source: ADR-0003, stack.
"""

from functools import cache

from aboard.store.statements.accounts import AccountStatements
from aboard.store.statements.announcements import AnnouncementStatements
from aboard.store.statements.budgets import BudgetStatements
from aboard.store.statements.compiler import Compiler, DialectName, Statement
from aboard.store.statements.deliveries import DeliveryStatements
from aboard.store.statements.event_windows import EventAgainStatements, EventWindowStatements
from aboard.store.statements.events import EventStatements
from aboard.store.statements.gates import GateStatements
from aboard.store.statements.gateway_callers import GatewayCallerStatements
from aboard.store.statements.gateway_calls import GatewayCallStatements
from aboard.store.statements.gateway_credentials import GatewayCredentialStatements
from aboard.store.statements.gauges import GaugeStatements
from aboard.store.statements.kyc import KycStatements
from aboard.store.statements.onboardings import OnboardingStatements
from aboard.store.statements.organizations import OrganizationStatements
from aboard.store.statements.plans import PlanStatements
from aboard.store.statements.platform_accounts import PlatformAccountStatements
from aboard.store.statements.pruning import PruningStatements
from aboard.store.statements.records import RecordStatements
from aboard.store.statements.subscribers import SubscriberStatements
from aboard.store.statements.syncs import SyncStatements
from aboard.store.statements.tickets import TicketStatements
from aboard.store.statements.user_sessions import UserSessionStatements
from aboard.store.statements.users import UserStatements
from aboard.store.statements.walks import WalkStatements


@cache
def statements_for(dialect: DialectName) -> "Statements":
    """Return the questions in one dialect, compiled once in this process: they never change."""
    return Statements(dialect)


class Statements:
    """All questions in one dialect."""

    def __init__(self, dialect: DialectName) -> None:
        """Compile every question."""
        compiler = Compiler(dialect)
        self.accounts = AccountStatements(compiler)
        self.syncs = SyncStatements(compiler)
        self.events = EventStatements(compiler)
        self.event_windows = EventWindowStatements(compiler, is_dead=False)
        self.dead_letters = EventWindowStatements(compiler, is_dead=True)
        self.events_again = EventAgainStatements(compiler)
        self.onboardings = OnboardingStatements(compiler)
        self.records = RecordStatements(compiler)
        self.kyc = KycStatements(compiler)
        self.gates = GateStatements(compiler)
        self.announcements = AnnouncementStatements(compiler)
        self.subscribers = SubscriberStatements(compiler)
        self.deliveries = DeliveryStatements(compiler)
        self.tickets = TicketStatements(compiler)
        self.organizations = OrganizationStatements(compiler)
        self.plans = PlanStatements(compiler)
        self.platform_accounts = PlatformAccountStatements(compiler)
        self.users = UserStatements(compiler)
        self.user_sessions = UserSessionStatements(compiler)
        self.gauges = GaugeStatements(compiler)
        self.budgets = BudgetStatements(compiler)
        self.walks = WalkStatements(compiler)
        self.pruning = PruningStatements(compiler)
        self.gateway_callers = GatewayCallerStatements(compiler)
        self.gateway_credentials = GatewayCredentialStatements(compiler)
        self.gateway_calls = GatewayCallStatements(compiler)
        self.every: tuple[Statement, ...] = tuple(compiler.statements)
