"""Who may write of the people behind an account, what is refused, and what is told of it?"""

from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    BUSINESS,
    COMPANY,
    EXPRESS,
    LINK,
    NOW,
    PERSON,
    Wire,
    client,
    control,
    free,
    listen,
)
from tests.sandbox.test_persons import REPRESENTATIVE, add, company
from tests.sandbox.test_shapes import check

REFUSED: list[tuple[dict[str, Any], str | None, str, str]] = [
    ({"phone": "twelve"}, None, "phone", '"twelve" is not a valid phone number'),
    ({"email": "grace@"}, "email_invalid", "email", "Invalid email address: grace@"),
    ({"ssn_last_4": "12"}, None, "ssn_last_4", "Give exactly four digits."),
    ({"id_number": "12345"}, None, "id_number", "Give "),
    (
        {"nationality": "ZZ"},
        "country_code_invalid",
        "nationality",
        "Country 'ZZ' is unknown. Try using a 2-character alphanumeric country code instead",
    ),
    ({"address[country]": "Spain"}, "country_code_invalid", "address[country]", "Country 'Spain'"),
    (
        {"dob[day]": "31", "dob[month]": "2", "dob[year]": "1990"},
        None,
        "dob[year]",
        "There is no such day.",
    ),
    (
        {"dob[day]": "1", "dob[month]": "1", "dob[year]": "2026"},
        None,
        "dob[year]",
        "The person must be at least 13 years old.",
    ),
    (
        {"dob[day]": "32"},
        "parameter_invalid_integer",
        "dob[day]",
        "This value must be less than or equal to 31.",
    ),
    ({"dob": "soon"}, None, "dob", "Invalid object"),
    (
        {"relationship[percent_ownership]": "100.1"},
        None,
        "relationship[percent_ownership]",
        "The percentage of ownership must be between 0 and 100.",
    ),
    (
        {"relationship[percent_ownership]": "-1"},
        None,
        "relationship[percent_ownership]",
        "The percentage of ownership must be between 0 and 100.",
    ),
    (
        {"relationship[percent_ownership]": "half"},
        None,
        "relationship[percent_ownership]",
        "Invalid decimal: half",
    ),
    (
        {"relationship[owner]": "maybe"},
        None,
        "relationship[owner]",
        "Invalid boolean: maybe",
    ),
    (
        {"political_exposure": "some"},
        None,
        "political_exposure",
        "Invalid political_exposure: must be one of existing or none",
    ),
    (
        {"first_nam": "Grace"},
        "parameter_unknown",
        "first_nam",
        "Received unknown parameter: first_nam. Did you mean first_name?",
    ),
    (
        {"us_cfpb_data[race_details][race][]": "martian"},
        None,
        "us_cfpb_data[race_details][race][0]",
        "Invalid us_cfpb_data[race_details][race][0]: must be one of african_american",
    ),
    (
        {"metadata[" + "k" * 41 + "]": "v"},
        None,
        "metadata[" + "k" * 41 + "]",
        "Metadata keys must be under 40 characters long.",
    ),
    (
        {f"metadata[{place}]": "v" for place in range(51)},
        None,
        "metadata",
        "Metadata can have at most 50 keys.",
    ),
]


@pytest.mark.parametrize(("form", "code", "param", "message"), REFUSED)
async def test_refused_values_leave_nothing_behind(
    wire: Wire,
    sdk: stripe.StripeClient,
    form: dict[str, Any],
    code: str | None,
    param: str,
    message: str,
) -> None:
    account_id = await company(sdk)
    person = await add(sdk, account_id)
    path = f"/v1/accounts/{account_id}/persons"
    before = (await wire.send("GET", path)).json
    for place in (path, f"{path}/{person.id}"):
        answer = await wire.send("POST", place, {"last_name": "Changed", **form})
        assert answer.status == 400
        assert answer.error["type"] == "invalid_request_error"
        assert answer.error.get("code") == code
        assert answer.error["param"] == param
        assert answer.error["message"].startswith(message)
    assert (await wire.send("GET", path)).json == before


class TestWho:
    """Whose people may be written, and by whom?"""

    async def test_locked_by_the_first_link(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(free({**EXPRESS, "business_type": "company"}))
        person = await add(sdk, account.id, REPRESENTATIVE)
        await sdk.v1.account_links.create_async(free({**LINK, "account": account.id}))
        every = f"/v1/accounts/{account.id}/persons"
        rows: list[tuple[str, str, dict[str, str] | None, str]] = [
            ("POST", every, {"first_name": "A"}, "the parameter 'first_name' on"),
            (
                "POST",
                f"{every}/{person.id}",
                {"last_name": "B", "email": "a@example.com"},
                "the parameters 'email', 'last_name' on",
            ),
            ("DELETE", f"{every}/{person.id}", None, "this endpoint on"),
        ]
        for method, path, form, what in rows:
            answer = await wire.send(method, path, form)
            assert answer.status == 403
            assert answer.error["type"] == "invalid_request_error"
            assert answer.error["message"] == (
                f"This application does not have the required permissions for {what} account "
                f"'{account.id}'."
            )
        seen = (await wire.send("GET", f"{every}/{person.id}")).json
        check(stripe.Person, seen, "person")
        assert "first_name" not in seen
        assert "address" not in seen
        kept = await wire.send("POST", f"{every}/{person.id}", {"metadata[crm]": "7"})
        assert kept.json["metadata"] == {"crm": "7"}

    async def test_not_by_the_account_itself(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        person = await add(sdk, account_id)
        path = f"/v1/accounts/{account_id}/persons"
        assert (await wire.send("GET", path, stripe_account=account_id)).status == 200
        answer = await wire.send(
            "POST", f"{path}/{person.id}", {"email": "a@example.com"}, stripe_account=account_id
        )
        assert answer.status == 403

    async def test_another_accounts_person(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        person = await add(sdk, await company(sdk))
        answer = await wire.send("GET", f"/v1/accounts/{await company(sdk)}/persons/{person.id}")
        assert (answer.status, answer.error["param"]) == (404, "person")

    async def test_the_older_path(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        path = f"/v1/accounts/{account_id}/people"
        made = (await wire.send("POST", path, {"first_name": "Grace"})).json
        assert (await wire.send("GET", path)).json["data"] == [made]
        renamed = await wire.send("POST", f"{path}/{made['id']}", {"first_name": "G."})
        assert renamed.json["first_name"] == "G."
        assert (await wire.send("GET", f"{path}/{made['id']}")).json == renamed.json
        assert (await wire.send("DELETE", f"{path}/{made['id']}")).json["deleted"] is True


class TestEvents:
    async def test_of_accounts_that_the_platform_collects_for(
        self, wire: Wire, sdk: stripe.StripeClient
    ) -> None:
        await listen(sdk)
        account_id = await company(sdk)
        first = await add(sdk, account_id, REPRESENTATIVE)
        second = await add(sdk, account_id)
        await sdk.v1.accounts.persons.update_async(
            account_id, second.id, {"relationship": {"representative": True}}
        )
        await sdk.v1.accounts.persons.delete_async(account_id, first.id)
        answer = await wire.send("GET", "/v1/events?type=person.*", stripe_account=account_id)
        told = [
            (event["type"], event["data"]["object"]["id"], event["data"].get("previous_attributes"))
            for event in answer.json["data"][::-1]
        ]
        assert [row[:2] for row in told] == [
            ("person.created", first.id),
            ("person.created", second.id),
            ("person.updated", first.id),
            ("person.updated", second.id),
            ("person.deleted", first.id),
        ]
        taken, given = told[2][2], told[3][2]
        assert taken is not None
        assert given is not None
        assert taken["relationship"] == {"representative": True}
        assert given["relationship"] == {"representative": False}

    async def test_not_of_others(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(free({**EXPRESS, "business_type": "company"}))
        await add(sdk, account.id)
        answer = await wire.send("GET", "/v1/events?type=person.*", stripe_account=account.id)
        assert answer.json["data"] == []


class TestVerification:
    async def test_is_pending_while_the_review_goes_on(self) -> None:
        sandbox = Sandbox(seed=1, at=NOW, review_seconds=60)
        sdk = client(sandbox)
        account_id = await company(sdk, company=COMPANY, **BUSINESS)
        made = await add(sdk, account_id, REPRESENTATIVE)
        for seconds, expected in ((0, "pending"), (59, "pending"), (1, "verified")):
            sandbox.clock.advance(seconds)
            shown = await sdk.v1.accounts.persons.retrieve_async(account_id, made.id)
            assert shown.verification is not None
            assert shown.verification.status == expected

    async def test_goes_with_the_review(self, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk, company=COMPANY, **BUSINESS)
        good = await add(sdk, account_id, REPRESENTATIVE)
        assert good.verification is not None
        assert good.verification.status == "verified"
        bad = await sdk.v1.accounts.persons.update_async(
            account_id, good.id, {"id_number": "111111111"}
        )
        assert bad.verification is not None
        assert bad.verification.status == "unverified"
        assert bad.verification.details_code == "failed_id_number_match"
        assert bad.requirements is not None
        assert [error.requirement for error in bad.requirements.errors or []] == ["id_number"]

    async def test_a_document_that_fails(self, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk, company=COMPANY, **BUSINESS)
        made = await add(
            sdk,
            account_id,
            {
                **REPRESENTATIVE,
                "verification": {"document": {"front": "file_identity_document_failure"}},
            },
        )
        check(stripe.Person, made.to_dict(), "person")
        assert made.verification is not None
        assert made.verification.document is not None
        assert made.verification.document.details_code == "document_not_readable"

    async def test_the_only_verified_executive_stays(
        self, wire: Wire, sdk: stripe.StripeClient
    ) -> None:
        account_id = await company(sdk, country="DE")
        boss = await add(
            sdk, account_id, free({**PERSON, "relationship": {"representative": True}})
        )
        executive = free({**PERSON, "relationship": {"executive": True, "title": "CFO"}})
        first = await add(sdk, account_id, executive)
        second = await add(sdk, account_id, executive)
        await control(wire, account_id, "complete")
        await sdk.v1.accounts.persons.update_async(
            account_id, boss.id, {"relationship": {"executive": False}}
        )
        await sdk.v1.accounts.persons.delete_async(account_id, second.id)
        with pytest.raises(stripe.InvalidRequestError, match="only verified executive") as refused:
            await sdk.v1.accounts.persons.delete_async(account_id, first.id)
        assert (refused.value.http_status, refused.value.param) == (400, "person")
        found = await sdk.v1.accounts.persons.list_async(account_id)
        assert {person.id for person in found.data} == {boss.id, first.id}

    async def test_an_executive_of_an_american_company_goes(self, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk, company=COMPANY, **BUSINESS)
        await add(sdk, account_id, free({**PERSON, "relationship": {"representative": True}}))
        executive = await add(
            sdk, account_id, free({**PERSON, "relationship": {"executive": True}})
        )
        await sdk.v1.accounts.persons.delete_async(account_id, executive.id)
