"""What does the API look like to a machine? OpenAPI 3.1, drawn from the types of the routes.

Litestar's own pages would load their scripts from a network; this description needs none.
"""

from collections.abc import Sequence
from importlib.metadata import version

from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.serialization import encode_json

from aboard.web.answer import PageAnswer


def describe(routes: Sequence[Router | HTTPRouteHandler]) -> bytes:
    """Return the OpenAPI description of these routes as JSON.

    They are registered in an application of their own, which answers nothing: so the one that
    answers carries none of Litestar's pages.
    """
    bearer = SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")
    config = OpenAPIConfig(
        title="Aboard",
        version=version("aboard"),
        description="Stripe Connect onboarding: the creators API and the organizations API.",
        components=Components(security_schemes={"bearer": bearer}),
        use_handler_docstrings=True,
    )
    shown = Litestar(list(routes), openapi_config=config, logging_config=None)
    return encode_json(shown.openapi_schema.to_schema())


def description_answer(description: bytes) -> PageAnswer:
    """Return the description as an answer."""
    return PageAnswer(
        description.decode(), kind=(b"content-type", b"application/vnd.oai.openapi+json")
    )
