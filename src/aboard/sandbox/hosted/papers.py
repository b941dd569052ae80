"""Papers at the counter: what was uploaded, what is on file, and what a file must be.

Source: Stripe's documentation, "Identity verification": at most 10 MB and 8000 by 8000 pixels;
pictures (JPEG or PNG) of identity documents, PDF too for addresses and companies.
"""

from aboard.sandbox import files
from aboard.sandbox.account import Account, Value
from aboard.sandbox.hosted.desk import Desk
from aboard.sandbox.hosted.exchange import Request, SentPaper
from aboard.sandbox.hosted.steps import Item, Problem
from aboard.sandbox.world import World

UPLOAD = ".upload"
BACK = ".back"
_TYPES = {files.JPEG: "image/jpeg", files.PNG: "image/png", files.PDF: "application/pdf"}
_TOO_LARGE = Problem(
    f"This file is larger than 10 MB or {files.WIDEST_PIXELS} pixels. Upload a smaller one.",
    "verification_document_too_large",
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
    front, back = ("" if paper is None else _keep(desk, item, paper) for paper in sides)
    return front or (chosen if chosen in dict(item.choices) else ""), back


def _keep(desk: Desk, item: Item, paper: SentPaper) -> str:
    """Put a file on the account's shelf, for what it was uploaded for."""
    purpose = "account_requirement"
    if item.path.endswith("verification.document"):
        purpose = "identity_document"
    if item.path.endswith("additional_document") or item.path.startswith("company."):
        purpose = "additional_verification"
    name = paper.name.replace("\\", "/").rpartition("/")[2]
    return files.keep(desk.world, desk.account.id, purpose, name, paper.data).id


def _refusal(item: Item, paper: SentPaper) -> Problem | None:
    if not paper.data:
        return _EMPTY
    kind, width, height = files.recognise(paper.data)
    if len(paper.data) > files.LARGEST_BYTES or max(width, height) > files.WIDEST_PIXELS:
        return _TOO_LARGE
    if _TYPES.get(kind or "") not in item.field.accept.split(","):
        words = "a JPEG or PNG picture"
        words += " or a PDF" if "pdf" in item.field.accept else ""
        return Problem(f"Upload {words}.", "verification_document_type_not_supported")
    return None


def describe(world: World, account: Account, item: Item, value: Value) -> None:
    """Write into a question which document is there already."""
    item.value = _id_of(value)
    item.on_file = title(world, account, item, value)


def title(world: World, account: Account, item: Item, value: Value) -> str:
    """Say which document was given, by its name and never by its id."""
    known = _id_of(value)
    chosen = dict(item.choices).get(known)
    if chosen is not None:
        return chosen
    file = files.find(world, account.id, known) or files.find(world, None, known)
    return "An uploaded file" if file is None or not file.name else file.name


def _id_of(value: Value) -> str:
    return str(value[0] if isinstance(value, tuple) and value else value)
