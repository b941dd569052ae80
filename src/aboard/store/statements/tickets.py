"""Which questions do we ask about tickets to the owner's pages and their sessions, as SQL?

Source: docs/owner-pages.md, entering.
"""

from sqlalchemy import bindparam, delete, select

from aboard.store.schema import spent_tickets
from aboard.store.statements.compiler import Compiler


class TicketStatements:
    """The SQL about spent tickets and ended sessions."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        self.spend = compiler.prepare(
            compiler.insert(spent_tickets)
            .values(
                nonce=bindparam("nonce"),
                spent_at=bindparam("now"),
                expires_at=bindparam("expires_at"),
            )
            .on_conflict_do_nothing(index_elements=["nonce"])
        )
        self.find_spent = compiler.prepare(
            select(spent_tickets.c.nonce).where(spent_tickets.c.nonce == bindparam("nonce"))
        )
        self.forget = compiler.prepare(
            delete(spent_tickets).where(spent_tickets.c.expires_at <= bindparam("before"))
        )
