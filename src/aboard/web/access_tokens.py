"""Which bearer token does somebody get who signed in here? A short one, of one session.

It is like any token that the platform signs by its shared secret, and says `sid` besides: where
that session is over, it is refused although its time is not.

Source: ADR-0017, built-in sign-in; RFC 7519.
"""

from datetime import timedelta
from typing import Final

from joserfc import jwt
from joserfc.jwk import OctKey

from aboard.core.clock import Clock, utc_now
from aboard.core.secret import Secret
from aboard.web.claims import SESSION_CLAIM, ClaimRules, claims_of

LIFETIME: Final = timedelta(minutes=15)


class AccessTokens:
    """The pen for such tokens."""

    def __init__(self, secret: Secret, rules: ClaimRules, *, clock: Clock = utc_now) -> None:
        """Sign by this secret, and say what the rules ask of a token."""
        self._key = OctKey.import_key(secret.reveal())
        self._rules = rules
        self._clock = clock

    def issue(self, user_id: str, session_id: str, *, is_operator: bool) -> Secret:
        """Return a token that is good for 15 minutes, or until its session ends."""
        now = self._clock()
        claims = claims_of(user_id, self._rules, is_operator=is_operator) | {
            SESSION_CLAIM: session_id,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
        }
        header = {"alg": "HS256", "typ": min(self._rules.types, default="JWT")}
        return Secret(jwt.encode(header, claims, self._key))
