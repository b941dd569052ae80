"""Where is each operation of `auth`, and what does it take?

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Final

from aboard.client.described.auth_shapes import (
    AccessToken,
    Registered,
    Revoked,
    SessionList,
    SignedOut,
)
from aboard.client.operation import Operation

REGISTER: Final = Operation(
    "POST",
    "/api/v1/auth/register",
    Registered,
    body={"email": "email", "password": "password"},
    is_enveloped=True,
    is_public=True,
    is_session=True,
)

CONFIRM: Final = Operation(
    "POST",
    "/api/v1/auth/confirm",
    Registered,
    body={"email": "email", "code": "code", "password": "password"},
    is_enveloped=True,
    is_public=True,
    is_session=True,
)

LOGIN: Final = Operation(
    "POST",
    "/api/v1/auth/login",
    AccessToken,
    body={"email": "email", "password": "password"},
    is_enveloped=True,
    is_public=True,
    is_session=True,
)

REFRESH: Final = Operation(
    "POST", "/api/v1/auth/refresh", AccessToken, is_enveloped=True, is_public=True, is_session=True
)

LOGOUT: Final = Operation(
    "POST", "/api/v1/auth/logout", SignedOut, is_enveloped=True, is_public=True, is_session=True
)

SESSIONS: Final = Operation(
    "GET", "/api/v1/auth/sessions", SessionList, is_enveloped=True, is_session=True
)

REVOKE_SESSION: Final = Operation(
    "DELETE", "/api/v1/auth/sessions/{session_id}", Revoked, is_enveloped=True, is_session=True
)

REVOKE_OTHER_SESSIONS: Final = Operation(
    "POST", "/api/v1/auth/sessions/revoke-others", Revoked, is_enveloped=True, is_session=True
)
