"""Which groups of operations has a client?

Written from the service's description by `make client-python`; not by hand.
"""

from aboard.client.asking import Ask, AskAsync
from aboard.client.described.auth_calls import AuthCalls
from aboard.client.described.auth_calls_async import AsyncAuthCalls
from aboard.client.described.connections_calls import ConnectionsCalls
from aboard.client.described.connections_calls_async import AsyncConnectionsCalls
from aboard.client.described.creators_calls import CreatorsCalls
from aboard.client.described.creators_calls_async import AsyncCreatorsCalls
from aboard.client.described.directory_calls import DirectoryCalls
from aboard.client.described.directory_calls_async import AsyncDirectoryCalls
from aboard.client.described.health_calls import HealthCalls
from aboard.client.described.health_calls_async import AsyncHealthCalls
from aboard.client.described.kyc_calls import KycCalls
from aboard.client.described.kyc_calls_async import AsyncKycCalls
from aboard.client.described.members_calls import MembersCalls
from aboard.client.described.members_calls_async import AsyncMembersCalls
from aboard.client.described.plans_calls import PlansCalls
from aboard.client.described.plans_calls_async import AsyncPlansCalls


class Auth(AuthCalls):
    """Everything about `auth`."""


class Creators(CreatorsCalls, KycCalls):
    """Everything about `creators`."""


class Health(HealthCalls):
    """Everything about `health`."""


class Organizations(ConnectionsCalls, DirectoryCalls, MembersCalls, PlansCalls):
    """Everything about `organizations`."""


class Groups:
    """All groups of operations."""

    def __init__(self, ask: Ask) -> None:
        """Give every group who asks."""
        self.auth = Auth(ask)
        self.creators = Creators(ask)
        self.health = Health(ask)
        self.organizations = Organizations(ask)


class AsyncAuth(AsyncAuthCalls):
    """Everything about `auth`."""


class AsyncCreators(AsyncCreatorsCalls, AsyncKycCalls):
    """Everything about `creators`."""


class AsyncHealth(AsyncHealthCalls):
    """Everything about `health`."""


class AsyncOrganizations(
    AsyncConnectionsCalls, AsyncDirectoryCalls, AsyncMembersCalls, AsyncPlansCalls
):
    """Everything about `organizations`."""


class AsyncGroups:
    """All groups of operations."""

    def __init__(self, ask: AskAsync) -> None:
        """Give every group who asks."""
        self.auth = AsyncAuth(ask)
        self.creators = AsyncCreators(ask)
        self.health = AsyncHealth(ask)
        self.organizations = AsyncOrganizations(ask)
