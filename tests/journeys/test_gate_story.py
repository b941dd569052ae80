"""May they take live money? A person opens the gate; a capability that Stripe takes away closes it.

In live mode, behind a live key, and in test mode as a rehearsal, by a policy without `live_mode`.
The news comes by webhook and is read once; what one commit writes is looked at from outside.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from aboard.core.announcements import AnnouncementType
from aboard.core.caller import Role
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.flows.sync import sync_due
from aboard.store import Store
from aboard.store.driver import Batch, Outcome
from aboard.store.sqlite import SqliteDriver
from tests.journeys.town import ABOARD, KEY, MARKET, Answer, Town, ask_stripe, open_town

LIVE_KEY = "sk_live_aboard_words_fake"
OURS, SHOP = "https://aboard.example", "https://market.example"
CARDS, TRANSFERS = "capability_inactive:card_payments", "capability_inactive:transfers"
LOST = ["charges_disabled", "payouts_disabled", CARDS, TRANSFERS]
OPENED, CLOSED = AnnouncementType.GO_LIVE_OPENED, AnnouncementType.GO_LIVE_CLOSED
CHANGED = AnnouncementType.READINESS_CHANGED
ACH = "us_bank_account_ach_payments"
BOTH = ["card_payments", "transfers"]
SLEPT = "paused.inactivity"


@dataclass(frozen=True, slots=True)
class Stage:
    """One organization in one mode, and the people at its gate."""

    town: Town
    mode: Mode
    database: Path

    @property
    def owner(self) -> Owner:
        return Owner(OwnerKind.ORGANIZATION, "org_1", self.mode)

    @property
    def key(self) -> str:
        return LIVE_KEY if self.mode.is_live else KEY

    def as_a(self, role: Role) -> Secret:
        return self.town.token(f"the_{role}", {"org_1": role})

    async def begin(self) -> str:
        """Ask for a link and let the seller give everything; return the account's id."""
        shop = SHOP if self.mode.is_live else MARKET
        body = {
            "organizationId": "org_1",
            "mode": self.mode,
            "returnUrl": f"{shop}/back",
            "refreshUrl": f"{shop}/again",
        }
        path, token = "/v1/connect/accounts/onboarding-links", self.as_a(Role.OWNER)
        assert (await self.town.call("POST", path, token, body)).status == 200
        account_id: str = (await self.read(""))["stripeAccountId"]
        await self.town.force(account_id, "complete", collect="eventually_due")
        await self.town.settle()
        return account_id

    async def read(self, what: str) -> dict[str, Any]:
        path = f"/v1/connect/accounts/org_1{what}?mode={self.mode}"
        answer = await self.town.call("GET", path, self.as_a(Role.SUPPORT))
        assert answer.status == 200, answer.body
        return answer.body

    async def setup(self) -> tuple[bool, list[str]]:
        said = await self.read("/setup-state")
        return said["live"], said["blockers"]

    async def go_live(self, role: Role) -> Answer:
        path = "/v1/connect/accounts/org_1/go-live"
        return await self.town.call("POST", path, self.as_a(role), {"mode": self.mode})

    async def decide(self, capabilities: list[str]) -> None:
        """Let an operator leave `live_mode` out, so that a test account may pass too."""
        path = f"/v1/organizations/org_1/go-live-policy?mode={self.mode}"
        policy = {"capabilities": capabilities, "conditions": ["payouts", "webhooks"]}
        answer = await self.town.call("PUT", path, self.town.operator(), policy)
        assert answer.status == 200, answer.body

    async def speak(self) -> None:
        """Have Stripe send something about the platform itself."""
        form = {"payments[payouts][statement_descriptor]": "MARKET"}
        await ask_stripe(self.town.sandbox, self.key, "/v1/balance_settings", form)
        await self.town.settle()

    async def told(self) -> list[AnnouncementType]:
        """Return what the platform was told of the gate and of readiness, oldest first."""
        rows = await self.town.platform.store.list_announcements(self.owner)
        return [row.type for row in rows if row.type in {OPENED, CLOSED, CHANGED}][::-1]

    async def audit(self, action: str) -> list[tuple[str, str]]:
        rows = await self.town.platform.store.list_audit(self.owner)
        return [(row.actor, row.outcome) for row in rows if row.action == action][::-1]

    async def page(self) -> str:
        browser = self.town.browser(self.as_a(Role.OWNER))
        page = await browser.get(f"{ABOARD}/connect/organizations/org_1/{self.mode}")
        assert page.status == 200, page.text
        return page.text


@asynccontextmanager
async def stage(folder: Path, mode: Mode, **settings: str) -> AsyncIterator[Stage]:
    settings |= {"ABOARD_ORGANIZATION_COUNTRY": "US"}
    if mode.is_live:
        settings |= {"ABOARD_PUBLIC_URL": OURS, "ABOARD_ADDRESSES": f"{SHOP},{MARKET}"}
    async with open_town(folder, live_key=LIVE_KEY if mode.is_live else "", **settings) as town:
        yield Stage(town, mode, folder / "aboard.sqlite3")


class Sight(NamedTuple):
    """What anybody else sees in the database."""

    readiness: str
    is_charging: bool
    is_gate_open: bool
    announcements: tuple[str, ...]
    closings: int


def look(database: Path) -> Sight:
    with closing(sqlite3.connect(database)) as other:
        ((readiness, is_charging),) = other.execute(
            "select readiness, json_extract(snapshot, '$.charges_enabled') from accounts"
        )
        ((closed_at,),) = other.execute("select closed_at from gates")
        types = other.execute("select type from announcements order by number").fetchall()
        ((closings,),) = other.execute("select count(*) from audit where action = 'gate.close'")
    told = tuple(row[0] for row in types)
    return Sight(readiness, bool(is_charging), closed_at is None, told, closings)


class Watched(SqliteDriver):
    """The worker's database, looked at from outside after each commit."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._watched = path
        self.sights = [look(path)]

    async def write(self, batch: Batch) -> Outcome:
        outcome = await super().write(batch)
        sight = look(self._watched)
        if sight != self.sights[-1]:
            self.sights.append(sight)
        return outcome


async def sync_once(scene: Stage) -> list[Sight]:
    """Deliver the news and let a worker read the account once; return what others saw in turn."""
    await scene.town.sandbox.deliver_due()
    driver = Watched(scene.database)
    store = Store(driver)
    worker = replace(scene.town.platform, store=store)
    assert [await sync_due(worker), await sync_due(worker)] == [1, 0]
    await store.close()
    return driver.sights


@pytest.mark.parametrize("mode", list(Mode))
async def test_opened_by_a_person_and_closed_by_a_lost_capability(
    tmp_path: Path, mode: Mode
) -> None:
    async with stage(tmp_path, mode) as scene:
        account_id = await scene.begin()
        rehearsal = [] if mode.is_live else ["test_mode_only"]
        assert await scene.setup() == (False, ["platform_webhook_silent", *rehearsal])
        if rehearsal:
            await scene.decide(BOTH)
        refused = await scene.go_live(Role.ADMIN)
        assert (refused.status, refused.body["code"]) == (409, "not_ready")
        assert refused.body["details"]["blockers"] == ["platform_webhook_silent"]
        await scene.speak()
        assert await scene.setup() == (False, [])
        for weak in (Role.FINANCE, Role.SUPPORT):
            assert (await scene.go_live(weak)).status == 403
        answer = await scene.go_live(Role.ADMIN)
        assert (answer.status, answer.body["live"], answer.body["openedBy"]) == (
            200,
            True,
            "the_admin",
        )
        assert "Everything is done" in await scene.page()

        await scene.town.force(account_id, "lose", capability="card_payments", reason=SLEPT)
        assert await scene.setup() == (True, [])  # nobody knows yet
        before, after = await sync_once(scene)
        assert before[:3] == ("complete", True, True)
        assert after[:3] == ("restricted", False, False)
        assert after.announcements == (*before.announcements, CHANGED, CLOSED)
        assert after.closings == before.closings + 1
        assert await scene.setup() == (False, LOST)
        said = await scene.page()
        assert "The platform must act" in said
        assert "Everything is done" not in said
        assert "Taking payments Off" in said
        assert (await scene.go_live(Role.ADMIN)).body["details"]["blockers"] == LOST

        await wake(scene, account_id)
        assert await scene.setup() == (False, [])  # back, and still only a person opens it
        assert (await scene.read(""))["readiness"] == "complete"
        assert (await scene.told())[-3:] == [CHANGED, CLOSED, CHANGED]
        assert (await scene.go_live(Role.OWNER)).body["live"] is True
        assert (await scene.told())[-5:] == [OPENED, CHANGED, CLOSED, CHANGED, OPENED]
        assert await scene.audit("gate.open") == [
            ("the_admin", "refused:account.not_ready"),
            ("the_admin", "opened"),
            ("the_admin", "refused:account.not_ready"),
            ("the_owner", "opened"),
        ]
        assert await scene.audit("gate.close") == [("facts", "closed")]


async def test_one_capability_of_the_policy_is_enough_to_close_it(tmp_path: Path) -> None:
    wished = {"ABOARD_ORGANIZATION_CAPABILITIES": ",".join([*BOTH, ACH])}
    async with stage(tmp_path, Mode.TEST, **wished) as scene:
        account_id = await scene.begin()
        await scene.decide([*BOTH, ACH])
        await scene.speak()
        assert (await scene.go_live(Role.ADMIN)).body["live"] is True
        await scene.town.force(account_id, "lose", capability=ACH, reason=SLEPT)
        before, after = await sync_once(scene)
        # Payments go on: nothing else has changed, and nothing else is told.
        assert (before.readiness, after.readiness) == ("complete", "complete")
        assert after.announcements == (*before.announcements, CLOSED)
        assert await scene.setup() == (False, [f"capability_inactive:{ACH}"])
        (row, *_) = await scene.town.platform.store.list_announcements(scene.owner)
        assert row.payload["blockers"] == (f"capability_inactive:{ACH}",)
        await wake(scene, account_id)
        assert await scene.setup() == (False, [])


async def wake(scene: Stage, account_id: str) -> None:
    """Say what is sold, which ends a pause for inactivity; and hear of it."""
    form = {"business_profile[product_description]": "Pots and bowls"}
    await ask_stripe(scene.town.sandbox, scene.key, f"/v1/accounts/{account_id}", form)
    await scene.town.settle()
