"""Where does an issuer publish its keys? It says so itself, in its discovery document.

The document is believed only if it names the very issuer that was asked, and an address of the
key set that nobody on the way can change.

Source: OpenID Connect Discovery 1.0, section 4; RFC 8414, sections 3.3 and 6.2.
"""

from typing import Final
from urllib.parse import urlsplit

from aboard.core.links import LOOPBACK
from aboard.web.compact import read_object
from aboard.web.keys import FetchKeys, KeySetRefused, fetch_document

WELL_KNOWN: Final = "/.well-known/openid-configuration"


def fetch_discovered(issuer: str) -> FetchKeys:
    """Return a fetch of the issuer's key set that looks up its address first, every time."""

    async def fetch() -> bytes:
        return await fetch_document(await find_key_set(issuer))

    return fetch


async def find_key_set(issuer: str) -> str:
    """Return the address of the issuer's key set, as its discovery document says.

    Raises:
        KeySetRefused: no such document, another issuer's, or no address to trust.
    """
    return key_set_in(await fetch_document(issuer.rstrip("/") + WELL_KNOWN), issuer)


def key_set_in(document: bytes, issuer: str) -> str:
    """Return where this issuer's discovery document says that its keys are.

    Raises:
        KeySetRefused: no such document, another issuer's, or no address to trust.
    """
    try:
        said = read_object(document)
    except (ValueError, RecursionError):
        raise KeySetRefused("discovery_is_not_json") from None
    if said.get("issuer") != issuer:
        raise KeySetRefused("another_issuer")
    address = said.get("jwks_uri")
    is_near = urlsplit(issuer).hostname in LOOPBACK
    if not isinstance(address, str) or not _is_trustworthy(address, is_near=is_near):
        raise KeySetRefused("untrustworthy_jwks_uri")
    return address


def _is_trustworthy(address: str, *, is_near: bool) -> bool:
    """Say whether keys may be fetched there: only an issuer of this machine leads back to it."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if host in LOOPBACK:
        return is_near and parts.scheme in {"http", "https"}
    return parts.scheme == "https" and bool(host)
