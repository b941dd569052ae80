"""Does the sandbox keep its countenance in a storm, and every account its sense?

The short form runs in CI; `PROVE=1` sends 100,000 requests and more.
"""

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from aboard.sandbox import Sandbox
from aboard.sandbox.account import Account
from aboard.sandbox.views.v1 import account_view
from tests.sandbox.conftest import Mailbox, Wire
from tests.sandbox.operations.storm import Storm, complaint

IS_PROOF = os.environ.get("PROVE") == "1"
REQUESTS = 120_000 if IS_PROOF else 15_000
LOOKED_AT_EVERY = 25
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def facts_of(sandbox: Sandbox) -> dict[str, bytes]:
    """Return every account's facts, by its id."""
    encode = msgspec.msgpack.Encoder(order="deterministic").encode
    return {account.id: encode(account) for world in sandbox.worlds for account in world.accounts}


def check_sense(account: Account, now: int) -> None:
    """Hold an account against what must be true of any."""
    shown = account_view.render(account, now)
    due = shown["requirements"]
    current, past, later = (
        set(due[each]) for each in ("currently_due", "past_due", "eventually_due")
    )
    assert past <= current <= later
    assert {error["requirement"] for error in due["errors"]} <= current
    if account.rejected is not None:
        assert not shown["charges_enabled"]
        assert due["disabled_reason"].startswith("rejected.")
    msgspec.json.encode(shown)


@pytest.mark.load
@pytest.mark.timeout(1800)
async def test_a_storm_finds_no_fault_and_a_refusal_changes_nothing(
    record_property: Callable[[str, object], None],
) -> None:
    seed = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(2**31))
    sandbox = Sandbox(seed=1, at=AT, deliver=Mailbox())
    wire, storm = Wire(sandbox), Storm(seed)
    refused = accepted = 0
    for count in range(REQUESTS):
        is_looked_at = count % LOOKED_AT_EVERY == 0
        before = facts_of(sandbox) if is_looked_at else {}
        answer = await storm.blow(wire)
        assert complaint(answer) is None, (seed, count, complaint(answer))
        refused += answer.status >= 400
        accepted += answer.status < 400
        if is_looked_at and 400 <= answer.status != 402:
            after = facts_of(sandbox)
            assert {key: after[key] for key in before} == before, (seed, count)
        if count % 5_000 == 4_999:
            for world in sandbox.worlds:
                for account in world.accounts:
                    check_sense(account, world.now())
    record_property("requests", f"{REQUESTS}, {accepted} accepted, {refused} refused")
    record_property("seed", seed)
    assert accepted > REQUESTS // 20
