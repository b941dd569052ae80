"""The two visits that Stripe sends back, as a browser meets them: redirects, or a page.

A person gets a page without the reason; who asks for JSON gets the dialect's body.

Source: docs/api/organizations.md, the two visits.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import parse_qs

from litestar import Request, Response, Router, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from aboard.api.organizations.errors import find_row, word_refusal
from aboard.api.organizations.pages import VisitorPages
from aboard.api.organizations.schemas import Details, Failed
from aboard.api.organizations.schemas_state import work_groups_of
from aboard.api.organizations.words import Page
from aboard.core.errors import (
    AboardError,
    FeatureDisabled,
    InputRefused,
    NotYours,
    RefreshLoop,
    StateInvalid,
    StateSpent,
    StripeUnavailable,
    Unauthenticated,
)
from aboard.core.owner import Owner
from aboard.flows.admission import StoppedVisit
from aboard.flows.callbacks import LinkVisit, LoopVisit, PlainVisit, visit_refresh, visit_return
from aboard.flows.entry import owner_address
from aboard.flows.platform import Platform
from aboard.web.answer import see_other
from aboard.web.bodies import read_body, require_type
from aboard.web.collaborator import Collaborator
from aboard.web.door import Visitors, language_of
from aboard.web.exchange import exchange_of, find_header_text
from aboard.web.forms import is_own_form
from aboard.web.refusals import Refused, Situation, recognise

Call = Request[Any, Any, Any]
StateToken = Annotated[
    str, QueryParameter(name="state", description="The signed state, as Stripe's link carried it.")
]
LINK_USED: Final = "link_used"
VISITS: Final = "/v1/connect/accounts"
VISIT_PATHS: Final = frozenset(
    f"{VISITS}{way}" for way in ("/return", "/refresh", "/refresh/continue")
)
_STATE_FIELD: Final = "state"
_MOST_FIELDS: Final = 5


@dataclass(frozen=True, slots=True)
class Callbacks(Collaborator):
    """The visits over one platform. The session is a bearer token or a cookie."""

    platform: Platform
    visitors: Visitors
    pages: VisitorPages

    async def visit_return(self, request: Call, token: StateToken = "") -> Response[Any]:
        """Read the account from Stripe and send the seller to the stored return address.

        The address gets `outcome` and `readiness`. Repeating the visit is harmless.
        """
        session = await self.visitors.find(request.scope)
        request_id = exchange_of(request.scope).request_id
        visit = await visit_return(self.platform, token, session, request_id=request_id)
        if isinstance(visit, StoppedVisit):
            return self._stop(request, visit, has_session=session is not None)
        return see_other(visit.location)

    async def visit_refresh(self, request: Call, token: StateToken = "") -> Response[Any]:
        """Send the seller to a new link, or to the platform's page when nobody is signed in.

        The third refresh of one onboarding within 15 minutes shows the checklist first. A link
        that was used already leads whoever may act to the owner's own page.
        """
        return await self._refresh(request, token, is_confirmed=False)

    async def continue_refresh(self, request: Call) -> Response[Any]:
        """Go on to Stripe after the checklist: the button of that page, and of no other."""
        require_type(request.scope, "application/x-www-form-urlencoded")
        body = await read_body(request.scope, request.receive)
        return await self._refresh(request, _state_in(body), is_confirmed=True)

    async def _refresh(self, request: Call, token: str, *, is_confirmed: bool) -> Response[Any]:
        session = await self.visitors.find(request.scope)
        request_id = exchange_of(request.scope).request_id
        language = language_of(request.scope)
        visit = await visit_refresh(
            self.platform,
            token,
            session,
            is_confirmed=is_confirmed,
            is_own_form=not is_confirmed or is_own_form(request.scope, self.platform.public_url),
            language=language,
            request_id=request_id,
        )
        match visit:
            case LinkVisit(url):
                return see_other(url.reveal())
            case PlainVisit(location):
                return see_other(location)
            case LoopVisit(checklist, owner):
                if _wants_json(request):
                    # Whoever may refresh is an owner or an admin, and sees all of it.
                    wanted = work_groups_of(checklist.groups, sees_all=True)
                    details = Details(checklist=wanted)
                    loop = Refused(RefreshLoop())
                    return word_refusal(loop, request_id=request_id, details=details)
                return self.pages.loop(
                    checklist.groups, state=token, language=language, owner=owner
                )
            case StoppedVisit(StateSpent(), Owner() as owner) if not _wants_json(request):
                return see_other(f"{owner_address(self.platform, owner)}?notice={LINK_USED}")
            case StoppedVisit():
                return self._stop(request, visit, has_session=session is not None)

    def _stop(self, request: Call, visit: StoppedVisit, *, has_session: bool) -> Response[Any]:
        return self._tell(request, visit.cause, owner=visit.owner, has_session=has_session)

    def refuse(self, request: Call, error: Exception) -> Response[Any]:
        """Tell the seller what happened and what to do next, without the reason."""
        return self._tell(request, error, owner=None, has_session=False)

    def _tell(
        self, request: Call, error: Exception, *, owner: Owner | None, has_session: bool
    ) -> Response[Any]:
        request_id = exchange_of(request.scope).request_id
        refused = recognise(error, self.platform, request_id)
        if _wants_json(request):
            return word_refusal(refused, request_id=request_id)
        return self.pages.refusal(
            _page_for(refused.cause),
            status=find_row(refused.cause).status,
            language=language_of(request.scope),
            request_id=request_id,
            headers=refused.headers,
            owner=owner,
            has_session=has_session,
        )


def build_callbacks_router(callbacks: Callbacks) -> Router:
    """Return the routes of the visits; they are open to anybody who holds a signed state."""
    refusals = {
        400: ResponseSpec(Failed, description="The state does not hold, for whatever reason"),
        403: ResponseSpec(Failed, description="The session belongs to somebody else"),
        503: ResponseSpec(Failed, description="Stripe is away; the visit may be repeated"),
    }
    loop = {409: ResponseSpec(Failed, description="The checklist is to be shown first")}
    return Router(
        VISITS,
        route_handlers=[
            get(
                "/return",
                status_code=303,
                operation_id="visitReturn",
                summary="Come back from Stripe",
                responses=refusals,
            )(callbacks.visit_return),
            get(
                "/refresh",
                status_code=303,
                operation_id="visitRefresh",
                summary="Come back from Stripe for a new link",
                responses=refusals | loop,
            )(callbacks.visit_refresh),
            post(
                "/refresh/continue",
                status_code=303,
                operation_id="continueRefresh",
                include_in_schema=False,
            )(callbacks.continue_refresh),
        ],
        exception_handlers={Exception: callbacks.refuse},
        security=[{}, {"bearer": []}],
        tags=["Visits"],
    )


def _state_in(form: bytes) -> str:
    try:
        fields = parse_qs(form.decode("latin-1"), max_num_fields=_MOST_FIELDS)
    except ValueError:  # more fields than our page has
        return ""
    return fields.get(_STATE_FIELD, [""])[0]


def _page_for(cause: AboardError | Situation) -> Page:
    if isinstance(cause, StateInvalid | InputRefused):
        return Page.LOST
    if isinstance(cause, NotYours | Unauthenticated):
        return Page.FOREIGN
    if isinstance(cause, StripeUnavailable | FeatureDisabled | Situation):
        return Page.AWAY
    return Page.STUCK


def _wants_json(request: Call) -> bool:
    accept = find_header_text(request.scope, b"accept") or ""
    return "application/json" in accept and "text/html" not in accept
