"""Does `previous_attributes` say exactly what was before?"""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import ADDRESS, BANK, CUSTOM, Wire, free
from tests.sandbox.test_persons import add, company


async def latest(wire: Wire, account_id: str, kind: str) -> Any:  # noqa: ANN401 - any JSON
    answer = await wire.send("GET", f"/v1/events?type={kind}&limit=1", stripe_account=account_id)
    return answer.json["data"][0]["data"]["previous_attributes"]


ROWS: list[tuple[dict[str, Any], dict[str, Any], Any]] = [
    ({"metadata": {"a": "1"}}, {"metadata": {"a": "2"}}, {"metadata": {"a": "1"}}),
    ({"metadata": {"a": "1"}}, {"metadata": {"b": "2"}}, {"metadata": {"b": None}}),
    ({"metadata": {"a": "1", "b": "2"}}, {"metadata": {"a": ""}}, {"metadata": {"a": "1"}}),
    ({"metadata": {"a": "1"}}, {"metadata": ""}, {"metadata": {"a": "1"}}),
    (
        {"address": ADDRESS},
        {"address": {"line1": "1 Main St"}},
        {"address": {"line1": ADDRESS["line1"]}},
    ),
    ({"maiden_name": "Murray"}, {"maiden_name": ""}, {"maiden_name": "Murray"}),
    ({}, {"maiden_name": "Murray"}, {"maiden_name": None}),
    (
        {"full_name_aliases": ["A", "B"]},
        {"full_name_aliases": ["A", "C"]},
        {"full_name_aliases": ["A", "B"]},
    ),
    (
        {"relationship": {"owner": True, "title": "CEO"}},
        {"relationship": {"owner": False}},
        {"relationship": {"owner": True}},
    ),
    (
        {"us_cfpb_data": {"race_details": {"race": ["asian"]}}},
        {"us_cfpb_data": {"race_details": {"race": ["asian", "white"]}}},
        {"us_cfpb_data": {"race_details": {"race": ["asian"]}}},
    ),
]


@pytest.mark.parametrize(("given", "change", "previous"), ROWS)
async def test_a_persons(
    wire: Wire,
    sdk: stripe.StripeClient,
    given: dict[str, Any],
    change: dict[str, Any],
    previous: dict[str, Any],
) -> None:
    account_id = await company(sdk)
    person = await add(sdk, account_id, {"first_name": "Grace", **given})
    await sdk.v1.accounts.persons.update_async(account_id, person.id, free(change))
    told = await latest(wire, account_id, "person.updated")
    assert {key: told[key] for key in previous} == previous
    assert set(told) <= {*previous, "requirements"}


async def test_lists_of_an_account_are_told_whole(wire: Wire, sdk: stripe.StripeClient) -> None:
    account = await sdk.v1.accounts.create_async(CUSTOM)
    assert account.requirements is not None
    due = account.requirements.currently_due or []
    await sdk.v1.accounts.update_async(account.id, {"external_account": BANK})
    told = await latest(wire, account.id, "account.updated")
    assert told["external_accounts"] == {"data": [], "total_count": 0}
    assert told["requirements"]["currently_due"] == due
    assert "disabled_reason" not in told["requirements"]


async def test_what_changed_nothing_is_not_told(wire: Wire, sdk: stripe.StripeClient) -> None:
    account_id = await company(sdk)
    person = await add(sdk, account_id, {"first_name": "Grace"})
    await sdk.v1.accounts.persons.update_async(account_id, person.id, {"first_name": "Grace"})
    answer = await wire.send("GET", "/v1/events?type=*.updated", stripe_account=account_id)
    kinds = [event["type"] for event in answer.json["data"]]
    assert "person.updated" not in kinds
