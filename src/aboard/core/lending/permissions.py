"""What must Stripe's own key be permitted, so that an allow-list can be lent by a restricted key?

Source: docs/gateway/operations.md; Stripe's permissions reference, as each operation names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aboard.core.lending.grants import AllowList
from aboard.core.lending.operations import UNKNOWN_PERMISSION, Operation
from aboard.core.owner import Mode

_READ, _WRITE, _DOUBT = "_read", "_write", "?"


@dataclass(frozen=True, slots=True)
class NeededPermissions:
    """By Stripe's own names, sorted; `unknown` are resources on which its reference is silent.

    Whoever may write may read: such as `transfer_write` stands for `transfer_read` too. A question
    mark behind a name says that the reference has no row for the resource, only for the one above.
    """

    names: tuple[str, ...]
    unknown: tuple[str, ...]


def needed_permissions(
    allow_list: AllowList, mode: Mode, operations: Sequence[Operation]
) -> NeededPermissions:
    """Return what a restricted key needs for all that an allow-list lets pass in a mode."""
    passed = [each for each in operations if allow_list.find_grant(each, mode) is not None]
    found = {each.permission for each in passed} - {UNKNOWN_PERMISSION}
    return NeededPermissions(
        names=tuple(sorted(name for name in found if not _is_covered(name, found))),
        unknown=tuple(
            sorted({each.resource for each in passed if each.permission == UNKNOWN_PERMISSION})
        ),
    )


def _is_covered(name: str, found: set[str]) -> bool:
    """Say whether another name of the same resource stands for this one."""
    plain = name.removesuffix(_DOUBT)
    wider = plain.removesuffix(_READ) + _WRITE
    others = {plain, wider, *([wider + _DOUBT] if name.endswith(_DOUBT) else [])}
    return not found.isdisjoint(others - {name})
