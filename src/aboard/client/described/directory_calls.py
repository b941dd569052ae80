"""How are the operations of `directory` called?

Written from the service's description by `make client-python`; not by hand.
"""

from msgspec import UNSET, UnsetType

from aboard.client.asking import Calls
from aboard.client.described import directory_operations as operations
from aboard.client.described.organizations_shapes import OrganizationList, OrganizationRecord


class DirectoryCalls(Calls):
    """The operations of `directory`: each raises `CallFailed`, or a kind of it."""

    def list_organizations(
        self, *, after: str | UnsetType = UNSET, limit: int | UnsetType = UNSET
    ) -> OrganizationList:
        """Call GET /v1/organizations.

        List the caller's organizations by id: those that the token names, and the stored ones.

        Operators too see only those that they belong to.

        Limit: 60 calls an hour for each caller.

        `after`: the last id of the page before: its `next`.

        `limit`: how many a page has at most.
        """
        return self._ask(operations.LIST_ORGANIZATIONS, after=after, limit=limit)

    def create(
        self,
        *,
        name: str,
        organization_id: str | UnsetType | None = UNSET,
        time_zone: str | UnsetType = UNSET,
        owner_user_id: str | UnsetType | None = UNSET,
        idempotency_key: str | UnsetType = UNSET,
    ) -> OrganizationRecord:
        r"""Make an organization. Whoever makes it is its first owner, except operators.

        An operator's belongs to `ownerUserId`, or to nobody yet. Only operators, and those
        whose token calls them owner of it, may choose the id.

        Limit: 60 calls an hour for each caller.

        `name`: as people say it.

        `organization_id`: the platform's id: 1 to 255 visible ASCII characters, none of / \ % ;
        and neither . nor ..

        `time_zone`: an IANA name: Europe/Lisbon.

        `owner_user_id`: who owns it first, by their token's `sub`; only operators name somebody
        else.
        """
        return self._ask(
            operations.CREATE,
            name=name,
            organization_id=organization_id,
            time_zone=time_zone,
            owner_user_id=owner_user_id,
            idempotency_key=idempotency_key,
        )

    def get(self, organization_id: str) -> OrganizationRecord:
        """Read an organization and the caller's role in it.

        One that only tokens know has no name here: `name`, `timeZone` and `createdAt` are null.

        Limit: 60 calls an hour for each caller.
        """
        return self._ask(operations.GET, organization_id=organization_id)

    def change(
        self,
        organization_id: str,
        *,
        name: str | UnsetType | None = UNSET,
        time_zone: str | UnsetType | None = UNSET,
        idempotency_key: str | UnsetType = UNSET,
    ) -> OrganizationRecord:
        """Change the name, the time zone or both. Needs owner or admin.

        Limit: 60 calls an hour for each caller.

        `name`: as people say it.

        `time_zone`: an IANA name: Europe/Lisbon.
        """
        return self._ask(
            operations.CHANGE,
            organization_id=organization_id,
            name=name,
            time_zone=time_zone,
            idempotency_key=idempotency_key,
        )
