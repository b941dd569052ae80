"""Papers at the counter: what was uploaded, what is on file, and what a file must be.

Source: Stripe's documentation, "Identity verification": at most 10 MB; colour pictures (JPEG or
PNG) of identity documents, PDF too for addresses and companies.
"""

from aboard.sandbox.account import Value
from aboard.sandbox.hosted.desk import Desk
from aboard.sandbox.hosted.exchange import Request, SentPaper
from aboard.sandbox.hosted.steps import Item, Problem

UPLOAD = ".upload"
BACK = ".back"
LARGEST_BYTES = 10 * 1024 * 1024
_SIGNS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}
_TOO_LARGE = Problem(
    "This file is larger than 10 MB. Upload a smaller one.", "verification_document_too_large"
)
_EMPTY = Problem("This file is empty. Upload it again.", "verification_document_not_uploaded")


def take(
    desk: Desk, item: Item, request: Request, problems: dict[str, Problem], chosen: str
) -> tuple[str, str]:
    """Return the ids of a document's front and back, as far as they were given.

    An uploaded file wins over a test document that was `chosen`; what is no choice is nothing.
    When either side is refused, neither is kept.
    """
    sides = [request.files.get(f"{item.path}{side}") for side in (UPLOAD, BACK)]
    for paper in sides:
        wrong = None if paper is None else _refusal(item, paper)
        if wrong is not None:
            problems[item.path] = wrong
            return "", ""
    front, back = ("" if paper is None else _keep(desk, paper) for paper in sides)
    return front or (chosen if chosen in dict(item.choices) else ""), back


def _keep(desk: Desk, _paper: SentPaper) -> str:
    return desk.world.ids.new("file")


def _refusal(item: Item, paper: SentPaper) -> Problem | None:
    if not paper.data:
        return _EMPTY
    if len(paper.data) > LARGEST_BYTES:
        return _TOO_LARGE
    kind = next((kind for sign, kind in _SIGNS.items() if paper.data.startswith(sign)), "")
    if kind not in item.field.accept.split(","):
        words = "a JPEG or PNG picture"
        words += " or a PDF" if "pdf" in item.field.accept else ""
        return Problem(f"Upload {words}.", "verification_document_type_not_supported")
    return None


def describe(item: Item, value: Value) -> None:
    """Write into a question which document is there already."""
    item.value = _id_of(value)
    item.on_file = title(item, value)


def title(item: Item, value: Value) -> str:
    """Say which document was given, without its id."""
    return dict(item.choices).get(_id_of(value), "An uploaded file")


def _id_of(value: Value) -> str:
    return str(value[0] if isinstance(value, tuple) and value else value)
