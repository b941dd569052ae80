"""What may be said of an external account? The parameters of bank accounts and debit cards.

Source: Stripe's API reference, "External accounts", API version 2026-10-28.
"""

from aboard.sandbox.call import with_expand
from aboard.sandbox.paging import PAGE
from aboard.sandbox.v1.person_params import TEXT, texts
from aboard.sandbox.wire.params import (
    Choice,
    Either,
    Flag,
    Hash,
    Integer,
    Items,
    Kind,
    Metadata,
    Text,
)

HOLDER_TYPES = ("company", "individual")
ACCOUNT_TYPES = ("checking", "futsu", "savings", "toza")
_ADDRESS = "address_city address_country address_line1 address_line2 address_state address_zip name"
GIVEN = Hash(
    {
        **texts(f"account_holder_name account_number country currency cvc number {_ADDRESS}"),
        **texts("routing_number token"),
        "object": Choice(("bank_account", "card"), is_required=True),
        "account_holder_type": Choice(HOLDER_TYPES),
        "account_type": Choice(ACCOUNT_TYPES),
        "default_for_currency": Flag(),
        "exp_month": Integer(),
        "exp_year": Integer(),
        "metadata": Metadata(),
    }
)
"""A bank account or card, said in full."""
EXTERNAL_ACCOUNT = Either(Text(), GIVEN)
CREATE = with_expand(
    {
        "default_for_currency": Flag(),
        "external_account": Either(Text(is_required=True), GIVEN, is_required=True),
        "metadata": Metadata(),
    }
)
LEGACY_CREATE = with_expand(
    {
        "bank_account": Either(TEXT, GIVEN),
        "default_for_currency": Flag(),
        "external_account": EXTERNAL_ACCOUNT,
        "metadata": Metadata(),
    }
)
OF_BANKS: dict[str, Kind] = {
    "account_holder_name": TEXT,
    "account_holder_type": Choice(HOLDER_TYPES, is_clearable=True),
    "account_type": Choice(ACCOUNT_TYPES),
    "documents": Hash(
        {"bank_account_ownership_verification": Hash({"files": Items(Text(is_required=True))})}
    ),
}
OF_CARDS: dict[str, Kind] = {**texts(_ADDRESS), "exp_month": TEXT, "exp_year": TEXT}
UPDATE = with_expand(
    {**OF_BANKS, **OF_CARDS, "default_for_currency": Flag(), "metadata": Metadata()}
)
LIST = with_expand({**PAGE, "object": Choice(("bank_account", "card"))})
NONE = with_expand({})
