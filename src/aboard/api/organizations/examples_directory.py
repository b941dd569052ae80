"""What do the operations about organizations, members, shapes and policies look like in use?

Source: docs/api/organizations-directory.md.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from aboard.api.organizations.schemas import BusinessType
from aboard.api.organizations.schemas_directory import (
    Controller,
    DecidedBy,
    MemberList,
    MemberRecord,
    NewOrganization,
    OrganizationChanges,
    OrganizationList,
    OrganizationRecord,
    PolicyAnswer,
    PolicyRequest,
    RoleRequest,
    ShapeAnswer,
    ShapeRequest,
)
from aboard.api.showing import Shown
from aboard.core.caller import Role
from aboard.core.go_live import Condition
from aboard.core.owner import Mode

_NOW: Final = datetime(2026, 11, 21, 9, tzinfo=UTC)
_KEY: Final = {
    "Idempotency-Key": "1 to 255 visible characters: a repeat within a day is the same request."
}
_REPLAYED: Final = {"Idempotent-Replayed": "`true` when this is the answer of an earlier request."}
_HARBOUR: Final = OrganizationRecord("org_1", Role.OWNER, "Harbour", "Europe/Lisbon", _NOW)
_BY_TOKEN: Final = OrganizationRecord("org_2", Role.FINANCE, None, None, None)
_ADA: Final = MemberRecord("org_1", "user_1", Role.OWNER, _NOW)
_BOB: Final = MemberRecord("org_1", "user_2", Role.ADMIN, _NOW)
_CONTROLLER: Final = Controller("application", "application", "stripe", "express")
_CAPABILITIES: Final = ["card_payments", "transfers"]
_BY_SETTINGS: Final = ShapeAnswer(
    "org_1", Mode.TEST, DecidedBy.SETTINGS, "express", None, None, None, _CAPABILITIES
)
_DECIDED: Final = ShapeAnswer(
    "org_1",
    Mode.TEST,
    DecidedBy.ORGANIZATION,
    None,
    _CONTROLLER,
    "PT",
    BusinessType.COMPANY,
    _CAPABILITIES,
)
_USUAL: Final = [Condition.PAYOUTS, Condition.WEBHOOKS, Condition.LIVE_MODE]
_POLICY_OF_ALL: Final = PolicyAnswer("org_1", Mode.LIVE, DecidedBy.SETTINGS, _CAPABILITIES, _USUAL)
_OWN_POLICY: Final = PolicyAnswer(
    "org_1", Mode.LIVE, DecidedBy.ORGANIZATION, ["card_payments"], _USUAL
)

OPERATIONS: Final[Mapping[str, Shown]] = {
    "createOrganization": Shown(
        _HARBOUR,
        NewOrganization("Harbour", time_zone="Europe/Lisbon"),
        takes=_KEY,
        gives=_REPLAYED,
    ),
    "listOrganizations": Shown(OrganizationList([_HARBOUR, _BY_TOKEN], None)),
    "getOrganization": Shown(_HARBOUR),
    "changeOrganization": Shown(
        _HARBOUR, OrganizationChanges(time_zone="Europe/Lisbon"), takes=_KEY, gives=_REPLAYED
    ),
    "listMembers": Shown(MemberList([_ADA, _BOB], None)),
    "setMember": Shown(
        _BOB,
        RoleRequest(Role.ADMIN, "Takes over the bookkeeping"),
        takes=_KEY,
        gives=_REPLAYED,
    ),
    "removeMember": Shown(takes=_KEY, gives=_REPLAYED),
    "getAccountShape": Shown(_BY_SETTINGS),
    "setAccountShape": Shown(
        _DECIDED,
        ShapeRequest(
            controller=_CONTROLLER,
            country="PT",
            business_type=BusinessType.COMPANY,
            capabilities=_CAPABILITIES,
        ),
        takes=_KEY,
        gives=_REPLAYED,
    ),
    "forgetAccountShape": Shown(_BY_SETTINGS, takes=_KEY, gives=_REPLAYED),
    "getGoLivePolicy": Shown(_POLICY_OF_ALL),
    "setGoLivePolicy": Shown(
        _OWN_POLICY, PolicyRequest(["card_payments"], _USUAL), takes=_KEY, gives=_REPLAYED
    ),
    "forgetGoLivePolicy": Shown(_POLICY_OF_ALL, takes=_KEY, gives=_REPLAYED),
}
"""Joined with the rest of the dialect in its showcase."""
