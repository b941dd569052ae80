"""Which questions do we ask about what was decided for an organization, as SQL?

Source: ADR-0013, membership and operators.
"""

from sqlalchemy import bindparam, select

from aboard.store.schema import plans
from aboard.store.statements.compiler import Compiler, Statement


class PlanStatements:
    """The SQL about account shapes and go-live policies of single organizations."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        self.find = compiler.prepare(
            select(plans.c.shape, plans.c.policy, plans.c.changed_at, plans.c.changed_by).where(
                plans.c.organization_id == bindparam("organization_id"),
                plans.c.mode == bindparam("mode"),
            )
        )
        self.write_shape = _write(compiler, "shape")
        self.write_policy = _write(compiler, "policy")


def _write(compiler: Compiler, part: str) -> Statement:
    names = ("organization_id", "mode", part, "changed_at", "changed_by")
    new = compiler.insert(plans).values({name: bindparam(name) for name in names})
    return compiler.prepare(
        new.on_conflict_do_update(
            index_elements=["organization_id", "mode"],
            set_={name: new.excluded[name] for name in (part, "changed_at", "changed_by")},
        )
    )
