"""What is to be known of each operation beside its types? One row each, of the wire's own types.

Here are those about connected accounts; the others are in `examples_profiles`.

Source: docs/api/creators.md.
"""

from collections.abc import Mapping
from typing import Final

from aboard.api.creators.examples_profiles import KYC, PROFILES
from aboard.api.creators.refusals import (
    GONE_MEANWHILE,
    IN_PROGRESS,
    KYC_REQUIRED,
    LIVE_MODE_OFF,
    NO_ACCOUNT,
    NOT_ACTIVE,
    NOT_CREATOR,
    ONBOARDING_OFF,
    STRIPES,
    WITHOUT_BODY,
)
from aboard.api.creators.schemas import (
    AccountStatus,
    DashboardLink,
    Initiated,
    OnboardingLink,
)
from aboard.api.envelope.schemas import Success
from aboard.api.showing import Showcase, Shown
from aboard.core.readiness import CreatorStatus

_SETUP: Final = "https://connect.stripe.com/setup/e/acct_1/example"
_CONNECT: Final[Mapping[str, Shown]] = {
    "initiateCreatorOnboarding": Shown(
        Success(data=Initiated("acct_1", _SETUP)),
        page="initiate",
        refusals=(
            *WITHOUT_BODY,
            NOT_CREATOR,
            KYC_REQUIRED,
            GONE_MEANWHILE,
            IN_PROGRESS,
            *STRIPES,
            ONBOARDING_OFF,
            LIVE_MODE_OFF,
        ),
        effects=(
            "The profile is looked up: without one, 404.",
            "The check of who the creator is must be APPROVED, where the platform asks for one.",
            "Without an account: a row is reserved and claimed, each by one conditional write.",
            "Without an account: Stripe makes one, under an idempotency key made from that row.",
            "Its id and its first snapshot are written; the log says `account.created`.",
            "The onboarding is written, with the addresses where the creator ends.",
            "Stripe makes the link. Its purpose and times are written, never its address.",
            "The log says `link.issued`.",
        ),
    ),
    "refreshCreatorLink": Shown(
        Success(data=OnboardingLink(_SETUP)),
        page="refresh-link",
        refusals=(
            *WITHOUT_BODY,
            NOT_CREATOR,
            NO_ACCOUNT,
            *STRIPES,
            ONBOARDING_OFF,
            LIVE_MODE_OFF,
        ),
        effects=(
            "The profile is looked up: without one, 404.",
            "The account is looked up: without one, 400.",
            "Stripe makes the link. If it says that the account is gone, that is written down.",
            "The log says `link.issued`, never which link. Nothing is written to the database.",
        ),
    ),
    "getCreatorStatus": Shown(
        Success(data=AccountStatus("acct_1", CreatorStatus.ACTIVE, True, True, True)),
        gives={"X-Status-Source": "`live`, or `stored` when Stripe could not be asked in time."},
        page="status",
        refusals=(*WITHOUT_BODY, NOT_CREATOR),
        effects=(
            "The profile and the stored account are looked up.",
            "Stripe is asked for the account, for `ABOARD_STATUS_TIMEOUT_SECONDS` at most.",
            "What Stripe says is written in one commit, with the news for the platform in it.",
            "Without an answer from Stripe nothing is written, and the stored values are told.",
        ),
    ),
    "createCreatorDashboardLink": Shown(
        Success(data=DashboardLink("https://connect.stripe.com/express/acct_1/example")),
        page="dashboard-link",
        refusals=(*WITHOUT_BODY, NOT_CREATOR, NO_ACCOUNT, NOT_ACTIVE, *STRIPES),
        effects=(
            "The profile and the stored account are looked up.",
            "An account that is not known to be `ACTIVE` is read from Stripe once, and remembered.",
            "Stripe makes the link, which is written nowhere. The log says `login_link.issued`.",
        ),
    ),
}

SHOWCASE: Final = Showcase({**PROFILES, **_CONNECT, **KYC}, {}, calls=10)
