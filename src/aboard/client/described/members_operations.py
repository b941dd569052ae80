"""Where is each operation of `members`, and what does it take?

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Final

from aboard.client.answers import Done
from aboard.client.described.organizations_shapes import MemberList, MemberRecord
from aboard.client.operation import Operation

LIST_MEMBERS: Final = Operation(
    "GET",
    "/v1/organizations/{organization_id}/members",
    MemberList,
    query={"after": "after", "limit": "limit"},
)

SET_MEMBER: Final = Operation(
    "PUT",
    "/v1/organizations/{organization_id}/members/{user_id}",
    MemberRecord,
    body={"role": "role", "reason": "reason"},
    is_keyed=True,
)

REMOVE_MEMBER: Final = Operation(
    "DELETE",
    "/v1/organizations/{organization_id}/members/{user_id}",
    Done,
    query={"reason": "reason"},
    is_keyed=True,
)
