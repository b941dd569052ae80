"""Which questions do we ask about organizations and their members, as SQL?

Source: ADR-0013, membership and operators.
"""

from typing import Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from aboard.core.caller import Role
from aboard.store.schema import memberships, organizations
from aboard.store.statements.compiler import Compiler

# A constant of ours in the SQL: a place to fill would have to be filled at every run.
_OWNER: Final[ColumnElement[str]] = literal_column(f"'{Role.OWNER.value}'")
_COLUMNS: Final = (
    organizations.c.id,
    organizations.c.name,
    organizations.c.time_zone,
    organizations.c.created_at,
    organizations.c.created_by,
)
_MEMBER_COLUMNS: Final = (memberships.c.user_id, memberships.c.role, memberships.c.since)


class OrganizationStatements:
    """The SQL about organizations and their members."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_it = organizations.c.id == bindparam("organization_id")
        self.create = prepare(
            compiler.insert(organizations)
            .values({column.name: bindparam(column.name) for column in _COLUMNS})
            .on_conflict_do_nothing()
        )
        self.find = prepare(select(*_COLUMNS).where(is_it))
        self.change = prepare(
            update(organizations)
            .where(is_it)
            .values(
                name=func.coalesce(
                    bindparam("name", type_=organizations.c.name.type), organizations.c.name
                ),
                time_zone=func.coalesce(
                    bindparam("time_zone", type_=organizations.c.name.type),
                    organizations.c.time_zone,
                ),
            )
        )
        # Changes nothing: the row is held until the commit, so that changes of roles come one
        # after another also where a database lets two write at once.
        self.hold = prepare(
            update(organizations).where(is_it).values(created_at=organizations.c.created_at)
        )
        self.list_of_user = prepare(
            select(memberships.c.role, *_COLUMNS)
            .join(organizations, organizations.c.id == memberships.c.organization_id)
            .where(
                memberships.c.user_id == bindparam("user_id"),
                memberships.c.organization_id > bindparam("after"),
            )
            .order_by(memberships.c.organization_id)
            .limit(bindparam("limit"))
        )
        self._prepare_members(compiler)

    def _prepare_members(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        is_of_it = memberships.c.organization_id == bindparam("organization_id")
        is_member = and_(is_of_it, memberships.c.user_id == bindparam("user_id"))
        self.list_members = prepare(
            select(*_MEMBER_COLUMNS)
            .where(is_of_it, memberships.c.user_id > bindparam("after"))
            .order_by(memberships.c.user_id)
            .limit(bindparam("limit"))
        )
        self.find_member = prepare(select(*_MEMBER_COLUMNS).where(is_member))
        new = compiler.insert(memberships).values(
            organization_id=bindparam("organization_id"),
            user_id=bindparam("user_id"),
            role=bindparam("role"),
            since=bindparam("since"),
        )
        self.add_member = prepare(new)
        self.set_member = prepare(
            new.on_conflict_do_update(
                index_elements=["organization_id", "user_id"],
                set_={"role": new.excluded.role},
                where=or_(new.excluded.role == _OWNER, _may_go()),
            )
        )
        self.remove_member = prepare(delete(memberships).where(is_member, _may_go()))


def _may_go() -> ColumnElement[bool]:
    """Say whether this member's role may be taken: an owner's by an owner, if another stays."""
    others = memberships.alias("others")
    another_owner = exists(
        select(others.c.user_id).where(
            others.c.organization_id == bindparam("organization_id"),
            others.c.user_id != bindparam("user_id"),
            others.c.role == _OWNER,
        )
    )
    return or_(
        memberships.c.role != _OWNER,
        and_(bindparam("by_owner", type_=Integer()) == literal_column("1"), another_owner),
    )
