"""The pages that an owner looks at: overview, checklist, coming back, and two that ask first.

None of them changes anything at Stripe. The overview and the way back say what is stored, which
webhooks keep true; "look again" asks Stripe.

Source: docs/owner-pages.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from litestar import Response
from litestar import get as get_route
from litestar.handlers import HTTPRouteHandler

from aboard.core.errors import OwnerUnknown, TooManyRequests
from aboard.core.kyc import KycStatus
from aboard.core.owner import Mode, OwnerKind
from aboard.core.readiness import Actor, Readiness
from aboard.core.wording import word_actor, word_readiness
from aboard.dashboard.ground import LOOKS_LIMIT, Ground
from aboard.dashboard.lines import URGENT, urgencies_of, urgent_titles
from aboard.dashboard.standing import Standing, standing_of
from aboard.dashboard.visitor import Call, Visitor, query_word
from aboard.dashboard.words import countries_in, country_name, words_in
from aboard.flows.callbacks import REFRESH_NEEDED
from aboard.flows.checklist import read_checklist, word_reading
from aboard.flows.entry import owner_address
from aboard.flows.gate import find_gate
from aboard.flows.kyc import standing_of as standing_of_creator
from aboard.flows.sync import Reading, read_account
from aboard.web.answer import EmptyAnswer, PageAnswer, see_other
from aboard.web.collaborator import Collaborator

OWNERS: Final = (
    "/creator",  # in the mode that a creator's session, or else the settings name
    *(f"/creator/{mode}" for mode in Mode),
    "/organizations/{organization_id:str}/{mode:str}",
)
_LINK_NOTICES: Final = {"link_used": "link_used", REFRESH_NEEDED: "link_ended"}
_LONGEST_WATCH_SECONDS: Final = 300
_DIGITS: Final = 12
_MOST_WANTED: Final = 6


@dataclass(frozen=True, slots=True)
class Looks(Collaborator):
    """The pages over one platform."""

    ground: Ground

    async def status(self, request: Call) -> PageAnswer:
        """Say where the owner stands, who must act, and what to do next."""
        visitor = await self.ground.reading(request)
        reading = await self._read(request, visitor)
        notice = _LINK_NOTICES.get(
            query_word(request, "notice") or query_word(request, "outcome"), ""
        )
        if not notice and await self._is_being_checked(visitor):
            notice = "kyc_pending"
        return await self._standing("status.html", request, visitor, reading, notice_name=notice)

    async def back(self, request: Call) -> Response[Any]:
        """Say how things stand after Stripe. The words in the address are not believed."""
        visitor = await self.ground.reading(request)
        reading = await self._read(request, visitor)
        readiness = reading.assessment.readiness
        now = int(self.ground.platform.clock().timestamp())
        since = _since(query_word(request, "since"), now)
        is_watching = readiness is Readiness.PENDING and now - since < _LONGEST_WATCH_SECONDS
        if is_watching and query_word(request, "seen") == readiness.value:
            return EmptyAnswer()  # nothing new: what is shown, and the focus in it, stay
        return await self._standing(
            "back.html",
            request,
            visitor,
            reading,
            notice_name=_LINK_NOTICES.get(query_word(request, "outcome"), ""),
            watch=f"seen={readiness.value}&since={since}" if is_watching else "",
        )

    async def checklist(self, request: Call) -> PageAnswer:
        """List what Stripe asks for, most urgent first, with the reason and what to do."""
        visitor = await self.ground.reading(request)
        language = visitor.reader.language
        listed = await read_checklist(
            self.ground.platform, visitor.owner, fresh=False, language=language
        )
        standing = standing_of(visitor, listed.reading)
        urgencies = urgencies_of(
            listed.groups, language, is_submitted=standing.is_submitted is True
        )
        return self.ground.show(
            "checklist.html",
            request,
            visitor,
            standing=standing,
            groups=urgencies if standing.has_checklist and visitor.sees_compliance else (),
            is_urgent=any(group.timing in URGENT for group in listed.groups),
        )

    async def country(self, request: Call) -> PageAnswer:
        """Ask in which country the business is, as long as nothing was handed in."""
        visitor = await self.ground.reading(request)
        reading = await read_account(self.ground.platform, visitor.owner, fresh=False)
        return show_country(self.ground, request, visitor, standing_of(visitor, reading))

    async def start_over(self, request: Call) -> PageAnswer:
        """Say what starting again means, and ask for a yes."""
        visitor = await self.ground.reading(request)
        reading = await read_account(self.ground.platform, visitor.owner, fresh=False)
        return show_start_over(self.ground, request, visitor, standing_of(visitor, reading))

    async def named_creator(self, request: Call) -> PageAnswer:
        """Send a creator who is named in the address to their own pages."""
        visitor = await self.ground.reading(request)
        if visitor.owner.id != request.path_params["creator_id"]:
            raise OwnerUnknown
        notice = query_word(request, "notice")
        known = f"?notice={notice}" if notice in _LINK_NOTICES else ""
        return see_other(f"{owner_address(self.ground.platform, visitor.owner)}{known}")

    async def _is_being_checked(self, visitor: Visitor) -> bool:
        """Say whether somebody still looks at who this creator is, so that they have to wait."""
        if visitor.owner.kind is not OwnerKind.CREATOR:
            return False
        standing = await standing_of_creator(self.ground.platform, visitor.owner.id)
        return standing.status is KycStatus.PENDING

    async def _read(self, request: Call, visitor: Visitor) -> Reading:
        is_fresh = query_word(request, "look") == "again"
        if is_fresh:
            try:
                await self.ground.count(visitor, "pages.look", LOOKS_LIMIT)
            except TooManyRequests:  # what is stored is still an answer
                is_fresh = False
        return await read_account(self.ground.platform, visitor.owner, fresh=is_fresh)

    async def _standing(
        self,
        template: str,
        request: Call,
        visitor: Visitor,
        reading: Reading,
        *,
        notice_name: str,
        watch: str = "",
    ) -> PageAnswer:
        standing = standing_of(visitor, reading)
        language = visitor.reader.language
        wanted: tuple[str, ...] = ()
        # Whoever need do nothing is shown nothing to give.
        if standing.actor is Actor.OWNER and standing.has_checklist and visitor.sees_compliance:
            listed = word_reading(self.ground.platform, reading, language)
            wanted = urgent_titles(
                urgencies_of(listed.groups, language, is_submitted=standing.is_submitted is True)
            )
        gate = await find_gate(self.ground.platform, reading.account)
        return self.ground.show(
            template,
            request,
            visitor,
            standing=standing,
            state=word_readiness(reading.assessment, language),
            actor=_actor(standing, visitor),
            # A platform that never opens the gate is not said to keep it closed.
            is_live=None if gate is None else gate.is_open,
            wanted=wanted[:_MOST_WANTED],
            more=max(0, len(wanted) - _MOST_WANTED),
            notice_name=notice_name,
            watch=watch,
        )


def show_country(
    ground: Ground,
    request: Call,
    visitor: Visitor,
    standing: Standing,
    *,
    problem: str = "",
    status: int = 200,
) -> PageAnswer:
    """Return the page that asks for the country, with what was wrong with the answer."""
    language = visitor.reader.language
    return ground.show(
        "country.html",
        request,
        visitor,
        status=status,
        standing=standing,
        countries=countries_in(language),
        now_in=country_name(standing.country, language) if standing.country else "",
        problem=problem,
    )


def show_start_over(
    ground: Ground,
    request: Call,
    visitor: Visitor,
    standing: Standing,
    *,
    problem: str = "",
    status: int = 200,
) -> PageAnswer:
    """Return the page that asks whether to start again."""
    return ground.show(
        "start_over.html", request, visitor, status=status, standing=standing, problem=problem
    )


def build_looks(looks: Looks) -> Sequence[HTTPRouteHandler]:
    """Return the routes of the pages, for creators and organizations alike."""
    return [
        get_route(list(OWNERS))(looks.status),
        get_route([f"{owner}/back" for owner in OWNERS], status_code=200)(looks.back),
        get_route([f"{owner}/checklist" for owner in OWNERS])(looks.checklist),
        get_route([f"{owner}/country" for owner in OWNERS])(looks.country),
        get_route([f"{owner}/start-over" for owner in OWNERS])(looks.start_over),
        get_route("/creators/{creator_id:str}/{mode:str}")(looks.named_creator),
    ]


def _actor(standing: Standing, visitor: Visitor) -> str:
    """Return who must act, as this visitor reads it: a reader is not told to."""
    language = visitor.reader.language
    if standing.actor is Actor.OWNER and not visitor.may_act:
        return str(words_in(language)["status"]["reader_waits"])
    return word_actor(standing.actor, language)


def _since(text: str, now: int) -> int:
    """Return when the watching began, in seconds since 1970; now if the address is no help."""
    return int(text) if text.isdigit() and text.isascii() and len(text) < _DIGITS else now
