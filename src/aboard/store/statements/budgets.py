"""Which questions do we ask about what workers may ask of Stripe together, as SQL?

`free_at` is when the next request fits in: the generic cell rate algorithm in one column.

Source: ADR-0023, the worker.
"""

from sqlalchemy import BigInteger, bindparam, case, select, update

from aboard.store.schema import budgets
from aboard.store.statements.compiler import Compiler


class BudgetStatements:
    """The SQL about budgets of requests."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_it = budgets.c.name == bindparam("name")
        earliest = bindparam("earliest", type_=BigInteger())
        self.open = prepare(
            compiler.insert(budgets)
            .values(name=bindparam("name"), free_at=bindparam("earliest"))
            .on_conflict_do_nothing(index_elements=["name"])
        )
        self.take = prepare(
            update(budgets)
            .where(is_it, budgets.c.free_at <= bindparam("latest"))
            .values(
                free_at=case((budgets.c.free_at > earliest, budgets.c.free_at), else_=earliest)
                + bindparam("length", type_=BigInteger())
            )
        )
        self.find = prepare(select(budgets.c.free_at).where(is_it))
