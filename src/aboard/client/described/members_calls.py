"""How are the operations of `members` called?

Written from the service's description by `make client-python`; not by hand.
"""

from msgspec import UNSET, UnsetType

from aboard.client.answers import Done
from aboard.client.asking import Calls
from aboard.client.described import members_operations as operations
from aboard.client.described.organizations_shapes import MemberList, MemberRecord
from aboard.client.described.words import RoleName


class MembersCalls(Calls):
    """The operations of `members`: each raises `CallFailed`, or a kind of it."""

    def list_members(
        self,
        organization_id: str,
        *,
        after: str | UnsetType = UNSET,
        limit: int | UnsetType = UNSET,
    ) -> MemberList:
        """List the stored members by user id. Those whom only tokens name are not among them.

        Limit: 60 calls an hour for each caller.

        `after`: the last id of the page before: its `next`.

        `limit`: how many a page has at most.
        """
        return self._ask(
            operations.LIST_MEMBERS, organization_id=organization_id, after=after, limit=limit
        )

    def set_member(
        self,
        organization_id: str,
        user_id: str,
        *,
        role: RoleName,
        reason: str,
        idempotency_key: str | UnsetType = UNSET,
    ) -> MemberRecord:
        """Give a user a role, as a new member or in place of another one.

        Needs owner or admin; the owner's role is given and taken by owners alone. The last
        owner stays: 409 `last_owner`. The change is audited with its reason.

        Limit: 60 calls an hour for each caller.

        `reason`: why; it is kept in the audit.
        """
        return self._ask(
            operations.SET_MEMBER,
            organization_id=organization_id,
            user_id=user_id,
            role=role,
            reason=reason,
            idempotency_key=idempotency_key,
        )

    def remove_member(
        self,
        organization_id: str,
        user_id: str,
        *,
        reason: str,
        idempotency_key: str | UnsetType = UNSET,
    ) -> Done:
        """Take a user out of the organization, by the rules of giving roles.

        A token that names the user's role goes on holding until it ends.

        Limit: 60 calls an hour for each caller.

        `reason`: why; it is kept in the audit.
        """
        return self._ask(
            operations.REMOVE_MEMBER,
            organization_id=organization_id,
            user_id=user_id,
            reason=reason,
            idempotency_key=idempotency_key,
        )
