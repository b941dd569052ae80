"""Which organizations were made here, and who belongs to them with which role?

An organization keeps at least one owner. That rule stands in the condition of each write, on the
organization's row held for the commit: of two owners who remove each other at once, one stays.

Source: ADR-0013, membership and operators.
"""

from collections.abc import Sequence
from datetime import datetime

from aboard.core.caller import Role
from aboard.core.organization import Member, Membership, Organization, RoleChange
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.statements.compiler import Params, Statement
from aboard.store.values import to_micros, to_time


class OrganizationQuestions(Questions):
    """The questions about organizations and their members."""

    async def create_organization(
        self, organization: Organization, *, first_owner: str | None
    ) -> bool:
        """Write an organization with its first owner, if it has one; False when the id is taken."""
        steps = [
            Step(
                self._sql.organizations.create,
                {
                    "id": organization.id,
                    "name": organization.name,
                    "time_zone": organization.time_zone,
                    "created_at": to_micros(organization.created_at),
                    "created_by": organization.created_by,
                },
                required=True,
            )
        ]
        if first_owner is not None:
            steps.append(
                Step(
                    self._sql.organizations.add_member,
                    {
                        "organization_id": organization.id,
                        "user_id": first_owner,
                        "role": Role.OWNER.value,
                        "since": to_micros(organization.created_at),
                    },
                    required=True,
                )
            )
        return await self._holds(*steps)

    async def find_organization(self, organization_id: str) -> Organization | None:
        """Return an organization by id."""
        row = await self._driver.read_one(
            self._sql.organizations.find, {"organization_id": organization_id}
        )
        return None if row is None else _organization_of(row)

    async def change_organization(
        self, organization_id: str, *, name: str | None = None, time_zone: str | None = None
    ) -> bool:
        """Write what is given; False when there is no such organization."""
        return await self._holds(
            Step(
                self._sql.organizations.change,
                {"organization_id": organization_id, "name": name, "time_zone": time_zone},
                required=True,
            )
        )

    async def list_organizations_of_user(
        self, user_id: str, *, after: str = "", limit: int = 100
    ) -> Sequence[Membership]:
        """Return the user's organizations behind the id `after`, in the order of their ids."""
        rows = await self._driver.read_all(
            self._sql.organizations.list_of_user,
            {"user_id": user_id, "after": after, "limit": limit},
        )
        return tuple(Membership(row[1], Role(row[0]), _organization_of(row[1:])) for row in rows)

    async def list_members(
        self, organization_id: str, *, after: str = "", limit: int = 100
    ) -> Sequence[Member]:
        """Return the members behind the user id `after`, in the order of their ids."""
        rows = await self._driver.read_all(
            self._sql.organizations.list_members,
            {"organization_id": organization_id, "after": after, "limit": limit},
        )
        return tuple(_member_of(row) for row in rows)

    async def find_member(self, organization_id: str, user_id: str) -> Member | None:
        """Return one member, in one indexed read."""
        row = await self._driver.read_one(
            self._sql.organizations.find_member,
            {"organization_id": organization_id, "user_id": user_id},
        )
        return None if row is None else _member_of(row)

    async def set_member(
        self, organization_id: str, user_id: str, role: Role, now: datetime, *, by_owner: bool
    ) -> RoleChange | None:
        """Give a user a role, as a new member or in place of another; None: no organization.

        Not written when it would take the last owner away, or an owner's role while `by_owner`
        is false.
        """
        return await self._change_role(
            self._sql.organizations.set_member,
            {
                "organization_id": organization_id,
                "user_id": user_id,
                "role": role.value,
                "since": to_micros(now),
                "by_owner": int(by_owner),
            },
            role,
        )

    async def remove_member(
        self, organization_id: str, user_id: str, *, by_owner: bool
    ) -> RoleChange | None:
        """Take a member out; None: no organization. Not written as in `set_member`."""
        return await self._change_role(
            self._sql.organizations.remove_member,
            {
                "organization_id": organization_id,
                "user_id": user_id,
                "by_owner": int(by_owner),
            },
            None,
        )

    async def _change_role(
        self, change: Statement, params: Params, after: Role | None
    ) -> RoleChange | None:
        outcome = await self._driver.write(
            (
                Step(self._sql.organizations.hold, params, required=True),
                Step(self._sql.organizations.find_member, params),
                Step(change, params),
            )
        )
        if outcome is None:
            return None
        _, found, changed = outcome
        before = _member_of(found.rows[0]).role if found.rows else None
        return RoleChange(before, after, is_written=bool(changed.count))


def _organization_of(row: Row) -> Organization:
    organization_id, name, time_zone, created_at, created_by = row
    return Organization(organization_id, name, time_zone, to_time(created_at), created_by)


def _member_of(row: Row) -> Member:
    user_id, role, since = row
    return Member(user_id, Role(role), to_time(since))
