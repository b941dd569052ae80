"""Put a key into an envelope, and take it out again: AES-256-GCM under a data key of its own.

An envelope is `a1.<master key id>.<wrapped data key>.<sealed key>`, each part a nonce and a
ciphertext in URL-safe base64. Both ciphertexts are bound to the mode, the credential's id and its
generation, the first to the master key's id besides: a part that is put into another row opens
nothing. The key is sealed once under a fresh data key; only the data key is wrapped again when
the master key changes.

Source: ADR-0030, lent credentials; NIST SP 800-38D.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aboard.core.lending.credentials import StripeKey
from aboard.core.lending.master_keys import KEY_BYTES, MasterKeys
from aboard.core.owner import Mode

_FORM: Final = "a1"
_NONCE_BYTES: Final = 12
_PARTS: Final = 4


class EnvelopeRefused(Exception):
    """An envelope that does not open. `cause` is one word: `form`, `key_missing` or `forged`."""

    def __init__(self, cause: str) -> None:
        """Say why, and nothing of what is inside."""
        super().__init__(f"the envelope does not open: {cause}")
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Place:
    """Where an envelope belongs; anywhere else it does not open."""

    mode: Mode
    credential_id: str
    generation: int

    def bind(self, *words: str) -> bytes:
        """Return what a ciphertext is bound to, without two ways to read it."""
        parts = (_FORM, self.mode.value, self.credential_id, str(self.generation), *words)
        return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)


def seal_key(key: StripeKey, place: Place, masters: MasterKeys) -> str:
    """Return an envelope around a key, under a fresh data key and the current master key."""
    data_key = os.urandom(KEY_BYTES)
    sealed = _encrypt(data_key, key.reveal().encode(), place.bind("key"))
    return _written(_wrap(data_key, place, masters), sealed)


def open_envelope(envelope: str, place: Place, masters: MasterKeys | None) -> StripeKey:
    """Return the key that is in an envelope.

    Raises:
        EnvelopeRefused: its master key is not in the ring, it was made for another place or
            touched since, or it is none.
    """
    key_id, wrapped, sealed = _parts(envelope)
    data_key = _unwrap(key_id, wrapped, place, masters)
    return StripeKey(_decrypt(data_key, sealed, place.bind("key")).decode())


def rewrap_envelope(envelope: str, place: Place, masters: MasterKeys) -> str:
    """Return the same key in an envelope under the current master key.

    Raises:
        EnvelopeRefused: as `open_envelope`; also where the key itself would not open.
    """
    key_id, wrapped, sealed = _parts(envelope)
    data_key = _unwrap(key_id, wrapped, place, masters)
    # What does not open now would not open under the new key either: better told today.
    _decrypt(data_key, sealed, place.bind("key"))
    return _written(_wrap(data_key, place, masters), sealed)


def _wrap(data_key: bytes, place: Place, masters: MasterKeys) -> tuple[str, bytes]:
    current = masters.current
    bound = place.bind("data key", current)
    return current, _encrypt(masters.keys[current].raw, data_key, bound)


def _unwrap(key_id: str, wrapped: bytes, place: Place, masters: MasterKeys | None) -> bytes:
    master = None if masters is None else masters.keys.get(key_id)
    if master is None:
        raise EnvelopeRefused("key_missing")
    return _decrypt(master.raw, wrapped, place.bind("data key", key_id))


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, text: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(text[:_NONCE_BYTES], text[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise EnvelopeRefused("forged") from None


def _written(wrapped: tuple[str, bytes], sealed: bytes) -> str:
    key_id, text = wrapped
    return f"{_FORM}.{key_id}.{_encode(text)}.{_encode(sealed)}"


def _parts(envelope: str) -> tuple[str, bytes, bytes]:
    parts = envelope.split(".")
    if len(parts) != _PARTS or parts[0] != _FORM:
        raise EnvelopeRefused("form")
    try:
        return parts[1], _decode(parts[2]), _decode(parts[3])
    except (Error, ValueError):
        raise EnvelopeRefused("form") from None


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode()


def _decode(text: str) -> bytes:
    raw = urlsafe_b64decode(text)
    # One spelling alone: what base64 overlooks in silence would be a change nobody notices.
    if _encode(raw) != text:
        raise ValueError
    return raw
