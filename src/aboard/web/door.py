"""Who comes in, and how often? The first thing that happens to a call of either dialect.

It runs before a body is read, so that a stranger costs us nothing. Not a Litestar guard: before
each of those the framework copies the whole route.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Request
from litestar.enums import HttpMethod
from litestar.routes import HTTPRoute
from litestar.types import Scope

from aboard.core.caller import Caller
from aboard.core.errors import InputRefused, TooManyRequests, Unauthenticated
from aboard.core.languages import LANGUAGES, preferred_language
from aboard.flows.journal import LogEvent
from aboard.flows.limits import Allowance
from aboard.flows.platform import Platform
from aboard.web.answer import EmptyAnswer
from aboard.web.auth import SESSION_COOKIE, Tokens
from aboard.web.collaborator import Collaborator
from aboard.web.exchange import Exchange, exchange_of, find_header_text

OPERATION = "operation"
"""The key of a handler's `opt` under which its limit is counted."""

LIMIT_FACTOR = "limit_factor"
"""The key of a handler's `opt` by which its limit is a multiple of the dialect's."""

PAGE_COOKIE: Final = "aboard_page"
"""The cookie of a session on Aboard's own pages for owners, on plain http at loopback."""

LANGUAGE_COOKIE: Final = "aboard_language"
"""The cookie of the language that a reader of our pages chose."""

_NAMED: Final = 20

FindPageSession = Callable[[str], Awaitable[Caller | None]]
"""Who a page session's cookie stands for, or nobody."""


def page_cookie(public_url: str) -> str:
    """Return the name of the page session's cookie at our address.

    Over https it is one that browsers take from this very host alone: no neighbour can put a
    session of theirs into a seller's browser.

    >>> page_cookie("https://connect.example"), page_cookie("http://localhost:4242")
    ('__Host-aboard_page', 'aboard_page')
    """
    return f"__Host-{PAGE_COOKIE}" if public_url.startswith("https:") else PAGE_COOKIE


@dataclass(frozen=True, slots=True)
class Door(Collaborator):
    """The guard of one dialect: so many calls a window, per caller and operation."""

    platform: Platform
    tokens: Tokens
    limit: int
    window_seconds: int

    async def admit(self, request: Request[Any, Any, Any]) -> EmptyAnswer | None:
        """Put the verified caller into the request and use up one call of their window.

        The call is given back when it is refused for a reason that is ours or Stripe's.

        OPTIONS needs no token and is answered here, with the methods of the path.

        Raises:
            Unauthenticated: no trustworthy bearer token; a cookie does not count here.
            IssuerUnavailable: the issuer has never told its keys.
            TooManyRequests: the window is used up.
            InputRefused: the query says one thing twice.
        """
        scope = request.scope
        if scope["method"] == HttpMethod.OPTIONS:
            return methods_of(request)
        caller = await self.tokens.identify(find_header_text(scope, b"authorization"))
        scope["user"] = caller
        window = Window(self.platform, self.limit, self.window_seconds)
        await window.use_up(request, caller.user_id)
        return None


@dataclass(frozen=True, slots=True)
class Window:
    """So many calls in so many seconds, of each caller and operation."""

    platform: Platform
    limit: int
    seconds: int

    async def use_up(self, request: Request[Any, Any, Any], who: str) -> None:
        """Use up one call of this caller's window for the request's operation.

        Raises:
            TooManyRequests: the window is used up.
            InputRefused: the query says one thing twice.
        """
        operation: str = request.route_handler.opt[OPERATION]
        exchange = exchange_of(request.scope)
        headers = exchange.headers
        came_at = time.monotonic()
        limit = calls_of(self.limit, request.route_handler.opt.get(LIMIT_FACTOR, 1))
        try:
            allowance = await self.platform.limits.take(
                who, operation, limit=limit, window_seconds=self.seconds
            )
        except TooManyRequests as refusal:
            self.platform.journal.note(LogEvent.LIMIT_REACHED, case=operation)
            headers += _limit_headers(Allowance(limit, 0, refusal.retry_after_seconds))
            raise
        headers += _limit_headers(allowance)
        exchange.give_back = partial(self._give_back, exchange, who, operation, allowance, came_at)
        _require_said_once(request.scope["query_string"])

    async def _give_back(
        self, exchange: Exchange, who: str, operation: str, allowance: Allowance, came_at: float
    ) -> None:
        # What is left of a window is told in whole seconds, rounded up. Once it may have ended,
        # the next one has nothing to give back.
        if time.monotonic() - came_at > allowance.reset_seconds - 1:
            return
        await self.platform.limits.give_back(
            who, operation, limit=allowance.limit, window_seconds=self.seconds
        )
        restored = replace(allowance, remaining=allowance.remaining + 1)
        told = [pair for pair in exchange.headers if not pair[0].startswith(b"ratelimit-")]
        exchange.headers[:] = [*told, *_limit_headers(restored)]


@cache
def calls_of(limit: int, share: Fraction | int) -> int:
    """Return how many calls an operation takes, whose limit is this share of its dialect's."""
    return max(1, int(limit * share))


def methods_of(request: Request[Any, Any, Any]) -> EmptyAnswer:
    """Return what OPTIONS is answered with: the methods of the path."""
    # The framework's own answer names only what the first handler of the path was made with.
    path = request.scope["path_template"]
    methods = {
        method
        for route in request.app.routes
        if isinstance(route, HTTPRoute) and route.path_format == path
        for method in route.methods
    }
    return EmptyAnswer(headers=[(b"allow", ", ".join(sorted(methods)).encode())])


def _require_said_once(query: bytes) -> None:
    if b"&" not in query:
        return
    words = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    twice = [name for name, count in Counter(name for name, _ in words).items() if count > 1]
    if twice:
        raise InputRefused([(name, "is given more than once") for name in twice[:_NAMED]])


def _limit_headers(allowance: Allowance) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"ratelimit-limit", b"%d" % allowance.limit),
        (b"ratelimit-remaining", b"%d" % allowance.remaining),
        (b"ratelimit-reset", b"%d" % allowance.reset_seconds),
    )


async def find_session(
    scope: Scope,
    tokens: Tokens,
    find_page_session: FindPageSession | None = None,
    page_cookie_name: str = PAGE_COOKIE,
) -> Caller | None:
    """Return who is visiting: by bearer token, by the platform's cookie, by ours, or nobody.

    A cookie that no longer holds is nobody: sellers come back after their session ended. A bearer
    token that does not hold is refused, because somebody means to be somebody.

    Raises:
        Unauthenticated: an `Authorization` header that cannot be trusted.
        IssuerUnavailable: a token came, and the issuer has never told its keys.
    """
    authorization = find_header_text(scope, b"authorization")
    if authorization is not None:
        return await tokens.identify(authorization)
    cookie = find_cookie(scope, SESSION_COOKIE)
    if cookie is not None:
        try:
            return await tokens.verify(cookie)
        except Unauthenticated:
            pass  # the other cookie may still hold
    cookie = find_cookie(scope, page_cookie_name)
    if cookie is None or find_page_session is None:
        return None
    return await find_page_session(cookie)


@dataclass(frozen=True, slots=True)
class Visitors:
    """How a browser's session is found, wherever a visit needs no session to be let in."""

    tokens: Tokens
    find_page_session: FindPageSession | None = None
    page_cookie_name: str = PAGE_COOKIE

    async def find(self, scope: Scope) -> Caller | None:
        """Return who is visiting, or nobody.

        Raises:
            Unauthenticated: an `Authorization` header that cannot be trusted.
            IssuerUnavailable: a token came, and the issuer has never told its keys.
        """
        return await find_session(scope, self.tokens, self.find_page_session, self.page_cookie_name)


def language_of(scope: Scope) -> str:
    """Return the reader's language: as chosen on our pages before, else as the browser prefers."""
    chosen = find_cookie(scope, LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return wished_language(scope)


def wished_language(scope: Scope) -> str:
    """Return the language that the browser prefers, in however many headers it says so."""
    wishes = [value for key, value in scope["headers"] if key == b"accept-language"]
    return preferred_language(b",".join(wishes).decode("latin-1"))


def find_cookie(scope: Scope, name: str) -> str | None:
    """Return the first cookie of this name, or nothing."""
    for key, value in scope["headers"]:
        if key == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                found, _, content = pair.strip().partition("=")
                if found == name:
                    return content.strip('"')
    return None
