"""What did the platform decide for one organization in one mode?

Source: ADR-0013, membership and operators.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from aboard.core.account import AccountShape
from aboard.core.go_live import GoLivePolicy
from aboard.core.owner import Mode
from aboard.store.driver import Step
from aboard.store.questions import Questions
from aboard.store.values import to_micros, to_time

_encoder = msgspec.json.Encoder(order="deterministic")
_shape_decoder = msgspec.json.Decoder(AccountShape)
_policy_decoder = msgspec.json.Decoder(GoLivePolicy)


@dataclass(frozen=True, slots=True)
class Plan:
    """How accounts are made and what the gate asks for; None is what the settings say."""

    shape: AccountShape | None
    policy: GoLivePolicy | None
    changed_at: datetime
    changed_by: str


class PlanQuestions(Questions):
    """The questions about what was decided for one organization."""

    async def find_plan(self, organization_id: str, mode: Mode) -> Plan | None:
        """Return what was decided, in one indexed read."""
        row = await self._driver.read_one(
            self._sql.plans.find, {"organization_id": organization_id, "mode": mode.value}
        )
        if row is None:
            return None
        shape, policy, changed_at, changed_by = row
        return Plan(
            None if shape is None else _shape_decoder.decode(shape),
            None if policy is None else _policy_decoder.decode(policy),
            to_time(changed_at),
            changed_by,
        )

    async def write_shape(
        self,
        organization_id: str,
        mode: Mode,
        shape: AccountShape | None,
        *,
        now: datetime,
        changed_by: str,
    ) -> None:
        """Write how accounts are made, or None for what the settings say."""
        await self._driver.write(
            (
                Step(
                    self._sql.plans.write_shape,
                    {
                        "organization_id": organization_id,
                        "mode": mode.value,
                        "shape": _text(shape),
                        "changed_at": to_micros(now),
                        "changed_by": changed_by,
                    },
                ),
            )
        )

    async def write_policy(
        self,
        organization_id: str,
        mode: Mode,
        policy: GoLivePolicy | None,
        *,
        now: datetime,
        changed_by: str,
    ) -> None:
        """Write what the gate asks for, or None for what the settings say."""
        await self._driver.write(
            (
                Step(
                    self._sql.plans.write_policy,
                    {
                        "organization_id": organization_id,
                        "mode": mode.value,
                        "policy": _text(policy),
                        "changed_at": to_micros(now),
                        "changed_by": changed_by,
                    },
                ),
            )
        )


def _text(decided: AccountShape | GoLivePolicy | None) -> str | None:
    return None if decided is None else _encoder.encode(decided).decode()
