"""Do the rules of what is owed hold everywhere: each country, each business, each controller?"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aboard.sandbox import outcomes
from aboard.sandbox.account import CUSTOM, EXPRESS, STANDARD, Account, Controller, Demand
from aboard.sandbox.answers import add_owner, save_facts
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.clock import Clock
from aboard.sandbox.requirements import all_fields, due_fields, is_given, owed
from aboard.sandbox.samples import find_sample
from aboard.sandbox.wanted import GROUPS
from aboard.sandbox.world import Policy, World
from aboard.sandbox.worlds import Worlds
from tests.sandbox.conftest import KEY, NOW

CONTROLLERS = {
    "custom": CUSTOM,
    "express": EXPRESS,
    "standard": STANDARD,
    "none": Controller("application_custom", "stripe", "stripe", "none"),
}
KINDS = ("individual", "company", "non_profit", "government_entity")
BOTH = {"card_payments": 0, "transfers": 0}
MAGIC = {
    "individual.id_number": ("000000000", "111111111", "222222222"),
    "individual.address.line1": ("address_full_match", "address_no_match", "12 Side Street"),
    "individual.first_name": ("Jenny", "missing_owner", "Jenny_high_risk"),
    "individual.dob.year": ("1900", "1901", "1902"),
    "company.tax_id": ("000000000", "111111111", "222221003", "222221005"),
    "company.name": ("Rosen Books", "mismatch_business_name", "Rosen_high_risk"),
    "company.owners_provided": ("true", "false"),
    "company.directors_provided": ("true",),
    "business_profile.url": ("https://accessible.stripe.com", "https://missing.stripe.com"),
    "business_profile.product_description": ("require_url", "Books, sold online."),
    "settings.payments.statement_descriptor": ("ROSEN BOOKS", "disallowed"),
    "business_type": KINDS,
}
PASSES = {text for texts in MAGIC.values() for text in texts} - {
    "111111111",
    "address_no_match",
    "missing_owner",
    "1900",
    "222221003",
    "222221005",
    "mismatch_business_name",
    "https://missing.stripe.com",
    "require_url",
    "disallowed",
}


def world() -> World:
    worlds = Worlds(clock=Clock(NOW), policy=Policy(), seed=1)
    return worlds.world(KEY)


def account_in(
    there: World, country: str, controller: Controller, kind: str | None = None
) -> Account:
    account = Account(
        id=there.ids.new("acct"),
        created=there.now(),
        country=country,
        currency=COUNTRIES[country].currency,
        controller=controller,
        business_type=kind,
        requested={} if controller is STANDARD else dict(BOTH),
    )
    there.accounts.add(account.id, account)
    return account


def check(account: Account, now: int) -> None:
    """Hold what is owed against everything that must always be so."""
    debts = owed(account, now)
    assert debts == owed(account, now)
    past, current, later = (
        set(debts.past_due),
        set(debts.currently_due),
        set(debts.eventually_due),
    )
    assert past <= current <= later
    assert list(debts.currently_due) == sorted(current)
    assert {found.requirement for found in debts.errors} <= current
    failed = {found.requirement for found in debts.errors}
    assert not (set(debts.pending) & later) - failed
    assert {original for original, _ in debts.alternatives} <= current
    if debts.disabled_reason == "requirements.past_due":
        assert past or not account.details_submitted
    if account.details_submitted and not past and account.is_approved:
        assert debts.is_charging or debts.disabled_reason is not None
    if debts.deadline is not None:
        assert debts.deadline > now
        assert current - past


@pytest.mark.parametrize("country", sorted(COUNTRIES))
@pytest.mark.parametrize("controller", sorted(CONTROLLERS))
@pytest.mark.parametrize("collect", ["currently_due", "eventually_due"])
def test_completing_ends_enabled(country: str, controller: str, collect: str) -> None:
    there = world()
    for kind in (None, *KINDS):
        account = account_in(there, country, CONTROLLERS[controller], kind)
        check(account, there.now())
        outcomes.complete(there, account, collect=collect)
        check(account, there.now())
        debts = owed(account, there.now())
        assert not [*debts.currently_due, *debts.past_due, *debts.errors]
        assert debts.disabled_reason is None
        assert debts.is_charging
        assert debts.is_paying_out
        assert collect == "currently_due" or debts.eventually_due == ()
        assert account.details_submitted


@pytest.mark.parametrize("country", ["US", "DE", "GB", "AU", "CA", "JP", "IE"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_answer_settles_what_it_answers(country: str, kind: str) -> None:
    there = world()
    account = account_in(there, country, CUSTOM, kind)
    for _ in range(100):
        due = due_fields(account, collect="eventually_due", now=there.now())
        answerable = [
            (key, text)
            for key in due
            if key.partition(".")[0] not in GROUPS and (text := find_sample(key, country=country))
        ]
        if not answerable:
            break
        key, text = answerable[0]
        path = f"{key}.front" if key.endswith("document") else key
        assert save_facts(there, account, {path: text}) == ()
        left = due_fields(account, collect="eventually_due", now=there.now())
        assert key not in left
        check(account, there.now())
    assert due_fields(account, collect="eventually_due", now=there.now()) in {
        (),
        ("tos_acceptance.date", "tos_acceptance.ip"),
    }


ANSWER = st.sampled_from([(path, text) for path, texts in MAGIC.items() for text in texts])
STEP = st.one_of(
    ANSWER,
    st.sampled_from(
        [
            "complete",
            "next",
            "charges",
            "payouts",
            "announce",
            "wait",
            "reject_document",
            "review",
            "verify",
            "lose",
            "owner",
        ]
    ),
)


def play(there: World, account: Account, step: Any) -> None:  # noqa: ANN401 - an answer or a word
    do: dict[str, Callable[[], object]] = {
        "complete": lambda: outcomes.complete(there, account),
        "next": lambda: outcomes.next_requirements(there, account),
        "charges": lambda: outcomes.block_charges(there, account),
        "payouts": lambda: outcomes.block_payouts(there, account),
        "announce": lambda: outcomes.announce(
            there, account, "company.verification.document", starts_at=there.now() + 1000
        ),
        "reject_document": lambda: outcomes.reject_document(there, account),
        "review": lambda: outcomes.send_to_review(there, account),
        "verify": lambda: outcomes.verify(there, account),
        "lose": lambda: outcomes.lose_capability(there, account, "transfers"),
        "wait": lambda: there.clock.advance(8 * 24 * 3600),
        "owner": lambda: _add_owner(there, account),
    }
    if isinstance(step, str):
        do[step]()
    else:
        save_facts(there, account, dict([step]))


def _add_owner(there: World, account: Account) -> None:
    if account.is_company:
        add_owner(there, account, {"first_name": "Grace", "last_name": "Hopper"})


@settings(max_examples=150, deadline=None)
@given(
    country=st.sampled_from(["US", "DE", "AU", "CA", "JP"]),
    controller=st.sampled_from(sorted(CONTROLLERS)),
    kind=st.sampled_from((None, *KINDS)),
    steps=st.lists(STEP, max_size=12),
)
@example(
    "US", "custom", None, [("business_type", "company"), "complete", "owner", "charges"]
)  # past due for one reason, while another would have left it time
def test_whatever_happens(
    country: str, controller: str, kind: str | None, steps: list[Any]
) -> None:
    there = world()
    account = account_in(there, country, CONTROLLERS[controller], kind)
    for step in steps:
        play(there, account, step)
        check(account, there.now())
        assert set(owed(account, there.now()).eventually_due) >= {
            key
            for key in all_fields(account)
            if not is_given(account, key) and account.business_type is not None
        }


@settings(max_examples=60, deadline=None)
@given(
    country=st.sampled_from(["US", "DE", "JP"]),
    kind=st.sampled_from(KINDS),
    steps=st.lists(ANSWER.filter(lambda step: step[1] in PASSES), max_size=8),
)
def test_good_answers_in_any_order_end_enabled(
    country: str, kind: str, steps: list[tuple[str, str]]
) -> None:
    there = world()
    account = account_in(there, country, EXPRESS, kind)
    for step in steps:
        play(there, account, step)
    outcomes.complete(there, account)
    debts = owed(account, there.now())
    assert debts.errors == ()
    assert (debts.is_charging, debts.is_paying_out) == (True, True)


def test_what_is_remembered_is_never_wrong() -> None:
    there = world()
    account = account_in(there, "US", CUSTOM, "individual")
    before = owed(account, there.now())
    account.demands.append(Demand("individual.verification.document"))
    assert owed(account, there.now()) != before
