"""Owners, snapshots and points in time that the tests of the store talk about."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aboard.core.account import ConnectedAccount, Onboarding, Requirements, Snapshot
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Actor, Readiness
from aboard.store import Consequences, Store

NOW = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
ADA = Owner(OwnerKind.CREATOR, "ada", Mode.TEST)
PROCESS_SECONDS = 50


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def snapshot_named(word: str, stripe_account_id: str = "acct_ada") -> Snapshot:
    """Return a snapshot that is told from others by one word in its requirements."""
    return Snapshot(
        stripe_account_id=stripe_account_id,
        charges_enabled=True,
        payouts_enabled=False,
        details_submitted=True,
        capabilities={"card_payments": "active"},
        requirements=Requirements(currently_due=(word,), current_deadline=after(3600)),
    )


async def attached(
    store: Store, owner: Owner = ADA, stripe_account_id: str = "acct_ada"
) -> ConnectedAccount:
    account = await store.reserve_account(owner, NOW)
    assert await store.attach_stripe_account(account.id, stripe_account_id, NOW)
    return await found(store, owner)


async def found(store: Store, owner: Owner = ADA) -> ConnectedAccount:
    account = await store.find_account(owner)
    assert account is not None
    return account


async def wrote(
    store: Store,
    account: ConnectedAccount,
    read_began_at: datetime,
    *,
    next_sync_at: datetime | None = None,
    word: str = "word",
    seen: ConnectedAccount | None = None,
    consequences: Consequences | None = None,
) -> bool:
    """Write by the row as it was `seen`; without it by the row as it is, as often as it changes."""
    while True:
        known = seen or await store.find_account_by_id(account.id)
        assert known is not None
        if await store.write_snapshot(
            known,
            snapshot_named(word, account.stripe_account_id or ""),
            b'{"id": "raw"}',
            readiness=Readiness.RESTRICTED,
            who_must_act=Actor.OWNER,
            read_began_at=read_began_at,
            next_sync_at=next_sync_at,
            now=read_began_at,
            consequences=consequences or Consequences(),
        ):
            return True
        latest = await store.find_account_by_id(account.id)
        if seen is not None or latest is None or latest.revision == known.revision:
            return False


async def rang(
    store: Store, event_id: str, at: datetime, stripe_account_id: str | None = "acct_ada"
) -> bool:
    return await store.accept_event(
        event_id,
        endpoint="connect",
        mode=Mode.TEST,
        type="account.updated",
        stripe_account_id=stripe_account_id,
        created_at=at,
        received_at=at,
    )


async def onboarding_of(store: Store, account: ConnectedAccount, name: str) -> Onboarding:
    onboarding = Onboarding(
        id=name,
        account_id=account.id,
        owner=account.owner,
        return_url="https://shop.example/return",
        refresh_url="https://shop.example/refresh",
        created_at=NOW,
    )
    await store.create_onboarding(onboarding)
    return onboarding


def run_together(code: str, *argument_lists: Sequence[str | Path]) -> list[str]:
    """Run one program in several processes at once; return what each printed."""
    processes = [
        subprocess.Popen(  # noqa: S603 -- our own interpreter and our own program
            [sys.executable, "-c", code, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for arguments in argument_lists
    ]
    answers = []
    for process in processes:
        out, err = process.communicate(timeout=PROCESS_SECONDS)
        assert process.returncode == 0, err
        answers.append(out)
    return answers
