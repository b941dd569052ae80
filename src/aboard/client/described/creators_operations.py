"""Where is each operation of `creators`, and what does it take?

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Final

from aboard.client.described.creators_shapes import (
    AccountStatus,
    DashboardLink,
    Initiated,
    OnboardingLink,
    Profile,
)
from aboard.client.operation import Operation

UPGRADE: Final = Operation("POST", "/api/v1/creators/upgrade", Profile, is_enveloped=True)

INITIATE: Final = Operation(
    "POST", "/api/v1/creators/stripe-connect/initiate", Initiated, is_enveloped=True
)

REFRESH_LINK: Final = Operation(
    "POST", "/api/v1/creators/stripe-connect/refresh-link", OnboardingLink, is_enveloped=True
)

STATUS: Final = Operation(
    "GET", "/api/v1/creators/stripe-connect/status", AccountStatus, is_enveloped=True
)

DASHBOARD_LINK: Final = Operation(
    "POST", "/api/v1/creators/stripe-connect/dashboard-link", DashboardLink, is_enveloped=True
)
