"""Does an account owe what Stripe would ask, and may it do what follows?"""

from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    BUSINESS,
    COMPANY,
    CUSTOM,
    EXPRESS,
    PERSON,
    Wire,
    control,
    free,
)

FRESH_US = [
    "business_profile.mcc",
    "business_profile.url",
    "business_type",
    "external_account",
    "representative.dob.day",
    "representative.dob.month",
    "representative.dob.year",
    "representative.email",
    "representative.first_name",
    "representative.last_name",
    "settings.payments.statement_descriptor",
    "tos_acceptance.date",
    "tos_acceptance.ip",
]
FRESH_DE = sorted(
    {*FRESH_US, "representative.phone"} - {"settings.payments.statement_descriptor"}
    | {f"representative.address.{part}" for part in ("city", "line1", "postal_code")}
)
FRESH_AU = sorted({*FRESH_DE, "representative.address.state"})


def owed(account: stripe.Account) -> dict[str, Any]:
    assert account.requirements is not None
    return account.requirements.to_dict()


class TestFresh:
    @pytest.mark.parametrize(
        ("country", "expected"), [("US", FRESH_US), ("DE", FRESH_DE), ("AU", FRESH_AU)]
    )
    async def test_express(
        self, sdk: stripe.StripeClient, country: str, expected: list[str]
    ) -> None:
        made = await sdk.v1.accounts.create_async(free({**EXPRESS, "country": country}))
        debts = owed(made)
        assert debts["currently_due"] == expected
        assert debts["eventually_due"] == debts["past_due"] == expected
        assert debts["pending_verification"] == debts["errors"] == []
        assert debts["disabled_reason"] == "requirements.past_due"
        assert debts["current_deadline"] is None

    async def test_the_alternative_settles_the_original(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(
            free({**EXPRESS, "business_profile": {"product_description": "Books, sold online."}})
        )
        debts = owed(made)
        assert "business_profile.url" not in debts["currently_due"]
        assert debts["alternatives"] == []

    async def test_business_type_opens_what_follows(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(free({**EXPRESS, "business_type": "company"}))
        debts = owed(made)
        for key in (
            "company.tax_id",
            "company.owners_provided",
            "representative.relationship.title",
            "representative.ssn_last_4",
        ):
            assert key in debts["currently_due"]
        assert "representative.id_number" in debts["eventually_due"]
        assert "representative.id_number" not in debts["currently_due"]

    async def test_a_known_representative_is_named(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(
            free({**CUSTOM, "business_type": "company", "individual": {"first_name": "Jenny"}})
        )
        due = owed(made)["currently_due"]
        named = {key.partition(".")[0] for key in due if key.startswith("person_")}
        assert len(named) == 1
        assert not any(key.startswith("representative.") for key in due)
        assert f"{named.pop()}.first_name" not in due


class TestGiving:
    async def test_custom_individual_becomes_ready_by_the_api_alone(
        self, sdk: stripe.StripeClient
    ) -> None:
        made = await sdk.v1.accounts.create_async(free({**CUSTOM, "business_type": "individual"}))
        seen = await sdk.v1.accounts.update_async(made.id, free({**BUSINESS, "individual": PERSON}))
        assert owed(seen)["currently_due"] == []
        assert owed(seen)["eventually_due"] == ["individual.id_number"]
        assert owed(seen)["disabled_reason"] is None
        assert seen.details_submitted is True
        assert (seen.charges_enabled, seen.payouts_enabled) == (True, True)
        assert seen.capabilities is not None
        assert seen.capabilities.to_dict() == {"card_payments": "active", "transfers": "active"}
        assert seen.individual is not None
        assert seen.individual.verification is not None
        assert seen.individual.verification.status == "verified"
        seen = await sdk.v1.accounts.update_async(
            made.id, {"individual": {"id_number": "000000000"}}
        )
        assert owed(seen)["eventually_due"] == []

    async def test_custom_company(self, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(free({**CUSTOM, "business_type": "company"}))
        person = {**PERSON, "relationship": {"title": "CEO", "owner": True}}
        seen = await sdk.v1.accounts.update_async(
            made.id, free({**BUSINESS, "company": COMPANY, "individual": person})
        )
        assert owed(seen)["currently_due"] == []
        assert (seen.charges_enabled, seen.payouts_enabled) == (True, True)
        assert seen.company is not None
        assert seen.company.owners_provided is True

    async def test_express_prefilled_still_has_to_be_finished(
        self, sdk: stripe.StripeClient
    ) -> None:
        prefill = {key: BUSINESS[key] for key in BUSINESS if key != "tos_acceptance"}
        made = await sdk.v1.accounts.create_async(
            free({**EXPRESS, **prefill, "business_type": "individual", "individual": PERSON})
        )
        assert owed(made)["currently_due"] == ["tos_acceptance.date", "tos_acceptance.ip"]
        assert made.details_submitted is False
        assert made.charges_enabled is False

    async def test_without_a_bank_account_charges_but_no_payouts(
        self, sdk: stripe.StripeClient
    ) -> None:
        business = {key: BUSINESS[key] for key in BUSINESS if key != "external_account"}
        made = await sdk.v1.accounts.create_async(
            free({**CUSTOM, **business, "business_type": "individual", "individual": PERSON})
        )
        assert owed(made)["currently_due"] == ["external_account"]
        assert owed(made)["past_due"] == ["external_account"]
        assert (made.charges_enabled, made.payouts_enabled) == (True, False)
        assert made.details_submitted is True

    async def test_lists_lie_within_each_other(self, sdk: stripe.StripeClient) -> None:
        for kind in ("individual", "company", "non_profit", "government_entity"):
            made = await sdk.v1.accounts.create_async(free({**EXPRESS, "business_type": kind}))
            debts = owed(made)
            assert set(debts["past_due"]) <= set(debts["currently_due"])
            assert set(debts["currently_due"]) <= set(debts["eventually_due"])


class TestDemands:
    async def test_with_a_deadline(
        self, sandbox: Sandbox, sdk: stripe.StripeClient, wire: Wire
    ) -> None:
        made = await sdk.v1.accounts.create_async(EXPRESS)
        await control(wire, made.id, "complete", collect="eventually_due")
        key = "individual.verification.document"
        seen = await control(wire, made.id, "require", requirement=key, **{"in": "1000"})
        debts = seen["requirements"]
        assert debts["currently_due"] == debts["eventually_due"] == [key]
        assert debts["past_due"] == []
        assert debts["current_deadline"] == sandbox.clock.unix() + 1000
        assert (seen["charges_enabled"], seen["payouts_enabled"]) == (True, True)
        sandbox.clock.advance(1000)
        late = await sdk.v1.accounts.retrieve_async(made.id)
        assert owed(late)["past_due"] == [key]
        assert owed(late)["current_deadline"] is None
        assert owed(late)["disabled_reason"] == "requirements.past_due"
        assert (late.charges_enabled, late.payouts_enabled) == (False, False)
        events = await sdk.v1.events.list_async({}, {"stripe_account": made.id})
        assert events.data[0].type in {"account.updated", "capability.updated"}
        assert events.data[0].created == sandbox.clock.unix()

    async def test_eventually(self, sdk: stripe.StripeClient, wire: Wire) -> None:
        made = await sdk.v1.accounts.create_async(EXPRESS)
        await control(wire, made.id, "complete", collect="eventually_due")
        key = "individual.verification.additional_document"
        seen = await control(wire, made.id, "require", requirement=key, eventually="true")
        assert seen["requirements"]["eventually_due"] == [key]
        assert seen["requirements"]["currently_due"] == []
        assert seen["charges_enabled"] is True

    async def test_with_an_error_until_it_is_answered(
        self, sdk: stripe.StripeClient, wire: Wire
    ) -> None:
        made = await sdk.v1.accounts.create_async(
            free({**CUSTOM, **BUSINESS, "business_type": "individual", "individual": PERSON})
        )
        key = "individual.verification.document"
        seen = await control(
            wire,
            made.id,
            "require",
            requirement=key,
            code="verification_document_expired",
            reason="The document has expired.",
        )
        assert seen["requirements"]["errors"] == [
            {
                "code": "verification_document_expired",
                "reason": "The document has expired.",
                "requirement": key,
            }
        ]
        assert seen["charges_enabled"] is False
        token = "file_identity_document_success"
        fixed = await sdk.v1.accounts.update_async(
            made.id, {"individual": {"verification": {"document": {"front": token}}}}
        )
        assert owed(fixed)["errors"] == []
        assert fixed.charges_enabled is True


async def test_a_lost_capability_takes_the_other_with_it(
    sdk: stripe.StripeClient, wire: Wire
) -> None:
    made = await sdk.v1.accounts.create_async(EXPRESS)
    await control(wire, made.id, "complete")
    seen = await control(wire, made.id, "lose", capability="transfers")
    assert seen["capabilities"] == {"card_payments": "inactive", "transfers": "inactive"}
    assert (seen["charges_enabled"], seen["payouts_enabled"]) == (False, False)


@pytest.mark.parametrize("reason", ["rejected.fraud", "rejected.listed", "rejected.other"])
async def test_rejected(sdk: stripe.StripeClient, wire: Wire, reason: str) -> None:
    made = await sdk.v1.accounts.create_async(EXPRESS)
    await control(wire, made.id, "complete")
    seen = await control(wire, made.id, "reject", reason=reason)
    assert seen["requirements"]["disabled_reason"] == reason
    assert (seen["charges_enabled"], seen["payouts_enabled"]) == (False, False)
    assert set(seen["capabilities"].values()) == {"inactive"}
