"""Where does an issuer publish its keys? It says so itself, in its discovery document.

The document is believed only if it names the very issuer that was asked, and an address of the
key set that nobody on the way can change.

Source: OpenID Connect Discovery 1.0, section 4; RFC 8414, sections 3.3 and 6.2.
"""

from typing import Final
from urllib.parse import urlsplit

from aboard.web.compact import read_object
from aboard.web.keys import FetchKeys, KeySetRefused, fetch_document

WELL_KNOWN: Final = "/.well-known/openid-configuration"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


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
    document = await fetch_document(issuer.rstrip("/") + WELL_KNOWN)
    try:
        said = read_object(document)
    except (ValueError, RecursionError):
        raise KeySetRefused("discovery_is_not_json") from None
    if said.get("issuer") != issuer:
        raise KeySetRefused("another_issuer")
    address = said.get("jwks_uri")
    if not isinstance(address, str) or not _is_trustworthy(address):
        raise KeySetRefused("untrustworthy_jwks_uri")
    return address


def _is_trustworthy(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host)
    return parts.scheme == "http" and host in _LOOPBACK
