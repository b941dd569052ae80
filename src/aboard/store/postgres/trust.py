"""Whose word proves that the right server answers? A file that is named, or what the system trusts.

asyncpg looks into `~/.postgresql/root.crt` where an address names no file, and nowhere else: a
server under a certificate that everybody believes would be refused.

Source: docs/self-hosting.md, choosing a database; PostgreSQL's documentation, "SSL Support".
"""

import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from aboard.core.errors import StoreUnavailable

_PROVEN: Final = ("verify-ca", "verify-full")
_FILES: Final = ("sslcert", "sslcrl", "sslkey", "sslrootcert")
_NAMED_BY: Final = "PGSSLROOTCERT"
_SYSTEM: Final = "system"  # libpq's word for what is believed here without one
_USERS_OWN: Final = Path("~/.postgresql/root.crt")


def find_trust(address: str) -> ssl.SSLContext | None:
    """Return what believes the system's authorities, or None where the driver finds its own way.

    Raises:
        StoreUnavailable: a file that the address names cannot be read.
    """
    options = dict(parse_qsl(urlsplit(address).query))
    if options.get("sslrootcert") == _SYSTEM:
        del options["sslrootcert"]
        is_named = False
    else:
        is_named = _is_named(options)
    if not all(os.access(options[name], os.R_OK) for name in _FILES if name in options):
        raise StoreUnavailable("no_certificate")
    if options.get("sslmode") not in _PROVEN or is_named:
        return None
    context = ssl.create_default_context()
    context.check_hostname = options["sslmode"] == "verify-full"
    if "sslcert" in options:
        context.load_cert_chain(options["sslcert"], options.get("sslkey"))
    if "sslcrl" in options:
        context.load_verify_locations(options["sslcrl"])
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
    return context


def _is_named(options: Mapping[str, str]) -> bool:
    if "sslrootcert" in options or os.environ.get(_NAMED_BY):
        return True
    try:
        return _USERS_OWN.expanduser().exists()
    except (OSError, RuntimeError):  # nobody's folder, or nobody knows whose
        return False
