"""Who is a creator? A user of the platform with a profile, which is the same in both modes.

Source: the vocabulary in docs/vocabulary.md.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aboard.core.kyc import KycCheck

ProfileField = Literal["display_name", "bio"]
"""What a creator may change about themselves."""


@dataclass(frozen=True, slots=True)
class Creator:
    """A creator's profile: which user is behind it, and what they say of themselves.

    Times are aware UTC; `updated_at` begins as `created_at`.
    """

    id: str
    user_id: str
    created_at: datetime
    display_name: str | None
    bio: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CreatorCheck:
    """The check of who a creator is, with the creator."""

    check: KycCheck
    creator: Creator
