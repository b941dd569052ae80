"""How are the operations of `kyc` called?

Written from the service's description by `make client-python`; not by hand.
"""

from msgspec import UNSET, UnsetType

from aboard.client.asking import Calls
from aboard.client.described import kyc_operations as operations
from aboard.client.described.creators_shapes import Decided, KycSession, KycState, PendingChecks
from aboard.client.described.words import DecisionName


class KycCalls(Calls):
    """The operations of `kyc`: each raises `CallFailed`, or a kind of it."""

    def start_kyc(self) -> KycSession:
        """Begin a check of the caller, or another attempt after one that ended.

        Send the creator to `redirectUrl` at once. `provider` is a name for people: what a
        client does must not depend on it.

        Limit: 5 calls an hour for each caller.

        What happens, in order

        1. The profile and the check are looked up.
        2. A new attempt is written with its audit row (`kyc.start`), if no other came first.
        3. The log says `kyc.started`, never the session.
        """
        return self._ask(operations.START_KYC)

    def kyc_status(self) -> KycState:
        """Read how the caller's check stands.

        Limit: 120 calls an hour for each caller.

        What happens, in order

        1. The check is looked up. Nobody else is asked.
        """
        return self._ask(operations.KYC_STATUS)

    def list_pending_kyc(
        self, *, after: str | UnsetType = UNSET, limit: int | UnsetType = UNSET
    ) -> PendingChecks:
        """List the checks that wait for a decision. Operators only.

        Limit: 120 calls an hour for each caller.

        What happens, in order

        1. The checks that wait are looked up, by the creator's id.

        `after`: the last id of the page before: its `next`.

        `limit`: how many a page has at most.
        """
        return self._ask(operations.LIST_PENDING_KYC, after=after, limit=limit)

    def decide_kyc(
        self, creator_id: str, *, decision: DecisionName, reason: str | UnsetType | None = UNSET
    ) -> Decided:
        """Decide a creator's check, or correct a decision. Operators only; audited.

        The same decision again changes nothing.

        Limit: 120 calls an hour for each caller.

        What happens, in order

        1. The creator and the check are looked up.
        2. The decision is written with its audit row, if no other came first.
        3. The log says `kyc.changed`.

        `reason`: 1 to 500 characters on one line.
        """
        return self._ask(
            operations.DECIDE_KYC, creator_id=creator_id, decision=decision, reason=reason
        )
