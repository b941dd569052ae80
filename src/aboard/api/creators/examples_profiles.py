"""What is to be known of the operations about creators themselves: profiles, payouts, checks.

Source: docs/api/creators.md.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from aboard.api.creators.refusals import (
    KYC_APPROVED,
    KYC_NOT_DECIDABLE,
    KYC_OFF,
    KYC_RUNNING,
    NO_SUCH_CREATOR,
    NOT_CREATOR,
    OPERATORS_ONLY,
    UPGRADE_OFF,
    WITH_BODY,
    WITHOUT_BODY,
)
from aboard.api.creators.schemas_profile import (
    AvailableMethods,
    ConnectPayouts,
    Decided,
    Decision,
    DecisionRequest,
    KycSession,
    KycState,
    NewProfile,
    PayoutMethod,
    PayoutSettings,
    PendingCheck,
    PendingChecks,
    Profile,
    ProfileChanges,
    Upgraded,
)
from aboard.api.envelope.schemas import Success
from aboard.api.showing import Shown
from aboard.core.kyc import KycStatus
from aboard.core.readiness import CreatorStatus

_SESSION: Final = "kyc_example"
_BEGUN: Final = datetime(2026, 11, 21, 9, tzinfo=UTC)
_DONE: Final = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)
_SAYS: Final = "Paints harbours."
_PROFILE: Final = Profile(
    creator_id="creator_1",
    display_name="Mara Okafor",
    bio=_SAYS,
    kyc_status=KycStatus.APPROVED,
    kyc_provider="idcheck",
    kyc_completed_at=_DONE,
    stripe_account_id="acct_1",
    stripe_account_status=CreatorStatus.ACTIVE,
    stripe_charges_enabled=True,
    stripe_payouts_enabled=True,
    preferred_payout_method=PayoutMethod.STRIPE_CONNECT,
    created_at=_BEGUN,
    updated_at=_BEGUN,
)

PROFILES: Final[Mapping[str, Shown]] = {
    "upgradeToCreator": Shown(
        Success(data=Upgraded("creator_1")),
        body=NewProfile("Mara Okafor", _SAYS),
        is_body_optional=True,
        page="upgrade",
        refusals=(*WITH_BODY, UPGRADE_OFF),
        effects=("The caller's creator profile is written, unless it is there already.",),
    ),
    "getCreatorProfile": Shown(
        Success(data=_PROFILE),
        page="profile",
        refusals=(*WITHOUT_BODY, NOT_CREATOR),
        effects=(
            "The profile, the check and the stored account are looked up. Stripe is not asked.",
        ),
    ),
    "changeCreatorProfile": Shown(
        Success(data=_PROFILE),
        body=ProfileChanges(bio=_SAYS),
        page="change-profile",
        refusals=(*WITH_BODY, NOT_CREATOR),
        effects=(
            "What is given is written; what is left out stays. Stripe is neither told nor asked.",
            "The profile is read again, and told.",
        ),
    ),
    "getPayoutSettings": Shown(
        Success(
            data=PayoutSettings(
                None,
                ConnectPayouts(connected=True, payouts_enabled=True),
                PayoutMethod.STRIPE_CONNECT,
                AvailableMethods(STRIPE_CONNECT=True),
            )
        ),
        page="payout-settings",
        refusals=(*WITHOUT_BODY, NOT_CREATOR),
        effects=("The profile and the stored account are looked up. Stripe is not asked.",),
    ),
}

KYC: Final[Mapping[str, Shown]] = {
    "startCreatorKyc": Shown(
        Success(data=KycSession(f"https://idcheck.example/start/{_SESSION}", _SESSION, "idcheck")),
        page="kyc-start",
        refusals=(*WITHOUT_BODY, NO_SUCH_CREATOR, KYC_APPROVED, KYC_RUNNING, KYC_OFF),
        effects=(
            "The profile and the check are looked up.",
            "A new attempt is written with its audit row (`kyc.start`), if no other came first.",
            "The log says `kyc.started`, never the session.",
        ),
    ),
    "getCreatorKyc": Shown(
        Success(data=KycState(KycStatus.APPROVED, "idcheck", "check_1", _DONE)),
        page="kyc-status",
        refusals=(*WITHOUT_BODY, NO_SUCH_CREATOR),
        effects=("The check is looked up. Nobody else is asked.",),
    ),
    "listPendingKyc": Shown(
        Success(
            data=PendingChecks(
                [PendingCheck("creator_1", "Mara Okafor", "manual", None, 1, _BEGUN)],
                None,
            )
        ),
        page="kyc-pending",
        refusals=(*WITHOUT_BODY, OPERATORS_ONLY),
        effects=("The checks that wait are looked up, by the creator's id.",),
    ),
    "decideKyc": Shown(
        Success(data=Decided("creator_1", KycStatus.APPROVED, "manual", None, _DONE)),
        body=DecisionRequest(Decision.APPROVED, "Passport seen."),
        page="kyc-decision",
        refusals=(*WITH_BODY, OPERATORS_ONLY, NO_SUCH_CREATOR, KYC_NOT_DECIDABLE),
        effects=(
            "The creator and the check are looked up.",
            "The decision is written with its audit row, if no other came first.",
            "The log says `kyc.changed`.",
        ),
    ),
}
