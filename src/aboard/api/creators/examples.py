"""What does each operation look like in use? One example each, of the wire's own types.

Source: docs/api/creators.md.
"""

from collections.abc import Mapping
from typing import Any, Final

from aboard.api.creators.schemas import (
    AccountStatus,
    DashboardLink,
    Initiated,
    OnboardingLink,
    Profile,
)
from aboard.api.envelope.errors import example_of
from aboard.api.envelope.schemas import Success
from aboard.api.showing import Showcase, Shown
from aboard.core import errors as facts
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


_REFUSALS: Final[Mapping[int, Any]] = {
    400: example_of(facts.AccountNotLinked),
    401: example_of(facts.Unauthenticated),
    404: example_of(facts.OwnerUnknown),
    409: example_of(facts.OnboardingBusy, {"seconds": 1}),
    429: example_of(facts.TooManyRequests, {"seconds": 600}),
    503: example_of(facts.StripeUnavailable, {"seconds": 5}),
}

SHOWCASE: Final = Showcase(_OPERATIONS, _REFUSALS)
