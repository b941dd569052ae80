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

    @property
    def may_manage_members(self) -> bool:
        """Say whether this role may add and remove members; the owner role only owners give."""
        return self in {Role.OWNER, Role.ADMIN}

    @property
    def sees_compliance(self) -> bool:
        """Say whether this role may read why Stripe restricts an account."""
        return self is not Role.SUPPORT


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified user with a role in each of their organizations.

    An operator is the platform's own backend or staff: may read and act for every organization,
    and alone decides how accounts are made and what the gate asks for.

    `only` confines a visitor to the one owner whose page link they opened, whoever asked for it:
    nothing else that is known of that user counts. `session_id` names the session of a token
    that was made here, at our own sign-in.
    """

    user_id: str
    organizations: Mapping[str, Role] = field(default_factory=dict)
    is_operator: bool = False
    only: Owner | None = None
    session_id: str | None = None

    def may_reach(self, owner: Owner) -> bool:
        """Say whether this owner's door is one that may be tried; every role comes after."""
        return self.only is None or self.only == owner

    def role_in(self, organization_id: str) -> Role | None:
        """Return the caller's role in an organization; an operator counts as an owner of each."""
        return Role.OWNER if self.is_operator else self.organizations.get(organization_id)

    def may_read(self, owner: Owner) -> bool:
        """Say whether this caller may see the owner's account."""
        if not self.may_reach(owner):
            return False
        if owner.kind is OwnerKind.CREATOR:
            return owner.id == self.user_id or self.is_operator
        return self.role_in(owner.id) is not None

    def may_act(self, owner: Owner) -> bool:
        """Say whether this caller may onboard this owner."""
        if not self.may_reach(owner):
            return False
        if owner.kind is OwnerKind.CREATOR:
            return owner.id == self.user_id or self.is_operator
        role = self.role_in(owner.id)
        return role is not None and role.may_onboard
