"""Which questions do we ask about onboardings, their visits and their links, as SQL?

Source: ADR-0005, signed state.
"""

from sqlalchemy import bindparam, delete, func, insert, select

from aboard.store.schema import accounts, links, onboardings, return_visits, spent_states
from aboard.store.statements.accounts import ONBOARDING_COLUMNS
from aboard.store.statements.compiler import Compiler

OWNER_COLUMNS = (accounts.c.owner_kind, accounts.c.owner_id, accounts.c.mode)


class OnboardingStatements:
    """The SQL about onboardings, visits, spent states and links."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        with_owner = select(*ONBOARDING_COLUMNS, *OWNER_COLUMNS).join_from(
            onboardings, accounts, accounts.c.id == onboardings.c.account_id
        )
        self.create = prepare(
            insert(onboardings).values(
                {column.name: bindparam(column.name) for column in ONBOARDING_COLUMNS}
            )
        )
        self.find = prepare(with_owner.where(onboardings.c.id == bindparam("onboarding_id")))
        self.find_latest = prepare(
            with_owner.where(onboardings.c.account_id == bindparam("account_id"))
            .order_by(onboardings.c.number.desc())
            .limit(bindparam("limit"))
        )
        self.record_return = prepare(
            compiler.insert(return_visits)
            .values(
                onboarding_id=bindparam("onboarding_id"),
                nonce=bindparam("nonce"),
                visited_at=bindparam("now"),
            )
            .on_conflict_do_nothing(index_elements=["onboarding_id", "nonce"])
        )
        self.spend_state = prepare(
            compiler.insert(spent_states)
            .values(
                nonce=bindparam("nonce"),
                onboarding_id=bindparam("onboarding_id"),
                spent_at=bindparam("now"),
                expires_at=bindparam("expires_at"),
            )
            .on_conflict_do_nothing(index_elements=["nonce"])
        )
        self.find_spent = prepare(
            select(spent_states.c.nonce).where(spent_states.c.nonce == bindparam("nonce"))
        )
        self.release_state = prepare(
            delete(spent_states).where(spent_states.c.nonce == bindparam("nonce"))
        )
        self.count_spent = prepare(
            select(func.count()).where(
                spent_states.c.onboarding_id == bindparam("onboarding_id"),
                spent_states.c.spent_at >= bindparam("since"),
            )
        )
        self.record_link = prepare(
            insert(links).values(
                account_id=bindparam("account_id"),
                onboarding_id=bindparam("onboarding_id"),
                purpose=bindparam("purpose"),
                created_at=bindparam("created_at"),
                expires_at=bindparam("expires_at"),
            )
        )
        self.list_links = prepare(
            select(
                links.c.account_id,
                links.c.onboarding_id,
                links.c.purpose,
                links.c.created_at,
                links.c.expires_at,
            )
            .where(links.c.account_id == bindparam("account_id"))
            .order_by(links.c.number.desc())
            .limit(bindparam("limit"))
        )
