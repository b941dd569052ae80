"""Whose key is this? Reads the Authorization header as Stripe does.

Source: Stripe's API reference, "Authentication".
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus

from aboard.sandbox.wire.errors import StripeError

_KEY = re.compile(r"(sk|rk)_(test|live)_[A-Za-z0-9_]{1,247}")
_PUBLISHABLE = re.compile(r"pk_(test|live)_[A-Za-z0-9_]{1,247}")
_TAIL = 4
_NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization "
    "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
    "https://stripe.com/docs/api#authentication for details, or we can help at "
    "https://support.stripe.com/."
)
_PUBLIC = (
    "This API call cannot be made with a publishable API key. Please use a secret API key. You "
    "can find a list of your API keys at https://dashboard.stripe.com/account/apikeys."
)


def masked(key: str) -> str:
    """Return a key that may be shown: its kind, stars, and the last four characters."""
    prefix = re.match(r"(?:sk|rk|pk)_(?:test|live)_", key)
    head = prefix[0] if prefix else key[:3]
    tail = key[-_TAIL:] if len(key) >= len(head) + 2 * _TAIL else ""
    return f"{head}{'*' * min(max(len(key) - len(head) - len(tail), 4), 40)}{tail}"


@lru_cache(maxsize=4096)
def seal_of(key: str) -> str:
    """Return what stands for a key wherever it is kept: what may be shown of it, and a digest.

    Two keys have two seals, and no seal opens anything.
    """
    digest = blake2b(key.encode(), digest_size=16, person=b"aboard sandbox").hexdigest()
    return f"{masked(key)}.{digest}"


def _given(header: str) -> str:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            return b64decode(rest.strip(), validate=True).decode("ascii").partition(":")[0]
        except (NotBase64, UnicodeDecodeError, ValueError):
            return ""
    return ""


def read_key(header: str | None) -> str:
    """Return the secret key of a request.

    Raises:
        StripeError: there is none (401), it is no key (401), or a publishable one.
    """
    key = _given(header or "")
    if not key:
        raise StripeError(_NO_KEY, status=HTTPStatus.UNAUTHORIZED, is_early=True)
    if _PUBLISHABLE.fullmatch(key):
        raise StripeError(_PUBLIC, code="secret_key_required", is_early=True)
    if not _KEY.fullmatch(key):
        raise StripeError(
            f"Invalid API Key provided: {masked(key)}",
            status=HTTPStatus.UNAUTHORIZED,
            is_early=True,
        )
    return key
