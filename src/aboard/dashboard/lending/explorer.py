"""The explorer: a form, a snippet and a button for each operation that the gateway knows.

The page's script holds a short-lived caller token in its memory and sends with it what the form
says; the gateway does the rest, as for any other caller, and writes the same one row.

Source: docs/gateway/explorer.md.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Final, cast

from litestar import get as get_route
from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from aboard.core.errors import InputRefused, OwnerUnknown, Unauthenticated
from aboard.core.lending.catalogue import all_operations, find_operation
from aboard.core.lending.operations import Operation, Place
from aboard.core.owner import Mode
from aboard.dashboard.lending.form_model import form_of
from aboard.dashboard.lending.ground import LendingGround
from aboard.dashboard.visitor import Call, query_word, read_form
from aboard.flows.lending.explorer import (
    EXPLORER_LIFETIME,
    borrow_for_explorer,
    explorer_name,
    explorer_words,
    lent_modes,
)
from aboard.flows.operator_entry import OPERATOR_PATH
from aboard.web.answer import Answer, PageAnswer
from aboard.web.collaborator import Collaborator

AnyApp = Callable[[Any, Any, Any], Awaitable[None]]
"""An application of another room, which names the same three things of ASGI in its own way."""

SEND_PATH: Final = f"{OPERATOR_PATH}/send"
SNIPPETS: Final = (("curl", "curl"), ("python", "Python"), ("typescript", "TypeScript"))
_FIRST_ONES: Final = (
    "account_links.create",
    "accounts.list",
    "accounts.create",
    "balance.retrieve",
)


@dataclass(frozen=True, slots=True)
class Explorer(Collaborator):
    """The explorer's pages over one platform."""

    ground: LendingGround

    async def start(self, request: Call) -> PageAnswer:
        """Show the list of operations."""
        operator = await self.ground.reading(request)
        first_ones = [found for each in _FIRST_ONES if (found := find_operation(each))]
        return self.ground.show(
            "explorer.html",
            request,
            operator,
            room="explorer",
            operation=None,
            groups=groups(),
            mode_query="",
            first_ones=first_ones,
        )

    async def operation(self, request: Call) -> PageAnswer:
        """Show one operation with its form.

        Raises:
            OwnerUnknown: there is no such operation.
        """
        operator = await self.ground.reading(request)
        operation = find_operation("{namespace}.{name}".format_map(request.path_params))
        if operation is None:
            raise OwnerUnknown
        modes = await lent_modes(self.ground.platform)
        wants_live = query_word(request, "mode") == Mode.LIVE
        mode = Mode.LIVE if wants_live and Mode.LIVE in modes else Mode.TEST
        form = form_of(operation)
        used = {field["place"] for field in form["fields"]}
        return self.ground.show(
            "explorer.html",
            request,
            operator,
            room="explorer",
            operation=operation,
            groups=groups(),
            caller_name=explorer_name(operator),
            mode=mode.value,
            mode_query=f"?mode={mode}" if mode.is_live else "",
            modes=[each.value for each in modes],
            places=[place.value for place in Place if place in used],
            languages_of_snippets=SNIPPETS,
            allowed=explorer_words(mode, ())[mode],
            form=form,
            place={
                "gateway": self.ground.gateway,
                "mode": mode.value,
                "send": f"{self.ground.pages.prefix}{SEND_PATH}",
                "tokens": f"{self.ground.base}/explore/token",
            },
        )

    async def lend(self, request: Call) -> Answer[dict[str, Any]]:
        """Make the token that the page holds: for 15 minutes, in one mode, for what is granted.

        Raises:
            InputRefused: no such mode here, or a word that grants nothing.
        """
        operator = await self.ground.acting(request)
        form = await read_form(request)
        mode = form.get("mode", "")
        if mode not in await lent_modes(self.ground.platform):
            raise InputRefused([("mode", "is none that the gateway has a key for")])
        lent = await borrow_for_explorer(
            self.ground.platform, operator, Mode(mode), form.get("grants", "").split()
        )
        return Answer(
            {
                "token": lent.token.reveal(),
                "seconds": int(EXPLORER_LIFETIME.total_seconds()),
                "ends": lent.expires_at.strftime("%H:%M:%S UTC"),
                "allowed": list(lent.allowed),
            }
        )


def sending(ground: LendingGround, gateway: AnyApp) -> ASGIApp:
    """Return the explorer's way to the gateway, for who is signed in here and for nobody else.

    The gateway is the one that is mounted at `SEND_PATH`; it asks for a caller token besides.
    """

    async def send_on(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            operator = await ground.find_caller(_without_token(scope))
        except Unauthenticated:
            operator = None
        if operator is None or not operator.is_operator:
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await gateway(scope, receive, send)

    return send_on


def _without_token(scope: Scope) -> Scope:
    """Return a request by what a browser is known: the caller token is none of it."""
    cookies = [pair for pair in scope["headers"] if pair[0] == b"cookie"]
    return cast("Scope", {**scope, "headers": cookies})


@cache
def groups() -> Sequence[tuple[str, Sequence[Operation]]]:
    """Return every operation by its namespace, in the catalogue's order."""
    by_namespace = groupby(all_operations(), lambda each: each.namespace)
    return [(namespace, list(members)) for namespace, members in by_namespace]


def build_explorer(explorer: Explorer) -> Sequence[HTTPRouteHandler]:
    """Return the routes of the explorer."""
    return [
        get_route("/gateway/explore")(explorer.start),
        get_route("/gateway/explore/{namespace:str}/{name:str}")(explorer.operation),
        post("/gateway/explore/token", status_code=200)(explorer.lend),
    ]
