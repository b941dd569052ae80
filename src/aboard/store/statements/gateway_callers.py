"""Which questions do we ask about who may borrow the key, as SQL?

Whatever is done about a caller begins with its row, so that two at once come one after the other.

Source: ADR-0029, the gateway.
"""

from sqlalchemy import BigInteger, Text, bindparam, case, delete, insert, or_, select, update

from aboard.store.schema import gateway_callers as callers
from aboard.store.schema import gateway_tokens as tokens
from aboard.store.statements.compiler import Compiler

CALLER_COLUMNS = (
    callers.c.id,
    callers.c.name,
    callers.c.created_at,
    callers.c.created_by,
    callers.c.policy,
    callers.c.allow_list,
    callers.c.owners,
    callers.c.limits,
    callers.c.credential,
    callers.c.disabled_at,
)
TOKEN_COLUMNS = (
    tokens.c.id,
    tokens.c.caller_id,
    tokens.c.mode,
    tokens.c.digest,
    tokens.c.hint,
    tokens.c.created_at,
    tokens.c.expires_at,
    tokens.c.revoked_at,
)
# Not the name: the record of calls knows a caller by it.
_CHANGEABLE = ("policy", "allow_list", "owners", "limits", "credential")


class GatewayCallerStatements:
    """The SQL about callers and their tokens."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        prepare = compiler.prepare
        is_one = callers.c.id == bindparam("id")
        self.add = prepare(
            compiler.insert(callers)
            .values({column.name: bindparam(column.name) for column in CALLER_COLUMNS})
            .on_conflict_do_nothing(index_elements=["name"])
        )
        self.find = prepare(select(*CALLER_COLUMNS).where(is_one))
        self.find_by_name = prepare(
            select(*CALLER_COLUMNS).where(callers.c.name == bindparam("name"))
        )
        self.list_all = prepare(
            select(*CALLER_COLUMNS)
            .where(callers.c.name > bindparam("after"))
            .order_by(callers.c.name)
            .limit(bindparam("limit", type_=BigInteger()))
        )
        self.change = prepare(
            update(callers).where(is_one).values({name: bindparam(name) for name in _CHANGEABLE})
        )
        self.disable = prepare(
            update(callers)
            .where(is_one)
            .values(disabled_at=bindparam("disabled_at", type_=BigInteger()))
        )
        # Nothing but a hold on the row: who adds a token while the caller is removed waits here.
        self.hold = prepare(update(callers).where(is_one).values(name=callers.c.name))
        self.remove_tokens = prepare(delete(tokens).where(tokens.c.caller_id == bindparam("id")))
        self.remove = prepare(delete(callers).where(is_one))
        self._prepare_tokens(compiler)

    def _prepare_tokens(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        of_caller = tokens.c.caller_id == bindparam("caller_id")
        is_token = tokens.c.id == bindparam("token_id")
        now = bindparam("now", type_=BigInteger())
        is_good = or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > now)
        self.add_token = prepare(
            insert(tokens).values({each.name: bindparam(each.name) for each in TOKEN_COLUMNS})
        )
        self.find_token = prepare(select(*TOKEN_COLUMNS).where(is_token))
        self.list_tokens = prepare(
            select(*TOKEN_COLUMNS).where(of_caller).order_by(tokens.c.created_at, tokens.c.id)
        )
        self.revoke_token = prepare(
            update(tokens).where(is_token, tokens.c.revoked_at.is_(None)).values(revoked_at=now)
        )
        # A token that is replaced ends after its grace, or before, when that was said already.
        ends = bindparam("ends_at", type_=BigInteger())
        self.end_token = prepare(
            update(tokens)
            .where(is_token, of_caller, tokens.c.revoked_at.is_(None), is_good)
            .values(
                expires_at=case(
                    (or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > ends), ends),
                    else_=tokens.c.expires_at,
                )
            )
        )
        ended = bindparam("ended", type_=BigInteger())
        self.forget_tokens = prepare(
            delete(tokens).where(
                of_caller, or_(tokens.c.expires_at < ended, tokens.c.revoked_at < ended)
            )
        )
        self.find_borrower = prepare(
            select(*CALLER_COLUMNS, *TOKEN_COLUMNS)
            .join_from(tokens, callers, tokens.c.caller_id == callers.c.id)
            .where(tokens.c.digest == bindparam("digest", type_=Text()))
        )
