"""What does an account still owe, and what may it do? Computed from its facts, never stored.

For the hosted pages: `due_fields` is what a form must ask now, in Stripe's order of keys;
`all_fields` is what `account_update` shows. Both change as facts are saved (first `business_type`,
then everything that follows from it), so ask again after every save.

Source: Stripe's account object, `requirements`, API version 2026-10-28.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from math import inf
from operator import attrgetter
from typing import NamedTuple

from msgspec import Struct
from msgspec.msgpack import Encoder

from aboard.sandbox.account import Account, Demand, Finding, Person
from aboard.sandbox.catalogue import ALTERNATIVES
from aboard.sandbox.wanted import (
    EXTERNAL_ACCOUNT,
    extras,
    given_keys,
    is_given,
    missing,
    names_alternative,
    wanted,
)

__all__ = [
    "BOTH",
    "EXTERNAL_ACCOUNT",
    "PAYOUTS",
    "Owed",
    "all_fields",
    "due_fields",
    "is_given",
    "keys_to_ask",
    "owed",
    "owed_by_capability",
    "owed_by_person",
    "wanted",
]

BOTH = frozenset({"charges", "payouts"})
PAYOUTS = frozenset({"payouts"})
GRACE_SECONDS = 14 * 24 * 3600
"""How long somebody who joins a working account has to answer."""


class Owed(Struct, frozen=True):
    """What is owed at one moment, and what follows from it."""

    currently_due: Sequence[str] = ()
    past_due: Sequence[str] = ()
    eventually_due: Sequence[str] = ()
    pending: Sequence[str] = ()
    errors: Sequence[Finding] = ()
    alternatives: Sequence[tuple[str, str]] = ()
    deadline: int | None = None
    disabled_reason: str | None = None
    stops: frozenset[str] = frozenset()
    limited: frozenset[str] = frozenset()
    """Capabilities that lack something which no other needs."""
    future: "Owed | None" = None
    """What will be owed from its `deadline` on."""

    @property
    def is_charging(self) -> bool:
        """Say whether nothing stands in the way of charges."""
        return "charges" not in self.stops

    @property
    def is_paying_out(self) -> bool:
        """Say whether nothing stands in the way of payouts."""
        return "payouts" not in self.stops


class _Tally(Struct):
    """What is owed, while it is still being counted."""

    currently_due: set[str] = set()
    past_due: set[str] = set()
    eventually_due: set[str] = set()
    errors: list[Finding] = []
    alternatives: list[tuple[str, str]] = []
    deadline: int | None = None
    stops: set[str] = set()
    limited: set[str] = set()

    def wait_until(self, moment: int) -> None:
        """Bring the deadline forward to a moment, if it is later."""
        if self.deadline is None or moment < self.deadline:
            self.deadline = moment


def _add_wanted(account: Account, tally: _Tally, now: int, capability: str | None) -> None:
    current, later = wanted(account, capability)
    given = given_keys(account)
    joined = _joined(account) if account.is_approved else {}
    for key in missing(account, current, given):
        tally.currently_due.add(key)
        due_at = joined.get(key.partition(".")[0])
        if due_at is not None and due_at > now:
            tally.wait_until(due_at)
            continue
        tally.past_due.add(key)
        tally.stops |= PAYOUTS if key == EXTERNAL_ACCOUNT and account.is_approved else BOTH
        if names_alternative(account, key):
            tally.alternatives.append((key, ALTERNATIVES[key]))
    if account.business_type is not None:
        tally.eventually_due |= set(missing(account, later, given))
    for name, keys in extras(account, capability).items():
        lacking = missing(account, keys, given)
        if lacking:
            tally.currently_due |= set(lacking)
            tally.past_due |= set(lacking)
            tally.limited.add(name)


def _joined(account: Account) -> dict[str, int]:
    """Return until when each of the people beside the representative may still answer."""
    return {
        person.id: person.created + GRACE_SECONDS
        for person in account.people
        if person.given.get("relationship.representative") is not True
    }


def _add_demands(account: Account, tally: _Tally, now: int, capability: str | None) -> None:
    for demand in _open_demands(account, capability):
        if demand.starts_at is not None and demand.starts_at > now:
            continue
        tally.eventually_due.add(demand.requirement)
        if demand.is_eventual:
            continue
        tally.currently_due.add(demand.requirement)
        if demand.code is not None:
            tally.errors.append(
                Finding(demand.requirement, demand.code, demand.reason or demand.code)
            )
        if demand.due_at is not None and demand.due_at > now:
            tally.wait_until(demand.due_at)
            continue
        tally.past_due.add(demand.requirement)
        if demand.capability is None:
            tally.stops |= demand.stops
        else:
            tally.limited.add(demand.capability)


def _open_demands(account: Account, capability: str | None) -> list[Demand]:
    return [
        demand
        for demand in account.demands
        if (demand.code is not None or not is_given(account, demand.requirement))
        and (
            demand.capability in {None, capability}
            or (capability is None and demand.capability in account.requested)
        )
    ]


def _add_findings(account: Account, tally: _Tally) -> None:
    for finding in account.findings:
        tally.currently_due.add(finding.requirement)
        tally.past_due.add(finding.requirement)
        tally.errors.append(finding)
        tally.stops |= finding.stops
        if finding.alternative is not None:
            tally.alternatives.append((finding.requirement, finding.alternative))


def _stops_of(account: Account, tally: _Tally) -> frozenset[str]:
    if account.rejected is not None:
        return BOTH - PAYOUTS if account.is_rejection_paying_out else BOTH
    is_held = account.is_paused or account.is_under_review or account.held_for is not None
    is_open = account.details_submitted and account.is_approved
    return BOTH if is_held or not is_open else frozenset(tally.stops)


def _announced(account: Account, now: int, capability: str | None) -> Owed | None:
    """Return what will be owed, from the earliest date on."""
    ahead = [
        demand
        for demand in _open_demands(account, capability)
        if demand.starts_at is not None and demand.starts_at > now
    ]
    if not ahead:
        return None
    keys = {demand.requirement for demand in ahead}
    later = {demand.requirement for demand in ahead if demand.is_eventual}
    return Owed(
        currently_due=tuple(sorted(keys - later)),
        eventually_due=tuple(sorted(keys)),
        deadline=min(demand.starts_at for demand in ahead if demand.starts_at is not None),
    )


def _disabled_reason(account: Account, tally: _Tally, pending: Sequence[str]) -> str | None:
    if account.rejected is not None:
        return account.rejected
    if account.is_paused:
        return "platform_paused"
    if account.held_for is not None or account.is_under_review:
        return account.held_for or "under_review"
    return "requirements.past_due" if tally.stops else _reason_to_wait(account, pending)


def _reason_to_wait(account: Account, pending: Sequence[str]) -> str | None:
    if pending and not account.is_approved:
        return "requirements.pending_verification"
    if not account.requested and account.details_submitted:
        return "action_required.requested_capabilities"
    return None


_encode = Encoder().encode
# Everything that is owed follows from these; metadata change often and never matter here.
_facts_of = attrgetter(*(name for name in Account.__struct_fields__ if name != "metadata"))


class _Answer(NamedTuple):
    """What one account owes by facts with this digest, from one moment until before another."""

    facts: bytes
    since: int
    until: float
    owed: "Owed"


_MOST_REMEMBERED = 600_000
_answers: dict[tuple[str, str | None], _Answer] = {}


def digest_of(account: Account) -> bytes:
    """Return a digest of every fact from which anything owed follows."""
    return blake2b(_encode(_facts_of(account)), digest_size=16).digest()


def owed(account: Account, now: int, digest: bytes | None = None) -> Owed:
    """Compute what the account owes at `now` (unix seconds).

    It is asked far oftener than anything changes, so each account's last answer is remembered with
    all that it follows from: a digest of every fact that can matter, and until when it holds. No
    change of facts has to say that it happened, and none can be overlooked. Who asks several times
    about the same facts may bring their `digest`.
    """
    return _recall(account, now, None, digest)


def owed_by_capability(account: Account, name: str, now: int, digest: bytes | None = None) -> Owed:
    """Compute what the account owes for one capability, requested or not; as `owed` does.

    `disabled_reason` is the account's; `capabilities.disabled_reason` has the capability's own.
    """
    return _recall(account, now, name, digest)


def _recall(account: Account, now: int, capability: str | None, digest: bytes | None) -> Owed:
    facts = digest or digest_of(account)
    key = (account.id, capability)
    known = _answers.get(key)
    if known is not None and known.facts == facts and known.since <= now < known.until:
        return known.owed
    if len(_answers) >= _MOST_REMEMBERED:
        _answers.clear()
    found = _compute(account, now, capability)
    _answers[key] = _Answer(facts, now, _holds_until(account, now), found)
    return found


def _holds_until(account: Account, now: int) -> float:
    """Return the next moment (unix seconds) at which something is owed otherwise by itself."""
    moments = [person.created + GRACE_SECONDS for person in account.people]
    for demand in account.demands:
        moments += [at for at in (demand.due_at, demand.starts_at) if at is not None]
    return min((at for at in moments if at > now), default=inf)


def _compute(account: Account, now: int, capability: str | None) -> Owed:
    if account.is_platform:
        return Owed()
    tally = _Tally()
    _add_wanted(account, tally, now, capability)
    _add_findings(account, tally)
    _add_demands(account, tally, now, capability)
    pending = () if account.review is None else account.review.requirements
    return Owed(
        currently_due=tuple(sorted(tally.currently_due)),
        past_due=tuple(sorted(tally.past_due)),
        eventually_due=tuple(sorted(tally.eventually_due | tally.currently_due)),
        pending=pending,
        errors=tuple(tally.errors),
        alternatives=tuple(tally.alternatives),
        # What is past due already, for another reason, waits for no deadline any more.
        deadline=tally.deadline if tally.currently_due - tally.past_due else None,
        disabled_reason=_disabled_reason(account, tally, pending),
        stops=_stops_of(account, tally),
        limited=frozenset(tally.limited),
        future=_announced(account, now, capability),
    )


def prefix_of(account: Account, person: Person) -> str:
    """Return under which name a person's requirements stand."""
    is_it = account.is_individual and person.is_in("representative")
    return "individual" if is_it else person.id


def owed_by_person(account: Account, person: Person, now: int) -> Owed:
    """Return the part of what is owed that is about one person, in keys of the person's own."""
    return _part(owed(account, now), f"{prefix_of(account, person)}.")


def _part(debts: Owed, prefix: str) -> Owed:
    def own(keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(key.removeprefix(prefix) for key in keys if key.startswith(prefix))

    return Owed(
        currently_due=own(debts.currently_due),
        past_due=own(debts.past_due),
        eventually_due=own(debts.eventually_due),
        pending=own(debts.pending),
        errors=tuple(
            Finding(found.requirement.removeprefix(prefix), found.code, found.reason, found.stops)
            for found in debts.errors
            if found.requirement.startswith(prefix)
        ),
        alternatives=tuple(
            (original.removeprefix(prefix), other.removeprefix(prefix))
            for original, other in debts.alternatives
            if original.startswith(prefix)
        ),
        future=None if debts.future is None else _part(debts.future, prefix),
    )


def due_fields(
    account: Account, *, collect: str, now: int, with_future: bool = False
) -> tuple[str, ...]:
    """Return the keys a form must ask for: `collect` is `currently_due` or `eventually_due`.

    `with_future` adds what is announced but not owed yet.
    """
    return keys_to_ask(account, owed(account, now), collect=collect, with_future=with_future)


def keys_to_ask(
    account: Account, debts: Owed, *, collect: str, with_future: bool = False
) -> tuple[str, ...]:
    """Return the keys a form must ask for, out of what is owed.

    Custom accounts' forms do not ask for `external_account`: their platform gives it.
    """
    keys = _chosen(debts, collect)
    if with_future and debts.future is not None:
        keys = tuple(sorted({*keys, *_chosen(debts.future, collect)}))
    skipped = () if account.controller.is_stripe_collecting else (EXTERNAL_ACCOUNT,)
    return tuple(key for key in keys if key not in skipped)


def _chosen(debts: Owed, collect: str) -> Sequence[str]:
    return debts.eventually_due if collect == "eventually_due" else debts.currently_due


def all_fields(account: Account) -> tuple[str, ...]:
    """Return every key that concerns the account, given or not: what `account_update` shows."""
    more = extras(account)
    return _sorted(*wanted(account), *more.values())


@lru_cache(maxsize=1024)
def _sorted(*keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({key for some in keys for key in some}))
