"""Can the details of accounts and persons come in tokens, once each?"""

from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import CUSTOM, EXPRESS, KEY, LINK, NOW, PERSON, Wire, client, free
from tests.sandbox.test_persons import company

ACCOUNT: Any = {
    "business_type": "individual",
    "individual": {**PERSON, "metadata": {"a": "1"}},
    "tos_shown_and_accepted": True,
}


@pytest.fixture(params=["US", "FR"])
def somewhere(request: pytest.FixtureRequest) -> stripe.StripeClient:
    """A platform in America, and one in France, where details come in tokens only."""
    return client(Sandbox(seed=1, at=NOW, platform_country=request.param))


async def token(sdk: stripe.StripeClient, kind: str, details: Any) -> str:  # noqa: ANN401 - tables of cases put them together
    return (await sdk.v1.tokens.create_async(free({kind: details}))).id


async def test_an_account_by_token(somewhere: stripe.StripeClient) -> None:
    made = await somewhere.v1.accounts.create_async(
        free({**CUSTOM, "account_token": await token(somewhere, "account", ACCOUNT)})
    )
    assert made.business_type == "individual"
    assert made.individual is not None
    assert made.individual.last_name == "Rosen"
    assert made.individual.to_dict()["metadata"] == {"a": "1"}
    assert made.tos_acceptance is not None
    assert made.tos_acceptance.date == int(NOW.timestamp())
    details = {"business_type": "individual", "individual": {"last_name": "Roe"}}
    changed = await somewhere.v1.accounts.update_async(
        made.id, {"account_token": await token(somewhere, "account", details)}
    )
    assert changed.individual is not None
    assert (changed.individual.first_name, changed.individual.last_name) == ("Jenny", "Roe")


async def test_a_signed_declaration(somewhere: stripe.StripeClient) -> None:
    details = {
        "business_type": "company",
        "company": {"name": "Rosen", "ownership_declaration_shown_and_signed": True},
    }
    made = await somewhere.v1.accounts.create_async(
        free({**CUSTOM, "account_token": await token(somewhere, "account", details)})
    )
    assert made.company is not None
    assert made.company.name == "Rosen"
    assert made.company.ownership_declaration is not None
    assert made.company.ownership_declaration.date == int(NOW.timestamp())


async def test_a_person_by_token(somewhere: stripe.StripeClient) -> None:
    account_id = await company(somewhere)
    details = {**PERSON, "relationship": {"title": "CEO"}, "metadata": {"a": "1"}}
    made = await somewhere.v1.accounts.persons.create_async(
        account_id,
        {
            "person_token": await token(somewhere, "person", details),
            "relationship": {"representative": True},
        },
    )
    assert made.first_name == "Jenny"
    assert made.relationship is not None
    assert (made.relationship.title, made.relationship.representative) == ("CEO", True)
    changed = await somewhere.v1.accounts.persons.update_async(
        account_id,
        made.id,
        {"person_token": await token(somewhere, "person", {"first_name": "Ann"})},
    )
    assert (changed.first_name, changed.last_name) == ("Ann", "Rosen")


class TestRefused:
    async def test_used_twice(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account_id = await company(sdk)
        used = {
            "account_token": await token(sdk, "account", {"business_type": "company"}),
            "person_token": await token(sdk, "person", {"first_name": "Ann"}),
        }
        for name, path in (
            ("account_token", f"/v1/accounts/{account_id}"),
            ("person_token", f"/v1/accounts/{account_id}/persons"),
        ):
            assert (await wire.send("POST", path, {name: used[name]})).status == 200
            answer = await wire.send("POST", path, {name: used[name]})
            assert (answer.status, answer.error["code"]) == (400, "token_already_used")
            assert answer.error["param"] == name
        found = await sdk.v1.accounts.persons.list_async(account_id)
        assert len(found.data) == 1

    async def test_a_refused_request_leaves_it_unused(
        self, wire: Wire, sdk: stripe.StripeClient
    ) -> None:
        path = f"/v1/accounts/{await company(sdk)}"
        made = await token(sdk, "person", {"first_name": "Ann"})
        too_many = {f"metadata[{place}]": "v" for place in range(51)}
        answer = await wire.send("POST", f"{path}/persons", {"person_token": made, **too_many})
        assert (answer.status, answer.error["param"]) == (400, "metadata")
        assert (await wire.send("POST", f"{path}/persons", {"person_token": made})).status == 200

    async def test_beside_what_it_states(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        path = f"/v1/accounts/{await company(sdk)}"
        account_token = await token(sdk, "account", ACCOUNT)
        person_token = await token(sdk, "person", PERSON)
        rows = [
            (path, "account_token", account_token, "business_type", "company"),
            (path, "account_token", account_token, "individual[first_name]", "Ann"),
            (f"{path}/persons", "person_token", person_token, "first_name", "Ann"),
        ]
        for place, name, made, other, value in rows:
            answer = await wire.send("POST", place, {name: made, other: value})
            assert (answer.status, answer.error["code"]) == (400, "parameters_exclusive")
            assert answer.error["param"] == other.partition("[")[0]

    async def test_of_the_wrong_kind_or_none(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        path = f"/v1/accounts/{await company(sdk)}"
        person_token = await token(sdk, "person", PERSON)
        account_token = await token(sdk, "account", ACCOUNT)
        rows = [
            (path, "account_token", person_token, None),
            (f"{path}/persons", "person_token", account_token, None),
            (path, "account_token", "ct_nobody", "resource_missing"),
            (f"{path}/persons", "person_token", "cpt_nobody", "resource_missing"),
            (f"{path}/persons", "person_token", "", "resource_missing"),
        ]
        for place, name, made, code in rows:
            answer = await wire.send("POST", place, {name: made})
            assert (answer.status, answer.error["param"]) == (400, name)
            assert answer.error.get("code") == code

    async def test_terms_where_stripe_asks_the_holder(self, sdk: stripe.StripeClient) -> None:
        made = await token(sdk, "account", ACCOUNT)
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await sdk.v1.accounts.create_async(free({**EXPRESS, "account_token": made}))
        assert refused.value.param == "tos_acceptance"

    async def test_on_a_locked_account(self, wire: Wire, sdk: stripe.StripeClient) -> None:
        account = await sdk.v1.accounts.create_async(EXPRESS)
        await sdk.v1.account_links.create_async(free({**LINK, "account": account.id}))
        path = f"/v1/accounts/{account.id}"
        for place, name in ((path, "account_token"), (f"{path}/persons", "person_token")):
            answer = await wire.send("POST", place, {name: "ct_1"})
            assert answer.status == 403
            assert f"'{name}'" in answer.error["message"]

    async def test_another_worlds(self, sandbox: Sandbox, wire: Wire) -> None:
        stranger = client(sandbox, f"{KEY}_other")
        made = await token(stranger, "person", PERSON)
        path = f"/v1/accounts/{await company(client(sandbox))}/persons"
        answer = await wire.send("POST", path, {"person_token": made})
        assert (answer.status, answer.error["code"]) == (400, "resource_missing")
