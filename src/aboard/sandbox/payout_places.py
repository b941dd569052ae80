"""In which currencies, at banks of which countries, may an account be paid out?

Source: Stripe's documentation, "Supported currencies", "Payout availability by country".
"""

from functools import cache

from aboard.sandbox.catalogue import COUNTRIES

_AREA = (
    "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
)
EUROPE = tuple(_AREA.split())
"""One area for payouts: an account in one of them may have its bank in any other."""
_AREA_CURRENCIES = "aud cad chf czk dkk eur gbp hkd huf jpy nok nzd pln ron sek sgd usd zar"
_EUROPEAN = tuple(_AREA_CURRENCIES.split())
_BESIDE_THEIR_OWN = {"AU": ("nzd", "usd"), "CA": ("usd",), "HK": ("usd",), "SG": ("usd",)}
_US_BANKS_TOO = frozenset({"CA", *EUROPE})


@cache
def bank_places(country: str) -> dict[str, tuple[str, ...]]:
    """Return the countries whose banks an account of a country may use, by currency."""
    own = COUNTRIES[country].currency
    home = EUROPE if country in EUROPE else (country,)
    others = _EUROPEAN if country in EUROPE else _BESIDE_THEIR_OWN.get(country, ())
    places = dict.fromkeys(sorted({own, *others}), home)
    if country in _US_BANKS_TOO:
        places["usd"] = tuple(sorted({*home, "US"}))
    return places
