"""What is asked in which country, of whom? The lists themselves, each written once.

Keys of people stand without their prefix, and so do those of an organization's `company`.

Source: Stripe's country specifications, "Required verification information" and fresh accounts
of version 2025-03-31; what was chosen without a source is listed in LIMITS.md.
"""

from msgspec import Struct

Keys = tuple[str, ...]

DOB: Keys = ("dob.day", "dob.month", "dob.year")
_NAMES: Keys = ("email", "first_name", "last_name")
_PLACE: Keys = ("address.city", "address.line1", "address.postal_code")
_STATE: Keys = ("address.state",)
_PROFILE: Keys = ("business_profile.mcc", "business_profile.url")
_TITLE: Keys = ("relationship.title",)
_SHARE: Keys = ("relationship.percent_ownership",)


class Rules(Struct, frozen=True):
    """What accounts owe by who they are, in countries that ask for the same."""

    unknown: Keys
    """Of the representative, before the business type is known."""
    individual: Keys
    company: Keys
    representative: Keys
    profile: Keys = _PROFILE
    individual_later: Keys = ()
    representative_later: Keys = ()
    owner: Keys = ()
    """Of each owner; empty: owners are not asked for. Directors and executives likewise."""
    director: Keys = ()
    executive: Keys = ()
    has_descriptor: bool = False
    names_alternatives: bool = False
    """Whether `requirements.alternatives` says what can stand in for the website."""
    share_of_partners: bool = False
    """Partnerships name no directors, and their owners say how much is theirs."""


def _like_europe(place: Keys, *, identity: Keys = ()) -> Rules:
    person = (*place, *DOB, *_NAMES, "phone")
    insider = (*place, *DOB, *_NAMES)
    return Rules(
        unknown=person,
        individual=person,
        individual_later=identity,
        company=(*place, "name", "phone", "tax_id"),
        representative=(*person, "relationship.executive", *_TITLE),
        owner=insider,
        director=(*DOB, *_NAMES, *_TITLE),
        executive=insider,
    )


def _united_states() -> Rules:
    place = (*_PLACE, *_STATE)
    person = (*place, *DOB, *_NAMES, "phone")
    return Rules(
        unknown=(*DOB, *_NAMES),
        individual=(*person, "ssn_last_4"),
        individual_later=("id_number",),
        company=(*place, "name", "phone", "tax_id"),
        representative=(*person, "ssn_last_4", *_TITLE),
        representative_later=("id_number",),
        owner=person,
        has_descriptor=True,
        names_alternatives=True,
    )


def _australia() -> Rules:
    place = (*_PLACE, *_STATE)
    base = _like_europe(place)
    return Rules(
        unknown=base.unknown,
        individual=base.individual,
        company=(*base.company, "registration_number"),
        representative=base.representative,
        owner=(*base.owner, *_SHARE, *_TITLE),
        director=base.director,
        executive=(*base.executive, *_TITLE),
    )


def _canada() -> Rules:
    base = _like_europe((*_PLACE, *_STATE))
    return Rules(
        unknown=base.unknown,
        individual=base.individual,
        individual_later=("id_number",),
        company=base.company,
        representative=base.representative,
        owner=base.owner,
        director=base.director,
        executive=base.executive,
        share_of_partners=True,
    )


def _japan() -> Rules:
    scripts = ("kana", "kanji")
    parts = ("city", "line1", "postal_code", "state", "town")
    place = tuple(f"address_{script}.{part}" for script in scripts for part in parts)
    names = tuple(f"{name}_{script}" for name in ("first_name", "last_name") for script in scripts)
    person = (*place, *DOB, *names, "email", "phone")
    return Rules(
        unknown=person,
        individual=person,
        company=(*place, "name", "name_kana", "name_kanji", "phone", "tax_id"),
        representative=(*person, *_TITLE),
        profile=(*_PROFILE, "business_profile.product_description"),
        director=(*DOB, *names),
    )


EUROPE = _like_europe(_PLACE)
RULES = {
    "AU": _australia(),
    "CA": _canada(),
    "IE": _like_europe(("address.city", "address.line1", *_STATE)),
    "JP": _japan(),
    "US": _united_states(),
}
"""Where more or less is asked than in Europe; every other country asks what Europe asks."""

CURRENCIES = {
    "eur": "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK",
    "gbp": "GB GI",
    "aed": "AE",
    "aud": "AU",
    "brl": "BR",
    "cad": "CA",
    "chf": "CH LI",
    "czk": "CZ",
    "dkk": "DK",
    "hkd": "HK",
    "huf": "HU",
    "inr": "IN",
    "jpy": "JP",
    "mxn": "MX",
    "myr": "MY",
    "nok": "NO",
    "nzd": "NZ",
    "pln": "PL",
    "ron": "RO",
    "sek": "SE",
    "sgd": "SG",
    "thb": "TH",
    "usd": "US",
}
DELAY_DAYS = {"AU": 2, "US": 2}
