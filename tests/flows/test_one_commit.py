"""News, its announcement, the gate and the audit are written together or not at all."""

from dataclasses import replace

import pytest

from aboard.core.errors import StoreUnavailable
from aboard.core.owner import Owner
from aboard.flows.gate import read_setup_state
from aboard.flows.platform import Platform
from aboard.flows.remember import remember_disconnection
from aboard.flows.sync import read_account
from aboard.store import Store
from aboard.store.statements import statements_for
from tests.flows.drivers import TakesBack
from tests.flows.telling import opened
from tests.scene import Scene

pytestmark = pytest.mark.both


class TestOneCommit:
    @pytest.mark.parametrize("part", ["gate", "announcement", "audit"])
    async def test_news_its_announcement_and_the_gate_are_written_together_or_not_at_all(
        self, scene: Scene, organization: Owner, database: str, part: str
    ) -> None:
        platform, account_id = await opened(scene, organization)
        sql = statements_for(platform.store._driver.dialect)  # noqa: SLF001 - the same statement
        statement = {
            "gate": sql.gates.close,
            "announcement": sql.announcements.announce,
            "audit": sql.records.append_audit,
        }[part]
        before = await remembered(platform, organization)
        await scene.control(account_id, "lose", capability="transfers")
        driver = TakesBack(database, lambda step: step.statement is statement)
        store = Store(driver)
        with pytest.raises(StoreUnavailable):
            await read_account(replace(platform, store=store), organization, fresh=True)
        assert driver.spoilt == 1
        assert await remembered(platform, organization) == before
        account = await platform.store.find_account(organization)
        assert account is not None
        with pytest.raises(StoreUnavailable):
            await remember_disconnection(replace(platform, store=store), account, "deauthorized")
        assert driver.spoilt == 2
        assert await remembered(platform, organization) == before
        await store.close()
        after = await read_setup_state(platform, organization, fresh=True)
        assert after.gate is not None
        assert not after.gate.is_open


async def remembered(platform: Platform, owner: Owner) -> tuple[object, ...]:
    state = await read_setup_state(platform, owner)
    return (
        state.reading.account,
        state.gate,
        await platform.store.list_announcements(owner),
        await platform.store.list_audit(owner),
    )
