"""What does each operation of signing in look like in use? One example each.

Source: docs/api/auth.md.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aboard.api.auth.door import AN_HOUR
from aboard.api.auth.schemas import (
    AccessToken,
    Confirmation,
    Login,
    NewUser,
    Registered,
    Revoked,
    Session,
    SessionList,
    SignedOut,
)
from aboard.api.envelope.errors import example_of
from aboard.api.envelope.schemas import Success
from aboard.api.showing import Showcase, Shown
from aboard.core import errors as facts
from aboard.core import errors_identity as identity
from aboard.flows.registration import NextStep

_EMAIL: Final = "ana@shop.example"
_WORDS: Final = "four quiet words here"
_AT: Final = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
_TOKEN: Final = Success(data=AccessToken("<a bearer token>", 900))
_KEPT: Final = {"Set-Cookie": "The refresh token, for this browser alone."}
_OPERATIONS: Final[Mapping[str, Shown]] = {
    "register": Shown(Success(data=Registered(NextStep.CONFIRM)), body=NewUser(_EMAIL)),
    "confirmRegistration": Shown(
        Success(data=Registered(NextStep.LOGIN)), body=Confirmation(_EMAIL, "01234567", _WORDS)
    ),
    "login": Shown(_TOKEN, body=Login(_EMAIL, _WORDS), gives=_KEPT),
    "refreshSession": Shown(_TOKEN, gives=_KEPT),
    "logout": Shown(Success(data=SignedOut()), gives={"Set-Cookie": "The cookie, empty and over."}),
    "listSessions": Shown(
        Success(
            data=SessionList(
                [
                    Session(
                        id="ses_example",
                        device="Firefox, Linux",
                        address="203.0.113.*",
                        is_current=True,
                        created_at=_AT,
                        last_used_at=_AT + timedelta(hours=2),
                        expires_at=_AT + timedelta(days=30, hours=2),
                    )
                ]
            )
        )
    ),
    "revokeSession": Shown(Success(data=Revoked(1))),
    "revokeOtherSessions": Shown(Success(data=Revoked(3))),
}
_REFUSALS: Final[Mapping[int, Any]] = {
    400: example_of(identity.SessionCurrent),
    401: example_of(identity.LoginRefused),
    403: example_of(identity.RegistrationClosed),
    404: example_of(identity.SessionUnknown),
    413: example_of(facts.InputRefused),
    415: example_of(facts.InputRefused),
    429: example_of(identity.LoginLocked, {"seconds": 30}),
    503: example_of(identity.LoginBusy, {"seconds": 1}),
}

_CALLS: Final[Mapping[str, int]] = {
    "register": AN_HOUR["auth.register"],
    "confirmRegistration": AN_HOUR["auth.confirm"],
    "login": AN_HOUR["auth.login"],
    "refreshSession": AN_HOUR["auth.refresh"],
    "logout": AN_HOUR["auth.logout"],
    "listSessions": AN_HOUR["auth.sessions"],
    "revokeSession": AN_HOUR["auth.revoke"],
    "revokeOtherSessions": AN_HOUR["auth.revoke-others"],
}

SHOWCASE: Final = Showcase(
    {name: replace(shown, calls=_CALLS[name]) for name, shown in _OPERATIONS.items()},
    _REFUSALS,
    calls=0,
)
