"""How is a setting named and documented?"""

from dataclasses import dataclass

PREFIX = "ABOARD_"


@dataclass(frozen=True, slots=True)
class Name:
    """One setting as it is documented. `secret` ones may also come from `<name>_FILE`."""

    name: str
    default: str | None
    help: str
    secret: bool = False
