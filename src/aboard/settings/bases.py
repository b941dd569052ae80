"""Is this an address that a key may be sent to?"""

from urllib.parse import urlsplit

from aboard.core.links import LOOPBACK
from aboard.settings.sources import Sources


def check_base(given: Sources, name: str, base: str, such: str) -> None:
    """Note as a problem what is no http(s) address, or would carry the key in the clear."""
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        given.problem(name, f"is not an http(s) address, such as {such}")
    elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
        given.problem(name, "must be https outside loopback: it carries the key")
