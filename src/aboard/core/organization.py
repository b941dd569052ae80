"""What is an organization to us? A name, a time zone, and members with a role each.

The directory is for platforms whose tokens name nobody's organizations: see ADR-0013.

Source: ADR-0013, membership and operators.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aboard.core.caller import Role

# Visible ASCII to the very end: `$` alone would let a line break pass. Without what two parsers of
# an address could read in two ways: `/`, `\`, `%`, `;`, and without dot segments.
ORGANIZATION_ID: Final = r"^(?!\.\.?(?![\s\S]))[!-$&-.0-:<-\[\]-~]{1,255}(?![\s\S])"


def is_organization_id(text: str) -> bool:
    """Say whether a text may be an organization's id: in a path, in a log and in a row.

    >>> is_organization_id("org_1"), is_organization_id("org/1"), is_organization_id("..")
    (True, False, False)
    """
    return re.match(ORGANIZATION_ID, text) is not None


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization that was made here. `time_zone` is an IANA name; times are aware UTC."""

    id: str
    name: str
    time_zone: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Member:
    """A user with a role in an organization, since an aware UTC point in time."""

    user_id: str
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """One of a user's organizations. Known by a token alone, it has no record here."""

    organization_id: str
    role: Role
    organization: Organization | None


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What became of a change of a role: what it was, what it is, and whether it was written."""

    before: Role | None
    after: Role | None
    is_written: bool
