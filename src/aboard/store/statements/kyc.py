"""Which questions do we ask about creators' profiles and the checks of who they are, as SQL?

Source: ADR-0018, knowing your creators.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    bindparam,
    case,
    delete,
    literal_column,
    select,
    update,
)

from aboard.store.schema import creators, kyc_checks, kyc_messages
from aboard.store.statements.compiler import Compiler

CREATOR_COLUMNS = (
    creators.c.id,
    creators.c.user_id,
    creators.c.created_at,
    creators.c.display_name,
    creators.c.bio,
    creators.c.updated_at,
)
CHECK_COLUMNS = (
    kyc_checks.c.creator_id,
    kyc_checks.c.session_id,
    kyc_checks.c.attempt,
    kyc_checks.c.status,
    kyc_checks.c.provider,
    kyc_checks.c.provider_id,
    kyc_checks.c.started_at,
    kyc_checks.c.decided_at,
    kyc_checks.c.revision,
)
_FIRST: ColumnElement[int] = literal_column("1", Integer())


class KycStatements:
    """The SQL about creators, their checks and a provider's messages."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile all of it."""
        self._prepare_creators(compiler)
        prepare = compiler.prepare
        new: dict[str, ColumnElement[Any]] = {
            column.name: bindparam(column.name) for column in CHECK_COLUMNS
        }
        self.begin = prepare(
            compiler.insert(kyc_checks)
            .values({**new, "revision": _FIRST})
            .on_conflict_do_nothing(index_elements=["creator_id"])
        )
        # The revision that was seen decides: whoever came in between is not overwritten.
        self.change = prepare(
            update(kyc_checks)
            .where(
                kyc_checks.c.creator_id == bindparam("creator_id"),
                kyc_checks.c.revision == bindparam("seen_revision"),
            )
            .values(
                {
                    **{name: place for name, place in new.items() if name != "creator_id"},
                    "revision": kyc_checks.c.revision + _FIRST,
                }
            )
        )
        self.find = prepare(
            select(*CHECK_COLUMNS).where(kyc_checks.c.creator_id == bindparam("creator_id"))
        )
        self.find_session = prepare(
            select(*CHECK_COLUMNS).where(kyc_checks.c.session_id == bindparam("session_id"))
        )
        self.list = prepare(
            select(*CHECK_COLUMNS, *CREATOR_COLUMNS)
            .join(creators, creators.c.id == kyc_checks.c.creator_id)
            .where(
                kyc_checks.c.status == bindparam("status"),
                kyc_checks.c.creator_id > bindparam("after"),
            )
            .order_by(kyc_checks.c.creator_id)
            .limit(bindparam("limit"))
        )
        self.take_message = prepare(
            compiler.insert(kyc_messages)
            .values(id=bindparam("message_id"), received_at=bindparam("now"))
            .on_conflict_do_nothing(index_elements=["id"])
        )
        self.forget_messages = prepare(
            delete(kyc_messages).where(kyc_messages.c.received_at <= bindparam("before"))
        )

    def _prepare_creators(self, compiler: Compiler) -> None:
        prepare = compiler.prepare
        self.create_creator = prepare(
            compiler.insert(creators)
            .values({column.name: bindparam(column.name) for column in CREATOR_COLUMNS})
            .on_conflict_do_nothing()
        )
        self.find_creator = prepare(
            select(*CREATOR_COLUMNS).where(creators.c.id == bindparam("creator_id"))
        )
        self.find_creator_of_user = prepare(
            select(*CREATOR_COLUMNS).where(creators.c.user_id == bindparam("user_id"))
        )
        given = (
            bindparam("has_display_name", type_=Integer()),
            bindparam("has_bio", type_=Integer()),
        )
        self.change_creator = prepare(
            update(creators)
            .where(creators.c.id == bindparam("creator_id"))
            .values(
                display_name=case(
                    (
                        given[0] == _FIRST,
                        bindparam("display_name", type_=creators.c.display_name.type),
                    ),
                    else_=creators.c.display_name,
                ),
                bio=case(
                    (given[1] == _FIRST, bindparam("bio", type_=creators.c.bio.type)),
                    else_=creators.c.bio,
                ),
                updated_at=bindparam("now"),
            )
        )
