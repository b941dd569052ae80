"""Sellers on their way back from Stripe: what they carry, and what their visit leaves behind."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2
import pytest

from aboard.core.caller import Role
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.state import Purpose, State, issue_state
from tests.api.asking import ACCOUNTS, Desk
from tests.scene import REFRESH_URL, RETURN_URL

ORGANIZATION: Final = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
OWNER: Final = {"org_1": Role.OWNER}
OUR_ADDRESS: Final = "http://localhost:4242"
SIGN_IN: Final = f"{OUR_ADDRESS}/connect/sign-in"
OWN_PAGE: Final = f"{OUR_ADDRESS}/connect/organizations/org_1/test"
LINK_USED: Final = f"{OWN_PAGE}?notice=link_used"
HTML: Final = {"accept": "text/html,application/xhtml+xml,application/json;q=0.5"}
JSON: Final = {"accept": "application/json"}
OWN_FORM: Final = {"sec-fetch-site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Traces:
    """What visits have left so far: rows in our store, and links made at Stripe."""

    returned: int
    spent: int
    links: int
    minted: int
    synced_at: datetime | None


@dataclass
class Seller:
    """Whoever comes back for org_1, whose onboarding has begun."""

    desk: Desk
    database: Path
    onboarding_id: str

    def state(
        self,
        purpose: Purpose,
        *,
        nonce: str = "n1",
        age: timedelta = timedelta(0),
        owner: Owner = ORGANIZATION,
        onboarding_id: str | None = None,
    ) -> str:
        """Return a state as we would have signed it."""
        issued_at = self.desk.scene.clock() - age
        state = State(
            purpose,
            onboarding_id or self.onboarding_id,
            owner,
            issued_at,
            issued_at + timedelta(hours=24),
            nonce,
        )
        return issue_state(state, self.desk.scene.platform.state_keys)

    async def visit(
        self,
        purpose: Purpose,
        token: str,
        session: Mapping[str, Role] | None = OWNER,
        *,
        user: str = "ada",
        headers: Mapping[str, str] = HTML,
        desk: Desk | None = None,
    ) -> httpx2.Response:
        """Visit as a browser does: with the platform's session cookie, or without any."""
        given = dict(headers)
        if session is not None:
            given["cookie"] = f"aboard_session={self.desk.token(user, session)}"
        return await (desk or self.desk).ask(
            "GET", f"{ACCOUNTS}/{purpose}", user=None, headers=given, params={"state": token}
        )

    async def press(
        self,
        token: str,
        session: Mapping[str, Role] = OWNER,
        headers: Mapping[str, str] = OWN_FORM,
    ) -> httpx2.Response:
        """Press the one button of the checklist page."""
        given = {**HTML, **headers, "cookie": f"aboard_session={self.desk.token('ada', session)}"}
        path = f"{ACCOUNTS}/refresh/continue"
        return await self.desk.ask("POST", path, user=None, headers=given, data={"state": token})

    async def traces(self) -> Traces:
        """Count what is there."""
        counts: list[int] = []
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as rows:
            for table in ("return_visits", "spent_states", "links"):
                counts += rows.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own names
        scene = self.desk.scene
        account = await scene.platform.store.find_account(ORGANIZATION)
        assert account is not None
        returned, spent, links = counts
        minted = scene.road.made("/v1/account_links")
        return Traces(returned, spent, links, minted, account.synced_at)


@pytest.fixture
async def seller(desk: Desk, tmp_path: Path) -> Seller:
    """Let org_1 begin, and a minute pass."""
    body = {
        "organizationId": "org_1",
        "mode": "test",
        "returnUrl": f"{RETURN_URL}?tab=money",
        "refreshUrl": f"{REFRESH_URL}?tab=money",
    }
    answer = await desk.ask("POST", f"{ACCOUNTS}/onboarding-links", organizations=OWNER, json=body)
    assert answer.status_code == 200
    store = desk.scene.platform.store
    account = await store.find_account(ORGANIZATION)
    assert account is not None
    onboarding = await store.find_latest_onboarding(account.id)
    assert onboarding is not None
    desk.scene.clock.advance(timedelta(minutes=1))
    return Seller(desk, tmp_path / "aboard.sqlite3", onboarding.id)


def since(before: Traces, after: Traces) -> Traces:
    """Return what came between: differences of the counts, and the sync if there was one."""
    return replace(
        after,
        returned=after.returned - before.returned,
        spent=after.spent - before.spent,
        links=after.links - before.links,
        minted=after.minted - before.minted,
        synced_at=after.synced_at if after.synced_at != before.synced_at else None,
    )
