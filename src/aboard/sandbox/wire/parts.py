"""What is in a multipart body? Its parts, one after another: fields and files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from multipart import MultipartParser, parse_options_header  # type: ignore[import-untyped] # ships no types


@dataclass(frozen=True, slots=True)
class Part:
    """A field, or a file if it has a file name, though it be an empty one."""

    name: str
    filename: str | None
    media_type: str
    charset: str
    data: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """Return what a field says.

        Raises:
            ValueError: it is not in the charset it claims, or there is no such charset.
        """
        try:
            return self.data.decode(self.charset)
        except LookupError:
            raise ValueError(self.charset) from None


def boundary_of(content_type: str) -> str | None:
    """Return what stands between the parts; nothing if the body is not multipart."""
    kind, options = parse_options_header(content_type)
    return options.get("boundary") or None if kind == "multipart/form-data" else None


def read_parts(boundary: str, body: bytes, most: int) -> Iterator[Part]:
    """Return the parts of a body whose size was checked before.

    Raises:
        ValueError: it is broken, or has too many parts.
    """
    parser = MultipartParser(
        BytesIO(body),
        boundary,
        content_length=len(body),
        disk_limit=0,
        memory_limit=len(body),
        spool_limit=len(body),
        part_limit=most,
        strict=True,
    )
    for part in parser:
        yield Part(part.name, part.filename, part.content_type or "", part.charset, part.raw)
        part.close()
