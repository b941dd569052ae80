"""Which questions do we ask about announcements, as SQL?

Source: ADR-0014, the gate and its announcements.
"""

from sqlalchemy import bindparam, insert, select

from aboard.store.schema import announcements
from aboard.store.statements.compiler import Compiler

ANNOUNCEMENT_COLUMNS = (
    announcements.c.id,
    announcements.c.type,
    announcements.c.occurred_at,
    announcements.c.owner_kind,
    announcements.c.owner_id,
    announcements.c.mode,
    announcements.c.says,
)


class AnnouncementStatements:
    """The SQL about what we tell the platform."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        self.announce = compiler.prepare(
            insert(announcements).values(
                {column.name: bindparam(column.name) for column in ANNOUNCEMENT_COLUMNS}
            ),
            rings=True,
        )
        self.list_of_owner = compiler.prepare(
            select(*ANNOUNCEMENT_COLUMNS)
            .where(
                announcements.c.owner_kind == bindparam("owner_kind"),
                announcements.c.owner_id == bindparam("owner_id"),
                announcements.c.mode == bindparam("mode"),
            )
            .order_by(announcements.c.number.desc())
            .limit(bindparam("limit"))
        )
