"""Which questions do we ask about the gate, as SQL?

Source: ADR-0014, the gate and its announcements.
"""

from sqlalchemy import bindparam, null, select, update

from aboard.store.schema import gates
from aboard.store.statements.compiler import Compiler


class GateStatements:
    """The SQL about opening and closing."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_account = gates.c.account_id == bindparam("account_id")
        self.find = prepare(
            select(gates.c.opened_at, gates.c.opened_by, gates.c.closed_at, gates.c.blockers).where(
                is_account
            )
        )
        opening = compiler.insert(gates).values(
            account_id=bindparam("account_id"),
            opened_at=bindparam("opened_at"),
            opened_by=bindparam("opened_by"),
        )
        self.open = prepare(
            opening.on_conflict_do_update(
                index_elements=["account_id"],
                set_={
                    "opened_at": opening.excluded.opened_at,
                    "opened_by": opening.excluded.opened_by,
                    "closed_at": null(),
                    "blockers": null(),
                },
                where=gates.c.closed_at.is_not(None),
            )
        )
        self.close = prepare(
            update(gates)
            .where(is_account, gates.c.closed_at.is_(None))
            .values(closed_at=bindparam("closed_at"), blockers=bindparam("blockers"))
        )
