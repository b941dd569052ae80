"""Two at once with one key, and what a killed request leaves behind."""

import asyncio
from datetime import timedelta

import pytest

from aboard.core.caller import Role
from aboard.core.errors import IdempotencyBusy, StripeUnavailable
from aboard.flows.idempotency import KeyedRequest, answer_anew, answer_once
from tests.api.asking import Desk
from tests.api.conftest import OpenDesk
from tests.api.organizations.counter import KEY, MODE_BODY, ORG, ask, audited, refusal, start, told
from tests.api.organizations.test_going_live import REHEARSAL
from tests.scene import Scene

GO = f"{ORG}/go-live"
REQUEST = KeyedRequest("ada", "organizations.go-live", "org_1", "try-1", b"{}")


class Work:
    """Something to do that counts how often it was done."""

    def __init__(self) -> None:
        self.times = 0
        self.began = asyncio.Event()
        self.may_end = asyncio.Event()

    async def __call__(self) -> str:
        self.times += 1
        self.began.set()
        await self.may_end.wait()
        return "done"


async def test_of_two_changes_at_once_one_is_done(desk: Desk, open_desk: OpenDesk) -> None:
    lenient = await open_desk(desk.scene.with_changes(policy=REHEARSAL))
    await desk.scene.complete(await start(lenient))
    desk.scene.road.mood = ["slow"]
    answers = await asyncio.gather(
        *(ask(lenient, "POST", GO, json=MODE_BODY, headers=KEY) for _ in range(5))
    )
    done = [answer for answer in answers if answer.status_code == 200]
    assert done
    for answer in answers:
        if answer not in done:
            details = refusal(answer, 409, "idempotency_in_progress")
            assert details == {"retryAfterSeconds": 1}
            assert answer.headers["retry-after"] == "1"
    assert await audited(lenient, action="gate.open") == ["opened"]
    assert (await told(lenient)).count("connect.golive.opened") == 1
    again = await ask(lenient, "POST", GO, json=MODE_BODY, headers=KEY)
    assert (again.status_code, again.content) == (200, done[0].content)


async def test_the_second_waits_for_the_first(scene: Scene) -> None:
    work = Work()
    first = asyncio.create_task(answer_once(scene.platform, REQUEST, work))
    await work.began.wait()
    with pytest.raises(IdempotencyBusy):
        await answer_once(scene.platform, REQUEST, work)
    work.may_end.set()
    assert not (await first).is_repeat
    assert (await answer_once(scene.platform, REQUEST, work)).is_repeat
    assert work.times == 1


async def test_a_killed_request_leaves_its_key_to_the_same_body(scene: Scene) -> None:
    work = Work()
    killed = asyncio.create_task(answer_once(scene.platform, REQUEST, work))
    await work.began.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    work.may_end.set()
    with pytest.raises(IdempotencyBusy):
        await answer_once(scene.platform, REQUEST, work)
    scene.clock.advance(timedelta(minutes=2))
    assert not (await answer_once(scene.platform, REQUEST, work)).is_repeat
    assert work.times == 2


async def test_a_fault_of_ours_leaves_its_key_to_the_same_body(scene: Scene) -> None:
    async def broken() -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await answer_once(scene.platform, REQUEST, broken)
    work = Work()
    work.may_end.set()
    assert (await answer_once(scene.platform, REQUEST, work)).answer == "done"


async def test_two_doors_at_once_are_both_opened(scene: Scene) -> None:
    seen: list[bool] = []

    async def door(is_repeat: bool) -> int:  # noqa: FBT001 - called by position
        seen.append(is_repeat)
        await asyncio.sleep(0.01)
        return len(seen)

    await asyncio.gather(*(answer_anew(scene.platform, REQUEST, door) for _ in range(3)))
    await answer_anew(scene.platform, REQUEST, door)
    assert seen == [False, False, False, True]


async def test_a_door_that_nobody_answered_is_no_repeat(scene: Scene) -> None:
    async def away(_: bool) -> None:  # noqa: FBT001 - called by position
        raise StripeUnavailable("timeout")

    async def door(is_repeat: bool) -> bool:  # noqa: FBT001 - called by position
        return is_repeat

    with pytest.raises(StripeUnavailable):
        await answer_anew(scene.platform, REQUEST, away)
    assert await answer_anew(scene.platform, REQUEST, door) is False


async def test_whoever_may_no_longer_act_is_not_told_the_answer(
    desk: Desk, open_desk: OpenDesk
) -> None:
    lenient = await open_desk(desk.scene.with_changes(policy=REHEARSAL))
    await desk.scene.complete(await start(lenient))
    await ask(lenient, "POST", GO, json=MODE_BODY, headers=KEY)
    weak = {"org_1": Role.SUPPORT}
    refusal(
        await ask(lenient, "POST", GO, json=MODE_BODY, headers=KEY, organizations=weak),
        403,
        "not_yours",
    )
