"""Where is each operation of `kyc`, and what does it take?

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Final

from aboard.client.described.creators_shapes import Decided, KycSession, KycState, PendingChecks
from aboard.client.operation import Operation

START_KYC: Final = Operation("POST", "/api/v1/creators/kyc/start", KycSession, is_enveloped=True)

KYC_STATUS: Final = Operation("GET", "/api/v1/creators/kyc/status", KycState, is_enveloped=True)

LIST_PENDING_KYC: Final = Operation(
    "GET",
    "/api/v1/creators/kyc/pending",
    PendingChecks,
    query={"after": "after", "limit": "limit"},
    is_enveloped=True,
)

DECIDE_KYC: Final = Operation(
    "POST",
    "/api/v1/creators/{creator_id}/kyc/decision",
    Decided,
    body={"decision": "decision", "reason": "reason"},
    is_enveloped=True,
)
