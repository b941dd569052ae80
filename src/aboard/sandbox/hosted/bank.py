"""How a bank account is asked for, country by country."""

from aboard.sandbox.account import Account, BankAccount, DebitCard
from aboard.sandbox.hosted.questions import Field
from aboard.sandbox.hosted.steps import Group, Item
from aboard.sandbox.hosted.wording import ROUTING_NUMBERS
from aboard.sandbox.samples import bank_sample

ROUTING = "external_account.routing_number"
NUMBER = "external_account.account_number"


def bank_items(country: str) -> list[Item]:
    """Return the questions for a bank account of this country."""
    sample = bank_sample(country)
    items = []
    if sample.routing_number:
        name = ROUTING_NUMBERS.get(country, "Transit or routing number")
        items.append(_item(ROUTING, name, sample.routing_number))
    name = "Account number" if sample.routing_number else "IBAN or account number"
    items.append(_item(NUMBER, name, sample.account_number))
    return items


def _item(path: str, label: str, sample: str) -> Item:
    is_number = sample.isdigit()
    asked = Field(label, inputmode="numeric" if is_number else "", width="m", is_secret=True)
    return Item(path, asked, help=f"Test number: {sample}")


def bank_groups(account: Account, items: list[Item]) -> list[Group]:
    """Return the page's groups: the questions, and what is there already as its help."""
    known = "; ".join(bank_lines(account))
    hint = f"On file: {known}. Fill in to replace it." if known else ""
    return [Group(f"Bank account in {account.currency.upper()}", hint, items=items)]


def bank_lines(account: Account) -> list[str]:
    """Describe the bank accounts and debit cards that were given, by their last four digits."""
    return [_line(each) for each in account.external_accounts]


def _line(each: BankAccount | DebitCard) -> str:
    place = f"{each.country}, {each.currency.upper()}"
    if isinstance(each, DebitCard):
        return f"{each.brand} debit card •••• {each.number[-4:]}, {place}"
    fails = " (payouts fail)" if each.status == "errored" else ""
    return f"•••• {each.number[-4:]}, {place}{fails}"
