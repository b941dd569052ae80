"""What does a client keep between calls? How it asks, and what signing in gave it.

Where people sign in at Aboard itself, an answer brings a bearer token for some minutes and a
cookie that is good for another. The client uses that token where it was given none, and renews it
shortly before it ends.

Source: docs/clients.md, signing in.
"""

from time import monotonic
from typing import Final, TypeVar

from aboard.client.answers import Answer
from aboard.client.jar import Jar
from aboard.client.operation import Operation, checked_language
from aboard.client.reading import Lost, Received
from aboard.core.secret import Secret

T = TypeVar("T", bound=Answer)

_MOST_RETRIES: Final = 10
_LONGEST_SECONDS: Final = 600


_RENEWED_BEFORE_SECONDS: Final = 30.0


class Renewed(Answer, frozen=True, kw_only=True, rename="camel"):
    """A new bearer token for the session of the cookie, and for how many seconds it is good."""

    access_token: Secret
    expires_in: int


RENEW: Final = Operation(
    "POST", "/api/v1/auth/refresh", Renewed, is_enveloped=True, is_public=True, is_session=True
)


class Standing:
    """The part of a client that both kinds have in common."""

    def __init__(self, language: str | None, timeout_seconds: float, retries: int) -> None:
        """Check and keep how to ask.

        Raises:
            ValueError: a language or a number that makes no sense.
        """
        if not 0 < timeout_seconds <= _LONGEST_SECONDS:
            raise ValueError(f"timeout_seconds must be above 0, and at most {_LONGEST_SECONDS}")
        if not 0 <= retries <= _MOST_RETRIES:
            raise ValueError(f"retries must be 0 to {_MOST_RETRIES}")
        self.language = None if language is None else checked_language(language)
        self.retries = retries
        self.jar = Jar()
        self._signed_in: Secret | None = None
        self._ends_at = 0.0

    def choose(self, given: str | Secret | None) -> Secret | None:
        """Return the token to send: the given one first, else the one that signing in left."""
        if given is None:
            return self._signed_in
        return given if isinstance(given, Secret) else Secret(given)

    def is_running_out(self) -> bool:
        """Say whether the token that signing in left is about to end, and can be renewed."""
        is_late = monotonic() > self._ends_at - _RENEWED_BEFORE_SECONDS
        return self._signed_in is not None and is_late and bool(self.jar.cookies())

    def remember(self, reply: Received | Lost) -> None:
        """Keep the cookies of an answer; where it ended them, the session is over."""
        if isinstance(reply, Received):
            had_some = bool(self.jar.cookies())
            self.jar.take(reply.headers)
            if had_some and not self.jar.cookies():
                self._signed_in = None

    def taken(self, answer: T) -> T:
        """Return an answer, having kept the access token that it may carry."""
        token, seconds = (getattr(answer, name, None) for name in ("access_token", "expires_in"))
        if isinstance(token, Secret) and isinstance(seconds, int):
            self._ends_at = monotonic() + seconds
            self._signed_in = token
        return answer

    def forget(self) -> None:
        """Forget what signing in left."""
        self.jar.clear()
        self._signed_in = None
