"""Whatever the order of bells, claims, late reads and deaths: newest news wins, every bell counts.

A model of two accounts walks at random beside the store.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from aboard.core.account import ConnectedAccount
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import Claim, Consequences, Store, open_store
from aboard.store.values import to_micros
from tests.store.rows import NOW, attached, found, rang, wrote

Answer = TypeVar("Answer")
NAMES = ("ada", "bob")
LEASE_SECONDS = 30


@dataclass
class Known:
    """What must be true of one account."""

    account: ConnectedAccount
    seen: ConnectedAccount
    newest_read: datetime | None = None
    newest_word: str | None = None
    unanswered: dict[str, datetime] = field(default_factory=dict)
    latest_due: datetime = NOW


class Walk(RuleBasedStateMachine):
    def __init__(self, template: Path, folder: Path) -> None:
        super().__init__()
        self.path = Path(shutil.copy(template, folder / "walk.db"))
        self.runner = asyncio.Runner()
        self.store: Store = open_store(str(self.path))
        self.now = NOW
        self.count = 0
        self.reading: list[tuple[Claim, datetime]] = []
        self.known: dict[str, Known] = {}

    def run(self, question: Coroutine[object, object, Answer]) -> Answer:
        return self.runner.run(question)

    def next_word(self) -> str:
        self.count += 1
        return f"n{self.count}"

    @initialize()
    def attach(self) -> None:
        for name in NAMES:
            owner = Owner(OwnerKind.CREATOR, name, Mode.TEST)
            account = self.run(attached(self.store, owner, f"acct_{name}"))
            self.known[name] = Known(account, seen=account)

    @rule(seconds=st.integers(1, 20))
    def let_time_pass(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(name=st.sampled_from(NAMES))
    def ring(self, name: str) -> None:
        event_id = self.next_word()
        assert self.run(rang(self.store, event_id, self.now, f"acct_{name}"))
        known = self.known[name]
        known.unanswered[event_id] = self.now
        known.latest_due = min(known.latest_due, self.now)

    @rule(limit=st.integers(1, 2))
    def claim(self, limit: int) -> None:
        claims = self.run(
            self.store.claim_due_accounts(limit, self.now, lease_seconds=LEASE_SECONDS)
        )
        self.reading += [(claim, self.now) for claim in claims]

    @precondition(lambda self: self.reading)
    @rule(data=st.data())
    def finish_a_read(self, data: st.DataObject) -> None:
        claim, began_at = self.reading.pop(data.draw(st.integers(0, len(self.reading) - 1)))
        self.write(claim.account.owner.id, began_at)

    @rule(name=st.sampled_from(NAMES), seconds_ago=st.integers(0, 40))
    def read_on_request(self, name: str, seconds_ago: int) -> None:
        self.write(name, self.now - timedelta(seconds=seconds_ago))

    @rule(name=st.sampled_from(NAMES))
    def look(self, name: str) -> None:
        known = self.known[name]
        known.seen = self.run(found(self.store, known.account.owner))

    @rule(name=st.sampled_from(NAMES), is_open=st.booleans())
    def turn_the_gate(self, name: str, *, is_open: bool) -> None:
        known = self.known[name]
        latest = self.run(found(self.store, known.account.owner))
        gate = self.run(self.store.find_gate(latest.id))
        stands_open = gate is not None and gate.is_open
        opening, closing = Consequences(), Consequences(closing=())
        done = self.run(
            self.store.open_gate(known.seen, "ana", self.now, opening)
            if is_open
            else self.store.close_gate(known.seen, self.now, closing)
        )
        assert done == (latest.revision == known.seen.revision and stands_open is not is_open)

    @rule(name=st.sampled_from(NAMES))
    def write_by_what_was_seen(self, name: str) -> None:
        known = self.known[name]
        latest = self.run(found(self.store, known.account.owner))
        if latest.revision == known.seen.revision:
            self.write(name, self.now)
        else:
            assert not self.run(wrote(self.store, known.account, self.now, seen=known.seen))

    @precondition(lambda self: self.reading)
    @rule(data=st.data())
    def fail_a_read(self, data: st.DataObject) -> None:
        claim, _ = self.reading.pop(data.draw(st.integers(0, len(self.reading) - 1)))
        retry_at = self.now + timedelta(seconds=10)
        if self.run(self.store.fail_sync(claim, retry_at, "stripe.unavailable")):
            self.known[claim.account.owner.id].latest_due = retry_at

    @precondition(lambda self: self.reading)
    @rule()
    def kill_the_worker(self) -> None:
        self.reading.clear()

    def write(self, name: str, began_at: datetime) -> None:
        known, word = self.known[name], self.next_word()
        is_news = known.newest_read is None or began_at >= known.newest_read
        next_sync_at = self.now + timedelta(seconds=3600)
        assert is_news == self.run(
            wrote(self.store, known.account, began_at, next_sync_at=next_sync_at, word=word)
        )
        if is_news:
            known.newest_read, known.newest_word = began_at, word
            known.unanswered = {i: at for i, at in known.unanswered.items() if at > began_at}
            if not known.unanswered:
                known.latest_due = next_sync_at

    @invariant()
    def the_newest_news_is_kept(self) -> None:
        for known in self.known.values():
            account = self.run(found(self.store, known.account.owner))
            word = account.snapshot and account.snapshot.requirements.currently_due[0]
            assert (account.read_began_at, word) == (known.newest_read, known.newest_word)

    @invariant()
    def no_bell_goes_unanswered(self) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            for name, known in self.known.items():
                unprocessed = connection.execute(
                    "SELECT id FROM events WHERE stripe_account_id = ? AND processed_at IS NULL",
                    [f"acct_{name}"],
                ).fetchall()
                assert {row[0] for row in unprocessed} == set(known.unanswered)
                [[due_at]] = connection.execute(
                    "SELECT due_at FROM account_syncs WHERE account_id = ?", [known.account.id]
                ).fetchall()
                assert due_at is not None
                assert due_at <= to_micros(known.latest_due)

    @invariant()
    def nobody_holds_an_account_for_ever(self) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            [[latest]] = connection.execute("SELECT max(lease_until) FROM account_syncs").fetchall()
        assert latest is None or latest <= to_micros(self.now + timedelta(seconds=LEASE_SECONDS))

    def teardown(self) -> None:
        self.run(self.store.close())
        self.runner.close()


def walk(template: Path, folder: Path, *, walks: int, steps: int) -> None:
    class WalkHere(Walk):
        def __init__(self) -> None:
            super().__init__(template, folder)

    run_state_machine_as_test(
        WalkHere,
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_every_walk_converges(sqlite_file: Path, tmp_path: Path) -> None:
    walk(sqlite_file, tmp_path, walks=12, steps=30)


@pytest.mark.load
def test_many_walks_converge(sqlite_file: Path, tmp_path: Path) -> None:
    walk(sqlite_file, tmp_path, walks=100, steps=50)
