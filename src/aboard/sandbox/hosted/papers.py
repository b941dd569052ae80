"""Papers at the counter: what was uploaded, what is on file, and what a file must be.

Source: Stripe's documentation, "Identity verification": at most 10 MB; colour pictures (JPEG or
PNG) of identity documents, PDF too for addresses and companies.
"""

from aboard.sandbox.account import Account, Value
from aboard.sandbox.hosted.desk import Desk
from aboard.sandbox.hosted.exchange import Request, SentPaper
from aboard.sandbox.hosted.steps import Item, Problem
from aboard.sandbox.world import World

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


def take(desk: Desk, item: Item, request: Request, problems: dict[str, Problem]) -> str:
    """Keep the front, or the whole, of an uploaded document; return its id, or nothing."""
    return _keep(desk, item, request.files.get(f"{item.path}{UPLOAD}"), problems)


def take_back(desk: Desk, item: Item, request: Request, problems: dict[str, Problem]) -> str:
    """Keep the back of an uploaded document; return its id, or nothing."""
    return _keep(desk, item, request.files.get(f"{item.path}{BACK}"), problems)


def _keep(desk: Desk, item: Item, paper: SentPaper | None, problems: dict[str, Problem]) -> str:
    if paper is None:
        return ""
    wrong = _refusal(item, paper)
    if wrong is not None:
        problems[item.path] = wrong
        return ""
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


def describe(_world: World, _account: Account, item: Item, value: Value) -> None:
    """Write into a question which document is there already."""
    known = str(value[0] if isinstance(value, tuple) and value else value)
    item.value = known
    item.on_file = dict(item.choices).get(known, "An uploaded file")
