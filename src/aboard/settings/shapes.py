"""How are accounts made, by kind of owner and mode? Overrides of a mode over what both share.

Source: docs/settings.md; the rules are those of `aboard.core.shapes`.
"""

from collections.abc import Mapping

from aboard.core.account import AccountShape
from aboard.core.errors import InputRefused
from aboard.core.owner import Mode, OwnerKind
from aboard.core.shapes import check_shape
from aboard.settings.sources import Sources

_NAME_OF = {"type": "ACCOUNT_TYPE", "country": "COUNTRY", "capabilities": "CAPABILITIES"}


def read_shapes(given: Sources) -> Mapping[tuple[OwnerKind, Mode], AccountShape]:
    """Return how accounts are made; creators live in one mode, so theirs has no overrides."""
    creators = _shape(given, "CREATOR", "CREATOR")
    if creators.type != "express":
        _note(given, "CREATOR_ACCOUNT_TYPE", "must be express: the creators API makes no other")
    shapes = {(OwnerKind.CREATOR, mode): creators for mode in Mode}
    for mode in Mode:
        own = f"ORGANIZATION_{mode.name}"
        shapes[(OwnerKind.ORGANIZATION, mode)] = _shape(given, "ORGANIZATION", own)
    return shapes


def _shape(given: Sources, kind: str, own: str) -> AccountShape:
    def name_of(part: str) -> str:
        name = f"{own}_{part}"
        return name if given.is_given(name) else f"{kind}_{part}"

    # A type and a controller exclude each other, so a mode's own word on one replaces both.
    is_own = given.is_given(f"{own}_ACCOUNT_TYPE") or given.is_given(f"{own}_CONTROLLER")
    how = own if is_own else kind
    names = {
        "ACCOUNT_TYPE": f"{how}_ACCOUNT_TYPE",
        "CONTROLLER": f"{how}_CONTROLLER",
        "COUNTRY": name_of("COUNTRY"),
        "CAPABILITIES": name_of("CAPABILITIES"),
    }
    rows = (row.partition("=") for row in given.listed(names["CONTROLLER"]))
    controller = {part: value for part, _, value in rows}
    capabilities = names["CAPABILITIES"]
    try:
        return check_shape(
            account_type=None if controller else given.text(names["ACCOUNT_TYPE"]),
            controller=controller,
            country=given.text(names["COUNTRY"]) or None,
            capabilities=given.listed(capabilities) if given.is_given(capabilities) else None,
        )
    except InputRefused as refusal:
        for field, wrong in refusal.problems:
            _note(given, names[_NAME_OF.get(field, "CONTROLLER")], _told(field, wrong))
        return AccountShape()


def _told(field: str, wrong: str) -> str:
    _, _, part = field.partition(".")
    return f"{part} {wrong}" if part else wrong


def _note(given: Sources, name: str, wrong: str) -> None:
    """Note a problem once: what both modes share is read for each."""
    if not given.has_problem(name, wrong):
        given.problem(name, wrong)
