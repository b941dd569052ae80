"""What may be said of a person? The parameters of persons, and of the individual of an account.

Source: Stripe's API reference, "Persons" and "Accounts", API version 2026-10-28.
"""

from aboard.sandbox.call import with_expand
from aboard.sandbox.paging import PAGE
from aboard.sandbox.wire.params import (
    Choice,
    Decimal,
    Email,
    Flag,
    Hash,
    Integer,
    Items,
    Kind,
    Metadata,
    Text,
)

TEXT = Text()


def texts(names: str) -> dict[str, Kind]:
    """Return text for each name, written with blanks between them."""
    return dict.fromkeys(names.split(), TEXT)


TERMS = Hash({"date": Integer(low=0), "ip": TEXT, "user_agent": TEXT})
FILES = Hash({"files": Items(TEXT)})
TWO_SIDES = Hash({"back": TEXT, "front": TEXT})
ADDRESS = Hash(texts("city country line1 line2 postal_code state"))
ADDRESS_TOWN = Hash(texts("city country line1 line2 postal_code state town"))
_DAY: dict[str, Kind] = {
    "day": Integer(is_required=True, low=1, high=31),
    "month": Integer(is_required=True, low=1, high=12),
    "year": Integer(is_required=True, low=1, high=9999),
}
DATE = Hash(_DAY, is_clearable=True)

_COMMON: dict[str, Kind] = {
    **texts(
        "first_name first_name_kana first_name_kanji gender id_number id_number_secondary "
        "last_name last_name_kana last_name_kanji maiden_name phone ssn_last_4"
    ),
    "address": ADDRESS,
    "address_kana": ADDRESS_TOWN,
    "address_kanji": ADDRESS_TOWN,
    "dob": DATE,
    "email": Email(),
    "full_name_aliases": Items(TEXT, is_clearable=True),
    "metadata": Metadata(),
    "political_exposure": Choice(("existing", "none")),
    "registered_address": ADDRESS,
    "verification": Hash({"additional_document": TWO_SIDES, "document": TWO_SIDES}),
}
_ROLES: dict[str, Kind] = {
    "director": Flag(),
    "executive": Flag(),
    "owner": Flag(),
    "percent_ownership": Decimal(),
    "title": TEXT,
}
INDIVIDUAL = Hash({**_COMMON, "relationship": Hash(_ROLES)})

_ETHNICITIES = (
    "cuban",
    "hispanic_or_latino",
    "mexican",
    "not_hispanic_or_latino",
    "other_hispanic_or_latino",
    "prefer_not_to_answer",
    "puerto_rican",
)
_RACES = (
    "african_american",
    "american_indian_or_alaska_native",
    "asian",
    "asian_indian",
    "black_or_african_american",
    "chinese",
    "ethiopian",
    "filipino",
    "guamanian_or_chamorro",
    "haitian",
    "jamaican",
    "japanese",
    "korean",
    "native_hawaiian",
    "native_hawaiian_or_other_pacific_islander",
    "nigerian",
    "other_asian",
    "other_black_or_african_american",
    "other_pacific_islander",
    "prefer_not_to_answer",
    "samoan",
    "somali",
    "vietnamese",
    "white",
)
_EQUALITY = Hash(
    {
        "ethnicity_details": Hash(
            {"ethnicity": Items(Choice(_ETHNICITIES)), "ethnicity_other": TEXT}
        ),
        "race_details": Hash({"race": Items(Choice(_RACES)), "race_other": TEXT}),
        "self_identified_gender": TEXT,
    }
)
PERSON: dict[str, Kind] = {
    **_COMMON,
    "additional_tos_acceptances": Hash({"account": TERMS}),
    "documents": Hash(dict.fromkeys(("company_authorization", "passport", "visa"), FILES)),
    "nationality": TEXT,
    "relationship": Hash(
        {**_ROLES, "authorizer": Flag(), "legal_guardian": Flag(), "representative": Flag()}
    ),
    "us_cfpb_data": _EQUALITY,
}
"""What a person and a person token may hold."""

WRITE = with_expand({**PERSON, "person_token": TEXT})
ROLES = ("authorizer", "director", "executive", "legal_guardian", "owner", "representative")
LIST = with_expand({**PAGE, "relationship": Hash(dict.fromkeys(ROLES, Flag()))})
