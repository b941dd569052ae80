"""How are the operations of `plans` called?

Written from the service's description by `make client-python`; not by hand.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from aboard.client.asking import Calls
from aboard.client.described import plans_operations as operations
from aboard.client.described.organizations_shapes import Controller, PolicyAnswer, ShapeAnswer
from aboard.client.described.words import BusinessTypeName, ConditionName, ModeName


class PlansCalls(Calls):
    """The operations of `plans`: each raises `CallFailed`, or a kind of it."""

    def get_account_shape(self, organization_id: str, *, mode: ModeName) -> ShapeAnswer:
        """Read how new accounts of the organization are made, and where that was decided.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.
        """
        return self._ask(operations.GET_ACCOUNT_SHAPE, organization_id=organization_id, mode=mode)

    def set_account_shape(
        self,
        organization_id: str,
        *,
        mode: ModeName,
        type: Literal["express", "standard", "custom"] | UnsetType | None = UNSET,
        controller: Controller | UnsetType | None = UNSET,
        country: str | UnsetType | None = UNSET,
        business_type: BusinessTypeName | UnsetType | None = UNSET,
        capabilities: Sequence[str] | UnsetType | None = UNSET,
        idempotency_key: str | UnsetType = UNSET,
    ) -> ShapeAnswer:
        """Decide how new accounts of the organization are made. Operators only.

        Give a `type`, or a `controller` instead. An account that is there already stays as it
        is.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.

        `capabilities`: stripe's names of capabilities.
        """
        return self._ask(
            operations.SET_ACCOUNT_SHAPE,
            organization_id=organization_id,
            mode=mode,
            type=type,
            controller=controller,
            country=country,
            business_type=business_type,
            capabilities=capabilities,
            idempotency_key=idempotency_key,
        )

    def forget_account_shape(
        self, organization_id: str, *, mode: ModeName, idempotency_key: str | UnsetType = UNSET
    ) -> ShapeAnswer:
        """Make new accounts as the settings say again, and answer with that. Operators only.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.
        """
        return self._ask(
            operations.FORGET_ACCOUNT_SHAPE,
            organization_id=organization_id,
            mode=mode,
            idempotency_key=idempotency_key,
        )

    def get_go_live_policy(self, organization_id: str, *, mode: ModeName) -> PolicyAnswer:
        """Read what the gate asks of the organization, and where that was decided.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.
        """
        return self._ask(operations.GET_GO_LIVE_POLICY, organization_id=organization_id, mode=mode)

    def set_go_live_policy(
        self,
        organization_id: str,
        *,
        mode: ModeName,
        capabilities: Sequence[str],
        conditions: Sequence[ConditionName],
        idempotency_key: str | UnsetType = UNSET,
    ) -> PolicyAnswer:
        """Decide what the gate asks of the organization. Operators only.

        A gate that is open is judged by it at the next reading of the account.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.

        `capabilities`: stripe's names of capabilities.
        """
        return self._ask(
            operations.SET_GO_LIVE_POLICY,
            organization_id=organization_id,
            mode=mode,
            capabilities=capabilities,
            conditions=conditions,
            idempotency_key=idempotency_key,
        )

    def forget_go_live_policy(
        self, organization_id: str, *, mode: ModeName, idempotency_key: str | UnsetType = UNSET
    ) -> PolicyAnswer:
        """Ask for what the settings say again, and answer with that. Operators only.

        Limit: 60 calls an hour for each caller.

        `mode`: which of the two accounts.
        """
        return self._ask(
            operations.FORGET_GO_LIVE_POLICY,
            organization_id=organization_id,
            mode=mode,
            idempotency_key=idempotency_key,
        )
