"""Files: documents and pictures that accounts are given. Their host is this one as well.

Source: Stripe's API reference, "Files", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox import files
from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.files import File, FileLink
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.views.v1 import file_view
from aboard.sandbox.wire.errors import bad, missing, no_such
from aboard.sandbox.wire.params import Choice, Flag, Hash, Integer, Metadata, Times, merge_metadata
from aboard.sandbox.world import World

_UPLOADED = (
    "account_requirement",
    "additional_verification",
    "business_icon",
    "business_logo",
    "customer_signature",
    "dispute_evidence",
    "identity_document",
    "issuing_regulatory_reporting",
    "pci_document",
    "platform_terms_of_service",
    "tax_document_user_upload",
    "terminal_android_apk",
    "terminal_reader_splashscreen",
    "terminal_wifi_certificate",
    "terminal_wifi_private_key",
)
_MADE_BY_STRIPE = (
    "document_provider_identity_document",
    "finance_report_run",
    "financial_account_statement",
    "identity_document_downloadable",
    "selfie",
    "sigma_scheduled_query",
)
CREATE = with_expand(
    {
        "purpose": Choice(_UPLOADED, is_required=True),
        "file_link_data": Hash(
            {
                "create": Flag(is_required=True),
                "expires_at": Integer(low=0),
                "metadata": Metadata(),
            }
        ),
    }
)
LIST = with_expand(
    {**PAGE, "created": Times(), "purpose": Choice(tuple(sorted(_UPLOADED + _MADE_BY_STRIPE)))}
)


def create(call: Call) -> dict[str, Any]:
    """Take a file; what it is stays, its bytes do not."""
    world, params, upload = call.world, call.params, call.upload
    if upload is None:
        raise missing("file")
    purpose = params["purpose"]
    files.check(purpose, upload.data)
    wanted = params.get("file_link_data") or {}
    if wanted.get("create"):
        _check_link(world, purpose, wanted.get("expires_at"))
    metadata = merge_metadata({}, wanted.get("metadata") or {})
    name = upload.name.replace("\\", "/").rpartition("/")[2][:200]
    file = files.keep(world, call.owner, purpose, name, upload.data)
    if wanted.get("create"):
        link = FileLink(world.ids.new("link"), world.now(), wanted.get("expires_at"), metadata)
        file.links.append(link)
    return file_view.render(world, file)


def _check_link(world: World, purpose: str, expires_at: int | None) -> None:
    if purpose not in files.LINKABLE:
        raise bad(
            f"You cannot create a file link for a file with the purpose {purpose}.",
            "file_link_data[create]",
        )
    if expires_at is not None and expires_at <= world.now():
        raise bad("The expiry of a file link must be in the future.", "file_link_data[expires_at]")


def retrieve(call: Call) -> dict[str, Any]:
    """Read what a file is."""
    file = files.find(call.world, call.owner, call.ids[0])
    if file is None:
        raise no_such("file upload", call.ids[0], "file", is_in_path=True)
    return file_view.render(call.world, file)


def list_all(call: Call) -> dict[str, Any]:
    """List the files that were uploaded, newest first."""
    return page(
        call,
        call.world.shelf(File, call.owner),
        "file upload",
        show=lambda file: file_view.render(call.world, file),
        by=("created", "purpose"),
    )


def show(call: Call, file_id: str) -> dict[str, Any] | None:
    """Render the file with an id, of the platform or of whom it acts as."""
    file = files.find(call.world, call.owner, file_id) or files.find(call.world, None, file_id)
    return None if file is None else file_view.render(call.world, file)


ROUTES = (
    Route("GET", "/v1/files", list_all, LIST, "file", is_list=True),
    Route("POST", "/v1/files", create, CREATE, "file", takes_file=True),
    Route("GET", "/v1/files/{file}", retrieve, with_expand({}), "file"),
)
THINGS = (Thing("file", show),)
