"""What pays? The test cards: by token or by number, each with what happens when it is charged.

Source: Stripe's documentation, "Testing" (cards by brand and country, declined payments,
available balance) and "Testing Stripe Connect".
"""

from typing import Literal

from msgspec import Struct

Effect = Literal["next_requirements", "charge_block", "payout_block"]


class Card(Struct, frozen=True):
    """A card as a charge remembers it: never more of its number than the end."""

    id: str
    brand: str
    country: str
    funding: str
    last4: str
    exp_month: int
    exp_year: int
    name: str | None = None


class Refusal(Struct, frozen=True):
    """How a card says no."""

    code: str
    message: str
    decline_code: str | None = None


class Behaviour(Struct, frozen=True):
    """What a test card is, and what happens when it is charged."""

    brand: str = "visa"
    country: str = "US"
    funding: str = "credit"
    refusal: Refusal | None = None
    is_available_at_once: bool = False
    effect: Effect | None = None
    """What it does to the connected account that it pays."""


def _declined(decline_code: str, message: str = "Your card was declined.") -> Behaviour:
    return Behaviour(refusal=Refusal("card_declined", message, decline_code))


WRONG_NUMBER = Refusal("incorrect_number", "Your card number is incorrect.")
EXPIRED = Refusal("expired_card", "Your card has expired.", "expired_card")
CARDS: dict[str, Behaviour] = {
    "4242424242424242": Behaviour(),
    "4000056655665556": Behaviour(funding="debit"),
    "4000056655665572": Behaviour(funding="debit"),
    "4000056755665555": Behaviour(funding="debit"),
    "5555555555554444": Behaviour(brand="mastercard"),
    "5200828282828210": Behaviour(brand="mastercard", funding="debit"),
    "5105105105105100": Behaviour(brand="mastercard", funding="prepaid"),
    "378282246310005": Behaviour(brand="amex"),
    "6011111111111117": Behaviour(brand="discover"),
    "3056930009020004": Behaviour(brand="diners"),
    "3566002020360505": Behaviour(brand="jcb", country="JP"),
    "6200000000000005": Behaviour(brand="unionpay", country="CN"),
    "4000000360000006": Behaviour(country="AU"),
    "4000001240000000": Behaviour(country="CA"),
    "4000002500000003": Behaviour(country="FR"),
    "4000002760000016": Behaviour(country="DE"),
    "4000003720000005": Behaviour(country="IE"),
    "4000003800000008": Behaviour(country="IT"),
    "4000003920000003": Behaviour(country="JP"),
    "4000005280000002": Behaviour(country="NL"),
    "4000006200000007": Behaviour(country="PT"),
    "4000007240000007": Behaviour(country="ES"),
    "4000008260000000": Behaviour(country="GB"),
    "4000000000000077": Behaviour(is_available_at_once=True),
    "4000000000000002": _declined("generic_decline"),
    "4000000000009995": _declined("insufficient_funds", "Your card has insufficient funds."),
    "4000000000009987": _declined("lost_card"),
    "4000000000009979": _declined("stolen_card"),
    "4100000000000019": _declined("fraudulent"),
    "4000000000006975": _declined(
        "card_velocity_exceeded",
        "Your card was declined for making repeated attempts too frequently or exceeding its "
        "amount limit.",
    ),
    "4000000000000069": Behaviour(refusal=EXPIRED),
    "4000000000000127": Behaviour(
        refusal=Refusal("incorrect_cvc", "Your card's security code is incorrect.", "incorrect_cvc")
    ),
    "4000000000000119": Behaviour(
        refusal=Refusal(
            "processing_error",
            "An error occurred while processing your card. Try again in a little bit.",
            "processing_error",
        )
    ),
    "4242424242424241": Behaviour(refusal=WRONG_NUMBER),
    "4000000000004202": Behaviour(effect="next_requirements"),
    "4000000000004210": Behaviour(effect="charge_block"),
    "4000000000004236": Behaviour(effect="payout_block"),
}
TOKENS = {
    "tok_visa": "4242424242424242",
    "tok_visa_debit": "4000056655665556",
    "tok_mastercard": "5555555555554444",
    "tok_mastercard_debit": "5200828282828210",
    "tok_mastercard_prepaid": "5105105105105100",
    "tok_amex": "378282246310005",
    "tok_discover": "6011111111111117",
    "tok_diners": "3056930009020004",
    "tok_jcb": "3566002020360505",
    "tok_unionpay": "6200000000000005",
    "tok_us": "4242424242424242",
    "tok_au": "4000000360000006",
    "tok_ca": "4000001240000000",
    "tok_fr": "4000002500000003",
    "tok_de": "4000002760000016",
    "tok_ie": "4000003720000005",
    "tok_it": "4000003800000008",
    "tok_jp": "4000003920000003",
    "tok_nl": "4000005280000002",
    "tok_pt": "4000006200000007",
    "tok_es": "4000007240000007",
    "tok_gb": "4000008260000000",
    "tok_bypassPending": "4000000000000077",
    "tok_chargeDeclined": "4000000000000002",
    "tok_visa_chargeDeclined": "4000000000000002",
    "tok_chargeDeclinedInsufficientFunds": "4000000000009995",
    "tok_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "tok_visa_chargeDeclinedLostCard": "4000000000009987",
    "tok_visa_chargeDeclinedStolenCard": "4000000000009979",
    "tok_chargeDeclinedFraudulent": "4100000000000019",
    "tok_visa_chargeDeclinedFraudulent": "4100000000000019",
    "tok_visa_chargeDeclinedVelocityLimitExceeded": "4000000000006975",
    "tok_chargeDeclinedExpiredCard": "4000000000000069",
    "tok_visa_chargeDeclinedExpiredCard": "4000000000000069",
    "tok_chargeDeclinedIncorrectCvc": "4000000000000127",
    "tok_visa_chargeDeclinedIncorrectCvc": "4000000000000127",
    "tok_chargeDeclinedProcessingError": "4000000000000119",
    "tok_visa_chargeDeclinedProcessingError": "4000000000000119",
    "tok_visa_triggerNextRequirements": "4000000000004202",
    "tok_visa_triggerChargeBlock": "4000000000004210",
    "tok_visa_triggerPayoutBlock": "4000000000004236",
}


def is_card_number(number: str) -> bool:
    """Say whether a text is a card's number by its check digit."""
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):  # noqa: PLR2004 - ISO 7812
        return False
    digits = [int(digit) for digit in number[::-1]]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


def behaviour_of(number: str) -> Behaviour:
    """Return what a number does; one that is no card's is refused, an unknown one is a Visa."""
    found = CARDS.get(number)
    if found is None:
        found = Behaviour() if is_card_number(number) else Behaviour(refusal=WRONG_NUMBER)
    return found
