"""What file was sent? Reads multipart bodies, as the files API takes them.

Source: Stripe's API reference, "Create a file": fields beside one part called `file`.
"""

from io import BytesIO
from typing import NamedTuple
from urllib.parse import quote

from multipart import MultipartError, MultipartParser, parse_options_header  # type: ignore[import-untyped] # ships no types

from aboard.sandbox.wire.errors import bad
from aboard.sandbox.wire.form import Form, decode
from aboard.sandbox.wire.http import LARGEST_UPLOAD

MOST_PARTS = 100
LARGEST_FIELD = 1 << 16


class SentFile(NamedTuple):
    """A part that holds a file."""

    name: str
    media_type: str
    data: bytes


def read_multipart(content_type: str, body: bytes) -> tuple[Form, SentFile | None]:
    """Return the fields, and the part called `file` if there is one.

    Raises:
        StripeError: it is not multipart, or broken.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get("boundary")
    if kind != "multipart/form-data" or not boundary:
        raise bad(
            "Invalid request (check that your POST content type is multipart/form-data). If you "
            "have any questions, we can help at https://support.stripe.com/."
        )
    fields: list[str] = []
    sent: SentFile | None = None
    try:
        parser = MultipartParser(
            BytesIO(body),
            boundary,
            content_length=len(body),
            disk_limit=0,
            memory_limit=LARGEST_UPLOAD,
            spool_limit=LARGEST_UPLOAD,
            part_limit=MOST_PARTS,
            strict=True,
        )
        for part in parser:
            if part.name == "file":
                sent = SentFile(part.filename or "file", part.content_type or "", part.raw)
            elif part.size <= LARGEST_FIELD:
                fields.append(f"{quote(part.name)}={quote(part.value)}")
            else:
                raise bad(f"Invalid string: {part.name[:40]} is too long.", part.name[:40])
            part.close()
    except (MultipartError, UnicodeError, ValueError):
        raise bad("The multipart body could not be read.") from None
    return decode("&".join(fields).encode()), sent
