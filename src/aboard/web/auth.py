"""Who is asking? A bearer token, verified, becomes a caller with roles; anything else nobody.

A token that held once is remembered by its digest until it ends, so that the signature is checked
once and not on every call; the end is compared on every call.

Source: RFC 6750, RFC 7519, RFC 8725; docs/self-hosting.md, tokens.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from aboard.core.caller import Caller, Role
from aboard.core.clock import Clock, utc_now
from aboard.core.errors import Unauthenticated
from aboard.core.secret import Secret
from aboard.web.claims import ClaimRules, claims_of, read_caller
from aboard.web.compact import read_claims, read_compact
from aboard.web.discovery import fetch_discovered
from aboard.web.keys import Keys, PublishedKeys, SharedSecrets, fetch_over_http

SESSION_COOKIE: Final = "aboard_session"
_REMEMBERED: Final = 20_000
_FAR_AWAY: Final = float(2**53)

IsSessionOpen = Callable[[str], Awaitable[bool]]
"""Whether the session that a token names goes on; asked at every call, whatever is remembered."""


class Tokens:
    """The check of bearer tokens, with a bounded memory of those that held."""

    def __init__(
        self,
        keys: Keys,
        rules: ClaimRules,
        *,
        clock: Clock = utc_now,
        remembered: int = _REMEMBERED,
        is_session_open: IsSessionOpen | None = None,
    ) -> None:
        """Take the keys, the rules and how many verified tokens to remember.

        Where people sign in here, `is_session_open` is asked for tokens that name a session. No
        other token costs a question.
        """
        self._is_session_open = is_session_open
        self._keys = keys
        self._rules = rules
        self._clock = clock
        self._limit = remembered
        self._verified: dict[bytes, tuple[float, float, Caller]] = {}
        self._edition = 0

    async def identify(self, authorization: str | None) -> Caller:
        """Return the caller that an `Authorization` header names.

        Raises:
            Unauthenticated: no token, or one that cannot be trusted, with the check that failed.
            IssuerUnavailable: the issuer has never told its keys.
        """
        if authorization is None:
            raise Unauthenticated("missing")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated("scheme")
        return await self.verify(token.strip(" "))

    async def verify(self, token: str) -> Caller:
        """Return the caller that a token stands for.

        Raises:
            Unauthenticated: the token cannot be trusted, with the check that failed.
            IssuerUnavailable: the issuer has never told its keys.
        """
        caller = await self._find(token)
        ask, session_id = self._is_session_open, caller.session_id
        if ask is not None and session_id is not None and not await ask(session_id):
            raise Unauthenticated("session")
        return caller

    async def _find(self, token: str) -> Caller:
        edition = await self._keys.current_edition()
        if self._edition != edition:
            self._verified.clear()
            self._edition = edition
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._verified.get(digest)
        if known is not None:
            begins_at, ends_at, caller = known
            if begins_at <= self._clock().timestamp() < ends_at:
                return caller
            del self._verified[digest]
        begins_at, ends_at, caller = await self._check(token)
        if len(self._verified) >= self._limit:
            self._verified.pop(next(iter(self._verified)), None)
        self._verified[digest] = (begins_at, ends_at, caller)
        return caller

    async def _check(self, token: str) -> tuple[float, float, Caller]:
        signed = read_compact(token, self._rules.types)
        if not await self._keys.verifies(signed):
            raise Unauthenticated("signature")
        claims = read_claims(signed)
        begins_at, ends_at = self._times_of(claims)
        return begins_at, ends_at, read_caller(claims, self._rules)

    def _times_of(self, claims: dict[str, object]) -> tuple[float, float]:
        """Return from when and until when these claims hold, the skew of clocks included."""
        skew = self._rules.skew_seconds
        options: dict[str, ClaimsOption] = {"exp": {"essential": True}}
        if self._rules.issuer is not None:
            options["iss"] = {"essential": True, "value": self._rules.issuer}
        if self._rules.audience is not None:
            options["aud"] = {"essential": True, "value": self._rules.audience}
        now = int(self._clock().timestamp())
        try:
            JWTClaimsRegistry(now=now, leeway=skew, **options).validate(claims)
        except JoseError as error:
            # joserfc's word for the failure, such as `expired_token`; it quotes no values.
            raise Unauthenticated(error.error) from None
        begins = [
            time for name in ("nbf", "iat") if isinstance(time := claims.get(name), int | float)
        ]
        end = claims["exp"]
        ends_at = min(end, _FAR_AWAY) + skew if isinstance(end, int | float) else 0.0
        return max(begins, default=0.0) - skew, ends_at


def build_tokens(
    *,
    secrets: Sequence[Secret] = (),
    jwks_url: str | None = None,
    rules: ClaimRules | None = None,
    clock: Clock = utc_now,
    is_session_open: IsSessionOpen | None = None,
) -> Tokens:
    """Return the check for shared secrets, or for an issuer's published keys.

    Those are at `jwks_url`, or where the issuer of the rules says that they are.

    `is_session_open` is asked for tokens of sessions, where people sign in here.

    Raises:
        ValueError: both secrets and a key set or none of them, no issuer, or too short a secret.
    """
    said = rules or ClaimRules()
    if secrets and jwks_url:
        raise ValueError("give either shared secrets or the address of a key set")
    if secrets:
        return Tokens(SharedSecrets(secrets), said, clock=clock, is_session_open=is_session_open)
    if jwks_url:
        fetch = fetch_over_http(jwks_url)
    elif said.issuer:
        fetch = fetch_discovered(said.issuer)
    else:
        raise ValueError("give either shared secrets, the address of a key set, or an issuer")
    return Tokens(PublishedKeys(fetch, monotonic=time.monotonic), said, clock=clock)


def issue_token(
    secret: Secret,
    *,
    user_id: str,
    organizations: Mapping[str, Role] | None = None,
    now: datetime,
    lifetime: timedelta = timedelta(hours=1),
    is_operator: bool = False,
    rules: ClaimRules | None = None,
) -> Secret:
    """Return a signed bearer token, for the demo and for installations without an issuer.

    `now` is aware UTC. The token is good at once and until `lifetime` is over. It says what
    `rules` look for; without them, what a service of no settings does.
    """
    wanted = rules or ClaimRules()
    claims = claims_of(user_id, wanted, organizations, is_operator=is_operator) | {
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    header = {"alg": "HS256", "typ": min(wanted.types, default="JWT")}
    return Secret(jwt.encode(header, claims, OctKey.import_key(secret.reveal())))
