"""Where do the dialects become one application? Here, with the outermost layer around them.

Nothing here knows settings: limits and tokens are given as plain values.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from litestar import Litestar, Request, Response, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from aboard.api.auth.door import AuthDoor
from aboard.api.auth.examples import SHOWCASE as AUTH
from aboard.api.auth.routes import AuthApi, build_auth_router
from aboard.api.creators.examples import SHOWCASE as CREATORS
from aboard.api.creators.routes import PREFIX as CREATORS_PREFIX
from aboard.api.creators.routes import CreatorsApi, build_creators_router
from aboard.api.description import describe, description_answer
from aboard.api.organizations.callbacks import VISIT_PATHS, Callbacks, build_callbacks_router
from aboard.api.organizations.directory import build_directory_router
from aboard.api.organizations.examples import SHOWCASE as ORGANIZATIONS
from aboard.api.organizations.pages import PlainPages, VisitorPages
from aboard.api.organizations.routes import (
    OrganizationsApi,
    build_health_route,
    build_organizations_router,
)
from aboard.flows.health import HealthWatch
from aboard.flows.platform import Platform
from aboard.web.access_tokens import AccessTokens
from aboard.web.answer import PageAnswer
from aboard.web.auth import Tokens
from aboard.web.cors import BrowserOrigins
from aboard.web.door import Door, FindPageSession, Visitors, page_cookie
from aboard.web.exchange import Stamping, path_of


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How many calls a window takes, per caller and operation of each dialect."""

    creators: int = 10
    organizations: int = 60
    window_seconds: int = 3600


def build_api(
    platform: Platform,
    tokens: Tokens,
    limits: CallLimits | None = None,
    *,
    pages: VisitorPages | None = None,
    find_page_session: FindPageSession | None = None,
    browser_origins: Collection[str] = (),
    access_tokens: AccessTokens | None = None,
) -> ASGIApp:
    """Return the dialects, the visits, health and the description as one ASGI application.

    `pages` makes what a seller sees on the way back from Stripe; without it there are plain ones.
    `find_page_session` knows the sessions of Aboard's own pages. Pages of `browser_origins` may
    call the dialects from a browser. `access_tokens` are for those who sign in here; without it
    nobody does.
    """
    limits = limits or CallLimits()
    creators, organizations = CreatorsApi(platform), OrganizationsApi(platform)
    window = limits.window_seconds
    auth = AuthApi(platform, access_tokens)
    auth_door = AuthDoor(platform, tokens, access_tokens is not None, window)
    visits = Callbacks(
        platform,
        Visitors(tokens, find_page_session, page_cookie(platform.public_url)),
        PlainPages(platform) if pages is None else pages,
    )

    def routes() -> Sequence[Router | HTTPRouteHandler]:
        return [
            *_routes(creators, organizations, tokens, limits),
            build_auth_router(auth, auth_door),
            build_callbacks_router(visits),
        ]

    @cache
    def described() -> bytes:
        return describe(
            routes(),
            (
                replace(CREATORS, calls=limits.creators, window_seconds=window),
                replace(ORGANIZATIONS, calls=limits.organizations, window_seconds=window),
                replace(AUTH, window_seconds=window),
            ),
        )

    async def read_description() -> PageAnswer:
        return description_answer(described())

    def refuse(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        is_creators = path_of(request.scope).startswith(f"{CREATORS_PREFIX}/")
        return (creators if is_creators else organizations).refuse(request, error)

    answering: ASGIApp = Litestar(
        [*routes(), get("/openapi.json", include_in_schema=False)(read_description)],
        exception_handlers={Exception: refuse},
        openapi_config=None,
        logging_config=None,
    )
    if browser_origins:
        answering = BrowserOrigins(answering, browser_origins, _is_open_to_browsers)
    return Stamping(answering)


def _is_open_to_browsers(path: str) -> bool:
    """Say whether other origins may call this path: both dialects, not the visits from Stripe."""
    return path.startswith((f"{CREATORS_PREFIX}/", "/v1/")) and path not in VISIT_PATHS


def _routes(
    creators: CreatorsApi, organizations: OrganizationsApi, tokens: Tokens, limits: CallLimits
) -> Sequence[Router | HTTPRouteHandler]:
    platform, window = creators.platform, limits.window_seconds
    return [
        build_creators_router(creators, Door(platform, tokens, limits.creators, window)),
        build_organizations_router(
            organizations, Door(platform, tokens, limits.organizations, window)
        ),
        build_directory_router(
            platform, Door(platform, tokens, limits.organizations, window), organizations.refuse
        ),
        build_health_route(organizations, HealthWatch(platform)),
    ]
