"""Where is each operation of `plans`, and what does it take?

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Final

from aboard.client.described.organizations_shapes import PolicyAnswer, ShapeAnswer
from aboard.client.operation import Operation

GET_ACCOUNT_SHAPE: Final = Operation(
    "GET", "/v1/organizations/{organization_id}/account-shape", ShapeAnswer, query={"mode": "mode"}
)

SET_ACCOUNT_SHAPE: Final = Operation(
    "PUT",
    "/v1/organizations/{organization_id}/account-shape",
    ShapeAnswer,
    query={"mode": "mode"},
    body={
        "type": "type",
        "controller": "controller",
        "country": "country",
        "business_type": "businessType",
        "capabilities": "capabilities",
    },
    is_keyed=True,
)

FORGET_ACCOUNT_SHAPE: Final = Operation(
    "DELETE",
    "/v1/organizations/{organization_id}/account-shape",
    ShapeAnswer,
    query={"mode": "mode"},
    is_keyed=True,
)

GET_GO_LIVE_POLICY: Final = Operation(
    "GET",
    "/v1/organizations/{organization_id}/go-live-policy",
    PolicyAnswer,
    query={"mode": "mode"},
)

SET_GO_LIVE_POLICY: Final = Operation(
    "PUT",
    "/v1/organizations/{organization_id}/go-live-policy",
    PolicyAnswer,
    query={"mode": "mode"},
    body={"capabilities": "capabilities", "conditions": "conditions"},
    is_keyed=True,
)

FORGET_GO_LIVE_POLICY: Final = Operation(
    "DELETE",
    "/v1/organizations/{organization_id}/go-live-policy",
    PolicyAnswer,
    query={"mode": "mode"},
    is_keyed=True,
)
