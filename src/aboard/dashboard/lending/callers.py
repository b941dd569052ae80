"""Who may borrow the key: the list of callers, one of them, and everything an operator does to it.

A new token is in the answer to the press of its button and nowhere else.

Source: docs/gateway/callers.md.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from litestar import get as get_route
from litestar import post
from litestar.handlers import HTTPRouteHandler

from aboard.core.caller import Caller
from aboard.core.errors import InputRefused, OwnerUnknown
from aboard.core.lending.callers import GatewayCaller
from aboard.core.owner import Mode
from aboard.dashboard.lending.ground import LendingGround
from aboard.dashboard.lending.terms_form import BLANK, form_of_terms, terms_in
from aboard.dashboard.visitor import Call, query_word, read_form
from aboard.flows.lending.caller_terms import CallerTerms, terms_of
from aboard.flows.lending.callers import (
    CallerAbsent,
    CallerNameTaken,
    add_caller,
    change_caller,
    disable_caller,
    enable_caller,
    get_caller,
    list_callers,
    remove_caller,
)
from aboard.flows.lending.tokens import (
    GRACE,
    IssuedToken,
    TokenAbsent,
    TokenOver,
    add_token,
    list_tokens,
    revoke_token,
    rotate_token,
)
from aboard.flows.platform import Platform
from aboard.web.answer import PageAnswer, see_other
from aboard.web.collaborator import Collaborator

_UNPROCESSABLE: Final = 422
_CONFLICT: Final = 409
_YES: Final = "yes"
_FORM_BYTES: Final = 64 * 1024
_NAMELESS: Final = CallerTerms()

Act = Callable[[Platform, Caller, str], Awaitable[GatewayCaller]]


@dataclass(frozen=True, slots=True)
class Callers(Collaborator):
    """The pages about callers over one platform."""

    ground: LendingGround

    async def listed(self, request: Call) -> PageAnswer:
        """Show all callers."""
        operator = await self.ground.reading(request)
        callers = await list_callers(self.ground.platform)
        return self.ground.show("callers.html", request, operator, room="callers", callers=callers)

    async def blank(self, request: Call) -> PageAnswer:
        """Show the form for a new caller."""
        operator = await self.ground.reading(request)
        return self._form(request, operator, form_of_terms(_NAMELESS))

    async def add(self, request: Call) -> PageAnswer:
        """Add a caller and show it; or show the form again with what is wrong."""
        operator = await self.ground.acting(request)
        form = await read_form(request, most_bytes=_FORM_BYTES)
        try:
            caller = await add_caller(
                self.ground.platform, operator, form.get("name", ""), terms_in(form)
            )
        except InputRefused as refused:
            return self._form(request, operator, form, problems=refused.problems)
        except CallerNameTaken:
            taken = self.ground.words(request)["caller"]["taken"]
            return self._form(request, operator, form, problems=[("name", taken)])
        return self._go(caller)

    async def one(self, request: Call) -> PageAnswer:
        """Show one caller with its tokens."""
        operator = await self.ground.reading(request)
        return await self._show(request, operator, notice=query_word(request, "notice"))

    async def terms(self, request: Call) -> PageAnswer:
        """Show the form of a caller's terms."""
        operator = await self.ground.reading(request)
        caller = await self._caller(request)
        return self._form(request, operator, form_of_terms(terms_of(caller)), caller=caller)

    async def change(self, request: Call) -> PageAnswer:
        """Give a caller other terms, or show the form again with what is wrong."""
        operator = await self.ground.acting(request)
        form = await read_form(request, most_bytes=_FORM_BYTES)
        caller = await self._caller(request)
        try:
            await change_caller(self.ground.platform, operator, caller.id, terms_in(form))
        except InputRefused as refused:
            return self._form(request, operator, form, caller=caller, problems=refused.problems)
        except CallerAbsent:
            raise OwnerUnknown from None
        return self._go(caller, "saved")

    async def disable(self, request: Call) -> PageAnswer:
        """Refuse every token of a caller."""
        return await self._act(request, disable_caller)

    async def enable(self, request: Call) -> PageAnswer:
        """Take a caller's tokens again."""
        return await self._act(request, enable_caller)

    async def remove(self, request: Call) -> PageAnswer:
        """Forget a caller and its tokens, after a yes."""
        operator = await self.ground.acting(request)
        form = await read_form(request)
        caller = await self._caller(request)
        if form.get("confirmed") != _YES:
            return await self._show(request, operator, is_removing=True, status=_UNPROCESSABLE)
        try:
            await remove_caller(self.ground.platform, operator, caller.id)
        except CallerAbsent:
            raise OwnerUnknown from None
        return see_other(f"{self.ground.base}/callers")

    async def add_token(self, request: Call) -> PageAnswer:
        """Make a token and show it once."""
        operator = await self.ground.acting(request)
        form = await read_form(request)
        days = form.get("days", "")
        try:
            issued = await add_token(
                self.ground.platform,
                operator,
                request.path_params["caller_id"],
                Mode.LIVE if form.get("mode") == Mode.LIVE else Mode.TEST,
                lifetime=_lifetime(days),
            )
        except InputRefused as refused:
            return await self._show(
                request, operator, problems=refused.problems, status=_UNPROCESSABLE
            )
        except CallerAbsent:
            raise OwnerUnknown from None
        return await self._show(request, operator, issued=issued)

    async def rotate(self, request: Call) -> PageAnswer:
        """Make a token in another's place and show it once."""
        operator = await self.ground.acting(request)
        token_id = await self._token_id(request)
        try:
            issued = await rotate_token(self.ground.platform, operator, token_id)
        except TokenAbsent:
            raise OwnerUnknown from None
        except TokenOver:
            return await self._show(request, operator, status=_CONFLICT)
        return await self._show(request, operator, issued=issued)

    async def revoke(self, request: Call) -> PageAnswer:
        """Refuse a token from now on."""
        operator = await self.ground.acting(request)
        token_id = await self._token_id(request)
        try:
            await revoke_token(self.ground.platform, operator, token_id)
        except TokenAbsent:
            raise OwnerUnknown from None
        return self._go(await self._caller(request))

    async def _act(self, request: Call, act: Act) -> PageAnswer:
        operator = await self.ground.acting(request)
        try:
            return self._go(
                await act(self.ground.platform, operator, request.path_params["caller_id"])
            )
        except CallerAbsent:
            raise OwnerUnknown from None

    async def _caller(self, request: Call) -> GatewayCaller:
        try:
            return await get_caller(self.ground.platform, request.path_params["caller_id"])
        except CallerAbsent:
            raise OwnerUnknown from None

    async def _token_id(self, request: Call) -> str:
        """Return the token that the address names, if it is the named caller's."""
        caller = await self._caller(request)
        token_id: str = request.path_params["token_id"]
        tokens = await list_tokens(self.ground.platform, caller.id)
        if token_id not in {token.id for token in tokens}:
            raise OwnerUnknown
        return token_id

    async def _show(
        self,
        request: Call,
        operator: Caller,
        *,
        issued: IssuedToken | None = None,
        problems: Sequence[tuple[str, str]] = (),
        notice: str = "",
        is_removing: bool = False,
        status: int = 200,
    ) -> PageAnswer:
        caller = await self._caller(request)
        tokens = await list_tokens(self.ground.platform, caller.id)
        return self.ground.show(
            "caller.html",
            request,
            operator,
            room="callers",
            status=status,
            caller=caller,
            form=form_of_terms(terms_of(caller)),
            tokens=[*reversed(tokens)],
            now=self.ground.platform.clock(),
            grace_hours=int(GRACE.total_seconds() // 3600),
            token=None if issued is None else issued.token.reveal(),
            problems=problems,
            notice=notice,
            is_removing=is_removing,
            modes=[mode.value for mode in Mode],
        )

    def _form(
        self,
        request: Call,
        operator: Caller,
        form: Mapping[str, Any],
        *,
        caller: GatewayCaller | None = None,
        problems: Sequence[tuple[str, str]] = (),
    ) -> PageAnswer:
        return self.ground.show(
            "caller_form.html",
            request,
            operator,
            room="callers",
            status=_UNPROCESSABLE if problems else 200,
            caller=caller,
            form={**BLANK, **form},
            problems=dict(problems),
            policies=sorted(self.ground.platform.lending.policies),
        )

    def _go(self, caller: GatewayCaller, notice: str = "") -> PageAnswer:
        told = f"?notice={notice}" if notice else ""
        return see_other(f"{self.ground.base}/callers/{caller.id}{told}")


def build_callers(callers: Callers) -> Sequence[HTTPRouteHandler]:
    """Return the routes of the pages about callers."""
    one = "/gateway/callers/{caller_id:str}"
    acts = {
        "change": callers.change,
        "disable": callers.disable,
        "enable": callers.enable,
        "remove": callers.remove,
        "tokens": callers.add_token,
        "tokens/{token_id:str}/rotate": callers.rotate,
        "tokens/{token_id:str}/revoke": callers.revoke,
    }
    return [
        get_route("/gateway/callers")(callers.listed),
        get_route("/gateway/callers/new")(callers.blank),
        post("/gateway/callers", status_code=200)(callers.add),
        get_route(one)(callers.one),
        get_route(f"{one}/change")(callers.terms),
        *(post(f"{one}/{path}", status_code=200)(act) for path, act in acts.items()),
    ]


def _lifetime(days: str) -> timedelta | None:
    """Return for how long a token is wanted; None: until it is revoked.

    Raises:
        InputRefused: it is no number of days.
    """
    if not days:
        return None
    if not (days.isascii() and days.isdigit() and len(days) <= len("9999")):
        raise InputRefused([("days", "must be a number of days")])
    return timedelta(days=int(days))
