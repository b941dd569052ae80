"""Which papers and pictures were uploaded? What each is; its bytes are looked at and not kept.

Source: Stripe's API reference, "Files"; Stripe's file upload guide (kinds, sizes, lifetimes).
"""

from struct import unpack_from

from msgspec import Struct

from aboard.sandbox.wire.errors import StripeError, bad
from aboard.sandbox.world import World

_MEGABYTE = 1024 * 1024
LARGEST_BYTES = 10 * _MEGABYTE
WIDEST_PIXELS = 8000
JPEG, PNG, PDF, GIF = "jpg", "png", "pdf", "gif"
_PAPER = frozenset({JPEG, PNG, PDF})
_PICTURE = frozenset({JPEG, PNG, GIF})
_MARKER = 0xFF
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG that say how large it is."""
_KINDS = {
    "account_requirement": _PAPER,
    "additional_verification": _PAPER,
    "business_icon": _PICTURE,
    "business_logo": _PICTURE,
    "dispute_evidence": _PAPER,
    "identity_document": _PAPER,
    "pci_document": frozenset({PDF}),
}
"""What a file of a purpose may be; of every other purpose, anything."""
_LARGEST = {
    "business_icon": _MEGABYTE // 2,
    "business_logo": _MEGABYTE // 2,
    "customer_signature": 4 * _MEGABYTE,
    "dispute_evidence": 5 * _MEGABYTE,
    "issuing_regulatory_reporting": _MEGABYTE // 4,
}
"""How many bytes a file of a purpose may have; of every other purpose, `LARGEST_BYTES`."""
_DAY = 24 * 3600
_LIFETIMES = {
    "customer_signature": 7 * _DAY,
    "dispute_evidence": 273 * _DAY,
    "issuing_regulatory_reporting": 730 * _DAY,
}
"""How long a file of a purpose lives, in seconds; of every other purpose, for ever."""
LINKABLE = frozenset(
    {
        "business_icon",
        "business_logo",
        "customer_signature",
        "dispute_evidence",
        "issuing_regulatory_reporting",
        "pci_document",
        "tax_document_user_upload",
        "terminal_android_apk",
        "terminal_reader_splashscreen",
    }
)
"""Purposes whose files may have a public link."""
DOCUMENT_PURPOSES = frozenset(
    {"account_requirement", "additional_verification", "identity_document"}
)
TEST_FILES = (
    "file_identity_document_success",
    "file_identity_document_failure",
    "file_relationship_document_success",
    "file_relationship_document_invalid",
    "file_relationship_document_mismatch",
    "file_relationship_document_invalid_signer",
)


class File(Struct):
    """One uploaded file. `kind` is `jpg`, `png`, `gif`, `pdf`, or what its name ends in."""

    id: str
    created: int
    purpose: str
    name: str | None
    kind: str | None
    size: int
    links: list["FileLink"] = []
    expires_at: int | None = None


class FileLink(Struct):
    """A public address of a file, which nobody can open here: the bytes are not kept."""

    id: str
    created: int
    expires_at: int | None = None
    metadata: dict[str, str] = {}


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height out of the first frame header; zeros when there is none."""
    place = 2
    while place + 9 < len(data) and data[place] == _MARKER:
        if data[place + 1] in _FRAMES:
            height, width = unpack_from(">HH", data, place + 5)
            return width, height
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
    return 0, 0


def recognise(data: bytes) -> tuple[str | None, int, int]:
    """Return what a file is by its first bytes, with a picture's width and height."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:  # noqa: PLR2004 - PNG's header
        width, height = unpack_from(">II", data, 16)
        return PNG, width, height
    if data.startswith(b"\xff\xd8\xff"):
        return (JPEG, *_jpeg_size(data))
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= 10:  # noqa: PLR2004 - GIF's header
        return (GIF, *unpack_from("<HH", data, 6))
    return (PDF if data.startswith(b"%PDF-") else None), 0, 0


def check(purpose: str, data: bytes) -> str | None:
    """Return the kind of a file that a purpose accepts, if it is one of the known kinds.

    Raises:
        StripeError: it is empty, too large, or of a kind that the purpose does not accept.
    """
    if not data:
        raise bad("The file is empty.", "file")
    if len(data) > _LARGEST.get(purpose, LARGEST_BYTES):
        raise StripeError("File for key file exceeds maximum allowed size.", param="file")
    kind, width, height = recognise(data)
    allowed = _KINDS.get(purpose)
    if allowed is not None and kind not in allowed:
        raise bad(
            f"The file type uploaded is not supported for the purpose {purpose}. Try uploading a "
            f"file with one of the following types: {', '.join(sorted(allowed))}.",
            "file",
        )
    if max(width, height) > WIDEST_PIXELS:
        raise bad(
            f"The image is too large: at most {WIDEST_PIXELS} by {WIDEST_PIXELS} pixels.", "file"
        )
    return kind


def keep(world: World, owner: str | None, purpose: str, name: str | None, data: bytes) -> File:
    """Remember a checked file; `owner` is a connected account's id, or `None` for the platform."""
    kind = recognise(data)[0]
    if kind is None and name and "." in name:
        kind = name.rpartition(".")[2].lower()[:8]
    lifetime = _LIFETIMES.get(purpose)
    file = File(
        id=world.ids.new("file"),
        created=world.now(),
        purpose=purpose,
        name=name,
        kind=kind,
        size=len(data),
        expires_at=None if lifetime is None else world.now() + lifetime,
    )
    world.shelf(File, owner).add(file.id, file)
    return file


def find(world: World, owner: str | None, file_id: str) -> File | None:
    """Return a file by its id: one that was uploaded, or one of Stripe's test files."""
    if file_id in TEST_FILES:
        purpose = "account_requirement" if "relationship" in file_id else "identity_document"
        return File(file_id, world.platform.created, purpose, f"{file_id}.png", PNG, 1024)
    return world.shelf(File, owner).get(file_id)


def check_document(
    world: World,
    account_id: str,
    file_id: str,
    param: str,
    purposes: frozenset[str] = DOCUMENT_PURPOSES,
) -> None:
    """Refuse a file that nobody uploaded, or that was uploaded for something else.

    Raises:
        StripeError: there is no such file for this account or its platform, or it is not for this.
    """
    file = find(world, account_id, file_id) or find(world, None, file_id)
    if file is None:
        raise StripeError(
            f"No such file upload: '{file_id[:100]}'", code="resource_missing", param=param
        )
    if file.purpose not in purposes:
        raise bad(
            f"The file {file.id} was uploaded with the purpose {file.purpose}; here it must be "
            f"{' or '.join(sorted(purposes))}.",
            param,
        )
