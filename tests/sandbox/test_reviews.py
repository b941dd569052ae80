"""Do magic values decide verification, by transitions that can be seen?"""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    ADDRESS,
    BUSINESS,
    COMPANY,
    CUSTOM,
    NOW,
    PERSON,
    client,
    free,
)
from tests.sandbox.test_requirements import owed

CEO = {**PERSON, "relationship": {"title": "CEO"}}


async def individual(sdk: stripe.StripeClient, **changes: Any) -> stripe.Account:  # noqa: ANN401 - any value
    business = {**BUSINESS, **changes.pop("business", {})}
    return await sdk.v1.accounts.create_async(
        free(
            {
                **CUSTOM,
                **business,
                "business_type": "individual",
                "individual": {**PERSON, **changes},
            }
        )
    )


async def company(sdk: stripe.StripeClient, person: Any = CEO, **changes: Any) -> stripe.Account:  # noqa: ANN401 - any value
    return await sdk.v1.accounts.create_async(
        free(
            {
                **CUSTOM,
                **BUSINESS,
                "business_type": "company",
                "company": {**COMPANY, **changes},
                "individual": person,
            }
        )
    )


class TestPerson:
    @pytest.mark.parametrize(
        ("changes", "requirement", "code", "alternative"),
        [
            (
                {"id_number": "111111111"},
                "individual.id_number",
                "verification_failed_id_number_match",
                "individual.verification.document",
            ),
            (
                {"ssn_last_4": "1111"},
                "individual.ssn_last_4",
                "verification_failed_id_number_match",
                "individual.verification.document",
            ),
            (
                {"address": {**ADDRESS, "line1": "address_no_match"}},
                "individual.address.line1",
                "verification_failed_address_match",
                "individual.verification.additional_document",
            ),
            (
                {"verification": {"document": {"front": "file_identity_document_failure"}}},
                "individual.verification.document",
                "verification_document_not_readable",
                None,
            ),
        ],
    )
    async def test_fails_and_is_asked_again(
        self,
        sdk: stripe.StripeClient,
        changes: dict[str, Any],
        requirement: str,
        code: str,
        alternative: str | None,
    ) -> None:
        made = await individual(sdk, **changes)
        debts = owed(made)
        assert [(e["requirement"], e["code"]) for e in debts["errors"]] == [(requirement, code)]
        assert debts["currently_due"] == debts["past_due"] == [requirement]
        assert debts["pending_verification"] == []
        assert debts["alternatives"] == (
            []
            if alternative is None
            else [{"alternative_fields_due": [alternative], "original_fields_due": [requirement]}]
        )
        assert (made.charges_enabled, made.payouts_enabled) == (False, False)
        assert made.individual is not None
        assert made.individual.verification is not None
        assert made.individual.verification.status == "unverified"
        good: Any = {**PERSON, "id_number": "000000000"}
        good["verification"] = {"document": {"front": "file_identity_document_success"}}
        fixed = await sdk.v1.accounts.update_async(made.id, {"individual": good})
        assert owed(fixed)["errors"] == []
        assert (fixed.charges_enabled, fixed.payouts_enabled) == (True, True)

    async def test_the_alternative_settles_it(self, sdk: stripe.StripeClient) -> None:
        made = await individual(sdk, id_number="111111111")
        token = "file_identity_document_success"
        fixed = await sdk.v1.accounts.update_async(
            made.id, {"individual": {"verification": {"document": {"front": token}}}}
        )
        assert owed(fixed)["currently_due"] == []
        assert fixed.charges_enabled is True

    async def test_real_looking_values_are_fine(self, sdk: stripe.StripeClient) -> None:
        made = await individual(
            sdk,
            dob={"day": 7, "month": 9, "year": 1988},
            id_number="536221234",
            address={**ADDRESS, "line1": "354 Oyster Point Blvd"},
        )
        assert owed(made)["errors"] == []
        assert made.charges_enabled is True

    async def test_sanctions_alert_is_a_review(self, sdk: stripe.StripeClient) -> None:
        made = await individual(sdk, dob={"day": 1, "month": 1, "year": 1900})
        assert owed(made)["disabled_reason"] == "under_review"
        assert made.charges_enabled is False


class TestCompany:
    @pytest.mark.parametrize(
        ("changes", "requirement", "code"),
        [
            ({"tax_id": "111111111"}, "company.tax_id", "verification_failed_tax_id_match"),
            ({"tax_id": "111111112"}, "company.tax_id", "verification_failed_tax_id_not_issued"),
            ({"tax_id": "222221003"}, "company.owners_provided", "verification_missing_owners"),
            (
                {"name": "mismatch_business_name"},
                "company.name",
                "verification_failed_name_match",
            ),
            ({"name": "disallowed_name"}, "company.name", "invalid_company_name_denylisted"),
        ],
    )
    async def test_fails(
        self, sdk: stripe.StripeClient, changes: dict[str, Any], requirement: str, code: str
    ) -> None:
        made = await company(sdk, **changes)
        debts = owed(made)
        assert [(e["requirement"], e["code"]) for e in debts["errors"]] == [(requirement, code)]
        assert made.charges_enabled is False

    @pytest.mark.parametrize(
        ("line1", "charges", "payouts"),
        [
            ("address_full_match", True, True),
            ("address_no_match", True, False),
            ("address_line1_no_match", False, False),
        ],
    )
    async def test_address(
        self,
        sdk: stripe.StripeClient,
        line1: str,
        *,
        charges: bool,
        payouts: bool,
    ) -> None:
        made = await company(sdk, address={**ADDRESS, "line1": line1})
        assert (made.charges_enabled, made.payouts_enabled) == (charges, payouts)
        assert ("company.address.line1" in owed(made)["currently_due"]) is not payouts

    async def test_a_person_is_named_by_id(self, sdk: stripe.StripeClient) -> None:
        made = await company(sdk, {**CEO, "id_number": "111111111"})
        (error,) = owed(made)["errors"]
        assert error["requirement"].startswith("person_")
        assert error["requirement"].endswith(".id_number")

    async def test_some_reviews_never_end(self, sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
        made = await company(sdk, tax_id="222221005")
        sandbox.clock.advance(10**6)
        seen = await sdk.v1.accounts.retrieve_async(made.id)
        assert "company.tax_id" in owed(seen)["pending_verification"]
        assert owed(seen)["disabled_reason"] == "requirements.pending_verification"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://disallowed.stripe.com", "invalid_url_denylisted"),
        ("https://inaccessible.stripe.com", "invalid_url_website_inaccessible"),
        ("https://accessible.stripe.com", None),
    ],
)
async def test_website(sdk: stripe.StripeClient, url: str, code: str | None) -> None:
    made = await individual(sdk, business={"business_profile": {"mcc": "5734", "url": url}})
    assert [e["code"] for e in owed(made)["errors"]] == ([] if code is None else [code])


class TestWaiting:
    async def test_after_seconds(self) -> None:
        sandbox = Sandbox(seed=1, at=NOW, review_seconds=60)
        sdk = client(sandbox)
        made = await individual(sdk)
        debts = owed(made)
        assert debts["pending_verification"] == ["individual.ssn_last_4"]
        assert debts["currently_due"] == []
        assert debts["disabled_reason"] == "requirements.pending_verification"
        assert made.details_submitted is True
        assert made.charges_enabled is False
        assert made.capabilities is not None
        assert made.capabilities.card_payments == "pending"
        assert made.individual is not None
        assert made.individual.verification is not None
        assert made.individual.verification.status == "pending"
        sandbox.clock.advance(59)
        assert (await sdk.v1.accounts.retrieve_async(made.id)).charges_enabled is False
        sandbox.clock.advance(1)
        assert (await sdk.v1.accounts.retrieve_async(made.id)).charges_enabled is True

    async def test_after_reads(self) -> None:
        sdk = client(Sandbox(seed=1, at=NOW, review_reads=2))
        made = await individual(sdk)
        seen = [(await sdk.v1.accounts.retrieve_async(made.id)).charges_enabled for _ in range(4)]
        assert seen == [False, False, True, True]

    @pytest.mark.parametrize(
        "changes", [{"id_number": "222222222"}, {"dob": {"day": 1, "month": 1, "year": 1902}}]
    )
    async def test_some_values_match_at_once(self, changes: dict[str, Any]) -> None:
        sdk = client(Sandbox(seed=1, at=NOW, review_seconds=60))
        assert (await individual(sdk, **changes)).charges_enabled is True

    async def test_a_later_review_does_not_switch_off(self) -> None:
        sandbox = Sandbox(seed=1, at=datetime(2026, 11, 21, tzinfo=UTC), review_seconds=60)
        sdk = client(sandbox)
        made = await individual(sdk)
        sandbox.clock.advance(60)
        seen = await sdk.v1.accounts.update_async(made.id, {"individual": {"last_name": "Doe"}})
        assert owed(seen)["pending_verification"] == ["individual.ssn_last_4"]
        assert seen.charges_enabled is True
        sandbox.clock.advance(60)
        seen = await sdk.v1.accounts.retrieve_async(made.id)
        assert owed(seen)["pending_verification"] == []

    async def test_events_tell_each_step(self, sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
        made = await sdk.v1.accounts.create_async(free({**CUSTOM, "business_type": "individual"}))
        sandbox.clock.advance(1)
        await sdk.v1.accounts.update_async(made.id, free({**BUSINESS, "individual": PERSON}))
        events = await sdk.v1.events.list_async(
            {"created": {"gte": sandbox.clock.unix()}, "limit": 50}, {"stripe_account": made.id}
        )
        told = [event for event in reversed(events.data) if event.type == "account.updated"]
        assert [event.data.object["charges_enabled"] for event in told][-1] is True
        assert told[-1].data.previous_attributes is not None
        assert told[-1].data.previous_attributes["charges_enabled"] is False
