"""Where is each operation of `creators`, and what does it take?

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Final

from aboard.client.described.creators_shapes import (
    AccountStatus,
    DashboardLink,
    Initiated,
    OnboardingLink,
    PayoutSettings,
    Profile,
    Upgraded,
)
from aboard.client.operation import Operation

UPGRADE: Final = Operation(
    "POST",
    "/api/v1/creators/upgrade",
    Upgraded,
    body={"display_name": "displayName", "bio": "bio"},
    is_enveloped=True,
    may_be_bodiless=True,
)

PROFILE: Final = Operation(
    "GET", "/api/v1/creators/profile", Profile, query={"mode": "mode"}, is_enveloped=True
)

CHANGE_PROFILE: Final = Operation(
    "PATCH",
    "/api/v1/creators/profile",
    Profile,
    query={"mode": "mode"},
    body={"display_name": "displayName", "bio": "bio"},
    is_enveloped=True,
)

PAYOUT_SETTINGS: Final = Operation(
    "GET",
    "/api/v1/creators/payout-settings",
    PayoutSettings,
    query={"mode": "mode"},
    is_enveloped=True,
)

INITIATE: Final = Operation(
    "POST",
    "/api/v1/creators/stripe-connect/initiate",
    Initiated,
    query={"mode": "mode"},
    is_enveloped=True,
)

REFRESH_LINK: Final = Operation(
    "POST",
    "/api/v1/creators/stripe-connect/refresh-link",
    OnboardingLink,
    query={"mode": "mode"},
    is_enveloped=True,
)

STATUS: Final = Operation(
    "GET",
    "/api/v1/creators/stripe-connect/status",
    AccountStatus,
    query={"mode": "mode"},
    is_enveloped=True,
)

DASHBOARD_LINK: Final = Operation(
    "POST",
    "/api/v1/creators/stripe-connect/dashboard-link",
    DashboardLink,
    query={"mode": "mode"},
    is_enveloped=True,
)
