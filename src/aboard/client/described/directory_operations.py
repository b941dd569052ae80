"""Where is each operation of `directory`, and what does it take?

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Final

from aboard.client.described.organizations_shapes import OrganizationList, OrganizationRecord
from aboard.client.operation import Operation

LIST_ORGANIZATIONS: Final = Operation(
    "GET", "/v1/organizations", OrganizationList, query={"after": "after", "limit": "limit"}
)

CREATE: Final = Operation(
    "POST",
    "/v1/organizations",
    OrganizationRecord,
    body={
        "name": "name",
        "organization_id": "organizationId",
        "time_zone": "timeZone",
        "owner_user_id": "ownerUserId",
    },
    is_keyed=True,
)

GET: Final = Operation("GET", "/v1/organizations/{organization_id}", OrganizationRecord)

CHANGE: Final = Operation(
    "PATCH",
    "/v1/organizations/{organization_id}",
    OrganizationRecord,
    body={"name": "name", "time_zone": "timeZone"},
    is_keyed=True,
)
