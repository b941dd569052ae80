"""Where is each operation of `connections`, and what does it take?

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Final

from aboard.client.answers import Done
from aboard.client.described.organizations_shapes import (
    Connection,
    LinkAnswer,
    LoginLinkAnswer,
    PageLinkAnswer,
    SessionAnswer,
    Setup,
    WorkList,
)
from aboard.client.operation import Operation

ONBOARDING_LINK: Final = Operation(
    "POST",
    "/v1/connect/accounts/onboarding-links",
    LinkAnswer,
    body={
        "organization_id": "organizationId",
        "mode": "mode",
        "return_url": "returnUrl",
        "refresh_url": "refreshUrl",
        "collect": "collect",
        "force": "force",
        "restart": "restart",
        "country": "country",
        "business_type": "businessType",
        "email": "email",
    },
    is_keyed=True,
)

LOGIN_LINK: Final = Operation(
    "POST",
    "/v1/connect/accounts/{organization_id}/login-links",
    LoginLinkAnswer,
    body={"mode": "mode"},
    is_keyed=True,
)

ACCOUNT_SESSION: Final = Operation(
    "POST",
    "/v1/connect/accounts/{organization_id}/account-sessions",
    SessionAnswer,
    body={"mode": "mode", "components": "components"},
    is_keyed=True,
)

PAGE_LINK: Final = Operation(
    "POST",
    "/v1/connect/accounts/{organization_id}/page-links",
    PageLinkAnswer,
    body={"mode": "mode", "page": "page"},
    is_keyed=True,
)

CONNECTION: Final = Operation(
    "GET",
    "/v1/connect/accounts/{organization_id}",
    Connection,
    query={"mode": "mode", "fresh": "fresh"},
)

DISCONNECT: Final = Operation(
    "DELETE",
    "/v1/connect/accounts/{organization_id}",
    Done,
    query={"mode": "mode", "forget": "forget"},
    is_keyed=True,
)

REQUIREMENTS: Final = Operation(
    "GET",
    "/v1/connect/accounts/{organization_id}/requirements",
    WorkList,
    query={"mode": "mode", "fresh": "fresh", "language": "language"},
)

SETUP_STATE: Final = Operation(
    "GET",
    "/v1/connect/accounts/{organization_id}/setup-state",
    Setup,
    query={"mode": "mode", "fresh": "fresh"},
)

GO_LIVE: Final = Operation(
    "POST",
    "/v1/connect/accounts/{organization_id}/go-live",
    Setup,
    body={"mode": "mode"},
    is_keyed=True,
)

STOP_LIVE: Final = Operation(
    "DELETE",
    "/v1/connect/accounts/{organization_id}/go-live",
    Setup,
    query={"mode": "mode"},
    is_keyed=True,
)
