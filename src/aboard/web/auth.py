"""Who is asking? A bearer token, verified, becomes a caller with roles; anything else nobody.

A token that held once is remembered by its digest until it ends, so that the signature is checked
once and not on every call; the end is compared on every call.

Source: RFC 6750, RFC 7519, RFC 8725; docs/self-hosting.md, tokens.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeGuard

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jws import CompactSignature, extract_compact
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from aboard.core.caller import Caller, Role
from aboard.core.clock import Clock, utc_now
from aboard.core.errors import Unauthenticated
from aboard.core.secret import Secret
from aboard.web.keys import Keys, PublishedKeys, SharedSecrets, fetch_over_http

SESSION_COOKIE: Final = "aboard_session"
OPERATOR_CLAIM: Final = "aboard_operator"
SESSION_CLAIM: Final = "sid"
MAX_TOKEN_CHARS: Final = 8192
MAX_NAME_CHARS: Final = 255
MAX_ORGANIZATIONS: Final = 1000
LEEWAY_SECONDS: Final = 30
_REMEMBERED: Final = 20_000
_PARTS: Final = 3
_FAR_AWAY: Final = float(2**53)
_ROLES: Final = {role.value: role for role in Role}

IsSessionOpen = Callable[[str], Awaitable[bool]]
"""Whether the session that a token names goes on; asked at every call, whatever is remembered."""


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """What a token must say: issuer and audience where given. And where it says the rest."""

    issuer: str | None = None
    audience: str | None = None
    organizations_claim: str = "organizations"
    role_claim: str = "role"
    operator_claim: str = OPERATOR_CLAIM


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
        self._verified: dict[bytes, tuple[float, Caller]] = {}
        self._edition = keys.edition

    async def identify(self, authorization: str | None) -> Caller:
        """Return the caller that an `Authorization` header names.

        Raises:
            Unauthenticated: no token, or one that cannot be trusted, with the check that failed.
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
        """
        caller = await self._find(token)
        ask, session_id = self._is_session_open, caller.session_id
        if ask is not None and session_id is not None and not await ask(session_id):
            raise Unauthenticated("session")
        return caller

    async def _find(self, token: str) -> Caller:
        if not token or len(token) > MAX_TOKEN_CHARS or not token.isascii():
            raise Unauthenticated("format")
        if self._edition != self._keys.edition:
            self._verified.clear()
            self._edition = self._keys.edition
        digest = sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None:
            ends_at, caller = known
            if self._clock().timestamp() < ends_at:
                return caller
            del self._verified[digest]
        ends_at, caller = await self._check(token)
        if len(self._verified) >= self._limit:
            self._verified.pop(next(iter(self._verified)), None)
        self._verified[digest] = (ends_at, caller)
        return caller

    async def _check(self, token: str) -> tuple[float, Caller]:
        signed = _parsed(token)
        if not await self._keys.verifies(signed):
            raise Unauthenticated("signature")
        claims = _claims(signed)
        return self._end_of(claims), _caller(claims, self._rules)

    def _end_of(self, claims: dict[str, object]) -> float:
        options: dict[str, ClaimsOption] = {"exp": {"essential": True}, "sub": {"essential": True}}
        if self._rules.issuer is not None:
            options["iss"] = {"essential": True, "value": self._rules.issuer}
        if self._rules.audience is not None:
            options["aud"] = {"essential": True, "value": self._rules.audience}
        now = int(self._clock().timestamp())
        try:
            JWTClaimsRegistry(now=now, leeway=LEEWAY_SECONDS, **options).validate(claims)
        except JoseError as error:
            # joserfc's word for the failure, such as `expired_token`; it quotes no values.
            raise Unauthenticated(error.error) from None
        end = claims["exp"]
        return min(end, _FAR_AWAY) + LEEWAY_SECONDS if isinstance(end, int | float) else 0.0


def _parsed(token: str) -> CompactSignature:
    if token.count(".") != _PARTS - 1:
        raise Unauthenticated("format")
    try:
        signed = extract_compact(token.encode())
    except (JoseError, ValueError, RecursionError):
        raise Unauthenticated("format") from None
    header: object = signed.protected
    if not isinstance(header, dict) or not isinstance(header["alg"], str):
        raise Unauthenticated("format")
    return signed


def _claims(signed: CompactSignature) -> dict[str, object]:
    try:
        return msgspec.json.decode(signed.payload, type=dict[str, object])
    except (msgspec.MsgspecError, RecursionError):
        raise Unauthenticated("claims") from None


def _caller(claims: Mapping[str, object], rules: ClaimRules) -> Caller:
    user_id = claims["sub"]
    if not _is_name(user_id):
        raise Unauthenticated("sub")
    organizations = claims.get(rules.organizations_claim)
    session_id = claims.get(SESSION_CLAIM)
    return Caller(
        user_id,
        _roles(organizations, claims.get(rules.role_claim)),
        # Nothing but the JSON value: a text "false" must not be taken for a yes.
        is_operator=claims.get(rules.operator_claim) is True,
        session_id=session_id if _is_name(session_id) else None,
    )


def _roles(organizations: object, role: object) -> dict[str, Role]:
    """Read organizations with a role each, or a list (or one name) with one role for all.

    A role that is not ours gives no membership: an issuer may know more roles than we do.
    """
    if organizations is None:
        return {}
    if isinstance(organizations, str):
        organizations = [organizations]
    if isinstance(organizations, list):
        if organizations and not isinstance(role, str):
            raise Unauthenticated("role")
        pairs: list[tuple[object, object]] = [(name, role) for name in organizations]
    elif isinstance(organizations, dict):
        pairs = list(organizations.items())
    else:
        raise Unauthenticated("organizations")
    if len(pairs) > MAX_ORGANIZATIONS:
        raise Unauthenticated("organizations")
    roles: dict[str, Role] = {}
    for name, word in pairs:
        if not _is_name(name) or not isinstance(word, str):
            raise Unauthenticated("organizations")
        if word in _ROLES:
            roles[name] = _ROLES[word]
    return roles


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME_CHARS and value.isprintable()


def build_tokens(
    *,
    secrets: Sequence[Secret] = (),
    jwks_url: str | None = None,
    rules: ClaimRules | None = None,
    clock: Clock = utc_now,
    is_session_open: IsSessionOpen | None = None,
) -> Tokens:
    """Return the check for shared secrets, or for the issuer whose key set is at `jwks_url`.

    `is_session_open` is asked for tokens of sessions, where people sign in here.

    Raises:
        ValueError: both or neither are given, or a secret is too short.
    """
    if bool(secrets) == bool(jwks_url):
        raise ValueError("give either shared secrets or the address of a key set")
    keys: Keys = (
        PublishedKeys(fetch_over_http(jwks_url), monotonic=time.monotonic)
        if jwks_url
        else SharedSecrets(secrets)
    )
    return Tokens(keys, rules or ClaimRules(), clock=clock, is_session_open=is_session_open)


def issue_token(
    secret: Secret,
    *,
    user_id: str,
    organizations: Mapping[str, Role] | None = None,
    now: datetime,
    lifetime: timedelta = timedelta(hours=1),
    issuer: str | None = None,
    audience: str | None = None,
    is_operator: bool = False,
) -> Secret:
    """Return a signed bearer token, for the demo and for installations without an issuer.

    `now` is aware UTC. The token is good at once and until `lifetime` is over.
    """
    claims: dict[str, object] = {
        "sub": user_id,
        "organizations": {name: role.value for name, role in (organizations or {}).items()},
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    if is_operator:
        claims[OPERATOR_CLAIM] = True
    if issuer is not None:
        claims["iss"] = issuer
    if audience is not None:
        claims["aud"] = audience
    key = OctKey.import_key(secret.reveal())
    return Secret(jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, key))
