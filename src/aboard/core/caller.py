"""Who is asking, and what may they do for an organization?

Source: the roles in docs/api/organizations.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aboard.core.owner import Owner, OwnerKind


class Role(StrEnum):
    """A member's role in one organization."""

    OWNER = "owner"
    ADMIN = "admin"
    FINANCE = "finance"
    SUPPORT = "support"

    @property
    def may_onboard(self) -> bool:
        """Say whether this role may start onboarding and open the gate."""
        return self in {Role.OWNER, Role.ADMIN}


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified user with a role in each of their organizations."""

    user_id: str
    organizations: Mapping[str, Role] = field(default_factory=dict)

    def may_read(self, owner: Owner) -> bool:
        """Say whether this caller may see the owner's account."""
        if owner.kind is OwnerKind.CREATOR:
            return owner.id == self.user_id
        return owner.id in self.organizations

    def may_act(self, owner: Owner) -> bool:
        """Say whether this caller may onboard this owner."""
        if owner.kind is OwnerKind.CREATOR:
            return owner.id == self.user_id
        role = self.organizations.get(owner.id)
        return role is not None and role.may_onboard
