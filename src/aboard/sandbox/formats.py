"""How do numbers and places look in each country? Patterns, and the states that there are.

Source: Stripe's documentation, "Address validation" (the states of the US, Canada and Australia);
the countries' own rules for postal codes and numbers. Test numbers pass everywhere.
"""

import re
from functools import cache

_POSTAL_CODES = {
    "AT": "[1-9][0-9]{3}",
    "AU": "[0-9]{4}",
    "BE": "[1-9][0-9]{3}",
    "CA": "[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]",
    "CH": "[1-9][0-9]{3}",
    "DE": "[0-9]{5}",
    "DK": "[0-9]{4}",
    "ES": "[0-9]{5}",
    "FI": "[0-9]{5}",
    "FR": "[0-9]{5}",
    "GB": "[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}",
    "IE": "[A-Z][0-9][0-9W] ?[0-9A-Z]{4}",
    "IT": "[0-9]{5}",
    "JP": "[0-9０-９]{3}[-ー－]?[0-9０-９]{4}",  # noqa: RUF001 - as the Japanese write them
    "NL": "[1-9][0-9]{3} ?[A-Z]{2}",
    "NO": "[0-9]{4}",
    "PL": "[0-9]{2}-?[0-9]{3}",
    "PT": "[0-9]{4}-[0-9]{3}",
    "SE": "[0-9]{3} ?[0-9]{2}",
    "US": "[0-9]{5}(-[0-9]{4})?",
}
_TEST_NUMBERS = "0{8,9}1?|1{8}[12]|2{9}|22222[12][0-9]{3}"
_TAX_IDS = {
    "AU": "[0-9]{9}|[0-9]{11}",
    "CA": "[0-9]{9}(R[A-Z][0-9]{4})?",
    "DE": "(HR[AB]|VR|GNR|PR)?[0-9]{1,8}[A-Z]{0,3}|DE[0-9]{9}",
    "ES": "[A-Z0-9][0-9]{7}[A-Z0-9]",
    "FR": "[0-9]{9}([0-9]{5})?|W[0-9]{9}",
    "GB": "[A-Z0-9]{2}[0-9]{6}|[0-9]{7,9}|[0-9]{10}",
    "IE": "[0-9]{5,7}|[0-9]{7}[A-Z]{1,2}",
    "IT": "[0-9]{11}|[A-Z0-9]{16}",
    "JP": "[0-9]{12,13}",
    "NL": "[0-9]{8,9}",
    "PT": "[0-9]{9}",
    "US": "[0-9]{9}",
}
_ID_NUMBERS = {
    "AU": "[0-9]{8,9}",
    "CA": "[0-9]{9}",
    "US": "[0-9]{9}",
}
_STAND_IN = "(pii|tok)_[A-Za-z0-9_]+"

_STATES = {
    "AU": "ACT NSW NT QLD SA TAS VIC WA",
    "CA": "AB BC MB NB NL NS NT NU ON PE QC SK YT",
    "US": (
        "AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS"
        " MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY"
    ),
}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _fits(patterns: dict[str, str], country: str, text: str, also: str = "") -> bool:
    pattern = patterns.get(country)
    if pattern is None:
        return True
    return _compiled(f"{pattern}|{also}" if also else pattern).fullmatch(text) is not None


def is_postal_code(country: str, text: str) -> bool:
    """Say whether a text can be a postal code there; where nothing is known, anything can."""
    return _fits(_POSTAL_CODES, country, text)


def is_tax_id(country: str, text: str) -> bool:
    """Say whether a text, without blanks and dashes, can be an organization's tax id there."""
    return _fits(_TAX_IDS, country, text, _TEST_NUMBERS)


def is_id_number(country: str, text: str) -> bool:
    """Say whether a text can be a person's number there, or a token that stands for one."""
    return _fits(_ID_NUMBERS, country, text, f"{_TEST_NUMBERS}|{_STAND_IN}")


@cache
def _states(country: str) -> frozenset[str]:
    return frozenset(_STATES[country].split())


def is_state(country: str, text: str) -> bool:
    """Say whether there is such a state, by its letters; where nothing is known, there is."""
    return country not in _STATES or text.upper() in _states(country)
