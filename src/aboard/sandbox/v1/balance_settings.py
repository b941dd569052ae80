"""Balance settings: when and how what is in the balance goes to the bank.

Source: Stripe's API reference, "Balance Settings", API version 2026-10-28.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from aboard.sandbox import transitions
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.changes import tell_change
from aboard.sandbox.currencies import CURRENCIES
from aboard.sandbox.settling import Rule, Settling
from aboard.sandbox.views.v1 import balance_settings_view
from aboard.sandbox.wire.errors import bad, missing, shown
from aboard.sandbox.wire.form import Raw
from aboard.sandbox.wire.params import Choice, Flag, Hash, Integer, Items, Kind, Text

_SCHEDULE = "settings.payouts.schedule"
_INTERVALS = ("daily", "manual", "monthly", "weekly")
_WEEKDAYS = ("friday", "monday", "thursday", "tuesday", "wednesday")
_MOST_DAYS = 31


class _Clearable(Struct, frozen=True):
    """Any kind, or the empty string to unset."""

    kind: Kind
    is_required: bool = False

    def read(self, raw: Raw, path: str) -> Any:  # noqa: ANN401 - whatever the kind reads
        """Return the value, or `None` to unset."""
        return None if raw == "" else self.kind.read(raw, path)


class _ByCurrency(Struct, frozen=True):
    """A hash by currency; the empty string unsets one, or all."""

    kind: Kind
    is_required: bool = False

    def read(self, raw: Raw, path: str) -> dict[str, Any] | None:
        """Return the values by currency, or `None` to unset all."""
        if raw == "":
            return None
        if not isinstance(raw, dict):
            raise bad("Invalid object", path)
        for currency in raw:
            if currency not in CURRENCIES:
                raise bad(f"Invalid currency: {shown(currency)}", f"{path}[{shown(currency)}]")
        kind = _Clearable(self.kind)
        return {currency: kind.read(each, f"{path}[{currency}]") for currency, each in raw.items()}


_RULE = Hash(
    {
        "payout_method": Text(is_required=True),
        "transfer_up_to_amount": Integer(low=1),
        "type": Choice(("transfer_all", "transfer_up_to_amount"), is_required=True),
    }
)
_START = Hash(
    {
        "hour": Integer(low=0, high=23),
        "minutes": Integer(low=0, high=59),
        "timezone": Text(is_clearable=False),
    }
)
UPDATE = with_expand(
    {
        "payments": Hash(
            {
                "debit_negative_balances": Flag(),
                "payouts": Hash(
                    {
                        "automatic_transfer_rules_by_currency": _ByCurrency(Items(_RULE)),
                        "minimum_balance_by_currency": _ByCurrency(Integer(low=0)),
                        "schedule": Hash(
                            {
                                "interval": Choice(_INTERVALS),
                                "monthly_payout_days": Items(Integer(low=1, high=_MOST_DAYS)),
                                "weekly_payout_days": Items(Choice(_WEEKDAYS)),
                            }
                        ),
                        "statement_descriptor": Text(longest=22),
                    }
                ),
                "settlement_timing": Hash(
                    {
                        "delay_days_override": _Clearable(Integer(low=0, high=_MOST_DAYS)),
                        "start_of_day": _Clearable(_START),
                    }
                ),
            }
        )
    }
)


def _account(call: Call) -> Account:
    return call.actor or call.world.platform


def _settling(call: Call) -> Settling:
    shelf = call.world.shelf(Settling, call.owner)
    found = shelf.get("settling")
    if found is None:
        found = Settling()
        shelf.add(found.id, found)
    return found


def retrieve(call: Call) -> dict[str, Any]:
    """Read the settings of the caller's own balance."""
    account = _account(call)
    return balance_settings_view.render(account, _settling(call), call.world.now())


def update(call: Call) -> dict[str, Any]:
    """Change them."""
    account, settling = _account(call), _settling(call)
    payments = call.params.get("payments") or {}
    payouts, timing = payments.get("payouts") or {}, payments.get("settlement_timing") or {}
    _check(account, settling, payouts.get("schedule") or {}, timing)
    before = balance_settings_view.render(account, settling, call.world.now())
    with transitions.changing(call.world, account):
        _write_account(account, payments, payouts)
    _write(settling, payouts, timing)
    after = balance_settings_view.render(account, settling, call.world.now())
    tell_change(call.world, "balance_settings.updated", before, after, account=call.actor)
    return after


def _check(
    account: Account, settling: Settling, schedule: Mapping[str, Any], timing: Mapping[str, Any]
) -> None:
    path = "payments[payouts][schedule]"
    interval = schedule.get("interval", account.given.get(f"{_SCHEDULE}.interval", "daily"))
    for needed, name, had in (
        ("monthly", "monthly_payout_days", settling.monthly_days),
        ("weekly", "weekly_payout_days", settling.weekly_days),
    ):
        if interval == needed and not schedule.get(name, had):
            raise missing(f"{path}[{name}]")
        if interval != needed and schedule.get(name):
            raise bad(f"You can only set {name} if the interval is {needed}.", f"{path}[{name}]")
    least, wanted = COUNTRIES[account.country].delay_days, timing.get("delay_days_override")
    if wanted is not None and wanted < least:
        raise bad(
            f"The payout delay cannot be shorter than {least} days.",
            "payments[settlement_timing][delay_days_override]",
        )


def _write_account(
    account: Account, payments: Mapping[str, Any], payouts: Mapping[str, Any]
) -> None:
    chosen = {
        "settings.payouts.debit_negative_balances": payments.get("debit_negative_balances"),
        f"{_SCHEDULE}.interval": (payouts.get("schedule") or {}).get("interval"),
    }
    account.given |= {path: value for path, value in chosen.items() if value is not None}
    if "statement_descriptor" in payouts:
        path = "settings.payouts.statement_descriptor"
        if payouts["statement_descriptor"] is None:
            account.given.pop(path, None)
        else:
            account.given[path] = payouts["statement_descriptor"]


def _write(settling: Settling, payouts: Mapping[str, Any], timing: Mapping[str, Any]) -> None:
    schedule = payouts.get("schedule") or {}
    interval = schedule.get("interval")
    if interval is not None:
        settling.monthly_days, settling.weekly_days = [], []
    settling.monthly_days = schedule.get("monthly_payout_days", settling.monthly_days)
    settling.weekly_days = schedule.get("weekly_payout_days", settling.weekly_days)
    if "minimum_balance_by_currency" in payouts:
        change = payouts["minimum_balance_by_currency"]
        merged = {} if change is None else {**settling.minimum_balances, **change}
        settling.minimum_balances = {key: each for key, each in merged.items() if each is not None}
    if "automatic_transfer_rules_by_currency" in payouts:
        change = payouts["automatic_transfer_rules_by_currency"]
        rules = {} if change is None else {**settling.rules, **_rules(change)}
        settling.rules = {currency: each for currency, each in rules.items() if each}
    settling.delay_days = timing.get("delay_days_override", settling.delay_days)
    if "start_of_day" in timing:
        start = timing["start_of_day"]
        settling.day_starts = None
        if start is not None:
            zone = start.get("timezone", "Etc/UTC")
            settling.day_starts = (start.get("hour", 0), start.get("minutes", 0), zone)


def _rules(change: Mapping[str, Any]) -> dict[str, list[Rule]]:
    return {
        currency: [
            Rule(each["payout_method"], each["type"], each.get("transfer_up_to_amount"))
            for each in rules or ()
        ]
        for currency, rules in change.items()
    }


ROUTES = (
    Route("GET", "/v1/balance_settings", retrieve, with_expand({})),
    Route("POST", "/v1/balance_settings", update, UPDATE),
)
THINGS: tuple[Thing, ...] = ()
