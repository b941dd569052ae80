"""Each row of the table of readiness, and the promise that nothing falls through it."""

from datetime import UTC, datetime
from itertools import product

import pytest

from aboard.core.account import ConnectedAccount, Requirements, Snapshot
from aboard.core.links import Collect
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import (
    Actor,
    CreatorStatus,
    Readiness,
    assess,
    assess_snapshot,
    creator_status,
    is_anything_due,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BANK = "external_account"
OWNER = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)


def account(**changes: object) -> ConnectedAccount:
    fields: dict[str, object] = {"id": "acc_1", "owner": OWNER, "reserved_at": NOW}
    return ConnectedAccount(**{**fields, **changes})  # type: ignore[arg-type] # a table of fields


def snapshot(
    flags: str = "",
    *,
    currently: tuple[str, ...] = (),
    past: tuple[str, ...] = (),
    eventually: tuple[str, ...] = (),
    verifying: tuple[str, ...] = (),
    reason: str | None = None,
    dashboard: str | None = None,
) -> Snapshot:
    return Snapshot(
        stripe_account_id="acct_1",
        dashboard=dashboard,
        charges_enabled="c" in flags,
        payouts_enabled="p" in flags,
        details_submitted="d" in flags,
        requirements=Requirements(
            currently_due=currently,
            past_due=past,
            eventually_due=eventually,
            pending_verification=verifying,
            disabled_reason=reason,
        ),
    )


ROWS = [
    ("rejected", snapshot("cpd", reason="rejected.fraud"), Readiness.REJECTED, Actor.NOBODY),
    ("listed", snapshot("d", reason="listed"), Readiness.REJECTED, Actor.NOBODY),
    (
        "rejected before submitted",
        snapshot("", reason="rejected.other"),
        Readiness.REJECTED,
        Actor.NOBODY,
    ),
    ("not submitted", snapshot("", past=("email",)), Readiness.INCOMPLETE, Actor.OWNER),
    ("not submitted, flags on", snapshot("cp"), Readiness.INCOMPLETE, Actor.OWNER),
    (
        "past due, both on",
        snapshot("cpd", past=("x",), currently=("x",)),
        Readiness.RESTRICTED,
        Actor.OWNER,
    ),
    ("due, charges off", snapshot("pd", currently=("x",)), Readiness.RESTRICTED, Actor.OWNER),
    ("due, payouts off", snapshot("cd", currently=("x",)), Readiness.RESTRICTED, Actor.OWNER),
    (
        "due while verifying",
        snapshot("d", currently=("x",), verifying=("y",)),
        Readiness.RESTRICTED,
        Actor.OWNER,
    ),
    (
        "only the bank that the platform gives",
        snapshot("d", past=(BANK,), currently=(BANK,), dashboard="none"),
        Readiness.RESTRICTED,
        Actor.PLATFORM,
    ),
    (
        "the bank that the platform gives, soon",
        snapshot("cpd", currently=(BANK,), dashboard="none"),
        Readiness.RESTRICTED_SOON,
        Actor.PLATFORM,
    ),
    (
        "the bank and more",
        snapshot("d", past=(BANK,), currently=(BANK, "x"), dashboard="none"),
        Readiness.RESTRICTED,
        Actor.OWNER,
    ),
    (
        "the bank that Stripe's form asks for",
        snapshot("d", past=(BANK,), currently=(BANK,), dashboard="express"),
        Readiness.RESTRICTED,
        Actor.OWNER,
    ),
    (
        "paused by platform",
        snapshot("d", past=("x",), reason="platform_paused"),
        Readiness.RESTRICTED,
        Actor.PLATFORM,
    ),
    ("verifying", snapshot("cd", verifying=("x",)), Readiness.PENDING, Actor.STRIPE),
    ("under review", snapshot("d", reason="under_review"), Readiness.PENDING, Actor.STRIPE),
    (
        "pending reason",
        snapshot("d", reason="requirements.pending_verification"),
        Readiness.PENDING,
        Actor.STRIPE,
    ),
    (
        "due, both on",
        snapshot("cpd", currently=("x",), eventually=("x",)),
        Readiness.RESTRICTED_SOON,
        Actor.OWNER,
    ),
    ("eventually due", snapshot("cpd", eventually=("x",)), Readiness.ENABLED, Actor.NOBODY),
    ("verifying, both on", snapshot("cpd", verifying=("x",)), Readiness.ENABLED, Actor.NOBODY),
    ("nothing left", snapshot("cpd"), Readiness.COMPLETE, Actor.NOBODY),
    ("off without a reason", snapshot("d"), Readiness.RESTRICTED, Actor.PLATFORM),
    ("half off without a reason", snapshot("cd"), Readiness.RESTRICTED, Actor.PLATFORM),
    (
        "off, only eventually due",
        snapshot("d", eventually=("x",)),
        Readiness.RESTRICTED,
        Actor.PLATFORM,
    ),
]


@pytest.mark.parametrize(("case", "given", "readiness", "actor"), ROWS, ids=[r[0] for r in ROWS])
def test_each_row_of_the_table(
    case: str, given: Snapshot, readiness: Readiness, actor: Actor
) -> None:
    assessment = assess_snapshot(given)
    assert (assessment.readiness, assessment.who_must_act) == (readiness, actor), case


def test_no_account_and_a_mere_reservation_are_not_started() -> None:
    for given in (None, account()):
        assessment = assess(given)
        assert assessment.readiness is Readiness.NOT_STARTED
        assert assessment.who_must_act is Actor.OWNER


def test_an_account_that_was_never_read_is_incomplete() -> None:
    assert assess(account(stripe_account_id="acct_1")).readiness is Readiness.INCOMPLETE


def test_disconnected_wins_over_a_perfect_snapshot() -> None:
    gone = account(
        stripe_account_id="acct_1",
        snapshot=snapshot("cpd"),
        disconnected_at=NOW,
        disconnected_reason="account_invalid",
    )
    assessment = assess(gone)
    assert assessment.readiness is Readiness.DISCONNECTED
    assert assessment.who_must_act is Actor.PLATFORM
    assert assessment.reasons == ("account_invalid",)


def test_nothing_is_ever_ready_while_charges_or_payouts_are_off() -> None:
    ready = {Readiness.COMPLETE, Readiness.ENABLED, Readiness.RESTRICTED_SOON}
    keys: tuple[tuple[str, ...], ...] = ((), ("x",))
    reasons = (None, "under_review", "requirements.past_due", "platform_paused", "other", "new.one")
    flags = ("", "c", "p", "d", "cp", "cd", "pd", "cpd")
    for on, now, past, later, wait, reason in product(flags, keys, keys, keys, keys, reasons):
        given = snapshot(
            on, currently=now, past=past, eventually=later, verifying=wait, reason=reason
        )
        readiness = assess_snapshot(given).readiness
        assert (readiness in ready) == (on == "cpd" and not past), given


def test_the_owner_is_told_the_deadline() -> None:
    given = Snapshot(
        "acct_1",
        charges_enabled=True,
        payouts_enabled=True,
        details_submitted=True,
        requirements=Requirements(currently_due=("x",), current_deadline=NOW),
    )
    assert assess_snapshot(given).deadline == NOW


def test_the_creators_words() -> None:
    assert {creator_status(readiness) for readiness in Readiness} == set(CreatorStatus)
    assert creator_status(Readiness.PENDING) is CreatorStatus.PENDING
    assert creator_status(Readiness.ENABLED) is CreatorStatus.ACTIVE
    assert creator_status(Readiness.REJECTED) is CreatorStatus.DISABLED


@pytest.mark.parametrize(
    ("found", "now", "later"),
    [
        (snapshot(""), True, True),
        (snapshot("d", verifying=("x",)), False, False),
        (snapshot("d", past=("x",), currently=("x",)), True, True),
        (snapshot("cpd", currently=("x",)), True, True),
        (snapshot("cpd", eventually=("x",)), False, True),
        (snapshot("cpd"), False, False),
        (snapshot("d", past=(BANK,), currently=(BANK,), dashboard="none"), False, False),
        (snapshot("d", reason="under_review"), False, False),
    ],
    ids=["not in", "checking", "overdue", "soon", "later", "all done", "platform's", "review"],
)
def test_a_link_is_worth_its_visit_only_when_the_form_would_ask(
    found: Snapshot, *, now: bool, later: bool
) -> None:
    known = account(stripe_account_id="acct_1", snapshot=found)
    assert is_anything_due(known, Collect.CURRENTLY_DUE) is now
    assert is_anything_due(known, Collect.EVENTUALLY_DUE) is later
    assert is_anything_due(account(), Collect.CURRENTLY_DUE)
