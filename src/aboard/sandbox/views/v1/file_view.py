"""How does v1 show an uploaded file?

Source: Stripe's API reference, "Files" and "File links", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.files import File, FileLink
from aboard.sandbox.world import World

_FILES = "https://files.stripe.com"


def _link(world: World, file: File, link: FileLink) -> dict[str, Any]:
    is_over = link.expires_at is not None and link.expires_at <= world.now()
    return {
        "id": link.id,
        "object": "file_link",
        "created": link.created,
        "expired": is_over,
        "expires_at": link.expires_at,
        "file": file.id,
        "livemode": world.livemode,
        "metadata": link.metadata,
        "url": None if is_over else f"{_FILES}/links/{link.id}",
    }


def render(world: World, file: File) -> dict[str, Any]:
    """Return the file, never its contents."""
    return {
        "id": file.id,
        "object": "file",
        "created": file.created,
        "expires_at": file.expires_at,
        "filename": file.name,
        "links": {
            "object": "list",
            "data": [_link(world, file, link) for link in reversed(file.links)],
            "has_more": False,
            "url": f"/v1/file_links?file={file.id}",
        },
        "purpose": file.purpose,
        "size": file.size,
        "title": None,
        "type": file.kind,
        "url": f"{_FILES}/v1/files/{file.id}/contents",
    }
