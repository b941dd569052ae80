"""What file was sent? Reads multipart bodies, as the files API takes them.

Source: Stripe's API reference, "Create a file": fields beside one part called `file`.
"""

from typing import NamedTuple
from urllib.parse import quote

from aboard.sandbox.wire.errors import bad
from aboard.sandbox.wire.form import Form, decode
from aboard.sandbox.wire.parts import boundary_of, read_parts

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
    boundary = boundary_of(content_type)
    if boundary is None:
        raise bad(
            "Invalid request (check that your POST content type is multipart/form-data). If you "
            "have any questions, we can help at https://support.stripe.com/."
        )
    fields: list[str] = []
    sent: SentFile | None = None
    try:
        for part in read_parts(boundary, body, MOST_PARTS):
            if part.name == "file":
                sent = SentFile(part.filename or "file", part.media_type, part.data)
            elif len(part.data) <= LARGEST_FIELD:
                fields.append(f"{quote(part.name)}={quote(part.text)}")
            else:
                raise bad(f"Invalid string: {part.name[:40]} is too long.", part.name[:40])
    except ValueError:
        raise bad("The multipart body could not be read.") from None
    return decode("&".join(fields).encode()), sent
