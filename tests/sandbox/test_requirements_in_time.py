"""Does what is owed move on: announced, due, past due, per account and per capability?"""

from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox, answers, capabilities, outcomes, requirements
from aboard.sandbox.account import Account
from aboard.sandbox.world import World
from tests.sandbox.conftest import BUSINESS, COMPANY, CUSTOM, EXPRESS, KEY, PERSON, free
from tests.sandbox.test_requirements import owed

DAY = 24 * 3600
DOCUMENT = "individual.verification.document"


async def ready(
    sandbox: Sandbox,
    sdk: stripe.StripeClient,
    **params: Any,  # noqa: ANN401 - any parameter
) -> tuple[World, Account]:
    made = await sdk.v1.accounts.create_async(
        free({**EXPRESS, "business_type": "individual", **params})
    )
    world = sandbox.world(KEY)
    account = world.account(made.id)
    assert account is not None
    outcomes.complete(world, account)
    return world, account


async def read(sdk: stripe.StripeClient, account: Account) -> tuple[stripe.Account, dict[str, Any]]:
    seen = await sdk.v1.accounts.retrieve_async(account.id)
    return seen, owed(seen)


class TestFuture:
    async def test_is_announced_then_due_then_past_due(
        self, sandbox: Sandbox, sdk: stripe.StripeClient
    ) -> None:
        world, account = await ready(sandbox, sdk)
        starts_at = world.now() + 30 * DAY
        outcomes.announce(world, account, DOCUMENT, starts_at=starts_at)
        seen, debts = await read(sdk, account)
        assert debts["currently_due"] == []
        assert seen.future_requirements is not None
        future = seen.future_requirements.to_dict()
        assert future["currently_due"] == future["eventually_due"] == [DOCUMENT]
        assert future["current_deadline"] == starts_at
        sandbox.clock.advance(30 * DAY)
        seen, debts = await read(sdk, account)
        assert debts["currently_due"] == [DOCUMENT]
        assert debts["past_due"] == []
        assert debts["current_deadline"] == starts_at + 14 * DAY
        assert seen.charges_enabled is True
        assert seen.future_requirements is not None
        assert seen.future_requirements.to_dict()["currently_due"] == []
        events = await sdk.v1.events.list_async({}, {"stripe_account": account.id})
        assert events.data[0].type in {"account.updated", "capability.updated"}
        assert events.data[0].created == starts_at
        sandbox.clock.advance(14 * DAY)
        seen, debts = await read(sdk, account)
        assert debts["past_due"] == [DOCUMENT]
        assert (seen.charges_enabled, seen.payouts_enabled) == (False, False)

    async def test_is_asked_for_only_where_a_link_includes_it(
        self, sandbox: Sandbox, sdk: stripe.StripeClient
    ) -> None:
        world, account = await ready(sandbox, sdk)
        outcomes.announce(world, account, DOCUMENT, starts_at=world.now() + DAY)
        for with_future, expected in ((False, ()), (True, (DOCUMENT,))):
            found = requirements.due_fields(
                account, collect="currently_due", now=world.now(), with_future=with_future
            )
            assert found == expected


class TestThresholds:
    async def test_what_was_due_eventually_is_due_now(
        self, sandbox: Sandbox, sdk: stripe.StripeClient
    ) -> None:
        world, account = await ready(sandbox, sdk)
        assert outcomes.next_requirements(world, account) == ("individual.id_number",)
        seen, debts = await read(sdk, account)
        assert debts["currently_due"] == ["individual.id_number"]
        assert debts["current_deadline"] == world.now() + 14 * DAY
        assert seen.charges_enabled is True
        outcomes.complete(world, account)
        for expected in (DOCUMENT, "individual.verification.additional_document"):
            assert outcomes.next_requirements(world, account) == (expected,)
            outcomes.complete(world, account)

    @pytest.mark.parametrize(
        ("block", "charges", "payouts"),
        [
            (outcomes.block_charges, False, True),
            (outcomes.block_payouts, True, False),
        ],
    )
    async def test_blocks(
        self,
        sandbox: Sandbox,
        sdk: stripe.StripeClient,
        block: Any,  # noqa: ANN401 - one of two functions
        *,
        charges: bool,
        payouts: bool,
    ) -> None:
        world, account = await ready(sandbox, sdk)
        block(world, account)
        seen, debts = await read(sdk, account)
        assert (seen.charges_enabled, seen.payouts_enabled) == (charges, payouts)
        assert debts["past_due"] == debts["currently_due"] == ["individual.id_number"]
        assert debts["disabled_reason"] == "requirements.past_due"
        outcomes.complete(world, account)
        seen, debts = await read(sdk, account)
        assert (seen.charges_enabled, seen.payouts_enabled) == (True, True)


class TestPeople:
    async def test_each_owner_owes_their_own(
        self, sandbox: Sandbox, sdk: stripe.StripeClient
    ) -> None:
        without = {key: value for key, value in COMPANY.items() if key != "owners_provided"}
        made = await sdk.v1.accounts.create_async(
            free({**CUSTOM, **BUSINESS, "business_type": "company", "company": without})
        )
        assert "owners.first_name" in owed(made)["currently_due"]
        account = sandbox.world(KEY).account(made.id)
        assert account is not None
        world = sandbox.world(KEY)
        saved = answers.add_owner(world, account, {"first_name": "Grace", "last_name": "Hopper"})
        _, debts = await read(sdk, account)
        assert not any(key.startswith("owners.") for key in debts["currently_due"])
        assert f"{saved.id}.dob.year" in debts["currently_due"]
        assert f"{saved.id}.first_name" not in debts["currently_due"]
        assert "company.owners_provided" in debts["currently_due"]
        person = account.people[-1]
        part = requirements.owed_by_person(account, person, world.now())
        assert "dob.year" in part.currently_due
        await sdk.v1.accounts.update_async(made.id, {"company": {"owners_provided": True}})
        _, debts = await read(sdk, account)
        assert "company.owners_provided" not in debts["currently_due"]
        assert f"{saved.id}.dob.year" in debts["currently_due"]

    async def test_who_joins_later_has_two_weeks(
        self, sandbox: Sandbox, sdk: stripe.StripeClient
    ) -> None:
        world, account = await ready(sandbox, sdk, business_type="company")
        answers.add_owner(world, account, {"first_name": "Grace", "last_name": "Hopper"})
        seen, debts = await read(sdk, account)
        assert debts["past_due"] == []
        assert debts["currently_due"] != []
        assert debts["current_deadline"] == world.now() + 14 * DAY
        assert seen.charges_enabled is True
        sandbox.clock.advance(14 * DAY)
        seen, debts = await read(sdk, account)
        assert debts["past_due"] == debts["currently_due"]
        assert seen.charges_enabled is False


class TestCapabilities:
    async def test_what_only_one_needs_stops_only_that_one(
        self, sandbox: Sandbox, sdk: stripe.StripeClient
    ) -> None:
        wanted = {**CUSTOM["capabilities"], "tax_reporting_us_1099_k": {"requested": True}}
        made = await sdk.v1.accounts.create_async(
            free(
                {
                    **CUSTOM,
                    **BUSINESS,
                    "capabilities": wanted,
                    "business_type": "individual",
                    "individual": PERSON,
                }
            )
        )
        assert made.capabilities is not None
        assert made.capabilities.to_dict() == {
            "card_payments": "active",
            "tax_reporting_us_1099_k": "inactive",
            "transfers": "active",
        }
        assert (made.charges_enabled, made.payouts_enabled) == (True, True)
        assert owed(made)["disabled_reason"] is None
        world = sandbox.world(KEY)
        account = world.account(made.id)
        assert account is not None
        for name, due in (
            ("card_payments", ()),
            ("tax_reporting_us_1099_k", ("individual.id_number",)),
        ):
            found = requirements.owed_by_capability(account, name, world.now())
            assert found.currently_due == due

    async def test_a_deadline_of_one_capability(
        self, sandbox: Sandbox, sdk: stripe.StripeClient
    ) -> None:
        world, account = await ready(sandbox, sdk)
        world, account = await ready(
            sandbox,
            sdk,
            capabilities={**EXPRESS["capabilities"], "jcb_payments": {"requested": True}},
        )
        due_at = world.now() + DAY
        outcomes.require(world, account, DOCUMENT, due_at=due_at, capability="jcb_payments")
        now = world.now()
        assert requirements.owed_by_capability(account, "jcb_payments", now).deadline == due_at
        assert requirements.owed_by_capability(account, "transfers", now).deadline is None
        sandbox.clock.advance(DAY)
        seen, _ = await read(sdk, account)
        assert seen.charges_enabled is True
        assert seen.capabilities is not None
        assert seen.capabilities.jcb_payments == "inactive"
        assert seen.capabilities.card_payments == "active"

    @pytest.mark.parametrize("reason", sorted(capabilities.REASONS_LOST))
    async def test_every_reason_to_lose_one(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, reason: str
    ) -> None:
        world, account = await ready(sandbox, sdk)
        outcomes.lose_capability(world, account, "transfers", reason)
        assert capabilities.disabled_reason(account, "transfers", "inactive") == reason


@pytest.mark.parametrize("reason", sorted(outcomes.HOLDS))
async def test_every_hold_ends(sandbox: Sandbox, sdk: stripe.StripeClient, reason: str) -> None:
    world, account = await ready(sandbox, sdk)
    outcomes.hold(world, account, reason)
    seen, debts = await read(sdk, account)
    assert debts["disabled_reason"] == reason
    assert (seen.charges_enabled, seen.payouts_enabled) == (False, False)
    outcomes.verify(world, account)
    seen, debts = await read(sdk, account)
    assert debts["disabled_reason"] is None
    assert seen.charges_enabled is True


@pytest.mark.parametrize("country", ["US", "DE", "GB", "JP", "CA"])
@pytest.mark.parametrize("kind", ["individual", "company"])
@pytest.mark.parametrize(
    ("scenario", "charges", "past", "current"),
    [
        (outcomes.half_done, False, True, True),
        (outcomes.in_review, False, False, False),
        (outcomes.past_due, False, True, True),
        (outcomes.restricted_soon, True, False, True),
        (outcomes.rejected, False, False, False),
    ],
)
async def test_scenarios(
    sandbox: Sandbox,
    sdk: stripe.StripeClient,
    country: str,
    kind: str,
    scenario: Any,  # noqa: ANN401 - one of several functions
    *,
    charges: bool,
    past: bool,
    current: bool,
) -> None:
    made = await sdk.v1.accounts.create_async(
        free({**EXPRESS, "country": country, "business_type": kind})
    )
    world = sandbox.world(KEY)
    account = world.account(made.id)
    assert account is not None
    scenario(world, account)
    seen, debts = await read(sdk, account)
    assert seen.charges_enabled is charges
    assert bool(debts["past_due"]) is past
    assert bool(debts["currently_due"]) is current
