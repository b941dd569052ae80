"""How does v1 show a list within an object? Newest first, a page of ten.

Source: Stripe's API reference, "Pagination" (v1).
"""

from collections.abc import Callable, Sequence
from typing import Any

SHOWN = 10


def newest(
    ids: Sequence[str], url: str, show: Callable[[str], dict[str, Any] | None]
) -> dict[str, Any]:
    """Return the newest of what has these ids, which stand oldest first."""
    found = [show(key) for key in reversed(ids[-SHOWN:])]
    return {
        "object": "list",
        "data": [each for each in found if each is not None],
        "has_more": len(ids) > SHOWN,
        "url": url,
    }
