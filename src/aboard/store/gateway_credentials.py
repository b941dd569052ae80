"""What is lent? Stripe's keys in their envelopes, which nothing here can open.

What a person does to one is written with its audit row, in one commit.

Source: ADR-0030, lent credentials.
"""

from collections.abc import Sequence

from aboard.core.lending.credentials import Credential
from aboard.core.owner import Mode
from aboard.store.audit import audit_step
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.records import AuditEntry
from aboard.store.statements.compiler import Value
from aboard.store.values import to_micros, to_time

_RESTRICTED, _SECRET = "restricted", "secret"


class GatewayCredentialQuestions(Questions):
    """The questions about lent credentials."""

    async def add_credential(self, credential: Credential, audit: AuditEntry) -> bool:
        """Write the first credential of a name in a mode; False if there is one."""
        step = Step(self._sql.gateway_credentials.add, _params(credential), required=True)
        return await self._holds(step, audit_step(self._sql, audit))

    async def replace_credential(
        self, seen: Credential, credential: Credential, audit: AuditEntry
    ) -> bool:
        """Write the next generation; False if it is not the next of what was seen any more."""
        params = {**_params(credential), "seen_generation": seen.generation}
        step = Step(self._sql.gateway_credentials.replace, params, required=True)
        return await self._holds(step, audit_step(self._sql, audit))

    async def rewrap_credential(self, seen: Credential, envelope: str, audit: AuditEntry) -> bool:
        """Write the same key in another envelope; False if another is there by now."""
        params = {
            "mode": seen.mode.value,
            "name": seen.name,
            "seen_envelope": seen.envelope,
            "envelope": envelope,
        }
        step = Step(self._sql.gateway_credentials.rewrap, params, required=True)
        return await self._holds(step, audit_step(self._sql, audit))

    async def find_credential(self, mode: Mode, name: str) -> Credential | None:
        """Return the credential of a name in a mode."""
        row = await self._driver.read_one(
            self._sql.gateway_credentials.find, {"mode": mode.value, "name": name}
        )
        return None if row is None else _credential_of(row)

    async def list_credentials(self, mode: Mode) -> Sequence[Credential]:
        """Return all credentials of a mode, by name."""
        rows = await self._driver.read_all(
            self._sql.gateway_credentials.list_all, {"mode": mode.value}
        )
        return tuple(map(_credential_of, rows))

    async def remove_credential(self, mode: Mode, name: str, audit: AuditEntry) -> bool:
        """Delete a credential for good; False if there is none."""
        params = {"mode": mode.value, "name": name}
        step = Step(self._sql.gateway_credentials.remove, params, required=True)
        return await self._holds(step, audit_step(self._sql, audit))


def _params(credential: Credential) -> dict[str, Value]:
    return {
        "id": credential.id,
        "mode": credential.mode.value,
        "name": credential.name,
        "generation": credential.generation,
        "hint": credential.hint,
        "kind": _RESTRICTED if credential.is_restricted else _SECRET,
        "created_at": to_micros(credential.created_at),
        "created_by": credential.created_by,
        "envelope": credential.envelope,
    }


def _credential_of(row: Row) -> Credential:
    credential_id, mode, name, generation, hint, kind, created_at, created_by, envelope = row
    return Credential(
        id=credential_id,
        mode=Mode(mode),
        name=name,
        generation=generation,
        hint=hint,
        is_restricted=kind == _RESTRICTED,
        created_at=to_time(created_at),
        created_by=created_by,
        envelope=envelope,
    )
