"""Does each of Stripe's magic values lead where its documentation says?"""

from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import ADDRESS, BANK, NOW, client, free
from tests.sandbox.test_requirements import owed
from tests.sandbox.test_reviews import CEO, company, individual

GOOD = "file_identity_document_success"
BAD = "file_identity_document_failure"
SITE = "invalid_url_website"


def errors(account: stripe.Account) -> list[tuple[str, str]]:
    found = owed(account)
    assert {error["requirement"] for error in found["errors"]} <= set(found["currently_due"])
    return [(error["requirement"], error["code"]) for error in found["errors"]]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tax_id": "000000000"}, []),
        ({"tax_id": "000000001"}, []),
        ({"tax_id": "222222222"}, []),
        ({"tax_id": "111111111"}, [("company.tax_id", "verification_failed_tax_id_match")]),
        ({"tax_id": "111111112"}, [("company.tax_id", "verification_failed_tax_id_not_issued")]),
        ({"tax_id": "222221000"}, [("company.tax_id", "verification_failed_keyed_match")]),
        ({"tax_id": "222221001"}, [("company.owners_provided", "verification_missing_owners")]),
        (
            {"tax_id": "222221002"},
            [("company.directors_provided", "verification_missing_directors")],
        ),
        ({"tax_id": "222221003"}, [("company.owners_provided", "verification_missing_owners")]),
        (
            {"tax_id": "222221004"},
            [("company.directors_provided", "verification_missing_directors")],
        ),
        ({"tax_id": "12"}, [("company.tax_id", "invalid_tax_id_format")]),
        ({"name": "match_name_relationships"}, []),
        ({"name": "match_name_only"}, []),
        (
            {"name": "mismatch_business_name"},
            [("company.name", "verification_failed_name_match")],
        ),
        ({"name": "disallowed_name"}, [("company.name", "invalid_company_name_denylisted")]),
        (
            {"verification": {"document": {"front": BAD}}},
            [("company.verification.document", "verification_document_not_readable")],
        ),
        ({"verification": {"document": {"front": GOOD}}}, []),
        (
            {"address": {**ADDRESS, "state": "XX"}},
            [("company.address.state", "invalid_address_city_state_postal_code")],
        ),
    ],
)
async def test_company(
    sdk: stripe.StripeClient, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    made = await company(sdk, **changes)
    assert errors(made) == expected
    assert made.charges_enabled is (not expected)


@pytest.mark.parametrize(
    ("name", "key", "code"),
    [
        ("mismatch_director", "company.directors_provided", "verification_directors_mismatch"),
        ("missing_director", "company.directors_provided", "verification_missing_directors"),
        ("extraneous_director", "company.directors_provided", "verification_extraneous_directors"),
        ("mismatch_owner", "company.owners_provided", "verification_missing_owners"),
        ("extraneous_owner", "company.owners_provided", "verification_missing_owners"),
    ],
)
async def test_names_that_tell_of_owners_and_directors(
    sdk: stripe.StripeClient, name: str, key: str, code: str
) -> None:
    made = await company(sdk, {**CEO, "first_name": name})
    assert errors(made) == [(key, code)]


@pytest.mark.parametrize(
    ("business", "expected"),
    [
        *(
            (
                {"business_profile": {"mcc": "5734", "url": f"https://{name}.stripe.com"}},
                [("business_profile.url", code)],
            )
            for name, code in {
                "disallowed": "invalid_url_denylisted",
                "geoblocked": f"{SITE}_inaccessible_geoblocked",
                "problem": f"{SITE}_other",
                "missing": f"{SITE}_incomplete",
                "mismatch": f"{SITE}_business_information_mismatch",
                "passwordprotected": f"{SITE}_inaccessible_password_protected",
                "underconstruction": f"{SITE}_incomplete_under_construction",
                "inaccessible": f"{SITE}_inaccessible",
            }.items()
        ),
        (
            {"business_profile": {"mcc": "5734", "product_description": "require_url"}},
            [("business_profile.url", "invalid_url_web_presence_detected")],
        ),
        (
            {"settings": {"payments": {"statement_descriptor": "mismatch"}}},
            [
                (
                    "settings.payments.statement_descriptor",
                    "invalid_statement_descriptor_business_mismatch",
                )
            ],
        ),
        (
            {
                "settings": {
                    "payments": {"statement_descriptor": "ROSEN BOOKS"},
                    "card_payments": {"statement_descriptor_prefix": "disallowed"},
                }
            },
            [
                (
                    "settings.card_payments.statement_descriptor_prefix",
                    "invalid_statement_descriptor_prefix_denylisted",
                )
            ],
        ),
    ],
)
async def test_the_business(
    sdk: stripe.StripeClient, business: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    made = await individual(sdk, business=business)
    assert errors(made) == expected
    assert made.charges_enabled is False


async def test_a_website_without_sales_pauses_the_capabilities(sdk: stripe.StripeClient) -> None:
    profile = {"mcc": "5734", "url": "https://inactivity.stripe.com"}
    made = await individual(sdk, business={"business_profile": profile})
    assert errors(made) == []
    assert made.capabilities is not None
    assert set(made.capabilities.to_dict().values()) == {"inactive"}
    assert (made.charges_enabled, made.payouts_enabled) == (False, False)
    fixed = await sdk.v1.accounts.update_async(
        made.id, {"business_profile": {"url": "https://accessible.stripe.com"}}
    )
    assert fixed.charges_enabled is True


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (GOOD, None),
        ("file_relationship_document_success", None),
        ("file_relationship_document_invalid", "verification_document_invalid"),
        ("file_relationship_document_mismatch", "verification_document_directors_mismatch"),
        ("file_relationship_document_invalid_signer", "invalid_signator"),
    ],
)
async def test_relationship_documents(
    sdk: stripe.StripeClient, token: str, code: str | None
) -> None:
    made = await company(sdk)
    key = "documents.proof_of_registration.files"
    seen = await sdk.v1.accounts.update_async(
        made.id, free({"documents": {"proof_of_registration": {"files": [token]}}})
    )
    assert errors(seen) == ([] if code is None else [(key, code)])


async def test_a_bank_account_whose_owner_must_be_proven(sdk: stripe.StripeClient) -> None:
    bank = {**BANK, "account_number": "000999999992"}
    made = await individual(sdk, business={"external_account": bank})
    key = "documents.bank_account_ownership_verification.files"
    assert errors(made) == [(key, "verification_document_not_uploaded")]
    assert (made.charges_enabled, made.payouts_enabled) == (True, False)
    fixed = await sdk.v1.accounts.update_async(
        made.id, {"documents": {"bank_account_ownership_verification": {"files": [GOOD]}}}
    )
    assert errors(fixed) == []
    assert fixed.payouts_enabled is True
    proven = {**BANK, "account_number": "000999999991"}
    assert errors(await individual(sdk, business={"external_account": proven})) == []


async def test_a_name_of_higher_risk_calls_for_a_document(sdk: stripe.StripeClient) -> None:
    made = await company(sdk, name="Rosen Books_high_risk")
    debts = owed(made)
    assert debts["currently_due"] == ["company.verification.document"]
    assert debts["past_due"] == []
    assert debts["current_deadline"] == int(NOW.timestamp()) + 14 * 24 * 3600
    assert made.charges_enabled is True
    done = await sdk.v1.accounts.update_async(
        made.id, {"company": {"verification": {"document": {"front": GOOD}}}}
    )
    assert owed(done)["currently_due"] == []


@pytest.mark.parametrize(
    ("first", "second", "payouts"),
    [
        ("address_full_match", "address_line1_no_match", True),
        ("address_no_match", "address_line1_no_match", False),
        ("address_line1_no_match", "address_full_match", True),
    ],
)
async def test_no_way_back_to_a_more_restrictive_address(
    sdk: stripe.StripeClient, first: str, second: str, *, payouts: bool
) -> None:
    made = await company(sdk, address={**ADDRESS, "line1": first})
    seen = await sdk.v1.accounts.update_async(made.id, {"company": {"address": {"line1": second}}})
    assert seen.payouts_enabled is payouts
    assert seen.charges_enabled is True


async def test_a_good_document_overrides_the_number(sdk: stripe.StripeClient) -> None:
    made = await individual(sdk, id_number="111111111", verification={"document": {"front": GOOD}})
    assert errors(made) == []
    assert made.charges_enabled is True


async def test_a_document_that_fails_names_itself(sdk: stripe.StripeClient) -> None:
    made = await company(sdk, {**CEO, "verification": {"additional_document": {"front": BAD}}})
    ((key, code),) = errors(made)
    assert key.startswith("person_")
    assert key.endswith(".verification.additional_document")
    assert code == "verification_document_not_readable"


async def test_an_endless_review_outlasts_reads_and_time() -> None:
    sandbox = Sandbox(seed=1, at=NOW, review_seconds=60)
    sdk = client(sandbox)
    made = await company(sdk, tax_id="222221005")
    sandbox.clock.advance(10**7)
    seen = await sdk.v1.accounts.retrieve_async(made.id)
    assert "company.tax_id" in owed(seen)["pending_verification"]
    assert not set(owed(seen)["pending_verification"]) & set(owed(seen)["currently_due"])
