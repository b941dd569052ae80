"""Who works off the accounts that are due? A crew: some `aboard work`, one database, one Stripe.

Accounts are made due from outside, in one statement, as a burst of events would. What the crew
did is told by two who do not know of each other: the responder counts who was read, the database
says who was written.
"""

import http.client
import json
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

from aboard.settings import NAMES, PREFIX
from benchmarks.contest import Sample, WrongAnswer
from benchmarks.databases import Database
from benchmarks.processes import Server
from benchmarks.serving import ABOARD, ROOT, settings
from benchmarks.worlds import SYNCED_AT

_LEASE_SECONDS = 10
_PACE = {
    "ABOARD_SYNC_LEASE_SECONDS": str(_LEASE_SECONDS),
    "ABOARD_SYNC_TEST_PER_SECOND": "10000",
}
_KNOWN = {each.name for each in NAMES}
_FAR = SYNCED_AT * 2
_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Reads:
    """What the responder saw: how often each account was read, and when the first one was."""

    by_account: dict[str, int]
    first_at: float


class Stripe:
    """The responder that every crew reads from."""

    def __init__(self, server: Server) -> None:
        """Take a responder that runs."""
        self.server = server
        self.api_base = f"http://127.0.0.1:{server.port}"

    def reads(self) -> Reads:
        """Return what was read since it was told to forget."""
        told = self._ask("GET")
        return Reads(told["reads"], told["first_read_at"])

    def forget(self) -> None:
        """Count from zero."""
        self._ask("DELETE")

    def _ask(self, method: str) -> dict[str, Any]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.port)) as line:
            line.request(method, "/reads")
            told: dict[str, Any] = json.loads(line.getresponse().read())
            return told


@dataclass
class Crew:
    """Some workers over one database."""

    name: str
    workers: list[Server]
    database: Database
    stripe: Stripe
    accounts: int

    def make_due(self) -> int:
        """Make every account due at once; return when, in microseconds since 1970."""
        now = time.time_ns() // 1000
        self.database.rows(f"UPDATE account_syncs SET due_at = {now}, rung_at = {now}")  # noqa: S608 - a number
        return now

    def call_off(self) -> None:
        """Let what nobody has begun be due no more."""
        self.database.rows(
            f"UPDATE account_syncs SET due_at = {_FAR}, rung_at = NULL WHERE lease IS NULL"  # noqa: S608 - a number
        )

    def measure(self, seconds: float, settled_seconds: float) -> Sample:
        """Work for a while on more than can be done; return accounts per second, once all work.

        Raises:
            WrongAnswer: an account was read twice, or read and not written.
        """
        self.stripe.forget()
        burnt = self._cpu_seconds()
        began = self.make_due()
        first = self._first_read() * 1_000_000
        time.sleep(max(0.0, first / 1_000_000 + seconds - time.time()))
        self.call_off()
        self.wait_until_idle()
        burnt = self._cpu_seconds() - burnt
        written = self._written_since(began)
        reads = self.stripe.reads().by_account
        check_once(reads, {account for account, _ in written})
        since, until = first + settled_seconds * 1e6, first + seconds * 1e6
        rate = sum(since < at <= until for _, at in written) / (seconds - settled_seconds)
        if not rate:
            raise WrongAnswer(f"{self.name} wrote nothing in {seconds} seconds")
        return Sample(rate, 1000 * burnt / len(written))

    def survive_kill(self) -> tuple[int, int]:
        """Kill a worker in the middle; return how many accounts it held, of how many.

        They are the others' when its lease has run out.

        Raises:
            WrongAnswer: an account stayed behind, or one that it did not hold was read twice.
        """
        self.stripe.forget()
        began = self.make_due()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while len(self.stripe.reads().by_account) < self.accounts // 10:
            if time.monotonic() > deadline:
                raise WrongAnswer("a crew that should work does not")
            time.sleep(_LOOK_SECONDS)
        self.workers[0].kill()
        leased_until = self._leases()
        while len(written := self._written_since(began)) < self.accounts:
            if time.monotonic() > deadline:
                raise WrongAnswer(f"{self.accounts - len(written)} accounts stayed behind")
            time.sleep(_LOOK_SECONDS)
        taken_over = {account for account, at in written if at >= leased_until.get(account, at + 1)}
        check_takeover(self.stripe.reads().by_account, taken_over)
        return len(taken_over), self.accounts

    def wait_until_idle(self) -> None:
        """Return when nobody holds a lease.

        Raises:
            WrongAnswer: somebody still does after a minute.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.database.rows("SELECT 1 FROM account_syncs WHERE lease IS NOT NULL LIMIT 1"):
            if time.monotonic() > deadline:
                raise WrongAnswer("leases are held for ever")
            time.sleep(_LOOK_SECONDS)
            self.call_off()

    def _first_read(self) -> float:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not (first := self.stripe.reads().first_at):
            if time.monotonic() > deadline:
                raise WrongAnswer(f"{self.name} read nothing")
            time.sleep(0.01)
        return first

    def _leases(self) -> dict[str, int]:
        """Return until when each account that somebody holds is theirs."""
        rows = self.database.rows(
            "SELECT accounts.stripe_account_id, account_syncs.lease_until FROM accounts"
            " JOIN account_syncs ON account_syncs.account_id = accounts.id"
            " WHERE account_syncs.lease IS NOT NULL"
        )
        return {str(account): int(str(until)) for account, until in rows}

    def _written_since(self, began: int) -> list[tuple[str, int]]:
        rows = self.database.rows(
            f"SELECT stripe_account_id, synced_at FROM accounts WHERE synced_at >= {began}"  # noqa: S608 - a number
        )
        return [(str(account), int(str(at))) for account, at in rows]

    def _cpu_seconds(self) -> float:
        return sum(worker.cpu_seconds() for worker in self.workers)


def check_once(reads: dict[str, int], written: set[str]) -> None:
    """Hold what was read against what was written.

    Raises:
        WrongAnswer: an account was read twice, or read and not written, or written unread.
    """
    twice = [account for account, count in reads.items() if count != 1]
    if twice:
        raise WrongAnswer(f"{len(twice)} accounts were read more than once: {min(twice)}")
    if reads.keys() != written:
        differing = reads.keys() ^ written
        raise WrongAnswer(f"{len(differing)} accounts were read or written, and not both")


def check_takeover(reads: dict[str, int], taken_over: set[str]) -> None:
    """See that nothing was read again but what a killed worker held until its lease ran out.

    Raises:
        WrongAnswer: something else was, or anything more than twice, or nothing was taken over.
    """
    again = {account for account, count in reads.items() if count > 1}
    if again - taken_over:
        raise WrongAnswer(f"read again while somebody held it: {min(again - taken_over)}")
    if any(reads[account] > 2 for account in again):
        raise WrongAnswer("read a third time")
    if not taken_over:
        raise WrongAnswer("the killed worker held nothing: the kill proved nothing")


@contextmanager
def crew_working(
    name: str,
    count: int,
    database: Database,
    stripe: Stripe,
    *,
    accounts: int,
    cores: Sequence[int],
) -> Generator[Crew]:
    """Start so many workers, in turns on these cores, and end them."""
    environ = {
        **settings(database.address, stripe=stripe.api_base),
        "ABOARD_WEBHOOKS": "false",
        "ABOARD_STRIPE_TIMEOUT_SECONDS": str(_LEASE_SECONDS // 2),
        **{name: value for name, value in _PACE.items() if name.removeprefix(PREFIX) in _KNOWN},
    }
    with ExitStack() as stack:
        workers = []
        for number in range(count):
            core = cores[number % len(cores)]
            worker = Server(f"{name}, worker {number}", (*ABOARD, "work"), core=core, port=0)
            stack.callback(worker.stop)
            worker.start(environ, folder=ROOT)
            workers.append(worker)
        for worker in workers:
            worker.wait_for_words(b"Working")
        yield Crew(name, workers, database, stripe, accounts)
