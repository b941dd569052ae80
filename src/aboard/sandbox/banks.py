"""Where do payouts go? Are the numbers numbers, and which bank account or card is the default.

Source: Stripe's API reference, "External bank accounts"; connect testing, "Account numbers".
"""

import re
from collections.abc import Iterable
from hashlib import blake2b

from aboard.sandbox.account import Account, BankAccount, DebitCard, ExternalAccount
from aboard.sandbox.emit import emit
from aboard.sandbox.fields import FieldError
from aboard.sandbox.magic import BANK_FAILURES
from aboard.sandbox.transitions import changing
from aboard.sandbox.views.v1 import external_account_view
from aboard.sandbox.world import World

NUMBER = "external_account.account_number"
ROUTING = "external_account.routing_number"
_ROUTED = {
    "US": (9, r"[0-9]{4,17}"),
    "GB": (6, r"[0-9]{8}"),
    "AU": (6, r"[0-9]{5,9}"),
    "CA": (8, r"[0-9]{5,12}"),
    "JP": (7, r"[0-9]{6,8}"),
}
_IBAN_LENGTHS = {"DE": 22, "ES": 24, "FR": 27, "IE": 22, "IT": 27, "NL": 18, "PT": 25}
"""Countries where a bank account is an IBAN of its own and nothing else."""
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_OTHER = re.compile(r"[A-Z0-9]{4,34}")
_CHECK = (3, 7, 1)


def plain(text: str | None) -> str:
    """Return a number without the blanks and dashes that people write."""
    return re.sub(r"[\s-]", "", text or "").upper()


def routing_of(number: str) -> str | None:
    """Return the routing part of an IBAN, or nothing."""
    number = plain(number)
    return number[4:12] if _IBAN.fullmatch(number) else None


def _is_routing_number(country: str, text: str, length: int) -> bool:
    if not (text.isascii() and text.isdigit() and len(text) == length):
        return False
    if country != "US":
        return True
    total = sum(int(digit) * _CHECK[place % 3] for place, digit in enumerate(text))
    return total % 10 == 0


def _is_iban(text: str) -> bool:
    if not _IBAN.fullmatch(text):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def check_numbers(
    country: str, routing_number: str | None, account_number: str
) -> tuple[FieldError, ...]:
    """Say what is wrong with the numbers of a bank account in that country."""
    number, routing = plain(account_number), plain(routing_number)
    if not number:
        return (FieldError(NUMBER, "information_missing", "This is required."),)
    errors = []
    rule = _ROUTED.get(country)
    if rule is not None and not (country == "GB" and _is_iban(number)):
        length, pattern = rule
        if not routing:
            errors.append(FieldError(ROUTING, "information_missing", "This is required."))
        elif len(routing) != length:
            words = f"Routing number must have {length} digits"
            errors.append(FieldError(ROUTING, "invalid_value_other", words))
        elif not _is_routing_number(country, routing, length):
            errors.append(
                FieldError(ROUTING, "invalid_value_other", "This is not a routing number.")
            )
        is_number = re.fullmatch(pattern, number) is not None
    elif country in _IBAN_LENGTHS:
        is_own = number.startswith(country) and len(number) == _IBAN_LENGTHS[country]
        is_number = is_own and _is_iban(number)
    else:
        is_number = _is_iban(number) if number[:2].isalpha() else bool(_OTHER.fullmatch(number))
    if not is_number and number not in BANK_FAILURES.get(country, ()):
        errors.append(FieldError(NUMBER, "invalid_value_other", "This is not an account number."))
    return tuple(errors)


def fingerprint(world: World, *numbers: str | None) -> str:
    """Return what tells that two numbers are the same, within one world, and nothing else of them.

    Numbers can be guessed one by one, so it is made with a secret of the world.
    """
    secret = blake2b(world.seal.encode(), digest_size=32, person=b"fingerprint").digest()
    text = "\0".join(number or "" for number in numbers)
    return blake2b(text.encode(), digest_size=8, key=secret).hexdigest()


def make(
    world: World,
    *,
    country: str,
    currency: str,
    account_number: str,
    routing_number: str | None,
    holder_name: str | None = None,
    holder_type: str | None = None,
) -> BankAccount:
    """Return a new bank account out of checked numbers; it belongs to nobody yet."""
    number = plain(account_number)
    routing = plain(routing_number) or routing_of(account_number)
    return BankAccount(
        id=world.ids.new("ba"),
        created=world.now(),
        country=country,
        currency=currency,
        routing_number=routing,
        number=number,
        holder_name=holder_name,
        holder_type=holder_type,
        fingerprint=fingerprint(world, country, routing, number),
    )


def defaults(account: Account, currency: str) -> list[ExternalAccount]:
    """Return the account's default for a currency: one, or none."""
    return [
        each for each in account.external_accounts if each.currency == currency and each.is_default
    ]


def add(account: Account, thing: ExternalAccount, *, as_default: bool) -> None:
    """Put another bank account or card beside the others; the first of a currency is its default.

    Call it within `changing`, and `tell` afterwards.
    """
    others = defaults(account, thing.currency)
    thing.place = 1 + max((each.place for each in account.external_accounts), default=0)
    thing.is_default = as_default or not others
    if thing.is_default:
        for other in others:
            other.is_default = False
    if isinstance(thing, DebitCard):
        account.cards = [*account.cards, thing]
    else:
        account.banks = [*account.banks, thing]


def remove(account: Account, thing: ExternalAccount) -> None:
    """Take a bank account or card away. Call it within `changing`."""
    account.banks = [each for each in account.banks if each is not thing]
    account.cards = [each for each in account.cards if each is not thing]


def place(account: Account, thing: ExternalAccount) -> list[ExternalAccount]:
    """Put a bank account or card in the place of its currency's default; return what it replaced.

    Call it within `changing`, and `tell` afterwards.
    """
    replaced = defaults(account, thing.currency)
    for old in replaced:
        remove(account, old)
    add(account, thing, as_default=True)
    return replaced


def tell(
    world: World,
    account: Account,
    thing: ExternalAccount,
    replaced: Iterable[ExternalAccount] = (),
) -> None:
    """Emit the events of a bank account or card that was added."""
    for old in replaced:
        gone = {**external_account_view.render(account, old), "default_for_currency": False}
        emit(world, "account.external_account.deleted", gone, account=account)
    shown = external_account_view.render(account, thing)
    emit(world, "account.external_account.created", shown, account=account)


def attach(world: World, account: Account, thing: ExternalAccount) -> None:
    """Place a bank account or card, and tell it."""
    with changing(world, account):
        replaced = place(account, thing)
    tell(world, account, thing, replaced)
