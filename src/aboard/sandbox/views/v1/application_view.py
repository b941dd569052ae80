"""How does v1 show the platform's application? As the object of events about a connection.

Source: Stripe's API reference, `account.application.authorized` and `.deauthorized`.
"""

from typing import Any

NAME = "Aboard sandbox platform"


def render(application_id: str) -> dict[str, Any]:
    """Return the application."""
    return {"id": application_id, "object": "application", "name": NAME}
