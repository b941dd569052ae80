"""What does a request say, before anybody looks at its parameters? Path, form, version, sameness.

Source: Stripe's API reference, "Request and response encoding" (v1) and "Versioning".
"""

import re
from hashlib import blake2b
from urllib.parse import unquote

from aboard.sandbox.wire.errors import bad, shown
from aboard.sandbox.wire.form import Form, decode
from aboard.sandbox.wire.http import Headers, Scope

FORM = "application/x-www-form-urlencoded"
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[a-z]{1,20})?")
_CHARSETS = frozenset({"", "utf-8", "utf8", "us-ascii"})


def path_of(scope: Scope) -> str:
    """Return the path with its parts decoded; an encoded slash stays within its part."""
    raw: bytes | None = scope.get("raw_path")
    path: str = scope["path"]
    if raw is None or b"%2" not in raw:
        return path
    parts = raw.partition(b"?")[0].decode("latin-1").split("/")
    return "/".join(unquote(part).replace("/", "%2F") for part in parts)


def version_of(headers: Headers, default: str) -> str:
    """Return the API version that a request wants to speak.

    Raises:
        StripeError: it is none.
    """
    version = headers.get("stripe-version")
    if version is None:
        return default
    if not _VERSION.fullmatch(version):
        raise bad(f"Invalid Stripe API version: {shown(version)}")
    return version


def actor_of(headers: Headers) -> str | None:
    """Return the account that a request wants to act as; `Stripe-Context` is the newer form.

    Raises:
        StripeError: the two headers name different ones.
    """
    account_id, context = headers.get("stripe-account"), headers.get("stripe-context")
    if account_id is not None and context is not None and account_id != context:
        raise bad("The headers Stripe-Account and Stripe-Context name different accounts.")
    return account_id if context is None else context


def form_of(method: str, query: bytes, headers: Headers, body: bytes) -> Form:
    """Return the parameters: of a GET the query, else the query and the body.

    Raises:
        StripeError: the body is not a form.
    """
    if method == "GET":
        return decode(query)
    check_encoding(headers)
    kind, _, rest = headers.get("content-type", FORM).lower().partition(";")
    charset = rest.partition("charset=")[2].strip(' "')
    if body and (kind.strip() != FORM or charset not in _CHARSETS):
        raise bad(
            "Invalid request (check that your POST content type is "
            "application/x-www-form-urlencoded). If you have any questions, we can help at "
            "https://support.stripe.com/."
        )
    return decode(b"&".join(part for part in (query, body) if part))


def secret_in(body: bytes) -> str | None:
    """Return the key that an OAuth request carries as a parameter, as a header would.

    Raises:
        StripeError: the body is not a form.
    """
    secret = decode(body).get("client_secret")
    return f"Bearer {secret}" if isinstance(secret, str) else None


def check_encoding(headers: Headers) -> None:
    """Refuse a body that is compressed.

    Raises:
        StripeError: it is.
    """
    encoding = headers.get("content-encoding", "identity")
    if encoding.strip().lower() not in {"", "identity"}:
        raise bad(f"Invalid request: the body must not be encoded ({shown(encoding)}).")


def fingerprint(path: str, query: bytes, headers: Headers, body: bytes) -> bytes:
    """Return what makes two requests the same for an idempotency key.

    SDKs invent a boundary for every upload: it is left out.
    """
    boundary = (
        headers.get("content-type", "").partition("boundary=")[2].strip('"').encode("latin-1")
    )
    if boundary:
        body = body.replace(boundary, b"")
    digest = blake2b(digest_size=16)
    for part in (
        path.encode("utf-8", "surrogatepass"),
        (headers.get("stripe-account") or headers.get("stripe-context", "")).encode(),
        query,
        *sorted(body.split(b"&")),
    ):
        digest.update(part)
        digest.update(b"\x00")
    return digest.digest()
