"""What can be clicked at Harbour Market? Begin, come back, look, go live, sell, open doors.

A platform's side of the journey in one file. Links go from Aboard's answer straight into a
redirect: they are in no page, no log and no storage.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from jinja2 import Environment, FileSystemLoader
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.enums import HttpMethod
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from aboard.cli.demo.client import ApiAnswer, PlatformBackend
from aboard.cli.demo.market.visitors import (
    SESSION_COOKIE,
    SHOP_NAME,
    SHOP_TIME_ZONE,
    VISITOR_COOKIE,
    Visitor,
    Visitors,
)
from aboard.cli.demo.market.words import (
    BLOCKERS,
    CREATOR_WORDS,
    OUTCOMES,
    REFUSALS,
    WHO,
    WORDS,
)
from aboard.core.links import BearerUrl
from aboard.core.secret import Secret

_PAGES = Path(__file__).parent / "pages"
_OK = 200
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # Chromium holds redirects after a form against form-action: the next hop is Stripe's host.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'",
}

EnterOffice = Callable[[], Awaitable[BearerUrl]]
AnyRequest = Request[Any, Any, State]
Page = Response[str]
Word = Annotated[str, QueryParameter(max_length=40)]


class HarbourMarket:
    """The market's pages over one backend."""

    def __init__(
        self,
        own_url: str,
        backend: PlatformBackend,
        visitors: Visitors,
        *,
        operator: Secret,
        sandbox_url: str,
        enter_office: EnterOffice,
    ) -> None:
        """Answer at `own_url`, whose addresses are on Aboard's allow-list.

        `operator` is the market's own token; pages lead to the sandbox, to play Stripe there.
        `enter_office` makes a link into the operator's pages, for whoever sits at this machine.
        """
        self._own_url = own_url
        self._backend = backend
        self._visitors = visitors
        self._operator = operator
        self._sandbox_url = sandbox_url
        self._enter_office = enter_office
        self._templates = Environment(loader=FileSystemLoader(_PAGES), autoescape=True)
        self._style = (_PAGES / "harbour.css").read_text("utf-8")

    @property
    def organization_return_url(self) -> str:
        """Return where an organization's owner ends after Stripe."""
        return f"{self._own_url}/organization/back"

    @property
    def organization_refresh_url(self) -> str:
        """Return where an organization's owner asks for a new link."""
        return f"{self._own_url}/organization/again"

    def build(self) -> Litestar:
        """Return the ASGI application."""
        handlers = (
            *self._shared_pages(),
            *self._organization_pages(),
            *self._selling_pages(),
            *self._creator_pages(),
        )
        return Litestar(handlers, openapi_config=None, logging_config=None)

    def _shared_pages(self) -> list[HTTPRouteHandler]:
        @get("/")
        async def home(request: AnyRequest) -> Page:
            return await self._home(request)

        @get("/harbour.css", media_type=MediaType.CSS)
        async def style() -> str:
            return self._style

        @get(["/organization/back", "/creator/back"])
        async def back(request: AnyRequest, outcome: Word = "", readiness: Word = "") -> Page:
            words = OUTCOMES.get(outcome, OUTCOMES[""])
            return self._page(request, "back.html", outcome=words, readiness=readiness)

        @post("/leave")
        async def leave(request: AnyRequest) -> Page:
            self._visitor(request)
            response = _redirect("/")
            response.delete_cookie(VISITOR_COOKIE)
            response.delete_cookie(SESSION_COOKIE)
            return response

        @get("/staff")
        async def staff() -> Page:
            return _redirect((await self._enter_office()).reveal())

        return [home, style, back, leave, staff]

    def _organization_pages(self) -> list[HTTPRouteHandler]:
        @get("/organization/again")
        async def again(request: AnyRequest) -> Page:
            return self._page(request, "again.html", action="/organization/onboard")

        @post("/organization/onboard")
        async def onboard(request: AnyRequest) -> Page:
            visitor = self._visitor(request)
            answer = await self._backend.ask_onboarding_link(
                visitor.token,
                visitor.organization_id,
                return_url=self.organization_return_url,
                refresh_url=self.organization_refresh_url,
                idempotency_key=secrets.token_hex(16),
            )
            return await self._go(request, answer, answer.body.get("onboardingUrl"))

        @post("/organization/page")
        async def own_page(request: AnyRequest) -> Page:
            visitor = self._visitor(request)
            answer = await self._backend.ask_page_link(visitor.token, visitor.organization_id)
            return await self._go(request, answer, answer.body.get("url"))

        return [again, onboard, own_page]

    def _selling_pages(self) -> list[HTTPRouteHandler]:
        @post("/organization/live")
        async def go_live(request: AnyRequest) -> Page:
            visitor = self._visitor(request)
            answer = await self._backend.go_live(visitor.token, visitor.organization_id)
            return await self._go(request, answer, "/#selling")

        @post("/organization/rehearse")
        async def rehearse(request: AnyRequest) -> Page:
            visitor = self._visitor(request)
            answer = await self._backend.allow_rehearsal(self._operator, visitor.organization_id)
            return await self._go(request, answer, "/#selling")

        @post("/organization/sell")
        async def sell(request: AnyRequest) -> Page:
            # A closed button is a courtesy; what counts is asked again before money moves.
            visitor = self._visitor(request)
            state = await self._backend.read_setup_state(visitor.token, visitor.organization_id)
            if state.status != _OK or not state.body["live"]:
                return await self._home(request, notice=REFUSALS["gate_closed"], status=409)
            return await self._home(request, notice="Sold: one vase. Only in play, of course.")

        return [go_live, rehearse, sell]

    def _creator_pages(self) -> list[HTTPRouteHandler]:
        @get("/creator/again")
        async def again(request: AnyRequest) -> Page:
            return self._page(request, "again.html", action="/creator/onboard")

        @post("/creator/upgrade")
        async def upgrade(request: AnyRequest) -> Page:
            answer = await self._backend.upgrade_creator(self._visitor(request).token)
            return await self._go(request, answer, "/")

        @post("/creator/onboard")
        async def onboard(request: AnyRequest) -> Page:
            token = self._visitor(request).token
            answer = await self._backend.ask_creator(token, "initiate")
            return await self._go(request, answer, answer.data.get("onboardingUrl"))

        @post("/creator/link")
        async def fresh_link(request: AnyRequest) -> Page:
            token = self._visitor(request).token
            answer = await self._backend.ask_creator(token, "refresh-link")
            return await self._go(request, answer, answer.data.get("onboardingUrl"))

        @post("/creator/dashboard")
        async def dashboard(request: AnyRequest) -> Page:
            token = self._visitor(request).token
            answer = await self._backend.ask_creator(token, "dashboard-link")
            return await self._go(request, answer, answer.data.get("url"))

        return [again, upgrade, onboard, fresh_link, dashboard]

    def _visitor(self, request: AnyRequest) -> Visitor:
        """Return who pressed the button.

        Raises:
            PermissionDeniedException: nobody we know, or the form is another site's.
        """
        visitor = self._visitors.find(request.cookies.get(VISITOR_COOKIE))
        is_ours = request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}
        if visitor is None or (request.method == HttpMethod.POST and not is_ours):
            raise PermissionDeniedException("Open the market's first page, and begin there.")
        return visitor

    async def _home(self, request: AnyRequest, *, notice: str = "", status: int = _OK) -> Page:
        visitor = self._visitors.find(request.cookies.get(VISITOR_COOKIE))
        if visitor is None:
            visitor = self._visitors.sign_in()
            await self._backend.create_organization(
                visitor.token, visitor.organization_id, SHOP_NAME, SHOP_TIME_ZONE
            )
        setup = await self._backend.read_setup_state(visitor.token, visitor.organization_id)
        connection = await self._backend.read_connection(visitor.token, visitor.organization_id)
        creator = await self._backend.ask_creator(visitor.token, "status")
        response = self._page(
            request,
            "home.html",
            status=status,
            visitor=visitor,
            shop=SHOP_NAME,
            organization=_shown(connection.body if connection.status == _OK else {}),
            setup=_setup(setup),
            sandbox=self._sandbox_url,
            is_creator=creator.refusal != "creator.stripe.not_creator",
            creator=creator.data,
            creator_words=CREATOR_WORDS.get(str(creator.data.get("stripeAccountStatus"))),
            notice=notice,
        )
        for cookie in _cookies(visitor):
            response.set_cookie(cookie)
        return response

    async def _go(self, request: AnyRequest, answer: ApiAnswer, location: str | None) -> Page:
        """Send the browser on, or say on the first page why not."""
        if answer.status < 300 and location:  # noqa: PLR2004 - HTTP's class of successes
            return _redirect(location)
        notice = REFUSALS.get(answer.refusal, f"Aboard said {answer.status}: {answer.refusal}")
        return await self._home(request, notice=notice, status=409)

    def _page(self, request: AnyRequest, name: str, *, status: int = _OK, **words: object) -> Page:
        has_visitor = self._visitors.find(request.cookies.get(VISITOR_COOKIE)) is not None
        html = self._templates.get_template(name).render(is_signed_in=has_visitor, **words)
        return Response(html, status_code=status, media_type=MediaType.HTML, headers=_HEADERS)


def _shown(connection: Mapping[str, Any]) -> Mapping[str, Any]:
    readiness = str(connection.get("readiness") or "not_started")
    who = str(connection.get("whoMustAct") or "owner")
    return {
        "readiness": readiness,
        "words": WORDS.get(readiness, readiness),
        "who": WHO.get(who, ""),
        "may_go_on": who == "owner" or readiness == "enabled",
        "account": connection.get("stripeAccountId") or "",
    }


def _setup(answer: ApiAnswer) -> Mapping[str, Any]:
    """Say how far the shop is, as Aboard has it; nothing of it when Aboard gave no answer."""
    state = answer.body if answer.status == _OK else {}
    claims = {name: state.get(name, False) for name in ("onboarded", "operational", "live")}
    capability = "capability_inactive:"
    return {
        "claims": claims,
        "blockers": [
            BLOCKERS.get(name, f"Stripe has not switched on {name.removeprefix(capability)}")
            for name in answer.blockers
        ],
        "may_open": answer.status == _OK and not answer.blockers and not claims["live"],
        "may_rehearse": "test_mode_only" in answer.blockers and claims["operational"],
        "was_closed": state.get("closedAt") is not None,
    }


def _cookies(visitor: Visitor) -> list[Cookie]:
    """Give the visitor both cookies. Lax, because Stripe's way back is a cross-site navigation."""
    pairs = ((VISITOR_COOKIE, visitor.key), (SESSION_COOKIE, visitor.token.reveal()))
    return [Cookie(key, value=value, httponly=True, samesite="lax") for key, value in pairs]


def _redirect(location: str) -> Page:
    return Response("", status_code=303, headers={**_HEADERS, "Location": location})
