"""Country specs: what Stripe offers and asks for, country by country."""

import json
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import Wire, free
from tests.sandbox.paying import problem
from tests.sandbox.test_shapes import check

PUBLISHED = (
    Path(__file__).parents[2].parent / "shared" / "oracle" / "country-specs-api-2022-03.json"
)


async def every(sdk: stripe.StripeClient) -> dict[str, dict[str, Any]]:
    listed = await sdk.v1.country_specs.list_async({"limit": 100})
    return {each.id: json.loads(json.dumps(each.to_dict())) for each in listed.data}


async def test_pages(sdk: stripe.StripeClient, wire: Wire) -> None:
    first = await sdk.v1.country_specs.list_async({"limit": 3})
    codes = [each.id for each in first.data]
    assert (codes, first.has_more) == (sorted(codes), True)
    rest = await sdk.v1.country_specs.list_async({"limit": 100, "starting_after": codes[-1]})
    whole = [*codes, *(each.id for each in rest.data)]
    assert whole == sorted(set(whole))
    back = await sdk.v1.country_specs.list_async({"limit": 2, "ending_before": codes[-1]})
    assert [each.id for each in back.data] == codes[:2]
    assert {"US", "GB", "DE", "FR", "PT", "ES", "IT", "NL", "IE", "AU", "CA", "JP"} <= set(whole)
    for code in whole:
        answer = await wire.send("GET", f"/v1/country_specs/{code}")
        check(stripe.CountrySpec, answer.json, "country_spec")


async def test_unknown_countries(sdk: stripe.StripeClient) -> None:
    for code in ("XX", "us", "nowhere"):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sdk.v1.country_specs.retrieve_async(code)
        assert problem(caught) == (404, "resource_missing", "country")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.country_specs.list_async({"starting_after": "XX"})
    assert problem(caught) == (400, "resource_missing", "starting_after")


@pytest.mark.parametrize("country", ["US", "DE", "GB", "AU", "CA", "JP", "IE"])
@pytest.mark.parametrize("business_type", ["individual", "company"])
async def test_what_is_asked_is_what_is_owed(
    sdk: stripe.StripeClient, country: str, business_type: str
) -> None:
    made = await sdk.v1.accounts.create_async(
        free(
            {
                "type": "custom",
                "country": country,
                "business_type": business_type,
                "capabilities": {
                    "card_payments": {"requested": True},
                    "transfers": {"requested": True},
                },
            }
        )
    )
    owed = made.requirements
    assert owed is not None
    assert owed.currently_due is not None
    assert owed.eventually_due is not None
    spec = await sdk.v1.country_specs.retrieve_async(country)
    fields = getattr(spec.verification_fields, business_type)
    assert {*owed.currently_due, "business_type"} == set(fields.minimum)
    assert set(owed.eventually_due) <= {*fields.minimum, *fields.additional}


# Where ours differ from the ones published in March 2022, and why.
CURRENCIES: dict[str, dict[str, str]] = {
    "default": {"BG": "the euro since 2026"},
    "newer": {"sle": "the leone was renewed"},
    "gone": {
        "hrk": "Croatia has the euro",
        "mro": "the ouguiya was renewed",
        "sll": "the leone was renewed",
    },
}
ONLY_IN_AE = {"bhd", "jod", "kwd", "omr", "tnd"}
BANKS_SINCE = {"HR", "LI"}
"""Stripe came there since, so every European list has grown by them."""
HOME_TOO = {"bgn", "czk", "huf", "pln", "ron"}
"""Lists of 2022 leave out the currency's own country from abroad; ours take all of the area."""
INSIDERS = {
    f"{role}.verification.{document}"
    for role in ("executives", "owners")
    for document in ("document", "additional_document")
}
"""Documents of insiders: asked for when a check fails, not beforehand."""
ELSEWHERE = "has its own list at Stripe; here it is the general one"
ASKED_OTHERWISE = {
    "AE": ELSEWHERE,
    "BR": ELSEWHERE,
    "CA": "asked for little in 2022, and asks for as much as others since",
    "HK": ELSEWHERE,
    "IN": ELSEWHERE,
    "MX": ELSEWHERE,
    "MY": ELSEWHERE,
    "SG": ELSEWHERE,
    "US": "the statement descriptor is newer; whole numbers and documents are additional here",
}


@pytest.fixture(scope="module")
def published() -> dict[str, dict[str, Any]]:
    if not PUBLISHED.exists():
        pytest.skip("the published country specs are not beside this repository")
    return {each["id"]: each for each in json.loads(PUBLISHED.read_text())["data"]}


async def test_against_the_published_ones(
    sdk: stripe.StripeClient, published: dict[str, dict[str, Any]]
) -> None:
    ours = await every(sdk)
    assert set(published) <= set(ours)
    for code, theirs in published.items():
        own = ours[code]
        if code not in CURRENCIES["default"]:
            assert own["default_currency"] == theirs["default_currency"], code
        mine, known = (
            set(spec["supported_payment_currencies"]) - ONLY_IN_AE for spec in (own, theirs)
        )
        assert mine - known == set(CURRENCIES["newer"]), code
        assert known - mine == set(CURRENCIES["gone"]), code
        assert set(own["supported_payment_methods"]) == set(theirs["supported_payment_methods"])
        places = own["supported_transfer_countries"]
        assert set(places) == set(theirs["supported_transfer_countries"]), code
        _compare_banks(code, own, theirs)


def _compare_banks(code: str, own: dict[str, Any], theirs: dict[str, Any]) -> None:
    mine, known = (spec["supported_bank_account_currencies"] for spec in (own, theirs))
    assert set(known) - set(mine) == ({"bgn"} if code == "BG" else set()), code
    assert set(mine) <= set(known), code
    for currency, places in mine.items():
        added = set(places) - set(known[currency]) - BANKS_SINCE
        assert set(known[currency]) <= set(places), (code, currency)
        assert not added or (currency in HOME_TOO and len(added) == 1), (code, currency)


async def test_what_is_asked_against_the_published(
    sdk: stripe.StripeClient, published: dict[str, dict[str, Any]]
) -> None:
    ours, differing = await every(sdk), set()
    for code, theirs in published.items():
        for business_type, fields in theirs["verification_fields"].items():
            own = ours[code]["verification_fields"][business_type]
            is_same = set(own["minimum"]) == set(fields["minimum"]) - INSIDERS
            if not (is_same and set(own["additional"]) == set(fields["additional"])):
                differing.add(code)
    assert differing == set(ASKED_OTHERWISE)
    assert not {"GB", "DE", "FR", "PT", "ES", "IT", "NL", "IE", "JP"} & differing
