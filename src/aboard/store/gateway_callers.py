"""Who may borrow the key? Callers, and what is kept of their tokens.

What a person does to one is written with its audit row, in one commit.

Source: ADR-0029, the gateway.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from aboard.core.lending.callers import CallLimits, GatewayCaller, TokenRecord
from aboard.core.lending.grants import AllowList
from aboard.core.owner import Mode
from aboard.store.audit import audit_step
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.records import AuditEntry
from aboard.store.statements.compiler import Params
from aboard.store.statements.gateway_callers import CALLER_COLUMNS
from aboard.store.values import to_micros, to_micros_or_none, to_time, to_time_or_none

_encoder = msgspec.json.Encoder(order="sorted")
_words = msgspec.json.Decoder(dict[Mode, tuple[str, ...]])
_owners = msgspec.json.Decoder(frozenset[str])
_limits = msgspec.json.Decoder(dict[str, int | None])
_PORTION = 200
# Whoever still comes with an ended token is told that it ended, for this long.
_REMEMBER_ENDED = timedelta(days=30)


class KnownToken(NamedTuple):
    """A token that is kept, and the caller whose it is."""

    caller: GatewayCaller
    token: TokenRecord


class GatewayCallerQuestions(Questions):
    """The questions about callers and their tokens."""

    async def add_gateway_caller(self, caller: GatewayCaller, audit: AuditEntry) -> bool:
        """Write a new caller; False if the name is another's."""
        params: Params = {
            "id": caller.id,
            "name": caller.name,
            "created_at": to_micros(caller.created_at),
            "created_by": caller.created_by,
            "disabled_at": to_micros_or_none(caller.disabled_at),
            **_changeable(caller),
        }
        return await self._written(Step(self._sql.gateway_callers.add, params, True), audit)

    async def find_gateway_caller(self, id_or_name: str) -> GatewayCaller | None:
        """Return a caller by its id, or else by its name."""
        sql = self._sql.gateway_callers
        row = await self._driver.read_one(sql.find, {"id": id_or_name})
        if row is None:
            row = await self._driver.read_one(sql.find_by_name, {"name": id_or_name})
        return None if row is None else _caller_of(row)

    async def list_gateway_callers(
        self, *, after: str = "", limit: int = _PORTION
    ) -> Sequence[GatewayCaller]:
        """Return the next callers by name, behind one."""
        params: Params = {"after": after, "limit": limit}
        rows = await self._driver.read_all(self._sql.gateway_callers.list_all, params)
        return tuple(map(_caller_of, rows))

    async def change_gateway_caller(self, caller: GatewayCaller, audit: AuditEntry) -> bool:
        """Write everything about a caller that may change; False if it was removed meanwhile."""
        params: Params = {"id": caller.id, **_changeable(caller)}
        return await self._written(Step(self._sql.gateway_callers.change, params, True), audit)

    async def disable_gateway_caller(
        self, caller_id: str, disabled_at: datetime | None, audit: AuditEntry
    ) -> bool:
        """Shut a caller out from a time on, or let it in again; False if there is none."""
        params: Params = {"id": caller_id, "disabled_at": to_micros_or_none(disabled_at)}
        return await self._written(Step(self._sql.gateway_callers.disable, params, True), audit)

    async def remove_gateway_caller(self, caller_id: str, audit: AuditEntry) -> bool:
        """Delete a caller with its tokens; False if there is none. Its calls stay written."""
        sql, params = self._sql.gateway_callers, {"id": caller_id}
        return await self._holds(
            Step(sql.hold, params, required=True),
            Step(sql.remove_tokens, params),
            Step(sql.remove, params),
            audit_step(self._sql, audit),
        )

    async def add_gateway_token(self, token: TokenRecord, audit: AuditEntry) -> bool:
        """Write what is kept of a token; False if its caller was removed meanwhile.

        In the same commit the caller's tokens go that ended a month before.
        """
        sql = self._sql.gateway_callers
        return await self._holds(
            Step(sql.hold, {"id": token.caller_id}, required=True),
            *self._adding(token),
            audit_step(self._sql, audit),
        )

    async def replace_gateway_token(
        self, before: TokenRecord, token: TokenRecord, audit: AuditEntry, *, ends_at: datetime
    ) -> bool:
        """Write a new token, and let the one before end then at the latest.

        Says False, and writes nothing, where the one before is over already. Else the caller's
        tokens go that ended a month before, as by `add_gateway_token`.
        """
        sql = self._sql.gateway_callers
        params: Params = {
            "token_id": before.id,
            "caller_id": before.caller_id,
            "now": to_micros(token.created_at),
            "ends_at": to_micros(ends_at),
        }
        return await self._holds(
            Step(sql.hold, {"id": token.caller_id}, required=True),
            Step(sql.end_token, params, required=True),
            *self._adding(token),
            audit_step(self._sql, audit),
        )

    async def revoke_gateway_token(self, token_id: str, now: datetime, audit: AuditEntry) -> bool:
        """Revoke a token for good; False if it is revoked already, or there is none."""
        params: Params = {"token_id": token_id, "now": to_micros(now)}
        return await self._written(
            Step(self._sql.gateway_callers.revoke_token, params, True), audit
        )

    async def find_gateway_token(self, token_id: str) -> TokenRecord | None:
        """Return what is kept of a token."""
        row = await self._driver.read_one(
            self._sql.gateway_callers.find_token, {"token_id": token_id}
        )
        return None if row is None else _token_of(row)

    async def list_gateway_tokens(self, caller_id: str) -> Sequence[TokenRecord]:
        """Return what is kept of a caller's tokens, the oldest first."""
        rows = await self._driver.read_all(
            self._sql.gateway_callers.list_tokens, {"caller_id": caller_id}
        )
        return tuple(map(_token_of, rows))

    async def find_borrower(self, digest: str) -> KnownToken | None:
        """Return the token of a digest with its caller, whether it is good or over."""
        row = await self._driver.read_one(
            self._sql.gateway_callers.find_borrower, {"digest": digest}
        )
        if row is None:
            return None
        width = len(CALLER_COLUMNS)
        return KnownToken(_caller_of(row[:width]), _token_of(row[width:]))

    def _adding(self, token: TokenRecord) -> tuple[Step, Step]:
        # Whoever adds forgets: a caller of the explorer's gets a token each quarter of an hour.
        sql, ended = self._sql.gateway_callers, token.created_at - _REMEMBER_ENDED
        return (
            Step(sql.forget_tokens, {"caller_id": token.caller_id, "ended": to_micros(ended)}),
            Step(sql.add_token, _token_params(token)),
        )

    async def _written(self, step: Step, audit: AuditEntry) -> bool:
        return await self._holds(step, audit_step(self._sql, audit))


def _changeable(caller: GatewayCaller) -> Params:
    limits: Mapping[str, int | None] | None = None
    if caller.limits is not None:
        limits = {"per_second": caller.limits.per_second, "per_day": caller.limits.per_day}
    words: Mapping[Mode, tuple[str, ...]] | None = None
    if caller.allow_list is not None:
        words = {mode: caller.allow_list.words(mode) for mode in Mode}
    return {
        "policy": caller.policy,
        "allow_list": _json(words),
        "owners": _json(None if caller.owners is None else sorted(caller.owners)),
        "limits": _json(limits),
        "credential": caller.credential,
    }


def _json(value: object) -> str | None:
    return None if value is None else _encoder.encode(value).decode()


def _caller_of(row: Row) -> GatewayCaller:
    caller_id, name, created_at, created_by, policy, words, owners, limits, credential, at = row
    return GatewayCaller(
        id=caller_id,
        name=name,
        created_at=to_time(created_at),
        created_by=created_by,
        policy=policy,
        allow_list=None if words is None else AllowList.parse(_words.decode(words)),
        owners=None if owners is None else _owners.decode(owners),
        limits=None if limits is None else CallLimits(**_limits.decode(limits)),
        credential=credential,
        disabled_at=to_time_or_none(at),
    )


def _token_params(token: TokenRecord) -> Params:
    return {
        "id": token.id,
        "caller_id": token.caller_id,
        "mode": token.mode.value,
        "digest": token.digest,
        "hint": token.hint,
        "created_at": to_micros(token.created_at),
        "expires_at": to_micros_or_none(token.expires_at),
        "revoked_at": to_micros_or_none(token.revoked_at),
    }


def _token_of(row: Row) -> TokenRecord:
    token_id, caller_id, mode, digest, hint, created_at, expires_at, revoked_at = row
    return TokenRecord(
        id=token_id,
        caller_id=caller_id,
        mode=Mode(mode),
        digest=digest,
        hint=hint,
        created_at=to_time(created_at),
        expires_at=to_time_or_none(expires_at),
        revoked_at=to_time_or_none(revoked_at),
    )
