"""What does each operation look like in use? One example each, of the wire's own types.

Source: docs/api/creators.md.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aboard.api.creators.errors import TABLE
from aboard.api.creators.messages import message_of
from aboard.api.creators.schemas import (
    AccountStatus,
    DashboardLink,
    Failed,
    Failure,
    Initiated,
    OnboardingLink,
    Success,
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
from aboard.api.showing import Showcase, Shown
from aboard.core import errors as facts
from aboard.core.errors import AboardError
from aboard.core.kyc import KycStatus
from aboard.core.readiness import CreatorStatus

_SETUP: Final = "https://connect.stripe.com/setup/e/acct_1/example"
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
_OPERATIONS: Final[Mapping[str, Shown]] = {
    "upgradeToCreator": Shown(
        Success(data=Upgraded("creator_1")),
        body=NewProfile("Mara Okafor", _SAYS),
        is_body_optional=True,
    ),
    "getCreatorProfile": Shown(Success(data=_PROFILE)),
    "changeCreatorProfile": Shown(Success(data=_PROFILE), body=ProfileChanges(bio=_SAYS)),
    "getPayoutSettings": Shown(
        Success(
            data=PayoutSettings(
                None,
                ConnectPayouts(connected=True, payouts_enabled=True),
                PayoutMethod.STRIPE_CONNECT,
                AvailableMethods(STRIPE_CONNECT=True),
            )
        )
    ),
    "startCreatorKyc": Shown(
        Success(data=KycSession(f"https://idcheck.example/start/{_SESSION}", _SESSION, "idcheck"))
    ),
    "getCreatorKyc": Shown(Success(data=KycState(KycStatus.APPROVED, "idcheck", "check_1", _DONE))),
    "listPendingKyc": Shown(
        Success(
            data=PendingChecks(
                [PendingCheck("creator_1", "Mara Okafor", _SESSION, "manual", None, 1, _BEGUN)],
                None,
            )
        )
    ),
    "decideKyc": Shown(
        Success(data=Decided("creator_1", KycStatus.APPROVED, "manual", None, _DONE)),
        body=DecisionRequest(Decision.APPROVED, "Passport seen."),
    ),
    "initiateCreatorOnboarding": Shown(Success(data=Initiated("acct_1", _SETUP))),
    "refreshCreatorLink": Shown(Success(data=OnboardingLink(_SETUP))),
    "getCreatorStatus": Shown(
        Success(data=AccountStatus("acct_1", CreatorStatus.ACTIVE, True, True, True)),
        gives={"X-Status-Source": "`stored` when Stripe was away."},
    ),
    "createCreatorDashboardLink": Shown(
        Success(data=DashboardLink("https://connect.stripe.com/express/acct_1/example"))
    ),
}


def _failed(fact: type[AboardError], values: Mapping[str, str | int] | None = None) -> Failed:
    row, given = TABLE[fact], dict(values or {})
    return Failed(
        error=Failure(
            code=row.code or row.key,
            message=message_of(row.key, "en", given),
            i18n_key=row.key,
            i18n_vars=given,
            details=[],
            correlation_id="0b6f2f3e-5d0c-4f0a-9a51-7d2f5f1f8f2e",
        )
    )


_REFUSALS: Final[Mapping[int, Any]] = {
    400: _failed(facts.AccountNotLinked),
    401: _failed(facts.Unauthenticated),
    403: _failed(facts.NotYours),
    404: _failed(facts.OwnerUnknown),
    409: _failed(facts.OnboardingBusy, {"seconds": 1}),
    413: _failed(facts.InputRefused),
    415: _failed(facts.InputRefused),
    429: _failed(facts.TooManyRequests, {"seconds": 600}),
    503: _failed(facts.StripeUnavailable, {"seconds": 5}),
}

SHOWCASE: Final = Showcase(_OPERATIONS, _REFUSALS)
