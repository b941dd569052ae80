"""How are the operations of `auth` called?

Written from the service's description by `make client-python`; not by hand.
"""

from msgspec import UNSET, UnsetType

from aboard.client.asking import Calls
from aboard.client.described import auth_operations as operations
from aboard.client.described.auth_shapes import (
    AccessToken,
    Registered,
    Revoked,
    SessionList,
    SignedOut,
)
from aboard.core.secret import Secret


class AuthCalls(Calls):
    """The operations of `auth`: each raises `CallFailed`, or a kind of it."""

    def register(
        self, *, email: str, password: str | Secret | UnsetType | None = UNSET
    ) -> Registered:
        """Begin to become a user. The answer is the same for an e-mail that has a user already.

        `nextStep` says how it goes on: `confirm` by the code that is mailed, or `login`.

        Limit: 10 calls an hour for each address.

        `email`: one plain e-mail address, in any case.

        `password`: 8 to 128 characters of any kind.
        """
        return self._ask(operations.REGISTER, email=email, password=password)

    def confirm(self, *, email: str, code: str, password: str | Secret) -> Registered:
        """Become a user by the code that was mailed, with the password that is given here.

        Limit: 20 calls an hour for each address.

        `email`: one plain e-mail address, in any case.

        `code`: the 8 digits from the mail.

        `password`: 8 to 128 characters of any kind.
        """
        return self._ask(operations.CONFIRM, email=email, code=code, password=password)

    def login(self, *, email: str, password: str | Secret) -> AccessToken:
        """Sign in: a bearer token for 15 minutes, and a cookie that carries the session further.

        Whatever does not fit, and whoever is not there, is one and the same refusal.

        Limit: 20 calls an hour for each address.

        `email`: one plain e-mail address, in any case.

        `password`: 8 to 128 characters of any kind.
        """
        return self._ask(operations.LOGIN, email=email, password=password)

    def refresh(self) -> AccessToken:
        """Use the cookie up for a new bearer token and a new cookie.

        A cookie that was used before ends its session, for whoever holds it.

        Limit: 60 calls an hour for each address.
        """
        return self._ask(operations.REFRESH)

    def logout(self) -> SignedOut:
        """End the session of the cookie, and its bearer tokens at once. Harmless when repeated.

        Limit: 60 calls an hour for each address.
        """
        return self._ask(operations.LOGOUT)

    def sessions(self) -> SessionList:
        """List the caller's sessions that go on, the newest first, 100 at most.

        Limit: 30 calls an hour for each caller.
        """
        return self._ask(operations.SESSIONS)

    def revoke_session(self, session_id: str) -> Revoked:
        """End another session of the caller's, and its bearer tokens at once.

        Limit: 20 calls an hour for each caller.
        """
        return self._ask(operations.REVOKE_SESSION, session_id=session_id)

    def revoke_other_sessions(self) -> Revoked:
        """End every session of the caller's but the current one.

        Limit: 20 calls an hour for each caller.
        """
        return self._ask(operations.REVOKE_OTHER_SESSIONS)
