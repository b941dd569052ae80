"""May the organization take live money? Refused by name, opened by a person, closed by facts.

Source: docs/api/organizations.md, going live; ADR-0014, the gate and its announcements.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from aboard.cli.demo.seller import Seller
from aboard.cli.demo.stage import Stage
from aboard.cli.demo.steps import Step, Story
from aboard.core.announcements import AnnouncementType
from aboard.core.owner import Mode, Owner, OwnerKind

CAPABILITY: Final = "card_payments"
_BLOCKER: Final = f"capability_inactive:{CAPABILITY}"
_PATIENCE_SECONDS: Final = 15.0
_REFUSED, _FORBIDDEN = 409, 403


class GoingLive:
    """The chapter about the gate, over a stage."""

    def __init__(self, stage: Stage, story: Story, seller: Seller, account_id: str) -> None:
        """Take the stage, the story, and the seller with their account at Stripe."""
        self._stage = stage
        self._story = story
        self._seller = seller
        self._account_id = account_id
        self._owner = Owner(OwnerKind.ORGANIZATION, seller.organization_id, Mode.TEST)

    async def walk(self) -> None:
        """Walk the chapter.

        Raises:
            StepDiffers: a step went another way than it should.
        """
        await self._be_refused()
        await self._allow_a_rehearsal()
        await self._open()
        await self._lose_a_capability()
        await self._see_what_was_told()

    async def _be_refused(self) -> None:
        with self._story.step("Going live is refused, by name") as step:
            answer = await self._stage.backend.go_live(self._seller.token, self._owner.id)
            step.expect("status", answer.status, _REFUSED)
            step.expect("code", answer.refusal, "not_ready")
            step.require("test_mode_only is named", holds="test_mode_only" in answer.blockers)
            step.expect("live", (await self._state(step))["live"], False)
            step.tell(f"409 not_ready: {', '.join(answer.blockers)}")

    async def _allow_a_rehearsal(self) -> None:
        with self._story.step("An operator allows a rehearsal") as step:
            backend, owner_id = self._stage.backend, self._owner.id
            own_try = await backend.allow_rehearsal(self._seller.token, owner_id)
            step.expect("status of the seller's own try", own_try.status, _FORBIDDEN)
            answer = await backend.allow_rehearsal(self._stage.operator, owner_id)
            step.expect("status", answer.status, 200)
            step.expect("decidedBy", answer.body["decidedBy"], "organization")
            step.expect("blockers", (await self._state(step))["blockers"], [])
            step.tell("no blocker left in test mode; the seller's own try is 403")

    async def _open(self) -> None:
        with self._story.step("The seller opens the gate") as step:
            answer = await self._stage.backend.go_live(self._seller.token, self._owner.id)
            step.expect("status", answer.status, 200)
            for claim in ("onboarded", "operational", "live"):
                step.expect(claim, answer.body[claim], True)
            step.expect("openedBy", answer.body["openedBy"], self._seller.visitor.user_id)
            step.expect("source", answer.body["source"], "live")
            step.tell("Stripe was asked first: onboarded, operational, live")

    async def _lose_a_capability(self) -> None:
        with self._story.step("A capability lost closes it") as step:
            await self._take_away(step)
            state = await self._closed(step)
            step.require(f"{_BLOCKER} is named", holds=_BLOCKER in state["blockers"])
            step.expect("source", state["source"], "stored")
            told = await self._stage.platform.store.list_announcements(self._owner)
            closed = [each for each in told if each.type is AnnouncementType.GO_LIVE_CLOSED]
            step.expect("who closed it", [each.payload["closed_by"] for each in closed], ["facts"])
            # One commit: the gate never stays open beside news that speak against it.
            news = (
                each.occurred_at
                for each in told
                if each.type is AnnouncementType.READINESS_CHANGED
                and each.payload["previous_readiness"] in {"enabled", "complete"}
            )
            step.expect("when the news came", next(news, None), closed[0].occurred_at)
            step.tell(f"in one commit with the news: {_BLOCKER}")

    async def _take_away(self, step: Step) -> None:
        """Do what Stripe does when it takes a capability away."""
        url = f"{self._stage.addresses.sandbox}/_sandbox/accounts/{self._account_id}/lose"
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data={"capability": CAPABILITY}) as answer,
        ):
            step.expect("status of the sandbox", answer.status, 200)

    async def _closed(self, step: Step) -> Mapping[str, Any]:
        """Wait until the gate is closed, as the worker left it; nobody asks Stripe meanwhile."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while True:
            state = await self._state(step)
            if not state["live"]:
                step.require("there is a closing time", holds=state["closedAt"] is not None)
                return state
            if asyncio.get_running_loop().time() > deadline:
                step.expect("live", state["live"], False)
            await asyncio.sleep(0.02)

    async def _see_what_was_told(self) -> None:
        with self._story.step("The platform is told each change") as step:
            told = await self._stage.platform.store.list_announcements(self._owner)
            counts = Counter(each.type for each in reversed(told))
            for once in (AnnouncementType.GO_LIVE_OPENED, AnnouncementType.GO_LIVE_CLOSED):
                step.expect(once.value, counts[once], 1)
            for some in (AnnouncementType.READINESS_CHANGED, AnnouncementType.REQUIREMENTS_CHANGED):
                step.require(f"{some.value} was told", holds=counts[some] > 0)
            words = (
                f"{kind.value.removeprefix('connect.').removeprefix('account.')}"
                + (f" x{count}" if count > 1 else "")
                for kind, count in counts.items()
            )
            step.tell(", ".join(words))

    async def _state(self, step: Step) -> Mapping[str, Any]:
        answer = await self._stage.backend.read_setup_state(self._seller.token, self._owner.id)
        step.expect("status of setup-state", answer.status, 200)
        return answer.body
