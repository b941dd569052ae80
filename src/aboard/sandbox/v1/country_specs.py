"""Country specs: what Stripe offers and asks for, country by country.

Source: Stripe's API reference, "Country Specs", API version 2026-10-28.
"""

from functools import cache
from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.ledger import Ledger
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.views.v1 import country_view
from aboard.sandbox.wire.errors import no_such


@cache
def _codes() -> Ledger[str]:
    """Return all countries in a ledger whose pages, newest first, follow the alphabet."""
    ledger = Ledger(str)
    for code in sorted(COUNTRIES, reverse=True):
        ledger.add(code, code)
    return ledger


def retrieve(call: Call) -> dict[str, Any]:
    """Read what holds in one country."""
    code = call.ids[0]
    if code not in COUNTRIES:
        raise no_such("country spec", code, "country", is_in_path=True)
    return country_view.render(code)


def list_all(call: Call) -> dict[str, Any]:
    """List the countries, by the alphabet; their codes are the cursors."""
    return page(call, _codes(), "country spec", show=country_view.render)


ROUTES = (
    Route("GET", "/v1/country_specs", list_all, with_expand(PAGE), "country_spec", is_list=True),
    Route("GET", "/v1/country_specs/{country}", retrieve, with_expand({}), "country_spec"),
)
THINGS = (Thing("country_spec"),)
