"""Which questions do we ask about lent credentials, as SQL?

Every change is on the condition of what was seen, so that two at once are told apart.

Source: ADR-0030, lent credentials.
"""

from sqlalchemy import bindparam, delete, select, update

from aboard.store.schema import gateway_credentials as credentials
from aboard.store.statements.compiler import Compiler

CREDENTIAL_COLUMNS = (
    credentials.c.id,
    credentials.c.mode,
    credentials.c.name,
    credentials.c.generation,
    credentials.c.hint,
    credentials.c.kind,
    credentials.c.created_at,
    credentials.c.created_by,
    credentials.c.envelope,
)


class GatewayCredentialStatements:
    """The SQL about lent credentials."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_one = (credentials.c.mode == bindparam("mode")) & (
            credentials.c.name == bindparam("name")
        )
        self.add = prepare(
            compiler.insert(credentials)
            .values({column.name: bindparam(column.name) for column in CREDENTIAL_COLUMNS})
            .on_conflict_do_nothing(index_elements=["mode", "name"])
        )
        self.replace = prepare(
            update(credentials)
            .where(
                is_one,
                credentials.c.id == bindparam("id"),
                credentials.c.generation == bindparam("seen_generation"),
            )
            .values(
                {
                    name: bindparam(name)
                    for name in (
                        "generation",
                        "hint",
                        "kind",
                        "created_at",
                        "created_by",
                        "envelope",
                    )
                }
            )
        )
        self.rewrap = prepare(
            update(credentials)
            .where(is_one, credentials.c.envelope == bindparam("seen_envelope"))
            .values(envelope=bindparam("envelope"))
        )
        self.find = prepare(select(*CREDENTIAL_COLUMNS).where(is_one))
        self.list_all = prepare(
            select(*CREDENTIAL_COLUMNS)
            .where(credentials.c.mode == bindparam("mode"))
            .order_by(credentials.c.name)
        )
        self.remove = prepare(delete(credentials).where(is_one))
