"""Every kind of visit from Stripe, times both purposes: what is seen, done, audited and logged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import pytest

from aboard.core.caller import Role
from aboard.core.owner import Mode, Owner
from aboard.core.state import Purpose
from aboard.store.records import Detail
from tests.api.visiting import (
    LINK_USED,
    ORGANIZATION,
    OWN_PAGE,
    OWNER,
    SIGN_IN,
    Seller,
    Traces,
    seller,
    since,
)
from tests.scene import REFRESH_URL, RETURN_URL

__all__ = ["seller"]  # the fixture, found by its name

LOST: Final = "This link no longer works"
FOREIGN: Final = "This is not yours to continue"
BACK: Final = f"{RETURN_URL}?tab=money&outcome=incomplete&readiness=incomplete"
AGAIN: Final = f"{REFRESH_URL}?tab=money&outcome=refresh_needed"
STRIPE: Final = re.compile(r"https?://[^/]+/setup/\w+/acct_\w+/\S+")
LIVE: Final = replace(ORGANIZATION, mode=Mode.LIVE)
STRANGER: Final = replace(ORGANIZATION, id="org_2")
LIVE_PAGE: Final = OWN_PAGE.replace("/test", "/live")
SESSIONS: Final[Mapping[str, Mapping[str, Role] | None]] = {
    "no session": None,
    "foreign session": {"org_2": Role.OWNER},
    "support": {"org_1": Role.SUPPORT},
    "finance": {"org_1": Role.FINANCE},
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one kind of visit must come to."""

    outcome: str
    """The word in the audit."""
    location: str | re.Pattern[str] | None = None
    page: tuple[int, str] | None = None
    way: str | None = None
    """Where the page's button leads."""
    details: Mapping[str, Detail] = field(default_factory=dict)
    owner: Owner | None = ORGANIZATION
    actor: str = "ada"
    traces: tuple[int, int, int] = (0, 0, 0)
    """Return visits recorded, states spent, links minted (each also remembered)."""
    is_synced: bool = False
    logged: str = ""


def refused(
    code: str,
    what: str | None = None,
    *,
    way: str | None = OWN_PAGE,
    owner: Owner | None = ORGANIZATION,
    page: tuple[int, str] = (400, LOST),
    details: Mapping[str, Detail] | None = None,
) -> Row:
    return Row(
        f"refused:{code}",
        page=page,
        way=way,
        details=details or ({"what": what} if what else {}),
        owner=owner,
        logged=f"state.refused purpose={{purpose}} reason={code}",
    )


LANDED: Final = Row(
    "incomplete",
    location=BACK,
    details={"readiness": "incomplete", "source": "live"},
    traces=(1, 0, 0),
    is_synced=True,
    logged="callback.visited purpose=return outcome=incomplete",
)
ISSUED: Final = Row(
    "link_issued",
    location=STRIPE,
    details={"is_confirmed": False},
    traces=(0, 1, 1),
    logged="callback.visited purpose=refresh outcome=link_issued",
)
USED: Final = replace(refused("state.spent", way=None), page=None, location=LINK_USED)
WEAK: Final = refused("owner.not_yours", "role_too_weak", way=None, page=(403, FOREIGN))

BOTH: Final = {
    "expired": refused("state.expired", details={"age_seconds": 25 * 3600}),
    "forged": refused("state.forged", owner=None, way=SIGN_IN),
    "from the future": refused("state.forged", "issued_in_the_future"),
    "other purpose": refused("state.mismatch", "purpose"),
    "other organization": refused("state.mismatch", "owner", owner=STRANGER, way=SIGN_IN),
    "other mode": refused("state.mismatch", "mode", owner=LIVE, way=LIVE_PAGE),
    "onboarding unknown": refused("state.mismatch", "onboarding"),
    "foreign session": refused("owner.not_yours", "not_a_member", way=None, page=(403, FOREIGN)),
}
TABLE: Final[Mapping[Purpose, Mapping[str, Row]]] = {
    Purpose.RETURN: BOTH
    | {
        "valid": LANDED,
        "repeated": replace(LANDED, outcome="incomplete:repeated", traces=(0, 0, 0)),
        "spent": LANDED,  # a return spends nothing, and minds nothing spent
        "no session": replace(LANDED, actor="anonymous"),
        "support": LANDED,
        "finance": LANDED,
    },
    Purpose.REFRESH: BOTH
    | {
        "valid": ISSUED,
        "repeated": USED,
        "spent": USED,
        "no session": Row(
            "refresh_needed",
            location=AGAIN,
            actor="anonymous",
            logged="callback.visited purpose=refresh outcome=refresh_needed",
        ),
        "support": WEAK,
        "finance": WEAK,
    },
}
CASES: Final = [
    pytest.param(purpose, case, id=f"{purpose}-{case}")
    for purpose, rows in TABLE.items()
    for case in rows
]


async def carried(seller: Seller, purpose: Purpose, case: str) -> str:
    """Return the state that this kind of visitor carries, with its past behind it."""
    other = Purpose.RETURN if purpose is Purpose.REFRESH else Purpose.REFRESH
    genuine = seller.state(purpose)
    clock, store = seller.desk.scene.clock, seller.desk.scene.platform.store
    if case == "repeated":
        assert (await seller.visit(purpose, genuine)).status_code == 303
        clock.advance(timedelta(minutes=1))
    if case == "spent":
        end = clock() + timedelta(days=1)
        assert await store.spend_state("n1", seller.onboarding_id, end, clock())
    bad = {
        "expired": seller.state(purpose, age=timedelta(hours=25)),
        "forged": genuine[:-4] + ("BBBB" if genuine.endswith("AAAA") else "AAAA"),
        "from the future": seller.state(purpose, age=-timedelta(minutes=5)),
        "other purpose": seller.state(other),
        "other organization": seller.state(purpose, owner=STRANGER),
        "other mode": seller.state(purpose, owner=LIVE),
        "onboarding unknown": seller.state(purpose, onboarding_id="onb_unknown"),
    }
    return bad.get(case, genuine)


def test_the_table_is_whole() -> None:
    assert {purpose: len(rows) for purpose, rows in TABLE.items()} == dict.fromkeys(Purpose, 14)
    assert TABLE[Purpose.RETURN].keys() == TABLE[Purpose.REFRESH].keys()


@pytest.mark.parametrize(("purpose", "case"), CASES)
async def test_a_visit(
    seller: Seller, purpose: Purpose, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    row = TABLE[purpose][case]
    token = await carried(seller, purpose, case)
    before = await seller.traces()
    caplog.clear()
    with caplog.at_level("INFO", logger="aboard"):
        answer = await seller.visit(purpose, token, SESSIONS.get(case, OWNER))
    request_id = answer.headers["x-request-id"]

    # What the seller sees.
    if row.page is None:
        assert answer.status_code == 303
        location = answer.headers["location"]
        if isinstance(row.location, str):
            assert location == row.location
        else:
            assert row.location is not None
            assert row.location.fullmatch(location)
        assert answer.headers["referrer-policy"] == "no-referrer"
    else:
        status, title = row.page
        assert answer.status_code == status
        assert f"<h1>{title}</h1>" in answer.text
        assert re.findall(r'href="([^"]+)"', answer.text) == ([row.way] if row.way else [])
    assert answer.headers["cache-control"] == "no-store"

    # What it did.
    returned, spent, minted = row.traces
    synced_at = seller.desk.scene.clock() if row.is_synced else None
    left = since(before, await seller.traces())
    assert left == Traces(returned, spent, minted, minted, synced_at)

    # What is written down: one row for this visit, and no more.
    rows = await seller.desk.scene.platform.store.list_audit()
    (entry,) = [entry for entry in rows if entry.request_id == request_id]
    assert entry.action == f"{purpose}.visit"
    assert (entry.outcome, dict(entry.details)) == (row.outcome, dict(row.details))
    assert (entry.actor, entry.owner) == (row.actor, row.owner)

    # What is logged: one line that says so, and no other that speaks of a visit.
    lines = [record.getMessage() for record in caplog.records if record.name == "aboard"]
    spoken = [line for line in lines if line.startswith(("callback.", "state.", "refresh."))]
    assert spoken == [f"{row.logged.format(purpose=purpose)} request_id={request_id}"]


async def test_every_refused_state_shows_the_same_page(seller: Seller) -> None:
    for purpose, rows in TABLE.items():
        pages = set()
        for case, row in rows.items():
            if row.page != (400, LOST):
                continue
            token = await carried(seller, purpose, case)
            answer = await seller.visit(purpose, token)
            words = answer.text.replace(answer.headers["x-request-id"], "")
            pages.add(re.sub(r'href="[^"]+"', "", words))
        assert len(pages) == 1
