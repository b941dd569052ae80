"""What does `auth` answer?

Written from the service's description by `make client-python`; not by hand.
"""

from datetime import datetime

import msgspec

from aboard.client.answers import Answer
from aboard.client.described.words import NextStep
from aboard.core.secret import Secret


class Registered(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `auth.register` and `auth.confirm` answers."""

    next_step: NextStep


class AccessToken(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `auth.login` and `auth.refresh` answers."""

    access_token: Secret
    expires_in: int


class SignedOut(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `auth.logout` answers."""

    signed_out: bool | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Session of an answer."""

    id: str
    device: str
    address: str
    is_current: bool
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class Revoked(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `auth.revoke_session` and `auth.revoke_other_sessions` answers."""

    revoked: int


class SessionList(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `auth.sessions` answers."""

    sessions: tuple[Session, ...]
