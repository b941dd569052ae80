"""Do two nodes of one platform answer from one window, and say what is left of it?"""

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from aboard.api.application import CallLimits
from aboard.app import open_platform
from aboard.core.secret import Secret
from aboard.flows.journal import Journal
from aboard.flows.shared_limits import SharedLimits
from tests.api.asking import CONNECT
from tests.api.conftest import OpenDesk
from tests.flows.redis_server import free_port, open_shelf
from tests.scene import Scene, lay_database
from tests.settings.test_settings import load


async def test_two_nodes_answer_from_one_window(scene: Scene, open_desk: OpenDesk) -> None:
    with open_shelf() as shelf:
        async with AsyncExitStack() as stack:
            desks = []
            for _ in range(2):
                limits = SharedLimits(
                    Secret(shelf.address), Journal(), prefix=shelf.prefix, patience_seconds=30
                )
                stack.push_async_callback(limits.close)
                node = replace(scene.platform, limits=limits)
                desks.append(await open_desk(node, CallLimits(creators=3)))
            for number, left in enumerate((2, 1, 0)):
                answer = await desks[number % 2].ask("GET", f"{CONNECT}/status")
                assert answer.status_code != 429
                assert answer.headers["ratelimit-limit"] == "3"
                assert answer.headers["ratelimit-remaining"] == str(left)
                assert 0 < int(answer.headers["ratelimit-reset"]) <= 3600
            for desk in desks:
                answer = await desk.ask("GET", f"{CONNECT}/status")
                assert answer.status_code == 429
                assert answer.headers["ratelimit-remaining"] == "0"
                assert 0 < int(answer.headers["retry-after"]) <= 3600


async def test_the_setting_leads_to_redis_and_an_outage_into_the_journal(tmp_path: Path) -> None:
    database = str(tmp_path / "aboard.sqlite3")
    lay_database(database)
    settings = load(DATABASE=database, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    async with open_platform(settings) as platform:
        for left in (1, 0):
            taken = await platform.limits.take("ada", "x", limit=2, window_seconds=600)
            assert taken.remaining == left
        assert platform.journal.counts == {"limits.degraded": 1}
