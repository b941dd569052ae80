"""What does each operation look like in use? One example each, of the wire's own types.

Source: docs/api/creators.md.
"""

from collections.abc import Mapping
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
    Profile,
    Success,
)
from aboard.api.showing import Showcase, Shown
from aboard.core import errors as facts
from aboard.core.errors import AboardError
from aboard.core.readiness import CreatorStatus

_SETUP: Final = "https://connect.stripe.com/setup/e/acct_1/example"
_OPERATIONS: Final[Mapping[str, Shown]] = {
    "upgradeToCreator": Shown(Success(data=Profile("creator_1"))),
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
    404: _failed(facts.OwnerUnknown),
    409: _failed(facts.OnboardingBusy, {"seconds": 1}),
    429: _failed(facts.TooManyRequests, {"seconds": 600}),
    503: _failed(facts.StripeUnavailable, {"seconds": 5}),
}

SHOWCASE: Final = Showcase(_OPERATIONS, _REFUSALS)
