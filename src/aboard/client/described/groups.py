"""Which groups of operations has a client?

Written from the service's description by `make client-python`; not by hand.
"""

from aboard.client.asking import Ask, AskAsync
from aboard.client.described.connections_calls import ConnectionsCalls
from aboard.client.described.connections_calls_async import AsyncConnectionsCalls
from aboard.client.described.creators_calls import CreatorsCalls
from aboard.client.described.creators_calls_async import AsyncCreatorsCalls
from aboard.client.described.directory_calls import DirectoryCalls
from aboard.client.described.directory_calls_async import AsyncDirectoryCalls
from aboard.client.described.health_calls import HealthCalls
from aboard.client.described.health_calls_async import AsyncHealthCalls
from aboard.client.described.members_calls import MembersCalls
from aboard.client.described.members_calls_async import AsyncMembersCalls
from aboard.client.described.plans_calls import PlansCalls
from aboard.client.described.plans_calls_async import AsyncPlansCalls


class Creators(CreatorsCalls):
    """Everything about `creators`."""


class Health(HealthCalls):
    """Everything about `health`."""


class Organizations(ConnectionsCalls, DirectoryCalls, MembersCalls, PlansCalls):
    """Everything about `organizations`."""


class Groups:
    """All groups of operations."""

    def __init__(self, ask: Ask) -> None:
        """Give every group who asks."""
        self.creators = Creators(ask)
        self.health = Health(ask)
        self.organizations = Organizations(ask)


class AsyncCreators(AsyncCreatorsCalls):
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
        self.creators = AsyncCreators(ask)
        self.health = AsyncHealth(ask)
        self.organizations = AsyncOrganizations(ask)
