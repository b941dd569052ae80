"""Do several processes count calls together, and where? In Redis, or each on its own.

Source: docs/self-hosting.md, several processes.
"""

from importlib.util import find_spec
from urllib.parse import urlsplit

from aboard.core.links import LOOPBACK
from aboard.core.secret import Secret
from aboard.settings.sources import Sources


def read_redis(given: Sources) -> Secret | None:
    """Return where Redis is, with its password if it has one; None to count in memory."""
    address = given.whole_secret("REDIS_URL")
    if address is None:
        return None
    problem = _problem(address.reveal())
    if problem:
        given.problem("REDIS_URL", problem)
    elif find_spec("redis") is None:
        given.problem("REDIS_URL", "needs the extra: install aboard[redis], or leave it unset")
    return address


def _problem(address: str) -> str:
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return "is not an address, such as redis://localhost:6379/0"
    if parts.scheme not in {"redis", "rediss"} or not is_whole:
        return "is not an address, such as redis://localhost:6379/0"
    database = parts.path.removeprefix("/")
    if parts.query or parts.fragment or (database and not _is_number(database)):
        return "may end in the number of a database, and in nothing else"
    if parts.scheme == "redis" and parts.hostname not in LOOPBACK:
        return "must be rediss outside loopback: it carries the password and who calls"
    return ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
