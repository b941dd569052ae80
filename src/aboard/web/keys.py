"""Whose signature on a bearer token is believed? Shared secrets, or an issuer's published keys.

The two never mix: a shared secret verifies HS256 and nothing else, a published key verifies its
own asymmetric algorithms and nothing else, and nothing verifies `none`.

Source: RFC 7515, RFC 7517, RFC 8725 (JWT best current practices).
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final, Protocol

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import CompactSignature, JWSRegistry, validate_compact

from aboard.core.errors import IssuerUnavailable
from aboard.core.secret import Secret

MIN_SECRET_BYTES: Final = 32
UNKNOWN_KEY_WAIT_SECONDS: Final = 30.0
KEY_SET_LIFETIME_SECONDS: Final = 3600.0
MAX_KEY_SET_BYTES: Final = 1 << 20
FETCH_TIMEOUT_SECONDS: Final = 5.0
MIN_RSA_BITS: Final = 2048
_MOST_KEYS: Final = 100
_FOUND_IT: Final = 200
_TYPES: Final = frozenset({"RSA", "EC", "OKP"})
_RSA: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_BY_CURVE: Final = {
    "P-256": frozenset({"ES256"}),
    "P-384": frozenset({"ES384"}),
    "P-521": frozenset({"ES512"}),
    "Ed25519": frozenset({"EdDSA", "Ed25519"}),
    "Ed448": frozenset({"EdDSA", "Ed448"}),
}
_log = logging.getLogger("aboard")

FetchKeys = Callable[[], Awaitable[bytes]]
"""Return the issuer's JWKS document as bytes; any failure is an exception."""


class KeySetRefused(ValueError):
    """What an issuer publishes is not what it should be; `reason` says what, and quotes nothing."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong."""
        super().__init__(reason)
        self.reason = reason


class Keys(Protocol):
    """What a token's signature is checked against."""

    async def verifies(self, token: CompactSignature) -> bool:
        """Say whether one of these keys made the signature."""
        ...

    async def current_edition(self) -> int:
        """Return a number that changes when a key may have been taken away; look, if it is time."""
        ...


class SharedSecrets:
    """HS256 under any of several secrets, so that one can be rotated; the first signs."""

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

    async def current_edition(self) -> int:
        """Return always the same: secrets change with a restart."""
        return 0

    async def verifies(self, token: CompactSignature) -> bool:
        """Say whether one of the secrets made the signature, by HS256."""
        return any(_is_signed(token, key, ["HS256"]) for key in self._keys)


class PublishedKeys:
    """An issuer's key set: fetched when first needed, kept, and fetched again in three cases.

    An unknown key id asks again, at most every 30 seconds; an hour's age asks again, so that a
    key taken away is forgotten; and without any keys every token asks, as seldom. A failed fetch
    keeps what was known. Whoever can be answered from it does not wait for another's fetch.
    """

    def __init__(
        self,
        fetch: FetchKeys,
        *,
        monotonic: Callable[[], float],
        timeout_seconds: float = FETCH_TIMEOUT_SECONDS,
    ) -> None:
        """Take the fetch and a monotonic clock in seconds; nothing is fetched yet."""
        self._fetch = fetch
        self._monotonic = monotonic
        self._timeout_seconds = timeout_seconds
        self._lock = asyncio.Lock()
        self._keys: tuple[Key, ...] = ()
        self._document = b""
        self._tried_at: float | None = None
        self._fetched_at: float | None = None
        self._edition = 0

    async def current_edition(self) -> int:
        """Return the number of the key set, which is fetched again if it is old."""
        if self._is_old() and not self._lock.locked():
            await self._refresh()
        return self._edition

    async def verifies(self, token: CompactSignature) -> bool:
        """Say whether the published key that the token names made the signature.

        Raises:
            IssuerUnavailable: no key set has ever come.
        """
        await self.current_edition()
        candidates = self._candidates(token)
        if not candidates:
            await self._refresh()
            candidates = self._candidates(token)
        if self._fetched_at is None:
            raise IssuerUnavailable(self._seconds_to_next_try())
        return any(_is_signed(token, key, algorithms_of(key)) for key in candidates)

    def _candidates(self, token: CompactSignature) -> list[Key]:
        header = token.headers()
        kid, algorithm = header.get("kid"), header.get("alg")
        suited = [
            key
            for key in self._keys
            if algorithm in algorithms_of(key) and (key.alg is None or key.alg == algorithm)
        ]
        if kid is None:  # allowed only where it leaves no choice
            return suited if len(suited) == 1 else []
        return [key for key in suited if key.kid == kid]

    def _is_old(self) -> bool:
        return (
            self._fetched_at is not None
            and self._monotonic() - self._fetched_at > KEY_SET_LIFETIME_SECONDS
        )

    def _seconds_to_next_try(self) -> int:
        since = self._monotonic() - (self._tried_at or 0.0)
        return max(1, math.ceil(UNKNOWN_KEY_WAIT_SECONDS - since))

    async def _refresh(self) -> None:
        async with self._lock:
            now, before = self._monotonic(), self._tried_at
            if before is not None and now - before < UNKNOWN_KEY_WAIT_SECONDS:
                return
            self._tried_at = now
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    document = await self._fetch()
                keys = read_key_set(document)
            except asyncio.CancelledError:  # the caller went away: that was no try
                self._tried_at = before
                raise
            except Exception as error:  # noqa: BLE001 - whatever the issuer does, old keys stay
                cause = error.reason if isinstance(error, KeySetRefused) else type(error).__name__
                _log.warning("keys.fetch_failed cause=%s", cause)
                return
            if document != self._document:
                self._keys, self._document = keys, document
                self._edition += 1
            self._fetched_at = now


def read_key_set(document: bytes) -> tuple[Key, ...]:
    """Return the keys of a JWKS document that a signature can be checked with.

    Raises:
        KeySetRefused: it is no key set, or has no such key.
    """
    try:
        rows = msgspec.json.decode(document, type=dict[str, object])["keys"]
    except (msgspec.MsgspecError, KeyError, RecursionError):
        raise KeySetRefused("not_a_key_set") from None
    listed = rows[:_MOST_KEYS] if isinstance(rows, list) else []
    keys = tuple(key for row in listed if (key := _key_of(row)) is not None)
    if not keys:
        raise KeySetRefused("no_usable_key")
    return keys


def _key_of(row: object) -> Key | None:
    # A symmetric key in a published set is a trap: everybody could sign with it.
    if not isinstance(row, dict) or row.get("kty") not in _TYPES:
        return None
    operations = row.get("key_ops", ["verify"])
    if row.get("use", "sig") != "sig" or not isinstance(operations, list):
        return None
    try:
        key = JWKRegistry.import_key(row)
        is_usable = "verify" in operations and bool(algorithms_of(key))
    except (JoseError, ValueError, TypeError):  # one odd key does not spoil the others
        return None
    return key if is_usable else None


def algorithms_of(key: Key) -> frozenset[str]:
    """Return the algorithms that a signature by this key may have; none for an unsuited key."""
    if isinstance(key, RSAKey):
        return _RSA if key.raw_value.key_size >= MIN_RSA_BITS else frozenset()
    if isinstance(key, ECKey | OKPKey):
        return _BY_CURVE.get(key.curve_name, frozenset())
    return frozenset()


def _is_signed(token: CompactSignature, key: Key, algorithms: Collection[str]) -> bool:
    if isinstance(key, OKPKey):  # its older name is EdDSA, for which joserfc only has a warning
        token.protected["alg"] = key.curve_name
    # Unknown header parameters are ignored, as RFC 7515 asks; critical ones are refused.
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    try:
        return validate_compact(token, key, registry=registry)
    except (JoseError, ValueError):
        return False


def fetch_over_http(address: str) -> FetchKeys:
    """Return a fetch of the key set at this address."""

    async def fetch() -> bytes:
        return await fetch_document(address)

    return fetch


async def fetch_document(address: str) -> bytes:
    """Return what is at an address: no redirects, at most 1 MiB, within five seconds.

    Raises:
        KeySetRefused: another status than 200, or too much of it.
    """
    import aiohttp  # noqa: PLC0415 - only installations with an issuer need a client

    timeout = aiohttp.ClientTimeout(total=FETCH_TIMEOUT_SECONDS)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.get(address, allow_redirects=False) as answer,
    ):
        if answer.status != _FOUND_IT:
            raise KeySetRefused(f"status_{answer.status}")
        document = await answer.content.read(MAX_KEY_SET_BYTES + 1)
        while not answer.content.at_eof() and len(document) <= MAX_KEY_SET_BYTES:
            document += await answer.content.read(MAX_KEY_SET_BYTES + 1)
    if len(document) > MAX_KEY_SET_BYTES:
        raise KeySetRefused("too_large")
    return document
