"""Whose signature on a bearer token is believed? Shared secrets, or an issuer's published keys.

The two never mix: a shared secret verifies HS256 and nothing else, a published key verifies its
own asymmetric algorithms and nothing else, and nothing verifies `none`.

Source: RFC 7515, RFC 7517, RFC 8725 (JWT best current practices).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final, Protocol

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, OctKey
from joserfc.jws import CompactSignature, JWSRegistry, validate_compact

from aboard.core.secret import Secret

MIN_SECRET_BYTES: Final = 32
UNKNOWN_KEY_WAIT_SECONDS: Final = 30.0
KEY_SET_LIFETIME_SECONDS: Final = 3600.0
MAX_KEY_SET_BYTES: Final = 1 << 20
_FETCH_TIMEOUT_SECONDS: Final = 10.0
_ALGORITHMS_OF: Final = {
    "RSA": frozenset({"RS256"}),
    "EC": frozenset({"ES256"}),
    "OKP": frozenset({"EdDSA", "Ed25519"}),
}
_log = logging.getLogger("aboard")

FetchKeys = Callable[[], Awaitable[bytes]]
"""Return the issuer's JWKS document as bytes; any failure is an exception."""


class Keys(Protocol):
    """What a token's signature is checked against."""

    async def verifies(self, token: CompactSignature) -> bool:
        """Say whether one of these keys made the signature."""
        ...

    @property
    def edition(self) -> int:
        """Return a number that changes when a key may have been taken away."""
        ...


class SharedSecrets:
    """HS256 under any of several secrets, so that one can be rotated; the first signs."""

    edition = 0

    def __init__(self, secrets: Sequence[Secret]) -> None:
        """Load the secrets once.

        Raises:
            ValueError: no secret at all, or one under 32 bytes.
        """
        if not secrets:
            raise ValueError("at least one shared secret is needed")
        if any(len(secret.reveal().encode()) < MIN_SECRET_BYTES for secret in secrets):
            raise ValueError(f"a shared secret must have at least {MIN_SECRET_BYTES} bytes")
        self._keys = [OctKey.import_key(secret.reveal()) for secret in secrets]

    async def verifies(self, token: CompactSignature) -> bool:
        """Say whether one of the secrets made the signature, by HS256."""
        return any(_is_signed(token, key, ["HS256"]) for key in self._keys)


class PublishedKeys:
    """An issuer's key set: fetched when first needed, kept, and fetched again in three cases.

    An unknown key id asks again, at most every 30 seconds; an hour's age asks again, so that a
    key taken away is forgotten; and without any keys every token asks, as seldom. A failed fetch
    keeps what was known.
    """

    def __init__(self, fetch: FetchKeys, *, monotonic: Callable[[], float]) -> None:
        """Take the fetch and a monotonic clock in seconds; nothing is fetched yet."""
        self._fetch = fetch
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._keys: tuple[Key, ...] = ()
        self._document = b""
        self._tried_at: float | None = None
        self._fetched_at: float | None = None
        self.edition = 0

    async def verifies(self, token: CompactSignature) -> bool:
        """Say whether the published key that the token names made the signature."""
        if self._is_old():
            await self._refresh()
        candidates = self._candidates(token)
        if not candidates:
            await self._refresh()
            candidates = self._candidates(token)
        return any(_is_signed(token, key, _ALGORITHMS_OF[key.key_type]) for key in candidates)

    def _candidates(self, token: CompactSignature) -> list[Key]:
        header = token.headers()
        kid, algorithm = header.get("kid"), header.get("alg")
        suited = [
            key
            for key in self._keys
            if algorithm in _ALGORITHMS_OF[key.key_type]
            and (key.alg is None or key.alg == algorithm)
        ]
        if kid is None:  # allowed only where it leaves no choice
            return suited if len(suited) == 1 else []
        return [key for key in suited if key.kid == kid]

    def _is_old(self) -> bool:
        return (
            self._fetched_at is not None
            and self._monotonic() - self._fetched_at > KEY_SET_LIFETIME_SECONDS
        )

    async def _refresh(self) -> None:
        async with self._lock:
            now = self._monotonic()
            if self._tried_at is not None and now - self._tried_at < UNKNOWN_KEY_WAIT_SECONDS:
                return
            self._tried_at = now
            try:
                async with asyncio.timeout(_FETCH_TIMEOUT_SECONDS):
                    document = await self._fetch()
                keys = _read_key_set(document)
            except Exception as error:  # noqa: BLE001 - whatever the issuer does, old keys stay
                _log.warning("keys.fetch_failed cause=%s", type(error).__name__)
                return
            if document != self._document:
                self._keys, self._document = keys, document
                self.edition += 1
            self._fetched_at = now


def _read_key_set(document: bytes) -> tuple[Key, ...]:
    rows = msgspec.json.decode(document, type=dict[str, object])["keys"]
    keys: list[Key] = []
    for row in rows if isinstance(rows, list) else ():
        # A symmetric key in a published set is a trap: everybody could sign with it.
        if not isinstance(row, dict) or row.get("kty") not in _ALGORITHMS_OF:
            continue
        if row.get("use", "sig") != "sig":
            continue
        try:
            keys.append(JWKRegistry.import_key(row))
        except (JoseError, ValueError, TypeError):  # one odd key does not spoil the others
            continue
    if not keys:
        raise ValueError("the key set has no usable key")
    return tuple(keys)


def _is_signed(token: CompactSignature, key: Key, algorithms: Collection[str]) -> bool:
    if token.protected["alg"] == "EdDSA":  # the older name, for which joserfc only has a warning
        token.protected["alg"] = "Ed25519"
    # Unknown header parameters are ignored, as RFC 7515 asks; critical ones are refused.
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    try:
        return validate_compact(token, key, registry=registry)
    except (JoseError, ValueError):
        return False


def fetch_over_http(address: str) -> FetchKeys:
    """Return a fetch of the key set at this address: no redirects, at most 1 MiB."""

    async def fetch() -> bytes:
        import aiohttp  # noqa: PLC0415 - only installations with an issuer need a client

        async with (
            aiohttp.ClientSession() as session,
            session.get(address, allow_redirects=False) as answer,
        ):
            answer.raise_for_status()
            document = await answer.content.read(MAX_KEY_SET_BYTES + 1)
            while not answer.content.at_eof() and len(document) <= MAX_KEY_SET_BYTES:
                document += await answer.content.read(MAX_KEY_SET_BYTES + 1)
        if len(document) > MAX_KEY_SET_BYTES:
            raise ValueError("the key set is too large")
        return document

    return fetch
