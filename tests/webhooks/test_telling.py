"""Does the worker tell subscribers beside its other rounds, and stop when it is told to?"""

import asyncio

from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.start import start_onboarding
from aboard.flows.subscribers import add_subscriber
from aboard.webhooks import run_worker
from aboard.webhooks.courier import Courier
from aboard.webhooks.worker import Pace
from tests.flows.subscribing import KEYS, OPERATOR
from tests.scene import REFRESH_URL, RETURN_URL, Scene
from tests.webhooks.receiver import receiving

OWNER = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)


async def test_what_is_announced_while_it_works_arrives(scene: Scene) -> None:
    courier, stop = Courier(), asyncio.Event()
    platform = scene.with_changes(outgoing_keys=KEYS, post=courier.send)
    async with receiving() as receiver:
        await add_subscriber(platform, OPERATOR, Mode.TEST, receiver.url + "/told")
        worker = asyncio.create_task(run_worker(platform, stop, Pace(idle_seconds=0.01)))
        await start_onboarding(platform, OWNER, return_url=RETURN_URL, refresh_url=REFRESH_URL)
        await receiver.until(lambda: len(receiver.heard) >= 2)
        stop.set()
        await asyncio.wait_for(worker, 10)
        told = await platform.store.list_announcements(OWNER)
        assert {each.event_id for each in receiver.heard} == {each.id for each in told}
    await courier.close()
