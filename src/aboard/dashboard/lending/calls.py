"""What was called: the newest calls first, those that fit a filter, and all of them as a file.

Source: docs/gateway/callers.md, the record of calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from litestar import get as get_route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from aboard.core.errors import OwnerUnknown
from aboard.core.lending.calls import ANSWERED, OPEN, CallFilter
from aboard.core.lending.refusals import RefusalCode
from aboard.core.owner import Mode
from aboard.dashboard.lending.call_files import KINDS, call_file
from aboard.dashboard.lending.ground import LendingGround
from aboard.dashboard.visitor import Call, query_word
from aboard.flows.lending.callers import list_callers
from aboard.flows.lending.record import find_calls_before
from aboard.web.answer import PageAnswer
from aboard.web.collaborator import Collaborator

PAGE: Final = 50
OUTCOMES: Final = (ANSWERED, OPEN, *(code.value for code in RefusalCode))
FILTERS: Final = ("caller", "mode", "outcome", "day")


@dataclass(frozen=True, slots=True)
class Calls(Collaborator):
    """The pages about calls over one platform."""

    ground: LendingGround

    async def listed(self, request: Call) -> PageAnswer:
        """Show a page of calls that fit, the newest first."""
        operator = await self.ground.reading(request)
        platform = self.ground.platform
        chosen = {name: query_word(request, name) for name in FILTERS}
        which = filter_of(chosen)
        found, older = await find_calls_before(
            platform, which, limit=PAGE, before=query_word(request, "before")
        )
        kept = {name: word for name, word in chosen.items() if word}
        return self.ground.show(
            "calls.html",
            request,
            operator,
            room="calls",
            calls=found,
            chosen=chosen,
            callers_named=[(each.id, each.name) for each in await list_callers(platform)],
            modes=[(mode.value, mode.value) for mode in Mode],
            outcomes=[(outcome, outcome) for outcome in OUTCOMES],
            older=urlencode({**kept, "before": older}) if older else "",
            query=urlencode(kept),
        )

    async def export(self, request: Call) -> Stream:
        """Send every call that fits, as a file.

        Raises:
            OwnerUnknown: there are no files of this kind.
        """
        await self.ground.reading(request)
        _, _, kind = request.path_params["file"].partition(".")
        if request.path_params["file"] not in {f"export.{each}" for each in KINDS}:
            raise OwnerUnknown
        chosen = {name: query_word(request, name) for name in FILTERS}
        return call_file(self.ground.platform, filter_of(chosen), kind)


def filter_of(chosen: dict[str, str]) -> CallFilter:
    """Return which calls are meant; a word that means nothing is as if it was not said."""
    since = _day(chosen["day"])
    return CallFilter(
        since=since,
        before=None if since is None else since + timedelta(days=1),
        caller_id=chosen["caller"] or None,
        mode=Mode(chosen["mode"]) if chosen["mode"] in set(Mode) else None,
        outcome=chosen["outcome"] if chosen["outcome"] in OUTCOMES else None,
    )


def build_calls(calls: Calls) -> Sequence[HTTPRouteHandler]:
    """Return the routes of the pages about calls."""
    return [
        get_route("/gateway/calls")(calls.listed),
        get_route("/gateway/calls/{file:str}")(calls.export),
    ]


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return None
