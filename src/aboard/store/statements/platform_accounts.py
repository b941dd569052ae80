"""Which questions do we ask about the platform's own account, as SQL?

Source: ADR-0008, SQLite first.
"""

from sqlalchemy import bindparam, select

from aboard.store.schema import platform_accounts
from aboard.store.statements.compiler import Compiler


class PlatformAccountStatements:
    """The SQL about the platform's own account."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        self.find = compiler.prepare(
            select(platform_accounts.c.stripe_account_id).where(
                platform_accounts.c.mode == bindparam("mode")
            )
        )
        row = compiler.insert(platform_accounts).values(
            {column.name: bindparam(column.name) for column in platform_accounts.columns}
        )
        self.learn = compiler.prepare(row.on_conflict_do_nothing(index_elements=["mode"]))
        self.replace = compiler.prepare(
            row.on_conflict_do_update(
                index_elements=["mode"],
                set_={
                    "stripe_account_id": row.excluded.stripe_account_id,
                    "learned_at": row.excluded.learned_at,
                },
            )
        )
