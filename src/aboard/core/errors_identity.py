"""What can go wrong where people sign in here? Facts as in `errors`, below the same root.

AboardError
├─ Unauthenticated     of `errors`
│  ├─ LoginRefused     e-mail and password do not fit; deliberately one fact for both
│  ├─ CodeRefused      the code from the mail does not fit, or is too old
│  └─ RefreshRefused   the refresh token opens no session, or none any more
│     └─ RefreshReused  it was used before: the whole session ended
├─ LoginLocked         too many failures: locked for a while (+ retry after, seconds)
├─ LoginBusy           too many passwords are being checked right now
├─ RegistrationClosed  nobody can register here by themselves, or not in this way
├─ SessionUnknown      the caller has no such session
└─ SessionCurrent      the caller's own session is ended by signing out

Source: ADR-0017, built-in sign-in.
"""

from aboard.core.errors import AboardError, Unauthenticated


class LoginRefused(Unauthenticated):
    """E-mail and password do not fit; deliberately one fact for an unknown e-mail too."""

    code = "login.refused"


class CodeRefused(Unauthenticated):
    """The code does not fit the e-mail, or is too old; one fact for all of it."""

    code = "login.code_refused"


class RefreshRefused(Unauthenticated):
    """The refresh token opens no session, or none any more."""

    code = "refresh.refused"


class RefreshReused(RefreshRefused):
    """The refresh token was used before, so that its whole session ended."""

    code = "refresh.reused"


class LoginLocked(AboardError):
    """Too many failures: nothing is checked for a while, not even the right password."""

    code = "login.locked"

    def __init__(self, retry_after_seconds: int) -> None:
        """Carry the whole seconds until it is looked at again."""
        super().__init__(f"locked for {retry_after_seconds} seconds")
        self.retry_after_seconds = retry_after_seconds


class LoginBusy(AboardError):
    """Too many passwords wait to be checked; nothing was done, and trying again is safe."""

    code = "login.busy"


class RegistrationClosed(AboardError):
    """Nobody can register here by themselves, or not in this way."""

    code = "registration.closed"


class SessionUnknown(AboardError):
    """The caller has no such session, or it is over."""

    code = "session.unknown"


class SessionCurrent(AboardError):
    """The caller's own session is ended by signing out, not here."""

    code = "session.current"
