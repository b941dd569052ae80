"""Are the people behind an account kept as Stripe keeps them?"""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import ADDRESS, CUSTOM, PERSON, Wire, free
from tests.sandbox.test_shapes import check

REPRESENTATIVE: Any = {
    **PERSON,
    "relationship": {"representative": True, "executive": True, "title": "CEO"},
}
OWNER: Any = {
    "first_name": "Grace",
    "last_name": "Hopper",
    "email": "grace@example.com",
    "relationship": {"owner": True, "percent_ownership": 40.5},
}


async def company(sdk: stripe.StripeClient, **changes: object) -> str:
    params = free({**CUSTOM, "business_type": "company", **changes})
    return (await sdk.v1.accounts.create_async(params)).id


async def add(sdk: stripe.StripeClient, account_id: str, params: Any = OWNER) -> stripe.Person:  # noqa: ANN401 - tables of cases put them together
    return await sdk.v1.accounts.persons.create_async(account_id, params)


class TestCreate:
    async def test_everything_that_can_be_said(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        town = {**ADDRESS, "town": "Shibuya"}
        whole = free(
            {
                **OWNER,
                "additional_tos_acceptances": {
                    "account": {"date": 1795251600, "ip": "127.0.0.1", "user_agent": "curl"}
                },
                "address": ADDRESS,
                "address_kana": town,
                "address_kanji": town,
                "dob": {"day": 9, "month": 12, "year": 1906},
                "documents": {"passport": {"files": ["file_identity_document_success"]}},
                "first_name_kana": "グレース",
                "first_name_kanji": "恵",
                "full_name_aliases": ["Amazing Grace"],
                "gender": "female",
                "id_number": "000-00-0000",
                "id_number_secondary": "123",
                "last_name_kana": "ホッパー",
                "last_name_kanji": "跳",
                "maiden_name": "Murray",
                "metadata": {"rank": "admiral"},
                "nationality": "us",
                "phone": "0000000000",
                "political_exposure": "none",
                "registered_address": ADDRESS,
                "relationship": {
                    "authorizer": True,
                    "director": True,
                    "executive": True,
                    "legal_guardian": False,
                    "owner": True,
                    "percent_ownership": 100,
                    "title": "Admiral",
                },
                "us_cfpb_data": {
                    "ethnicity_details": {"ethnicity": ["not_hispanic_or_latino"]},
                    "race_details": {"race": ["white", "asian"], "race_other": "-"},
                    "self_identified_gender": "female",
                },
                "verification": {"document": {"front": "file_identity_document_success"}},
            }
        )
        made = await add(sdk, account_id, whole)
        answer = await wire.send("GET", f"/v1/accounts/{account_id}/persons/{made.id}")
        shown = answer.json
        check(stripe.Person, shown, "person")
        assert made.to_dict() == shown
        assert shown["account"] == account_id
        assert shown["address_kana"]["town"] == "Shibuya"
        assert shown["registered_address"]["line1"] == ADDRESS["line1"]
        assert shown["nationality"] == "US"
        assert shown["metadata"] == {"rank": "admiral"}
        assert shown["relationship"]["percent_ownership"] == 100
        assert shown["us_cfpb_data"]["race_details"]["race"] == ["white", "asian"]
        assert shown["us_cfpb_data"]["ethnicity_details"]["ethnicity_other"] is None
        assert shown["additional_tos_acceptances"]["account"]["ip"] == "127.0.0.1"
        assert (shown["id_number_provided"], shown["ssn_last_4_provided"]) == (True, True)
        assert shown["id_number_secondary_provided"] is True
        assert {"id_number", "id_number_secondary", "ssn_last_4"}.isdisjoint(shown)
        assert b"000-00-0000" not in answer.body

    async def test_nothing_but_a_person(self, sdk: stripe.StripeClient) -> None:
        made = await add(sdk, await company(sdk), {})
        check(stripe.Person, made.to_dict(), "person")
        assert made.first_name is None
        assert made.verification is not None
        assert made.verification.status == "unverified"

    async def test_requirements_are_the_persons_own(self, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        made = await add(sdk, account_id, REPRESENTATIVE)
        assert made.requirements is not None
        assert all(
            "." not in key or not key.startswith("person_")
            for key in made.requirements.currently_due
        )
        other = await add(sdk, account_id, {"relationship": {"representative": True}})
        assert other.requirements is not None
        assert "first_name" in other.requirements.currently_due

    async def test_only_one_represents(self, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        first = await add(sdk, account_id, REPRESENTATIVE)
        second = await add(sdk, account_id, OWNER)
        await sdk.v1.accounts.persons.update_async(
            account_id, second.id, {"relationship": {"representative": True}}
        )
        found = await sdk.v1.accounts.persons.list_async(
            account_id, {"relationship": {"representative": True}}
        )
        assert [person.id for person in found.data] == [second.id]
        was = await sdk.v1.accounts.persons.retrieve_async(account_id, first.id)
        assert was.relationship is not None
        assert was.relationship.representative is False
        assert was.relationship.title == "CEO"

    async def test_an_individuals_one_person(self, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(
            free({**CUSTOM, "business_type": "individual", "individual": PERSON})
        )
        people = await sdk.v1.accounts.persons.list_async(account.id)
        assert account.individual is not None
        assert [person.id for person in people.data] == [account.individual.id]
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await add(sdk, account.id)
        assert refused.value.param == "relationship"
        guardian = await add(sdk, account.id, {"relationship": {"legal_guardian": True}})
        with pytest.raises(stripe.InvalidRequestError):
            await sdk.v1.accounts.persons.update_async(
                account.id, guardian.id, {"relationship": {"representative": True}}
            )
        changed = await sdk.v1.accounts.persons.update_async(
            account.id, people.data[0].id, {"first_name": "Jen"}
        )
        assert changed.first_name == "Jen"
        again = await sdk.v1.accounts.retrieve_async(account.id)
        assert again.individual is not None
        assert again.individual.first_name == "Jen"


class TestUpdate:
    async def test_what_is_not_named_stays(self, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        person = await add(sdk, account_id, {**OWNER, "metadata": {"a": "1", "b": "2"}})
        changed = await sdk.v1.accounts.persons.update_async(
            account_id,
            person.id,
            free({"email": "admiral@example.com", "metadata": {"a": "", "c": "3"}}),
        )
        assert changed.email == "admiral@example.com"
        assert changed.first_name == "Grace"
        assert changed.metadata is not None
        assert changed.metadata.to_dict() == {"b": "2", "c": "3"}

    async def test_the_empty_string_unsets(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        dob = {"day": 9, "month": 12, "year": 1906}
        person = await add(sdk, account_id, {**OWNER, "dob": dob, "metadata": {"a": "1"}})
        form = {"dob": "", "relationship[percent_ownership]": "", "metadata": "", "email": ""}
        path = f"/v1/accounts/{account_id}/persons/{person.id}"
        shown = (await wire.send("POST", path, form)).json
        assert shown["dob"] == {"day": None, "month": None, "year": None}
        assert shown["relationship"]["percent_ownership"] is None
        assert shown["relationship"]["owner"] is True
        assert shown["email"] is None
        assert shown["metadata"] == {}


class TestDelete:
    async def test_gone(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        person = await add(sdk, account_id)
        gone = await sdk.v1.accounts.persons.delete_async(account_id, person.id)
        assert gone.to_dict() == {"id": person.id, "object": "person", "deleted": True}
        answer = await wire.send("GET", f"/v1/accounts/{account_id}/persons/{person.id}")
        assert answer.status == 404
        assert answer.error["code"] == "resource_missing"
        assert answer.error["param"] == "person"
        assert answer.error["message"] == f"No such person: '{person.id}'"

    async def test_not_the_representative(self, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        person = await add(sdk, account_id, REPRESENTATIVE)
        with pytest.raises(stripe.InvalidRequestError, match="representative") as refused:
            await sdk.v1.accounts.persons.delete_async(account_id, person.id)
        assert refused.value.http_status == 400
        await sdk.v1.accounts.persons.retrieve_async(account_id, person.id)


class TestList:
    async def test_newest_first_in_pages(self, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        ids = [(await add(sdk, account_id)).id for _ in range(5)][::-1]
        page = await sdk.v1.accounts.persons.list_async(account_id, {"limit": 2})
        assert [person.id for person in page.data] == ids[:2]
        assert page.has_more is True
        found = [person.id async for person in page.auto_paging_iter()]
        assert found == ids
        back = await sdk.v1.accounts.persons.list_async(
            account_id, {"ending_before": ids[2], "limit": 10}
        )
        assert [person.id for person in back.data] == ids[:2]

    async def test_by_relationship(self, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        owner = await add(sdk, account_id)
        boss = await add(sdk, account_id, REPRESENTATIVE)
        cases: list[tuple[Any, list[str]]] = [
            ({"owner": True}, [owner.id]),
            ({"executive": True}, [boss.id]),
            ({"executive": True, "owner": True}, []),
            ({}, [boss.id, owner.id]),
        ]
        for roles, expected in cases:
            page = await sdk.v1.accounts.persons.list_async(account_id, {"relationship": roles})
            assert [person.id for person in page.data] == expected

    async def test_a_cursor_of_nobody(self, sdk: stripe.StripeClient) -> None:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await sdk.v1.accounts.persons.list_async(
                await company(sdk), {"starting_after": "person_nobody"}
            )
        assert (refused.value.http_status, refused.value.param) == (400, "starting_after")
